"""The review from the secret ballot to the last answer, and the list of corrections to its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.ballots.models import BallotUrn, BallotVoter
from ronghe.domain.org.enums import PostRole
from ronghe.domain.orglife.enums import Exemption, ListLevel, MeasureKind, ReviewGrade, SessionState
from ronghe.domain.orglife.models import Correction, LifeSession, MemberMarks
from ronghe.domain.orglife.selectors.above import leader_lines, overview, own_double_life, summed
from ronghe.domain.orglife.selectors.corrections import corrections_of, last_years, progress_of
from ronghe.domain.orglife.selectors.members import (
    grades_of_person,
    members_of,
    objections_waiting,
    results_waiting,
    shares_of,
    views_of,
)
from ronghe.domain.orglife.services.correcting import (
    CorrectionsOpen,
    NoCorrections,
    ObjectionsStillOpen,
    ObjectionTime,
    ReviewStillOpen,
    SettledAlready,
    WhoIsMissing,
    carry_over,
    close_session,
    list_correction,
    review_list,
    take_back_carrying,
)
from ronghe.domain.orglife.services.grading import (
    HelpTermOff,
    NoGradeExempt,
    NoGradeOnProbation,
    NotAPoorGrade,
    OwnGrade,
    ReasonsMissing,
    TermOff,
    TooManyExcellent,
    WrongMeasure,
    propose_grade,
    propose_rest,
    take_measure,
)
from ronghe.domain.orglife.services.marking import (
    MarkingOfSomebodyElse,
    SelfAppraisalMissing,
    SittingNotBegun,
    TooFewPresent,
    admit_late,
    count_marks,
    open_marking,
    stop_marking,
)
from ronghe.domain.orglife.services.planning import exempt_member
from ronghe.domain.orglife.services.reading import read_measure, read_personal
from ronghe.domain.orglife.services.telling import (
    AnswersOwn,
    GradesMissing,
    MeasuresMissing,
    NotBetter,
    NothingTold,
    NotTimeToObject,
    ObjectedBefore,
    acknowledge,
    answer_objection,
    object_to_grade,
    report_up,
    tell_results,
)
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_post
from tests.factories.orglife import (
    begin_meeting,
    end_meeting,
    fill_in,
    make_branch,
    make_counted,
    make_marking,
    make_session,
    make_told,
    place_of,
    vote,
)

pytestmark = pytest.mark.django_db
EXCELLENT, QUALIFIED, BASIC, UNQUALIFIED = ReviewGrade


@pytest.fixture
def story(db):
    return make_branch()


def propose(session, person, grade, actor, at, reasons="支委会研究"):
    return propose_grade(member=place_of(session, person), grade=grade, reasons=reasons, actor=actor, at=at)


@pytest.mark.parametrize(("present", "enough"), [(4, False), (5, True)])
def test_pm_07_marking_wants_half_of_those_who_should_be_there(story, morning, present, enough):
    session = make_session(story, morning)
    people = story.everybody[:present]
    fill_in(session, people, morning)
    begin_meeting(session, people, morning)
    if enough:
        assert open_marking(session=session, actor=story.secretary, at=morning).state == SessionState.MARKING
        assert (session.should_count, session.present_count) == (9, 5)
    else:
        with pytest.raises(TooFewPresent):
            open_marking(session=session, actor=story.secretary, at=morning)


def test_marking_waits_for_the_sitting_and_for_the_own_appraisals(story, morning):
    session = make_session(story, morning)
    with pytest.raises(SittingNotBegun):
        open_marking(session=session, actor=story.secretary, at=morning)
    begin_meeting(session, story.everybody, morning)
    with pytest.raises(SelfAppraisalMissing):
        open_marking(session=session, actor=story.secretary, at=morning)
    fill_in(session, story.everybody, morning, peers=False)
    open_marking(session=session, actor=story.secretary, at=morning)
    (row,) = session.ballots.select_related("ballot")
    assert len(row.members) == 8  # the probationary member votes and is not voted on
    assert BallotVoter.objects.filter(ballot=row.ballot).count() == 9


def test_pm_07_apart_the_review_waits_for_its_own_sitting(story, morning):
    session = make_session(story, morning, is_combined=False)
    fill_in(session, story.everybody, morning)
    activity = begin_meeting(session, story.everybody, morning)
    end_meeting(session, activity, morning)
    with pytest.raises(SittingNotBegun):
        open_marking(session=session, actor=story.secretary, at=morning)


def test_late_comers_are_put_on_the_list(story, morning):
    session = make_session(story, morning)
    fill_in(session, story.everybody, morning)
    activity = begin_meeting(session, story.everybody[:6], morning)
    open_marking(session=session, actor=story.secretary, at=morning)
    sign_in_with_card(activity=activity, card=member_card(story.everybody[7]), actor=story.secretary, at=morning)
    assert admit_late(session=session, actor=story.secretary, at=morning) == 1
    with pytest.raises(MarkingOfSomebodyElse):
        count_marks(session=session, actor=story.organizer, at=morning)


def test_marks_are_counted_into_sums_and_no_row_says_who_gave_which(story, morning):
    session = make_marking(story, morning)
    vote(session, story.everybody[:5], 1, morning)
    vote(session, story.everybody[5:], 2, morning)
    count_marks(session=session, actor=story.secretary, at=morning)

    rows = list(MemberMarks.objects.all())
    assert {tuple(row.counts) for row in rows} == {(5, 4, 0, 0)}
    assert {row.cast for row in rows} == {9}
    assert BallotUrn.objects.count() == 0
    assert not [fact for fact in Fact.objects.filter(subject__isnull=False) if fact.kind.startswith("ballots.")]


def test_too_few_marks_are_not_kept(story, morning):
    session = make_marking(story, morning)
    vote(session, story.everybody[:2], 1, morning)
    count_marks(session=session, actor=story.secretary, at=morning)
    assert {row.counts for row in MemberMarks.objects.all()} == {None}


def test_marking_is_stopped_and_begun_anew(story, morning):
    session = make_marking(story, morning)
    stop_marking(session=session, reason="名单有误", actor=story.secretary, at=morning)
    assert session.ballots.count() == 0
    open_marking(session=session, actor=story.secretary, at=morning)
    assert session.ballots.count() == 1


def test_pm_08_excellent_ones_are_at_most_a_third_of_all_members(story, morning):
    session = make_counted(story, morning)
    for person in story.members[:3]:
        propose(session, person, EXCELLENT, story.secretary, morning)
    assert (shares_of(session).excellent, shares_of(session).most) == (3, 3)
    with pytest.raises(TooManyExcellent) as refused:
        propose(session, story.members[3], EXCELLENT, story.secretary, morning)
    assert "最多 3 人" in str(refused.value)
    propose(session, story.members[2], EXCELLENT, story.secretary, morning)  # said again of the same one
    propose(session, story.members[2], QUALIFIED, story.secretary, morning)
    propose(session, story.members[3], EXCELLENT, story.secretary, morning)


def test_pm_08_probationary_members_get_no_grade_nor_do_exempt_ones(story, morning):
    session = make_session(story, morning)
    exempt_member(
        member=place_of(session, story.members[5]), reason=Exemption.SICK, note="", actor=story.secretary, at=morning
    )
    people = [person for person in story.everybody if person != story.members[5]]
    fill_in(session, people, morning)
    begin_meeting(session, people, morning)
    open_marking(session=session, actor=story.secretary, at=morning)
    vote(session, people, 2, morning)
    count_marks(session=session, actor=story.secretary, at=morning)
    with pytest.raises(NoGradeOnProbation):
        propose(session, story.probationer, QUALIFIED, story.secretary, morning)
    with pytest.raises(NoGradeExempt):
        propose(session, story.members[5], QUALIFIED, story.secretary, morning)
    assert propose_rest(session=session, actor=story.secretary, at=morning) == 6


def test_the_own_grade_comes_from_somebody_else(story, morning):
    session = make_counted(story, morning)
    with pytest.raises(OwnGrade):
        propose(session, story.secretary, EXCELLENT, story.secretary, morning)
    with pytest.raises(ReasonsMissing):
        propose(session, story.secretary, EXCELLENT, story.organizer, morning, reasons=" ")
    propose(session, story.secretary, EXCELLENT, story.organizer, morning)
    with pytest.raises(NotAllowed):
        propose(session, story.organizer, QUALIFIED, story.members[0], morning)


def test_whom_the_marks_find_poor_is_not_among_the_rest(story, morning):
    session = make_marking(story, morning)
    vote(session, story.everybody, 3, morning)
    count_marks(session=session, actor=story.secretary, at=morning)
    assert propose_rest(session=session, actor=story.secretary, at=morning) == 0


def test_a_poor_grade_wants_help_or_a_term(story, morning):
    session = make_counted(story, morning)
    one, two = story.members[:2]
    propose(session, one, BASIC, story.secretary, morning)
    propose(session, two, UNQUALIFIED, story.secretary, morning)
    propose_rest(session=session, actor=story.secretary, at=morning)
    with pytest.raises(GradesMissing):
        tell_results(session=session, actor=story.secretary, at=morning)
    propose_rest(session=session, actor=story.organizer, at=morning)
    with pytest.raises(MeasuresMissing):
        tell_results(session=session, actor=story.secretary, at=morning)

    def take(person, kind, until):
        return take_measure(
            member=place_of(session, person), kind=kind, reasons="责任心不强", until=until, helper=story.organizer,
            actor=story.secretary, at=morning,
        )  # fmt: skip

    day = morning.date()
    with pytest.raises(NotAPoorGrade):
        take(story.members[2], MeasureKind.HELP, day + timedelta(days=30))
    with pytest.raises(WrongMeasure):
        take(one, MeasureKind.REFER, None)
    with pytest.raises(HelpTermOff):
        take(one, MeasureKind.HELP, day)
    with pytest.raises(TermOff):
        take(two, MeasureKind.CORRECT, day + timedelta(days=100))
    take(one, MeasureKind.HELP, day + timedelta(days=90))
    take(two, MeasureKind.CORRECT, day + timedelta(days=200))
    tell_results(session=session, actor=story.secretary, at=morning)

    made = {row.person: row.measure.task.title for row in members_of(session) if hasattr(row, "measure")}
    assert made == {one: "落实个人整改", two: "落实个人整改"}
    assert read_measure(member=place_of(session, one), actor=one, at=morning)[1] == "责任心不强"
    assert read_measure(member=place_of(session, one), actor=story.organizer, at=morning) is not None  # who helps
    with pytest.raises(NotAllowed):
        read_measure(member=place_of(session, one), actor=story.members[3], at=morning)


def test_telling_holds_the_review_once_and_grades_each(story, morning):
    session = make_told(story, morning, excellent=2)

    (held,) = Fact.objects.filter(kind="orglife.review_held")
    assert (held.body, held.values["graded"], held.values["excellent"]) == (story.branch.pk, 8, 2)
    assert Fact.objects.filter(kind="orglife.graded").count() == 8
    with pytest.raises(StepNotAllowed):
        tell_results(session=LifeSession.objects.get(pk=session.pk), actor=story.secretary, at=morning)
    assert results_waiting(story.members[0], morning).count() == 1
    acknowledge(member=place_of(session, story.members[0]), actor=story.members[0], at=morning)
    acknowledge(member=place_of(session, story.members[0]), actor=story.members[0], at=morning)
    assert results_waiting(story.members[0], morning).count() == 0
    assert Fact.objects.filter(kind="orglife.acknowledged").count() == 1
    assert [row.grade for row in grades_of_person(story.members[0])] == [EXCELLENT]


def test_nothing_is_acknowledged_before_it_is_told(story, morning):
    session = make_counted(story, morning)
    with pytest.raises(NothingTold):
        acknowledge(member=place_of(session, story.members[0]), actor=story.members[0], at=morning)


def test_reasons_are_for_the_member_only_once_told(story, morning):
    session = make_counted(story, morning)
    one = story.members[0]
    propose(session, one, EXCELLENT, story.secretary, morning, reasons="带头攻关")
    assert read_personal(member=place_of(session, one), actor=one, at=morning).reasons == ""
    assert read_personal(member=place_of(session, one), actor=story.organizer, at=morning).reasons == "带头攻关"


def test_grades_are_for_the_member_the_committee_and_the_office(story, morning):
    session = make_told(story, morning)

    def seen(actor):
        return sum(view.is_seen for view in views_of(session, members_of(session), actor, morning))

    assert [seen(actor) for actor in (story.secretary, story.clerk, story.auditor)] == [9, 9, 9]
    assert [seen(actor) for actor in (story.members[0], story.probationer)] == [1, 1]


def test_an_objection_comes_once_in_time_and_somebody_else_answers(story, morning):
    session = make_told(story, morning)
    one = story.members[1]
    last = morning.replace(month=session.objections_until.month, day=session.objections_until.day)
    with pytest.raises(NotTimeToObject):
        object_to_grade(member=place_of(session, one), text="不服", actor=one, at=last + timedelta(days=1))
    made = object_to_grade(member=place_of(session, one), text="应为优秀", actor=one, at=last)
    assert "优秀" not in made.sealed
    with pytest.raises(ObjectedBefore):
        object_to_grade(member=place_of(session, one), text="再提", actor=one, at=last)
    assert objections_waiting(story.secretary, last).count() == 1
    assert objections_waiting(one, last).count() == 0
    with pytest.raises(NotAllowed):
        answer_objection(member=place_of(session, one), is_upheld=False, answer="否", actor=story.members[2], at=last)
    with pytest.raises(NotBetter):
        answer_objection(
            member=place_of(session, one), is_upheld=True, answer="改", actor=story.secretary, at=last, grade=BASIC
        )
    answer_objection(
        member=place_of(session, one),
        is_upheld=True,
        answer="复核成立",
        actor=story.secretary,
        at=last,
        grade=EXCELLENT,
    )
    assert place_of(session, one).grade == EXCELLENT
    facts = Fact.objects.filter(kind="orglife.graded", subject=one.token)
    assert sorted((fact.values["grade"], fact.reverses is not None) for fact in facts) == [
        ("excellent", False), ("qualified", False), ("qualified", True),
    ]  # fmt: skip
    with pytest.raises(StepNotAllowed):
        answer_objection(member=place_of(session, one), is_upheld=False, answer="否", actor=story.clerk, at=last)


def test_nobody_answers_the_own_objection(story, morning):
    session = make_told(story, morning)
    object_to_grade(member=place_of(session, story.secretary), text="应为优秀", actor=story.secretary, at=morning)
    with pytest.raises(AnswersOwn):
        answer_objection(
            member=place_of(session, story.secretary), is_upheld=True, answer="好", actor=story.secretary, at=morning
        )


def test_an_upheld_objection_keeps_to_the_share(story, morning):
    session = make_told(story, morning, excellent=3)
    one = story.members[4]
    object_to_grade(member=place_of(session, one), text="应为优秀", actor=one, at=morning)
    with pytest.raises(TooManyExcellent):
        answer_objection(
            member=place_of(session, one), is_upheld=True, answer="好", actor=story.secretary, at=morning,
            grade=EXCELLENT,
        )  # fmt: skip


def test_results_are_reported_once_told(story, morning):
    session = make_counted(story, morning)
    with pytest.raises(StepNotAllowed):
        report_up(session=session, actor=story.secretary, at=morning)
    propose_rest(session=session, actor=story.secretary, at=morning)
    propose_rest(session=session, actor=story.organizer, at=morning)
    tell_results(session=session, actor=story.secretary, at=morning)
    assert report_up(session=session, actor=story.secretary, at=morning).reported_by == story.secretary


def listed(session, story, at, *, level=ListLevel.BRANCH, problem="学习不够经常", days=30, member=None):
    return list_correction(
        session=session, level=level, problem=problem, measure="每周二晚学一小时", due_at=at + timedelta(days=days),
        actor=story.secretary, at=at, assignee=story.organizer, member=member,
    )  # fmt: skip


def settle(correction, story, at):
    submit_task(task=correction.task, note="已改", actor=correction.task.assignee, at=at)
    accept_task(task=correction.task, actor=story.secretary, at=at)


def test_pm_06_a_session_closes_when_every_correction_is_accepted_or_carried(story, morning):
    session = make_told(story, morning)
    after = morning + timedelta(days=15)
    with pytest.raises(ObjectionTime):
        close_session(session=session, actor=story.secretary, at=morning)
    with pytest.raises(NoCorrections):
        close_session(session=session, actor=story.secretary, at=after)
    one, two = listed(session, story, morning), listed(session, story, morning, problem="下站不够", days=5)
    mine = listed(
        session,
        story,
        morning,
        level=ListLevel.MEMBER,
        problem="带徒弟不够",
        member=place_of(session, story.members[0]),
    )
    assert mine.task.assignee == story.members[0]
    settle(one, story, morning)
    settle(mine, story, morning)
    progress = progress_of(corrections_of(session), after)
    assert (progress.listed, progress.done, progress.overdue, progress.percent) == (3, 2, 1, 66)
    with pytest.raises(CorrectionsOpen):
        close_session(session=session, actor=story.secretary, at=after)
    with pytest.raises(SettledAlready):
        carry_over(
            correction=Correction.objects.select_related("session__body", "task").get(pk=one.pk),
            reason="明年",
            actor=story.secretary,
            at=after,
        )
    two.refresh_from_db()
    carry_over(correction=two, reason="站场明年才投产", actor=story.secretary, at=after)
    take_back_carrying(correction=two, actor=story.secretary, at=after)
    carry_over(correction=two, reason="站场明年才投产", actor=story.secretary, at=after)
    close_session(session=session, actor=story.secretary, at=after)

    (fact,) = Fact.objects.filter(kind="orglife.rectified")
    assert fact.values == {"listed": 3, "done": 2, "carried": 1}
    year = after.replace(year=after.year + 1)
    following = make_session(story, year, year=year.year)
    assert last_years(following)[0] == two
    assert len(last_years(following)) == 3


def test_a_member_lists_the_own_corrections_and_nobody_elses(story, morning):
    session = make_told(story, morning)
    given = {"problem": "写心得少", "measure": "每月一篇", "due_at": morning + timedelta(days=9), "at": morning}
    own = place_of(session, story.members[0])
    list_correction(session=session, level=ListLevel.MEMBER, actor=story.members[0], member=own, **given)
    with pytest.raises(NotAllowed):
        list_correction(session=session, level=ListLevel.MEMBER, actor=story.members[1], member=own, **given)
    with pytest.raises(NotAllowed):
        list_correction(
            session=session, level=ListLevel.BRANCH, actor=story.members[0], assignee=story.members[0], **given
        )
    with pytest.raises(WhoIsMissing):
        list_correction(session=session, level=ListLevel.COMMITTEE, actor=story.secretary, **given)


def test_open_objections_and_an_unfinished_review_keep_it_open(story, morning):
    session = make_session(story, morning)
    activity = begin_meeting(session, story.everybody, morning)
    end_meeting(session, activity, morning)
    with pytest.raises(ReviewStillOpen):
        close_session(session=session, actor=story.secretary, at=morning)
    other = make_branch("二队党支部")
    told = make_told(other, morning)
    object_to_grade(member=place_of(told, other.members[0]), text="不服", actor=other.members[0], at=morning)
    with pytest.raises(ObjectionsStillOpen):
        close_session(session=told, actor=other.secretary, at=morning + timedelta(days=15))


def test_the_list_is_looked_at_again_after_a_quarter(story, morning):
    session = make_told(story, morning)
    assert session.review_on == date(morning.year, morning.month + 3, morning.day)
    review_list(session=session, note="三条改了两条", actor=story.secretary, at=morning + timedelta(days=92))
    assert session.reviewed_at is not None


def test_from_above_one_sees_who_held_theirs_and_the_shares(story, morning, django_assert_max_num_queries):
    make_told(story, morning, excellent=2)
    with django_assert_max_num_queries(6):
        lines = overview(story.committee, morning.year, morning)
    (line,) = lines
    assert (line.is_told, line.members, line.grades["excellent"], line.most) == (True, 9, 2, 3)
    assert (summed(lines).held, summed(lines).graded) == (1, 8)


def meet(body, activity_type, people, actor, at):
    made = plan_activity(
        activity_type=activity_type, body=body, place="会议室", scheduled_from=at,
        scheduled_until=at + timedelta(hours=2), actor=actor, at=at,
    )  # fmt: skip
    made = open_activity(activity=made, actor=actor, at=at)
    add_agenda_item(activity=made, topic="批评和自我批评", actor=actor, at=at)
    for person in people:
        sign_in_with_card(activity=made, card=member_card(person), actor=actor, at=at)
    close_activity(activity=made, actor=actor, at=at)


def test_pm_10_leaders_attend_both_meetings(story, morning):
    leader, other = story.members[0], story.members[1]
    for person in (leader, other):
        make_post(person, PostRole.COMMITTEE_MEMBER, body=story.committee)
    secretary = story.clerk
    make_post(secretary, PostRole.SECRETARY, body=story.committee)
    meet(story.committee, ActivityType.CRITICISM_MEETING, [leader, other], secretary, morning)
    meet(story.branch, ActivityType.ORG_LIFE_MEETING, [leader], secretary, morning + timedelta(days=1))

    lines = {line.person: line for line in leader_lines(story.committee, morning.year, morning)}

    assert (lines[leader].is_double, lines[other].is_double) == (True, False)
    assert lines[other].home_days == []
    assert [line.is_double for _body, line in own_double_life(leader, morning)] == [True]
    assert own_double_life(story.members[2], morning) == []


def test_pm_10_another_branchs_meeting_is_not_the_own(story, morning):
    leader = story.members[0]
    make_post(leader, PostRole.COMMITTEE_MEMBER, body=story.committee)
    other = make_branch("二队党支部")
    meet(other.branch, ActivityType.ORG_LIFE_MEETING, [leader], other.secretary, morning)
    (line,) = leader_lines(story.committee, morning.year, morning, only=leader)
    assert line.home_days == []
