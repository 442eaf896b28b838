from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from tests.factories.org import make_account, make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("注水队党支部", parent=committee)
    clerk = make_person("温书宁")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretary = make_person("刘丽", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    since = timezone.localdate().replace(month=1, day=1)
    playbook = shipped_playbook("branch_base")
    adopt_playbook(body=branch, playbook=playbook, since=since, actor=clerk, at=timezone.now())
    return {"clerk": clerk, "secretary": secretary, "branch": branch}


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def test_list_says_what_is_owed_with_its_state_and_title(story):
    answer = client_of(story["secretary"]).get("/api/v1/obligations/?state=all").json()

    general = next(row for row in answer["items"] if row["mechanism"] == "general_meeting")
    assert general["title"] == "支部党员大会"
    assert general["body"] == {"id": story["branch"].pk, "name": "注水队党支部"}
    assert general["state"] in {"done", "due", "missed", "late", "upcoming"}


def test_list_takes_at_most_five_statements(story, django_assert_max_num_queries):
    client = client_of(story["secretary"])
    client.get("/api/v1/obligations/")

    with django_assert_max_num_queries(5):
        client.get("/api/v1/obligations/")


def test_the_superior_waives_and_takes_it_back(story):
    obligation = Obligation.objects.filter(body=story["branch"], due_on__gte=date.today()).first()
    client = client_of(story["clerk"])
    address = f"/api/v1/obligations/{obligation.pk}/waive"

    waived = client.post(address, {"reason": "停产检修"}, content_type="application/json")
    back = client.delete(address)

    assert (waived.json()["state"], back.status_code) == ("waived", 200)
    assert back.json()["state"] != "waived"


def test_who_owes_it_cannot_let_himself_off(story):
    obligation = Obligation.objects.filter(body=story["branch"]).first()

    answer = client_of(story["secretary"]).post(
        f"/api/v1/obligations/{obligation.pk}/waive", {"reason": "忙"}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_obligation_of_others_is_not_there(story):
    obligation = Obligation.objects.filter(body=story["branch"]).first()

    assert client_of(make_person("赵六")).get(f"/api/v1/obligations/{obligation.pk}").status_code == 404
    assert Client().get("/api/v1/obligations/").status_code == 401


def asking(story, count: int = 2):
    rows = Obligation.objects.filter(body=story["branch"], due_on__gte=date.today(), is_settled=False)
    return list(rows.order_by("due_on")[:count])


def post(client, path: str, data):
    return client.post(f"/api/v1/obligations/{path}", data, content_type="application/json")


def test_waiver_is_asked_for_answered_and_listed(story):
    secretary, clerk = client_of(story["secretary"]), client_of(story["clerk"])
    numbers = [row.pk for row in asking(story)]

    made = post(secretary, "waivers", {"obligations": numbers, "reason": "停产检修"})
    asked = made.json()
    assert (made.status_code, asked["state"], sorted(asked["obligations"])) == (201, "asked", sorted(numbers))
    (row,) = clerk.get("/api/v1/obligations/waivers", {"state": "asked"}).json()["items"]
    assert (row["id"], row["count"], row["obligations"]) == (asked["id"], 2, [])
    path = f"waivers/{asked['id']}/answer"
    assert post(secretary, path, {"grant": True}).status_code == 403
    assert post(clerk, path, {"grant": False}).status_code == 422
    assert post(clerk, path, {"grant": True}).json()["state"] == "granted"
    states = {secretary.get(f"/api/v1/obligations/{number}").json()["state"] for number in numbers}
    assert states == {"waived"}


def test_waiver_asked_for_is_taken_back_by_whoever_asked(story):
    secretary = client_of(story["secretary"])
    number = post(secretary, "waivers", {"obligations": [row.pk for row in asking(story)], "reason": "检修"}).json()[
        "id"
    ]

    assert client_of(story["clerk"]).delete(f"/api/v1/obligations/waivers/{number}").status_code == 403
    assert secretary.delete(f"/api/v1/obligations/waivers/{number}").json()["state"] == "withdrawn"
    outsider = client_of(make_person("外人"))
    assert outsider.get(f"/api/v1/obligations/waivers/{number}").status_code == 404
    assert post(outsider, "waivers", {"obligations": [asking(story)[0].pk], "reason": "检修"}).status_code == 404


def test_planned_day_is_moved_within_its_window(story):
    """PM-05."""
    secretary = client_of(story["secretary"])
    duty = Obligation.objects.filter(mechanism="theme_party_day", due_on__gt=timezone.localdate(), is_settled=False)
    row = duty.order_by("due_on")[0]

    moved = post(secretary, f"{row.pk}/move", {"day": row.due_on.isoformat(), "reason": "抢修"})
    beyond = post(secretary, f"{row.pk}/move", {"day": row.grace_until.isoformat(), "reason": "抢修"})

    assert moved.json()["planned_on"] == row.due_on.isoformat()
    assert (beyond.status_code, beyond.json()["code"]) == (422, "outside_window")


def test_who_is_behind_and_why(story, django_assert_max_num_queries):
    clerk = client_of(story["clerk"])
    answer = clerk.get("/api/v1/obligations/behind", {"what": "due"}).json()
    (row,) = answer["items"]

    assert (row["body"]["name"], row["why"]) == ("注水队党支部", ["vacant"])  # nobody is member for organization
    assert {tuple(line["people"]) for line in row["lines"]} >= {("刘丽",)}
    with django_assert_max_num_queries(8):
        clerk.get("/api/v1/obligations/behind", {"what": "due"})
    assert client_of(make_person("外人")).get("/api/v1/obligations/behind").json()["items"] == []


def test_several_are_waived_together_or_none(story):
    rows = asking(story)
    wanted = {"obligations": [row.pk for row in rows], "reason": "停产检修"}
    assert post(client_of(story["secretary"]), "waive", wanted).status_code == 403
    clerk = client_of(story["clerk"])
    assert post(clerk, "waive", wanted | {"obligations": [rows[0].pk, 999_999]}).status_code == 404
    assert [row["state"] for row in post(clerk, "waive", wanted).json()] == ["waived", "waived"]
    assert post(clerk, "waive", wanted).status_code == 409


def test_the_days_to_which_a_planned_day_may_be_moved(story):
    secretary = client_of(story["secretary"])
    fixed = Obligation.objects.filter(body=story["branch"], planned_on=None).first()
    assert secretary.get(f"/api/v1/obligations/{fixed.pk}/days-open").json() == {"from_on": None, "last_on": None}
    planned = Obligation.objects.filter(
        body=story["branch"], planned_on__gt=timezone.localdate() + timedelta(days=40), is_settled=False
    ).first()
    found = secretary.get(f"/api/v1/obligations/{planned.pk}/days-open").json()
    assert found["from_on"] == planned.window_from.isoformat()
    assert planned.planned_on.isoformat() <= found["last_on"]
