"""Difficult points: raised, fixed four times over, noted, resolved; and who may do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ronghe.domain.taskforces.calc.fixes import Fix
from ronghe.domain.taskforces.enums import DifficultyKind, PointState
from ronghe.domain.taskforces.models import DifficultPoint, ProgressNote
from ronghe.domain.taskforces.selectors import (
    clock_by_kind,
    list_points,
    missing_of,
    owed_points,
    point_lines,
    points_seen_by,
)
from ronghe.domain.taskforces.services.points import (
    ChargeOutside,
    DueInThePast,
    FixesFirst,
    NoteEmpty,
    NotInForce,
    NotStarted,
    PointUntitled,
    ReceiverMissing,
    ResultMissing,
    TargetWithoutUnit,
    fix_point,
    hand_over_point,
    note_progress,
    raise_point,
    reopen_point,
    resolve_point,
)
from ronghe.domain.taskforces.services.running import ForceOver, wind_up_task_force
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.taskforces import make_running, propose, raise_fixed, whole_fixes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


@pytest.fixture
def story():
    return make_running(NOW)


def raised(story, **changes):
    given = {
        "force": story.force, "title": "雨天通信中断", "kind": DifficultyKind.CONSTRUCTION, "actor": story.members[1],
        "at": NOW,
    }  # fmt: skip
    return raise_point(**given | changes)


def test_any_member_names_a_difficulty_and_its_clock_runs(story):
    point = raised(story)

    assert (point.number, point.state, point.raised_at) == (2, PointState.RAISED, NOW)
    assert missing_of(point) == (Fix.PEOPLE, Fix.GOAL, Fix.DUTY, Fix.DEADLINE)
    with pytest.raises(NotAllowed):
        raised(story, actor=story.outsider)
    with pytest.raises(PointUntitled):
        raised(story, title=" ")


def test_no_point_is_raised_any_more_while_the_group_sums_up(story):
    wind_up_task_force(force=story.force, actor=story.secretary, at=NOW)

    with pytest.raises(ForceOver):
        raised(story)


def test_sd_03_four_fixes_make_a_point_workable(story):
    point = raised(story)
    with pytest.raises(FixesFirst):
        note_progress(point=point, text="在查", actor=story.leader, at=NOW)
    with pytest.raises(NotAllowed):
        fix_point(point=point, fixes=whole_fixes(story, NOW), actor=story.members[1], at=NOW)
    fix_point(point=point, fixes=whole_fixes(story, NOW), actor=story.leader, at=NOW)

    assert (point.state, missing_of(point)) == (PointState.FIXED, ())
    assert note_progress(point=point, text="换了天线", actor=story.members[1], at=NOW).text == "换了天线"


def test_sd_03_fixes_may_come_bit_by_bit_before_the_start_and_only_whole_after_it(story):
    with pytest.raises(FixesFirst):
        fix_point(point=raised(story), fixes=whole_fixes(story, NOW, goal=""), actor=story.leader, at=NOW)
    draft = propose_beside(story)
    point = raise_point(
        force=draft.force, title="难点", kind=DifficultyKind.OTHER, actor=draft.secretary, at=NOW,
        fixes=whole_fixes(draft, NOW, goal=""),
    )  # fmt: skip
    assert (point.state, missing_of(point)) == (PointState.RAISED, (Fix.GOAL,))
    fix_point(point=point, fixes=whole_fixes(draft, NOW), actor=draft.secretary, at=NOW)
    assert point.state == PointState.FIXED


def propose_beside(story):
    """Another group of the same people that is still on paper."""
    draft = replace(story, points=[])
    propose(draft, NOW, name="另一个临时党小组")
    return draft


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"in_charge": "guide"}, ChargeOutside),
        ({"duties": "outsider"}, NotInForce),
        ({"due_on": TODAY - timedelta(days=1)}, DueInThePast),
        ({"unit": " "}, TargetWithoutUnit),
        ({"target": None}, TargetWithoutUnit),
    ],
)
def test_fixes_that_make_no_sense_are_refused(story, changes, refusal):
    if changes.get("in_charge") == "guide":
        changes = {"in_charge": story.guide}
    if changes.get("duties") == "outsider":
        changes = {"duties": [(story.outsider, "帮忙")], "in_charge": story.outsider}

    with pytest.raises(refusal):
        fix_point(point=story.points[0], fixes=whole_fixes(story, NOW, **changes), actor=story.leader, at=NOW)


def test_deadline_may_be_today_and_an_old_one_may_stand(story):
    point = story.points[0]
    fix_point(point=point, fixes=whole_fixes(story, NOW, due_on=TODAY), actor=story.leader, at=NOW)
    later = NOW + timedelta(days=5)
    fix_point(point=point, fixes=whole_fixes(story, NOW, due_on=TODAY), actor=story.leader, at=later)

    assert point.due_on == TODAY


def test_database_keeps_no_fixed_point_without_goal_and_deadline(story):
    with pytest.raises(IntegrityError), transaction.atomic():
        DifficultPoint.objects.filter(pk=story.points[0].pk).update(due_on=None)


def test_notes_are_only_added(story):
    note = note_progress(point=story.points[0], text="降到 1%", figure=Decimal(1), actor=story.members[0], at=NOW)
    with pytest.raises(NoteEmpty):
        note_progress(point=story.points[0], text=" ", actor=story.members[0], at=NOW)
    with pytest.raises(NotAllowed):
        note_progress(point=story.points[0], text="路过", actor=story.members[2], at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgressNote.objects.filter(pk=note.pk).update(text="改了")

    [line] = point_lines([story.points[0]], TODAY)
    assert (line.percent, line.figure_now) == (62, Decimal(1))


def test_resolved_point_stops_its_clock_and_may_be_reopened(story):
    point = story.points[0]
    with pytest.raises(ResultMissing):
        resolve_point(point=point, result=" ", actor=story.members[0], at=NOW)
    with pytest.raises(NotAllowed):
        resolve_point(point=point, result="好了", actor=story.members[1], at=NOW)
    later = NOW + timedelta(hours=50)
    resolve_point(point=point, result="加装网关", actual=Decimal("0.08"), actor=story.members[0], at=later)

    [line] = point_lines([point], TODAY)
    assert (line.hours, line.was_met, line.is_overdue) == (50, True, False)
    fact = Fact.objects.get(kind="taskforces.point_resolved")
    assert '"hours":50' in fact.attributes
    assert '"on_time":true' in fact.attributes
    [clock] = clock_by_kind(story.secretary, later)
    assert (clock.kind, clock.resolved, clock.median_hours, clock.open) == ("technical", 1, 50, 0)

    reopen_point(point=point, actor=story.members[0], at=later)
    assert (point.state, point.result) == (PointState.FIXED, "")
    with pytest.raises(StepNotAllowed):
        reopen_point(point=point, actor=story.members[0], at=later)


def test_point_is_overdue_from_the_day_after_its_deadline(story):
    point = story.points[0]
    [on_the_day] = point_lines([point], point.due_on)
    [after] = point_lines([point], point.due_on + timedelta(days=1))

    assert (on_the_day.is_overdue, after.is_overdue) == (False, True)
    noon = datetime.combine(point.due_on + timedelta(days=1), NOW.timetz())
    assert [row.pk for row in list_points(story.secretary, noon, overdue=True).rows] == [point.pk]
    assert list_points(story.secretary, NOW, overdue=True).rows == []


def test_handed_over_point_says_who_goes_on(story):
    with pytest.raises(ReceiverMissing):
        hand_over_point(point=story.points[0], to="", actor=story.leader, at=NOW)
    with pytest.raises(NotAllowed):
        hand_over_point(point=story.points[0], to="生产科", actor=story.members[0], at=NOW)
    hand_over_point(point=story.points[0], to="生产科，列入下年计划", actor=story.leader, at=NOW)

    assert story.points[0].state == PointState.HANDED_OVER
    assert clock_by_kind(story.secretary, NOW)[0].handed_over == 1


def test_nothing_is_noted_before_the_group_works(story):
    draft = propose_beside(story)
    point = raise_fixed(draft, NOW)

    with pytest.raises(NotStarted):
        note_progress(point=point, text="在查", actor=story.leader, at=NOW)
    with pytest.raises(NotStarted):
        resolve_point(point=point, result="好了", actor=story.secretary, at=NOW)


def test_points_are_seen_with_their_group(story):
    for actor in (story.clerk, story.secretary, story.other_secretary, story.members[2]):
        assert list(points_seen_by(actor, NOW)) == story.points
    assert list(points_seen_by(story.outsider, NOW)) == []
    assert clock_by_kind(story.outsider, NOW) == []


def test_points_are_found_by_words_kind_state_and_person(story):
    raised(story)
    found = list_points(story.secretary, NOW, words="雨天")
    assert [row.title for row in found.rows] == ["雨天通信中断"]
    assert list_points(story.secretary, NOW, kind="technical").count == 1
    assert list_points(story.secretary, NOW, state="raised").count == 1
    assert list_points(story.members[0], NOW, mine=True).count == 1
    assert list(owed_points(story.members[0])) == story.points
