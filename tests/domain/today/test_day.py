"""A person's day: every line in one order, what is put off, what was done, and what one tap does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.appraisal.facts import GRADED, RUN_FINALIZED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules.reaches import forget_standing
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.domain.today.calc.order import cursor_after, key_of
from ronghe.domain.today.enums import Part, Until
from ronghe.domain.today.models import PutOff
from ronghe.domain.today.selectors.day import my_day
from ronghe.domain.today.services.doing import do_act
from ronghe.domain.today.services.putting_off import CannotWait, bring_back, forget_put_off, put_off
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.services.tasks import return_task, submit_task
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.inbox import Inbox, Topic, declare_inbox
from tests.domain.obligations.calc.graded import GRADED_BOOK
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.items import claimed, handed_in
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_task, make_zone, plan_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_zone()


@pytest.fixture
def member(story):
    return story.members[0]


def lines(person, at, **more):
    return my_day(person, at, **more).lines


def titles(person, at, **more):
    return [line.title for line in lines(person, at, **more)]


def line_in(person, at, inbox):
    (found,) = [line for line in lines(person, at) if line.inbox == inbox]
    return found


def test_a_day_of_nothing(story, morning):
    nobody = make_person("倪春梅", home=make_body("采油七队党支部"))

    mine = my_day(nobody, morning)

    assert (mine.lines, mine.done, mine.put_off, mine.count, mine.pressing) == ([], [], [], 0, 0)


def test_the_lead_opens_the_morning_huddle_with_one_tap(story, morning):
    line = line_in(story.lead, morning, "huddle_morning")
    assert (line.title, line.part(morning), line.share) == ("早碰头", Part.NOW, (0, 4))
    assert [act.id for act in line.acts] == ["open"]

    done = do_act(inbox="huddle_morning", record=line.pk, act="open", person=story.lead, at=morning)

    huddle = Activity.objects.get()
    assert (huddle.state, done.page) == (ActivityState.OPEN, ("activity_detail", huddle.pk))
    assert line_in(story.lead, morning, "huddle_morning").acts[0].page == "activity_detail"


def test_the_evening_huddle_takes_the_place_of_the_mornings_at_noon(story, morning):
    assert "早碰头" in titles(story.lead, morning.replace(hour=11, minute=59))
    assert "晚碰头" in titles(story.lead, morning.replace(hour=12, minute=0))
    assert "早碰头" not in titles(story.lead, morning.replace(hour=12, minute=0))


def test_nobody_else_is_offered_the_huddle_and_nobody_else_may_open_it(story, member, morning):
    assert "早碰头" not in titles(member, morning)

    with pytest.raises(NotAllowed):
        do_act(inbox="huddle_morning", record=story.zone.pk, act="open", person=member, at=morning)


def test_an_open_meeting_waits_for_the_signature_once(story, member, morning):
    huddle = make_huddle(story, morning)

    line = line_in(member, morning, "sign_in")
    assert (line.args, [act.page for act in line.acts]) == ((huddle.pk,), ["scan", "me"])
    assert [line.inbox for line in lines(story.lead, morning) if line.args == (huddle.pk,)] == ["huddle_morning"]

    sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=member, at=morning)
    assert (line_in(member, morning, "sign_in").state, line_in(member, morning, "sign_in").acts) == ("done", ())
    assert line_in(story.lead, morning, "huddle_morning").share == (1, 4)


def test_a_planned_meeting_stands_on_the_day_of_whoever_goes(story, member, morning):
    planned = plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=story.body, place="会议室",
        scheduled_from=morning + timedelta(hours=2), scheduled_until=morning + timedelta(hours=3), actor=story.lead,
        at=morning,
    )  # fmt: skip
    plan_meeting(story, morning + timedelta(days=6))

    line = line_in(member, morning, "meetings")
    assert (line.title, line.part(morning), f"{line.hour:%H:%M}", line.acts) == ("周例会", Part.TODAY, "09:40", ())
    assert [act.id for act in line_in(story.lead, morning, "meetings").acts] == ["open"]

    do_act(inbox="meetings", record=planned.pk, act="open", person=story.lead, at=morning)
    planned.refresh_from_db()
    assert planned.state == ActivityState.OPEN


def test_what_was_not_held_stands_on_the_day_of_whoever_was_to_chair(story, member, morning):
    plan_meeting(story, morning)
    late = morning + timedelta(days=4)

    line = line_in(story.lead, late, "meetings")

    assert (line.state, line.part(late), line.days_late(late)) == ("attention", Part.NOW, 2)
    assert lines(member, late) == []


def test_a_task_is_owed_until_it_is_handed_in_and_again_when_it_is_returned(story, member, morning):
    task = make_task(story, morning)
    line = line_in(member, morning, "tasks")
    assert (line.title, line.why, line.where, line.state) == ("清理3号沟", "刘丽萍交给您的任务", story.zone.name, "due")
    assert line_in(member, morning + timedelta(hours=11), "tasks").state == "failed"

    submit_task(task=task, actor=member, at=morning, note="清完了")
    assert titles(member, morning) == []
    assert [line.title for line in my_day(member, morning).done] == ["清理3号沟"]

    return_task(task=task, reason="沟底还有水", actor=story.lead, at=morning)
    assert line_in(member, morning, "tasks").why == "退回来的任务，请补办"


def test_a_submitted_task_is_accepted_with_one_tap_but_not_by_its_doer(story, member, morning):
    task = submit_task(task=make_task(story, morning), actor=member, at=morning, note="清完了")
    line = line_in(story.lead, morning, "tasks_submitted")
    assert (line.who, [act.id for act in line.acts]) == (member.name, ["accept"])

    with pytest.raises(NotAllowed):
        do_act(inbox="tasks_submitted", record=task.pk, act="accept", person=member, at=morning)
    do_act(inbox="tasks_submitted", record=task.pk, act="accept", person=story.lead, at=morning)

    task.refresh_from_db()
    assert task.state == TaskState.ACCEPTED
    assert Fact.objects.filter(kind="work.task_accepted").count() == 1


def test_an_owner_reports_how_much_is_done_and_takes_it_back(story, member, morning):
    item = claimed(story, morning, member)
    take_step(item=item, step="sign", actor=member, at=morning)
    line = line_in(member, morning, "items_owed")
    assert [act.id for act in line.acts] == ["percent-25", "percent-50", "percent-75"]

    done = do_act(inbox="items_owed", record=item.pk, act="percent-50", person=member, at=morning)
    assert (WorkItem.objects.get().percent, done.undo) == (50, "percent-0")
    line = line_in(member, morning, "items_owed")
    assert (line.share, [act.id for act in line.acts]) == ((50, 100), ["percent-75"])

    do_act(inbox="items_owed", record=item.pk, act=done.undo, person=member, at=morning)
    assert WorkItem.objects.get().percent == 0


def test_only_the_owner_reports(story, member, morning):
    item = claimed(story, morning, member)

    with pytest.raises(DomainError):
        do_act(inbox="items_owed", record=item.pk, act="percent-50", person=story.lead, at=morning)


def test_signing_is_never_one_tap(story, member, morning):
    """What is signed is read first."""
    claimed(story, morning, member)

    assert not any(act.id.startswith("step") for act in line_in(member, morning, "items_owed").acts)


def test_what_is_handed_in_waits_for_whoever_judges(story, member, morning):
    item = handed_in(story, morning, member)

    assert item.pk in {line.pk for line in lines(story.lead, morning) if line.inbox == "items_to_run"}
    assert not [line for line in lines(member, morning) if line.pk == item.pk and line.topic == Topic.WORK]


@pytest.mark.parametrize("act", ["percent-101", "percent-x", "step-gone", "nonsense", "percent", "step-submit"])
def test_an_act_that_is_none_is_refused(story, member, morning, act):
    item = claimed(story, morning, member)

    with pytest.raises(DomainError):
        do_act(inbox="items_owed", record=item.pk, act=act, person=member, at=morning)


@pytest.mark.parametrize(
    ("inbox", "act"), [("nowhere", "accept"), ("ballots", "vote"), ("papers", "burn"), ("tasks_submitted", "burn")]
)
def test_an_inbox_or_act_that_is_none_is_not_found(story, morning, inbox, act):
    with pytest.raises(NotFound):
        do_act(inbox=inbox, record=1, act=act, person=story.lead, at=morning)


def test_a_duty_stands_on_the_day_of_the_post_that_answers(story, member, morning):
    make_post(member, PostRole.SECRETARY, body=story.body)
    forget_standing(member)
    adopt_playbook(body=story.body, playbook=playbook(THEME_DAY), since=date(2026, 9, 1), actor=None, at=morning)

    line = line_in(member, morning, "duties")
    assert (line.title, line.topic, "书记" in line.why, line.weight) == ("主题党日", Topic.DUTY, True, 3)
    assert "主题党日" not in titles(story.secretary, morning)  # the superior is not who answers


def test_rt_03_a_duty_that_a_grade_brings_says_which_grade_period_and_run(story, member, morning):
    make_post(member, PostRole.SECRETARY, body=story.branch)
    forget_standing(member)
    graded = load_playbook(GRADED_BOOK).playbook
    adopt_playbook(body=story.branch, playbook=graded, since=date(2026, 7, 1), actor=None, at=morning)
    told = {"playbook": "test_book", "sheet": "branch_quarter", "grade": "below", "period": "2026Q2"}
    source = {"body": story.branch.pk, "source": story.branch}
    record(Draft(GRADED, morning, None, attributes=told, **source))
    record(Draft(RUN_FINALIZED, morning, None, attributes={"sheet": "branch_quarter"}, **source))

    found = {line.title: line.why for line in my_day(member, morning).lines}

    assert found["季度帮扶"].startswith(f"2026Q2 党支部季度评星为一星（第 {story.branch.pk} 号考评定稿）")


def test_urgent_before_heavy_before_near(story, member, morning):
    plan_meeting(story, morning)
    make_task(story, morning, title="十小时后到期")
    make_task(story, morning - timedelta(hours=20), title="昨晚到期")
    make_huddle(story, morning)

    assert titles(member, morning) == ["早碰头", "昨晚到期", "十小时后到期", "主题党日"]


def test_what_is_put_off_comes_back_by_itself(story, member, morning):
    task = make_task(story, morning)

    put_off(inbox="tasks", record=task.pk, until=Until.HOUR, person=member, at=morning)

    mine = my_day(member, morning)
    assert ([line.title for line in mine.lines], mine.count) == ([], 0)
    assert [(line.title, until) for line, until in mine.put_off] == [("清理3号沟", morning + timedelta(hours=1))]
    assert titles(member, morning + timedelta(hours=1)) == ["清理3号沟"]


def test_what_is_put_off_is_brought_back_and_another_word_holds(story, member, morning):
    task = make_task(story, morning)
    put_off(inbox="tasks", record=task.pk, until=Until.HOUR, person=member, at=morning)
    put_off(inbox="tasks", record=task.pk, until=Until.TOMORROW, person=member, at=morning)
    assert PutOff.objects.get().until > morning + timedelta(hours=20)

    bring_back(inbox="tasks", record=task.pk, person=member)

    assert titles(member, morning) == ["清理3号沟"]


def test_nobody_puts_off_what_is_somebody_elses(story, morning):
    task = make_task(story, morning)
    put_off(inbox="tasks", record=task.pk, until=Until.HOUR, person=story.members[0], at=morning)

    with pytest.raises(NotFound):
        put_off(inbox="tasks", record=task.pk, until=Until.HOUR, person=story.members[1], at=morning)
    bring_back(inbox="tasks", record=task.pk, person=story.members[1])
    assert PutOff.objects.count() == 1


def test_what_goes_on_now_cannot_wait(story, member, morning):
    huddle = make_huddle(story, morning)

    with pytest.raises(CannotWait):
        put_off(inbox="sign_in", record=huddle.pk, until=Until.HOUR, person=member, at=morning)


def test_what_came_back_is_forgotten_after_a_day(story, member, morning):
    task = make_task(story, morning)
    put_off(inbox="tasks", record=task.pk, until=Until.HOUR, person=member, at=morning)

    assert forget_put_off(at=morning + timedelta(hours=24)) == 0
    assert forget_put_off(at=morning + timedelta(hours=26)) == 1


def test_a_topic_cuts_the_list_and_keeps_the_counts(story, member, morning):
    make_task(story, morning)
    plan_meeting(story, morning)

    mine = my_day(member, morning, topic=Topic.MEETING)

    assert ([line.title for line in mine.lines], mine.count) == (["主题党日"], 1)
    assert mine.by_topic == {Topic.MEETING: 1, Topic.WORK: 1}


def test_words_are_searched_in_what_a_line_says(story, member, morning):
    make_task(story, morning)
    make_task(story, morning, title="回填电缆沟")

    assert titles(member, morning, text="电缆") == ["回填电缆沟"]
    assert len(titles(member, morning, text=story.lead.name)) == 2
    assert titles(member, morning, text="没有这样的") == []


def test_a_list_longer_than_a_page_goes_on_behind_a_line(story, member, morning):
    for number in range(5):
        make_task(story, morning + timedelta(minutes=number), title=f"任务{number}")
    first = my_day(member, morning, most=2)
    assert ([line.title for line in first.lines], first.count, first.pressing, first.is_more) == (
        ["任务0", "任务1"], 5, 5, True,
    )  # fmt: skip

    after = key_of(cursor_after(first.lines[-1], morning))

    assert titles(member, morning, after=after, most=9) == ["任务2", "任务3", "任务4"]


def test_what_was_held_today_is_done(story, morning):
    huddle = make_huddle(story, morning)
    sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=story.lead, at=morning)
    close_activity(activity=huddle, actor=story.lead, at=morning + timedelta(minutes=20))

    mine = my_day(story.lead, morning + timedelta(hours=1))

    assert [line.title for line in mine.done] == ["早碰头"]
    assert "早碰头" not in [line.title for line in mine.lines]


def test_a_day_costs_the_same_for_one_and_for_many(story, morning):
    def statements():
        my_day(story.lead, morning)
        with CaptureQueriesContext(connection) as captured:
            my_day(story.lead, morning)
        return len(captured)

    def add():
        make_task(story, morning, assignee=story.lead)
        handed_in(story, morning, story.members[1])
        make_meeting(story, morning, activity_type=ActivityType.WEEKLY_MEETING)

    add()
    one = statements()
    for _turn in range(4):
        add()

    assert statements() == one == 4


def test_two_inboxes_of_one_name_are_a_fault():
    with pytest.raises(ValueError, match="declared twice"):
        declare_inbox(Inbox("tasks", "", "tasks", lambda _person, _at: []))
