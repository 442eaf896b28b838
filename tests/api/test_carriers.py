from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.carriers.models import CallUp, Carrier
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from tests.factories.carriers import TEAM_VALUES, make_call, make_carrier, make_story, with_shifts
from tests.factories.org import make_account
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/carriers"
CALLS = f"{HERE}/calls"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning, with_teams=False)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, *, put=False, **body):
    return (client.put if put else client.post)(path, body, content_type="application/json")


def wanted(story, morning, **changes):
    day = morning.date()
    return {
        "type": "commando_team", "body": story.branch.pk, "name": "南八突击队", "lead": story.captain.pk,
        "from_on": str(day), "until_on": str(day + timedelta(days=365)), "values": TEAM_VALUES,
        "people": [{"person": one.pk} for one in story.members],
        "promises": [{"title": "三十分钟到现场", "measure": "以集结记录为准", "due_on": str(day + timedelta(days=30)),
                      "target": "30", "unit": "分钟", "direction": "at_most"}],
        **changes,
    }  # fmt: skip


def test_a_carrier_lives_over_the_api(story, morning):
    proposer, secretary, captain = (client_of(one) for one in (story.proposer, story.secretary, story.captain))
    assert send(proposer, HERE, **wanted(story, morning, promises=[])).json()["code"] == "carrier_promise_missing"
    made = send(proposer, HERE, **wanted(story, morning))
    assert made.status_code == 201
    here = f"{HERE}/{made.json()['id']}"
    assert client_of(story.outsider).get(here).status_code == 404
    assert send(secretary, f"{here}/return", reason="写清集合点").json()["state"] == "returned"
    text = {name: value for name, value in wanted(story, morning, place="料棚").items()
            if name in ("name", "lead", "from_on", "until_on", "values", "place")}  # fmt: skip
    assert send(proposer, here, put=True, **text).json()["place"] == "料棚"
    assert send(proposer, f"{here}/submit").json()["state"] == "proposed"
    assert send(proposer, f"{here}/approve").json()["code"] == "not_allowed"
    assert send(secretary, f"{here}/approve").json()["state"] == "active"
    assert send(secretary, f"{here}/burn").status_code == 404

    task = open_task(title="抢修", assignee=story.captain, due_at=morning + timedelta(days=1), body=story.branch,
                     actor=story.secretary, at=morning)  # fmt: skip
    submit_task(task=task, note="好", uploads=[photo()], actor=story.captain, at=morning)
    accept_task(task=task, actor=story.secretary, at=morning)
    record = captain.get(f"{here}/records").json()[0]
    item = captain.get(here).json()["promises"][0]["item"]
    report = f"{HERE}/promises/{item}/report"
    assert send(captain, report, note="到了", actual="28").json()["code"] == "item_evidence_missing"
    given = {"source_type": record["source_type"], "source_id": record["source_id"]}
    assert send(captain, report, note="到了", actual="28", records=[given]).json()["state"] == "reported"
    send(secretary, f"/api/v1/work/items/{item}/steps/keep", note="")
    send(captain, f"{here}/members", person=story.welder.pk, duty="焊接")
    row = next(one for one in captain.get(here).json()["people"] if one["duty"] == "焊接")
    send(captain, f"{here}/members/{row['id']}/leave")
    result = send(captain, f"{here}/results", text="提前 3 天", figure="3", unit="天").json()["results"][0]
    assert send(captain, f"{here}/results/{result['id']}/take-back").json()["results"][0]["is_taken_back"]
    promise = send(captain, f"{here}/promises", title="夜巡", measure="看记录", due_on="2026-10-01").json()["promises"][
        1
    ]
    assert send(captain, f"{here}/promises/{promise['id']}/drop").status_code in (403, 409)
    assert send(secretary, f"{here}/review", grade="good", text="好").json()["reviews"][0]["kept"] == 1
    assert send(secretary, f"{here}/renew", until_on="2028-01-01").json()["until_on"] == "2028-01-01"
    assert send(secretary, f"{here}/end", reason="done", note="完成").json()["code"] == "carrier_promises_open"
    assert client_of(story.outsider).get(f"{HERE}/board").json()["items"][0]["promises"][0]["state"] == "kept"
    assert secretary.get(f"{HERE}/people").json()[0]["person"]["name"]
    assert secretary.get(f"{here}/print.pdf").content.startswith(b"%PDF")
    assert secretary.get(f"{HERE}?mine=true&type=brand").json()["count"] == 0


def test_a_call_up_over_the_api(story, morning, monkeypatch):
    team = make_carrier(story, morning)
    story.team = team
    captain = client_of(story.captain)
    called = send(captain, CALLS, teams=[team.pk], occasion="winter", place="3 号站", what="压力低")
    assert (called.status_code, called.json()["called"]) == (201, 4)
    here = f"{CALLS}/{called.json()['id']}"
    call = CallUp.objects.get()
    mine = client_of(story.members[1]).get(f"{CALLS}/mine").json()[0]
    assert send(client_of(story.members[1]), f"{here}/roster/{mine['id']}/coming").json()["coming"] == 1
    assert send(captain, f"{here}/roster/{mine['id']}/cannot", reason="").json()["code"] == "call_cannot_why"
    assert send(captain, f"{here}/roster/{mine['id']}/fly").status_code == 422
    assert send(captain, f"{here}/roster/{mine['id']}/here").json()["arrived"] == 1
    assert send(captain, f"{here}/roster/{mine['id']}/not-here").json()["arrived"] == 0
    for row in call.roster.all():
        send(captain, f"{here}/roster/{row.pk}/here")
    shifts = send(captain, f"{here}/shifts", length_hours=12, count=2).json()["shifts"]
    assert [len(one["people"]) for one in shifts] == [2, 2]
    first, second = shifts
    part = next(one for one in first["people"] if not one["is_lead"])
    assert send(captain, f"{here}/shift-people/{part['id']}/away").status_code == 200
    assert send(captain, f"{here}/shift-people/{part['id']}/back").status_code == 200
    assert send(captain, f"{here}/shift-people/{part['id']}/off").status_code == 200
    row = next(one["id"] for one in captain.get(here).json()["roster"] if one["person"] == part["person"])
    assert send(captain, f"{here}/shifts/{first['id']}/people", row=row).status_code == 200
    late = {"starts_at": second["starts_at"], "ends_at": "2026-09-15T06:00:00+08:00"}
    assert send(captain, f"{here}/shifts/{second['id']}", put=True, **late).status_code == 200
    send(captain, f"{here}/log", text="压力 1.2 MPa")
    line = captain.get(here).json()["log"][0]
    assert send(captain, f"{here}/log", text="应为 1.4", corrects=line["id"]).json()["log"][1]["corrects"] == line["id"]
    picture = SimpleUploadedFile("现场.jpg", photo().content.read(), content_type="image/jpeg")
    assert captain.post(f"{here}/photos", {"photo": picture, "text": "泵房"}).json()["log"][2]["pictures"] == 1
    need = send(captain, f"{here}/needs", kind="supplies", what="柴油", quantity=2, unit="吨").json()["needs"][0]
    settle = f"{here}/needs/{need['id']}/settle"
    assert send(captain, settle, how="库房送到").json()["needs"][0]["state"] == "met"
    assert send(captain, f"{here}/needs/{need['id']}/reopen").json()["needs"][0]["state"] == "open"
    assert send(captain, settle, item=999).status_code == 404

    later = morning + timedelta(hours=12, minutes=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    lead, next_lead = (next(on["person"]["id"] for on in one["people"] if on["is_lead"]) for one in (first, second))
    people = {person.pk: client_of(person) for person in (story.captain, *story.members)}
    send(people[lead], f"{here}/shifts/{first['id']}/hand-over", note="供气平稳")
    taken = send(people[next_lead], f"{here}/shifts/{first['id']}/take-over").json()
    assert sum(float(one["hours"]) for one in taken["roster"]) == 24
    captain, other = (
        people[story.captain.pk],
        next(on for on in first["people"] if on["person"]["id"] != story.captain.pk),
    )
    fixed = {"starts_at": first["starts_at"], "ends_at": "2026-09-14T18:45:00+08:00", "is_held": True, "reason": "早走"}
    assert send(captain, f"{here}/shift-people/{other['id']}", put=True, **fixed).status_code == 200
    assert captain.delete(f"{here}/shifts/{second['id']}").status_code == 200
    outcome = {"result": "供气恢复", "saved": "三个乡镇用气", "saved_yuan": "120000.50"}
    ended = send(captain, f"{here}/stand-down", **outcome).json()
    assert (ended["state"], ended["hours"], ended["saved_yuan"]) == ("stood_down", "23.00", "120000.50")
    assert send(captain, f"{here}/resume").json()["state"] == "running"
    send(captain, f"{here}/stand-down", **outcome)
    assert send(captain, f"{here}/verify", agrees=True).status_code == 403
    assert send(client_of(story.hse), f"{here}/verify", agrees=True).json()["verified_by"]["name"] == "冯安"
    assert captain.get(f"{here}/report.docx").content.startswith(b"PK")


def test_a_neighbour_over_the_api(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_story(morning)
    call = make_call(story, morning)
    here = f"{CALLS}/{call.pk}"
    captain, neighbour = client_of(story.captain), client_of(story.next_captain)
    asked = send(captain, f"{here}/teams", team=story.next_team.pk).json()["teams"][1]
    assert send(captain, f"{here}/teams/{asked['id']}/answer", sends=True).status_code == 403
    assert send(neighbour, f"{here}/teams/{asked['id']}/answer", sends=True).json()["called"] == 7
    assert send(captain, f"{here}/command", person=story.next_captain.pk).json()["commander"]["name"] == "何春"
    assert send(neighbour, f"{here}/call-off", note="误报").json()["state"] == "called_off"
    outsider = client_of(story.outsider)
    assert (outsider.get(here).status_code, outsider.get(CALLS).json()["count"]) == (404, 0)
    assert send(outsider, CALLS, teams=[story.team.pk], occasion="flood", place="x").status_code == 403
    assert Carrier.objects.count() == 2


def test_a_list_costs_the_same_for_few_and_many(story, morning, django_assert_max_num_queries):
    client = client_of(story.secretary)
    client.get(HERE)
    for size in (1, 4):
        while Carrier.objects.count() < size:
            make_carrier(story, morning, name=f"队{Carrier.objects.count()}")
        with django_assert_max_num_queries(7):
            client.get(HERE)
    story.team = Carrier.objects.order_by("pk")[0]
    with_shifts(story, morning)
    with django_assert_max_num_queries(7):
        client.get(CALLS)
