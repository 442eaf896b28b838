from __future__ import annotations

from datetime import date

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
