"""Goals as they stand: readings that count, how far each has come, what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ronghe.domain.agreements.calc.content import spelled
from ronghe.domain.agreements.calc.progress import FULL, elapsed, progress, suggested
from ronghe.domain.agreements.enums import GoalHead
from ronghe.domain.agreements.models import Agreement, AgreementGoal, GoalReading


@dataclass(frozen=True, slots=True)
class GoalState:
    """A goal on a day. `readings` count and are oldest first; `share` is percent of the way, `gone` the share of time."""

    goal: AgreementGoal
    readings: tuple[GoalReading, ...]
    now: Decimal | None
    share: Decimal | None
    gone: Fraction
    is_overdue: bool

    @property
    def suggested(self) -> str:
        return suggested(share=self.share, gone=self.gone)

    @property
    def now_text(self) -> str:
        return spelled(self.now) if self.now is not None else ""

    @property
    def values(self) -> list[Decimal]:
        """From the baseline on, for a line over time; without idle zeros, for it is read aloud as well."""
        return [Decimal(spelled(value)) for value in (self.goal.baseline, *(one.value for one in self.readings))]


@dataclass(frozen=True, slots=True)
class HeadState:
    """The goals of one head; `share` is their average, rounded down to one decimal, where any was read."""

    head: GoalHead
    goals: tuple[GoalState, ...]

    @property
    def share(self) -> Decimal | None:
        read = [state.share for state in self.goals if state.share is not None]
        if not read:
            return None
        total = sum((state.share or Decimal(0) for state in self.goals), Decimal(0))
        return Decimal(int(total * 10 / len(self.goals))) / 10


def goal_states(agreement: Agreement, day: date) -> list[GoalState]:
    """Return the agreement's goals in their order as they stood on `day`; two statements.

    A final value is the last word. A reading that was corrected does not count; of two of one day the later one does.
    """
    goals = list(agreement.goals.order_by("position", "pk"))
    rows = GoalReading.objects.filter(goal__in=goals, corrected_by=None, day__lte=day)
    readings: dict[int, list[GoalReading]] = defaultdict(list)
    for reading in rows.select_related("read_by").order_by("day", "pk"):
        readings[reading.goal_id].append(reading)
    return [_state(agreement, goal, readings[goal.pk], day) for goal in goals]


def heads_of(states: Sequence[GoalState]) -> list[HeadState]:
    """Return the goals under their heads, in the heads' own order; heads without goals are left out."""
    grouped = [(head, tuple(state for state in states if state.goal.head == head)) for head in GoalHead]
    return [HeadState(head, found) for head, found in grouped if found]


def history_of(goal: AgreementGoal) -> list[GoalReading]:
    """Return every reading of a goal, the latest first, corrected ones too."""
    rows = GoalReading.objects.filter(goal=goal).select_related("read_by", "corrected_by")
    return list(rows.order_by("-day", "-pk"))


def _state(agreement: Agreement, goal: AgreementGoal, readings: list[GoalReading], day: date) -> GoalState:
    now = goal.final if goal.final is not None else readings[-1].value if readings else None
    share = None
    if now is not None:
        share = progress(baseline=goal.baseline, target=goal.target, now=now, better=goal.better)
    gone = elapsed(starts_on=agreement.valid_from or agreement.starts_on, due_on=goal.due_on, day=day)
    is_overdue = goal.final is None and day > goal.due_on and share != FULL
    return GoalState(goal, tuple(readings), now, share, gone, is_overdue)
