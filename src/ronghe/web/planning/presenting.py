"""A plan, an item and the walk with everything that their pages show and offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.table import HEADS
from ronghe.domain.planning.documents import goal_words
from ronghe.domain.planning.enums import SETTLED, Aspect, CheckState, ItemKind, PlanState
from ronghe.domain.planning.models import CheckStep, GapTask, ItemCheck, Plan, PlanItem
from ronghe.domain.planning.rules import (
    CHECK_PLAN,
    CONFIRM_FOR_PARTY,
    CONFIRM_FOR_PRODUCTION,
    CONTEST_CHECK,
    EDIT_PLAN,
    FINISH_ITEM,
)
from ronghe.domain.planning.selectors.evidence import choices_for, evidence_of, shows_both
from ronghe.domain.planning.selectors.matrix import matrix_of, narrowed, past_of
from ronghe.domain.planning.selectors.plans import (
    agreement_of,
    items_seen_by,
    people_for,
    period_after,
    period_words,
    plans_seen_by,
    quarter_shown,
    quarters_of,
)
from ronghe.domain.work.rules import OPEN_TASK, SEE_TASK
from ronghe.kernel.calendar.periods import Period
from ronghe.web.paging import number_of
from ronghe.web.planning.forms import ChooseForm, DoneForm, HeadForm, ReasonForm
from ronghe.web.requests import actor_of

PLAN_SHAPES = {
    PlanState.DRAFT: "upcoming",
    PlanState.OFFERED: "due",
    PlanState.AGREED: "running",
    PlanState.CLOSED: "done",
}
CHECK_SHAPES = {
    CheckState.NONE: "failed",
    CheckState.PROPOSED: "due",
    CheckState.CONFIRMED: "done",
    CheckState.CONTESTED: "attention",
    CheckState.NOT_APPLICABLE: "waived",
}


def seen_plan(request: HttpRequest, pk: int) -> Plan:
    return get_object_or_404(plans_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_item(request: HttpRequest, pk: int) -> PlanItem:
    return get_object_or_404(items_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_check(request: HttpRequest, pk: int) -> ItemCheck:
    """Return a check of an item that the reader may see."""
    rows = ItemCheck.objects.select_related("decided_by")
    check = get_object_or_404(rows, pk=pk)
    check.item = seen_item(request, check.item_id)
    return check


def plan_context(request: HttpRequest, plan: Plan, *, failed: Any = None) -> dict[str, Any]:
    """Return what the page of a plan shows: the matrix of one quarter, the share, the gaps, the quarters before."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    quarter = quarter_shown(plan, request.GET.get("quarter", ""), day)
    matrix = matrix_of(plan, quarter, day)
    kind = request.GET.get("kind", "")
    owner = number_of(request.GET.get("owner"))
    lines = narrowed(
        matrix.lines, gaps=request.GET.get("gaps") == "1", overdue=request.GET.get("overdue") == "1",
        kind=kind if kind in ItemKind.values else "", owner=owner,
    )  # fmt: skip
    owners = {
        person.pk: person.name
        for line in matrix.lines
        for person in (line.item.production_owner, line.item.party_owner)
    }
    past = past_of(plan)
    may_edit = EDIT_PLAN.allows(actor, plan, at=now)
    may_check = plan.state == PlanState.AGREED and CHECK_PLAN.allows(actor, plan, at=now)
    given = agreement_of(plan)
    confirms = plan.state in (PlanState.OFFERED, PlanState.AGREED)
    is_other = {row.person_id for row in (given.party, given.production) if row is not None}
    people = people_for(plan.body, day) if may_edit and plan.state != PlanState.CLOSED else None
    head = {"person": plan.production_head_id}
    return {
        "plan": plan,
        "shape": PLAN_SHAPES[PlanState(plan.state)],
        "period": period_words(plan.period),
        "matrix": matrix,
        "quarter": quarter,
        "quarter_words": period_words(quarter.label),
        "quarters": [(one.label, period_words(one.label)) for one in quarters_of(plan)],
        "shown_quarter": quarter_shown(plan, "", day).label,
        "has_begun": quarter.span.from_on <= day,
        "lines": [(line, goal_words(line.item), _cells(line.cells)) for line in lines],
        "others": matrix.others,
        "kinds": ItemKind.choices,
        "owners": sorted(owners.items(), key=lambda pair: pair[1]),
        "is_filtered": len(lines) != len(matrix.lines),
        "overdue": sum(line.is_overdue for line in matrix.lines),
        "past": past,
        "trend": [float(one.percent or Decimal(0)) for one in past],
        "trend_labels": [one.quarter for one in past],
        "agreement": given,
        "may_edit": may_edit,
        "may_check": may_check,
        "may_write": may_edit and plan.state in (PlanState.DRAFT, PlanState.AGREED),
        "may_task": plan.state == PlanState.AGREED and not matrix.is_frozen and OPEN_TASK.allows(actor, plan.body, at=now),
        "may_confirm_party": confirms and given.party is None and actor.pk not in is_other
        and CONFIRM_FOR_PARTY.allows(actor, plan, at=now),
        "may_confirm_production": confirms and given.production is None and actor.pk not in is_other
        and CONFIRM_FOR_PRODUCTION.allows(actor, plan, at=now),
        "is_over": plan.until_on <= day,
        "following": period_after(plan),
        "head_form": _again(failed, HeadForm) or (HeadForm(people=people, initial=head) if people is not None else None),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip


def item_context(request: HttpRequest, item: PlanItem, *, failed: Any = None, aspect: str = "") -> dict[str, Any]:
    """Return what an item's page shows: the four checks with their records, and what the reader may decide."""
    actor, now = actor_of(request), timezone.now()
    day, plan = local_day(now), item.plan
    quarter = quarter_shown(plan, request.GET.get("quarter", "") or request.POST.get("quarter", ""), day)
    rows = ItemCheck.objects.filter(item=item, quarter__in=["", quarter.label]).select_related("decided_by")
    checks = {check.aspect: check for check in rows}
    for row in checks.values():
        row.item = item
    shown = evidence_of(checks.values())
    gaps = {
        gap.check_row_id: gap.task
        for gap in GapTask.objects.filter(check_row__in=checks.values(), settled_at=None).select_related("task__assignee")
    }  # fmt: skip
    steps: dict[int, list[CheckStep]] = {}
    for step in CheckStep.objects.filter(check_row__in=checks.values()).select_related("made_by").order_by("-pk"):
        steps.setdefault(step.check_row_id, []).append(step)
    is_live = plan.state == PlanState.AGREED and item.dropped_at is None
    may_check = is_live and CHECK_PLAN.allows(actor, plan, at=now)
    may_contest = is_live and CONTEST_CHECK.allows(actor, plan, at=now)
    may_task = is_live and OPEN_TASK.allows(actor, plan.body, at=now)
    may_finish = is_live and FINISH_ITEM.allows(actor, item, at=now)
    may_edit = EDIT_PLAN.allows(actor, plan, at=now) and plan.state in (PlanState.DRAFT, PlanState.AGREED)
    choosing = request.GET.get("choose", "")
    sections = []
    for one in Aspect:
        check: ItemCheck | None = checks.get(one)
        state = CheckState(check.state) if check is not None else CheckState.NONE
        found = shown.get(check.pk, []) if check is not None else []
        offered = may_check and check is not None and choosing == one.value
        task = gaps.get(check.pk) if check is not None else None
        sections.append(
            {
                "aspect": one,
                "title": str(one.label),
                "check": check,
                "state": state,
                "word": str(state.label),
                "shape": CHECK_SHAPES[state],
                "records": found,
                "is_both": shows_both(found),
                "is_gap": state not in SETTLED,
                "task": task,
                "sees_task": task is not None and SEE_TASK.allows(actor, task, at=now),
                "steps": steps.get(check.pk, []) if check is not None else [],
                "choose_form": _again(failed, ChooseForm, one.value, aspect) or (
                    ChooseForm(records=record_choices(check, actor, now)) if offered and check is not None else None
                ),
                "failed": type(failed).__name__ if failed is not None and aspect == one.value else "",
            }
        )  # fmt: skip
    return {
        "item": item,
        "plan": plan,
        "goal": goal_words(item),
        "period": period_words(plan.period),
        "quarter": quarter,
        "quarters": [(one.label, period_words(one.label)) for one in quarters_of(plan)],
        "sections": sections,
        "is_checked": bool(checks),
        "may_check": may_check,
        "may_contest": may_contest,
        "may_task": may_task,
        "may_finish": may_finish,
        "may_edit": may_edit,
        "is_overdue": item.done_on is None and item.dropped_at is None and item.due_on < day,
        "reason_form": _again(failed, ReasonForm) or ReasonForm(),
        "done_form": _again(failed, DoneForm) or DoneForm(initial={"done_on": day}),
        "failed": type(failed).__name__ if failed is not None and not aspect else "",
    }


def walk_context(request: HttpRequest, plan: Plan, quarter: Period) -> dict[str, Any]:
    """Return the walk: one card an item, four segments each with what was found."""
    day = local_day(timezone.now())
    matrix = matrix_of(plan, quarter, day)
    shown = evidence_of(cell.check for line in matrix.lines for cell in line.cells if cell.check is not None)
    shows_left = request.GET.get("show") == "left"
    cards = []
    for line in matrix.lines:
        if shows_left and not line.gaps:
            continue
        cells = []
        for cell in line.cells:
            records = shown.get(cell.check.pk, []) if cell.check is not None else []
            cells.append((cell, CHECK_SHAPES[cell.state], records[:2], len(records), shows_both(records)))
        cards.append((line, goal_words(line.item), cells))
    settled = sum(not cell.is_gap for line in matrix.lines for cell in line.cells)
    return {
        "plan": plan, "matrix": matrix, "quarter": quarter, "quarter_words": period_words(quarter.label), "cards": cards,
        "settled": settled, "cells": 4 * len(matrix.lines), "shows_left": shows_left,
    }  # fmt: skip


def record_choices(check: ItemCheck, actor: Person, at: datetime) -> list[tuple[str, str]]:
    return [(one.key, f"{one.day:%Y-%m-%d} {one.title}") for one in choices_for(check, actor, at)]


def checked_quarter(plan: Plan, text: str) -> Period:
    """Return the quarter in the address; there is no page for one that is not the plan's."""
    found = next((one for one in quarters_of(plan) if one.label == text), None)
    if found is None:
        raise Http404
    return found


def table_rows(items: Sequence[PlanItem]) -> list[list[Any]]:
    """Return the items as the table that is imported: one column a head."""
    return [
        [item.title, item.get_kind_display(), item.goal, item.figure, item.unit, item.production_owner.name,
         item.party_owner.name, item.due_on, item.weight]
        for item in items
    ]  # fmt: skip


def table_heads() -> list[str]:
    return [_(head) for head in HEADS.values()]


def _cells(cells: Any) -> list[tuple[Any, str]]:
    return [(cell, CHECK_SHAPES[cell.state]) for cell in cells]


def _again(failed: Any, kind: Callable[..., Any] | type, here: str = "", there: str = "") -> Any:
    """Return the form that was refused where it is of this kind and place."""
    return failed if isinstance(failed, kind) and here == there else None  # type: ignore[arg-type]
