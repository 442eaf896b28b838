"""`ronghe orglife`: what is arranged, prepared, put right and answered around the sitting."""

from __future__ import annotations

import click
import pytest
from django.utils import timezone

from ronghe.domain.orglife.models import Criticism
from ronghe.domain.orglife.selectors.members import to_rate
from ronghe.domain.orglife.services.telling import object_to_grade
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.orglife import begin_meeting, fill_in, make_branch, make_marking, make_session, make_told, place_of
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_branch()


def test_a_session_is_prepared_and_called_off(story, morning, tmp_path):
    session, own = make_session(story, morning), Shell(story.secretary, "orglife")
    own.run("prepare", session.pk, "opinions", "--note", "座谈两次")
    assert session.preparations.count() == 1
    own.run("unprepare", session.pk, "opinions")
    assert session.preparations.count() == 0
    own.run("refresh", session.pk)
    own.run("exempt", session.pk, story.members[0].name, "sick")
    own.run("take-in", session.pk, story.members[0].name)
    assert place_of(session, story.members[0]).exemption == ""
    with pytest.raises(NotFound):
        own.run("study", session.pk, 999)
    with pytest.raises(NotAllowed):
        Shell(story.members[0], "orglife").run("call-off", session.pk, "--reason", "不想开")
    assert own.told("call-off", session.pk, "--reason", "改期")["state"] == "called_off"


def test_members_rate_each_other_and_words_said_are_sealed(story, morning):
    session = make_session(story, morning)
    fill_in(session, story.everybody, morning, peers=False)
    mine = Shell(story.members[0], "orglife")
    others = [row.person.name for row in to_rate(place_of(session, story.members[0]))]
    grades = [word for name in others for word in ("--grade", name, "qualified")]
    with pytest.raises(click.BadParameter):
        mine.run("rate", session.pk, "--grade", others[0], "splendid")
    mine.run("rate", session.pk, *grades, "--word", others[0], "踏实")
    begin_meeting(session, story.everybody, morning)
    Shell(story.secretary, "orglife").run(
        "criticism", session.pk, story.members[0].name, story.members[1].name, "--text", "抓得不紧"
    )
    assert "抓得不紧" not in repr(Criticism.objects.values().get())


def test_marking_takes_in_who_came_late_and_is_voided(story, morning):
    session, own = make_marking(story, morning), Shell(story.secretary, "orglife")
    own.run("admit", session.pk)
    assert own.told("stop", session.pk, "--reason", "名单错了")["state"] != "marking"


def test_an_objection_is_answered_and_the_summary_reported(story, morning):
    session, own = make_told(story, morning), Shell(story.secretary, "orglife")
    member = place_of(session, story.members[1])
    with pytest.raises(NotFound):
        own.run("answer", session.pk, story.members[1].name, "--dismissed", "--text", "没有异议")
    object_to_grade(member=member, text="请复核", actor=story.members[1], at=morning)
    own.run("answer", session.pk, story.members[1].name, "--dismissed", "--text", "复核无误")
    assert place_of(session, story.members[1]).objection.state == "dismissed"
    own.run("report-up", session.pk)
    session.refresh_from_db()
    assert session.reported_at is not None
    with pytest.raises(NotFound):
        own.run("keep", session.pk, 999)


def test_sealed_words_are_read_on_the_record(story, morning):
    session = make_told(story, morning)
    reader, other = Shell(story.secretary, "orglife"), Shell(story.members[0], "orglife")
    looks = Look.objects.count()
    told = reader.told("read", session.pk, story.members[0].name)
    assert told["person"] == story.members[0].name
    assert Look.objects.count() == looks + 2
    assert other.told("read", session.pk, story.members[0].name)["statement"] == told["statement"]
    assert Look.objects.count() == looks + 2
    with pytest.raises(NotAllowed):
        other.run("read", session.pk, story.members[1].name)
    assert reader.told("read-measure", session.pk, story.members[0].name) is None
    assert isinstance(reader.told("committee-opinions", session.pk), list)
    assert Look.objects.count() == looks + 4
    with pytest.raises(NotAllowed):
        other.run("committee-opinions", session.pk)
