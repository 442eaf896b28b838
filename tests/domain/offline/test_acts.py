"""The text that a phone signs, and the time it claims."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.offline.calc.acts import FIELDS, FIRST, WORDS, ActMisshapen, item_digest, read_act
from ronghe.domain.offline.calc.times import FUTURE, Clocks, is_to_come, is_too_old, own_time
from ronghe.domain.offline.enums import ActKind

NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)
MS = int(NOON.timestamp() * 1000)


def act(**changes) -> str:
    said = {
        "v": 1, "id": "a" * 32, "key": "b" * 64, "n": 1, "before": FIRST, "kind": "tick", "device_ms": MS,
        "skew_ms": 0, "steady_ms": None, "what": {"activity": 3, "person": 4},
    }  # fmt: skip
    return json.dumps({**said, **changes})


def test_every_kind_of_act_says_what_it_may_say():
    assert set(FIELDS) == set(ActKind.values)
    assert all(set(words) <= set(FIELDS[kind]) for kind, words in WORDS.items())


def test_act_is_read_with_the_digest_of_its_very_bytes():
    read = read_act(act())

    assert (read.kind, read.number, read.what) == ("tick", 1, {"activity": 3, "person": 4})
    assert read.digest != read_act(act() + " ").digest


def test_words_left_out_are_empty():
    read = read_act(act(kind="agenda_add", what={"activity": "c" * 32, "topic": "补焊"}))

    assert read.what == {"activity": "c" * 32, "topic": "补焊", "notes": "", "decision": ""}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "1", "null", "{", "[" * 100_000, act(v=2), act(id="A" * 32), act(n=0), act(n=True), act(n=1.0),
        act(kind="dance"), act(kind=None), act(key="b"), act(more=1), act(device_ms=-1), act(device_ms=10**30),
        act(skew_ms="1"), act(what=[]), act(what={"activity": 3}), act(what={"activity": 3, "person": 0}),
        act(what={"activity": 3, "person": 4, "by": 1}), act(what={"activity": "zz", "person": 4}),
        act(kind="agenda_add", what={"activity": 3, "topic": " "}),
        act(kind="agenda_add", what={"activity": 3, "topic": "补" * 121}),
        act(kind="agenda_add", what={"activity": 3, "topic": "补\x00焊"}),
        act(kind="agenda_add", what={"activity": 3, "topic": "补\ud800"}),
        act(kind="agenda_add", what={"activity": 3, "topic": "补", "notes": "长" * 2001}),
        act(kind="leave", what={"activity": 3, "person": 4, "leave_kind": "SICK", "reason": ""}),
        act().replace('"n": 1', '"n": NaN'), act().replace('"n": 1', '"n": ' + "9" * 5000), act(pad="x" * 20_000),
    ],
)  # fmt: skip
def test_anything_else_is_no_act(text):
    with pytest.raises(ActMisshapen):
        read_act(text)


@given(st.text(max_size=200))
def test_no_text_is_more_than_refused(text):
    with pytest.raises(ActMisshapen):
        read_act(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_no_value_in_an_act_is_more_than_refused(value):
    for kind in FIELDS:
        with pytest.raises(ActMisshapen):
            read_act(act(kind=kind, what=value))


def test_item_is_known_by_its_words():
    assert item_digest("补焊", "", None) == item_digest("补焊", "", "")
    assert item_digest("补焊", "甲", "") != item_digest("补焊", "", "甲")


@pytest.mark.parametrize(
    ("clocks", "minutes"),
    [
        (Clocks(MS, 0), 0),
        (Clocks(MS + 600_000, 600_000), 0),  # ten minutes fast, and known to be
        (Clocks(MS - 600_000, -600_000), 0),
        (Clocks(MS, 0, MS - 300_000), 0),  # the phone slept five minutes
        (Clocks(MS - 86_400_000, 0, MS), 0),  # somebody set the phone back a day
        (Clocks(MS + 3_600_000, 0, MS), 60),  # set forward: claimed as it stands, refused where it has not come
    ],
)
def test_own_time_is_the_clock_set_right(clocks, minutes):
    assert own_time(clocks) == NOON + timedelta(minutes=minutes)


@given(st.integers(0, 253_402_300_000_000), st.integers(-253_402_300_000_000, 253_402_300_000_000))
def test_every_clock_gives_some_time(device, skew):
    assert own_time(Clocks(device, skew)).tzinfo is UTC


def test_time_to_come_is_told_beyond_what_an_answer_takes():
    assert not is_to_come(NOON + FUTURE, NOON)
    assert is_to_come(NOON + FUTURE + timedelta(milliseconds=1), NOON)


def test_act_is_too_old_after_its_days():
    assert not is_too_old(NOON - timedelta(days=7), NOON, days=7)
    assert is_too_old(NOON - timedelta(days=7, milliseconds=1), NOON, days=7)
