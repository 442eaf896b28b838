"""The words of a version, each side's digest, and what differs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.duties.calc.shares import SIDES, Share
from ronghe.domain.duties.calc.words import RowWords, differences, read, side_digests, written

ROW = RowWords(7, 1, "qhse", "动火监护", "全程监护", "每月", "PC-06", {"builder": Share("lead", 3, "李江")})
OTHER = replace(ROW, key=8, number=2, shares={"territory": Share("lead"), "builder": Share("help")})

shares = st.dictionaries(
    st.sampled_from(SIDES), st.builds(Share, st.sampled_from(["lead", "help", "inform"]), st.none() | st.integers(1, 9))
)
rows = st.lists(
    st.builds(RowWords, st.integers(1, 50), st.integers(1, 50), st.just("qhse"), st.text(), st.text(), st.text(),
              st.text(), shares),
    unique_by=lambda row: row.key,
)  # fmt: skip


@given(rows)
def test_what_was_written_is_read_again(made):
    assert sorted(read(written(made)), key=lambda row: row.key) == sorted(made, key=lambda row: row.key)


@given(rows, st.randoms())
def test_the_order_of_rows_changes_no_digest(made, chance):
    mixed = list(made)
    chance.shuffle(mixed)

    assert side_digests(mixed) == side_digests(made)
    assert differences(made, mixed) == []


def test_a_row_moves_the_digest_of_its_sides_alone():
    before, after = side_digests([ROW, OTHER]), side_digests([ROW, replace(OTHER, text="巡视")])

    assert {side for side in SIDES if before[side] != after[side]} == {"territory", "builder"}
    assert before["supervision"] == before["management"] == ""


def test_differences_name_the_row_and_what_reads_otherwise():
    changed = replace(ROW, when="2026-09-30", shares={"builder": Share("lead", 4, "何春")})
    found = differences([ROW, OTHER], [changed, replace(ROW, key=9, number=3)])

    assert [(diff.kind, diff.row.number) for diff in found] == [("changed", 1), ("removed", 2), ("added", 3)]
    assert [(one.field, one.before, one.after) for one in found[0].fields] == [
        ("when", "每月", "2026-09-30"), ("builder", Share("lead", 3, "李江"), Share("lead", 4, "何春")),
    ]  # fmt: skip
