from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from ronghe.kernel.calendar.moments import MomentWithoutZone, day_of, moment_of


def test_day_of_changes_at_midnight_in_shanghai():
    assert day_of(datetime(2026, 7, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert day_of(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == date(2026, 7, 2)


def test_moment_of_is_the_first_moment_of_its_day():
    assert moment_of(date(2026, 7, 2)) == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert moment_of(date(2026, 7, 2), time(7, 40)) == datetime(2026, 7, 1, 23, 40, tzinfo=UTC)
    assert day_of(moment_of(date(2026, 1, 1))) == date(2026, 1, 1)


def test_day_of_refuses_a_moment_without_zone():
    with pytest.raises(MomentWithoutZone) as refusal:
        day_of(datetime(2026, 7, 1, 7, 40))

    assert str(refusal.value) == "时间 2026-07-01T07:40:00 没有写明时区，请补上时区后再导入。"
