"""Self-check, review, objections (CA-12, PI-05): who says what when, who settles it, what follows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.appraisal.enums import RemarkState, RunState
from ronghe.domain.appraisal.models import Remark
from ronghe.domain.appraisal.selectors.remarks import missing_facts, remarks_on, remarks_to_answer
from ronghe.domain.appraisal.selectors.results import cut_for, results_seen_by
from ronghe.domain.appraisal.selectors.runs import run_seen_by, runs_seen_by
from ronghe.domain.appraisal.services.computing import compute_run, recompute_run
from ronghe.domain.appraisal.services.remarks import (
    AnswerMissing,
    CheckNotOver,
    CheckOver,
    CheckTooShort,
    FactNotMissing,
    NodeUnknown,
    NoticeOver,
    OwnMatter,
    RemarkedAlready,
    RemarkEmpty,
    add_remark,
    answer_remark,
    begin_review,
    object_to_result,
    open_check,
    take_back_remark,
)
from ronghe.domain.appraisal.services.runs import (
    ObjectionsOpen,
    RemarksNotComputed,
    RemarksOpen,
    finalize_run,
    publish_run,
)
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.appraisal import OCTOBER, a_quarter, computed_run, make_field, published_run, study

SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db


def october(day: int) -> datetime:
    return datetime(2026, 10, day, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def field():
    field = make_field()
    a_quarter(field)
    return field


def checked_run(field, **changes):
    return open_check(run=computed_run(field, **changes), actor=field.clerk, at=OCTOBER)


def remarked(field, run, **changes):
    wanted = {"subject": field.south.pk, "text": "漏了一次学习", "actor": field.south_secretary, "at": october(13)}
    return add_remark(run=run, **(wanted | changes))


def test_a_self_check_lasts_working_days_from_the_next_one(field):
    run = checked_run(field)

    assert (run.state, run.check_until) == (RunState.SELF_CHECK, date(2026, 10, 15))
    with pytest.raises(CheckTooShort):
        open_check(run=computed_run(field), actor=field.clerk, at=OCTOBER, workdays=0)
    with pytest.raises(NotAllowed):
        open_check(run=computed_run(field), actor=field.south_secretary, at=OCTOBER)


def test_in_the_self_check_a_branch_sees_its_own_draft_and_no_other_pi_05(field):
    run = checked_run(field)

    seen = results_seen_by(field.south_secretary, run_seen_by(field.south_secretary, run.pk, OCTOBER), OCTOBER)

    assert [named.row.subject for named in seen.rows] == [field.south.pk]
    assert len(runs_seen_by(field.south_secretary, OCTOBER).rows) == 1
    for who in (field.south_member, field.stranger):
        with pytest.raises(NotFound):
            run_seen_by(who, run.pk, OCTOBER)


def test_in_the_self_check_of_members_everybody_sees_the_own_points_pi_05(field):
    run = checked_run(field, sheet="member_quarter")

    assert cut_for(field.south_member, run, OCTOBER).subjects == {field.south_member.token}
    assert cut_for(field.south_secretary, run, OCTOBER).bodies == {field.south.pk}
    assert cut_for(field.stranger, run, OCTOBER).is_empty


def test_a_draft_is_not_seen_below(field):
    run = computed_run(field)

    with pytest.raises(NotFound):
        run_seen_by(field.south_secretary, run.pk, OCTOBER)


def test_a_remark_points_at_what_was_not_counted(field):
    run = checked_run(field)
    [late] = study(field.south)

    [missing] = missing_facts(run, field.south.pk)
    remark = remarked(field, run, node="study", fact=late.pk)

    assert (missing.id, missing.is_after) == (late.pk, True)
    assert (remark.node, remark.fact, remark.judged_body, remark.due_on) == (
        "study", late.pk, field.south.pk, date(2026, 10, 20),
    )  # fmt: skip
    assert Fact.objects.get(kind="appraisal.remarked").values == {"item": "study", "missing": late.pk}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": "  "}, RemarkEmpty),
        ({"node": "nothing"}, NodeUnknown),
        ({"fact": 999_999}, FactNotMissing),
        ({"at": october(16)}, CheckOver),
    ],
)
def test_a_remark_must_hold_together(field, changes, refusal):
    with pytest.raises(refusal):
        remarked(field, checked_run(field), **changes)

    assert Remark.objects.count() == 0


def test_only_who_answers_for_the_result_remarks_on_it(field):
    run = checked_run(field)

    with pytest.raises(NotFound):
        remarked(field, run, subject=field.north.pk)
    with pytest.raises(NotAllowed):
        remarked(field, run, actor=field.stranger)
    remarked(field, run)
    with pytest.raises(RemarkedAlready):
        remarked(field, run)


def test_the_review_begins_after_the_last_day_and_is_the_watchers(field):
    run = checked_run(field)
    remark = remarked(field, run)
    with pytest.raises(CheckNotOver):
        begin_review(run=run, actor=field.auditor, at=october(15))
    begin_review(run=run, actor=field.auditor, at=october(16))

    assert list(remarks_to_answer(field.auditor, october(16))) == [remark]
    assert list(remarks_to_answer(field.clerk, october(16))) == []
    with pytest.raises(NotAllowed):
        answer_remark(remark=remark, is_upheld=True, answer="属实", actor=field.clerk, at=october(16))
    with pytest.raises(AnswerMissing):
        answer_remark(remark=remark, is_upheld=True, answer=" ", actor=field.auditor, at=october(16))


def test_what_holds_is_computed_again_before_the_notice(field):
    run = checked_run(field)
    remark = remarked(field, run)
    begin_review(run=run, actor=field.clerk, at=october(16))
    with pytest.raises(RemarksOpen):
        publish_run(run=run, actor=field.clerk, at=october(16))
    remark = Remark.objects.select_related("run").get(pk=remark.pk)
    answer_remark(remark=remark, is_upheld=True, answer="补记一次", actor=field.auditor, at=october(16))
    with pytest.raises(RemarksNotComputed):
        publish_run(run=run, actor=field.clerk, at=october(16))

    run = compute_run(run=recompute_run(run=run, actor=field.clerk, at=october(17)), at=october(17))

    assert publish_run(run=run, actor=field.clerk, at=october(19)).state == RunState.PUBLIC_NOTICE


def test_whoever_reads_the_notice_may_object_and_reads_the_own_only_ca_12(field):
    run = published_run(field)
    objection = object_to_result(
        run=run, subject=field.north.pk, text="北二少扣了一次", actor=field.south_member, at=october(14)
    )

    assert remarks_on(run, field.south_member, october(14)) == [objection]
    assert remarks_on(run, field.north_member, october(14)) == []
    assert remarks_on(run, field.auditor, october(14)) == [objection]
    with pytest.raises(NotAllowed):
        object_to_result(run=run, subject=field.north.pk, text="不对", actor=field.stranger, at=october(14))
    with pytest.raises(NoticeOver):
        object_to_result(run=run, subject=field.north.pk, text="不对", actor=field.south_member, at=october(20))


def test_an_objection_is_answered_by_somebody_else_and_final_waits_for_it(field):
    run = published_run(field)
    objection = object_to_result(
        run=run, subject=field.south.pk, text="漏了一次", actor=field.south_secretary, at=october(14)
    )

    with pytest.raises(ObjectionsOpen):
        finalize_run(run=run, actor=field.clerk, at=october(20))
    with pytest.raises(OwnMatter):
        answer_remark(remark=objection, is_upheld=False, answer="没有漏", actor=field.clerk, at=october(15))
    answer_remark(remark=objection, is_upheld=False, answer="没有漏", actor=field.auditor, at=october(15))

    assert finalize_run(run=run, actor=field.clerk, at=october(20)).state == RunState.FINAL
    assert Fact.objects.get(kind="appraisal.remark_answered").values == {"is_objection": True, "is_upheld": False}


def test_an_objection_that_holds_needs_a_new_computing_and_a_new_notice(field):
    run = published_run(field)
    objection = object_to_result(
        run=run, subject=field.south.pk, text="漏了一次", actor=field.south_secretary, at=october(14)
    )
    answer_remark(remark=objection, is_upheld=True, answer="是漏了", actor=field.auditor, at=october(15))

    assert (objection.run.state, objection.run.notice_last_on) == (RunState.COMPUTING, None)
    run = compute_run(run=objection.run, at=october(15))
    run = publish_run(run=run, actor=field.clerk, at=october(15))
    assert run.notice_last_on == date(2026, 10, 22)
    with pytest.raises(StepNotAllowed):
        answer_remark(remark=objection, is_upheld=False, answer="再答", actor=field.auditor, at=october(16))


def test_what_was_not_answered_may_be_taken_back(field):
    run = published_run(field)
    objection = object_to_result(
        run=run, subject=field.south.pk, text="漏了一次", actor=field.south_secretary, at=october(14)
    )
    with pytest.raises(NotAllowed):
        take_back_remark(remark=objection, actor=field.clerk, at=october(14))

    assert (
        take_back_remark(remark=objection, actor=field.south_secretary, at=october(14)).state == RemarkState.TAKEN_BACK
    )
