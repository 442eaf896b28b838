from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from ronghe.domain.appraisal.selectors.explaining import (
    earlier_scores,
    explained_for,
    facts_behind,
    faults_behind,
    gap_to_next,
)
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.kernel.errors import NotFound
from ronghe.scoring.explain import ExplanationDiffers
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    adopt,
    computed_run,
    fault,
    final_run,
    make_field,
    published_run,
    study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def test_explanation_ends_at_the_result_and_at_its_facts(field):
    learned, broken = study(field.south, times=3), fault(field.south, times=1)
    run = computed_run(field)

    explanation = explained_for(field.clerk, run, field.south.pk, OCTOBER)

    assert explanation.tree["value"] == "95"
    assert explanation.node("study")["facts"] == [fact.pk for fact in learned]
    assert explanation.node("safety")["facts"] == [fact.pk for fact in broken]
    assert sorted(explanation.fact_ids) == sorted(fact.pk for fact in [*learned, *broken])


def test_explanation_of_a_final_run_comes_from_what_was_kept(field):
    a_quarter(field)
    run = final_run(field)
    before = explained_for(field.clerk, run, field.south.pk, OCTOBER).tree
    study(field.south, times=5)

    assert explained_for(field.clerk, run, field.south.pk, OCTOBER).tree == before


def test_explanation_that_ends_elsewhere_is_refused(field):
    a_quarter(field)
    run = computed_run(field)
    results = kept_of(run).path("results.parquet")
    table = pq.read_table(results)
    place = table.column_names.index("score")
    pq.write_table(table.set_column(place, "score", [[990_000, 750_000]]), results)

    with pytest.raises(ExplanationDiffers):
        explained_for(field.clerk, run, field.south.pk, OCTOBER)


def test_explanation_of_somebody_else_is_not_found(field):
    a_quarter(field)
    run = published_run(field, sheet="member_quarter")

    with pytest.raises(NotFound):
        explained_for(field.south_member, run, field.north_member.token, OCTOBER)
    assert explained_for(field.south_member, run, field.south_member.token, OCTOBER).tree["value"] == "4"


def test_facts_behind_are_shown_by_title_and_place_in_order(field):
    late, early = study(field.south, day=20), study(field.south, day=3)
    run = computed_run(field)

    lines = facts_behind(run, [late[0].pk, early[0].pk])

    assert [(line.id, line.title, line.where, line.quantity) for line in lines] == [
        (early[0].pk, "学习", "南一联合站党支部", 10_000), (late[0].pk, "学习", "南一联合站党支部", 10_000),
    ]  # fmt: skip


def test_faults_behind_name_what_was_not_done(field):
    adopt(field.south)
    study(field.south)
    run = computed_run(field, sheet="duties")

    [july, august] = faults_behind(run, field.south.pk)["monthly_study"]

    assert [(line.due_on.isoformat(), line.is_late) for line in (july, august)] == [
        ("2026-07-31", False), ("2026-08-31", False),
    ]  # fmt: skip


def test_gap_to_next_names_the_next_grade_and_where_points_are_missing(field):
    a_quarter(field)
    run = computed_run(field)

    gap = gap_to_next(explained_for(field.clerk, run, field.north.pk, OCTOBER))

    assert gap is not None
    assert (gap.grade, gap.begins_at, gap.missing) == ("优秀", 900_000, 150_000)
    assert gap.chances == (("学习", 200_000), ("安全", 50_000))


def test_gap_to_next_is_nothing_at_the_top(field):
    a_quarter(field)
    run = computed_run(field)

    assert gap_to_next(explained_for(field.clerk, run, field.south.pk, OCTOBER)) is None


def test_earlier_scores_are_those_of_final_runs_before_this_period(field):
    a_quarter(field)
    run = final_run(field)

    assert earlier_scores(run, field.south.pk) == []
    run.period_until = run.period_until.replace(year=2027)
    assert [(period, str(score)) for period, score in earlier_scores(run, field.south.pk)] == [("2026Q3", "100")]
