"""How a stage of a campaign stands on a day, when its summary is due, and what its gate lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ronghe.domain.playbooks.calc.model import Grace, Mechanism, Playbook
from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.workdays import DayUnit, NoWorkingDay, add_working_days

STAGE_DONE = "campaigns.stage_done"
USUAL_GRACE = Grace(10, DayUnit.WORKING)
"""Days after a stage in which its summary is in time, where the playbook owes no summary."""
DAY = timedelta(days=1)


class Standing(StrEnum):
    """没有参加, 未开始, 进行中, 待小结, 小结逾期, 已完成, 随活动停止."""

    SKIPPED = "skipped"
    UPCOMING = "upcoming"
    RUNNING = "running"
    OWED = "owed"
    LATE = "late"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Days:
    """From when until (not including) when, until when the summary is in time (not including)."""

    from_on: date
    until_on: date
    summary_until: date


def standing_on(day: date, days: Days, *, begun_on: date, stopped_on: date | None, is_done: bool) -> Standing:
    """Return how a stage stands on `day` for a body that joined on `begun_on`.

    Whoever joins late begins with the stage that runs; what ended before owes nothing. Where the campaign was ended early,
    a stage that had begun still wants its summary, and one that had not is off.
    """
    if is_done:
        return Standing.DONE
    if days.until_on <= begun_on:
        return Standing.SKIPPED
    begins, ends = max(days.from_on, begun_on), days.until_on
    if stopped_on is not None:
        if stopped_on <= begins:
            return Standing.STOPPED
        ends = min(ends, stopped_on)
    if day < begins:
        return Standing.UPCOMING
    if day < ends:
        return Standing.RUNNING
    return Standing.OWED if day < days.summary_until else Standing.LATE


def summary_until(until_on: date, grace: Grace, calendar: WorkCalendar) -> date:
    """Return the first day on which the summary of a stage that ends before `until_on` is late."""
    last = until_on - DAY
    if grace.unit is DayUnit.CALENDAR:
        return last + timedelta(days=grace.days + 1)
    try:
        return add_working_days(calendar, last, grace.days) + DAY
    except NoWorkingDay:
        return until_on


def is_summary(mechanism: Mechanism) -> bool:
    """Tell whether a mechanism is met by the stage's own summary: it opens no gate."""
    return any(way.kind == STAGE_DONE for way in mechanism.satisfied_by)


def grace_of_summaries(playbook: Playbook) -> Grace:
    """Return how long after a stage its summary is in time, as the playbook says."""
    return next((one.grace for one in playbook.mechanisms if is_summary(one)), USUAL_GRACE)
