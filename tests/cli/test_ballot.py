"""`ronghe ballot`: voting asks for choices and password; nothing of it stands on the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.ballot import NotYourself
from ronghe.cli.main import cli
from ronghe.domain.ballots.models import Ballot, BallotVoter
from ronghe.domain.org.services.people import open_account
from tests.factories.ballots import make_ballot, make_voters

pytestmark = pytest.mark.django_db
PASSWORD = "Shan-Shui-2026"


@pytest.fixture
def story():
    story, now = make_voters(4), timezone.now()
    for login, person in (("shuji", story.secretary), *((f"v{n}", one) for n, one in enumerate(story.voters))):
        open_account(person=person, login=login, password=PASSWORD, actor=None, at=now, must_change_password=False)
    return story


def run(*arguments, typed=""):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_whole_vote_from_the_command_line(story):
    opened = json.loads(
        run("--as", "shuji", "ballot", "open", "--body", story.branch.name, "--title", "评先", "--item", "甲", "--json")
    )
    number = opened["id"]
    for n in range(3):
        said = run("--as", f"v{n}", "ballot", "vote", number, typed=f"1\n{PASSWORD}\n")
        assert "已投票" in said
    run("--as", "shuji", "ballot", "papers", number, "--hand", story.secretary.name, "--hand", story.voters[3].name)
    run("--as", "shuji", "ballot", "papers", number, "--count", "1=1,1,0")
    assert run("--as", "v0", "ballot", "papers", number, "--show").strip() == "1=1,1,0"
    run("--as", "v0", "ballot", "papers", number, "--check")

    run("--as", "shuji", "ballot", "close", number)

    shown = json.loads(run("--as", "v0", "ballot", "show", number, "--json"))
    assert (shown["items"][0]["counts"], shown["cast"], shown["papers"]) == ([4, 1, 0], 5, 2)
    assert "赞成 4" in run("--as", "v0", "ballot", "show", number)
    assert json.loads(run("--as", "v0", "ballot", "list", "--json"))["count"] == 1


def test_pm_15_who_does_not_know_the_password_votes_for_nobody(story):
    ballot = make_ballot(story, timezone.now())

    with pytest.raises(NotYourself):
        run("--as", "v0", "ballot", "vote", ballot.pk, typed="1\nfalsch\n")

    assert not BallotVoter.objects.exclude(way="waiting").exists()


def test_what_is_chosen_is_not_shown_while_it_is_typed(story):
    ballot = make_ballot(story, timezone.now(), items=("推荐甲",))
    output = run("--as", "v0", "ballot", "vote", ballot.pk, typed=f"2\n{PASSWORD}\n")
    assert PASSWORD not in output
    assert "2\n" not in output.split("推荐甲")[1].split("反对")[1]


def test_void_from_the_command_line(story):
    ballot = make_ballot(story, timezone.now())
    run("--as", "shuji", "ballot", "void", ballot.pk, "--reason", "撤回")
    assert Ballot.objects.get().state == "voided"
