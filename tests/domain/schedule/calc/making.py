"""Calendars, jobs and nets as the tests of the arithmetic want them."""

from __future__ import annotations

import random
from datetime import date, datetime

from ronghe.domain.schedule.calc.links import Constraint, Lag, LinkKind
from ronghe.domain.schedule.calc.network import Job, Net, Tie
from ronghe.domain.schedule.calc.solving import Solver
from ronghe.domain.schedule.calc.worktime import WorkTime, naive_minute

SHIFTS = ((480, 720), (780, 1020))
MONDAY = date(2026, 3, 2)
DAY = 480
FS, SS, FF, SF = LinkKind.FINISH_START, LinkKind.START_START, LinkKind.FINISH_FINISH, LinkKind.START_FINISH


def week(from_on: date = date(2025, 1, 1), off: frozenset[date] = frozenset()) -> WorkTime:
    """Mondays to Fridays without the days in `off`."""
    return WorkTime("周一至周五", lambda day: SHIFTS if day.weekday() < 5 and day not in off else (), from_on)


def every_day() -> WorkTime:
    return WorkTime("每天", lambda _day: SHIFTS, date(2025, 1, 1))


def minute(text: str) -> int:
    """2026-03-02T08:00 in minutes."""
    return naive_minute(datetime.fromisoformat(text))


def job(uid: int, days: float = 1, **changes) -> Job:
    for name in ("constraint_at", "placed_at", "deadline_at", "started_at", "finished_at"):
        if isinstance(changes.get(name), str):
            changes[name] = minute(changes[name])
    return Job(uid, changes.pop("name", f"任务{uid}"), minutes=int(days * DAY), **changes)


def tie(predecessor: int, successor: int, kind: LinkKind = FS, days: float = 0, **more) -> Tie:
    return Tie(predecessor, successor, kind, more.pop("lag", Lag(int(days * DAY * 10))))


def solver(jobs, ties=(), *, calendar: WorkTime | None = None, begins: str = "2026-03-02T08:00") -> Solver:
    return Solver(Net(jobs, ties), calendar or week(), minute(begins))


def random_net(seed: int, *, kinds=(FS, SS, FF, SF), lags: bool = True, summaries: bool = True):
    """Jobs and ties without a circle: a link leads from a lower number to a higher one."""
    chance = random.Random(seed)
    count = chance.randint(2, 14)
    jobs, parent = [], None
    for uid in range(1, count + 1):
        if summaries and chance.random() < 0.2:
            parent = 100 + uid
            jobs.append(Job(parent, f"汇总{parent}"))
        days = chance.choice((0, 1, 1, 2, 3, 5, 8, 0.5))
        jobs.append(job(uid, days, parent=parent))
    has_children = {one.parent for one in jobs}
    jobs = [one for one in jobs if one.uid < 100 or one.uid in has_children]
    ties = []
    for successor in range(2, count + 1):
        for predecessor in range(1, successor):
            if chance.random() < 0.25:
                days = chance.choice((0, 0, 0, 1, 2, -1)) if lags else 0
                ties.append(tie(predecessor, successor, chance.choice(kinds), days))
    return jobs, ties


__all__ = [
    "DAY",
    "FF",
    "FS",
    "MONDAY",
    "SF",
    "SHIFTS",
    "SS",
    "Constraint",
    "every_day",
    "job",
    "minute",
    "random_net",
    "solver",
    "tie",
    "week",
]
