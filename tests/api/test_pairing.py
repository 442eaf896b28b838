"""两组共建 through the API: the pair, its powers, their uses, and who gets what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.pairing import PairRow, UseRow
from ronghe.domain.pairing.models import GroupTeamLink, PowerUse
from tests.domain.pairing.making import NOW, granted, make_story, paired
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HERE = "/api/v1/org/pairing"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def test_pair_is_linked_led_and_listed():
    story = make_story()
    made = send(story.secretary, "", group=story.group.pk, team=story.team.pk, since="2026-09-01")
    assert made.status_code == 201
    pair = made.json()["id"]
    assert send(story.secretary, f"/{pair}/appoint", person=story.leader.pk).status_code == 403
    assert send(story.clerk, f"/{pair}/appoint", person=story.leader.pk).json()["leader"]["name"] == "罗一鸣"

    rows = client_of(story.secretary).get(HERE).json()["items"]
    assert [PairRow(**row).id for row in rows] == [pair]
    assert client_of(story.outsider).get(HERE).json()["items"] == []
    assert client_of(story.outsider).get(f"{HERE}/{pair}").status_code == 404


def test_bad_input_is_said_in_the_shape_of_refusals():
    story = make_story()

    assert send(story.secretary, "", group="x", team=story.team.pk, since="no").status_code == 422
    assert send(story.secretary, "", group=999999, team=story.team.pk, since="2026-09-01").status_code == 404
    refused = send(story.secretary, "", group=story.branch.pk, team=story.team.pk, since="2026-09-01")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_party_group")


def test_power_is_granted_used_and_its_proposal_settled():
    story = paired()
    said = {"power": "honour_proposal", "since": "2026-09-01", "document": "九号"}
    power = send(story.secretary, f"/{story.link.pk}/grant", **said).json()
    mine = client_of(story.leader).get(f"{HERE}/powers/mine").json()
    assert [row["id"] for row in mine] == [power["id"]]

    path = f"/powers/{power['id']}/use"
    assert send(story.secretary, path, day="2026-09-14").status_code == 404
    assert send(story.leader, path, day="2026-09-14").json()["code"] == "use_says_nothing"
    use = send(story.leader, path, day="2026-09-14", text="荐为先进", people=[story.welder.pk]).json()
    assert UseRow(**use).state == "proposed"

    assert send(story.leader, f"/uses/{use['id']}/adopt").status_code == 403
    assert send(story.secretary, f"/uses/{use['id']}/adopt").json()["state"] == "adopted"
    assert send(story.secretary, f"/uses/{use['id']}/return", reason="晚了").status_code == 409
    seen = client_of(story.welder).get(f"{HERE}/uses", {"state": "adopted"}).json()["items"]
    assert [row["id"] for row in seen] == [use["id"]]


def test_power_is_withdrawn_and_pair_ended():
    story = paired()
    power = granted(story)
    assert send(story.leader, f"/powers/{power.pk}/withdraw", until="2026-09-14").status_code == 403
    assert (
        send(story.secretary, f"/powers/{power.pk}/withdraw", until="2026-09-14").json()["valid_until"] == "2026-09-14"
    )

    send(story.secretary, f"/{story.link.pk}/end", until="2026-09-14")

    assert GroupTeamLink.objects.get().valid_until is not None
    assert not PowerUse.objects.exists()


def test_list_of_powers_names_how_each_is_used():
    rows = client_of(make_story().welder).get(f"{HERE}/powers").json()

    assert [(row["code"], row["way"]) for row in rows][:2] == [("attendance", "daily"), ("daily_assignment", "order")]


def test_a_leader_is_declined_and_a_power_listed():
    story = make_story()
    pair = send(story.secretary, "", group=story.group.pk, team=story.team.pk, since="2026-09-01").json()["id"]
    [proposal] = send(story.secretary, f"/{pair}/propose", person=story.leader.pk).json()["proposals"]
    assert proposal["person"]["name"] == "罗一鸣"
    path = f"/{pair}/proposals/{proposal['id']}/decline"
    assert send(story.secretary, path).status_code == 403
    assert send(story.clerk, path).json()["proposals"] == []
    assert send(story.clerk, path).status_code == 404
    wanted = {"name": "调整班次", "way": "order"}
    assert send(story.leader, f"/{pair}/list-power", **wanted).status_code == 403
    assert send(story.clerk, f"/{pair}/list-power", **wanted).json()["way"] == "order"
    assert send(story.clerk, f"/{pair}/list-power", **wanted).json()["code"] == "power_listed"
