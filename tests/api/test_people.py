from __future__ import annotations

import pytest
from django.test import Client

from ronghe.domain.org.enums import PostRole
from ronghe.kernel.access.models import Administrator, Look
from ronghe.kernel.sealed import keyed_digest, seal_text
from tests.factories.org import make_account, make_body, make_person, make_post

pytestmark = pytest.mark.django_db

NUMBER = "99011019880314123X"


@pytest.fixture
def member():
    branch = make_body("注水队党支部")
    person = make_person("于德江", home=branch)
    person.id_sealed, person.id_digest = seal_text(NUMBER), keyed_digest(NUMBER)
    person.save()
    secretary = make_person("刘丽", home=branch)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    person.secretary = secretary
    return person


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def test_people_list_holds_no_identity_number(member):
    answer = client_of(member.secretary).get("/api/v1/org/people")

    assert [row["name"] for row in answer.json()["items"]] == ["于德江", "刘丽"]
    assert NUMBER not in answer.content.decode()


def test_looking_at_an_identity_number_is_kept(member):
    answer = client_of(member.secretary).post(f"/api/v1/org/people/{member.pk}/identity")

    assert answer.json()["id_number"] == NUMBER
    assert list(Look.objects.values_list("by", "about")) == [(member.secretary.token, member.token)]


def test_a_colleague_sees_neither_person_nor_number(member):
    stranger = make_person("赵六", home=make_body("检修队党支部"))

    assert client_of(stranger).get(f"/api/v1/org/people/{member.pk}").status_code == 404
    assert client_of(stranger).post(f"/api/v1/org/people/{member.pk}/identity").status_code == 404
    assert not Look.objects.exists()


@pytest.mark.parametrize("administrator", list(Administrator))
def test_no_administrator_reaches_a_person_se_08(member, administrator):
    keeper = make_person("冉系安")
    make_account(keeper, administrator=administrator)

    assert client_of(keeper).get(f"/api/v1/org/people/{member.pk}").status_code == 404


def test_token_opens_the_api_and_a_reading_one_does_not_write(member):
    account = make_account(member.secretary, "liuli")
    got = Client().post(
        "/api/v1/tokens", {"login": account.login, "password": "Derrick-2026", "scope": "read"},
        content_type="application/json",
    )  # fmt: skip
    head = {"HTTP_AUTHORIZATION": f"Bearer {got.json()['token']}"}

    assert Client().get("/api/v1/me", **head).json()["name"] == "刘丽"
    assert Client().post(f"/api/v1/org/people/{member.pk}/identity", **head).status_code == 401


def test_a_stranger_is_answered_in_the_common_shape():
    answer = Client().get("/api/v1/org/people")

    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (401, "not_logged_in", {})
