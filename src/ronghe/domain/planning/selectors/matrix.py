"""The matrix of a plan in a quarter: items and their four checks, the share that is joint, the gaps, the quarters before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.planning.calc.matrix import Tally, gaps_of, is_asked, is_joint, is_overdue, tally
from ronghe.domain.planning.enums import SETTLED, STANDING, Aspect, CheckState, PlanState, RoundState
from ronghe.domain.planning.models import (
    CheckEvidence,
    CheckRound,
    GapTask,
    ItemCheck,
    Plan,
    PlanItem,
    RoundLine,
)
from ronghe.domain.planning.rules import SEE_PLAN
from ronghe.domain.planning.selectors.plans import quarter_shown
from ronghe.domain.work.models import Task
from ronghe.kernel.calendar.periods import Period

SHOWN_GAPS = 200


@dataclass(slots=True)
class Cell:
    """One of the four for one item; `check` is `None` before the quarter was looked through."""

    aspect: Aspect
    state: CheckState
    check: ItemCheck | None = None
    records: int = 0
    task: Task | None = None

    @property
    def is_gap(self) -> bool:
        return self.state not in SETTLED

    @property
    def title(self) -> str:
        return str(self.aspect.label)

    @property
    def word(self) -> str:
        return str(self.state.label)


@dataclass(slots=True)
class Line:
    """One item with its four cells, in the order of `Aspect`."""

    item: PlanItem
    cells: list[Cell]
    is_overdue: bool

    @property
    def states(self) -> list[str]:
        return [cell.state.value for cell in self.cells]

    @property
    def is_joint(self) -> bool:
        return is_joint(self.states)

    @property
    def gaps(self) -> int:
        return gaps_of(self.states)


@dataclass(slots=True)
class Matrix:
    """The items that are asked in a quarter, with the counts over all of them whatever the filters show."""

    plan: Plan
    quarter: Period
    round: CheckRound | None
    lines: list[Line]
    counts: Tally
    others: list[PlanItem] = field(default_factory=list)
    """Dropped, or achieved before the quarter."""

    @property
    def is_frozen(self) -> bool:
        return self.round is not None and self.round.state == RoundState.CLOSED

    @property
    def waiting(self) -> int:
        """How many proposals nobody decided."""
        return sum(cell.state == CheckState.PROPOSED for line in self.lines for cell in line.cells)


def matrix_of(plan: Plan, quarter: Period, today: date) -> Matrix:
    """Return the matrix of a plan in a quarter; of a closed round as it was closed. Six statements."""
    found = CheckRound.objects.filter(plan=plan, quarter=quarter.label).select_related("closed_by").first()
    items = list(plan.items.select_related("production_owner", "party_owner").order_by("number"))
    for item in items:
        item.plan = plan
    checks = {
        (check.item_id, check.aspect): check
        for check in ItemCheck.objects.filter(item__plan=plan, quarter__in=["", quarter.label])
    }
    frozen: dict[int, RoundLine] = {}
    if found is not None and found.state == RoundState.CLOSED:
        frozen = {line.item_id: line for line in found.lines.all()}
        asked = [item for item in items if item.pk in frozen]
    else:
        asked = [
            item
            for item in items
            if is_asked(quarter_from=quarter.span.from_on, done_on=item.done_on, is_dropped=item.dropped_at is not None)
        ]
    records, tasks = _beside(check.pk for check in checks.values())
    lines = []
    for item in asked:
        cells = [_cell(aspect, checks.get((item.pk, aspect)), frozen.get(item.pk), records, tasks) for aspect in Aspect]
        late = is_overdue(due_on=item.due_on, done_on=item.done_on, is_dropped=item.dropped_at is not None, today=today)
        lines.append(Line(item, cells, late))
    shown = {item.pk for item in asked}
    others = [item for item in items if item.pk not in shown]
    return Matrix(plan, quarter, found, lines, tally(line.states for line in lines), others)


def narrowed(
    lines: Iterable[Line], *, gaps: bool = False, kind: str = "", owner: int | None = None, overdue: bool = False
) -> list[Line]:
    """Return the lines that the filters of the page leave."""
    return [
        line
        for line in lines
        if (not gaps or line.gaps)
        and (not kind or line.item.kind == kind)
        and (owner is None or owner in (line.item.production_owner_id, line.item.party_owner_id))
        and (not overdue or line.is_overdue)
    ]


def _beside(checks: Iterable[int]) -> tuple[dict[int, int], dict[int, Task]]:
    keys = list(checks)
    records: dict[int, int] = defaultdict(int)
    for pk in CheckEvidence.objects.filter(check_row__in=keys, rejected_at=None).values_list("check_row_id", flat=True):
        records[pk] += 1
    gaps = GapTask.objects.filter(check_row__in=keys, settled_at=None).select_related("task__assignee")
    return records, {gap.check_row_id: gap.task for gap in gaps}


def _cell(
    aspect: Aspect, check: ItemCheck | None, frozen: RoundLine | None, records: dict[int, int], tasks: dict[int, Task]
) -> Cell:
    state = CheckState(check.state) if check is not None else CheckState.NONE
    if frozen is not None:
        state = CheckState(getattr(frozen, aspect.value))
    if check is None:
        return Cell(aspect, state)
    return Cell(aspect, state, check, records.get(check.pk, 0), tasks.get(check.pk))


@dataclass(frozen=True, slots=True)
class Past:
    """A closed quarter."""

    quarter: str
    items: int
    joint: int
    gaps: int

    @property
    def percent(self) -> Decimal | None:
        return Tally(self.items, self.joint, self.gaps).percent


def past_of(plan: Plan) -> list[Past]:
    """Return the closed quarters of the plan's body, the oldest first, eight at most: plans of a year follow each other."""
    rows = CheckRound.objects.filter(plan__body=plan.body_id, state=RoundState.CLOSED).order_by("-quarter", "-pk")[:8]
    return [Past(row.quarter, row.items, row.joint, row.gaps) for row in reversed(rows)]


@dataclass(slots=True)
class Standing:
    """How one body's plan stands: counts now, and those of the last closed quarter."""

    plan: Plan
    counts: Tally
    overdue: int
    round: CheckRound | None = None


def standings_of(plans: Sequence[Plan], today: date) -> list[Standing]:
    """Return how each plan stands in the quarter of `today`; three statements whatever their number."""
    keys = [plan.pk for plan in plans]
    quarters = {plan.pk: quarter_shown(plan, "", today) for plan in plans}
    items: dict[int, list[tuple[int, date, date | None, bool]]] = defaultdict(list)
    rows = PlanItem.objects.filter(plan__in=keys).values_list("plan_id", "pk", "due_on", "done_on", "dropped_at")
    for plan_id, pk, due_on, done_on, dropped_at in rows:
        items[plan_id].append((pk, due_on, done_on, dropped_at is not None))
    labels = {quarter.label for quarter in quarters.values()}
    states: dict[tuple[int, str, str], str] = {}
    checks = ItemCheck.objects.filter(item__plan__in=keys, quarter__in=["", *labels])
    for item, aspect, quarter, state in checks.values_list("item_id", "aspect", "quarter", "state"):
        states[item, aspect, quarter] = state
    rounds: dict[int, CheckRound] = {}
    for row in CheckRound.objects.filter(plan__in=keys, state=RoundState.CLOSED).order_by("quarter"):
        rounds[row.plan_id] = row
    standings = []
    for plan in plans:
        label, begins = quarters[plan.pk].label, quarters[plan.pk].span.from_on
        asked = [row for row in items[plan.pk] if is_asked(quarter_from=begins, done_on=row[2], is_dropped=row[3])]
        cells = [[states.get((row[0], aspect, _under(aspect, label)), "none") for aspect in Aspect] for row in asked]
        late = sum(is_overdue(due_on=row[1], done_on=row[2], is_dropped=row[3], today=today) for row in asked)
        standings.append(Standing(plan, tally(cells), late, rounds.get(plan.pk)))
    return standings


def _under(aspect: Aspect, quarter: str) -> str:
    return "" if aspect in STANDING else quarter


def gaps_seen_by(
    actor: Person, at: datetime, quarter: Period, *, aspect: str = "", kind: str = "", text: str = ""
) -> QuerySet[ItemCheck]:
    """Return the gaps of running plans in a quarter that `actor` may see, what is due first first."""
    plans = SEE_PLAN.narrow(
        actor,
        Plan.objects.filter(
            state=PlanState.AGREED, from_on__lt=quarter.span.until_on, until_on__gt=quarter.span.from_on
        ),
        at=at,
    )
    rows = ItemCheck.objects.filter(
        Q(item__done_on=None) | Q(item__done_on__gte=quarter.span.from_on),
        item__plan__in=plans.order_by().values("pk"), item__dropped_at=None, quarter__in=["", quarter.label],
    ).exclude(state__in=SETTLED)  # fmt: skip
    if aspect in Aspect.values:
        rows = rows.filter(aspect=aspect)
    if kind:
        rows = rows.filter(item__kind=kind)
    if text:
        rows = rows.filter(Q(item__title__contains=text) | Q(item__plan__body__name__contains=text))
    joined = rows.select_related("item__plan__body", "item__production_owner", "item__party_owner")
    return joined.order_by("item__due_on", "item_id", "aspect")


def open_tasks_of(checks: Iterable[ItemCheck]) -> dict[int, Task]:
    """Return the open task of each gap that has one, by check."""
    return _beside(check.pk for check in checks)[1]
