"""Benefits and look-backs over the API: the same services as the pages, the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.items.services.steps import Said, take_step
from tests.factories.benefits import make_idea
from tests.factories.lookbacks import closed, done, make_finding, taken
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db
BENEFITS, LOOKBACKS = "/api/v1/work/benefits", "/api/v1/work/lookbacks"
LINE = {
    "what": "墙体维修", "unit": "㎡", "before_quantity": "7000", "before_price": "100", "after_quantity": "1500",
    "after_price": "100",
}  # fmt: skip
RECKONED = {"lines": [LINE], "days_before": 90, "days_after": 30, "basis": "结算单"}


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, method="post", **body):
    return getattr(client, method)(path, body, content_type="application/json")


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def member(story):
    return client_of(story.members[0])


@pytest.fixture
def secretary(story):
    return client_of(story.secretary)


@pytest.fixture
def clerk(story):
    return client_of(story.clerk)


def test_an_idea_is_reckoned_booked_and_taken_back(story, lead, member, secretary, clerk):
    now = timezone.now()
    item = make_idea(story, now)
    here = f"{BENEFITS}/{item.pk}"
    assert send(member, f"{here}/estimate", **{**RECKONED, "basis": " "}).json()["code"] == "benefit_basis_missing"
    estimated = send(member, f"{here}/estimate", **RECKONED).json()
    assert (estimated["estimate"]["amount"], estimated["estimate"]["days"]) == ("550000.00", 60)
    assert send(member, f"{here}/approve").status_code == 403
    assert send(lead, f"{here}/approve").json()["state"] == "approved"
    item.refresh_from_db()
    take_step(item=item, step="take", actor=story.members[1], at=now, said=Said(due_at=now + timedelta(days=3)))
    doer = client_of(story.members[1])
    assert send(doer, f"{here}/realise", **RECKONED).json()["code"] == "item_evidence_missing"
    task = make_task(story, now)
    assert send(doer, f"{here}/realise", **RECKONED, evidence=[f"work.task:{task.pk}"]).json()["state"] == "realised"
    shares = [{"person": story.members[1].pk, "percent": "60"}, {"person": story.members[0].pk, "percent": "39.99"}]
    assert send(lead, f"{here}/shares", "put", shares=shares).json()["code"] == "benefit_shares_not_whole"
    shares[1]["percent"] = "40"
    assert send(lead, f"{here}/shares", "put", shares=shares).status_code == 200
    booked = send(secretary, f"{here}/verify").json()
    assert [share["amount"] for share in booked["shares"]] == ["330000.00", "220000.00"]
    assert lead.get(f"{BENEFITS}/book?zone={story.zone.pk}").json()["total"]["net"] == "550000.00"
    assert send(clerk, f"{here}/reverse", reason="没保持住").json()["entries"][1]["amount"] == "-550000.00"
    assert lead.get(f"{BENEFITS}/book").json()["total"]["net"] == "0.00"
    assert client_of(make_person("外人")).get(here).status_code == 404


def test_gains_and_limits_over_the_api(story, clerk, secretary):
    project = story.zone.projects.get()
    made = send(clerk, f"{BENEFITS}/gains/{project.pk}", days=65, basis="竣工验收单").json()
    assert send(clerk, f"{BENEFITS}/gains/{made['id']}/verify").status_code == 403
    assert send(secretary, f"{BENEFITS}/gains/{made['id']}/verify").json()["is_verified"]
    assert clerk.get(f"{BENEFITS}/book?project={project.pk}").json()["days"] == 65
    assert send(clerk, f"{BENEFITS}/gains/{made['id']}/withdraw", reason="填错").status_code == 200
    assert send(clerk, f"{BENEFITS}/limits/{story.committee.pk}", "put", amount="200000").status_code == 204
    assert send(clerk, f"{BENEFITS}/limits/{story.committee.pk}", "put", amount="0.001").status_code == 422


def test_a_finding_is_analysed_measured_and_comes_back(story, lead, member):
    now = timezone.now()
    item = taken(story, now)
    here = f"{LOOKBACKS}/{item.pk}"
    deep = {
        "problem_behind": "各记各的", "cause": "没有规定", "cause_behind": "没人负责", "whys": ["没看票", "没规定"],
        "bones": {"people": ["没交底"]},
    }  # fmt: skip
    assert send(member, f"{here}/begin").json()["code"] == "lookback_not_analysed"
    assert send(member, f"{here}/analysis", "put", **{**deep, "whys": []}).json()["code"] == "lookback_not_deep_enough"
    assert send(member, f"{here}/analysis", "put", **deep).json()["analyses"][0]["bones"] == {"people": ["没交底"]}
    due = (now + timedelta(days=4)).isoformat()
    measured = send(member, f"{here}/measures", title="写进交接单", assignee=story.members[1].pk, due_at=due)
    assert measured.status_code == 201
    assert send(member, f"{here}/begin").json()["state"] == "acting"
    assert send(member, f"{here}/submit", text="好了").json()["code"] == "lookback_measures_open"
    done(story, item.measures.get(), now)
    assert send(member, f"{here}/submit", text="好了").json()["state"] == "submitted"

    old = closed(story, now)
    assert send(lead, f"{LOOKBACKS}/{old.pk}/recurrences", text="夜班又没看").json()["times"] == 1
    new = make_finding(story, now)
    assert send(lead, f"{LOOKBACKS}/{new.pk}/join", old=old.pk).json()["times"] == 2
    assert [row["times"] for row in lead.get(f"{LOOKBACKS}/recurring").json()["items"]] == [2]


def test_a_session_over_the_api(story, lead, member):
    now = timezone.now()
    task = make_task(story, now - timedelta(days=2))
    today = timezone.localdate(now)
    days = {"from_on": (today - timedelta(days=40)).isoformat(), "until_on": (today + timedelta(days=1)).isoformat()}
    assert send(member, f"{LOOKBACKS}/sessions", body=story.body.pk, **days).status_code == 404
    opened = send(lead, f"{LOOKBACKS}/sessions", body=story.body.pk, **days).json()
    here = f"{LOOKBACKS}/sessions/{opened['id']}"
    assert [line["source"] for line in opened["lapses"]] == [f"work.task:{task.pk}"]
    assert member.get(here).json()["lapses"] == []
    picked = send(lead, f"{here}/findings", title=task.title, source=f"work.task:{task.pk}").json()
    assert picked["findings"][0]["source"] == f"work.task:{task.pk}"
    assert lead.delete(f"{here}/findings/{picked['findings'][0]['id']}").json()["findings"] == []
    assert send(lead, f"{here}/close", text=" ").json()["code"] == "look_session_no_conclusion"
    assert send(lead, f"{here}/close", text="会要合着开").json()["is_closed"]
    assert not send(lead, f"{here}/reopen").json()["is_closed"]
    assert [row["found"] for row in lead.get(f"{LOOKBACKS}/sessions").json()["items"]] == [0]
