"""PS-01 to PS-03: how study is converted into hours, how many are wanted, and who is behind.

Hours are decimals in steps of a quarter. What a gathering gives is rounded down to a full quarter: nobody is given more
than was sat through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

QUARTER = Decimal("0.25")
NOUGHT = Decimal(0)
HALF_DAY_HOURS = 4
"""A lecture of up to this many hours is half a day."""
MONTHS = 12
SECRETARY_MONTHS = 6
"""PS-02: a new secretary is trained within half a year."""
MEMBER_MONTHS = 12
"""PS-02: one training while on probation, and one within a year of full admission."""


class Form(StrEnum):
    """How an hour was studied; the words of `enums.StudyForm`."""

    TOGETHER = "together"
    LECTURE = "lecture"
    OFF_JOB = "off_job"
    ONLINE = "online"


KINDS = {
    "theme_party_day": Form.TOGETHER,
    "party_lecture": Form.TOGETHER,
    "first_topic": Form.TOGETHER,
    "committee_study": Form.TOGETHER,
    "joint_study": Form.TOGETHER,
    "member_lecture": Form.TOGETHER,
    "party_history_class": Form.TOGETHER,
    "learning_visit": Form.TOGETHER,
}
"""Kinds of gathering that are study unless a unit says otherwise, and how each counts: hour by hour."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures of PS-01 and PS-03; no source fixes the conversion, so a unit sets its own. Shipped as in `rules.md`."""

    member_goal: Decimal = Decimal(32)
    leader_goal: Decimal = Decimal(56)
    together_hour: Decimal = Decimal(1)
    lecture_half_day: Decimal = Decimal(4)
    off_job_day: Decimal = Decimal(8)
    online_cap: Decimal = Decimal(16)
    kinds: Mapping[str, Form] = field(default_factory=lambda: dict(KINDS))
    version: int = 0

    def goal(self, *, is_leader: bool) -> Decimal:
        return self.leader_goal if is_leader else self.member_goal

    def factor(self, form: Form) -> Decimal:
        """Return the hours for one measure of a form: an hour, half a day, a day."""
        return {
            Form.TOGETHER: self.together_hour,
            Form.LECTURE: self.lecture_half_day,
            Form.OFF_JOB: self.off_job_day,
            Form.ONLINE: Decimal(1),
        }[form]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing studied: `hours` as converted, `counted` what of it counts beside the others (the cap of online hours)."""

    key: str
    day: date
    form: Form
    hours: Decimal
    counted: Decimal = NOUGHT
    is_training: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """A person's year: lines in the order of their days, hours that count, hours wanted, and whether a training is there."""

    lines: tuple[Line, ...]
    total: Decimal
    goal: Decimal
    has_training: bool
    needs_training: bool

    @property
    def missing(self) -> Decimal:
        return max(NOUGHT, self.goal - self.total)

    @property
    def is_reached(self) -> bool:
        return self.missing == 0 and (self.has_training or not self.needs_training)


def sat_through(
    opened_at: datetime,
    closed_at: datetime,
    *,
    planned: timedelta | None = None,
    left_at: datetime | None = None,
) -> timedelta:
    """Return how long somebody sat in a gathering: until it was closed or the person left, at most as long as planned.

    A gathering that was closed on the phone hours later does not make its study longer.
    """
    until = min(closed_at, left_at) if left_at is not None else closed_at
    sat = max(timedelta(), until - opened_at)
    return min(sat, planned) if planned is not None else sat


def converted(form: Form, sat: timedelta, rules: Rules) -> Decimal:
    """Return the hours that a gathering gives, rounded down to a full quarter (PS-03).

    A lecture gives its half days: up to four hours are one, more are two; one of less than an hour is no lecture.
    """
    minutes = Decimal(int(sat.total_seconds()) // 60)
    if form == Form.LECTURE:
        halves = 0 if minutes < 60 else 1 if minutes <= HALF_DAY_HOURS * 60 else 2
        return floor_quarter(halves * rules.lecture_half_day)
    return floor_quarter(minutes / 60 * rules.factor(form))


def entered(form: Form, amount: Decimal, rules: Rules) -> Decimal:
    """Return the hours of what was entered by hand in the form's own measure, rounded down to a full quarter."""
    return floor_quarter(amount * rules.factor(form))


def floor_quarter(hours: Decimal) -> Decimal:
    """Return the hours rounded down to a full quarter."""
    return (hours / QUARTER).quantize(Decimal(1), ROUND_DOWN) * QUARTER


def balance(lines: Iterable[Line], rules: Rules, *, is_leader: bool) -> Balance:
    """Return a person's year. Online hours count in the order of their days, until the cap is reached (PS-03)."""
    left = rules.online_cap
    counted = []
    for line in sorted(lines, key=lambda line: (line.day, line.key)):
        takes = line.hours
        if line.form == Form.ONLINE:
            takes = min(takes, left)
            left -= takes
        counted.append(replace(line, counted=takes))
    total = sum((line.counted for line in counted), NOUGHT)
    trained = any(line.is_training for line in counted)
    return Balance(tuple(counted), total, rules.goal(is_leader=is_leader), trained, is_leader)


def due_by(goal: Decimal, year: int, day: date) -> Decimal:
    """Return how many hours should be there on `day`: a twelfth of the goal for each full month of the year."""
    if day.year != year:
        return goal if day.year > year else NOUGHT
    return floor_quarter(goal * (day.month - 1) / MONTHS)


def is_behind(found: Balance, year: int, day: date) -> bool:
    """Tell whether somebody has less than what should be there on `day`, or the year went by without its training."""
    late = day.year > year and found.needs_training and not found.has_training
    return late or found.total < due_by(found.goal, year, day)


def months_later(day: date, months: int) -> date:
    """Return the day that many months on, or the last one of a shorter month."""
    place = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(place, MONTHS)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


class TrainingNeed(StrEnum):
    """Why PS-02 asks for a training."""

    NEW_SECRETARY = "new_secretary"
    PROBATION = "probation"
    ADMITTED = "admitted"


@dataclass(frozen=True, slots=True)
class TrainingDue:
    """A training that PS-02 wants from `since` up to and with `until`, and the day on which it was had."""

    need: TrainingNeed
    since: date
    until: date
    had_on: date | None

    def is_open(self, day: date) -> bool:
        return self.had_on is None and day <= self.until

    def is_missed(self, day: date) -> bool:
        return self.had_on is None and day > self.until


def training_due(need: TrainingNeed, since: date, trainings: Iterable[date]) -> TrainingDue:
    """Return what PS-02 asks of somebody who became this on `since`; the first training in the time meets it."""
    until = months_later(since, SECRETARY_MONTHS if need == TrainingNeed.NEW_SECRETARY else MEMBER_MONTHS)
    had = min((day for day in trainings if since <= day <= until), default=None)
    return TrainingDue(need, since, until, had)
