from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.links import Constraint, LinkUnreadable
from ronghe.domain.schedule.calc.network import LinksInCircle
from ronghe.domain.schedule.enums import BaseCalendar, Stage
from ronghe.domain.schedule.models import Schedule
from ronghe.domain.schedule.rules import PLAN_SCHEDULE
from ronghe.domain.schedule.services.plans import (
    CalendarNotInFile,
    DaysOffKnown,
    DaysOffReversed,
    LotInUse,
    LotNameTaken,
    LotUnnamed,
    ScheduleKnown,
    add_days_off,
    lift_days_off,
    remove_lot,
    set_calendar,
)
from ronghe.domain.schedule.services.progress import report_start
from ronghe.domain.schedule.services.tasks import (
    CannotMove,
    ConstraintWithoutDay,
    DaysUnfit,
    DoneNotRemoved,
    PredecessorUnknown,
    StageOfMilestone,
    StageTaken,
    SummaryNotPlaced,
    TaskText,
    TaskUnnamed,
    change_task,
    move_task,
    place_task,
    remove_task,
    restore_task,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.races import at_once
from tests.factories.schedule import add, make_lot, make_plan, make_schedule, make_story, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


@pytest.fixture
def plan(story, morning):
    return make_plan(story, morning)


def days(plan, uid):
    task = task_of(plan, uid)
    return local_day(task.start_at).isoformat(), local_day(task.finish_at).isoformat()


def test_a_project_has_one_schedule_from_its_own_first_day(story, morning):
    schedule = make_schedule(story, morning)
    assert (schedule.begins_on, schedule.base) == (story.project.starts_on, BaseCalendar.EVERY_DAY)
    with pytest.raises(ScheduleKnown):
        make_schedule(story, morning)
    with pytest.raises(NotAllowed):
        make_schedule(type(story)(**{**vars_of(story), "planner": story.foreman}), morning)


def vars_of(story):
    return {name: getattr(story, name) for name in story.__dataclass_fields__}


def test_dates_follow_from_durations_and_links(plan):
    assert days(plan, 1) == ("2026-09-01", "2026-09-10")
    assert days(plan, 2) == ("2026-09-11", "2026-09-15")
    assert days(plan, 3) == ("2026-09-16", "2026-09-17")
    assert days(plan, 4) == ("2026-09-17", "2026-09-17")
    assert local_day(plan.finish_at) == date(2026, 9, 17)
    assert task_of(plan, 1).is_critical


def test_days_off_push_what_lies_behind_them_and_lifted_ones_do_not(plan, story, morning):
    off = add_days_off(schedule=plan, first_on=date(2026, 9, 5), last_on=date(2026, 9, 6), reason="雨", actor=story.planner,
                       at=morning)  # fmt: skip
    assert days(plan, 1) == ("2026-09-01", "2026-09-12")
    lift_days_off(day_off=off, actor=story.planner, at=morning)
    assert days(plan, 1) == ("2026-09-01", "2026-09-10")
    for first, last in ((date(2026, 9, 6), date(2026, 9, 5)), (date(2026, 1, 1), date(2030, 1, 1))):
        with pytest.raises(DaysOffReversed):
            add_days_off(schedule=plan, first_on=first, last_on=last, reason="", actor=story.planner, at=morning)


def test_the_same_days_off_are_entered_once(plan, story, morning):
    given = {"schedule": plan, "first_on": date(2026, 9, 5), "last_on": date(2026, 9, 5), "reason": "雨"}
    add_days_off(**given, actor=story.planner, at=morning)
    with pytest.raises(DaysOffKnown):
        add_days_off(**given, actor=story.planner, at=morning)


def test_a_statutory_calendar_leaves_weekends_and_holidays_out(plan, story, morning):
    set_calendar(
        schedule=plan, base=BaseCalendar.STATUTORY, begins_on=date(2026, 9, 21), actor=story.planner, at=morning
    )
    assert days(plan, 1)[0] == "2026-09-21"
    assert days(plan, 1)[1] > "2026-10-01"  # the holidays lie between
    with pytest.raises(CalendarNotInFile):
        set_calendar(
            schedule=plan, base=BaseCalendar.FILE, begins_on=date(2026, 9, 21), actor=story.planner, at=morning
        )


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"name": " \x00"}, TaskUnnamed), ({"days": Decimal(-1)}, DaysUnfit), ({"days": Decimal("1.005")}, DaysUnfit),
    ({"days": Decimal(10_000)}, DaysUnfit), ({"days": Decimal("NaN")}, DaysUnfit), ({"links": "99"}, PredecessorUnknown),
    ({"links": "甲"}, LinkUnreadable), ({"constraint": Constraint.MUST_START_ON}, ConstraintWithoutDay),
    ({"stage": Stage.STARTED}, StageOfMilestone),
    ({"stage": Stage.COMMISSIONED, "is_milestone": True}, StageTaken),
])  # fmt: skip
def test_a_task_that_would_not_do_changes_nothing(plan, story, morning, changes, refusal):
    given = {"name": "回填", "days": Decimal(1), **changes}
    facts, version = Fact.objects.count(), Schedule.objects.get().version
    with pytest.raises(refusal):
        change_task(task=task_of(plan, 2), text=TaskText(**given), actor=story.planner, at=morning)
    assert (Fact.objects.count(), Schedule.objects.get().version) == (facts, version)
    assert task_of(plan, 2).name == "管线下沟"


def test_a_circle_is_refused_by_name_and_nothing_is_kept(plan, story, morning):
    with pytest.raises(LinksInCircle) as refused:
        change_task(
            task=task_of(plan, 1), text=TaskText("管沟开挖", Decimal(10), links="3"), actor=story.planner, at=morning
        )
    assert all(name in str(refused.value) for name in ("管沟开挖", "管线下沟", "管线试压"))
    assert list(task_of(plan, 1).links.all()) == []


def test_a_task_below_another_makes_it_a_summary_and_out_again_not(plan, story, morning):
    made = add(plan, story, morning, "一段", 4, after=task_of(plan, 1), is_below=True)
    summary = task_of(plan, 1)
    assert (summary.is_summary, made.parent_id, made.level, made.row) == (True, summary.pk, 2, summary.row + 1)
    assert days(plan, 1) == ("2026-09-01", "2026-09-04")
    move_task(task=task_of(plan, made.uid), way="out", actor=story.planner, at=morning)
    assert not task_of(plan, 1).is_summary
    assert days(plan, 1) == ("2026-09-01", "2026-09-10")  # its own duration was not forgotten


def test_lines_move_with_all_below_them(plan, story, morning):
    below = add(plan, story, morning, "一段", 4, after=task_of(plan, 1), is_below=True)
    move_task(task=task_of(plan, 1), way="down", actor=story.planner, at=morning)
    order = plan.tasks.order_by("row").values_list("uid", flat=True)
    assert list(order) == [2, 1, below.uid, 3, 4]
    for task, way in ((2, "up"), (2, "in"), (4, "down"), (2, "out"), (4, "sideways")):
        with pytest.raises(CannotMove):
            move_task(task=task_of(plan, task), way=way, actor=story.planner, at=morning)


def test_a_bar_is_put_on_a_day_and_let_go_again(plan, story, morning):
    place_task(task=task_of(plan, 2), day=date(2026, 9, 20), actor=story.planner, at=morning)
    assert days(plan, 2)[0] == "2026-09-20"
    assert days(plan, 3)[0] == "2026-09-25"
    place_task(task=task_of(plan, 2), day=None, actor=story.planner, at=morning)
    assert days(plan, 2)[0] == "2026-09-11"
    add(plan, story, morning, "一段", 4, after=task_of(plan, 1), is_below=True)
    with pytest.raises(SummaryNotPlaced):
        place_task(task=task_of(plan, 1), day=date(2026, 9, 20), actor=story.planner, at=morning)


def test_a_removed_task_goes_with_what_is_below_it_and_comes_back(plan, story, morning):
    add(plan, story, morning, "一段", 4, after=task_of(plan, 1), is_below=True)
    assert len(remove_task(task=task_of(plan, 1), actor=story.planner, at=morning)) == 2
    assert days(plan, 2)[0] == "2026-09-01"  # what it waited for is gone
    restore_task(task=task_of(plan, 1), actor=story.planner, at=morning)
    assert days(plan, 2)[0] == "2026-09-05"
    with pytest.raises(Stale):
        restore_task(task=task_of(plan, 1), actor=story.planner, at=morning)


def test_what_was_begun_is_not_removed_and_a_number_is_not_given_again(plan, story, morning):
    report_start(task=task_of(plan, 1), actor=story.foreman, at=morning)
    with pytest.raises(DoneNotRemoved):
        remove_task(task=task_of(plan, 1), actor=story.planner, at=morning)
    remove_task(task=task_of(plan, 3), actor=story.planner, at=morning)
    assert add(plan, story, morning, "清管").uid == 5


def test_lots_have_names_of_their_own_and_are_removed_only_empty(plan, story, morning):
    with pytest.raises(LotNameTaken):
        make_lot(plan, story, morning)
    with pytest.raises(LotUnnamed):
        make_lot(plan, story, morning, name=" ")
    with pytest.raises(LotInUse):
        remove_lot(lot=plan.lots.get(), actor=story.planner, at=morning)
    empty = make_lot(plan, story, morning, name="二标段")
    remove_lot(lot=empty, actor=story.planner, at=morning)
    assert plan.lots.count() == 1


def test_who_plans(plan, story, morning):
    may = {person.name for person in (story.planner, story.head, story.manager, story.foreman, story.worker, story.auditor,
                                      story.stranger) if PLAN_SCHEDULE.allows(person, plan, at=morning)}  # fmt: skip
    assert may == {"周玉兰", "陈建国", "马会军"}
    with pytest.raises(NotAllowed):
        add(plan, type(story)(**{**vars_of(story), "planner": story.foreman}), morning, "回填")


def test_every_change_is_a_fact_with_the_tasks_number(plan):
    rows = Fact.objects.filter(kind="schedule.changed", attributes__contains="task_added").order_by("pk")
    assert rows.count() == 4
    assert '"task":1' in rows[0].attributes


@pytest.mark.django_db(transaction=True)
def test_two_who_change_at_once_both_come_through(committing_db, morning):
    story = make_story(morning)
    plan = make_plan(story, morning)

    done = at_once([lambda number=number: add(plan, story, morning, f"附加{number}") for number in range(2)])

    assert done == 2
    assert sorted(plan.tasks.values_list("uid", flat=True)) == [1, 2, 3, 4, 5, 6]
