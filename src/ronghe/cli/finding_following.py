"""`ronghe finding`: what was found, its measure, objections. Carrying out and effect are steps of `ronghe item step`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as jijian finding raise 碰头会记录不全 --body 采油一队党支部 --about 好机制
  ronghe --as shuji finding settle 12 --measure 专人核对 --owner 罗一鸣 --due 2026-12-10
  ronghe --as dangyuan item step 12 carry_out --note 已补齐 --photo 记录.jpg
  ronghe --as jijian item step 12 shown --note 连续一个月齐全 --set figure_before=62 --set figure_after=98

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


@click.group("finding", epilog=EPILOG, short_help=_("督查问题：提出、定措施、异议"))
def finding() -> None:
    """办完不算完，别人看到成效才销号。"""


@finding.command("list", short_help=_("列出督查问题"))
@click.option("--state", default="", help="只看这个状态，例如 watching")
@click.option("--mine", is_flag=True, help="只看我提出的和我办的")
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@JSON
def list_(state: str, mine: bool, all_: bool, as_json: bool) -> None:
    """列出您能看到的督查问题，快到期的在前。"""
    actor, now = acting_now()
    from django.db.models import Q

    from ronghe.domain.inspections.rules import FINDING
    from ronghe.domain.inspections.selectors.findings import list_findings

    found = Q(state=state) if state else Q()
    if not all_ and not state:
        found &= Q(closed_at=None)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    listed = list_findings(actor, now, filters=found, size=500)
    lines = [f"{one.pk:>7}  {_(FINDING.state_by_id[one.state].title)}  {one.body.name}  {one.title}" for one in listed]
    lines.append(_("共 %(count)s 件。") % {"count": listed.count})
    tell([row_of(one) for one in listed], "\n".join(lines), as_json=as_json)


@finding.command("raise", short_help=_("提出督查问题"))
@click.argument("title")
@click.option("--body", required=True, help="哪个组织，名称或编号")
@click.option("--about", default="", help="关于哪方面")
@click.option("--text", default="", help="发现的情况")
@click.option("--effect-days", type=click.IntRange(1, 366), help="办完后几天看成效；不写按实施方案")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片，可写多个")
@JSON
def raise_(
    title: str, body: str, about: str, text: str, effect_days: int | None, files: tuple[Path, ...], as_json: bool
) -> None:
    """提出督查问题 TITLE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called, opened_files
    from ronghe.domain.inspections.selectors.findings import bodies_to_find_in
    from ronghe.domain.inspections.services.findings import FindingText, raise_finding

    place = body_called(body, bodies_to_find_in(actor, now))
    with opened_files(files) as uploads:
        made = raise_finding(
            text=FindingText(title, text, about, effect_days=effect_days), body=place, actor=actor, at=now,
            uploads=uploads,
        )  # fmt: skip
    tell(row_of(seen(actor, made.pk, now)), _("已列为问题，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@finding.command("settle", short_help=_("定措施"))
@NUMBER
@click.option("--measure", required=True, help="怎么办")
@click.option("--owner", required=True, help="谁来办，员工号或姓名")
@click.option("--due", required=True, type=DAY, help="哪天前办完")
@JSON
def settle(number: int, measure: str, owner: str, due: datetime, as_json: bool) -> None:
    """给编号 NUMBER 的问题定措施。"""
    actor, now = acting_now()
    from ronghe.cli.finding import person_called
    from ronghe.domain.inspections.services.findings import Measure, settle_measure
    from ronghe.domain.items.selectors import people_to_ask

    item = seen(actor, number, now)
    given = Measure(measure, person_called(owner, people_to_ask(item, actor, now)), due.date())
    settle_measure(item=item, measure=given, actor=actor, at=now)
    tell(row_of(seen(actor, number, now)), _("措施、责任人、期限已定。"), as_json=as_json)


@finding.command("object", short_help=_("对认定有异议"))
@NUMBER
@click.option("--reason", required=True, help="异议的理由")
@JSON
def object_(number: int, reason: str, as_json: bool) -> None:
    """对编号 NUMBER 的问题提出异议，公示期内有效。"""
    actor, now = acting_now()
    from ronghe.domain.inspections.services.findings import object_to

    object_to(item=seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell(row_of(seen(actor, number, now)), _("异议已提出，等复核。"), as_json=as_json)


def seen(actor: Person, number: int, now: datetime) -> WorkItem:
    from ronghe.cli.finding import row_called
    from ronghe.domain.inspections.selectors.findings import findings_seen_by

    return row_called(number, findings_seen_by(actor, now))


def row_of(item: WorkItem) -> dict[str, Any]:
    own: Any = item.inspection_finding
    return {
        "id": item.pk, "title": item.title, "body": item.body.name, "about": own.about, "state": item.state,
        "owner": item.owner.name if item.owner else None, "measure": item.values.get("measure", ""),
        "due_at": item.due_at, "effect_on": own.effect_on, "recurrences": own.recurrences,
    }  # fmt: skip
