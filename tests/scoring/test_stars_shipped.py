"""RT-05, PP-06: the shipped sheets of stars at, just below and just above each threshold."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from ronghe.domain.playbooks.calc.library import SHIPPED
from tests.scoring.story import fact, grades, items, run, subjects_table, totals

STARS = yaml.safe_load((SHIPPED / "star_management.yaml").read_text(encoding="utf-8"))
POINTS = yaml.safe_load((SHIPPED / "member_points.yaml").read_text(encoding="utf-8"))
DAY = "2026-08-10"
THRESHOLDS = [
    ("100", "five_star"), ("95", "five_star"), ("94.98", "four_star"), ("90", "four_star"), ("89.98", "three_star"),
    ("80", "three_star"), ("79.98", "two_star"), ("70", "two_star"), ("69.98", "one_star"), ("60", "one_star"),
    ("59.98", "no_star"), ("0", "no_star"),
]  # fmt: skip


def judged(subject: str, score: str) -> list[dict]:
    """A panel and five employees that agree on `score` out of 100 of a member."""
    answers = [
        fact("survey.answer", DAY, subject=subject, item="member_judged_by_staff", quantity=score)
        for _answer in range(5)
    ]
    return [fact("panel.mark", DAY, subject=subject, item="member_judged_above", quantity=score), *answers]


def branch(score: str, *more: dict) -> list[dict]:
    """A branch with five tasks in time, which give 20 of 60, and marks of panel and employees that bring it to `score`."""
    mark = f"{(Decimal(score) * 60 / 100 - 20) / Decimal('0.4'):f}"
    tasks = [fact("work.task_accepted", DAY, body="b", on_time=True) for _task in range(5)]
    answers = [
        fact("survey.answer", DAY, subject="b", item="branch_judged_by_staff", quantity=mark) for _answer in range(5)
    ]
    return [*tasks, *answers, fact("panel.mark", DAY, subject="b", item="branch_judged_above", quantity=mark), *more]


@pytest.mark.parametrize(("score", "star"), THRESHOLDS)
def test_rt_05_stars_of_members_judged_both_ways(score, star):
    result = run(
        POINTS, judged("m", score), period="2026Q3", sheet="member_two_way", subjects=subjects_table("member", "m")
    )

    assert (totals(result), grades(result)) == ({"m": Decimal(score)}, {"m": star})


@pytest.mark.parametrize(("score", "star"), THRESHOLDS[:-2])
@pytest.mark.parametrize(
    ("sheet", "level"), [("branch_quarter", "branch"), ("general_branch_quarter", "general_branch")]
)
def test_rt_05_stars_of_branches_and_general_branches(sheet, level, score, star):
    result = run(STARS, branch(score), period="2026Q3", sheet=sheet, subjects=subjects_table(level, "b"))

    assert (totals(result), grades(result)) == ({"b": Decimal(score)}, {"b": star})


def test_rt_07_a_grave_accident_leaves_a_branch_without_a_star():
    facts = branch("100", fact("safety.accident", DAY, body="b", severity="fatal"))

    result = run(STARS, facts, period="2026Q3", sheet="branch_quarter", subjects=subjects_table("branch", "b"))

    assert grades(result) == {"b": "no_star"}


def test_pp_06_employees_give_a_fifth_of_a_members_mark():
    facts = [*judged("m", "100")[1:], fact("panel.mark", DAY, subject="m", item="member_judged_above", quantity=50)]

    result = run(POINTS, facts, period="2026Q3", sheet="member_two_way", subjects=subjects_table("member", "m"))

    found = items(result, "m")
    assert (found["judged_above"], found["judged_by_staff"], totals(result)) == (40, 20, {"m": 60})


def test_pp_06_four_employees_are_no_result_and_the_panel_alone_decides():
    facts = judged("m", "90")[:-1]

    result = run(POINTS, facts, period="2026Q3", sheet="member_two_way", subjects=subjects_table("member", "m"))

    assert (items(result, "m")["judged_by_staff"], totals(result)) == (None, {"m": 90})
