"""`ronghe hearing`: secretaries report, others score."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.hearings.models import Hearing, HearingReporter
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun hearing plan --body 3 --chair 陶建业 --from "2026-12-20 09:00" --until "2026-12-20 12:00" --place 二楼会议室
  ronghe --as dangqun hearing evaluators 2 employees 王海 李明 张强 --weight 20
  ronghe --as shuji hearing report 5 --text 一年来抓了三件事
  ronghe --as dangqun hearing open 2
  ronghe --as dangqun hearing count 2
  ronghe --as jijian hearing show 2 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_reason = click.option("--reason", required=True, help="原因")


@click.group(epilog=EPILOG, short_help=_("述职评议"))
def hearing() -> None:
    """述职评议：书记述职，分组无记名测评，定四档。"""


@hearing.command("list", short_help=_("列出述职评议"))
@click.option("--page", default=1, show_default=True)
@_json
def list_(page: int, as_json: bool) -> None:
    """列出您能看到的述职评议，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.selectors import list_hearings

    listed = list_hearings(actor, timezone.now(), page=page)
    if as_json:
        rows = [_hearing(row) for row in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        click.echo(f"{row.pk:>6}  {row.year}  {row.title}  {row.chair.name}  {row.get_state_display()}")


@hearing.command("plan", short_help=_("安排述职评议"))
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--title", default="", help="名称，不写按年度起")
@click.option("--year", type=int, help="哪一年，不写为今年")
@click.option("--chair", required=True, metavar="WHO", help="谁主持：姓名或员工号")
@click.option("--from", "begins", required=True, help="何时开，如 2026-12-20 09:00")
@click.option("--until", "ends", required=True, help="何时结束")
@click.option("--place", required=True, help="在哪里开")
@click.option("--reports-due", type=click.DateTime(["%Y-%m-%d"]), help="报告交到哪一天，不写为开会前一天")
@_json
def plan(
    body: str, title: str, year: int | None, chair: str, begins: str, ends: str, place: str,
    reports_due: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """安排一场述职评议；述职人、测评人、权重按任职列好。"""
    actor = acting_person()
    from datetime import timedelta

    from django.utils import timezone

    from ronghe.domain.hearings.selectors import bodies_to_plan_for, chairs_for
    from ronghe.domain.hearings.services.planning import HearingText, plan_hearing

    now = timezone.now()
    held_by = body_called(body, bodies_to_plan_for(actor, now))
    starts_at = moment_said(begins)
    chosen = year or timezone.localdate(now).year
    text = HearingText(
        title or _("%(year)s 年度党组织书记抓基层党建述职评议会") % {"year": chosen}, chosen,
        person_called(chair, chairs_for(held_by, timezone.localdate(now))), starts_at, moment_said(ends), place,
        reports_due.date() if reports_due else timezone.localdate(starts_at) - timedelta(days=1),
    )  # fmt: skip
    made = plan_hearing(body=held_by, text=text, actor=actor, at=now)
    _tell(made, _("已安排，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@hearing.command("show", short_help=_("看述职人和结果"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一场述职评议：谁述职、报告、得分、等次。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.selectors import reporters_of

    found = _seen(actor, number)
    views = reporters_of(found, actor, timezone.now())
    rows = [
        {"id": view.reporter.pk, "person": view.reporter.person.name, "body": view.reporter.body.name,
         "handed_in": view.reporter.version > 0,
         "score": str(view.result.score) if view.result is not None and view.result.score is not None else None,
         "grade": view.grade.title if view.grade is not None else None, "rank": view.rank}
        for view in views
    ]  # fmt: skip
    if as_json:
        _print(_hearing(found) | {"reporters": rows})
        return
    click.echo(f"{found.title}  {found.get_state_display()}")
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['person']}  {row['body']}  {row['score'] or '—'}  {row['grade'] or '—'}")


@hearing.command("evaluators", short_help=_("定测评人"))
@_number
@click.argument("group", type=click.Choice(["leaders", "peers", "members", "employees"]))
@click.argument("people", nargs=-1)
@click.option("--weight", type=click.FloatRange(0, 100), help="权重（%），不写不改")
@_json
def evaluators(number: int, group: str, people: tuple[str, ...], weight: float | None, as_json: bool) -> None:
    """定 GROUP 组的测评人 PEOPLE（姓名或员工号）；不写人就清空这一组。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.models import EvaluatorGroup
    from ronghe.domain.hearings.selectors import people_below
    from ronghe.domain.hearings.services.planning import set_evaluators

    now = timezone.now()
    found = _seen(actor, number)
    row = EvaluatorGroup.objects.select_related("hearing__body").get(hearing=found, kind=group)
    offered = people_below(found.body, timezone.localdate(now))
    set_evaluators(
        group=row, people=[person_called(who, offered) for who in people],
        weight=row.weight if weight is None else Decimal(str(weight)).quantize(Decimal("0.01")), actor=actor, at=now,
    )  # fmt: skip
    _tell(found, _("测评人已定。"), as_json=as_json)


@hearing.command("reporters", short_help=_("定述职人"))
@_number
@click.argument("people", nargs=-1, required=True)
@_json
def reporters(number: int, people: tuple[str, ...], as_json: bool) -> None:
    """定谁述职：PEOPLE 写全部述职人的姓名或员工号，新列入的排在后面。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.hearings.selectors import people_below
    from ronghe.domain.hearings.services.planning import set_reporters

    found = _seen(actor, number)
    offered = people_below(found.body, timezone.localdate(now))
    set_reporters(hearing=found, people=[person_called(who, offered) for who in people], actor=actor, at=now)
    _tell(found, _("述职人已定。"), as_json=as_json)


@hearing.command("arrange", short_help=_("安排会议"))
@_number
@_json
def arrange(number: int, as_json: bool) -> None:
    """把一场述职评议安排成会议，到时签到、记录。"""
    actor, now = acting_now()
    from ronghe.domain.hearings.services.planning import arrange_meeting

    _tell(arrange_meeting(hearing=_seen(actor, number), actor=actor, at=now), _("会议已安排。"), as_json=as_json)


@hearing.command("call-off", short_help=_("取消述职评议"))
@_number
@_reason
@_json
def call_off(number: int, reason: str, as_json: bool) -> None:
    """取消一场还没有测评的述职评议，会议一并取消。"""
    actor, now = acting_now()
    from ronghe.domain.hearings.services.planning import call_off_hearing

    made = call_off_hearing(hearing=_seen(actor, number), reason=reason, actor=actor, at=now)
    _tell(made, _("已取消。"), as_json=as_json)


@hearing.command("stop", short_help=_("作废测评"))
@_number
@_reason
@_json
def stop(number: int, reason: str, as_json: bool) -> None:
    """作废已经做的测评，改好名单后重来；只有发起测评的人可以。"""
    actor, now = acting_now()
    from ronghe.domain.hearings.services.marking import stop_marking

    made = stop_marking(hearing=_seen(actor, number), reason=reason, actor=actor, at=now)
    _tell(made, _("测评已作废，可以改名单后重来。"), as_json=as_json)


@hearing.command("open", short_help=_("开始测评"))
@_number
@_json
def open_(number: int, as_json: bool) -> None:
    """开始一场述职评议的无记名测评。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.marking import open_marking

    made = open_marking(hearing=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("测评已开始，名单里的人在今日看得到。"), as_json=as_json)


@hearing.command("count", short_help=_("结束测评并计分"))
@_number
@_json
def count(number: int, as_json: bool) -> None:
    """结束测评并计分，只有发起测评的人可以。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.marking import count_marks

    made = count_marks(hearing=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("已计分，各人看得到自己的结果。"), as_json=as_json)


@hearing.command("close", short_help=_("办结"))
@_number
@_json
def close(number: int, as_json: bool) -> None:
    """异议期过后办结一场述职评议。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.marking import close_hearing

    made = close_hearing(hearing=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("已办结。"), as_json=as_json)


@hearing.command("report", short_help=_("提交述职报告"))
@_number
@click.option("--text", required=True, help="述职报告")
@_json
def report(number: int, text: str, as_json: bool) -> None:
    """提交您自己的述职报告；NUMBER 是 show 里您那一行的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.reporting import hand_in_report

    row = hand_in_report(reporter=_reporter(actor, number), text=text, actor=actor, at=timezone.now())
    said = _("报告已提交，测评开始前还可以改。")
    _print({"id": row.pk, "version": row.version}) if as_json else click.echo(said)


@hearing.command("object", short_help=_("提出异议"))
@_number
@click.option("--text", required=True, help="对结果有什么异议")
@_json
def object_(number: int, text: str, as_json: bool) -> None:
    """对您自己的结果提出异议；NUMBER 是 show 里您那一行的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.reporting import object_to_result

    made = object_to_result(reporter=_reporter(actor, number), text=text, actor=actor, at=timezone.now())
    _print({"id": made.pk, "state": made.state}) if as_json else click.echo(_("异议已提出。"))


@hearing.command("answer", short_help=_("答复异议"))
@_number
@click.option("--upheld/--dismissed", "is_upheld", required=True, help="异议成立还是不成立")
@click.option("--text", required=True, help="怎样答复")
@_json
def answer(number: int, is_upheld: bool, text: str, as_json: bool) -> None:
    """答复一名述职人的异议；NUMBER 是 show 里那一行的编号。"""
    actor, now = acting_now()
    from ronghe.domain.hearings.services.reporting import answer_objection

    objection = getattr(_reporter(actor, number), "objection", None)
    if objection is None:
        raise NotFound
    made = answer_objection(objection=objection, is_upheld=is_upheld, answer=text, actor=actor, at=now)
    _print({"id": made.pk, "state": made.state}) if as_json else click.echo(_("已答复。"))


@hearing.command("remark", short_help=_("记提问、点评"))
@_number
@click.argument("kind", type=click.Choice(["question", "comment"]))
@click.argument("who")
@click.option("--text", required=True, help="怎么说的")
@_json
def remark(number: int, kind: str, who: str, text: str, as_json: bool) -> None:
    """记下 WHO（姓名或员工号）对一名述职人的提问或点评，照原话。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.hearings.enums import RemarkKind
    from ronghe.domain.hearings.selectors import people_below
    from ronghe.domain.hearings.services.reporting import note_remark

    row = _reporter(actor, number)
    said_by = person_called(who, people_below(row.hearing.body, timezone.localdate(now)))
    made = note_remark(reporter=row, kind=RemarkKind(kind), text=text, said_by=said_by, actor=actor, at=now)
    _print({"id": made.pk}) if as_json else click.echo(_("已记下。"))


@hearing.command("problem", short_help=_("列问题"))
@_number
@click.option("--text", required=True, help="什么问题")
@click.option("--due", required=True, help="何时改好，如 2026-12-31 18:00")
@_json
def problem(number: int, text: str, due: str, as_json: bool) -> None:
    """给一名述职人列一个问题，改好由别人验收。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.hearings.services.reporting import note_problem

    made = note_problem(
        reporter=_reporter(actor, number), problem=text, due_at=moment_said(due), actor=actor, at=timezone.now()
    )
    _print({"id": made.pk, "task": made.task_id}) if as_json else click.echo(_("已列入问题清单。"))


def _seen(actor: Person, number: int) -> Hearing:
    from django.utils import timezone

    from ronghe.domain.hearings.selectors import hearings_seen_by

    found = hearings_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _reporter(actor: Person, number: int) -> HearingReporter:
    from django.utils import timezone

    from ronghe.domain.hearings.selectors import reporters_seen_by

    found = reporters_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _hearing(found: Hearing) -> dict[str, Any]:
    return {
        "id": found.pk, "title": found.title, "year": found.year, "body": found.body.name, "chair": found.chair.name,
        "state": found.state,
    }  # fmt: skip


def _tell(found: Hearing, said: str, *, as_json: bool) -> None:
    _print(_hearing(found)) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
