"""A visit with a checklist: who goes, what is held beforehand, verdict by verdict, sealing, grades, objections, calls."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.inspections.enums import InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.models import Inspection, ItemVerdict
from ronghe.domain.inspections.selectors.evidence import held_for
from ronghe.domain.inspections.selectors.inspections import (
    common_problems,
    conflicts_of,
    inspections_of_call,
    list_calls,
    list_inspections,
    record_of,
)
from ronghe.domain.inspections.selectors.waiting import grades_to_decide, visits_to_make
from ronghe.domain.inspections.services.arranging import (
    CallOpen,
    CallTitleMissing,
    ChecklistElsewhere,
    ConclusionMissing,
    DaysUnfit,
    GroupInConflict,
    GroupTooSmall,
    NoBodiesCalled,
    ReasonMissing,
    arrange_inspection,
    call_off,
    close_call,
    issue_call,
)
from ronghe.domain.inspections.services.findings import ObjectionTooLate, object_to
from ronghe.domain.inspections.services.grading import (
    GradeUnexplained,
    GradeUnknown,
    NothingToGrade,
    NoticeRunning,
    ObjectionsOpen,
    VetoStands,
    decide_grade,
)
from ronghe.domain.inspections.services.visiting import (
    ItemsMissing,
    MarkUnfit,
    NotBelow,
    VerdictUnexplained,
    VerdictUnfit,
    VetoUnreviewed,
    VisitOver,
    judge_item,
    make_finding,
    seal_inspection,
)
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.facts import VISITED as RHYTHM_VISITED
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.inspections import Visited, fresh, judge_all, make_inspection, plan_of, sealed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.races import at_once

pytestmark = pytest.mark.django_db
ACCEPTANCE = InspectionForm.ACCEPTANCE


@pytest.fixture
def story():
    return Visited()


# Who goes


def test_a_visit_is_arranged_from_above_and_waits_for_its_group(story, morning):
    visit = make_inspection(story, morning)

    assert [(one.person, one.is_leader) for one in visit.group.order_by("pk")] == [
        (story.clerk, True), (story.auditor, False),
    ]  # fmt: skip
    assert list(visits_to_make(story.auditor, morning)) == [visit]
    assert list(visits_to_make(story.secretary, morning)) == []
    for actor in (story.secretary, story.member):
        with pytest.raises(NotAllowed):
            arrange_inspection(body=story.branch, plan=plan_of(story, local_day(morning)), actor=actor, at=morning)
    with pytest.raises(NotAllowed):
        arrange_inspection(body=story.committee, plan=plan_of(story, local_day(morning)), actor=story.clerk, at=morning)


def test_nobody_of_the_body_or_leading_it_visits_it(story, morning):
    group = make_body("一班党小组", parent=story.branch)
    guest, leader = make_person("客人"), make_person("外派组长")
    make_post(guest, PostRole.COMMITTEE_MEMBER, body=story.branch)
    make_post(leader, PostRole.GROUP_LEADER, body=group)

    for person in (story.member, story.secretary, guest, leader):
        assert conflicts_of([person], [story.branch], local_day(morning)) == [(person, story.branch)]
        with pytest.raises(GroupInConflict, match=person.name):
            make_inspection(story, morning, group=[story.clerk, person])
    assert conflicts_of([story.clerk, story.auditor], [story.branch], local_day(morning)) == []
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("form", "count", "fits"),
    [
        (ACCEPTANCE, 1, False),
        (ACCEPTANCE, 2, True),
        (InspectionForm.ROUTINE, 0, False),
        (InspectionForm.ROUTINE, 1, True),
    ],
)
def test_rt_07_one_alone_accepts_no_grade(story, morning, form, count, fits):
    group = [story.clerk, story.auditor][:count]
    if fits:
        assert make_inspection(story, morning, form=form, group=group).group.count() == count
    else:
        with pytest.raises(GroupTooSmall):
            make_inspection(story, morning, form=form, group=group)


def test_days_and_checklist_fit(story, morning):
    day = local_day(morning)
    for days in ({"until_on": day - timedelta(days=1)}, {"planned_on": day + timedelta(days=2)}):
        with pytest.raises(DaysUnfit):
            make_inspection(story, morning, **days)
    with pytest.raises(ChecklistElsewhere):
        make_inspection(story, morning, checklist="special_fusion")
    with pytest.raises(NotFound):
        make_inspection(story, morning, checklist="no_such")


def test_a_visit_that_is_called_off_says_why(story, morning):
    visit = make_inspection(story, morning)
    with pytest.raises(ReasonMissing):
        call_off(inspection=visit, reason=" ", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        call_off(inspection=visit, reason="忙", actor=story.secretary, at=morning)
    call_off(inspection=visit, reason="汛期抢险", actor=story.clerk, at=morning)
    assert visit.state == InspectionState.CALLED_OFF
    with pytest.raises(VisitOver):
        judge_item(inspection=visit, item="meetings", verdict=Verdict.MEETS, actor=story.clerk, at=morning)


# What is held beforehand


def _walk(story, at, visit="round"):
    return record(
        Draft(
            RHYTHM_VISITED,
            at,
            story.secretary,
            quantity=1,
            body=story.branch.pk,
            attributes={"visit": visit},
            source=story.branch,
        )
    )


def test_what_is_held_is_shown_first_without_what_was_reversed(story, morning):
    visit = make_inspection(story, morning, form=ACCEPTANCE)
    old = _walk(story, morning - timedelta(days=366))
    kept = _walk(story, morning - timedelta(days=20))
    gone = _walk(story, morning - timedelta(days=10))
    reverse(gone, by=story.secretary, at=morning - timedelta(days=9))

    held = held_for(visit.sheet, story.branch.pk, morning)
    walks = held["secretary_visits"]
    assert (walks.count, walks.is_missing) == (1, False)
    assert [(one.on, one.source_id) for one in walks.latest] == [(local_day(kept.occurred_at), story.branch.pk)]
    assert old.pk != kept.pk
    assert held["secretary_talks"].is_missing
    assert not held["group_complete"].is_shown
    judge_item(inspection=visit, item="secretary_visits", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    assert ItemVerdict.objects.get(item="secretary_visits").held == 1


@pytest.mark.parametrize("walks", [1, 40])
def test_what_is_held_costs_the_same_for_much_and_little(story, morning, walks, django_assert_num_queries):
    visit = make_inspection(story, morning, form=ACCEPTANCE)
    for number in range(walks):
        _walk(story, morning - timedelta(days=number))
    sheet = visit.sheet
    with django_assert_num_queries(2):
        assert held_for(sheet, story.branch.pk, morning)["secretary_visits"].count == walks


# Verdict by verdict


def test_the_first_verdict_begins_the_visit_and_a_later_one_stands_in_its_place(story, morning):
    visit = make_inspection(story, morning)
    judge_item(inspection=visit, item="meetings", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    assert visit.state == InspectionState.UNDER_WAY
    judge_item(
        inspection=visit,
        item="meetings",
        verdict=Verdict.PARTLY,
        mark="12.5",
        words="少一次",
        actor=story.auditor,
        at=morning,
    )

    [row] = visit.verdicts.all()
    assert (row.verdict, row.mark, row.by, row.words) == (Verdict.PARTLY, Decimal("12.5"), story.auditor, "少一次")


@pytest.mark.parametrize(
    ("verdict", "mark", "got"),
    [("meets", None, "20"), ("meets", "20", "20"), ("meets", "19", None), ("partly", None, "10"), ("partly", "0", "0"),
     ("partly", "20", "20"), ("partly", "20.01", None), ("partly", "-1", None), ("partly", "1.005", None),
     ("partly", "abc", None), ("partly", "NaN", None), ("partly", "1e999", None), ("not_met", None, "0"), ("not_met", "1", None),
     ("not_applicable", None, "0")],
)  # fmt: skip
def test_a_mark_goes_with_its_verdict(story, morning, verdict, mark, got):
    visit = make_inspection(story, morning)
    given = {"inspection": visit, "item": "meetings", "verdict": verdict, "mark": mark, "words": "看了记录"}
    if got is None:
        with pytest.raises(MarkUnfit):
            judge_item(**given, actor=story.clerk, at=morning)
    else:
        assert judge_item(**given, actor=story.clerk, at=morning).mark == Decimal(got)


@pytest.mark.parametrize("verdict", [Verdict.PARTLY, Verdict.NOT_MET, Verdict.NOT_APPLICABLE])
def test_what_is_not_met_is_explained(story, morning, verdict):
    visit = make_inspection(story, morning)
    with pytest.raises(VerdictUnexplained):
        judge_item(inspection=visit, item="meetings", verdict=verdict, actor=story.clerk, at=morning)


def test_what_is_not_on_the_list_and_who_is_not_of_the_group_is_refused(story, morning):
    visit = make_inspection(story, morning, form=ACCEPTANCE)
    with pytest.raises(NotFound):
        judge_item(inspection=visit, item="nothing", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    with pytest.raises(VerdictUnfit):
        judge_item(inspection=visit, item="output_plan", verdict="splendid", actor=story.clerk, at=morning)
    for verdict in (Verdict.PARTLY, Verdict.NOT_APPLICABLE):
        with pytest.raises(VerdictUnfit):
            judge_item(
                inspection=visit, item="grave_accident", verdict=verdict, words="有", actor=story.clerk, at=morning
            )
    for actor in (story.head, story.secretary, story.member):
        with pytest.raises(NotAllowed):
            judge_item(inspection=visit, item="output_plan", verdict=Verdict.MEETS, actor=actor, at=morning)


def test_below_becomes_a_finding_by_one_tap_and_only_once(story, morning):
    visit = make_inspection(story, morning)
    judge_item(inspection=visit, item="records", verdict=Verdict.NOT_MET, words="缺三天", actor=story.clerk, at=morning)
    judge_item(inspection=visit, item="meetings", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    made = make_finding(inspection=visit, item="records", actor=story.clerk, at=morning)

    assert make_finding(inspection=visit, item="records", actor=story.auditor, at=morning) == made
    own = fresh(made).inspection_finding
    assert (made.text, made.body, own.inspection, own.check_item, own.about) == (
        "缺三天",
        story.branch,
        visit,
        "records",
        "制度落实",
    )
    assert set(made.people.values_list("person_id", flat=True)) == {story.clerk.pk, story.auditor.pk}
    with pytest.raises(NotBelow):
        make_finding(inspection=visit, item="meetings", actor=story.clerk, at=morning)
    with pytest.raises(NotFound):
        make_finding(inspection=visit, item="needs_heard", actor=story.clerk, at=morning)


def test_verdicts_are_read_by_the_body_once_they_are_sealed(story, morning):
    visit = judge_all(make_inspection(story, morning), story.clerk, morning)
    for actor, sees in ((story.clerk, True), (story.head, True), (story.secretary, False), (story.member, False)):
        assert record_of(visit, actor, morning).is_shown is sees
    seal_inspection(inspection=visit, words="", actor=story.clerk, at=morning)
    assert record_of(visit, story.member, morning).done == 5


# Sealing


def test_a_visit_is_sealed_when_everything_was_looked_at(story, morning):
    visit = make_inspection(story, morning)
    judge_item(inspection=visit, item="meetings", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    with pytest.raises(ItemsMissing, match="4"):
        seal_inspection(inspection=visit, words="", actor=story.clerk, at=morning)
    judge_all(visit, story.clerk, morning, but={"records": Verdict.PARTLY, "needs_heard": Verdict.NOT_APPLICABLE})
    seal_inspection(inspection=visit, words="总体较好", actor=story.clerk, at=morning)

    [fact] = Fact.objects.filter(kind="inspections.visited")
    assert (fact.body, fact.values) == (
        story.branch.pk, {"form": "routine", "checklist": "short_visit", "findings": 1, "vetoes": 0, "score": 8750},
    )  # fmt: skip
    assert (visit.mark, visit.full, visit.proposed) == (Decimal(70), Decimal(80), "")
    assert [one.check_item for one in visit.findings.all()] == ["records"]
    with pytest.raises(VisitOver):
        judge_item(inspection=visit, item="meetings", verdict=Verdict.MEETS, actor=story.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        seal_inspection(inspection=visit, words="", actor=story.clerk, at=morning)


def test_rt_07_a_veto_is_reviewed_by_another_one_of_the_group(story, morning):
    visit = judge_all(
        make_inspection(story, morning, form=ACCEPTANCE), story.clerk, morning, but={"grave_accident": Verdict.NOT_MET}
    )
    with pytest.raises(VetoUnreviewed):
        seal_inspection(inspection=visit, words="", actor=story.clerk, at=morning)
    seal_inspection(inspection=visit, words="", actor=story.auditor, at=morning)
    assert (visit.vetoes, visit.proposed) == (1, "pending")


def test_of_two_who_seal_one_is_first(committing_db, morning):
    story = Visited()
    visit = judge_all(make_inspection(story, morning), story.clerk, morning, but={"records": Verdict.NOT_MET})
    mine = [Inspection.objects.get(pk=visit.pk) for _ in range(2)]
    done = at_once([
        lambda: seal_inspection(inspection=mine[0], words="", actor=story.clerk, at=morning),
        lambda: seal_inspection(inspection=mine[1], words="", actor=story.auditor, at=morning),
    ])  # fmt: skip
    assert (done, Fact.objects.filter(kind="inspections.visited").count(), visit.findings.count()) == (1, 1, 1)


# Grades


def _after_notice(visit):
    return visit.sealed_at + timedelta(days=(visit.notice_until - local_day(visit.sealed_at)).days + 1)


def test_pp_05_the_grade_is_decided_after_the_notice_by_somebody_who_did_not_visit(story, morning):
    visit = sealed(story, morning, form=ACCEPTANCE)
    assert (visit.proposed, visit.before, visit.notice_until) == ("model", "", local_day(morning) + timedelta(days=6))
    last = _after_notice(visit) - timedelta(days=1)
    with pytest.raises(NoticeRunning):
        decide_grade(inspection=visit, grade="model", actor=story.head, at=last)
    assert list(grades_to_decide(story.head, last)) == []
    then = _after_notice(visit)
    assert list(grades_to_decide(story.head, then)) == [visit]
    for actor in (story.clerk, story.secretary, story.auditor):
        with pytest.raises(NotAllowed):
            decide_grade(inspection=visit, grade="model", actor=actor, at=then)
    with pytest.raises(GradeUnknown):
        decide_grade(inspection=visit, grade="splendid", actor=story.head, at=then)
    with pytest.raises(GradeUnexplained):
        decide_grade(inspection=visit, grade="excellent", actor=story.head, at=then)
    decide_grade(inspection=visit, grade="model", actor=story.head, at=then)

    [fact] = Fact.objects.filter(kind="inspections.graded")
    assert fact.values == {"grade": "model", "proposed": "model", "score": 10000, "vetoes": 0}
    with pytest.raises(DomainError):
        decide_grade(inspection=Inspection.objects.get(pk=visit.pk), grade="model", actor=story.head, at=then)


def test_rt_05_the_next_grade_rises_by_one_step(story, morning):
    first = sealed(story, morning, form=ACCEPTANCE, but={"false_appraisal": Verdict.NOT_MET})
    decide_grade(inspection=first, grade="pending", actor=story.head, at=_after_notice(first))
    second = sealed(story, morning + timedelta(days=60), form=ACCEPTANCE)
    assert (second.before, second.proposed) == ("pending", "qualified")


def test_rt_07_a_veto_stands_until_an_objection_is_found_right(story, morning):
    visit = sealed(story, morning, form=ACCEPTANCE, but={"grave_accident": Verdict.NOT_MET})
    then = _after_notice(visit)
    with pytest.raises(VetoStands):
        decide_grade(inspection=visit, grade="model", words="表现突出", actor=story.head, at=then)
    item = fresh(visit.findings.get().item)
    object_to(item=item, reason="是相邻单位的事故", actor=story.secretary, at=morning + timedelta(days=6))
    with pytest.raises(ObjectionsOpen):
        decide_grade(inspection=visit, grade="pending", actor=story.head, at=then)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="dismiss", actor=story.secretary, at=then, said=Said(note="核实"))
    take_step(item=item, step="dismiss", actor=story.auditor, at=then, said=Said(note="核实，不是本单位"))

    visit = Inspection.objects.get(pk=visit.pk)
    row = visit.verdicts.get(item="grave_accident")
    assert (visit.vetoes, visit.proposed, row.verdict, row.was) == (0, "model", "meets", "not_met")
    decide_grade(inspection=visit, grade="model", actor=story.head, at=then)


@pytest.mark.parametrize(("days", "is_late"), [(6, False), (7, True)])
def test_an_objection_comes_by_the_last_day_of_the_notice(story, morning, days, is_late):
    visit = sealed(story, morning, but={"records": Verdict.NOT_MET})
    item = fresh(visit.findings.get().item)
    if is_late:
        with pytest.raises(ObjectionTooLate):
            object_to(item=item, reason="有记录", actor=story.secretary, at=morning + timedelta(days=days))
    else:
        object_to(item=item, reason="有记录", actor=story.secretary, at=morning + timedelta(days=days))
        take_step(
            item=item, step="uphold", actor=story.clerk, at=morning + timedelta(days=days), said=Said(note="看过，仍缺")
        )
        assert fresh(item).state == "found"


def test_an_objection_found_right_gives_the_marks_back(story, morning):
    visit = sealed(story, morning, but={"records": Verdict.NOT_MET})
    item = fresh(visit.findings.get().item)
    object_to(item=item, reason="有记录", actor=story.secretary, at=morning)
    take_step(item=item, step="dismiss", actor=story.clerk, at=morning, said=Said(note="补看了，有"))
    assert Inspection.objects.values_list("mark", "full").get(pk=visit.pk) == (Decimal(100), Decimal(100))


def test_only_an_acceptance_is_graded(story, morning):
    visit = sealed(story, morning)
    with pytest.raises(NothingToGrade):
        decide_grade(inspection=visit, grade="model", actor=story.head, at=_after_notice(visit))


# Calls


@pytest.fixture
def call(story, morning):
    others = [make_body(f"采油{number}队党支部", parent=story.committee) for number in (2, 3)]
    plan = plan_of(story, local_day(morning), form=InspectionForm.SPECIAL)
    return issue_call(
        title="党政融合专项督察",
        body=story.committee,
        bodies=[story.branch, *others],
        plan=plan,
        actor=story.clerk,
        at=morning,
    )


def test_a_call_visits_many_bodies_by_one_checklist(story, call, morning):
    visits = list(inspections_of_call(call))
    judge_all(visits[0], story.clerk, morning, but={"look_back": Verdict.NOT_MET, "theme_days": Verdict.PARTLY})
    seal_inspection(inspection=visits[0], words="", actor=story.clerk, at=morning)
    judge_item(
        inspection=visits[1], item="look_back", verdict=Verdict.PARTLY, words="少", actor=story.clerk, at=morning
    )

    [row] = list_calls(story.head, morning)
    assert (row.bodies, row.done) == (3, 1)
    assert [(one.item.id, one.below, one.judged) for one in common_problems(call)] == [
        ("look_back", 2, 2),
        ("theme_days", 1, 1),
    ]
    assert {one.body_id: (one.judged, one.below) for one in inspections_of_call(call)} == {
        visits[0].body_id: (8, 2), visits[1].body_id: (1, 1), visits[2].body_id: (0, 0),
    }  # fmt: skip
    with pytest.raises(CallOpen, match="2"):
        close_call(call=call, conclusion="回头看普遍不深", actor=story.clerk, at=morning)
    for visit in visits[1:]:
        visit.refresh_from_db()
        call_off(inspection=visit, reason="合并安排", actor=story.clerk, at=morning)
    with pytest.raises(ConclusionMissing):
        close_call(call=call, conclusion=" ", actor=story.clerk, at=morning)
    with pytest.raises(NotAllowed):
        close_call(call=call, conclusion="好", actor=story.secretary, at=morning)
    close_call(call=call, conclusion="回头看普遍不深", actor=story.clerk, at=morning)
    [fact] = Fact.objects.filter(kind="inspections.call_closed")
    assert fact.values == {"sealed": 1, "findings": 2}


def test_a_call_is_filled_in_and_within_reach(story, morning):
    plan = plan_of(story, local_day(morning), form=InspectionForm.SPECIAL)
    given = {
        "title": "督察",
        "body": story.committee,
        "bodies": [story.branch],
        "plan": plan,
        "actor": story.clerk,
        "at": morning,
    }
    for changes, refusal in (
        ({"title": " "}, CallTitleMissing), ({"bodies": []}, NoBodiesCalled), ({"bodies": [story.committee]}, NotAllowed),
        ({"bodies": [make_body("外单位党支部")]}, NotAllowed), ({"actor": story.member}, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            issue_call(**{**given, **changes})
    assert not Inspection.objects.exists()


def test_who_sees_a_visit(story, morning):
    visit = make_inspection(story, morning)
    for actor, sees in (
        (story.clerk, True),
        (story.head, True),
        (story.secretary, True),
        (story.member, True),
        (make_person(), False),
    ):
        assert [one.pk for one in list_inspections(actor, morning)] == ([visit.pk] if sees else [])
