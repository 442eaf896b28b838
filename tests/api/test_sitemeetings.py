"""现场三会 through the API: in order, signed, with a late comer; minds for the leader alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.sitemeetings import SiteChainAnswer, SiteChainRow
from ronghe.domain.rhythm.services.codes import member_card
from tests.domain.sitemeetings.making import HAZARDS, NOW, PLACE
from tests.factories.org import make_account
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db
HERE = "/api/v1/rhythm/site-meetings"


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return make_running(NOW)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def begin(story, actor=None, **changes):
    given = {
        "body": story.body.pk, "place": PLACE, "group": {"heading": "重要论述"}, "safety": {"text": HAZARDS},
        "technical": {"text": "先断后接", "briefer": story.members[0].pk},
    }  # fmt: skip
    return send(actor or story.leader, "", **given | changes)


def test_sd_05_morning_in_order_with_a_late_comer(story):
    made = begin(story)
    assert made.status_code == 201
    chain = SiteChainAnswer(**made.json()).id
    locked = send(story.leader, f"/{chain}/meetings/safety/open")
    assert (locked.status_code, locked.json()["code"]) == (409, "meeting_locked")
    late = story.members[2]
    for meeting in ("group", "safety", "technical"):
        if meeting != "group":
            send(story.leader, f"/{chain}/meetings/{meeting}/open")
        for person in (story.leader, story.members[0]):
            assert send(person, f"/{chain}/meetings/{meeting}/sign").status_code == 200
        if meeting == "group":
            send(story.leader, f"/{chain}/settle")
        assert send(story.leader, f"/{chain}/meetings/{meeting}/close").status_code == 200
    send(story.leader, f"/{chain}/came", person=late.pk)
    assert send(story.members[1], f"/{chain}/brief", person=late.pk).status_code == 403
    send(story.leader, f"/{chain}/brief", person=late.pk)
    assert send(late, f"/{chain}/sign-late").status_code == 200
    people = client_of(story.leader).get(f"{HERE}/{chain}").json()["people"]
    assert [person["may_work"] for person in people] == [True, True, True]
    assert client_of(late).get(f"{HERE}/briefed?body={story.body.pk}").json() == {"may_work": True}
    assert client_of(story.leader).get(f"{HERE}/{chain}/record?form=pdf").content[:4] == b"%PDF"
    assert [SiteChainRow(**row).id for row in client_of(story.leader).get(HERE).json()["items"]] == [chain]


def test_minds_are_for_the_leader_alone(story):
    chain = begin(story).json()["id"]
    send(story.leader, f"/{chain}/card", card=member_card(story.members[1]))
    assert send(story.secretary, f"/{chain}/mind", person=story.members[1].pk, is_settled=False).status_code == 403
    told = send(story.leader, f"/{chain}/mind", person=story.members[1].pk, is_settled=False).json()
    assert told["people"][0]["is_settled"] is False
    for person in (story.secretary, story.members[1]):
        assert client_of(person).get(f"{HERE}/{chain}").json()["people"][0]["is_settled"] is None
        assert client_of(person).get(f"{HERE}/talks").json() == []
    [talk] = client_of(story.leader).get(f"{HERE}/talks").json()
    assert send(story.secretary, f"/talks/{talk['id']}/held").status_code == 404
    assert send(story.leader, f"/talks/{talk['id']}/held").json() == {"held": True}


def test_others_find_nothing_and_bad_input_is_refused(story):
    chain = begin(story).json()["id"]
    assert client_of(story.outsider).get(f"{HERE}/{chain}").status_code == 404
    assert client_of(story.outsider).get(HERE).json()["items"] == []
    assert begin(story, story.outsider).status_code == 404
    assert begin(story, place="x" * 81).status_code == 422
    assert send(story.leader, f"/{chain}/meetings/lunch/open").status_code == 422
    assert send(story.leader, f"/{chain}/came", person=story.outsider.pk).status_code == 404
    assert send(story.leader, f"/{chain}/card", card="x").json()["code"] == "card_refused"
    assert send(story.leader, f"/{chain}/meetings/safety/text", text="吊装").json()["code"] == "hazard_without_measure"
    send(story.leader, f"/{chain}/meetings/group/undo", reason="开错")
    assert send(story.leader, f"/{chain}/off", reason="暴雨").json()["stage"] == "called_off"
    assert send(story.members[0], f"/{chain}/left", person=story.leader.pk).status_code in (403, 404)
