"""`ronghe floating`: the same acts as the page, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.finding import NoSuchBody
from ronghe.cli.main import cli
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.services.away import NotAwayLongEnough, SidesAgreed, note_away
from ronghe.domain.floating.services.stays import Home
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus
from ronghe.kernel.errors import NotFound
from tests.domain.floating.making import NOW, attached, make_story, months_ago
from tests.factories.org import make_account, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_story()
    for login in ("lead", "secretary", "outsider"):
        make_account(getattr(story, login), login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_from_finding_to_the_slip(story, tmp_path):
    assert [row["name"] for row in told("--as", "lead", "floating", "found")] == ["苟长青"]
    [stay] = told("--as", "lead", "floating", "register", story.zone.name, "苟长青")
    number = stay["id"]
    told("--as", "lead", "floating", "verify", number, "--contact", "冉", "--phone", "139")
    assert told("--as", "lead", "floating", "attach", number, story.zone.pk)["state"] == "attached"
    run("--as", "lead", "floating", "inform", number)
    run("--as", "lead", "floating", "print", number, tmp_path / "函.docx")
    run("--as", "lead", "floating", "acknowledge", number)
    assert told("--as", "lead", "floating", "end", number)["slip"] == []
    run("--as", "lead", "floating", "print", number, tmp_path / "回执.pdf")
    run("--as", "lead", "floating", "acknowledge", number)

    assert (tmp_path / "回执.pdf").read_bytes()[:5] == b"%PDF-"
    assert "文件名请以" in run("--as", "lead", "floating", "print", number, tmp_path / "回执.txt")
    assert "苟长青" in run("--as", "lead", "floating", "list", "--state", "left")


def test_home_branch_is_told(story):
    stay = attached(story, Home(branch=story.branch))

    assert [row["id"] for row in told("--as", "secretary", "floating", "waiting")] == [stay.pk]
    run("--as", "secretary", "floating", "acknowledge", stay.pk)
    assert "共 0 人" in run("--as", "secretary", "floating", "waiting")


def test_who_is_away_is_contacted_pf_04(story):
    stay = note_away(
        person=story.member, body=story.branch, since=months_ago(7), destination="境外", is_abroad=True,
        actor=story.secretary, at=NOW,
    )  # fmt: skip

    assert "该联系了" in run("--as", "secretary", "floating", "away", "--due")
    run("--as", "secretary", "floating", "contact", stay.pk, "--note", "视频")
    assert told("--as", "secretary", "floating", "away", "--due") == []


def test_others_find_nothing(story):
    stay = attached(story)

    assert told("--as", "outsider", "floating", "list") == told("--as", "outsider", "floating", "found") == []
    with pytest.raises(NotFound):
        run("--as", "outsider", "floating", "end", stay.pk)


def test_somebody_no_roster_brought_and_the_other_way_round(story):
    make_account(story.clerk, "clerk")
    given = (
        story.zone.name,
        "罗海",
        "--unit",
        story.crew.pk,
        "--home",
        "远方支部",
        "--contact",
        "冉",
        "--phone",
        "139",
    )
    stay = told("--as", "clerk", "floating", "add", *given)
    assert stay["state"] == "found"
    person = FloatingStay.objects.get(pk=stay["id"]).person
    assert (person.name, person.political_status) == ("罗海", PoliticalStatus.FULL_MEMBER)
    with pytest.raises(NotFound):
        run("--as", "outsider", "floating", "add", *given)
    dismissed = told("--as", "clerk", "floating", "dismiss", stay["id"], "--reason", "重名")
    assert dismissed["state"] == "dismissed"
    with pytest.raises(NotFound):
        run("--as", "outsider", "floating", "dismiss", stay["id"], "--reason", "重名")


def test_an_own_member_goes_away_pf_01(story):
    away = ("floating", "note-away", story.member.name, story.branch.name, "成都")
    with pytest.raises(NotAwayLongEnough):
        run("--as", "secretary", *away, "--since", "2026-09-01")
    assert told("--as", "secretary", *away, "--since", "2026-03-14", "--abroad")["state"] == "away"


def test_the_two_sides_of_a_branch_are_put_on_record_po_07(story):
    make_account(story.clerk, "clerk")
    make_body("流动党员党支部", parent=story.committee, kind=PartyOrgKind.FLOATING_BRANCH)
    given = ("sides", "流动党员党支部", "--home", "恩阳区委", "--document", "纪要")
    with pytest.raises(NoSuchBody):
        run("--as", "lead", "floating", *given, "--host", story.committee.name)
    with pytest.raises(NoSuchBody):
        run("--as", "clerk", "floating", *given, "--host", story.branch.name)
    assert told("--as", "clerk", "floating", *given, "--host", story.committee.name)["host"] == story.committee.name
    with pytest.raises(SidesAgreed):
        run("--as", "clerk", "floating", *given, "--host", story.committee.name)
