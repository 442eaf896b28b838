"""`ronghe challenge` and `/work/challenges` of the API: the same acts as the pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from ronghe.cli.challenge import LineUnreadable
from ronghe.cli.main import cli
from ronghe.domain.challenges.services.carrying_out import MilestonesOpen, check_milestone, reach_milestone
from ronghe.kernel.errors import NotFound
from tests.factories.challenges import BIDDING, make_judging, make_proposed, make_running
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import photo
from tests.factories.ways_in import Api, Shell

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/challenges"


@pytest.fixture
def clock(monkeypatch, morning):
    moments = {"now": morning}
    monkeypatch.setattr(timezone, "now", lambda: moments["now"])
    return moments


@pytest.fixture
def story(clock, morning):
    story = make_proposed(morning)
    people = [("poster", story.poster), ("first", story.zone.members[0]), ("second", story.zone.members[1])]
    people += [(f"expert{number}", expert) for number, expert in enumerate(story.experts)]
    for login, person in people:
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def by(login, *arguments):
    return run("--as", login, "challenge", *arguments)


def test_a_challenge_on_the_command_line(story, clock, morning):
    number = story.item.pk
    by("poster", "terms", number, "--until", "2026-09-24 07:40", "--reward", "50,000", "--acceptance", "不卡泵")
    by("poster", "publish", number)
    by("first", "bid", number, "--plan", "电热", "--days", "60", "--cost", "12000")
    by("second", "bid", number, "--plan", "强磁", "--days", "90", "--cost", "9000")
    shown = json.loads(by("first", "show", number, "--json"))
    assert (shown["bids_made"], len(shown["bids"])) == (2, 1)
    clock["now"] = morning + BIDDING + timedelta(minutes=1)
    by("poster", "judge", number)
    by("poster", "panel", number, *(expert.name for expert in story.experts))
    first, second = (bid["id"] for bid in json.loads(by("poster", "show", number, "--json"))["bids"])
    for place in range(3):
        by(f"expert{place}", "declare", number, *(("--interest", f"{second}=师徒") if place == 0 else ()))
        by(f"expert{place}", "score", number, first, 90, 90, 90, 90)
        if place:
            by(f"expert{place}", "score", number, second, 70, 70, 70, 70)
    by("poster", "select", number, first)
    by("first", "pledge", number, "--milestone", "样机,2026-10-01,40", "--milestone", "运行,2026-11-01,60")
    milestone = json.loads(by("poster", "show", number, "--json"))["milestones"][0]["id"]
    by("first", "reach", number, milestone, "--note", "已下井")
    by("poster", "check", number, milestone)
    by("poster", "pay", number, "20000")
    assert json.loads(by("poster", "show", number, "--json"))["paid"] == "20000.00"
    assert "已认定" in by("poster", "fail", number, "honest", "--reasons", "地层变化")
    assert "90" in by("poster", "show", number)


def test_what_cannot_be_read_is_said(story):
    with pytest.raises(LineUnreadable):
        by("poster", "terms", story.item.pk, "--until", "2026-09-24 07:40", "--reward", "五万", "--acceptance", "x")
    with pytest.raises(LineUnreadable):
        by("poster", "pledge", story.item.pk, "--milestone", "样机")
    with pytest.raises(NotFound):
        by("poster", "show", 999_999)
    with pytest.raises(NotFound):
        by("first", "withdraw", story.item.pk, 999_999)


def test_a_challenge_over_the_api(story, clock, morning):
    def client_of(person):
        client = Client()
        client.force_login(person.account)
        return client

    poster, first = client_of(story.poster), client_of(story.zone.members[0])
    here, form = f"{HERE}/{story.item.pk}", {"content_type": "application/json"}
    weights = {"plan": 40, "ability": 25, "time": 20, "price": 15}
    terms = {
        "bids_until": (morning + BIDDING).isoformat(),
        "reward": "50000.00",
        "acceptance": "不卡泵",
        "weights": weights,
    }
    assert (
        poster.put(f"{here}/terms", {**terms, "weights": {"plan": 99}}, **form).json()["code"]
        == "challenge_weights_unfit"
    )
    assert poster.put(f"{here}/terms", terms, **form).status_code == 200
    assert poster.post(f"{here}/publish", **form).json()["state"] == "published"
    offer = {"plan": "电热", "days": 60, "cost": "12000.00", "team": [story.zone.members[1].pk]}
    assert first.post(f"{here}/bids", offer, **form).json()["bids"][0]["plan"] == "电热"
    assert poster.get(here).json()["bids"] == []
    assert first.post(f"{here}/bids", offer, **form).json()["code"] == "challenge_already_bid"
    clock["now"] = morning + BIDDING + timedelta(minutes=1)
    poster, first = client_of(story.poster), client_of(story.zone.members[0])  # sessions do not last ten days
    assert poster.post(f"{here}/judge", **form).json()["state"] == "judging"
    people = {"people": [expert.pk for expert in story.experts]}
    assert len(poster.put(f"{here}/panel", people, **form).json()["panel"]) == 3
    bid = poster.get(here).json()["bids"][0]["id"]
    for expert in story.experts:
        client = client_of(expert)
        assert client.post(f"{here}/interests", {}, **form).status_code == 200
        points = {"points": dict.fromkeys(weights, 88)}
        assert client.post(f"{here}/bids/{bid}/score", points, **form).status_code == 200
    assert poster.post(f"{here}/bids/{bid}/select", {}, **form).json()["bids"][0]["score"] == "88.00"
    lines = {"milestones": [{"title": "样机", "due_on": "2026-10-01", "share": 100}]}
    signed = first.post(f"{here}/pledge", lines, **form).json()
    milestone = signed["milestones"][0]["id"]
    first.post(f"{here}/milestones/{milestone}/reach", {"note": "成"}, **form)
    checked = poster.post(f"{here}/milestones/{milestone}/check", {"is_reached": True}, **form).json()
    assert checked["milestones"][0]["checked_at"] is not None
    pay = {"amount": "50000.01", "paid_on": "2026-10-01"}
    assert poster.post(f"{here}/payouts", pay, **form).json()["code"] == "challenge_paid_too_much"
    failed = poster.post(f"{here}/fail", {"finding": "honest", "reasons": "变化"}, **form).json()
    assert (failed["state"], failed["finding"]) == ("failed", "honest")
    stranger = make_person("别处的人")
    make_account(stranger)
    assert client_of(stranger).get(f"{HERE}/999999").status_code == 404


def test_a_challenge_is_posted_again_on_the_command_line(clock, morning):
    story = make_judging(morning)
    make_account(story.poster, "poster")
    clock["now"] = morning + BIDDING + timedelta(hours=1)
    again = ("repost", story.item.pk, "--until", "2026-10-20 18:00", "--reason", "没有合适的")
    assert json.loads(by("poster", *again, "--json"))["state"] == "published"


@pytest.mark.parametrize("way", ["cli", "api"])
def test_a_solution_is_handed_in_once_every_milestone_was_checked(clock, morning, tmp_path, way):
    story = make_running(morning)
    clock["now"] = morning + timedelta(days=12)
    leader = story.item.owner
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())

    def hand_in():
        if way == "cli":
            return Shell(leader, "challenge").told("hand-in", story.item.pk, "--note", "不卡了", "--photo", picture)
        with picture.open("rb") as content:
            return (
                Api(leader, "/work/challenges").upload(f"/{story.item.pk}/hand-in", note="不卡了", photo=content).json()
            )

    if way == "cli":
        with pytest.raises(MilestonesOpen):
            hand_in()
    else:
        assert hand_in()["code"] == MilestonesOpen.code
    for milestone in story.item.milestones.select_related("item"):
        reach_milestone(milestone=milestone, note="成", actor=leader, at=clock["now"])
        check_milestone(milestone=milestone, is_reached=True, actor=story.poster, at=clock["now"])

    assert hand_in()["state"] == "submitted"
    assert story.item.steps.get(step="submit").note == "不卡了"
