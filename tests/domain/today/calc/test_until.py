from __future__ import annotations

from datetime import datetime, time

import pytest

from ronghe.domain.today.calc.until import moment_of
from ronghe.domain.today.enums import Until
from ronghe.kernel.calendar.moments import SHANGHAI

EVENING = time(16, 30)


def at(day, hour, minute=0):
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("until", "now", "back"),
    [
        (Until.HOUR, at(14, 7, 40), at(14, 8, 40)),
        (Until.HOUR, at(14, 23, 30), at(15, 0, 30)),
        (Until.EVENING, at(14, 7, 40), at(14, 16, 30)),
        (Until.EVENING, at(14, 16, 30), at(14, 17, 30)),
        (Until.EVENING, at(14, 18), at(14, 19)),
        (Until.TOMORROW, at(14, 0, 1), at(15, 7)),
        (Until.TOMORROW, at(30, 23, 59), datetime(2026, 10, 1, 7, tzinfo=SHANGHAI)),
    ],
)
def test_it_comes_back_by_itself(until, now, back):
    assert moment_of(until, now, EVENING) == back
