"""Two results item by item: the changes add up to the difference exactly, whatever the sheets are."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings

from ronghe.scoring.difference import difference
from ronghe.scoring.explain import explain
from ronghe.scoring.sheets import check_sheet
from tests.scoring.story import fact, playbook_of, rows_of_subjects, run, subjects_table, text
from tests.scoring.strategies import facts_with_reversals, roots, subject_rows

slow_but_sure = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@slow_but_sure
@given(first=roots, second=roots, facts=facts_with_reversals(), subjects=subject_rows)
def test_changes_add_up_to_the_difference_of_the_totals(first, second, facts, subjects):
    books = [playbook_of(root, level="member") for root in (first, second)]
    assume(not any(check_sheet(book["sheets"][0]) for book in books))
    tables = {"subjects": rows_of_subjects(subjects)}
    runs = [run(book, facts, period="2026Q3", **tables) for book in books]

    found = difference(*(explain(one, "s1") for one in runs))

    totals = [next(row["total"] or 0 for row in one.rows if row["subject"] == "s1") for one in runs]
    assert (found.before, found.after) == tuple(totals)
    assert sum(change.points for change in found.changes) == found.points == totals[1] - totals[0]


def sheet(*, study: int, cap: int = 100, more: bool = False) -> dict:
    items = [
        {"id": "study", "title": text("学习"), "kind": "each", "of": {"facts": "study"}, "points": study, "cap": 60},
        {"id": "safety", "title": text("安全"), "kind": "deduct", "full": 40, "of": {"facts": "fault"}, "points": 5},
    ]
    if more:
        items.append({"id": "extra", "title": text("加分"), "kind": "each", "of": {"facts": "prize"}, "points": 10,
                      "extra": True})  # fmt: skip
    return playbook_of({"kind": "sum", "items": items, "cap": cap}, level="branch")


def tree(playbook: dict, facts: list[dict], period: str) -> dict:
    return explain(run(playbook, facts, period=period, subjects=subjects_table("branch", "b")), "b")


def test_each_change_says_why_and_how_much():
    facts = [fact("study", "2026-04-10", body="b"), fact("fault", "2026-04-10", body="b")]
    facts += [fact("study", "2026-08-10", body="b") for _time in range(3)]
    facts += [fact("prize", "2026-08-10", body="b") for _time in range(2)]

    found = difference(
        tree(sheet(study=20), facts, "2026Q2"), tree(sheet(study=15, cap=95, more=True), facts, "2026Q3")
    )

    said = [(change.id, change.is_rest, change.points // 10_000, change.why) for change in found.moving]
    assert (found.before, found.after) == (550_000, 950_000)
    assert said == [
        ("study", False, 25, ("measured", "rule")),
        ("extra", False, 20, ("new",)),
        ("total", True, -10, ()),
        ("safety", False, 5, ("measured",)),
    ]


def test_what_is_gone_stands_at_the_end():
    facts = [fact("prize", "2026-08-10", body="b")]

    found = difference(tree(sheet(study=20, more=True), facts, "2026Q3"), tree(sheet(study=20), facts, "2026Q3"))

    last = found.changes[-1]
    assert (last.id, last.points, last.why) == ("extra", -100_000, ("gone",))


def test_months_are_told_as_one_item():
    root = {"kind": "sum", "per": "month", "items": sheet(study=20)["sheets"][0]["root"]["items"]}
    facts = [fact("study", f"2026-0{month}-10", body="b") for month in (7, 8, 9)]
    book = playbook_of(root, level="branch")

    found = difference(tree(book, facts[:2], "2026Q3"), tree(book, facts, "2026Q3"))

    assert [(change.id, change.points) for change in found.moving] == [("study", 200_000)]


def test_a_share_is_said_in_what_was_counted():
    root = {"kind": "ratio", "of": {"part": {"facts": "kept"}, "whole": {"facts": "asked"}}, "full": 20}
    facts = [fact("kept", "2026-08-10", body="b") for _time in range(4)]
    facts += [fact("asked", "2026-08-10", body="b") for _time in range(6)]

    assert tree(playbook_of(root, level="branch"), facts, "2026Q3")["measured"] == "4/6"
