"""`ronghe hazard`: hidden dangers — reported, assessed, counted. Further steps are taken with `ronghe item step`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.hazards.services.reporting import Report
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.items.rules import ItemKind
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as gongren hazard report 法兰渗油 --area 1 --place "3 号沟" --photo 现场.jpg
  ronghe --as anquan hazard assess 12 --grade general --owner 罗一鸣 --measure 换垫片 --money 1200 --plan "值守，超限撤人"
  ronghe --as dangyuan item step 12 fix --note 已更换 --photo 更换后.jpg
  ronghe --as anquan item step 12 accept
  ronghe --as anquan hazard figures --days 90

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


@click.group("hazard", epilog=EPILOG, short_help=_("隐患：上报、评估、统计"))
def hazard() -> None:
    """谁看到谁上报：评估、五落实、整改、别人验收、销号。"""


@hazard.command("list", short_help=_("列出隐患"))
@click.option("--state", default="", help="只看这个状态，例如 registered")
@click.option("--mine", is_flag=True, help="只看我上报的和我整改的")
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@JSON
def list_(state: str, mine: bool, all_: bool, as_json: bool) -> None:
    """列出您能看到的隐患，新的在前。"""
    acting_person()
    from ronghe.domain.hazards.rules import HAZARD

    list_of(HAZARD, state, mine=mine, all_=all_, as_json=as_json)


@hazard.command("report", short_help=_("上报隐患"))
@click.argument("title")
@click.option("--grade", type=click.Choice(["general", "major"]), default="general", help="看着有多严重")
@click.option("--area", type=int, help="区域编号")
@click.option("--body", help="没有区域时：上报到哪个组织，名称或编号")
@click.option("--place", default="", help="具体位置")
@click.option("--text", default="", help="补充说明")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片，可写多个")
@JSON
def report(
    title: str, grade: str, area: int | None, body: str | None, place: str, text: str, files: tuple[Path, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """上报隐患 TITLE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import opened_files
    from ronghe.domain.hazards.services.reporting import report_hazard

    told = report_of(actor, now, title, grade, area, body, place, text)
    with opened_files(files) as uploads:
        made = report_hazard(report=told, actor=actor, at=now, uploads=uploads)
    tell(row_of(made), _("已上报，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@hazard.command("assess", short_help=_("评估并落实整改"))
@NUMBER
@click.option("--grade", type=click.Choice(["general", "major"]), required=True, help="等级")
@click.option("--owner", required=True, help="责任：谁整改，员工号或姓名")
@click.option("--measure", required=True, help="措施：怎么整改")
@click.option("--money", required=True, help="资金：多少元，不花钱写 0")
@click.option("--plan", required=True, help="预案：整改好以前怎么防")
@click.option("--due", type=DAY, help="时限；不写就按等级的最长期限")
@click.option("--risk", type=int, help="说明本区域哪项风险（编号）升高了")
@click.option("--note", default="", help="评估说明")
@JSON
def assess(
    number: int, grade: str, owner: str, measure: str, money: str, plan: str, due: datetime | None, risk: int | None,
    note: str, as_json: bool,
) -> None:  # fmt: skip
    """评估编号 NUMBER 的隐患，落实责任、措施、资金、时限、预案。"""
    actor, now = acting_now()
    from ronghe.domain.hazards.enums import FindingGrade
    from ronghe.domain.hazards.rules import HAZARD
    from ronghe.domain.hazards.services.settling import Assessed, assess_hazard

    item = seen(HAZARD, actor, number, now)
    given = Assessed(
        FindingGrade(grade), owner_of(item, actor, owner, now), measure, money, plan, due.date() if due else None,
        risk_of(item, risk), note,
    )  # fmt: skip
    assess_hazard(item=item, given=given, actor=actor, at=now)
    tell(row_of(seen(HAZARD, actor, number, now)), _("五落实已定，转责任人整改。"), as_json=as_json)


@hazard.command("figures", short_help=_("隐患统计"))
@click.option("--days", default=365, show_default=True, help="近多少天上报的")
@JSON
def figures(days: int, as_json: bool) -> None:
    """隐患多少、办结多少、超期多少，按区域。"""
    actor, now = acting_now()
    from ronghe.domain.hazards.rules import HAZARD

    tell_figures(HAZARD, actor, now, days, as_json=as_json)


def list_of(kind: ItemKind, state: str, *, mine: bool, all_: bool, as_json: bool) -> None:
    """Print the hazards or violations that the actor sees."""
    actor, now = acting_now()
    from django.db.models import Q

    from ronghe.domain.hazards.selectors import list_findings

    found = Q(state=state) if state else Q()
    if not all_ and not state:
        found &= Q(closed_at=None)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    listed = list_findings(kind, actor, now, filters=found, order_by=("-raised_at",), size=500)
    lines = [f"{one.pk:>7}  {_(kind.state_by_id[one.state].title)}  {one.place}  {one.title}" for one in listed]
    lines.append(_("共 %(count)s 件。") % {"count": listed.count})
    tell([row_of(one) for one in listed], "\n".join(lines), as_json=as_json)


def report_of(
    actor: Person, now: datetime, title: str, grade: str, area: int | None, body: str | None, place: str, text: str
) -> Report:
    """Return what was typed as a report; area and body are found among those that the actor sees."""
    from ronghe.cli.finding import body_called, row_called
    from ronghe.domain.hazards.enums import FindingGrade
    from ronghe.domain.hazards.selectors import bodies_to_report_to
    from ronghe.domain.hazards.services.reporting import Report
    from ronghe.domain.risks.selectors import areas_seen_by

    chosen = row_called(area, areas_seen_by(actor, now)) if area is not None else None
    where = body_called(body, bodies_to_report_to(actor, now)) if body else None
    return Report(title, FindingGrade(grade), chosen, where, place, text)


def seen(kind: ItemKind, actor: Person, number: int, now: datetime) -> WorkItem:
    from ronghe.cli.finding import row_called
    from ronghe.domain.hazards.selectors import findings_seen_by

    return row_called(number, findings_seen_by(kind, actor, now))


def owner_of(item: WorkItem, actor: Person, who: str, now: datetime) -> Person:
    from ronghe.cli.finding import person_called
    from ronghe.domain.items.selectors import people_to_ask

    return person_called(who, people_to_ask(item, actor, now))


def risk_of(item: WorkItem, number: int | None) -> Any:
    from ronghe.cli.finding import row_called
    from ronghe.domain.hazards.selectors import risks_to_name

    return None if number is None else row_called(number, risks_to_name(item))


def tell_figures(kind: ItemKind, actor: Person, now: datetime, days: int, *, as_json: bool) -> None:
    from dataclasses import asdict

    from ronghe.domain.hazards.selectors import statistics_of

    since = now - timedelta(days=days)
    found = statistics_of(
        kind, actor, now, since=since, until=now + timedelta(seconds=1), title=_("合计"), nowhere=_("没写区域")
    )
    rows = [found.whole, *found.by_area]
    heads = [_("上报"), _("没办结"), _("已超期"), _("已办结"), _("按期办结"), _("重大、严重")]
    lines = ["  ".join(heads)]
    lines += [
        f"{one.title}  {one.total}  {one.open}  {one.late}  {one.closed}  {one.in_time}  {one.worse}" for one in rows
    ]
    told = {
        "whole": asdict(found.whole),
        "by_area": [asdict(one) for one in found.by_area],
        "median_hours": found.hours.median,
    }
    tell(told, "\n".join(lines), as_json=as_json)


def row_of(item: WorkItem) -> dict[str, Any]:
    finding: Any = item.finding
    return {
        "id": item.pk, "title": item.title, "grade": finding.grade, "state": item.state, "place": item.place,
        "area": finding.area.name if finding.area else None, "owner": item.owner.name if item.owner else None,
        "raised_at": item.raised_at, "due_at": item.due_at, "is_by_machine": finding.is_by_machine,
        "is_settled": finding.settled_on is not None,
    }  # fmt: skip
