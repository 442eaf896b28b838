"""A hearing from its plan to its last answer: who reports, who marks, what is shown to whom."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.hearings.enums import GroupKind, HearingState, ObjectionState, RemarkKind
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, HearingReporter, ReporterResult
from ronghe.domain.hearings.selectors import (
    evaluators_proposed,
    hearings_seen_by,
    reporters_of,
    reporters_proposed,
    reporters_seen_by,
    reports_to_hand_in,
)
from ronghe.domain.hearings.services.marking import (
    CountedByOpener,
    GroupTooSmall,
    ObjectionsOpen,
    ObjectionTimeRunning,
    close_hearing,
    count_marks,
    open_marking,
    stop_marking,
)
from ronghe.domain.hearings.services.planning import (
    ChairNotLeading,
    ChairReports,
    HearingShapeless,
    MarksInAnother,
    NobodyReports,
    NoSecretaryHere,
    NotFromHere,
    WeightsOff,
    arrange_meeting,
    call_off_hearing,
    plan_hearing,
    set_evaluators,
    set_reporters,
)
from ronghe.domain.hearings.services.reporting import (
    NotTimeForObjection,
    ObjectedAlready,
    OwnObjection,
    ReportMissing,
    answer_objection,
    hand_in_report,
    note_problem,
    note_remark,
    object_to_result,
)
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.services.trees import move_party_org
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.decisions import make_committee
from tests.factories.hearings import make_counted, make_field, make_hearing, mark, reporter_of, text_of
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def group(hearing, kind):
    return EvaluatorGroup.objects.select_related("hearing__body").get(hearing=hearing, kind=kind)


def test_reporters_and_those_who_mark_are_proposed(story, morning):
    day = morning.date()
    posts = reporters_proposed(story.committee, story.field.deputy, day)
    people = evaluators_proposed(story.committee, posts, day)

    assert {post.person for post in posts} == set(story.secretaries)
    assert set(people[GroupKind.LEADERS]) == set(story.field.leaders)
    assert set(people[GroupKind.PEERS]) == set(story.secretaries)


def test_whoever_may_call_the_body_together_arranges_the_meeting_with_the_plan(story, morning):
    by_clerk = plan_hearing(body=story.committee, text=text_of(story, morning), actor=story.field.clerk, at=morning)
    by_secretary = plan_hearing(
        body=story.committee, text=text_of(story, morning, title="补述职"), actor=story.field.secretary, at=morning
    )

    assert by_secretary.activity.activity_type == ActivityType.REPORT_HEARING
    assert by_secretary.activity.chair == story.field.deputy
    assert by_clerk.reporters.count() == 3
    assert by_clerk.activity.activity_type == ActivityType.REPORT_HEARING
    assert (by_clerk.activity.chair, by_clerk.activity.recorder) == (story.field.deputy, story.field.clerk)


def test_a_clerk_from_above_leaves_the_meeting_to_whoever_calls_that_body_together(story, morning):
    above = make_body("油田党委", kind=PartyOrgKind.COMMITTEE)
    clerk, mover = make_person("上级干事"), make_person("调整的人")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=above)
    for body in (above, story.committee):
        make_post(mover, PostRole.COMMITTEE_CLERK, body=body)
    move_party_org(body=story.committee, parent=above, since=date(2025, 1, 1), actor=mover, at=morning)

    hearing = plan_hearing(body=story.committee, text=text_of(story, morning), actor=clerk, at=morning)

    assert hearing.activity is None
    with pytest.raises(NotAllowed):
        arrange_meeting(hearing=hearing, actor=clerk, at=morning)
    assert arrange_meeting(hearing=hearing, actor=story.field.clerk, at=morning).activity is not None


@pytest.mark.parametrize(
    "changes",
    [{"title": " "}, {"year": 1999}, {"year": 3000}, {"place": ""}],
)
def test_a_plan_that_does_not_hold_together_is_refused(story, morning, changes):
    with pytest.raises(HearingShapeless):
        plan_hearing(body=story.committee, text=text_of(story, morning, **changes), actor=story.field.clerk, at=morning)


def test_reports_are_due_before_the_meeting(story, morning):
    begins = morning + timedelta(days=10)
    for due, fits in ((begins.date(), True), (begins.date() + timedelta(days=1), False)):
        text = text_of(story, morning, reports_due_on=due)
        if fits:
            assert plan_hearing(body=story.committee, text=text, actor=story.field.clerk, at=morning).pk
        else:
            with pytest.raises(HearingShapeless):
                plan_hearing(body=story.committee, text=text, actor=story.field.clerk, at=morning)


def test_the_chair_leads_the_body_and_does_not_report(story, morning):
    given = {"body": story.committee, "actor": story.field.clerk, "at": morning}
    with pytest.raises(ChairNotLeading):
        plan_hearing(text=text_of(story, morning, chair=story.field.member), **given)
    with pytest.raises(ChairReports):
        plan_hearing(text=text_of(story, morning), reporters=[story.field.deputy], **given)
    with pytest.raises(NoSecretaryHere):
        plan_hearing(text=text_of(story, morning), reporters=[story.field.member], **given)
    with pytest.raises(WeightsOff):
        plan_hearing(text=text_of(story, morning), weights={GroupKind.LEADERS: Decimal("99.99")}, **given)
    with pytest.raises(NotAllowed):
        plan_hearing(text=text_of(story, morning), **{**given, "actor": story.secretaries[0]})
    empty = make_body("空党委", parent=story.committee)
    with pytest.raises((NobodyReports, ChairNotLeading)):
        plan_hearing(text=text_of(story, morning), **{**given, "body": empty})


def test_a_person_marks_in_one_group_and_comes_from_here(story, morning):
    hearing = make_hearing(story, morning)
    employees = group(hearing, GroupKind.EMPLOYEES)
    given = {"group": employees, "weight": Decimal(20), "actor": story.field.clerk, "at": morning}
    with pytest.raises(MarksInAnother):
        set_evaluators(people=[story.delegates[0]], **given)
    with pytest.raises(NotFromHere):
        set_evaluators(people=[make_person("外单位的人")], **given)
    with pytest.raises(WeightsOff):
        set_evaluators(people=story.workers, **{**given, "weight": Decimal("100.01")})
    assert employees.evaluators.count() == 4


def test_reports_are_handed_in_again_until_marking_begins(story, morning):
    hearing = make_hearing(story, morning)
    reporter = reporter_of(hearing, story.secretaries[0])
    assert reports_to_hand_in(story.secretaries[0], morning).count() == 1
    with pytest.raises(ReportMissing):
        hand_in_report(reporter=reporter, text=" ", actor=story.secretaries[0], at=morning)
    with pytest.raises(NotAllowed):
        hand_in_report(reporter=reporter, text="代写", actor=story.field.clerk, at=morning)
    hand_in_report(reporter=reporter, text="抓党建。", actor=story.secretaries[0], at=morning)
    hand_in_report(reporter=reporter, text="抓党建，三个问题。", actor=story.secretaries[0], at=morning)
    assert (reporter.version, reports_to_hand_in(story.secretaries[0], morning).count()) == (2, 0)

    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        hand_in_report(reporter=reporter, text="又改", actor=story.secretaries[0], at=morning)


def test_a_report_after_its_day_is_taken_and_shown_as_late(story, morning):
    hearing = make_hearing(story, morning)
    for secretary, days in ((story.secretaries[0], 7), (story.secretaries[1], 8)):
        reporter = reporter_of(hearing, secretary)
        hand_in_report(reporter=reporter, text="报告", actor=secretary, at=morning + timedelta(days=days))

    late = {view.reporter.person: view.is_late for view in reporters_of(hearing, story.field.clerk, morning)}
    assert (late[story.secretaries[0]], late[story.secretaries[1]]) == (False, True)


def test_ap_04_marks_are_counted_by_weight_into_four_grades(story, morning):
    hearing = make_counted(story, morning)

    results = {row.reporter.person: row for row in ReporterResult.objects.select_related("reporter__person")}
    ordered = [results[row.person] for row in hearing.reporters.order_by("place").select_related("person")]
    assert [row.score for row in ordered] == [Decimal("100.0000"), Decimal("94.0000"), Decimal("80.0000")]
    assert [row.grade for row in ordered] == ["good", "good", "fairly_good"]
    assert Fact.objects.filter(kind="hearings.held").values_list("body", flat=True)[0] == story.committee.pk
    told = Fact.objects.filter(kind="hearings.result")
    assert {(fact.subject, fact.body) for fact in told} == {
        (row.reporter.person.token, row.reporter.body_id) for row in results.values()
    }
    assert set(Fact.objects.filter(kind="hearings.reported").values_list("body", flat=True)) == {
        branch.pk for branch in story.branches
    }


def test_a_group_of_which_too_few_marked_is_hidden_and_does_not_count(story, morning):
    hearing = make_hearing(story, morning)
    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    mark(hearing, GroupKind.LEADERS, [(4, 4, 4)] * 2, morning)
    mark(hearing, GroupKind.MEMBERS, [(1, 1, 5)] * 3, morning)

    count_marks(hearing=hearing, actor=story.field.clerk, at=morning)

    rows = list(ReporterResult.objects.order_by("reporter__place"))
    assert [row.score for row in rows] == [Decimal("100.0000"), Decimal("100.0000"), None]
    lines = {line["kind"]: line for line in rows[0].groups}
    assert (lines["leaders"]["counts"], lines["leaders"]["cast"], lines["leaders"]["share"]) == (None, 2, "0.0000")
    assert lines["members"]["share"] == "100.0000"
    assert group(hearing, GroupKind.EMPLOYEES).ballot.state == BallotState.VOIDED


@pytest.mark.parametrize("size", [2, 3])
def test_a_group_below_three_does_not_mark(story, morning, size):
    hearing = make_hearing(story, morning)
    set_evaluators(
        group=group(hearing, GroupKind.EMPLOYEES), people=story.workers[:size], weight=Decimal(20),
        actor=story.field.clerk, at=morning,
    )  # fmt: skip
    if size < 3:
        with pytest.raises(GroupTooSmall):
            open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    else:
        assert open_marking(hearing=hearing, actor=story.field.clerk, at=morning).state == HearingState.VOTING


def test_weights_are_a_hundred_together_when_marking_begins(story, morning):
    hearing = make_hearing(story, morning)
    set_evaluators(
        group=group(hearing, GroupKind.EMPLOYEES), people=story.workers, weight=Decimal(30), actor=story.field.clerk,
        at=morning,
    )  # fmt: skip
    with pytest.raises(WeightsOff):
        open_marking(hearing=hearing, actor=story.field.clerk, at=morning)


def test_whoever_opened_the_marking_counts_it(story, morning):
    hearing = make_hearing(story, morning)
    open_marking(hearing=hearing, actor=story.field.deputy, at=morning)
    mark(hearing, GroupKind.LEADERS, [(1, 1, 1)] * 3, morning)
    with pytest.raises(CountedByOpener):
        count_marks(hearing=Hearing.objects.get(pk=hearing.pk), actor=story.field.clerk, at=morning)
    assert count_marks(hearing=hearing, actor=story.field.deputy, at=morning).state == HearingState.COUNTED


def test_marking_may_be_stopped_and_begun_anew(story, morning):
    hearing = make_hearing(story, morning)
    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    stop_marking(hearing=hearing, reason="名单有误", actor=story.field.clerk, at=morning)

    assert group(hearing, GroupKind.LEADERS).ballot is None
    set_reporters(hearing=hearing, people=story.secretaries[:2], actor=story.field.clerk, at=morning)
    open_marking(hearing=hearing, actor=story.field.clerk, at=morning)
    assert HearingReporter.objects.filter(hearing=hearing).count() == 2


def test_reporters_see_the_own_result_and_no_other(story, morning):
    hearing = make_counted(story, morning, shows_rank=True)
    one = story.secretaries[1]

    mine = reporters_of(hearing, one, morning)

    assert [view.is_seen for view in mine].count(True) == 1
    assert all(view.result is None for view in mine if view.reporter.person != one)
    assert all(view.rank is None for view in mine)
    assert [row.person for row in reporters_seen_by(one, morning)] == [one]
    assert sorted(view.rank for view in reporters_of(hearing, story.field.auditor, morning)) == [1, 2, 3]


def test_ranks_are_shown_only_where_the_hearing_wants_them(story, morning):
    hearing = make_counted(story, morning)
    assert {view.rank for view in reporters_of(hearing, story.field.clerk, morning)} == {None}


def test_those_who_only_mark_see_no_hearing(story, morning):
    make_counted(story, morning)
    for person in (story.workers[0], story.delegates[0]):
        assert not hearings_seen_by(person, morning).exists()
        assert not reporters_seen_by(person, morning).exists()


def test_questions_and_comments_are_written_by_those_who_lead(story, morning):
    hearing = make_hearing(story, morning)
    reporter = reporter_of(hearing, story.secretaries[0])
    note_remark(
        reporter=reporter, kind=RemarkKind.COMMENT, text="短板是班组学习。", said_by=story.field.deputy,
        actor=story.field.clerk, at=morning,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        note_remark(
            reporter=reporter, kind=RemarkKind.COMMENT, text="自评", said_by=story.secretaries[0],
            actor=story.secretaries[0], at=morning,
        )  # fmt: skip
    assert reporter.remarks.count() == 1


def test_objections_come_within_the_working_days_and_are_answered_by_somebody_else(story, morning):
    hearing = make_counted(story, morning)
    one, two = (reporter_of(hearing, person) for person in story.secretaries[:2])
    until = hearing.objections_until
    assert (until - morning.date()).days == 6  # a make-up Sunday before National Day counts as a working day
    last = morning.replace(year=until.year, month=until.month, day=until.day)
    with pytest.raises(NotTimeForObjection):
        object_to_result(reporter=two, text="晚了", actor=two.person, at=last + timedelta(days=1))
    objection = object_to_result(reporter=one, text="票数有误", actor=one.person, at=last)
    with pytest.raises(ObjectedAlready):
        object_to_result(reporter=one, text="再提", actor=one.person, at=last)
    with pytest.raises(ObjectionTimeRunning):
        close_hearing(hearing=hearing, actor=story.field.clerk, at=last)
    with pytest.raises(ObjectionsOpen):
        close_hearing(hearing=hearing, actor=story.field.clerk, at=last + timedelta(days=1))

    answered = answer_objection(
        objection=objection, is_upheld=False, answer="经复核无误", actor=story.field.clerk, at=last
    )

    assert answered.state == ObjectionState.DISMISSED
    with pytest.raises(StepNotAllowed):
        answer_objection(objection=objection, is_upheld=True, answer="改了", actor=story.field.clerk, at=last)
    assert close_hearing(hearing=hearing, actor=story.field.clerk, at=last + timedelta(days=1)).state == "closed"


def test_nobody_answers_the_own_objection(story, morning):
    hearing = make_counted(story, morning)
    row = reporter_of(hearing, story.secretaries[0])
    objection = object_to_result(reporter=row, text="异议", actor=row.person, at=morning)
    HearingReporter.objects.filter(pk=row.pk).update(person=story.field.clerk)
    objection.refresh_from_db()
    with pytest.raises(OwnObjection):
        answer_objection(objection=objection, is_upheld=True, answer="好", actor=story.field.clerk, at=morning)


def test_a_problem_is_a_task_of_the_reporter_that_somebody_above_accepts(story, morning):
    hearing = make_counted(story, morning)
    reporter = reporter_of(hearing, story.secretaries[0])
    problem = note_problem(
        reporter=reporter, problem="三会一课记录不全", due_at=morning + timedelta(days=30), actor=story.field.deputy,
        at=morning,
    )  # fmt: skip
    submit_task(task=problem.task, note="已补齐制度", actor=story.secretaries[0], at=morning)
    with pytest.raises(NotAllowed):
        accept_task(task=problem.task, actor=story.secretaries[0], at=morning)
    accept_task(task=problem.task, actor=story.field.deputy, at=morning)

    (view,) = [view for view in reporters_of(hearing, story.field.clerk, morning) if view.reporter.pk == reporter.pk]
    assert (view.problems, view.problems_open) == (1, 0)


def test_a_hearing_is_called_off_with_its_meeting(story, morning):
    hearing = plan_hearing(body=story.committee, text=text_of(story, morning), actor=story.field.secretary, at=morning)
    call_off_hearing(hearing=hearing, reason="并入年终考核", actor=story.field.secretary, at=morning)
    hearing.activity.refresh_from_db()
    assert (hearing.state, hearing.activity.state) == ("called_off", "called_off")


def test_a_body_of_another_field_sees_nothing(story, morning):
    make_counted(story, morning)
    other = make_committee("采油二厂党委")
    assert not hearings_seen_by(other.clerk, morning).exists()
