from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.appraisal.calc.panel import count_marks, severities, spread_mean, trimmed_mean, whole_mark
from ronghe.domain.appraisal.calc.panel_urn import empty, pack, unpack, with_sheet


def marks_of(rows):
    return {(who, whom): Decimal(mark) for who, row in rows.items() for whom, mark in row.items()}


def test_a_whole_mark_weighs_its_criteria():
    assert whole_mark([8, 5], [Decimal("0.6"), Decimal("0.4")], 10) == Decimal(68)


def test_trimming_leaves_out_the_highest_and_the_lowest_and_says_how_many():
    assert trimmed_mean([Decimal(n) for n in (10, 80, 82, 84, 100)], 1, 1) == (Decimal(82), 2)
    assert trimmed_mean([Decimal(n) for n in (10, 80, 90)], 1, 1) == (Decimal(60), 0)
    assert trimmed_mean([Decimal(90)] * 4, 1, 5) == (None, 0)


def test_a_strict_reviewer_is_evened_out_even_where_he_saw_only_the_weak():
    level = {1: 90, 2: 80, 3: 70, 4: 60}
    lean = {11: 0, 12: 6, 13: -6}
    seen = {11: (1, 2, 3, 4), 12: (1, 2, 3, 4), 13: (2, 3, 4)}
    rows = {who: {whom: level[whom] + lean[who] for whom in seen[who]} for who in lean}

    found = severities(marks_of(rows))

    assert found == {11: Decimal(0), 12: Decimal(6), 13: Decimal(-6)}
    counted = count_marks(
        marks_of(rows), reviewers=[11, 12, 13], subjects=[1, 2, 3, 4], kept_out=frozenset({(13, 1)}), trim=0, least=2,
        adjusts=True,
    )  # fmt: skip
    assert {key: one.score for key, one in counted.outcomes.items()} == {key: Decimal(n) for key, n in level.items()}
    assert (counted.outcomes[1].kept_out, counted.outcomes[1].missing, counted.outcomes[1].marked) == (1, 0, 2)


def test_of_too_few_nobody_is_called_strict():
    assert severities(marks_of({1: {1: 90, 2: 80, 3: 70}, 2: {1: 60, 2: 50, 3: 40}})) == {}
    assert severities(marks_of({who: {1: 90, 2: 80} for who in (1, 2, 3)})) == {}


def test_a_declared_conflict_does_not_count_and_is_not_missing():
    counted = count_marks(
        marks_of({1: {7: 100}, 2: {7: 60}, 3: {7: 80}}), reviewers=[1, 2, 3, 4], subjects=[7],
        kept_out=frozenset({(1, 7)}), trim=0, least=2, adjusts=True,
    )  # fmt: skip

    assert (counted.outcomes[7].score, counted.outcomes[7].missing, counted.outcomes[7].kept_out) == (Decimal(70), 1, 1)


@given(st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 5)), st.integers(0, 100), min_size=1))
def test_scores_stay_between_nothing_and_all(found):
    marks = {cell: Decimal(mark) for cell, mark in found.items()}
    counted = count_marks(
        marks, reviewers=range(1, 6), subjects=range(1, 6), kept_out=frozenset(), trim=1, least=1, adjusts=True
    )

    for outcome in counted.outcomes.values():
        assert outcome.score is None or 0 <= outcome.score <= 100
        assert outcome.marked + outcome.missing == 5
    assert abs(sum(counted.severity.values())) < Decimal("0.01")


def test_a_spread_counts_as_its_marks():
    assert spread_mean([0, 0, 1, 0, 3, 1], 0, 10) == Decimal(38)
    assert spread_mean([1, 0, 0, 0, 3, 1], 1, 10) == Decimal(40)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=20))
def test_the_urn_forgets_who_gave_what_and_keeps_its_length(sheets):
    forward, back = empty(1, 2, 10), empty(1, 2, 10)
    for sheet in sheets:
        forward = with_sheet(forward, {0: sheet})
    for sheet in reversed(sheets):
        back = with_sheet(back, {0: sheet})

    assert forward == back == unpack(pack(forward), 2, 10)
    assert len(pack(forward)) == len(pack(empty(1, 2, 10)))
