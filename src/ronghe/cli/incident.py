"""`ronghe incident`: accidents — reported, told to each level, changed figures, closed, withdrawn."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.incidents.models import Accident
    from ronghe.domain.incidents.services.reporting import Figures
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as gongren incident report 管沟塌方 --at "2026-09-14 07:10" --area 1 --injured 1
  ronghe --as anquan incident tell 3 county --way "电话，值班室"
  ronghe --as anquan incident figures 3 --deaths 0 --injured 2
  ronghe --as anquan incident close 3 --result "支护不足，已补"

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
_deaths = click.option("--deaths", type=click.IntRange(0), default=0, help="死亡人数")
_injured = click.option("--injured", type=click.IntRange(0), default=0, help="重伤人数")
_yuan = click.option("--yuan", default="0", help="直接经济损失，元")


@click.group("incident", epilog=EPILOG, short_help=_("事故事件：报告、上报、补报、结案"))
def incident() -> None:
    """谁在现场谁立即报；要报给谁、最晚几点，平台按等级算。"""


@incident.command("list", short_help=_("列出事故事件"))
@click.option("--kind", type=click.Choice(["accident", "pollution", "event"]), help="只看这一类")
@click.option("--search", default="", help="事项、位置、区域里的字")
@click.option("--open", "open_", is_flag=True, help="只看处理中的")
@click.option("--late", is_flag=True, help="只看有超时的")
@JSON
def list_(kind: str | None, search: str, open_: bool, late: bool, as_json: bool) -> None:
    """列出您能看到的事故事件，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.incidents.selectors import accidents_filtered, list_accidents

    rows = accidents_filtered(now, words=search, kind=kind or "", open_=open_, late=late)
    found = list_accidents(actor, now, rows, size=500)
    lines = [f"{one.pk:>6}  {one.get_kind_display()}  {one.grade}  {one.place}  {one.title}" for one in found]
    lines.append(_("共 %(count)s 起。") % {"count": found.count})
    tell([_row(one) for one in found], "\n".join(lines), as_json=as_json)


@incident.command("show", short_help=_("看一起事故"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的事故：要报给谁、最晚几点、报了没有。"""
    actor, now = acting_now()
    found = _seen(actor, number, now)
    tell(_whole(found, now), _lines(found, now), as_json=as_json)


@incident.command("report", short_help=_("报告事故"))
@click.argument("title")
@click.option("--at", "happened", required=True, help="什么时候发生")
@click.option("--known", help="什么时候知道的；不写就是现在")
@click.option("--kind", type=click.Choice(["accident", "pollution", "event"]), default="accident", help="类别")
@click.option("--area", type=int, help="区域编号")
@click.option("--body", help="没有区域时：报到哪个组织，名称或编号")
@click.option("--project", type=int, help="项目编号")
@click.option("--place", default="", help="具体位置")
@click.option("--text", default="", help="经过，写事不写人")
@click.option("--class-code", default="", help="事故类别编码，如 WSA10001")
@click.option("--harm-code", default="", help="伤害程度编码，如 WSA20001")
@_deaths
@_injured
@_yuan
@JSON
def report(title: str, as_json: bool, **typed: Any) -> None:
    """报告事故 TITLE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called, moment_said, row_called
    from ronghe.domain.incidents.selectors import bodies_to_report_to
    from ronghe.domain.incidents.services.reporting import AccidentText, report_accident
    from ronghe.domain.projects.selectors import projects_seen_by
    from ronghe.domain.risks.selectors import areas_seen_by

    text = AccidentText(
        title, moment_said(typed["happened"]), typed["kind"], moment_said(typed["known"]) if typed["known"] else None,
        row_called(typed["area"], areas_seen_by(actor, now)) if typed["area"] is not None else None,
        body_called(typed["body"], bodies_to_report_to(actor, now)) if typed["body"] else None, None,
        row_called(typed["project"], projects_seen_by(actor, now)) if typed["project"] is not None else None,
        typed["place"], typed["text"], typed["class_code"], typed["harm_code"],
        _figures(typed["deaths"], typed["injured"], typed["yuan"]),
    )  # fmt: skip
    made = report_accident(text=text, actor=actor, at=now)
    tell(_whole(made, now), _lines(made, now), as_json=as_json)


@incident.command("tell", short_help=_("记报告时间"))
@NUMBER
@click.argument("line")
@click.option("--at", "told", help="什么时候报的；不写就是现在")
@click.option("--way", default="", help="怎么报的、谁接的")
@JSON
def tell_(number: int, line: str, told: str | None, way: str, as_json: bool) -> None:
    """记下编号 NUMBER 的事故已报给 LINE（如 county）。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.incidents.services.reporting import tell_level
    from ronghe.kernel.errors import NotFound

    found = _seen(actor, number, now)
    notice = found.notices.select_related("accident__body").filter(line=line).first()
    if notice is None:
        raise NotFound
    tell_level(notice=notice, actor=actor, at=now, told_at=moment_said(told) if told else None, way=way)
    tell(_whole(found, now), _lines(found, now), as_json=as_json)


@incident.command("figures", short_help=_("补报伤亡"))
@NUMBER
@_deaths
@_injured
@_yuan
@click.option("--note", default="", help="说明")
@JSON
def figures(number: int, deaths: int, injured: int, yuan: str, note: str, as_json: bool) -> None:
    """补报编号 NUMBER 的事故的伤亡和损失。"""
    actor, now = acting_now()
    from ronghe.domain.incidents.services.reporting import add_figures

    found = _seen(actor, number, now)
    made = add_figures(accident=found, figures=_figures(deaths, injured, yuan), note=note, actor=actor, at=now)
    tell(_whole(made, now), _("已补报。"), as_json=as_json)


@incident.command("close", short_help=_("结案"))
@NUMBER
@click.option("--result", required=True, help="调查结论和整改要求")
@JSON
def close(number: int, result: str, as_json: bool) -> None:
    """编号 NUMBER 的事故结案。"""
    actor, now = acting_now()
    from ronghe.domain.incidents.services.reporting import close_accident

    made = close_accident(accident=_seen(actor, number, now), result=result, actor=actor, at=now)
    tell(_whole(made, now), _("已结案。"), as_json=as_json)


@incident.command("withdraw", short_help=_("撤销"))
@NUMBER
@click.option("--reason", required=True, help="为什么撤销")
@JSON
def withdraw(number: int, reason: str, as_json: bool) -> None:
    """撤销编号 NUMBER 的报告；报告的人自己不能撤销。"""
    actor, now = acting_now()
    from ronghe.domain.incidents.services.reporting import withdraw_accident

    made = withdraw_accident(accident=_seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell(_whole(made, now), _("已撤销，不再计入，记录留着。"), as_json=as_json)


def _seen(actor: Person, number: int, now: datetime) -> Accident:
    from ronghe.cli.finding import row_called
    from ronghe.domain.incidents.selectors import accidents_seen_by

    return row_called(number, accidents_seen_by(actor, now))


def _figures(deaths: int, injured: int, yuan: str) -> Figures:
    from ronghe.domain.incidents.services.reporting import Figures, FiguresWrong

    try:
        loss = Decimal(yuan)
    except InvalidOperation as error:
        raise FiguresWrong from error
    if not loss.is_finite():
        raise FiguresWrong
    return Figures(deaths, injured, loss)


def _row(one: Accident) -> dict[str, Any]:
    return {
        "id": one.pk, "title": one.title, "kind": one.kind, "grade": one.grade, "happened_at": one.happened_at,
        "place": one.place, "body": one.body.name, "deaths": one.deaths, "injured": one.injured, "yuan": one.yuan,
        "is_closed": one.closed_at is not None, "is_withdrawn": one.withdrawn_at is not None,
    }  # fmt: skip


def _whole(one: Accident, now: datetime) -> dict[str, Any]:
    from ronghe.domain.incidents.selectors import figures_of, notices_of

    notices = [
        {
            "line": row.line,
            "title": row.title,
            "due_at": row.due_at,
            "told_at": row.told_at,
            "is_late": row.is_late(now),
        }
        for row in notices_of(one)
    ]
    told = [{"deaths": row.deaths, "injured": row.injured, "yuan": row.yuan, "at": row.at} for row in figures_of(one)]
    return {**_row(one), "notices": notices, "figures": told}


def _lines(one: Accident, now: datetime) -> str:
    from django.utils import timezone

    from ronghe.domain.incidents.selectors import notices_of

    lines = [f"#{one.pk}  {one.title}  {one.grade}"]
    for row in notices_of(one):
        due = f"{timezone.localtime(row.due_at):%m-%d %H:%M}" if row.due_at is not None else _("立即")
        told = f"{timezone.localtime(row.told_at):%m-%d %H:%M}" if row.told_at is not None else "—"
        late = _("超时") if row.is_late(now) else ""
        lines.append(f"  {row.line}  {row.title}  {due}  {told}  {late}".rstrip())
    return "\n".join(lines)
