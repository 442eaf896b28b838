"""A finding down to the cause behind its cause, verified by another, and opened again when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.lookbacks.models import Analysis, Cause, Recurrence
from ronghe.domain.lookbacks.selectors import list_recurring, look_record_of, old_problems
from ronghe.domain.lookbacks.services.analysing import (
    MeasuresOpen,
    NoMeasure,
    NotAnalysed,
    NotBeingWorkedOn,
    NotDeepEnough,
    ProblemBehindMissing,
    TooManyCauses,
    begin_measures,
    hand_in_result,
    write_analysis,
)
from ronghe.domain.lookbacks.services.recurring import NotThatKind, RecurrenceUntold, join_old, note_recurrence
from ronghe.domain.work.services.tasks import cancel_task
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.items import make_claim
from tests.factories.lookbacks import DEEP, analysed, closed, done, make_finding, measure_of, measured, taken
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def test_a_finding_is_closed_by_another_than_who_settled_it(story, morning):
    item, measure = measured(story, morning)
    with pytest.raises(MeasuresOpen, match="交接单加票据一栏"):
        hand_in_result(item=item, note="好了", actor=story.members[0], at=morning)
    done(story, measure, morning)
    hand_in_result(item=item, note="连看十天没有漏", actor=story.members[0], at=morning)
    with pytest.raises(NotAllowed):
        take_step(item=item, step="verify", actor=story.members[0], at=morning, said=Said(note="好"))
    take_step(item=item, step="verify", actor=story.lead, at=morning, said=Said(note="抽查三班"))

    assert (item.state, item.settled_by) == ("closed", story.lead)
    assert Fact.objects.filter(kind="lookbacks.measure_set").count() == 1


def test_a_lead_who_looks_into_it_does_not_verify(story, morning):
    item = taken(story, morning, by=story.lead)
    write_analysis(item=item, given=DEEP, actor=story.lead, at=morning)
    with pytest.raises(NotAllowed):
        measure_of(story, item, morning)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (replace(DEEP, whys=("一个",)), NotDeepEnough), (replace(DEEP, whys=("一", " ")), NotDeepEnough),
        (replace(DEEP, cause_behind=DEEP.cause), NotDeepEnough), (replace(DEEP, cause=" "), NotDeepEnough),
        (replace(DEEP, cause_behind=""), NotDeepEnough), (replace(DEEP, problem_behind=" "), ProblemBehindMissing),
        (replace(DEEP, whys=("问",) * 6), TooManyCauses), (replace(DEEP, bones={"people": ["因"] * 7}), TooManyCauses),
    ],
)  # fmt: skip
def test_a_shallow_analysis_is_refused(story, morning, given, refusal):
    item = taken(story, morning)
    with pytest.raises(refusal):
        write_analysis(item=item, given=given, actor=story.members[0], at=morning)
    assert not Analysis.objects.exists()


@pytest.mark.parametrize("given", [replace(DEEP, whys=("一", "二")), replace(DEEP, whys=("问",) * 5),
                                   replace(DEEP, bones={"people": ["因"] * 6})])  # fmt: skip
def test_two_to_five_whys_and_six_causes_a_head_are_fine(story, morning, given):
    item = taken(story, morning)
    write_analysis(item=item, given=given, actor=story.members[0], at=morning)
    assert look_record_of(item).current.whys == list(given.whys)


def test_an_analysis_is_written_anew_until_measures_begin(story, morning):
    item = analysed(story, morning)
    write_analysis(item=item, given=replace(DEEP, cause="另一个原因", bones={}), actor=story.members[0], at=morning)
    assert (Analysis.objects.get().cause, Cause.objects.exclude(head="why").count()) == ("另一个原因", 0)

    with pytest.raises(NoMeasure):
        begin_measures(item=item, actor=story.members[0], at=morning)
    measure = measure_of(story, item, morning)
    cancel_task(task=measure.task, reason="换一条", actor=story.lead, at=morning)
    with pytest.raises(NoMeasure):
        begin_measures(item=item, actor=story.members[0], at=morning)
    measure_of(story, item, morning, title="另一条")
    begin_measures(item=item, actor=story.members[0], at=morning)
    with pytest.raises(NotBeingWorkedOn):
        write_analysis(item=item, given=DEEP, actor=story.members[0], at=morning)
    take_step(item=item, step="rethink", actor=story.members[0], at=morning)
    write_analysis(item=item, given=DEEP, actor=story.members[0], at=morning)


def test_measures_want_an_analysis_and_somebody_who_looks_into_it(story, morning):
    item = taken(story, morning)
    with pytest.raises(NotAnalysed):
        measure_of(story, item, morning)
    with pytest.raises(NotAnalysed):
        begin_measures(item=item, actor=story.members[0], at=morning)
    with pytest.raises(NotAllowed):
        write_analysis(item=item, given=DEEP, actor=story.members[1], at=morning)
    with pytest.raises(NotFound):
        take_step(item=item, step="plan", actor=story.members[0], at=morning)


def test_what_comes_back_opens_the_old_one_and_counts(story, morning):
    item = closed(story, morning)
    later = morning + timedelta(days=40)
    with pytest.raises(RecurrenceUntold):
        note_recurrence(item=item, text=" ", actor=story.members[2], at=later)
    note_recurrence(item=item, text="夜班又没看票", actor=story.members[2], at=later)

    assert (item.state, item.owner, item.closed_at, item.due_at) == ("analysing", story.members[0], None, None)
    record = look_record_of(item)
    assert (record.round, record.current, [why.analysis.round for why in record.analyses]) == (1, None, [0])
    with pytest.raises(NotAnalysed):
        begin_measures(item=item, actor=story.members[0], at=later)
    with pytest.raises(StepNotAllowed):
        note_recurrence(item=item, text="再来", actor=story.members[2], at=later)
    write_analysis(item=item, given=DEEP, actor=story.members[0], at=later)
    with pytest.raises(NoMeasure):
        begin_measures(item=item, actor=story.members[0], at=later)
    assert [row.times for row in list_recurring(story.lead, later)] == [1]


def test_a_new_finding_that_is_the_old_problem_goes_into_it(story, morning):
    item = closed(story, morning)
    new = make_finding(story, morning, title="夜班没看作业票", by=story.members[2])
    assert list(old_problems(story.lead, morning, but=new)) == [item]
    join_old(finding=new, old=item, actor=story.lead, at=morning)

    assert (new.state, new.merged_into, item.state) == ("same", item, "analysing")
    assert Recurrence.objects.get().finding == new
    again = make_finding(story, morning, title="白班也没看")
    join_old(finding=again, old=item, actor=story.lead, at=morning)
    assert [row.number for row in Recurrence.objects.order_by("number")] == [1, 2]
    assert [row.times for row in list_recurring(story.lead, morning)] == [2]
    for old in (again, new, make_claim(story, morning)):
        with pytest.raises(NotThatKind):
            join_old(finding=make_finding(story, morning), old=old, actor=story.lead, at=morning)


def test_a_manager_gives_it_to_somebody_else(story, morning):
    item = taken(story, morning)
    take_step(item=item, step="assign", actor=story.lead, at=morning, said=Said(owner=story.members[1]))
    assert (item.state, item.owner) == ("analysing", story.members[1])
