"""`ronghe huddle`, `activity`, `contact`, `calendar`, `reminder`, `campaign`, `paper`, `project`: the less common acts."""

from __future__ import annotations

import click
import pytest
from django.utils import timezone

from ronghe.domain.papers.models import Paper
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card, tick_present
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.campaigns import make_story, plan
from tests.factories.org import make_person
from tests.factories.projects import make_project
from tests.factories.rhythm import make_huddle, make_zone, photo, plan_meeting
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_zone()


def test_a_meeting_is_started_with_hosts_and_pictures_and_a_tick_taken_back(story, morning, tmp_path):
    meeting, lead = plan_meeting(story, morning), Shell(story.lead, "huddle")
    stranger = Shell(make_person("外人"), "huddle")
    with pytest.raises(NotFound):
        stranger.run("start", meeting.pk)
    assert lead.told("start", meeting.pk)["state"] == "open"
    file = tmp_path / "现场.jpg"
    file.write_bytes(photo().content.read())
    assert len(lead.told("photo", meeting.pk, file)["photos"]) == 1
    huddle = make_huddle(story, morning)
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning)
    lead.run("untick", huddle.pk, story.members[0].name)
    assert not huddle.attendances.filter(person=story.members[0]).exists()
    with pytest.raises(click.BadParameter):
        lead.run("host", huddle.pk, story.branch.name, "--as", "party")


def test_a_topic_loses_a_line_and_becomes_a_task(story, morning):
    huddle, lead = make_huddle(story, morning), Shell(story.lead, "activity")
    sign_in_with_card(activity=huddle, card=member_card(story.members[0]), actor=story.lead, at=morning)
    Shell(story.lead, "huddle").run("agenda", huddle.pk, "--topic", "3号沟积水")
    lead.run("say", huddle.pk, 1, story.members[0].name, "--text", "先抽水")
    with pytest.raises(NotFound):
        lead.run("unsay", huddle.pk, 1, 9)
    lead.run("unsay", huddle.pk, 1, 1)
    lead.run("task", huddle.pk, 1, story.members[0].name, "--due", "2026-09-14 17:00")
    assert huddle.agenda_items.get().task.assignee == story.members[0]


def test_a_move_is_taken_back_and_reminders_all_read(story, morning):
    meeting = plan_meeting(story, morning)
    calendar = Shell(story.lead, "calendar")
    assert "没有改过期" in calendar.run("move-back", meeting.pk)
    calendar.run("move", meeting.pk, "2026-09-20", "--reason", "停产")
    assert "已移回" in calendar.run("move-back", meeting.pk)
    assert "0 条已读" in Shell(story.lead, "reminder").run("read-all")
    with pytest.raises(NotFound):
        Shell(story.lead, "reminder").run("unread", 999)


def test_a_project_is_changed_by_whoever_keeps_it(story, morning):
    project = make_project(body=story.committee, unit=story.committee.unit, actor=story.clerk, at=morning)
    Shell(story.clerk, "project").run("change", project.pk, "--place", "南I-2", "--yuan", 5_000_000)
    project.refresh_from_db()
    assert (project.place, project.investment_yuan) == ("南I-2", 5_000_000)
    with pytest.raises((NotAllowed, NotFound)):
        Shell(story.members[0], "project").run("change", project.pk, "--place", "别处")


def test_a_paper_is_drafted_revised_and_thrown_away(story):
    clerk = Shell(story.clerk, "paper")
    number = clerk.told("draft", "notice", "--body", story.committee.name, "--title", "关于冬防", "--text", "一、安排")[
        "id"
    ]
    clerk.run("revise", number, "--text", "一、安排保温", "--to", story.branch.name)
    paper = Paper.objects.get()
    assert (paper.text, paper.title, paper.recipients.get().body) == ("一、安排保温", "关于冬防", story.branch)
    clerk.run("discard", number)
    assert not Paper.objects.exists()


def test_a_theme_is_changed_takes_tasks_up_and_is_withdrawn(morning):
    story = make_story()
    themed = plan(story, morning)
    own = Shell(story.secretary, "campaign")
    with pytest.raises(click.UsageError):
        own.run("theme", themed.pk)
    assert own.told("theme", themed.pk, "--to", "production")["theme"] == "production"
    own.run("problem", themed.pk, story.members[0].name, "--text", "护栏松动", "--due", "2026-09-30 18:00")
    task = themed.tasks.get().task_id
    own.run("take-task", themed.pk, task, "--out")
    own.run("take-task", themed.pk, task)
    own.run("theme", themed.pk, "--withdraw")
