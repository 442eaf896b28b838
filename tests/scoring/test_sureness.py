"""How sure a total is: each rate at the end of its interval, carried up by the nodes' own rules."""

from __future__ import annotations

import pytest

from ronghe.scoring.exact import UNIT
from ronghe.scoring.intervals import share_interval
from ronghe.scoring.sureness import MEAN, SHARE, sureness
from tests.scoring.story import (
    fact,
    obligations_table,
    owed,
    playbook_of,
    run,
    subjects_table,
    text,
)

PRESENT = {"part": {"facts": "came"}, "whole": {"facts": "due"}}


def ratio(of, *, id="rate", full=60, **more):  # noqa: A002
    return {"id": id, "title": text("率"), "kind": "ratio", "of": of, "full": full, **more}


COUNTED = {"id": "times", "title": text("次数"), "kind": "each", "of": {"facts": "held"}, "points": 10, "cap": 40}


def judged(*items, facts=(), duties=(), **sheet):
    book = playbook_of({"kind": "sum", "items": list(items)}, level="branch", **sheet)
    return run(book, list(facts), subjects=subjects_table("branch", "b"), obligations=obligations_table(list(duties)))


MET_SEVEN = [*owed("m", "done", times=7), *owed("m", "missed")]


def test_a_rate_moves_the_total_between_its_ends_and_a_count_does_not():
    [found] = sureness(judged(ratio({"due": "m"}), COUNTED, facts=[fact("held", body="b")], duties=MET_SEVEN))

    [leaf] = found.leaves
    assert (leaf.id, leaf.what, leaf.number, leaf.count) == ("rate", SHARE, 7 * UNIT, 8)
    assert leaf.interval == share_interval(7 * UNIT, 8)
    assert (leaf.points, leaf.low, leaf.high) == (525_000, 60 * leaf.interval.low, 60 * leaf.interval.high)
    assert (found.total, found.low, found.high) == (625_000, 100_000 + leaf.low, 100_000 + leaf.high)


def test_doubts_add_up_as_squares():
    two = [ratio({"due": "m"}, id="one", full=30), ratio({"due": "n"}, id="two", full=40)]
    duties = [*MET_SEVEN, *owed("n", "done", times=3), *owed("n", "missed")]
    [found] = sureness(judged(*two, duties=duties))

    down = [leaf.points - leaf.low for leaf in found.leaves]
    lost = found.total - found.low
    assert (lost - 1) ** 2 < sum(part**2 for part in down) <= lost**2
    assert max(down) < lost < sum(down)


def test_what_does_not_apply_leaves_its_weight_and_its_doubt_to_the_others():
    lone = [ratio({"due": "m"}, full=50), ratio({"due": "n"}, id="idle", full=50)]
    [found] = sureness(judged(*lone, duties=MET_SEVEN))

    [leaf] = found.leaves
    assert found.total == 875_000
    assert (found.low, found.high) == (100 * leaf.interval.low, 100 * leaf.interval.high)


def test_a_cap_above_and_a_target_below_keep_the_total_from_moving_up():
    [found] = sureness(judged(ratio({"due": "m"}, target="0.5"), duties=MET_SEVEN))
    assert (found.total, found.high) == (600_000, 600_000)


def test_a_share_of_two_counts_is_in_doubt_and_one_of_sums_is_not():
    facts = [fact("came", body="b", quantity=2)] * 3 + [fact("due", body="b", quantity=2)] * 4
    facts = [row | {"id": f"x{number}"} for number, row in enumerate(facts)]
    few = {"count": "quantity", "per": "year", "at_most": 100}
    amounts = {"part": {"facts": "came", **few}, "whole": {"facts": "due", **few}}

    [counted] = sureness(judged(ratio(PRESENT, target=1), facts=facts))
    [summed] = sureness(judged(ratio(amounts, target=1), facts=facts))

    assert [(leaf.number, leaf.count) for leaf in counted.leaves] == [(3 * UNIT, 4)]
    assert summed.leaves == ()
    assert (summed.low, summed.high) == (summed.total, summed.total)


def test_what_is_steadied_is_drawn_together_at_both_ends():
    bare = ratio({"due": "m"})
    steady = ratio({"steady": {"due": "m"}, "strength": 20})
    [loose], [firm] = sureness(judged(bare, duties=MET_SEVEN)), sureness(judged(steady, duties=MET_SEVEN))

    assert firm.leaves[0].interval == loose.leaves[0].interval
    assert firm.leaves[0].steadied is not None
    assert firm.high - firm.low < (loose.high - loose.low) / 3


def test_marks_give_their_own_spread_without_those_that_are_trimmed():
    marks = [fact("panel.mark", subject="b", quantity=mark, item="visit") for mark in (10, 80, 85, 90, 100)]
    [found] = sureness(judged(ratio({"panel": "visit", "trim": 1}, full=100), facts=marks))

    [leaf] = found.leaves
    assert (leaf.what, leaf.interval.low, leaf.interval.high) == (MEAN, 725_783, 974_217)
    assert (found.total, found.low, found.high) == (850_000, 725_783, 974_217)


def test_one_mark_is_no_doubt():
    marks = [fact("panel.mark", subject="b", quantity=80, item="visit")]
    [found] = sureness(judged(ratio({"panel": "visit"}, full=100), facts=marks))
    assert found.leaves == ()


def test_months_scored_apart_are_in_doubt_apart():
    item = ratio({"due": "m"}, full=100, per="month", fold="mean")
    duties = [
        row for month in ("04-30", "05-31", "06-30") for row in owed("m", "done", times=3, last_day=f"2026-{month}")
    ]
    [found] = sureness(judged(item, duties=[*duties, *owed("m", "missed", last_day="2026-06-30")]))

    assert [(leaf.window, leaf.count) for leaf in found.leaves if leaf.count] == [
        ("2026-04", 3), ("2026-05", 3), ("2026-06", 4),
    ]  # fmt: skip
    assert found.low < found.total < found.high


def test_a_veto_that_brings_the_item_to_nought_leaves_nothing_in_doubt():
    vetoes = [{"id": "accident", "title": text("事故"), "if": {"of": {"facts": "crash"}}, "zero": ["rate"]}]
    [found] = sureness(judged(ratio({"due": "m"}), COUNTED, facts=[fact("crash", body="b")], duties=MET_SEVEN,
                              vetoes=vetoes))  # fmt: skip
    assert (found.total, found.low, found.high) == (0, 0, 0)


@pytest.mark.parametrize("subjects", [["b"], None])
def test_one_subject_may_be_asked_about(subjects):
    assert [one.subject for one in sureness(judged(ratio({"due": "m"}), duties=MET_SEVEN), subjects)] == ["b"]
