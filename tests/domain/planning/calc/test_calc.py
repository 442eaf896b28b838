"""SD-12 without a database: what is joint, what is a gap, who are both sides, which words name an item."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ronghe.domain.planning.calc.contents import ItemText, as_data, changes_between, digest_of
from ronghe.domain.planning.calc.likeness import likeness, names
from ronghe.domain.planning.calc.matrix import counts, gaps_of, is_asked, is_joint, is_overdue, tally
from ronghe.domain.planning.calc.sides import Pair, pick, together
from ronghe.domain.planning.calc.table import read_row

YES, NO, NA, OFFERED = "confirmed", "none", "not_applicable", "proposed"


@pytest.mark.parametrize(
    ("cells", "joint", "gaps"),
    [
        ([YES, YES, YES, YES], True, 0),
        ([YES, YES, YES, NA], True, 0),
        ([YES, NA, NA, NA], True, 0),
        ([NA, NA, NA, NA], False, 0),
        ([YES, YES, YES, OFFERED], False, 1),
        ([YES, YES, YES, "contested"], False, 1),
        ([NO, NO, NO, NO], False, 4),
    ],
)
def test_sd_12_an_item_is_joint_in_all_four_or_not(cells, joint, gaps):
    assert (is_joint(cells), gaps_of(cells), counts(cells)) == (joint, gaps, cells != [NA] * 4)


def test_sd_12_the_share_is_exact():
    lines = [[YES] * 4, [YES] * 4, [NO] * 4, [NA] * 4]
    found = tally(lines)
    assert (found.items, found.joint, found.gaps, found.percent) == (3, 2, 4, Decimal("66.7"))
    assert tally([[NA] * 4]).percent is None


def test_sd_12_both_sides_are_two_people():
    assert pick({1}, {2}).is_joint
    assert not pick({1}, {1}).is_joint
    assert pick({1, 2}, {1}) == Pair(2, 1)
    assert pick({1, 3}, {2, 4}, first={3, 4}) == Pair(3, 4)
    assert pick(set(), {2}) == Pair(None, 2)
    assert not pick(set(), set()).is_joint


def test_sd_12_records_taken_together_may_show_both_sides():
    assert together([Pair(1, None), Pair(None, 2)])
    assert not together([Pair(1, None), Pair(None, 1)])
    assert not together([])
    assert together([Pair(None, None, is_whole=True)])


def test_half_of_an_items_words_name_it():
    assert likeness("管线焊接", "3号沟管线焊接完成") == 10_000
    assert (likeness("管线焊接", "管线试压"), names("管线焊接", "管线试压")) == (3_333, False)
    assert (likeness("abc", "ab"), names("abc", "ab")) == (5_000, True)
    assert not names("", "管线")
    assert names("沟", "沟")


@pytest.mark.parametrize(
    ("done_on", "dropped", "asked"),
    [(None, False, True), (date(2026, 7, 1), False, True), (date(2026, 6, 30), False, False), (None, True, False)],
)
def test_an_item_is_asked_until_the_quarter_in_which_it_was_achieved(done_on, dropped, asked):
    assert is_asked(quarter_from=date(2026, 7, 1), done_on=done_on, is_dropped=dropped) is asked


def test_the_day_itself_is_in_time():
    told = {"due_on": date(2026, 9, 25), "done_on": None, "is_dropped": False}
    assert not is_overdue(**told, today=date(2026, 9, 25))
    assert is_overdue(**told, today=date(2026, 9, 26))


def text(**changes):
    given = {"title": "焊接", "kind": "production", "production_owner": 1, "party_owner": 2, "due_on": date(2026, 9, 1)}
    return ItemText(**{**given, "figure": Decimal("12.00"), **changes})


def test_the_digest_does_not_hang_on_how_a_number_is_written():
    one, same = as_data(1, text(), is_dropped=False), as_data(1, text(figure=Decimal(12)), is_dropped=False)
    assert digest_of([one]) == digest_of([same])
    assert digest_of([one]) != digest_of([as_data(1, text(figure=Decimal("12.01")), is_dropped=False)])
    assert as_data(1, text(figure=Decimal(120)), is_dropped=False)["figure"] == "120"


def test_changes_say_what_became_different():
    before = [as_data(1, text(), is_dropped=False), as_data(2, text(), is_dropped=True)]
    after = [
        as_data(1, text(title="试压"), is_dropped=False), as_data(2, text(), is_dropped=False),
        as_data(3, text(), is_dropped=False),
    ]  # fmt: skip
    assert [(one["act"], one["fields"]) for one in changes_between(before, after)] == [
        ("changed", [["title", "焊接", "试压"]]), ("restored", []), ("added", []),
    ]  # fmt: skip


def row(**cells):
    given = {"title": "焊接", "kind": "生产", "goal": "", "figure": "12", "unit": "道", "production_owner": "甲",
             "party_owner": "乙", "due_on": "2026-09-30", "weight": "10"}  # fmt: skip
    people = {"甲": 1, "乙": 2}
    return read_row(
        5, {**given, **cells}, who=lambda name: (people.get(name), "不在这里"), from_on=date(2026, 7, 1),
        until_on=date(2026, 10, 1),
    )  # fmt: skip


def test_a_row_without_problems_is_an_item():
    assert row(due_on="2026/9/30").item == ItemText(
        "焊接", "production", 1, 2, date(2026, 9, 30), "", Decimal(12), "道", Decimal(10)
    )


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"title": ""}, "title"), ({"title": "长" * 81}, "title"), ({"kind": "安全"}, "kind"),
        ({"figure": "", "goal": ""}, "goal"), ({"figure": "很多"}, "figure"), ({"figure": "NaN"}, "figure"),
        ({"figure": "1e9"}, None), ({"figure": "0.001"}, "figure"), ({"weight": "100.01"}, "weight"),
        ({"weight": "100"}, None), ({"production_owner": "丙"}, "production_owner"),
        ({"party_owner": "甲"}, "party_owner"), ({"due_on": "九月底"}, "due_on"), ({"due_on": "2026-10-01"}, "due_on"),
        ({"due_on": "2026-09-31"}, "due_on"), ({"due_on": "2026-07-01"}, None), ({"figure": "1e999999"}, "figure"),
    ],
)  # fmt: skip
def test_every_problem_of_a_row_is_named_by_its_cell(cells, key):
    read = row(**cells)
    assert list(read.problems) == ([key] if key else [])
    assert (read.item is None) == (key is not None)
