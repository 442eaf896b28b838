from __future__ import annotations

import hashlib
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation

from ronghe.domain.appraisal.calc.keeping import InputsAltered
from ronghe.domain.appraisal.enums import RUN_FLOW, RunStage, RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.selectors.kept import kept_of, runs_folder
from ronghe.domain.appraisal.selectors.results import rows_in
from ronghe.domain.appraisal.selectors.rows import digest_of_rows
from ronghe.domain.appraisal.services.computing import compute_run, note_failure, recompute_run
from ronghe.domain.appraisal.services.evidence import settle_tie
from ronghe.domain.appraisal.services.runs import (
    FinalAlready,
    NotFinal,
    NoticeNotOver,
    NoticeTooShort,
    PeriodNotOfSheet,
    PeriodStillOpen,
    ReasonMissing,
    ReplacedAlready,
    SheetUnknown,
    finalize_run,
    publish_run,
    replace_run,
    start_run,
    withdraw_run,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact, Seal
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.facts.verify import verify
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import PeriodUnknown
from tests.factories.appraisal import (
    OCTOBER,
    STUDY,
    a_quarter,
    adopt,
    computed_run,
    fault,
    final_run,
    make_field,
    published_run,
    scores_of,
    started_run,
    story_playbook,
    study,
    veto_in_force,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db


def at_nine(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def field():
    return make_field()


# start


def test_start_run_records_who_what_and_for_which_period(field):
    run = started_run(field)

    fact = Fact.objects.get(kind="appraisal.run_started")
    assert (run.state, run.stage, run.period, run.level) == ("computing", "waiting", "2026Q3", "branch")
    assert (fact.body, fact.recorded_by, fact.source_id) == (field.committee.pk, field.clerk.token, run.pk)
    assert fact.values == {"playbook": "story_book@1", "sheet": "branch_quarter", "period": "2026Q3"}


def test_start_run_keeps_the_playbook_as_it_is_now(field):
    run = started_run(field)

    assert kept_of(run).json("rules.json")["playbook"]["sheets"][0]["id"] == "branch_quarter"
    assert run.playbook_digest == story_playbook().digest


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"sheet": "no_such_sheet"}, SheetUnknown),
        ({"period": "third quarter"}, PeriodUnknown),
        ({"period": "2026-08"}, PeriodNotOfSheet),
    ],
)
def test_start_run_refuses_what_the_playbook_does_not_have(field, changes, refusal):
    with pytest.raises(refusal):
        started_run(field, **changes)

    assert Run.objects.count() == 0


def test_start_run_refuses_a_period_whose_last_day_is_not_over(field):
    last_second = datetime(2026, 9, 30, 23, 59, 59, tzinfo=SHANGHAI)

    with pytest.raises(PeriodStillOpen) as refused:
        started_run(field, at=last_second)

    assert str(refused.value) == "2026Q3 到 2026-09-30 才结束，结束后再考评。"


def test_start_run_may_begin_with_the_first_second_after_the_period(field):
    assert started_run(field, at=datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI)).pk is not None


@pytest.mark.parametrize("who", ["south_secretary", "south_member", "auditor", "stranger"])
def test_start_run_refuses_who_does_not_answer_for_the_body(field, who):
    with pytest.raises(NotAllowed):
        start_run(
            body=field.committee, playbook=story_playbook(), sheet_id="branch_quarter", period="2026Q3",
            actor=getattr(field, who), at=OCTOBER,
        )  # fmt: skip


def test_start_run_lets_a_secretary_judge_his_own_branch(field):
    run = start_run(
        body=field.south, playbook=story_playbook(), sheet_id="member_quarter", period="2026Q3",
        actor=field.south_secretary, at=OCTOBER,
    )  # fmt: skip

    assert run.body == field.south


# compute


def test_compute_run_scores_what_happened_in_the_quarter(field):
    a_quarter(field)

    run = computed_run(field)

    rows = list(rows_in(kept_of(run)))
    assert (run.state, run.stage, run.subject_count) == ("draft", "done", 2)
    assert scores_of(rows) == {field.south.pk: 100, field.north.pk: 75}
    assert [(row.rank, row.grade) for row in rows] == [(1, "good"), (2, "fair")]
    assert [(item.id, item.score) for item in rows[1].items] == [("study", 400_000), ("safety", 350_000)]


def test_compute_run_counts_nothing_outside_the_quarter(field):
    study(field.south, times=1)
    record(Draft(STUDY, datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI), None, body=field.south.pk))

    run = computed_run(field)

    assert scores_of(rows_in(kept_of(run)))[field.south.pk] == 60


def test_compute_run_leaves_out_what_was_reversed_even_after_the_quarter(field):
    kept, wrong = study(field.south, times=2)
    reverse(wrong, by=field.south_secretary, at=at_nine(10, 9))

    run = computed_run(field)

    assert scores_of(rows_in(kept_of(run)))[field.south.pk] == 60
    assert kept.pk in [row["id"] for row in kept_facts(run)]


def kept_facts(run: Run) -> list[dict]:
    return pq.read_table(kept_of(run).path("facts.parquet")).to_pylist()


def test_compute_run_scores_members_by_token_and_does_not_rank_them(field):
    a_quarter(field)

    run = computed_run(field, sheet="member_quarter")

    rows = list(rows_in(kept_of(run)))
    assert scores_of(rows) == {
        field.south_member.token: 4, field.north_member.token: 2, field.south_secretary.token: 0,
    }  # fmt: skip
    assert {row.rank for row in rows} == {None}
    assert [row.body for row in rows] == sorted(row.body for row in rows)


def test_compute_run_keeps_no_name_and_no_fact_of_other_units(field):
    a_quarter(field)
    stranger_branch = field.stranger.memberships.get().body
    study(stranger_branch, person=field.stranger)

    run = computed_run(field, sheet="member_quarter")

    text = b"".join(path.read_bytes() for path in kept_of(run).folder.iterdir())
    assert all(person.name.encode() not in text for person in (field.south_member, field.stranger))
    assert field.stranger.token not in {row["subject"] for row in kept_facts(run)}


def test_compute_run_takes_obligations_as_the_adoption_made_them(field):
    adopt(field.south)
    study(field.south)

    run = computed_run(field, sheet="duties")

    found = {row.subject: (row.score, row.notes) for row in rows_in(kept_of(run))}
    assert found == {field.south.pk: (333_333, ()), field.north.pk: (None, ("没有适用的项目，不计分。",))}


def test_compute_run_records_cutoff_and_digests(field):
    a_quarter(field)

    run = computed_run(field)

    fact = Fact.objects.get(kind="appraisal.run_computed")
    assert fact.values == {
        "cutoff": run.cutoff_seq, "inputs": run.inputs_digest, "results": run.results_digest, "subjects": 2,
        "questions": 0,
    }  # fmt: skip
    assert Seal.objects.latest("number").last_seq == run.cutoff_seq


def test_compute_run_gives_the_same_bytes_for_the_same_inputs(field):
    a_quarter(field)

    first, second = computed_run(field), computed_run(field)

    digests = [
        {name: digest for name, digest in kept_of(run).digests.items() if name != "facts.parquet"}
        for run in (first, second)
    ]
    assert digests[0] == digests[1]
    assert kept_of(first).path("facts.parquet").read_bytes() == kept_of(second).path("facts.parquet").read_bytes()
    assert (first.inputs_digest, first.results_digest) == (second.inputs_digest, second.results_digest)


def test_compute_run_gives_the_same_bytes_whatever_language_is_read(field):
    a_quarter(field)
    veto_in_force(field, field.south)
    first = computed_run(field)
    with translation.override("en"):
        second = computed_run(field)

    assert first.results_digest == second.results_digest
    assert next(rows_in(kept_of(second))).notes[0] == "一票否决：生产安全责任事故。"


def test_compute_run_takes_nothing_that_was_recorded_after_its_cutoff(field):
    study(field.south)
    run = computed_run(field)
    study(field.south)

    assert scores_of(rows_in(kept_of(run)))[field.south.pk] == 60


def test_compute_run_twice_is_stale_and_leaves_the_first_result(field):
    a_quarter(field)
    run = started_run(field)
    same, begun = Run.objects.get(pk=run.pk), runs_folder() / run.folder
    compute_run(run=run, at=OCTOBER)

    with pytest.raises(Stale):
        compute_run(run=same, at=OCTOBER)

    run.refresh_from_db()
    assert kept_of(run).results_digest == run.results_digest
    assert not begun.exists()


def test_compute_run_stops_where_a_tie_is_to_be_settled(field):
    study(field.south)
    study(field.north)

    run = computed_run(field, sheet="tied")

    assert run.state == RunState.STOPPED
    [question] = run.open_questions
    assert question["subjects"] == [str(field.south.pk), str(field.north.pk)]


def test_compute_run_goes_on_once_the_tie_is_settled(field):
    study(field.south)
    study(field.north)
    run = computed_run(field, sheet="tied")
    settled_at = datetime(2026, 9, 30, 23, 0, tzinfo=SHANGHAI)
    for place, body in enumerate((field.north, field.south), start=1):
        settle_tie(body=body, item="first", place=place, actor=field.clerk, at=settled_at)

    run = compute_run(run=recompute_run(run=run, actor=field.clerk, at=OCTOBER), at=OCTOBER)

    assert run.state == RunState.DRAFT
    assert {row.subject: row.grade for row in rows_in(kept_of(run))} == {
        field.north.pk: "first",
        field.south.pk: "rest",
    }


def test_a_veto_caps_the_grade_and_is_named_rt_07(field):
    a_quarter(field)
    veto_in_force(field, field.south)

    run = computed_run(field)

    [south] = [row for row in rows_in(kept_of(run)) if row.subject == field.south.pk]
    assert (south.score, south.grade, south.vetoes) == (1_000_000, "below", ("accident",))
    assert south.notes[0] == "一票否决：生产安全责任事故。"


def test_note_failure_lets_the_run_be_computed_again(field):
    run = started_run(field)

    note_failure(run=run, error=ValueError("secret text of a record"))

    assert (run.state, run.stage, run.failure) == (RunState.STOPPED, RunStage.FAILED, "ValueError")
    recompute_run(run=run, actor=field.clerk, at=OCTOBER)
    assert (run.state, run.failure) == (RunState.COMPUTING, None)


# public notice


def test_publish_run_sets_the_days_of_notice_and_records_it_pp_05(field):
    a_quarter(field)

    run = published_run(field)

    fact = Fact.objects.get(kind="appraisal.run_published")
    assert (run.state, str(run.notice_from), str(run.notice_last_on)) == ("public_notice", "2026-10-13", "2026-10-19")
    assert fact.values == {"results": run.results_digest, "notice_last": "2026-10-19"}


def test_publish_run_leaves_out_the_holiday_pd_11(field):
    study(field.south)
    run = computed_run(field, sheet="member_quarter", at=at_nine(10, 1))

    publish_run(run=run, actor=field.clerk, at=at_nine(10, 1))

    # 1 to 7 October are free, Saturday 10 October is worked.
    assert (str(run.notice_from), str(run.notice_last_on)) == ("2026-10-08", "2026-10-13")


def test_publish_run_takes_the_unit_s_own_number_of_days_pd_11(field):
    a_quarter(field)

    run = publish_run(run=computed_run(field), actor=field.clerk, at=OCTOBER, workdays=7)

    assert (run.notice_workdays, str(run.notice_last_on)) == (7, "2026-10-21")


def test_publish_run_refuses_no_notice_at_all(field):
    a_quarter(field)

    with pytest.raises(NoticeTooShort):
        publish_run(run=computed_run(field), actor=field.clerk, at=OCTOBER, workdays=0)


@pytest.mark.parametrize("who", ["south_secretary", "auditor", "stranger"])
def test_publish_run_refuses_who_does_not_answer_for_the_body(field, who):
    run = computed_run(field)

    with pytest.raises(NotAllowed):
        publish_run(run=run, actor=getattr(field, who), at=OCTOBER)


# final


@pytest.mark.parametrize("day", [13, 18, 19])
def test_finalize_run_refuses_while_the_notice_lasts_pd_11(field, day):
    a_quarter(field)
    run = published_run(field)

    with pytest.raises(NoticeNotOver) as refused:
        finalize_run(run=run, actor=field.clerk, at=datetime(2026, 10, day, 23, 59, tzinfo=SHANGHAI))

    assert str(refused.value) == "公示到 2026-10-19 为止，2026-10-20 起才能定稿。"
    assert Result.objects.count() == 0


def test_finalize_run_may_follow_on_the_day_after_the_notice_pd_11(field):
    a_quarter(field)

    run = finalize_run(run=published_run(field), actor=field.clerk, at=datetime(2026, 10, 20, 0, 0, tzinfo=SHANGHAI))

    assert run.state == RunState.FINAL
    assert scores_of(Result.objects.filter(run=run)) == {field.south.pk: 100, field.north.pk: 75}


def test_finalize_run_records_the_digests_and_the_chain_it_stands_on(field):
    a_quarter(field)
    run = published_run(field)

    finalize_run(run=run, actor=field.clerk, at=at_nine(10, 20))

    fact = Fact.objects.get(kind="appraisal.run_finalized")
    chains = [bytes(seal.chain).hex() for seal in Seal.objects.order_by("number")]
    assert fact.values["sheet"] == run.sheet_id
    assert fact.values["results"] == run.results_digest
    assert fact.values["inputs"] == run.inputs_digest
    assert fact.values["rows"] == digest_of_rows(run)
    assert fact.values["chain"] == chains[-2]


def test_finalize_run_leaves_everything_sealed_and_verified(field):
    a_quarter(field)
    final_run(field)

    found = verify()

    assert (found.ok, found.unsealed) == (True, 0)


@pytest.mark.parametrize("statement", ["UPDATE appraisal_result SET score = 1000000", "DELETE FROM appraisal_result"])
def test_the_rows_of_a_final_run_are_refused_by_the_database(committing_db, statement):
    from django.db import connection

    field = make_field()
    a_quarter(field)
    final_run(field)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert scores_of(Result.objects.all()) == {field.south.pk: 100, field.north.pk: 75}


def test_finalize_run_refuses_files_that_were_altered(field):
    a_quarter(field)
    run = published_run(field)
    results = kept_of(run).path("results.parquet")
    results.write_bytes(results.read_bytes() + b"\0")

    with pytest.raises(InputsAltered) as refused:
        finalize_run(run=run, actor=field.clerk, at=at_nine(10, 20))

    assert "results.parquet" in str(refused.value)
    assert Run.objects.get(pk=run.pk).state == RunState.PUBLIC_NOTICE


def test_finalize_run_refuses_files_exchanged_together_with_their_manifest(field):
    a_quarter(field)
    run = published_run(field)
    kept = kept_of(run)
    kept.path("subjects.parquet").write_bytes(b"other")
    digests = {**kept.digests, "subjects.parquet": hashlib.sha256(b"other").hexdigest()}
    (kept.folder / "manifest.json").write_text(json.dumps(digests))

    with pytest.raises(InputsAltered):
        finalize_run(run=run, actor=field.clerk, at=at_nine(10, 20))


def test_a_second_run_of_a_final_period_is_refused(field):
    a_quarter(field)
    other = published_run(field)
    final_run(field)

    with pytest.raises(FinalAlready):
        started_run(field, at=at_nine(11, 2))
    with pytest.raises(FinalAlready):
        finalize_run(run=other, actor=field.clerk, at=at_nine(11, 2))

    assert Run.objects.get(pk=other.pk).state == RunState.PUBLIC_NOTICE


# correction


def test_replace_run_names_what_it_corrects_and_leaves_it_as_it_is(field):
    a_quarter(field)
    wrong = final_run(field)
    before = digest_of_rows(wrong)
    fault(field.south, times=2)

    run = replace_run(
        run=wrong, playbook=story_playbook(), reason="补记 2 起违章", actor=field.clerk, at=at_nine(11, 2)
    )
    compute_run(run=run, at=at_nine(11, 2))
    publish_run(run=run, actor=field.clerk, at=at_nine(11, 2))
    finalize_run(run=run, actor=field.clerk, at=at_nine(11, 10))

    assert run.replaces == wrong
    assert scores_of(Result.objects.filter(run=run))[field.south.pk] == 90
    assert digest_of_rows(wrong) == before
    assert Fact.objects.filter(kind="appraisal.run_finalized").latest("pk").values["replaces"] == wrong.pk


def test_replace_run_refuses_what_is_not_final(field):
    run = published_run(field)

    with pytest.raises(NotFinal):
        replace_run(run=run, playbook=story_playbook(), reason="算错", actor=field.clerk, at=OCTOBER)


def test_replace_run_asks_for_a_reason(field):
    a_quarter(field)
    run = final_run(field)

    with pytest.raises(ReasonMissing):
        replace_run(run=run, playbook=story_playbook(), reason="  ", actor=field.clerk, at=at_nine(11, 2))


def test_replace_run_has_one_correction_at_a_time(field):
    a_quarter(field)
    wrong = final_run(field)
    first = replace_run(run=wrong, playbook=story_playbook(), reason="一", actor=field.clerk, at=at_nine(11, 2))

    with pytest.raises(ReplacedAlready):
        replace_run(run=wrong, playbook=story_playbook(), reason="二", actor=field.clerk, at=at_nine(11, 3))

    compute_run(run=first, at=at_nine(11, 3))
    withdraw_run(run=first, actor=field.clerk, at=at_nine(11, 3))
    assert replace_run(run=wrong, playbook=story_playbook(), reason="三", actor=field.clerk, at=at_nine(11, 4)).pk


# every step from every state


def run_in(field, state: str) -> Run:
    """A run brought into a state by the shortest way that leaves no trace in files."""
    run = started_run(field)
    changes = {"state": state, "results_digest": "0" * 64, "notice_last_on": "2026-10-19", "finalized_at": OCTOBER}
    Run.objects.filter(pk=run.pk).update(**changes)
    run.refresh_from_db()
    return run


ACTS = {
    "recompute": lambda run, field: recompute_run(run=run, actor=field.clerk, at=OCTOBER),
    "publish": lambda run, field: publish_run(run=run, actor=field.clerk, at=OCTOBER),
    "withdraw": lambda run, field: withdraw_run(run=run, actor=field.clerk, at=OCTOBER),
    "finalize": lambda run, field: finalize_run(run=run, actor=field.clerk, at=at_nine(12, 1)),
    "stop": lambda run, field: note_failure(run=run, error=ValueError()),
}


@pytest.mark.parametrize(
    ("state", "step"),
    [(state, step) for state in RunState.values for step in sorted(ACTS) if state not in RUN_FLOW.steps[step].sources],
)
def test_every_step_is_refused_from_every_state_it_does_not_start_from(field, state, step):
    run = run_in(field, state)

    with pytest.raises(StepNotAllowed):
        ACTS[step](run, field)

    assert Run.objects.get(pk=run.pk).state == state


@pytest.mark.parametrize(
    ("state", "step", "target"),
    [
        ("draft", "recompute", "computing"),
        ("stopped", "recompute", "computing"),
        ("draft", "publish", "public_notice"),
        ("draft", "withdraw", "withdrawn"),
        ("stopped", "withdraw", "withdrawn"),
        ("public_notice", "withdraw", "withdrawn"),
        ("computing", "stop", "stopped"),
    ],
)
def test_every_step_leads_on_from_the_states_it_starts_from(field, state, step, target):
    run = run_in(field, state)

    ACTS[step](run, field)

    assert Run.objects.get(pk=run.pk).state == target


def test_two_who_publish_at_once_have_one_winner(field):
    run = computed_run(field)
    same = Run.objects.get(pk=run.pk)
    publish_run(run=run, actor=field.clerk, at=OCTOBER)

    with pytest.raises(Stale):
        publish_run(run=same, actor=field.clerk, at=OCTOBER)

    assert Fact.objects.filter(kind="appraisal.run_published").count() == 1


def test_files_of_runs_lie_in_the_home(field):
    run = computed_run(field)

    assert kept_of(run).folder == settings.HOME.files / "runs" / run.folder
