"""The net of tasks and links: its order, its circles, and who waits for whom below a summary."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.schedule.calc.links import Constraint, Lag, LinkKind
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class LinksInCircle(DomainError):
    code = "schedule_links_in_circle"
    sentence = N_("前置关系成了圈：%(circle)s。请去掉其中一条。")
    status = 422


class LinkToOwnSummary(DomainError):
    code = "schedule_link_to_own_summary"
    sentence = N_("“%(one)s”和“%(other)s”是上下级，不能互为前置。")
    status = 422


NO_LAG = Lag()


@dataclass(frozen=True, slots=True)
class Job:
    """A task as the arithmetic sees it; moments in minutes (`worktime`), `minutes` worked or, where elapsed, by the clock.

    `pause` is what a split task takes beyond its duration. `placed_at` fixes the start whatever the links say.
    """

    uid: int
    name: str
    parent: int | None = None
    minutes: int = 0
    is_elapsed: bool = False
    pause: int = 0
    calendar: int | None = None
    constraint: Constraint = Constraint.AS_SOON_AS_POSSIBLE
    constraint_at: int | None = None
    placed_at: int | None = None
    deadline_at: int | None = None
    started_at: int | None = None
    finished_at: int | None = None
    percent: int = 0

    @property
    def span(self) -> int:
        return max(self.minutes + self.pause, 0)


@dataclass(frozen=True, slots=True)
class Tie:
    """A link from a predecessor to a successor, by uid."""

    predecessor: int
    successor: int
    kind: LinkKind = LinkKind.FINISH_START
    lag: Lag = NO_LAG


class Net:
    """Jobs and ties in an order in which each comes after what it waits for. A summary comes after all below it.

    :raises LinkToOwnSummary: a tie between a task and one above or below it
    :raises LinksInCircle: no such order; the circle is named
    """

    def __init__(self, jobs: Iterable[Job], ties: Iterable[Tie]) -> None:
        self.jobs: Mapping[int, Job] = {job.uid: job for job in jobs}
        self.children: dict[int, list[int]] = {}
        for job in self.jobs.values():
            if job.parent is not None:
                self.children.setdefault(job.parent, []).append(job.uid)
        self.ties = [tie for tie in ties if tie.predecessor in self.jobs and tie.successor in self.jobs]
        self._refuse_own()
        self.into: dict[int, list[Tie]] = {uid: [] for uid in self.jobs}
        """The ties that bind each leaf: its own and those of every summary above it."""
        for tie in self.ties:
            for leaf in self.leaves_of(tie.successor):
                self.into[leaf].append(tie)
        self.order: Sequence[int] = self._sorted()

    def is_summary(self, uid: int) -> bool:
        return uid in self.children

    def leaves_of(self, uid: int) -> list[int]:
        """Return the tasks without children at or below `uid`."""
        if uid not in self.children:
            return [uid]
        return [leaf for child in self.children[uid] for leaf in self.leaves_of(child)]

    def above(self, uid: int) -> list[int]:
        """Return the summaries above a task, the nearest first."""
        found = []
        parent = self.jobs[uid].parent
        while parent is not None:
            found.append(parent)
            parent = self.jobs[parent].parent
        return found

    def _refuse_own(self) -> None:
        for tie in self.ties:
            one, other = tie.predecessor, tie.successor
            if one == other:
                raise LinksInCircle(circle=self._spoken([one, one]))
            if one in self.above(other) or other in self.above(one):
                raise LinkToOwnSummary(one=self.jobs[one].name, other=self.jobs[other].name)

    def _edges(self) -> dict[int, list[int]]:
        """Return for each what must be known before it."""
        waits: dict[int, list[int]] = {uid: list(self.children.get(uid, ())) for uid in self.jobs}
        for leaf, ties in self.into.items():
            waits[leaf].extend(dict.fromkeys(tie.predecessor for tie in ties))
        return waits

    def _sorted(self) -> list[int]:
        waits = self._edges()
        left = {uid: len(before) for uid, before in waits.items()}
        after: dict[int, list[int]] = {uid: [] for uid in self.jobs}
        for uid, before in waits.items():
            for other in before:
                after[other].append(uid)
        ready = deque(uid for uid, count in left.items() if not count)
        order = []
        while ready:
            uid = ready.popleft()
            order.append(uid)
            for other in after[uid]:
                left[other] -= 1
                if not left[other]:
                    ready.append(other)
        if len(order) < len(self.jobs):
            raise LinksInCircle(circle=self._spoken(_circle(waits, set(order))))
        return order

    def _spoken(self, circle: Sequence[int]) -> str:
        """Return a circle in the direction of work: 挖沟 → 下沟 → 挖沟."""
        return _(" → ").join(f"“{self.jobs[uid].name}”" for uid in circle)


def _circle(waits: Mapping[int, Sequence[int]], done: set[int]) -> list[int]:
    """Return one circle among what is not done, first and last the same: everything there waits for something there."""
    here = next(uid for uid in waits if uid not in done)
    seen: dict[int, int] = {}
    path: list[int] = []
    while here not in seen:
        seen[here] = len(path)
        path.append(here)
        here = next(other for other in waits[here] if other not in done)
    return [here, *reversed(path[seen[here] :])]
