"""`ronghe activity`: the record line by line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.services.closing import PiecesMissing
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.domain.work.models import Task
from ronghe.kernel.errors import NotFound
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_meeting, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story, now = make_zone(), timezone.now()
    adopt_playbook(
        body=story.body, playbook=playbook_named("daqing_zone"), since=now.date() - timedelta(days=40),
        actor=story.clerk, at=now - timedelta(days=40),
    )  # fmt: skip
    for login, person in (("liulp", story.lead), ("member0", story.members[0]), ("member2", story.members[2])):
        make_account(person, login)
    return story


@pytest.fixture
def held(story):
    return _held(story, ActivityType.CONTRACTOR_SAFETY_CHECK)


@pytest.fixture
def meeting(story):
    """Everybody in the zone is expected here, so everybody who signed in votes."""
    return _held(story, ActivityType.ALLIANCE_MEETING)


def _held(story, kind):
    now = timezone.now()
    held = make_meeting(story, now, activity_type=kind)
    for person in (story.lead, *story.members[:2]):
        sign_in_with_code(code=sign_in_code(held, at=now), actor=person, at=now)
    return held


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def act(*arguments):
    return run("--as", "liulp", "activity", *arguments)


def test_the_form_from_the_command_line(story, held):
    first, second, *_rest = [line.id for line in held.form.checks]
    builder = story.zone.participating_units.exclude(role__in=["owner", "host_site"]).get().unit
    make_person("焊工", participates_in=story.body, unit=builder)
    act("check", held.pk, first, "fine")
    act("check", held.pk, second, "concern", "--note", "缺一份证", "--person", "焊工", "--due", "2099-01-01 10:00")
    act("fine", held.pk)
    act("figure", held.pk, held.form.figures[0].id, "3")
    act("outcome", held.pk, "--next", "补证", "--result", "清理", "--figure", "2.5", "--unit", "车")

    form = told("--as", "liulp", "activity", "form", held.pk)

    assert (form["missing"], form["next_step"]) == ([], "补证")
    assert [line["answer"] for line in form["checks"][:2]] == ["fine", "concern"]
    assert (form["figures"][0]["value"], Task.objects.get().title) == ("3", "缺一份证")
    assert "缺一份证" in act("form", held.pk)


def test_a_topic_from_the_command_line(story, meeting, tmp_path):
    number = told("--as", "liulp", "huddle", "agenda", meeting.pk, "--topic", "五关")["number"]
    act("say", meeting.pk, number, story.members[0].name, "--text", "同意")
    act("edit", meeting.pk, number, "--decision", "同意")
    act("dissent", meeting.pk, number, story.members[0].name, "--text", "应先公示")
    voted = told("--as", "liulp", "activity", "vote", meeting.pk, number, "--yes", 3)

    topic = told("--as", "liulp", "activity", "topic", meeting.pk, number)

    assert (topic["decision"], topic["votes"], voted["outcome"]) == ("同意", [3, 0, 0], None)
    assert topic["speeches"] == [{"person": story.members[0].name, "text": "同意"}]
    assert "同意" in act("topic", meeting.pk, number)
    act("export", tmp_path / "活动.xlsx", "--month", f"{meeting.day:%Y-%m}")
    assert (tmp_path / "活动.xlsx").read_bytes()[:2] == b"PK"
    assert told("--as", "liulp", "activity", "outlook", meeting.pk) == {"met": [], "barred": []}


def test_a_ballot_from_a_topic(story, meeting):
    number = told("--as", "liulp", "huddle", "agenda", meeting.pk, "--topic", "五关")["number"]
    assert told("--as", "liulp", "activity", "ballot", meeting.pk, number)["ballot"]
    assert told("--as", "liulp", "activity", "ballot", meeting.pk, number, "--admit") == {"admitted": 0}


def test_online_and_marks(story, held):
    act("online", held.pk, "allow")
    run("--as", "member2", "activity", "online", held.pk, "join")
    act("mark", held.pk, story.members[2].name, "late")
    act("mark", held.pk, story.members[2].name, "left")
    row = Attendance.objects.get(person=story.members[2])
    assert (row.way, row.is_late, row.left_at is not None) == ("online", True, True)
    act("mark", held.pk, story.members[2].name, "back")
    row.refresh_from_db()
    assert row.left_at is None


def test_refusals(story, held):
    told("--as", "liulp", "huddle", "agenda", held.pk, "--topic", "五关")
    with pytest.raises(PiecesMissing):
        run("--as", "liulp", "huddle", "close", held.pk)
    with pytest.raises(NotFound):
        act("topic", held.pk, 99)
    assert "不是数" in act("figure", held.pk, held.form.figures[0].id, "三")
    assert "--person" in act("check", held.pk, held.form.checks[0].id, "fine", "--due", "2099-01-01 10:00")
    assert told("--as", "liulp", "huddle", "close", held.pk, "--without", "停工")["missing"] == ["checklist"]
