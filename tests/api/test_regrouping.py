from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.org.models import AdminUnit
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping, TravelTime
from tests.factories.org import make_account, make_body, make_person
from tests.factories.regrouping import STATIONS, make_area, make_proposal, make_regrouping

pytestmark = pytest.mark.django_db

HERE = "/api/v1/org/regrouping"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, method="post", **body):
    return getattr(client, method)(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def secretary(area):
    return client_of(area.secretary)


@pytest.fixture
def regrouping(area):
    return make_regrouping(area, timezone.now())


@pytest.fixture
def proposal(area, regrouping):
    return make_proposal(regrouping, area, timezone.now())


def test_a_regrouping_is_opened_listed_and_searched(area, secretary):
    made = send(secretary, "", body=area.branch.pk, group_count=2)
    number = made.json()["id"]

    assert made.status_code == 201
    assert [one["letter"] for one in made.json()["proposals"]] == ["0"]
    assert [row["id"] for row in secretary.get(HERE).json()["items"]] == [number]
    asked = send(secretary, f"/{number}/proposals")
    assert (asked.status_code, asked.json()["solving"]) == (202, "waiting")
    assert send(secretary, f"/{number}/proposals").json()["code"] == "already_searching"
    assert send(secretary, f"/{number}/proposals/A/stop").json()["solving"] == "failed"


def test_a_proposal_is_told_with_its_groups(area, secretary, proposal):
    told = secretary.get(f"{HERE}/{proposal.regrouping_id}/proposals/A").json()

    assert told["broken"] == []
    assert sum(group["size"] for group in told["groups"]) == 16
    assert all(group["alone"] and group["leader"] for group in told["groups"])
    assert told["objective"] == sum(told["terms"].values())


def test_moving_swapping_and_putting_back(area, secretary, proposal):
    path = f"/{proposal.regrouping_id}/proposals"
    places = {
        member["id"]: at
        for at, group in enumerate(secretary.get(f"{HERE}{path}/A").json()["groups"])
        for member in group["members"]
    }
    person = area.crew[1].pk
    to = 1 - places[person]

    effect = secretary.get(f"{HERE}{path}/A/effect", {"person": person, "group": to}).json()
    moved = send(secretary, f"{path}/A/move", person=person, group=to).json()
    back = send(secretary, f"{path}/B/back").json()

    assert effect["consequences"]
    assert (moved["letter"], moved["source"]) == ("B", "hand")
    assert {member["id"] for member in moved["groups"][to]["members"]} >= {person}
    assert [group["size"] for group in back["groups"]] != [group["size"] for group in moved["groups"]]
    other = next(pk for pk, at in places.items() if at == to)
    assert send(secretary, f"{path}/A/swap", person=person, other=other).json()["letter"] == "C"
    assert send(secretary, f"{path}/A/move", person=person, group=9).json()["code"] == "no_such_place"
    assert secretary.get(f"{HERE}{path}/A/effect", {"person": 0, "group": 0}).status_code == 422


def test_what_is_asked_is_changed_once(area, secretary, regrouping):
    path = f"/{regrouping.pk}"
    needs = [{"kind": "trade", "name": "管护", "minimum": 1}]

    changed = send(secretary, path, "patch", settings_version=0, needs=needs, weights={"travel": 5}, group_count=3)

    assert (changed.status_code, changed.json()["group_count"], changed.json()["settings_version"]) == (200, 3, 1)
    assert Regrouping.objects.get().weights["travel"] == 5
    assert send(secretary, path, "patch", settings_version=0).json()["code"] == "stale"
    assert (
        send(
            secretary, path, "patch", settings_version=1, hubs=[one.pk for one in area.stations], group_count=2
        ).json()["code"]
        == "too_many_hubs"
    )
    assert send(secretary, path, "patch", settings_version=1, min_members=2).status_code == 422


def test_pins_and_pairs(area, secretary, regrouping):
    path = f"/{regrouping.pk}"

    assert send(secretary, f"{path}/pin", person=area.crew[0].pk, hub=area.stations[0].pk).status_code == 200
    assert send(secretary, f"{path}/apart", first=area.crew[0].pk, second=area.crew[1].pk).status_code == 200
    assert (
        send(secretary, f"{path}/apart", first=area.crew[0].pk, second=area.crew[0].pk).json()["code"] == "pair_of_one"
    )
    assert send(secretary, f"{path}/pin", person=area.clerk.pk).status_code in {404, 422}

    kept = Regrouping.objects.get()
    assert (len(kept.pins), len(kept.apart)) == (1, 1)


def test_from_submitting_to_undoing(area, secretary, proposal):
    path, day = f"/{proposal.regrouping_id}", timezone.localdate().isoformat()

    assert secretary.get(f"{HERE}{path}/record").json()["code"] == "nothing_to_print"
    assert send(secretary, f"{path}/proposals/A/submit").json()["chosen"] == "A"
    assert send(secretary, f"{path}/return", reason="再看看").json()["state"] == "drafting"
    send(secretary, f"{path}/proposals/A/submit")
    assert send(secretary, f"{path}/approve", decided_on=day, effective_on=day).json()["state"] == "approved"
    assert send(secretary, f"{path}/carry-out").json()["state"] == "carried_out"
    assert secretary.get(f"{HERE}{path}/record").content.startswith(b"%PDF")
    assert send(secretary, f"{path}/undo").json()["state"] == "undone"
    assert send(secretary, f"{path}/drop", reason="不办").json()["code"] == "step_not_allowed"


def test_comparing(secretary, proposal):
    told = secretary.get(f"{HERE}/{proposal.regrouping_id}/compare", {"a": "0", "b": "A"}).json()

    assert len(told["alone"]) == 2
    assert told["moves"][0] == 0


def test_strangers_see_nothing_and_members_do_nothing(area, proposal):
    stranger, member = client_of(make_person(home=make_body())), client_of(area.crew[5])
    for client in (stranger, member):
        assert client.get(HERE).json()["items"] == []
        assert client.get(f"{HERE}/{proposal.regrouping_id}").status_code == 404
        assert send(client, f"/{proposal.regrouping_id}/proposals").status_code == 404
    assert send(member, "", body=area.branch.pk, group_count=2).status_code == 403
    assert GroupingProposal.objects.count() == 2


def test_unknown_letters_and_numbers_are_not_found(secretary, regrouping):
    assert secretary.get(f"{HERE}/{regrouping.pk}/proposals/Z").status_code == 404
    assert secretary.get(f"{HERE}/999999").status_code == 404
    assert send(secretary, "", body=999_999, group_count=2).status_code == 404
    assert send(secretary, "", body=1, group_count=1).status_code == 422


def test_who_may_lead_and_how_long_the_ways_are(area, secretary, regrouping):
    here = f"/{regrouping.pk}"
    who = area.crew[1].pk
    assert send(secretary, f"{here}/leading", "put", person=who, may_lead=False).json() == {
        "person": who,
        "may_lead": False,
    }
    regrouping.refresh_from_db()
    assert regrouping.leading[str(who)] is False
    assert send(secretary, f"{here}/leading", "put", person=area.secretary.pk + 9999).status_code == 404
    ways = [{"here": STATIONS[0], "there": STATIONS[1], "minutes": 25}]
    path = f"{HERE}{here}/ways"
    assert secretary.post(path, ways, content_type="application/json").json() == {"count": 1}
    wrong = [{"here": STATIONS[0], "there": "没有这个站", "minutes": 25}]
    assert secretary.post(path, wrong, content_type="application/json").json()["code"] == "not_a_station_here"
    table = SimpleUploadedFile("路程.csv", f"{STATIONS[0]},{STATIONS[1]},26\n".encode())
    assert secretary.post(f"{path}/import", {"file": table}).json() == {"count": 1}
    TravelTime.objects.filter(minutes=40).delete()
    stations = [unit.pk for unit in AdminUnit.objects.filter(name__in=STATIONS).order_by("pk")]
    assert send(secretary, f"{here}/ways/line", stations=stations).json() == {"count": 1}
    assert send(secretary, f"{here}/ways/line", stations=[stations[0], 999_999]).status_code == 404
    outsider = client_of(make_person("外人", home=make_body()))
    assert send(outsider, f"{here}/ways/line", stations=stations).status_code == 404
