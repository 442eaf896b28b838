"""The part of `ronghe plan` that puts right: items, heads, what shows a check, and a plan closed or opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.planning.models import ItemCheck, Plan, PlanItem

_reason = click.option("--reason", default="", help="为什么")


@click.command("step", short_help=_("收回、结束、重开计划"))
@NUMBER
@click.argument("which", type=click.Choice(["take-back", "close", "reopen"]))
@JSON
def step(number: int, which: str, as_json: bool) -> None:
    """对计划 NUMBER 办一步：take-back 收回接着改，close 结束，reopen 重开。"""
    actor, now = acting_now()
    from ronghe.domain.planning.services.agreeing import close_plan, reopen_plan, take_plan_back

    acts = {"take-back": take_plan_back, "close": close_plan, "reopen": reopen_plan}
    made = acts[which](plan=_plan(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, str(made.get_state_display()), as_json=as_json)


@click.command("head", short_help=_("定行政负责人"))
@NUMBER
@click.argument("who")
@JSON
def head(number: int, who: str, as_json: bool) -> None:
    """定 WHO（姓名或员工号）代表生产一方确认计划 NUMBER。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import people_for
    from ronghe.domain.planning.services.drafting import name_head

    plan = _plan(actor, number)
    person = person_called(who, people_for(plan.body, timezone.localdate(now)))
    made = name_head(plan=plan, person=person, actor=actor, at=now)
    tell({"id": made.pk, "head": person.name}, _("行政负责人已定。"), as_json=as_json)


@click.command("change", short_help=_("改一条"))
@NUMBER
@click.option("--title", help="计划内容")
@click.option("--kind", type=click.Choice(["production", "party"]), help="生产还是党建")
@click.option("--goal", help="目标")
@click.option("--figure", help="目标数值")
@click.option("--unit", help="计量单位")
@click.option("--production", metavar="WHO", help="生产负责人")
@click.option("--party", metavar="WHO", help="党建负责人")
@click.option("--due", type=DAY, help="完成时限")
@_reason
@JSON
def change(
    number: int, production: str | None, party: str | None, figure: str | None, due: datetime | None, reason: str,
    as_json: bool, **said: str | None,
) -> None:  # fmt: skip
    """改条目 NUMBER；没有写的不动，生效的计划要写原因。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import people_for, text_of
    from ronghe.domain.planning.services.drafting import change_item

    item = _item(actor, number)
    people = people_for(item.plan.body, timezone.localdate(now))
    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if figure is not None:
        given["figure"] = _figure(figure)
    if due is not None:
        given["due_on"] = due.date()
    for name, who in (("production_owner", production), ("party_owner", party)):
        if who is not None:
            given[name] = person_called(who, people).pk
    made = change_item(item=item, text=replace(text_of(item), **given), reason=reason, actor=actor, at=now)
    tell(_row(made), _("已改好。"), as_json=as_json)


@click.command("restore", short_help=_("恢复一条"))
@NUMBER
@_reason
@JSON
def restore(number: int, reason: str, as_json: bool) -> None:
    """恢复取消了的条目 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.planning.services.drafting import restore_item

    made = restore_item(item=_item(actor, number), reason=reason, actor=actor, at=now)
    tell(_row(made), _("已恢复。"), as_json=as_json)


@click.command("undone", short_help=_("撤回完成"))
@NUMBER
@JSON
def undone(number: int, as_json: bool) -> None:
    """撤回条目 NUMBER 记错了的完成。"""
    actor, now = acting_now()
    from ronghe.domain.planning.services.agreeing import unfinish_item

    tell(_row(unfinish_item(item=_item(actor, number), actor=actor, at=now)), _("已撤回。"), as_json=as_json)


@click.command("choices", short_help=_("列出可选的依据"))
@NUMBER
@JSON
def choices(number: int, as_json: bool) -> None:
    """列出认定 NUMBER 可选的依据，最像的在前；左边的字用在 choose。"""
    actor, now = acting_now()
    from ronghe.domain.planning.selectors.evidence import choices_for

    found = choices_for(_check(actor, number), actor, now)
    rows = [{"key": one.key, "day": one.day, "title": one.title} for one in found]
    tell(rows, "\n".join(f"{row['key']:>8}  {row['day']}  {row['title']}" for row in rows), as_json=as_json)


@click.command("choose", short_help=_("选依据"))
@NUMBER
@click.argument("key")
@JSON
def choose(number: int, key: str, as_json: bool) -> None:
    """给认定 NUMBER 选一条依据 KEY（见 choices，如 a12、t7）。"""
    actor, now = acting_now()
    from ronghe.domain.planning.selectors.evidence import choices_for
    from ronghe.domain.planning.services.checking import choose_evidence
    from ronghe.domain.rhythm.models import Activity
    from ronghe.domain.work.models import Task

    check = _check(actor, number)
    if key not in {one.key for one in choices_for(check, actor, now)}:
        raise NotFound
    kind, pk = key[0], int(key[1:])
    activity = Activity.objects.get(pk=pk) if kind == "a" else None
    task = Task.objects.get(pk=pk) if kind != "a" else None
    made = choose_evidence(check=check, activity=activity, task=task, actor=actor, at=now)
    tell({"id": made.pk}, _("已选为依据。"), as_json=as_json)


@click.command("reject", short_help=_("去掉依据"))
@NUMBER
@click.argument("evidence", type=int)
@JSON
def reject(number: int, evidence: int, as_json: bool) -> None:
    """去掉认定 NUMBER 的依据 EVIDENCE，要用时可以再选回来。"""
    actor, now = acting_now()
    from ronghe.domain.planning.models import CheckEvidence
    from ronghe.domain.planning.services.checking import reject_evidence

    check = _check(actor, number)
    row = row_called(evidence, CheckEvidence.objects.select_related("check_row").filter(check_row=check))
    row.check_row = check
    reject_evidence(evidence=row, actor=actor, at=now)
    tell({"id": evidence}, _("已去掉，要用时可以再选回来。"), as_json=as_json)


@click.command("refresh", short_help=_("再找一遍记录"))
@NUMBER
@click.argument("quarter", metavar="QUARTER")
@JSON
def refresh(number: int, quarter: str, as_json: bool) -> None:
    """为计划 NUMBER 的季度 QUARTER（如 2026Q3）再找一遍记录，不等今晚。"""
    actor, now = acting_now()
    from ronghe.domain.planning.selectors.plans import quarters_of
    from ronghe.domain.planning.services.checking import refresh_checks

    plan = _plan(actor, number)
    meant = next((one for one in quarters_of(plan) if one.label == quarter.upper()), None)
    if meant is None:
        raise NotFound
    count = refresh_checks(plan=plan, quarter=meant, actor=actor, at=now)
    tell({"proposed": count}, _("记录已再找一遍。"), as_json=as_json)


def _figure(text: str) -> Decimal | None:
    try:
        value = Decimal(text) if text else None
    except InvalidOperation as error:
        raise click.UsageError(_("--figure 要写数。")) from error
    if value is not None and not value.is_finite():
        raise click.UsageError(_("--figure 要写数。"))
    return value


def _plan(actor: Person, number: int) -> Plan:
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import plans_seen_by

    return row_called(number, plans_seen_by(actor, timezone.now()))


def _item(actor: Person, number: int) -> PlanItem:
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import items_seen_by

    return row_called(number, items_seen_by(actor, timezone.now()))


def _check(actor: Person, number: int) -> ItemCheck:
    from ronghe.domain.planning.models import ItemCheck

    found = row_called(number, ItemCheck.objects.select_related("decided_by"))
    found.item = _item(actor, found.item_id)
    return found


def _row(item: PlanItem) -> dict[str, Any]:
    return {"id": item.pk, "number": item.number, "title": item.title}


KEEPING = (step, head, change, restore, undone, choices, choose, reject, refresh)
"""Commands that `ronghe plan` takes in."""
