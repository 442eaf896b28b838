"""What was really done, read as a rhythm, and written down so that it checks clean."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbooks
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.rollouts.calc.practice import (
    RHYTHMS,
    Held,
    activity_types_of,
    findings,
    practice_text,
    practised,
)

MONDAY = date(2026, 6, 1)


def held(gap: int, times: int, *, kind: str = "theme_party_day", at: time = time(15, 2)) -> Held:
    days = tuple(MONDAY + timedelta(days=gap * n) for n in range(times))
    return Held(kind, "主题党日", days, (at,) * times, {"管廊动火": times})


@pytest.mark.parametrize(
    ("gap", "rrule"),
    [(1, "FREQ=DAILY"), (2, "FREQ=WEEKLY"), (7, "FREQ=WEEKLY"), (10, "FREQ=WEEKLY"), (11, "FREQ=WEEKLY;INTERVAL=2"),
     (20, "FREQ=WEEKLY;INTERVAL=2"), (21, "FREQ=MONTHLY"), (30, "FREQ=MONTHLY"), (45, "FREQ=MONTHLY"),
     (46, "FREQ=MONTHLY;INTERVAL=2"), (75, "FREQ=MONTHLY;INTERVAL=2"), (76, "FREQ=MONTHLY;INTERVAL=3")],
)  # fmt: skip
def test_days_between_make_the_rhythm(gap, rrule):
    assert practised(held(gap, 3)).rrule == rrule


def test_once_is_no_rhythm():
    one = practised(held(7, 1))
    assert (one.rrule, one.words) == (None, "1 次，多在15:00")


def test_weekday_is_told_where_most_fall_on_it():
    assert practised(held(7, 4)).weekday == "周一"
    assert practised(held(8, 5)).weekday is None
    assert practised(held(7, 2)).weekday is None


@given(st.lists(st.integers(0, 89), min_size=1, max_size=90), st.integers(0, 23 * 60 + 59))
def test_any_practice_has_a_rhythm_of_the_list_or_none(offsets, minute):
    days = tuple(sorted(MONDAY + timedelta(days=n) for n in offsets))
    one = practised(Held("x", "x", days, (time(minute // 60, minute % 60),)))
    assert one.rrule in {None, *(rule for _most, rule, _window, _words in RHYTHMS)}
    assert (one.rrule is None) == (len(set(days)) == 1)
    assert one.starts_at is not None
    assert one.starts_at.minute % 5 == 0


@pytest.mark.parametrize("book", shipped_playbooks(), ids=lambda book: book.id)
@pytest.mark.parametrize("gap", [1, 7, 14, 30, 60])
def test_text_of_practice_checks_clean_over_every_shipped_model(book, gap):
    """However often everything is held, and for whichever kind of body."""
    head = {"id": "own_1", "version": 1, "title": {"zh": "做法", "en": "Practice"}}
    kinds = {kind for mechanism in book.mechanisms for kind in mechanism.body_kinds}
    types = {one for mechanism in book.mechanisms for one in activity_types_of(mechanism)}
    seen = {one: practised(held(gap, 90 // gap + 1, kind=one)) for one in types}
    for kind in sorted(kinds):
        found = findings(book, BodyKind(kind), seen)
        text = practice_text(book, found, list(seen.values())[:2], head=head, days=90)
        loaded = load_playbook(text)
        assert [problem.message for problem in loaded.problems if problem.severity == "error"] == []
        assert loaded.playbook is not None
        for finding in found:
            if finding.is_other:
                rhythm = loaded.playbook.mechanism(finding.mechanism.id).rhythm
                assert rhythm is not None
                assert rhythm.cadence.text == finding.practised.rrule
