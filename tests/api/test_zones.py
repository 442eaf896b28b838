from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.zones.services.shut_downs import plan_shut_down
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def test_zone_shows_its_two_bodies_parties_and_shut_downs():
    story = make_zone()
    plan_shut_down(
        zone=story.zone, from_on=date(2026, 10, 1), until_on=date(2026, 10, 8), reason="国庆检修", actor=story.lead,
        at=timezone.now(),
    )  # fmt: skip

    answer = client_of(story.members[0]).get(f"/api/v1/zones/{story.zone.pk}").json()

    assert (answer["mode"], answer["state"]) == ("project_based", "running")
    assert (answer["body"]["id"], answer["office"]["id"]) == (story.zone.body_id, story.zone.office_id)
    assert sorted(party["role"] for party in answer["parties"]) == ["constructor", "host_site"]
    assert [(s["from_on"], s["until_on"], s["reason"]) for s in answer["shut_downs"]] == [
        ("2026-10-01", "2026-10-08", "国庆检修")
    ]


@pytest.mark.parametrize("zones", [1, 3])
def test_list_takes_five_statements_for_one_zone_and_for_three(zones, django_assert_max_num_queries):
    stories = [make_zone(name=f"协作区{n}", plant_name=f"采油{n}厂") for n in range(zones)]
    client = client_of(stories[0].lead)
    client.get("/api/v1/zones/")

    with django_assert_max_num_queries(5):
        answer = client.get("/api/v1/zones/").json()

    assert [row["name"] for row in answer["items"]] == ["协作区0"]


def test_zone_out_of_sight_is_not_there():
    story = make_zone()

    assert client_of(make_person("赵六")).get(f"/api/v1/zones/{story.zone.pk}").status_code == 404
    assert Client().get("/api/v1/zones/").status_code == 401
