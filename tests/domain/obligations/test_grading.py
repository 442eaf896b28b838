"""RT-03: what a final grade makes a body owe, from the appraisal's fact to the obligation."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ronghe.domain.appraisal.facts import GRADED
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, replace_run
from ronghe.domain.exchange.facts import VISIT_HELD
from ronghe.domain.obligations.models import BodyGrade, Obligation
from ronghe.domain.obligations.services.generating import Generated, generate_obligations
from ronghe.domain.obligations.services.grading import following_period, keep_grade
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from tests.domain.obligations.making import SHANGHAI
from tests.factories.appraisal import PLAYBOOK, a_quarter, fault, final_run, make_field, study

pytestmark = pytest.mark.django_db

WATCH = """
  - id: quarterly_visit
    title: {zh: 季度走访, en: Quarterly visit}
    dimension: life
    for: [branch]
    for_grade: {sheet: branch_quarter, grades: [good], ungraded: owed}
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter, partial_window: owed}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: exchange.visit_held}]
  - id: monthly_visit
    title: {zh: 每月走访帮扶, en: Monthly support visit}
    dimension: life
    for: [branch]
    for_grade: {sheet: branch_quarter, grades: [fair, below]}
    cadence: {rrule: FREQ=MONTHLY, window: month, partial_window: owed}
    calendar: every_day
    answers: secretary
    satisfied_by: [{kind: exchange.visit_held}]
"""
NEW_YEAR = datetime(2026, 1, 1, 8, 0, tzinfo=SHANGHAI)
LATER = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def field():
    """南一 and 北二 work by a playbook whose visits follow the quarter's grade: 南一 comes to good, 北二 to fair."""
    field = make_field()
    loaded = load_playbook(PLAYBOOK.replace("sheets:", WATCH.lstrip("\n") + "sheets:", 1))
    for body in (field.south, field.north):
        adopt_playbook(body=body, playbook=loaded.playbook, since=NEW_YEAR.date(), actor=None, at=NEW_YEAR)
    a_quarter(field)
    return field


def visits(body, since=date(2026, 10, 1)):
    rows = Obligation.objects.filter(body=body, mechanism__endswith="_visit", counts_on__gte=since)
    rows = rows.filter(counts_on__lt=date(2027, 1, 1)).order_by("due_on", "mechanism")
    return [f"{row.mechanism} {row.occurrence}" for row in rows]


def correct(field, run: Run, *, at: datetime = LATER) -> Run:
    """Replace a final run by one that reads what was recorded since, and make that final."""
    new = replace_run(run=run, playbook=load_playbook(PLAYBOOK).playbook, reason="补记", actor=field.clerk, at=at)
    new = publish_run(run=compute_run(run=new, at=at), actor=field.clerk, at=at)
    return finalize_run(run=new, actor=field.clerk, at=datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))


def test_rt_03_a_final_run_writes_one_fact_for_each_graded_body(field):
    run = final_run(field)

    facts = Fact.objects.filter(kind="appraisal.graded").order_by("body")
    told = {"playbook": "story_book", "sheet": "branch_quarter", "period": "2026Q3"}
    assert [(fact.body, fact.subject, fact.source_id, fact.values) for fact in facts] == [
        (field.south.pk, None, run.pk, {**told, "grade": "good"}),
        (field.north.pk, None, run.pk, {**told, "grade": "fair"}),
    ]


def test_rt_03_a_run_of_people_writes_no_grades(field):
    final_run(field, sheet="member_quarter")

    assert not Fact.objects.filter(kind="appraisal.graded").exists()


def test_rt_03_the_lower_grade_is_visited_more_often_in_the_following_quarter(field):
    final_run(field)

    assert visits(field.south) == ["quarterly_visit 2026-10-01"]
    assert visits(field.north) == [
        "monthly_visit 2026-10-01", "monthly_visit 2026-11-01", "monthly_visit 2026-12-01", "quarterly_visit 2026-10-01",
    ]  # fmt: skip


def test_rt_03_without_a_final_grade_the_ordinary_rhythm_holds(field):
    assert visits(field.north) == ["quarterly_visit 2026-10-01"]


def test_rt_03_a_grade_decides_in_the_following_period_alone(field):
    final_run(field)
    january = datetime(2027, 1, 2, 0, 20, tzinfo=SHANGHAI)

    generate_obligations(at=january)

    rows = Obligation.objects.filter(mechanism="monthly_visit").order_by("due_on")
    assert list(rows.values_list("occurrence", flat=True)) == ["2026-10-01", "2026-11-01", "2026-12-01"]


def test_rt_03_an_obligation_says_which_grade_period_and_run_bring_it(field):
    run = final_run(field)

    row = Obligation.objects.get(body=field.north, occurrence="2026-11-01", mechanism="monthly_visit")
    ordinary = Obligation.objects.get(body=field.north, occurrence="2026-11-01", mechanism="monthly_study")

    assert row.why_owed == f"2026Q3 党支部季度考评为达标（第 {run.pk} 号考评定稿）"
    assert ordinary.why_owed == ""


def test_rt_03_a_visit_meets_it(field):
    final_run(field)

    record(Draft(VISIT_HELD, datetime(2026, 11, 5, 15, 0, tzinfo=SHANGHAI), None, body=field.north.pk, quantity=1))

    met = Obligation.objects.filter(body=field.north, mechanism__endswith="_visit", match__isnull=False).order_by("pk")
    assert sorted((row.mechanism, row.occurrence) for row in met) == [
        ("monthly_visit", "2026-11-01"),
        ("quarterly_visit", "2026-10-01"),
    ]


def test_rt_03_generating_again_changes_nothing(field):
    final_run(field)

    assert generate_obligations(at=LATER) == Generated()
    assert generate_obligations(at=LATER, body_ids=[field.north.pk]) == Generated()


def test_rt_03_a_fact_told_twice_is_kept_once(field):
    final_run(field)

    for fact in Fact.objects.filter(kind="appraisal.graded").order_by("pk"):
        keep_grade(fact)

    assert BodyGrade.objects.count() == 2


def test_rt_03_a_correction_reverses_the_facts_and_changes_the_rhythm_from_its_own_day(field):
    first = final_run(field)
    study(field.north, times=2)

    second = correct(field, first)

    reversals = Fact.objects.filter(kind="appraisal.graded", reverses__isnull=False)
    rows = BodyGrade.objects.filter(body=field.north).order_by("fact")
    assert reversals.count() == 2
    assert [(row.run, row.grade, row.from_on, row.until_on) for row in rows] == [
        (first.pk, "fair", date(2026, 10, 20), date(2026, 12, 1)),
        (second.pk, "good", date(2026, 12, 1), date(2027, 1, 1)),
    ]
    assert visits(field.north) == ["monthly_visit 2026-10-01", "monthly_visit 2026-11-01", "quarterly_visit 2026-10-01"]


def test_rt_03_a_correction_to_the_same_grade_changes_nothing_that_is_owed(field):
    first = final_run(field)
    before = visits(field.north)

    correct(field, first)

    assert visits(field.north) == before


def test_rt_03_a_correction_downward_adds_what_is_left_of_the_period(field):
    first = final_run(field)
    fault(field.south, times=4)

    correct(field, first)

    assert visits(field.south) == ["monthly_visit 2026-12-01", "quarterly_visit 2026-10-01"]


def test_rt_03_a_run_that_becomes_final_after_the_following_period_brings_nothing(field):
    late = datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI)
    values = {"playbook": "story_book", "sheet": "branch_quarter", "grade": "fair", "period": "2026Q3"}
    kind = Fact.objects.filter(kind="appraisal.graded")

    record(Draft(GRADED, late, None, body=field.north.pk, attributes=values, source=field.committee))

    assert kind.count() == 1
    assert not BodyGrade.objects.exists()


def test_rt_03_the_last_day_of_the_following_period_still_counts(field):
    late = datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)
    values = {"playbook": "story_book", "sheet": "branch_quarter", "grade": "fair", "period": "2026Q3"}

    record(Draft(GRADED, late, None, body=field.north.pk, attributes=values, source=field.committee))

    assert BodyGrade.objects.get().from_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("period", "span"),
    [
        ("2026Q3", DaySpan(date(2026, 10, 1), date(2027, 1, 1))),
        ("2026Q4", DaySpan(date(2027, 1, 1), date(2027, 4, 1))),
        ("2026-01", DaySpan(date(2026, 2, 1), date(2026, 3, 1))),
        ("2026H2", DaySpan(date(2027, 1, 1), date(2027, 7, 1))),
        ("2026", DaySpan(date(2027, 1, 1), date(2028, 1, 1))),
        ("2026Q1..2026Q3", DaySpan(date(2026, 10, 1), date(2027, 7, 1))),
    ],
)
def test_the_following_period_is_as_long_and_comes_right_after(period, span):
    assert following_period(period) == span


def test_what_a_grade_brings_costs_no_statements_for_each_body(field, django_assert_max_num_queries):
    final_run(field)
    with django_assert_max_num_queries(12):
        generate_obligations(at=LATER)
