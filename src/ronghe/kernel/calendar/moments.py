"""Moments are kept in UTC, days are those of Asia/Shanghai; this is the only place where one becomes the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

SHANGHAI = ZoneInfo("Asia/Shanghai")


class MomentWithoutZone(DomainError):
    """A moment that does not say its zone: guessing would shift acts across midnight."""

    code = "moment_without_zone"
    sentence = N_("时间 %(moment)s 没有写明时区，请补上时区后再导入。")
    status = 422


def day_of(moment: datetime) -> date:
    """Return the day on which `moment` falls in Shanghai: 16:00 UTC already belongs to the next day.

    :raises MomentWithoutZone: the moment is naive
    """
    if moment.tzinfo is None:
        raise MomentWithoutZone(moment=moment.isoformat())
    return moment.astimezone(SHANGHAI).date()


def moment_of(day: date, at: time = time.min) -> datetime:
    """Return the UTC moment of the clock time `at` (Shanghai, midnight unless told) on `day`."""
    return datetime.combine(day, at, tzinfo=SHANGHAI).astimezone(UTC)
