from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType, LeaveKind, VoteMethod
from ronghe.domain.rhythm.models import ActivityPhoto, AgendaItem
from ronghe.domain.rhythm.selectors import agenda_of, record_of
from ronghe.domain.rhythm.services import agenda as services
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import ActivityNotOpen, note_leave, sign_in_with_code, tick_present
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person
from tests.factories.rhythm import make_huddle, make_meeting, make_zone, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def huddle(story, morning):
    return make_huddle(story, morning)


def test_topics_are_numbered_in_the_order_in_which_they_come(story, huddle, morning):
    for topic in ("当天作业和风险", " 要协调的问题 "):
        services.add_agenda_item(activity=huddle, topic=topic, actor=story.lead, at=morning)

    assert [(item.number, item.topic) for item in agenda_of(huddle)] == [(1, "当天作业和风险"), (2, "要协调的问题")]


def test_topic_with_person_and_deadline_becomes_a_task_of_the_zone(story, huddle, morning):
    due = morning + timedelta(hours=10)

    item = services.add_agenda_item(
        activity=huddle, topic="3号沟积水", decision="今天抽干", assignee=story.members[0], due_at=due, actor=story.lead,
        at=morning,
    )  # fmt: skip

    task = Task.objects.get()
    assert (item.task, task.title, task.goal) == (task, "3号沟积水", "今天抽干")
    assert (task.assignee, task.due_at, task.body, task.zone, task.opened_by) == (
        story.members[0], due, story.body, story.zone, story.lead,
    )  # fmt: skip
    assert Fact.objects.latest("pk").kind == "work.task_opened"


@pytest.mark.parametrize("missing", ["assignee", "due_at"])
def test_task_needs_person_and_deadline(story, huddle, morning, missing):
    wanted = {"assignee": story.members[0], "due_at": morning + timedelta(hours=1), missing: None}

    with pytest.raises(services.TaskIncomplete):
        services.add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning, **wanted)

    assert AgendaItem.objects.count() == 0


def test_deadline_in_the_past_leaves_no_topic_behind(story, huddle, morning):
    with pytest.raises(DeadlinePast):
        services.add_agenda_item(
            activity=huddle, topic="补焊", assignee=story.members[0], due_at=morning, actor=story.lead, at=morning
        )

    assert (AgendaItem.objects.count(), Task.objects.count()) == (0, 0)


def test_topic_becomes_one_task_only(story, huddle, morning):
    item = services.add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning)
    wanted = {"item": item, "due_at": morning + timedelta(hours=1), "actor": story.lead, "at": morning}
    services.make_task(assignee=story.members[0], **wanted)

    with pytest.raises(services.AlreadyATask, match=story.members[0].name):
        services.make_task(assignee=story.members[1], **wanted)

    assert Task.objects.count() == 1


def test_empty_topic_is_refused(story, huddle, morning):
    with pytest.raises(services.TopicEmpty):
        services.add_agenda_item(activity=huddle, topic="  ", actor=story.lead, at=morning)
    item = services.add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning)
    with pytest.raises(services.TopicEmpty):
        services.edit_agenda_item(item=item, topic="", notes="", decision=None, actor=story.lead, at=morning)


def test_what_was_said_is_written_down_until_closing(story, huddle, morning):
    item = services.add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning)
    words = {"item": item, "topic": "管线补焊", "notes": "甲方：今天停输", "decision": "夜里焊", "actor": story.lead}
    services.edit_agenda_item(at=morning, **words)
    tick_present(activity=huddle, person=story.lead, actor=story.lead, at=morning)
    close_activity(activity=huddle, actor=story.lead, at=morning)

    with pytest.raises(ActivityNotOpen):
        services.edit_agenda_item(at=morning, **{**words, "decision": "白天焊"})
    with pytest.raises(ActivityNotOpen):
        services.add_agenda_item(activity=huddle, topic="再来一项", actor=story.lead, at=morning)

    stored = AgendaItem.objects.get()
    assert (stored.topic, stored.notes, stored.decision) == ("管线补焊", "甲方：今天停输", "夜里焊")


def test_member_keeps_no_record_unless_asked_to(story, huddle, morning):
    with pytest.raises(NotAllowed):
        services.add_agenda_item(activity=huddle, topic="x", actor=story.members[0], at=morning)
    huddle.recorder = story.members[0]
    huddle.save()

    services.add_agenda_item(activity=huddle, topic="x", actor=story.members[0], at=morning)

    with pytest.raises(NotAllowed):
        services.make_task(
            item=AgendaItem.objects.get(), assignee=story.members[1], due_at=morning + timedelta(1),
            actor=story.members[0], at=morning,
        )  # fmt: skip


@pytest.mark.parametrize(("votes", "refused"), [((1, 0, 0), False), ((1, 1, 0), False), ((1, 1, 1), True)])
def test_votes_never_pass_those_who_signed_in_themselves_pm15(story, morning, votes, refused):
    """Two signed in, one was ticked, one is a guest: two votes at most."""
    day = make_meeting(story, morning, activity_type=ActivityType.THEME_PARTY_DAY)
    for person in (story.members[0], story.members[1], make_person("来访的人")):
        sign_in_with_code(code=sign_in_code(day, at=morning), actor=person, at=morning)
    tick_present(activity=day, person=story.members[2], actor=story.lead, at=morning)
    item = services.add_agenda_item(activity=day, topic="表决", actor=story.lead, at=morning)
    count = dict(zip(("votes_for", "votes_against", "votes_abstained"), votes, strict=True))
    cast = {"item": item, "method": VoteMethod.SHOW_OF_HANDS, **count, "actor": story.lead, "at": morning}

    if refused:
        with pytest.raises(services.MoreVotesThanVoters, match="2"):
            services.record_vote(**cast)
    else:
        services.record_vote(**cast)

    assert AgendaItem.objects.get().has_vote is not refused


def test_same_picture_is_kept_once(story, huddle, morning):
    services.add_photo(activity=huddle, upload=photo(), actor=story.lead, at=morning)
    services.add_photo(activity=huddle, upload=photo(), actor=story.lead, at=morning)

    assert ActivityPhoto.objects.count() == 1
    with pytest.raises(NotAllowed):
        services.add_photo(activity=huddle, upload=photo(), actor=story.members[0], at=morning)


def test_record_has_every_element_of_pm14(story, huddle, morning):
    """时间、地点、主持、记录、应到/实到/缺席及原因、列席、议题、发言、表决方式与结果、决议。"""
    here, away, silent = story.members
    guest = make_person("来访的人")
    for person in (here, story.lead, guest):
        sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=person, at=morning)
    note_leave(
        activity=huddle, person=away, kind=LeaveKind.BUSINESS_TRIP, reason="去大庆", actor=story.lead, at=morning
    )
    item = services.add_agenda_item(
        activity=huddle, topic="补焊", notes="甲方：停输", decision="夜里焊", actor=story.lead, at=morning
    )
    services.record_vote(
        item=item, method=VoteMethod.SHOW_OF_HANDS, votes_for=2, votes_against=0, votes_abstained=0, actor=story.lead,
        at=morning,
    )  # fmt: skip
    services.add_photo(activity=huddle, upload=photo(), actor=story.lead, at=morning)

    record = record_of(huddle)

    activity = record.activity
    assert (activity.opened_at, activity.place, activity.chair, activity.recorder) == (
        morning, "南I-1联合站会议室", story.lead, story.lead,
    )  # fmt: skip
    assert (record.tally.expected, record.tally.present, record.tally.on_leave, record.tally.absent) == (4, 2, 1, 1)
    assert [row.person for row in record.attended] == [here, story.lead]
    assert [row.person for row in record.guests] == [guest]
    reasons = {row.person: row.attendance.reason if row.attendance else None for row in record.away}
    assert reasons == {away: "去大庆", silent: None}
    [line] = record.agenda
    assert (line.topic, line.notes, line.decision) == ("补焊", "甲方：停输", "夜里焊")
    assert (line.vote_method, line.votes_for, line.votes_against, line.votes_abstained) == ("show_of_hands", 2, 0, 0)
    assert ([p.name for p in record.photos], record.corrections) == (["现场.jpg"], [])


def test_record_reads_a_fixed_number_of_times(story, huddle, morning, django_assert_num_queries):
    for person in Person.objects.all()[:3]:
        sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=person, at=morning)

    with django_assert_num_queries(5):
        record_of(huddle)
