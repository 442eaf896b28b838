"""How fast those who raised a problem were answered, and how many of them were satisfied: exact, and not of a few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.calendar.workdays import working_days_in

LEAST_SHOWN = 3
"""Of fewer ratings no share is told: it would tell who said what."""


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Counts over some answers; shares are fractions, of too few there is none."""

    answered: int = 0
    prompt: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def prompt_share(self) -> Fraction | None:
        return share(self.prompt, self.answered)

    @property
    def satisfied_share(self) -> Fraction | None:
        return share(self.satisfied, self.rated)

    @property
    def prompt_words(self) -> str:
        return f"{self.prompt}/{self.answered}"

    @property
    def satisfied_words(self) -> str:
        return f"{self.satisfied}/{self.rated}"

    @property
    def prompt_percent(self) -> str:
        return percent(self.prompt_share)

    @property
    def satisfied_percent(self) -> str:
        return percent(self.satisfied_share)


def share(part: int, whole: int, *, least: int = LEAST_SHOWN) -> Fraction | None:
    """Return a part of a whole, `None` where the whole is fewer than `least`."""
    return Fraction(part, whole) if whole >= least else None


def percent(part: Fraction | None) -> str:
    """Return a share in percent with two places, halves up; "" where there is none."""
    if part is None:
        return ""
    hundredths = (part * 10_000 * 2 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def days_between(since: date, until: date, calendar: WorkCalendar) -> int:
    """Return the working days after one day until another, this one included; none where it is no later."""
    return working_days_in(calendar, DaySpan(since + DAY, until + DAY)) if until > since else 0


def figures_of(rows: Iterable[tuple[int, int, bool | None]]) -> AnswerFigures:
    """Return the figures of answers given as (days until the answer, days allowed, satisfied or `None` while not rated)."""
    answered = prompt = rated = satisfied = 0
    for days, allowed, said in rows:
        answered += 1
        prompt += days <= allowed
        rated += said is not None
        satisfied += said is True
    return AnswerFigures(answered, prompt, rated, satisfied)
