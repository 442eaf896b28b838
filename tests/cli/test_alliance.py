"""`ronghe alliance`: founding and ending, partners, invitations, experts, and every act on a difficulty."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.kernel.errors import NotFound
from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_an_alliance_from_founding_to_its_end():
    story = make_alliance()
    ours = Shell(story.secretary, "alliance")
    made = ours.told("found", "压裂创新联盟", "--body", story.branch.name, "--kind", "innovation")["id"]
    partner = ours.told("add-partner", made, "电科院", "--contact", "李工")["id"]
    assert "/invitation/" in ours.told("invite", made, partner)["address"]
    assert ours.told("revoke", made, partner)["has_login"] is False
    expert = ours.told("add-expert", made, "老工程师", "--field", "压裂")["id"]
    assert [row["name"] for row in ours.told("partners", made)["experts"]] == ["老工程师"]
    ours.run("remove-expert", made, expert)
    ours.run("withdraw-partner", made, partner)
    assert ours.told("partners", made) == {"partners": [], "experts": []}
    assert ours.told("end", made)["ended_on"] == "2026-09-14"
    for command in (["partners", made], ["invite", made, partner]):
        with pytest.raises(NotFound):
            Shell(story.outsider, "alliance").run(*command)


def test_every_act_on_a_difficulty():
    story = make_alliance()
    ours, theirs = Shell(story.secretary, "alliance"), Shell(story.clerk_of_town, "alliance")
    one = ours.told("raise", story.alliance.pk, "--title", "并网", "--partner", story.town.pk, "--due", "2026-10-01")[
        "id"
    ]
    assert ours.told("owner", one, story.member.name)["our_owner"] == story.member.name
    theirs.run("comment", one, "--text", "收到")
    theirs.run("claim", one)
    assert ours.told("task", one)["title"]
    assert ours.told("shelve", one, "--text", "等政策")["state"] == "shelved"
    assert ours.told("resume", one, "--text", "政策来了")["state"] == "under_way"
    raised = make_difficulty(story, title="提错的")
    assert ours.told("withdraw", raised.pk)["state"] == "withdrawn"
