"""Every rule that the clerk's manual shows runs, and comes to the number that the manual says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import yaml

from tests.architecture.sources import ROOT
from tests.scoring.story import fact, playbook_of, rows_of_subjects, run, totals

MANUAL = (ROOT / "docs" / "playbook.md").read_text(encoding="utf-8").split("## 十五、")[1]
RULES = {
    node["id"]: node for block in re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL) for node in yaml.safe_load(block)
}
DAY = "2026-03-10"


def times(kind: str, count: int, *, body: str = "b", **attributes) -> list[dict]:
    return [fact(kind, DAY, body=body, **attributes) for _time in range(count)]


def told(kind: str, item: str, *values: float, day: str = DAY) -> list[dict]:
    """Marks, answers or figures about the branch."""
    return [fact(kind, day, subject="b", quantity=value, item=item) for value in values]


BRANCH = [{"subject": "b", "level": "branch"}]
TEN = [{"subject": f"m{number}", "level": "member", "body": "b"} for number in range(10)]
QUARTERS = [*told("figure.value", "inspection", 18, day="2026-02-01"), *told("figure.value", "inspection", 16, day="2026-05-01"),
            *told("figure.value", "inspection", 20, day="2026-11-01")]  # fmt: skip
ATTENDANCE = {"b": (3, 4), "large": (39, 40), "other": (36, 40)}

STORIES = {
    "carried_over": ([], {"previous": [{"subject": "b", "total": "80"}]}, "20"),
    "attendance": ([*times("came", 33), *times("due", 40)], {}, "8"),
    "honors": ([*times("honor", 1, item="province"), *times("honor", 2, item="company")], {}, "6"),
    "hours": (told("figure.value", "hours_a_head", 25), {}, "3"),
    "all_three": ([*times("lesson", 1), *times("life", 1), *times("review", 2)], {}, "15"),
    "inspections": (QUARTERS, {}, "18"),
    "two_reviews": ([*told("panel.mark", "above", 90), *told("survey.answer", "below", 70, 75, 80, 85, 90)], {}, "8.7"),
    "heavier_each_time": (times("late_report", 2), {}, "-3"),
    "a_head": (times("proposal", 4), {"subjects": rows_of_subjects([*BRANCH, *TEN])}, "8"),
    "growth": (told("figure.value", "output_against_last_year", 1.08), {}, "5"),
    "press": ([*times("press", 3, item="company"), *times("press", 2, item="province")], {}, "5"),
    "line": (told("figure.value", "test", 59.5), {}, "0"),
    "placed": (told("figure.value", "place", 2), {}, "8"),
    "middle": (told("figure.value", "spot_check", 60, 95, 80, 90), {}, "8.5"),
    "fair": (
        [row for name, (came, due) in ATTENDANCE.items()
         for row in (*times("came", came, body=name), *times("due", due, body=name))],
        {"subjects": rows_of_subjects([{"subject": name, "level": "branch"} for name in ATTENDANCE])},
        "85.4167",
    ),
}  # fmt: skip


def scored(name: str, facts: list[dict], tables: dict) -> Decimal | None:
    playbook = playbook_of({"kind": "sum", "items": [RULES[name]]}, level="branch")
    return totals(run(playbook, facts, **{"subjects": rows_of_subjects(BRANCH), **tables}))["b"]


def test_every_rule_of_the_manual_has_its_story():
    assert RULES.keys() == STORIES.keys()


@pytest.mark.parametrize("name", STORIES)
def test_a_rule_of_the_manual_comes_to_its_number(name):
    facts, tables, expected = STORIES[name]

    assert scored(name, facts, tables) == Decimal(expected)


def test_one_of_three_missing_gives_nothing():
    assert scored("all_three", [*times("lesson", 1), *times("life", 1)], {}) == 0


def test_four_answers_are_no_result_and_the_weight_goes_to_the_other():
    marks = [*told("panel.mark", "above", 90), *told("survey.answer", "below", 10, 10, 10, 10)]

    assert scored("two_reviews", marks, {}) == 9


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("heavier_each_time", times("late_report", 4), -6),
        ("growth", told("figure.value", "output_against_last_year", "1.0499"), 3),
        ("growth", told("figure.value", "output_against_last_year", "0.9999"), 0),
        ("line", told("figure.value", "test", 60), 6),
        ("placed", told("figure.value", "place", 4), 0),
        ("middle", told("figure.value", "spot_check", 60, 95, 80), 8),
        ("middle", told("figure.value", "spot_check", 60), 6),
    ],
)
def test_a_rule_of_the_manual_holds_on_the_other_side_of_its_limit(name, facts, expected):
    assert scored(name, facts, {}) == expected


@pytest.mark.parametrize(("take", "expected"), [("highest", 95), ("lowest", 60), ("median", 85), ("last", 90)])
def test_a_figure_is_taken_as_the_sheet_says(take, expected):
    rule = {"id": "a", "title": {"zh": "项", "en": "Item"}, "kind": "ratio", "of": {"figure": "x", "take": take},
            "target": 100, "full": 100}  # fmt: skip
    playbook = playbook_of({"kind": "sum", "items": [rule]}, level="branch")
    marks = [row for value, day in ((60, "01"), (95, "02"), (80, "03"), (90, "04"))
             for row in told("figure.value", "x", value, day=f"2026-03-{day}")]  # fmt: skip

    assert totals(run(playbook, marks, subjects=rows_of_subjects(BRANCH)))["b"] == expected


def test_the_manual_writes_the_numbers_that_are_tested():
    for said in (
        "得 8 分",
        "得 6 分",
        "得 3 分",
        "得 15 分",
        "得 18 分",
        "得 8.7 分",
        "85.42%",
        "24 封到 20",
        "得 -3 分",
        "加 5 分",
        "得 8.5 分",
    ):
        assert said in MANUAL
