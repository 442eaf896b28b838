"""When each task is: earliest and latest, what drives it, how much room it has; as planned, or from a day on as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ronghe.domain.schedule.calc.links import Constraint, LinkKind
from ronghe.domain.schedule.calc.network import Job, Net, Tie
from ronghe.domain.schedule.calc.worktime import WorkTime

FROM_START = frozenset({LinkKind.START_START, LinkKind.START_FINISH})
"""Kinds that look at the predecessor's start."""
TO_FINISH = frozenset({LinkKind.FINISH_FINISH, LinkKind.START_FINISH})
"""Kinds that bind the successor's finish."""


@dataclass(slots=True)
class Times:
    """Where a task lies; floats in worked minutes, negative where the plan cannot be kept.

    `driver` is the task whose link decides the start, `None` where the plan's begin, a constraint or a fixed start does.
    """

    start: int
    finish: int
    late_start: int = 0
    late_finish: int = 0
    total_float: int = 0
    free_float: int = 0
    is_critical: bool = False
    driver: int | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """`finish` is that of the whole plan; of an empty one its begin."""

    times: Mapping[int, Times]
    finish: int

    def pushed_by(self, uid: int) -> list[int]:
        """Return the tasks that wait for `uid`, directly or through others, in no order but each once."""
        followers: dict[int, list[int]] = {}
        for other, times in self.times.items():
            if times.driver is not None:
                followers.setdefault(times.driver, []).append(other)
        found: dict[int, None] = {}
        waiting = [uid]
        while waiting:
            for other in followers.get(waiting.pop(), ()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)


class Solver:
    """The passes over one net; `calendar` holds where a task has none of its own."""

    def __init__(
        self, net: Net, calendar: WorkTime, begins_at: int, calendars: Mapping[int, WorkTime] | None = None
    ) -> None:
        self.net, self.calendar, self.begins_at = net, calendar, begins_at
        self.calendars = calendars or {}
        self._minutes = {uid: job.minutes for uid, job in net.jobs.items()}
        self._out_of_turn: set[int] | None = None
        """Tasks whose fixed start lies before what their links allow already in the plan; known once it was made."""

    def plan(self) -> Solved:
        """Return the plan as links, constraints and fixed starts have it, without a look at what was done."""
        times = self._forward(None, {})
        finish = self._finish(times)
        self._backward(times, finish)
        late = {
            uid: times[uid].late_start
            for uid, job in self.net.jobs.items()
            if job.constraint == Constraint.AS_LATE_AS_POSSIBLE and not self.net.is_summary(uid)
        }
        if late:
            times = self._forward(None, late)
            self._backward(times, self._finish(times))
        self._free_floats(times)
        return Solved(times, self._finish(times))

    def forecast(self, now: int) -> Solved:
        """Return how it will go: what is finished stands, what is begun goes on from `now` on with what is left of it, and
        nothing else begins before.
        """
        if self._out_of_turn is None:
            self._forward(None, {})
        times = self._forward(now, {})
        return Solved(times, self._finish(times))

    def fit(self, starts: Mapping[int, int]) -> dict[int, int]:
        """Return those of the wanted `starts` that must be fixed for the plan to have them: the others follow by themselves."""
        fixed: dict[int, int] = {}
        self._forward(None, {}, starts, fixed)
        return fixed

    def _of(self, job: Job) -> WorkTime:
        return self.calendar if job.calendar is None else self.calendars.get(job.calendar, self.calendar)

    def _finish(self, times: Mapping[int, Times]) -> int:
        return max((one.finish for one in times.values()), default=self.begins_at)

    # ---- forward ----------------------------------------------------------------------------------------------------
    def _forward(
        self, now: int | None, not_before: Mapping[int, int], wanted: Mapping[int, int] | None = None,
        fixed: dict[int, int] | None = None,
    ) -> dict[int, Times]:  # fmt: skip
        times: dict[int, Times] = {}
        if now is None:
            self._out_of_turn = set()
        for uid in self.net.order:
            if self.net.is_summary(uid):
                below = [times[child] for child in self.net.children[uid]]
                times[uid] = Times(min(one.start for one in below), max(one.finish for one in below))
                self._minutes[uid] = self.calendar.between(times[uid].start, times[uid].finish)
            else:
                job = self.net.jobs[uid]
                times[uid] = self._place(job, times, now, not_before.get(uid, self.begins_at))
                if wanted is not None and fixed is not None and wanted.get(uid, times[uid].start) != times[uid].start:
                    fixed[uid] = wanted[uid]
                    times[uid] = Times(wanted[uid], self._after(job, wanted[uid]))
        return times

    def _place(self, job: Job, times: Mapping[int, Times], now: int | None, not_before: int) -> Times:
        if now is not None and job.started_at is not None:
            return self._as_it_stands(job, now)
        least, driver = self._bound(job, times, not_before)
        if job.placed_at is not None:
            return self._placed(job, job.placed_at, now, least, driver)
        if now is not None and now > least:
            least, driver = now, None
        start, finish = self._from(job, least)
        match job.constraint:
            case Constraint.MUST_START_ON:
                start, finish, driver = *self._exactly(job, job.constraint_at or start), None
            case Constraint.MUST_FINISH_ON if job.constraint_at is not None:
                start, finish, driver = self._before(job, job.constraint_at), job.constraint_at, None
            case Constraint.START_NO_LATER if job.constraint_at is not None and start > job.constraint_at:
                start, finish, driver = *self._exactly(job, job.constraint_at), None
            case Constraint.FINISH_NO_LATER if job.constraint_at is not None and finish > job.constraint_at:
                start, finish, driver = self._before(job, job.constraint_at), job.constraint_at, None
        if now is not None and start < now:
            start, finish = self._from(job, now)
        return Times(start, finish, driver=driver)

    def _placed(self, job: Job, placed: int, now: int | None, least: int, driver: int | None) -> Times:
        """A fixed start stands in the plan; as it goes, what it waits for holds it up unless it never obeyed its links."""
        if now is None:
            if least > placed and self._out_of_turn is not None:
                self._out_of_turn.add(job.uid)
            return Times(placed, self._after(job, placed))
        begin = max(placed, now)
        if least > begin and job.uid not in (self._out_of_turn or ()):
            start, finish = self._from(job, least)
            return Times(start, finish, driver=driver)
        if begin == placed:
            return Times(placed, self._after(job, placed))
        return Times(*self._from(job, begin))

    def _bound(self, job: Job, times: Mapping[int, Times], not_before: int) -> tuple[int, int | None]:
        """Return the earliest start and which predecessor asks for it; the constraint counts as none."""
        least, driver = max(not_before, self.begins_at), None
        if job.constraint == Constraint.START_NO_EARLIER and job.constraint_at is not None:
            least = max(least, job.constraint_at)
        if job.constraint == Constraint.FINISH_NO_EARLIER and job.constraint_at is not None:
            least = max(least, self._before(job, job.constraint_at))
        for tie in self.net.into[job.uid]:
            if tie.kind in TO_FINISH and tie.successor != job.uid:
                continue  # a finish of a summary is that of all below it, and binds none of them
            asked = self.asks(tie, times[tie.predecessor], job)
            if tie.kind in TO_FINISH:
                asked = self._before(job, asked)
            if asked > least or (asked == least and driver is None and least > self.begins_at):
                least, driver = asked, tie.predecessor
        return least, driver

    def asks(self, tie: Tie, before: Times, job: Job) -> int:
        """Return the moment that a tie allows at the earliest: of the successor's start or, to a finish, of its finish."""
        return self._shift(tie, before.start if tie.kind in FROM_START else before.finish, job, 1)

    def _shift(self, tie: Tie, moment: int, job: Job, sign: int) -> int:
        """Return a moment later by the lag of a tie (earlier with `sign` −1), in the successor's working time."""
        lag = sign * tie.lag.minutes(self._minutes[tie.predecessor])
        return moment + lag if tie.lag.is_elapsed else self._of(job).add(moment, lag)

    def _from(self, job: Job, least: int) -> tuple[int, int]:
        """Return start and finish of a task that may begin at `least`."""
        if job.is_elapsed:
            return least, least + job.span
        calendar = self._of(job)
        start = calendar.next_work(least) if job.span else calendar.touching(least)
        return start, self._after(job, start)

    def _exactly(self, job: Job, start: int) -> tuple[int, int]:
        return start, self._after(job, start)

    def _after(self, job: Job, start: int) -> int:
        return start + job.span if job.is_elapsed else self._of(job).add(start, job.span)

    def _before(self, job: Job, finish: int) -> int:
        """Return when a task must begin to finish at `finish`."""
        return finish - job.span if job.is_elapsed else self._of(job).add(finish, -job.span)

    def _as_it_stands(self, job: Job, now: int) -> Times:
        assert job.started_at is not None  # asked for
        if job.finished_at is not None:
            return Times(job.started_at, job.finished_at)
        left = -(-job.minutes * (100 - job.percent) // 100)
        begin = max(now, job.started_at)
        if job.is_elapsed:
            return Times(job.started_at, begin + left)
        calendar = self._of(job)
        return Times(job.started_at, max(calendar.add(calendar.touching(begin), left), job.started_at))

    # ---- backward ---------------------------------------------------------------------------------------------------
    def _backward(self, times: dict[int, Times], finish: int) -> None:
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        for uid in reversed(self.net.order):
            if self.net.is_summary(uid):
                continue
            job, here = self.net.jobs[uid], times[uid]
            here.late_finish = min(ends.get(uid, finish), finish)
            here.late_start = min(self._before(job, here.late_finish), starts.get(uid, here.late_finish))
            self._bind_late(job, here)
            here.late_finish = min(here.late_finish, max(self._after(job, here.late_start), here.late_start))
            self._hand_back(job, here, times, starts, ends)
            self._room(job, here)
        for uid in self.net.order:
            if self.net.is_summary(uid):
                below = [times[child] for child in self.net.children[uid]]
                here = times[uid]
                here.late_start, here.late_finish = (
                    min(one.late_start for one in below), max(one.late_finish for one in below),
                )  # fmt: skip
                here.total_float = min(one.total_float for one in below)
                here.is_critical = any(one.is_critical for one in below)

    def _bind_late(self, job: Job, here: Times) -> None:
        """Bring late dates down to what a constraint or a deadline allows."""
        at = job.constraint_at
        if job.constraint in (Constraint.MUST_START_ON, Constraint.MUST_FINISH_ON) and job.placed_at is None:
            here.late_start, here.late_finish = here.start, here.finish
        elif job.constraint == Constraint.START_NO_LATER and at is not None:
            here.late_start = min(here.late_start, at)
        elif job.constraint == Constraint.FINISH_NO_LATER and at is not None:
            here.late_start = min(here.late_start, self._before(job, at))
        if job.deadline_at is not None:
            here.late_start = min(here.late_start, self._before(job, job.deadline_at))

    def _hand_back(
        self, job: Job, here: Times, times: Mapping[int, Times], starts: dict[int, int], ends: dict[int, int]
    ) -> None:
        """Tell each predecessor how late it may be for this task's sake."""
        for tie in self.net.into[job.uid]:
            if tie.kind in TO_FINISH and tie.successor != job.uid:
                continue
            allowed = self._shift(tie, here.late_finish if tie.kind in TO_FINISH else here.late_start, job, -1)
            for leaf in self.net.leaves_of(tie.predecessor):
                if tie.kind not in FROM_START:
                    ends[leaf] = min(ends.get(leaf, allowed), allowed)
                elif times[leaf].start == times[tie.predecessor].start:  # of a summary, those that begin it
                    starts[leaf] = min(starts.get(leaf, allowed), allowed)

    def _room(self, job: Job, here: Times) -> None:
        calendar = self._of(job)
        if job.is_elapsed:
            here.total_float = min(here.late_start - here.start, here.late_finish - here.finish)
        else:
            here.total_float = min(
                calendar.between(here.start, here.late_start), calendar.between(here.finish, here.late_finish)
            )
        here.is_critical = here.total_float <= 0

    def _free_floats(self, times: dict[int, Times]) -> None:
        """Set how far each task may slip without moving any other."""
        for here in times.values():
            here.free_float = max(here.total_float, 0)
        for leaf, ties in self.net.into.items():
            job = self.net.jobs[leaf]
            if self.net.is_summary(leaf):
                continue
            for tie in ties:
                if tie.kind in TO_FINISH and tie.successor != leaf:
                    continue
                before, after = times[tie.predecessor], times[leaf]
                bound = after.finish if tie.kind in TO_FINISH else after.start
                room = self._of(job).between(self.asks(tie, before, job), bound)
                before.free_float = max(min(before.free_float, room), 0)
