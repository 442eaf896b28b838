"""How rows stand by their records, and the tasks that recurring ones become."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ronghe.domain.duties.enums import Rhythm, RowSource, Standing
from ronghe.domain.duties.models import RowTask
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.selectors.sheets import view_of
from ronghe.domain.duties.services.accepting import issue_sheet
from ronghe.domain.duties.services.recurring import give_due_tasks
from ronghe.domain.duties.services.sheets import gather_rows
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, cancel_task, submit_task
from ronghe.domain.zones.enums import SheetSide, SheetTopic
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.domain.zones.services.evaluating import evaluate_zone
from ronghe.domain.zones.services.sheet import add_line
from tests.conftest import SHANGHAI
from tests.factories.duties import make_duties, make_issued, put_row
from tests.factories.items import claimed
from tests.factories.races import at_once
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


def standing(story, title, at):
    view = view_of(story.sheet, story.lead, at)
    row = next(row for row in view.rows if row.title == title)
    record = view.records[row.row.pk]
    return record.standing, record.done, record.of, record.late


def test_a_recurring_row_waits_for_its_leading_side_and_then_becomes_a_task_a_period(morning):
    story = make_duties(morning, rows=1)
    assert standing(story, "第1条责任", morning)[0] is Standing.NONE
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    assert standing(story, "第1条责任", morning)[0] is Standing.WAITING
    assert give_due_tasks(at=morning) == 0
    story.agree("builder", morning)
    assert give_due_tasks(at=morning) == 1
    assert give_due_tasks(at=morning) == 0

    task = Task.objects.get()
    assert (task.title, task.assignee, task.zone, task.body, task.opened_by) == (
        "第1条责任", story.people["builder"], story.zone, story.zone.body, story.lead,
    )  # fmt: skip
    assert task.due_at == datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)
    assert RowTask.objects.get().period == "2026-09"
    assert standing(story, "第1条责任", morning) == (Standing.DUE, 0, 1, 0)
    assert give_due_tasks(at=datetime(2026, 10, 1, 6, 15, tzinfo=SHANGHAI)) == 1


def test_a_task_not_done_by_its_day_makes_the_row_overdue_and_accepting_it_done(morning):
    story = make_issued(morning, rows=1)
    story.agree("builder", morning)
    give_due_tasks(at=morning)
    task, late = Task.objects.get(), datetime(2026, 9, 30, 18, 1, tzinfo=SHANGHAI)
    assert standing(story, "第1条责任", datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI))[0] is Standing.DUE
    assert standing(story, "第1条责任", late) == (Standing.OVERDUE, 0, 1, 1)
    submit_task(task=task, actor=story.people["builder"], at=late, note="监护记录 30 份")
    assert standing(story, "第1条责任", late)[0] is Standing.DUE
    accept_task(task=task, actor=story.lead, at=late)

    assert standing(story, "第1条责任", late) == (Standing.DONE, 1, 1, 1)


def test_a_cancelled_task_counts_for_nothing_and_is_not_given_again(morning):
    story = make_issued(morning, rows=1)
    story.agree("builder", morning)
    give_due_tasks(at=morning)
    cancel_task(task=Task.objects.get(), reason="停工", actor=story.lead, at=morning)

    assert standing(story, "第1条责任", morning)[0] is Standing.NONE
    assert give_due_tasks(at=morning) == 0


def test_a_row_by_a_day_owes_one_task_until_that_day_is_over(morning):
    story = make_duties(morning, rows=0)
    put_row(story, morning, rhythm=None, due_on=date(2026, 9, 20))
    put_row(story, morning, matter="每道工序报验", rhythm=None, cadence="每道工序")
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    story.agree("builder", morning)

    assert give_due_tasks(at=datetime(2026, 9, 20, 18, 0, tzinfo=SHANGHAI)) == 0
    assert give_due_tasks(at=datetime(2026, 9, 20, 17, 59, tzinfo=SHANGHAI)) == 1
    assert give_due_tasks(at=datetime(2026, 9, 21, 8, 0, tzinfo=SHANGHAI)) == 0
    assert RowTask.objects.get().period == "2026-09-20"


@pytest.mark.parametrize(
    ("rhythm", "period", "last"),
    [(Rhythm.WEEK, "2026-W38", (9, 20)), (Rhythm.QUARTER, "2026Q3", (9, 30)), (Rhythm.HALF, "2026H2", (12, 31)),
     (Rhythm.YEAR, "2026", (12, 31))],
)  # fmt: skip
def test_each_rhythm_has_its_period(morning, rhythm, period, last):
    story = make_duties(morning, rows=0)
    put_row(story, morning, rhythm=rhythm)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    story.agree("builder", morning)
    give_due_tasks(at=morning)

    assert RowTask.objects.get().period == period
    assert Task.objects.get().due_at == datetime(2026, *last, 18, 0, tzinfo=SHANGHAI)


def test_what_changed_after_agreeing_gives_no_task_until_it_is_agreed_again(morning):
    story = make_issued(morning, rows=1)
    story.agree("builder", morning)
    put_row(story, morning)

    assert give_due_tasks(at=morning) == 0
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    assert give_due_tasks(at=morning) == 0
    story.agree("builder", morning)
    assert give_due_tasks(at=morning) == 2


def test_a_line_of_an_institution_stands_by_its_obligations_and_gets_no_task(morning):
    story = make_duties(morning, rows=0)
    add_line(
        zone=story.zone, topic=SheetTopic.PARTY, matter="联席会议", duty="x", lead=SheetSide.TERRITORY, cadence="每月",
        person=story.people["territory"], mechanism="joint_conference", actor=story.lead, at=morning,
    )  # fmt: skip
    [one] = [one for one in candidates_of(story.sheet, story.lead, morning) if one.source is RowSource.LINE]
    gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)
    issue_sheet(sheet=story.sheet, actor=story.lead, at=morning)
    story.agree("territory", morning)

    assert give_due_tasks(at=morning) == 0
    assert standing(story, "联席会议", morning) == (Standing.NONE, 0, 0, 0)


def test_an_item_stands_as_it_stands_where_it_lives(morning):
    story = make_duties(morning, rows=0)
    hand = story.zone_story.members[0]
    item = claimed(story.zone_story, morning, hand)
    [one] = candidates_of(story.sheet, story.lead, morning)
    gather_rows(sheet=story.sheet, keys=[one.key], actor=story.lead, at=morning)
    assert standing(story, item.title, morning)[0] is Standing.DUE
    assert standing(story, item.title, morning + timedelta(days=11))[0] is Standing.OVERDUE
    take_step(item=item, step="sign", actor=hand, at=morning)
    take_step(item=item, step="submit", actor=hand, at=morning, said=Said(note="好了", uploads=[photo()]))
    take_step(item=item, step="accept", actor=story.lead, at=morning)

    assert standing(story, item.title, morning) == (Standing.DONE, 1, 1, 0)


def test_a_dissolved_zone_gives_no_tasks(morning):
    story = make_issued(morning, rows=1)
    story.agree("builder", morning)
    evaluate_zone(zone=story.zone, effects="x", problems="x", lessons="x", actor=story.lead, at=morning)
    dissolve_zone(zone=story.zone, reason="完工", actor=story.zone_story.clerk, at=morning)

    assert give_due_tasks(at=morning) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_give_a_task_once(committing_db, morning):
    story = make_issued(morning, rows=1)
    story.agree("builder", morning)
    at_once([lambda: give_due_tasks(at=morning)] * 3)

    assert (Task.objects.count(), RowTask.objects.count()) == (1, 1)
