from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ronghe.domain.rhythm.calc.slots import is_good, slot_of

SHOWN = datetime(2026, 9, 13, 23, 40, 0, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "slot"), [(0, 0), (59, 0), (60, 1), (119, 1), (120, 2)])
def test_new_slot_begins_every_sixty_seconds(seconds, slot):
    first = slot_of(SHOWN, seconds=60)

    assert slot_of(SHOWN + timedelta(seconds=seconds), seconds=60) - first == slot


@pytest.mark.parametrize(("seconds", "good"), [(-1, False), (0, True), (59, True), (119, True), (120, False)])
def test_code_is_good_in_its_slot_and_the_next_and_never_before(seconds, good):
    slot = slot_of(SHOWN, seconds=60)

    assert is_good(slot, SHOWN + timedelta(seconds=seconds), seconds=60) is good
