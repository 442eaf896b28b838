"""AP-03, AP-04, PS-01: the shipped yearly sheet for Party cadres, with worked numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from ronghe.domain.playbooks.calc.library import SHIPPED
from tests.scoring.story import fact, grades, items, run, subjects_table, totals

BOOK = yaml.safe_load((SHIPPED / "responsibilities.yaml").read_text(encoding="utf-8"))


def marked(above: int = 90, below: int = 80) -> list[dict]:
    return [
        fact("panel.mark", subject="c", item="cadre_from_above", quantity=above),
        fact("panel.mark", subject="c", item="cadre_from_below", quantity=below),
    ]


def tasks(in_time: int, late: int = 0) -> list[dict]:
    told = [True] * in_time + [False] * late
    return [fact("work.task_accepted", subject="c", on_time=one) for one in told]


def studied(months: int, trainings: int = 1) -> list[dict]:
    met = [
        fact("rhythm.attended", f"2026-{month:02}-10", subject="c", activity_type="committee_study")
        for month in range(1, months + 1)
    ]
    return met + [fact("partylife.hours_confirmed", subject="c", quantity=16, form="off_job")] * trainings


def heard(grade: str) -> list[dict]:
    return [fact("hearings.result", subject="c", body="b", grade=grade)]


def reviewed(grade: str) -> list[dict]:
    return [fact("orglife.graded", subject="c", body="b", grade=grade)]


def scored(*facts: list[dict], category: str = "backbone"):
    told = [one for group in facts for one in group]
    people = subjects_table("member", "c", category=category)
    return run(BOOK, told, sheet="cadre_yearly", subjects=people)


def test_a_secretarys_year_from_all_six_parts():
    # 90 of 25 + 80 of 25 + 4 of 5 tasks of 20 + 较好 8.5 + 合格 8.5 + 8 months at 0.5 and one training 4
    result = scored(marked(), tasks(4, 1), heard("fairly_good"), reviewed("qualified"), studied(8))

    found = items(result, "c")
    parts = ("cadre_from_above", "cadre_from_below", "joint_tasks", "report_hearing", "democratic_review", "learning")
    assert [found[name] for name in parts] == [
        Decimal("22.5"), 20, 16, Decimal("8.5"), Decimal("8.5"), 8,
    ]  # fmt: skip
    assert (totals(result), grades(result)) == ({"c": Decimal("83.5")}, {"c": "competent"})


@pytest.mark.parametrize(("grade", "points"), [("good", 10), ("fairly_good", "8.5"), ("average", 7), ("poor", 5)])
def test_ap_04_the_grade_of_the_hearing_gives_its_points(grade, points):
    assert items(scored(heard(grade)), "c")["report_hearing"] == Decimal(points)


@pytest.mark.parametrize(
    ("grade", "points"), [("excellent", 10), ("qualified", "8.5"), ("basic", 6), ("unqualified", 0)]
)
def test_pm_08_the_grade_of_the_democratic_review_gives_its_points(grade, points):
    assert items(scored(reviewed(grade)), "c")["democratic_review"] == Decimal(points)


def test_who_did_not_report_is_judged_by_the_rest():
    # 22.5 + 20 + 20 + 10 + 10 of 90, carried to 100
    result = scored(marked(), tasks(5), reviewed("excellent"), studied(12))

    assert items(result, "c")["report_hearing"] is None
    assert totals(result) == {"c": Decimal("91.6667")}


@pytest.mark.parametrize(("months", "trainings", "points"), [(12, 0, 6), (12, 1, 10), (0, 2, 4), (0, 0, 0)])
def test_ps_01_study_each_month_and_one_training_a_year(months, trainings, points):
    assert items(scored(studied(months, trainings)), "c")["learning"] == points


def test_a_second_study_in_a_month_gives_nothing_more():
    twice = [*studied(1, 0), fact("rhythm.attended", "2026-01-20", subject="c", activity_type="party_lecture")]

    assert items(scored(twice), "c")["learning"] == Decimal("0.5")


@pytest.mark.parametrize(
    ("mark", "total", "grade"),
    [
        (88, "90", "excellent"), (87, "89.375", "competent"), (64, "75", "competent"), (63, "74.375", "barely"),
        (40, "60", "barely"), (39, "59.375", "incompetent"),
    ],
)  # fmt: skip
def test_grades_at_and_just_below_each_threshold(mark, total, grade):
    # half the mark, 20 for the tasks and 8 for study, of 80, carried to 100
    result = scored(marked(mark, mark), tasks(5), studied(8))

    assert (totals(result), grades(result)) == ({"c": Decimal(total)}, {"c": grade})


def test_rt_07_a_veto_leaves_the_lowest_grade():
    result = scored(marked(100, 100), tasks(5), heard("good"), reviewed("excellent"), studied(12),
                    [fact("veto.raised", subject="c", item="grave_misconduct")])  # fmt: skip

    assert (totals(result), grades(result)) == ({"c": 100}, {"c": "incompetent"})


@pytest.mark.parametrize("category", ["ordinary", "floating"])
def test_who_holds_no_post_is_not_scored(category):
    assert totals(scored(marked(), category=category)) == {}
