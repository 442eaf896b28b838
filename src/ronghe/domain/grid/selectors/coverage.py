"""Who is covered by whom and where the gaps are, for what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ronghe.domain.grid.calc import coverage as calc
from ronghe.domain.grid.calc.finding import find_gaps
from ronghe.domain.grid.calc.kinds import Gap
from ronghe.domain.grid.calc.state import GridState
from ronghe.domain.grid.models import GapDismissal, GapTask
from ronghe.domain.grid.rules import SEE_GRID
from ronghe.domain.grid.selectors.state import read_state
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class FoundGap:
    """A gap, and what was decided about it."""

    gap: Gap
    dismissal: GapDismissal | None = None
    task: GapTask | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for somebody to do something: neither let stand nor given as a task."""
        return self.dismissal is None and self.task is None


@dataclass
class Coverage:
    """The grid below the roots. `found` are all gaps, `standing` those that nobody decided to let stand."""

    state: GridState
    found: Sequence[FoundGap]

    @cached_property
    def standing(self) -> list[FoundGap]:
        return [row for row in self.found if row.dismissal is None]

    @cached_property
    def figures(self) -> calc.Figures:
        return calc.figures_of(self.state, [row.gap for row in self.found])

    @cached_property
    def tree(self) -> list[calc.Node]:
        return calc.tree_of(self.state, [row.gap for row in self.standing])

    @cached_property
    def by_key(self) -> Mapping[str, FoundGap]:
        return {row.gap.key: row for row in self.found}


def grid_roots(actor: Person, at: datetime) -> list[int]:
    """Return the ids of the topmost bodies from which `actor` sees the grid: one read, none for whoever sees no grid."""
    mine = roots(actor, frozenset(LEADERS | WATCHERS), local_day(at), "body")
    if not mine:
        return []
    day = local_day(at)
    links = PartyOrg.links().filter(on_day(day), descendant__in=mine, depth__gt=0, ancestor__in=mine).order_by()
    below = set(links.values_list("descendant_id", flat=True)) if len(mine) > 1 else set()
    seen = PartyOrg.objects.filter(on_day(day), pk__in=mine, kind__in=PARTY_KINDS).order_by("pk")
    return [pk for pk in seen.values_list("pk", flat=True) if pk not in below]


def coverage(actor: Person, at: datetime, *, body: PartyOrg | None = None, day: date | None = None) -> Coverage:
    """Return the grid that `actor` sees, or its part below `body`, as it stands on `day` (the day of `at` unless told).

    A constant number of statements, whatever is below.

    :raises NotFound: the actor sees no grid, or not this body's
    """
    if body is not None:
        if body.kind not in PARTY_KINDS or not SEE_GRID.allows(actor, body, at=at):
            raise NotFound
        begin = [body.pk]
    else:
        begin = grid_roots(actor, at)
    if not begin:
        raise NotFound
    state = read_state(begin, day or local_day(at))
    return Coverage(state, _decided(find_gaps(state), state))


def _decided(gaps: Sequence[Gap], state: GridState) -> list[FoundGap]:
    """Put beside each gap its dismissal that still holds and its unfinished task: two reads."""
    dismissals = GapDismissal.objects.filter(until__gt=state.day).select_related("dismissed_by").order_by("until", "pk")
    standing = {row.gap: row for row in dismissals}
    at_work = [*UNFINISHED, TaskState.SUBMITTED]
    tasks = GapTask.objects.filter(is_current=True, task__state__in=at_work).select_related("task__assignee")
    given = {row.gap: row for row in tasks.order_by("pk")}
    return [FoundGap(gap, standing.get(gap.key), given.get(gap.key)) for gap in gaps]
