"""建制 through the API: trees of any day, acts, units and stations, and who is answered nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.org.enums import UnitKind
from ronghe.domain.structure.enums import ActKind, ActState
from ronghe.domain.structure.models import BodyAct
from tests.domain.structure.making import NOW, TODAY, days, done, fresh, make_field, member, propose, where
from tests.factories.org import make_account, make_unit

pytestmark = pytest.mark.django_db

HERE = "/api/v1/org/structure"


@pytest.fixture
def field(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return make_field()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


@pytest.fixture
def clerk(field):
    return client_of(field.clerk)


@pytest.fixture
def outsider(field):
    return client_of(field.stranger)


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


def names(nodes) -> list[str]:
    return [name for node in nodes for name in (node["name"], *names(node["children"]))]


def test_the_tree_is_answered_as_of_a_day(field, clerk, outsider):
    done(ActKind.RENAME, field.clerk, body=field.south, name="南一联合站党支部", on=days(-5))

    assert "南一联合站党支部" in names(clerk.get(f"{HERE}/tree").json())
    assert "南一党支部" in names(clerk.get(f"{HERE}/tree", {"day": days(-6).isoformat()}).json())
    assert names(outsider.get(f"{HERE}/tree").json()) == ["采油二厂党支部"]
    assert names(clerk.get(f"{HERE}/units/tree").json()) == ["采油一厂"]
    assert clerk.get(f"{HERE}/tree", {"tree": "league"}).json() == []
    assert clerk.get(f"{HERE}/tree", {"day": "昨天"}).status_code == 422


def test_a_body_is_answered_with_its_findings(field, clerk, outsider):
    answer = clerk.get(f"{HERE}/bodies/{field.south.pk}").json()

    assert (answer["name"], answer["size"]["formal"]) == ("南一党支部", 1)
    assert [row["rule"] for row in answer["size"]["findings"]] == ["PO-01"]
    assert outsider.get(f"{HERE}/bodies/{field.south.pk}").status_code == 404


def test_an_act_goes_from_proposal_to_its_day(field, clerk, outsider):
    luo = member("罗一鸣", field.south)
    given = {"kind": "split", "effective_on": TODAY.isoformat(), "grounds": "人多", "body": field.south.pk,
             "into": [{"name": "南三党支部", "kind": "branch", "people": [luo.pk]}]}  # fmt: skip
    made = send(clerk, "/acts", **given)

    answer = made.json()
    assert (made.status_code, answer["state"], answer["transfers"][0]["to"]) == (201, "proposed", "南三党支部")
    number = answer["id"]
    assert outsider.get(f"{HERE}/acts/{number}").status_code == 404
    assert send(outsider, f"/acts/{number}/approve").status_code == 404
    assert send(outsider, "/acts", **given).status_code == 404
    assert [row["id"] for row in clerk.get(f"{HERE}/acts/waiting").json()] == [number]
    assert clerk.get(f"{HERE}/acts", {"is_open": True}).json()["count"] == 1
    refused = send(clerk, f"/acts/{number}/approve")
    assert (refused.status_code, refused.json()["code"]) == (422, "reference_wanted")
    assert send(clerk, f"/acts/{number}/approve", approval_ref="党字1号").json()["state"] == "carried_out"
    assert where(luo) == ("南三党支部", None)
    assert send(clerk, f"/acts/{number}/withdraw").status_code == 409


def test_an_act_is_refused_withdrawn_and_noted(field, clerk):
    one = propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")
    assert send(clerk, f"/acts/{one.pk}/refuse", reason="不规范").json()["state"] == "refused"
    two = propose(ActKind.RENAME, field.clerk, body=field.south, name="甲")
    assert send(clerk, f"/acts/{two.pk}/withdraw").json()["state"] == "withdrawn"
    three = done(ActKind.RENAME, field.secretary, body=field.group, name="一组")
    assert three.state == ActState.CARRIED_OUT
    assert send(clerk, f"/acts/{three.pk}/note").status_code == 200
    assert send(clerk, f"/acts/{three.pk}/note").json()["code"] == "not_for_note"
    assert BodyAct.objects.count() == 3


def test_units_and_stations_are_kept(field, clerk, outsider):
    other = make_unit("二矿", parent=field.plant)
    made = send(clerk, "/units", name="中心站", kind=UnitKind.STATION, parent=field.plant.pk, since="2024-01-01").json()
    pk = made["id"]
    day = TODAY.isoformat()
    assert send(clerk, f"/units/{pk}/move", parent=other.pk, since=day).json()["parent"]["id"] == other.pk
    assert send(clerk, f"/units/{pk}/rename", name="二矿中心站", since=day).json()["name"] == "二矿中心站"
    assert send(clerk, f"/stations/{pk}/mode", staffing="attended", is_hub=True, since="2026-01-01").status_code == 200
    station = clerk.get(f"{HERE}/stations").json()[0]
    assert (station["duties"], station["misses_party"]) == (["party", "management", "technique"], True)
    assert outsider.get(f"{HERE}/stations").json() == []
    assert send(outsider, f"/units/{pk}/close", until=day).status_code == 404
    assert send(clerk, f"/units/{other.pk}/close", until=day).json()["code"] == "unit_not_empty"
    assert send(clerk, f"/units/{pk}/close", until=day).json()["valid_until"] == day
    assert fresh(other).valid_until is None
