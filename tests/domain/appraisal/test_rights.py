"""Rule and list agree: what `allows` says of one run or result, the selectors say of all of them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.appraisal.calc.results import Cut, ResultRow, cut_rows, results_schema
from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import (
    cut_for,
    frozen_rows,
    may_see_result,
    result_seen_by,
    results_seen_by,
)
from ronghe.domain.appraisal.selectors.runs import run_seen_by, runs_seen_by
from ronghe.kernel.errors import NotFound
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    computed_run,
    final_run,
    make_field,
    published_run,
    started_run,
)

pytestmark = pytest.mark.django_db

PEOPLE = ("clerk", "south_secretary", "south_member", "north_member", "auditor", "stranger")


@pytest.fixture
def field():
    return make_field()


def in_every_state(field) -> list[Run]:
    """A run of the committee and one of 北二 in every state."""
    runs = {(state, body): started_run(field) for state in RunState.values for body in (field.committee, field.north)}
    for (state, body), run in runs.items():
        Run.objects.filter(pk=run.pk).update(
            body=body, state=state, results_digest="0" * 64, notice_last_on="2026-10-19", finalized_at=OCTOBER
        )
        run.refresh_from_db()
    return list(runs.values())


@pytest.mark.parametrize("who", PEOPLE)
def test_runs_seen_by_lists_exactly_the_runs_that_may_be_seen(field, who):
    runs = in_every_state(field)
    person = getattr(field, who)

    listed = {run.pk for run in runs_seen_by(person, OCTOBER, size=100)}

    assert listed == {run.pk for run in runs if SEE_RUN.allows(person, run, at=OCTOBER)}


def test_drafts_belong_to_leaders_and_watchers_published_runs_to_everybody_below(field):
    runs = [run for run in in_every_state(field) if run.body_id == field.committee.pk]

    def states(who: str) -> set[str]:
        return {run.state for run in runs if SEE_RUN.allows(getattr(field, who), run, at=OCTOBER)}

    assert states("clerk") == states("auditor") == set(RunState.values)
    assert states("south_member") == states("north_member") == {"public_notice", "final"}
    assert states("south_secretary") == {"self_check", "review", "public_notice", "final"}  # the own branch is judged
    assert states("stranger") == set()


def test_run_out_of_sight_is_not_found(field):
    run = started_run(field)

    with pytest.raises(NotFound):
        run_seen_by(field.south_member, run.pk, OCTOBER)
    assert run_seen_by(field.clerk, run.pk, OCTOBER) == run


@pytest.mark.parametrize("make", [computed_run, published_run, final_run])
@pytest.mark.parametrize("sheet", ["member_quarter", "branch_quarter"])
def test_results_seen_by_lists_exactly_the_results_that_may_be_seen(field, make, sheet):
    a_quarter(field)
    run = make(field, sheet=sheet)
    everything = results_seen_by(field.clerk, run, OCTOBER).rows

    for who in PEOPLE:
        person = getattr(field, who)
        listed = [named.row.subject for named in results_seen_by(person, run, OCTOBER).rows]
        allowed = [
            named.row.subject
            for named in everything
            if may_see_result(person, run, subject=named.row.subject, body=named.row.body, at=OCTOBER)
        ]
        assert listed == allowed, who


def test_members_see_their_own_result_and_their_secretary_the_branch_s_pi_05(field):
    a_quarter(field)
    run = final_run(field, sheet="member_quarter")

    def seen(who: str) -> set[str]:
        return {named.name for named in results_seen_by(getattr(field, who), run, OCTOBER).rows}

    assert seen("south_member") == {"罗一鸣"}
    assert seen("north_member") == {"折静"}
    assert seen("south_secretary") == {"高远", "罗一鸣"}
    assert seen("clerk") == seen("auditor") == {"高远", "罗一鸣", "折静"}
    assert seen("stranger") == set()


def test_members_see_published_results_of_branches_and_none_of_a_draft(field):
    a_quarter(field)
    draft, published = computed_run(field), published_run(field)

    assert results_seen_by(field.south_member, draft, OCTOBER).count == 0
    assert results_seen_by(field.south_member, published, OCTOBER).count == 2


def test_a_result_out_of_sight_is_not_found(field):
    a_quarter(field)
    run = final_run(field, sheet="member_quarter")

    with pytest.raises(NotFound):
        result_seen_by(field.south_member, run, field.north_member.token, OCTOBER)
    assert result_seen_by(field.north_member, run, field.north_member.token, OCTOBER).row.score == 20_000


def test_frozen_rows_and_the_file_are_cut_alike(field):
    a_quarter(field)
    run = final_run(field, sheet="member_quarter")
    cut = cut_for(field.south_secretary, run, OCTOBER)

    from_rows = [row.subject for row in frozen_rows(run, cut)]
    from_file, count = cut_rows(kept_of(run).path("results.parquet"), cut)
    assert from_rows == [row.subject for row in from_file]
    assert count == Result.objects.filter(run=run).count() - 1


# The cut by itself, on random files


@given(
    rows=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 4) | st.none()), max_size=12),
    subjects=st.frozensets(st.integers(1, 8)),
    bodies=st.frozensets(st.integers(1, 4)),
    everything=st.booleans(),
    start=st.integers(0, 5),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_cut_rows_gives_the_allowed_rows_in_order(tmp_path, rows, subjects, bodies, everything, start):
    cut = Cut(everything, subjects, bodies)
    table = pa.Table.from_pylist([{"subject": subject, "body": body} for subject, body in rows], results_schema())
    pq.write_table(table, tmp_path / "results.parquet", row_group_size=5)
    wanted = [ResultRow(subject, body, None, None, None, None) for subject, body in rows if cut.allows(subject, body)]

    found, count = cut_rows(tmp_path / "results.parquet", cut, start=start, limit=3)

    assert (found, count) == (wanted[start : start + 3], len(wanted))
