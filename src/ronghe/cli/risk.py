"""`ronghe risk`: the risk register — areas, risks, versions, raised and put back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.risks.models import Risk, RiskArea
    from ronghe.domain.risks.services.registering import RiskText

EPILOG = """\b
举例：
  ronghe --as anquan risk area open 原油脱水区 --body 3 --bounds "3 号沟以东到围墙"
  ronghe --as anquan risk add 1 管沟内油气积聚 --grade orange --measures "动火前复测，机械通风" --owner 罗一鸣
  ronghe --as anquan risk raise 12 --reason "连续两次检测超限"
  ronghe --as shuji risk review 12 --grade yellow --reason "通风已改，三次检测合格"
  ronghe --as anquan risk on 1 --day 2026-09-14

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
GRADES = click.Choice(["red", "orange", "yellow", "blue"])


@click.group("risk", epilog=EPILOG, short_help=_("风险台账：区域、分级、升级、复评"))
def risk() -> None:
    """每个区域有什么危害、几级、怎么管、谁负责。"""


@risk.group("area", short_help=_("安全区域"))
def area() -> None:
    """划定、更改、撤销安全区域。"""


@area.command("list", short_help=_("列出区域"))
@click.option("--search", default="", help="名称、四至或组织里的字")
@JSON
def area_list(search: str, as_json: bool) -> None:
    """列出您能看到的区域和里面的风险数。"""
    actor, now = acting_now()
    from ronghe.domain.risks.selectors import areas_counted

    rows: list[Any] = list(areas_counted(actor, now, search))
    lines = [f"{row.pk:>6}  {row.name}  {row.body.name}  {row.count}" for row in rows]
    tell(
        [{**_area_row(row), "count": row.count, "raised": row.raised} for row in rows],
        "\n".join(lines),
        as_json=as_json,
    )


@area.command("open", short_help=_("划定区域"))
@click.argument("name")
@click.option("--body", required=True, help="哪个组织负责：名称或编号")
@click.option("--bounds", default="", help="四至")
@click.option("--zone", type=int, help="协作区编号")
@JSON
def area_open(name: str, body: str, bounds: str, zone: int | None, as_json: bool) -> None:
    """划定区域 NAME。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.risks.selectors import bodies_to_open_for
    from ronghe.domain.risks.services.areas import AreaText, open_area

    chosen = body_called(body, bodies_to_open_for(actor, now))
    made = open_area(text=AreaText(name, bounds, zone=_zone(actor, zone, now)), body=chosen, actor=actor, at=now)
    tell(_area_row(made), _("已划定，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@area.command("change", short_help=_("更改区域"))
@NUMBER
@click.option("--name", help="区域名称")
@click.option("--bounds", help="四至")
@click.option("--zone", type=int, help="协作区编号")
@JSON
def area_change(number: int, name: str | None, bounds: str | None, zone: int | None, as_json: bool) -> None:
    """更改编号 NUMBER 的区域；没写的不变。"""
    actor, now = acting_now()
    from ronghe.domain.risks.services.areas import AreaText, change_area

    found = _area(actor, number, now)
    text = AreaText(
        found.name if name is None else name, found.bounds if bounds is None else bounds,
        zone=found.zone if zone is None else _zone(actor, zone, now),
    )  # fmt: skip
    tell(_area_row(change_area(area=found, text=text, actor=actor, at=now)), _("已存下。"), as_json=as_json)


@area.command("close", short_help=_("撤销区域"))
@NUMBER
@JSON
def area_close(number: int, as_json: bool) -> None:
    """撤销编号 NUMBER 的区域；里面不能有风险。"""
    actor, now = acting_now()
    from ronghe.domain.risks.services.areas import close_area

    made = close_area(area=_area(actor, number, now), actor=actor, at=now)
    tell(_area_row(made), _("“%(name)s”已撤销，记录留着。") % {"name": made.name}, as_json=as_json)


@risk.command("list", short_help=_("列出风险"))
@click.option("--area", "area_id", type=int, help="区域编号")
@click.option("--grade", type=GRADES, help="只看这一级")
@click.option("--search", default="", help="危害、措施、区域、责任人里的字")
@click.option("--mine", is_flag=True, help="只看我负责的")
@click.option("--raised", is_flag=True, help="只看已升级的")
@click.option("--due", is_flag=True, help="只看该复评的")
@click.option("--closed", is_flag=True, help="看已销去的")
@JSON
def list_(
    area_id: int | None,
    grade: str | None,
    search: str,
    mine: bool,
    raised: bool,
    due: bool,
    closed: bool,
    as_json: bool,
) -> None:
    """列出您能看到的风险，等级高的在前。"""
    actor, now = acting_now()
    from ronghe.domain.risks.enums import GRADE_BY_CODE
    from ronghe.domain.risks.selectors import list_risks, risks_filtered

    rows = risks_filtered(
        actor, now, words=search, area=area_id, grade=GRADE_BY_CODE[grade] if grade else None, mine=mine,
        raised=raised, due=due, closed=closed,
    )  # fmt: skip
    found = list_risks(actor, now, rows, size=500)
    lines = [f"{one.pk:>6}  {one.get_grade_display()}  {one.area.name}  {one.title}  {one.owner.name}" for one in found]  # fmt: skip
    lines.append(_("共 %(count)s 项。") % {"count": found.count})
    tell([_row(one) for one in found], "\n".join(lines), as_json=as_json)


@risk.command("on", short_help=_("某天一个区域的风险"))
@NUMBER
@click.option("--day", type=DAY, help="哪一天；不写就是今天")
@JSON
def on(number: int, day: datetime | None, as_json: bool) -> None:
    """看区域 NUMBER 在某一天有哪些风险，作业许可按这个办。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.risks.enums import RiskGrade
    from ronghe.domain.risks.selectors import risks_at

    found = _area(actor, number, now)
    rows = risks_at([found.pk], day.date() if day else local_day(now))
    told = [
        {"risk": row.risk_id, "title": row.risk.title, "grade": RiskGrade(row.grade).code, "measures": row.measures,
         "owner": row.owner.name}
        for row in rows
    ]  # fmt: skip
    lines = [f"{row.risk_id:>6}  {row.get_grade_display()}  {row.risk.title}  {row.measures}" for row in rows]
    tell(told, "\n".join(lines), as_json=as_json)


@risk.command("show", short_help=_("看一项风险"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的风险和历次版本。"""
    actor, now = acting_now()
    from ronghe.domain.risks.enums import RiskGrade
    from ronghe.domain.risks.selectors import versions_of

    found = _seen(actor, number, now)
    rows = versions_of(found)
    lines = [f"{found.title}  {found.get_grade_display()}  {found.owner.name}"]
    lines += [f"  {row.valid_from}  {row.get_kind_display()}  {row.get_grade_display()}  {row.reason}" for row in rows]
    versions = [
        {"number": row.number, "kind": row.kind, "valid_from": row.valid_from, "grade": RiskGrade(row.grade).code,
         "reason": row.reason}
        for row in rows
    ]  # fmt: skip
    tell({**_row(found), "versions": versions}, "\n".join(lines), as_json=as_json)


@risk.command("add", short_help=_("登记风险"))
@click.argument("area_number", type=int, metavar="AREA")
@click.argument("title")
@click.option("--grade", type=GRADES, required=True, help="风险等级")
@click.option("--measures", required=True, help="管控措施")
@click.option("--owner", required=True, help="责任人：员工号或姓名")
@click.option("--harm", default="", help="可能后果")
@click.option("--from", "from_on", type=DAY, help="从哪天起；不写就是今天")
@click.option("--review", type=DAY, help="下次复评；不写就按等级推算")
@JSON
def add(
    area_number: int, title: str, grade: str, measures: str, owner: str, harm: str, from_on: datetime | None,
    review: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """在区域 AREA（编号）登记危害 TITLE。"""
    actor, now = acting_now()
    from ronghe.domain.risks.enums import GRADE_BY_CODE
    from ronghe.domain.risks.services.registering import RiskText, add_risk

    found = _area(actor, area_number, now)
    text = RiskText(
        title, GRADE_BY_CODE[grade], measures, _owner(found, owner, now), harm, from_on.date() if from_on else None,
        review.date() if review else None,
    )  # fmt: skip
    made = add_risk(area=found, text=text, actor=actor, at=now)
    tell(_row(made), _("“%(title)s”已登记。") % {"title": made.title}, as_json=as_json)


@risk.command("change", short_help=_("更改风险"))
@NUMBER
@click.option("--title", help="危害")
@click.option("--grade", type=GRADES, help="风险等级")
@click.option("--measures", help="管控措施")
@click.option("--owner", help="责任人：员工号或姓名")
@click.option("--harm", help="可能后果")
@click.option("--from", "from_on", type=DAY, help="从哪天起；不写就是今天")
@click.option("--review", type=DAY, help="下次复评；不写就按等级推算")
@click.option("--reason", default="", help="为什么改")
@JSON
def change(number: int, as_json: bool, **typed: Any) -> None:
    """更改编号 NUMBER 的风险，成为新的一版；没写的不变。"""
    actor, now = acting_now()
    from ronghe.domain.risks.services.registering import change_risk

    found = _seen(actor, number, now)
    made = change_risk(risk=found, text=_changed(found, typed, now), actor=actor, at=now)
    tell(_row(made), _("已存下，原来的版本留着。"), as_json=as_json)


@risk.command("raise", short_help=_("升级"))
@NUMBER
@click.option("--reason", required=True, help="依据")
@click.option("--to", type=GRADES, help="升到哪级；不写就升一级")
@JSON
def raise_(number: int, reason: str, to: str | None, as_json: bool) -> None:
    """编号 NUMBER 的风险升级，等别人复评。"""
    actor, now = acting_now()
    from ronghe.domain.risks.enums import GRADE_BY_CODE
    from ronghe.domain.risks.services.raising import raise_risk

    found = _seen(actor, number, now)
    made = raise_risk(risk=found, reason=reason, to=GRADE_BY_CODE[to] if to else None, actor=actor, at=now)
    tell(_row(made), _("已升级，等别人复评。"), as_json=as_json)


@risk.command("review", short_help=_("复评"))
@NUMBER
@click.option("--grade", type=GRADES, required=True, help="复评后的等级")
@click.option("--reason", required=True, help="依据")
@click.option("--next", "next_on", type=DAY, help="下次复评；不写就按等级推算")
@JSON
def review(number: int, grade: str, reason: str, next_on: datetime | None, as_json: bool) -> None:
    """复评编号 NUMBER 的风险；责任人和升级的人不能复评。"""
    actor, now = acting_now()
    from ronghe.domain.risks.enums import GRADE_BY_CODE
    from ronghe.domain.risks.services.raising import review_risk

    made = review_risk(
        risk=_seen(actor, number, now), grade=GRADE_BY_CODE[grade], reason=reason,
        review_on=next_on.date() if next_on else None, actor=actor, at=now,
    )  # fmt: skip
    tell(_row(made), _("复评已记下。"), as_json=as_json)


@risk.command("close", short_help=_("销去风险"))
@NUMBER
@click.option("--reason", required=True, help="为什么销去")
@JSON
def close(number: int, reason: str, as_json: bool) -> None:
    """销去编号 NUMBER 的风险，记录留着。"""
    actor, now = acting_now()
    from ronghe.domain.risks.services.registering import close_risk

    made = close_risk(risk=_seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell(_row(made), _("已销去，记录留着。"), as_json=as_json)


def _area(actor: Person, number: int, now: datetime) -> RiskArea:
    from ronghe.cli.finding import row_called
    from ronghe.domain.risks.selectors import areas_seen_by

    return row_called(number, areas_seen_by(actor, now))


def _seen(actor: Person, number: int, now: datetime) -> Risk:
    from ronghe.cli.finding import row_called
    from ronghe.domain.risks.selectors import risks_seen_by

    return row_called(number, risks_seen_by(actor, now))


def _zone(actor: Person, number: int | None, now: datetime) -> Any:
    from ronghe.cli.finding import row_called
    from ronghe.domain.zones.selectors import zones_seen_by

    return None if number is None else row_called(number, zones_seen_by(actor, now))


def _owner(found: RiskArea, who: str, now: datetime) -> Person:
    from ronghe.cli.finding import person_called
    from ronghe.domain.risks.selectors import people_for

    return person_called(who, people_for(found, now))


def _changed(found: Risk, typed: dict[str, Any], now: datetime) -> RiskText:
    from ronghe.domain.risks.enums import GRADE_BY_CODE, RiskGrade
    from ronghe.domain.risks.services.registering import RiskText

    def kept(name: str, stands: str) -> str:
        return stands if typed[name] is None else str(typed[name])

    return RiskText(
        kept("title", found.title), GRADE_BY_CODE[typed["grade"]] if typed["grade"] else RiskGrade(found.grade),
        kept("measures", found.measures), _owner(found.area, typed["owner"], now) if typed["owner"] else found.owner,
        kept("harm", found.harm), typed["from_on"].date() if typed["from_on"] else None,
        typed["review"].date() if typed["review"] else None, typed["reason"],
    )  # fmt: skip


def _area_row(row: RiskArea) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "bounds": row.bounds, "body": row.body.name,
        "zone": row.zone.name if row.zone else None, "is_closed": row.closed_at is not None,
    }  # fmt: skip


def _row(one: Risk) -> dict[str, Any]:
    return {
        "id": one.pk, "area": one.area.name, "title": one.title, "grade": one.code, "is_raised": one.is_raised,
        "measures": one.measures, "owner": one.owner.name, "valid_from": one.valid_from, "review_on": one.review_on,
        "version": one.version, "is_closed": one.closed_at is not None,
    }  # fmt: skip
