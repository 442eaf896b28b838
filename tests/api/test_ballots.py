"""Secret ballots over HTTP: the same services, no answer that says what was chosen."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.ballots.models import Ballot, BallotVoter
from tests.factories.ballots import make_ballot, make_voters
from tests.factories.org import make_account, make_body, make_person

pytestmark = pytest.mark.django_db
HERE = "/api/v1/ballots"


def client_of(person) -> Client:
    client = Client()
    client.force_login(make_account(person))
    return client


def send(client, path="", **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def story():
    return make_voters(5)


@pytest.fixture
def secretary(story):
    return client_of(story.secretary)


def test_a_whole_vote_through_the_api(story, secretary):
    people = [person.pk for person in story.voters]
    opened = send(secretary, body=story.branch.pk, title="评先", items=["甲", "乙"], voters=people)
    assert (opened.status_code, opened.json()["voters"], len(opened.json()["names"])) == (201, 5, 5)
    here = f"/{opened.json()['id']}"
    clients = [client_of(person) for person in story.voters]

    assert clients[0].get(f"{HERE}{here}").json()["waits_for_me"] is True
    for client in clients[:3]:
        assert send(client, f"{here}/vote", votes={"1": 1, "2": 3}).status_code == 204
    twice = send(clients[0], f"{here}/vote", votes={"1": 2, "2": 2})
    handed = send(secretary, f"{here}/papers/hand", people=people[3:])
    told = send(secretary, f"{here}/papers", counts={"1": [2, 0, 0], "2": [0, 0, 2]})
    shown = [client.get(f"{HERE}{here}/papers") for client in (secretary, clients[1], client_of(make_person("外人")))]
    early = send(secretary, f"{here}/close")
    own = send(secretary, f"{here}/papers/check")
    checked = send(clients[1], f"{here}/papers/check")
    closed = send(secretary, f"{here}/close")

    assert (twice.status_code, twice.json()["code"]) == (409, "already_voted")
    assert (handed.json()["papers"], told.status_code, early.json()["code"]) == (2, 204, "papers_not_checked")
    assert [one.status_code for one in shown] == [200, 200, 404]
    assert shown[1].json() == {"counts": [[2, 0, 0], [0, 0, 2]]}
    assert secretary.get(f"{HERE}{here}/papers").status_code == 404
    assert (own.json()["code"], checked.status_code) == ("checked_by_teller", 204)
    assert [line["counts"] for line in closed.json()["items"]] == [[5, 0, 0], [0, 0, 5]]
    seen = clients[0].get(f"{HERE}{here}").json()
    assert (seen["names"], seen["cast"], seen["state"]) == ([], 5, "closed")


def test_nothing_tells_what_was_chosen_while_it_runs(story, secretary):
    ballot = make_ballot(story, timezone.now())
    voter = client_of(story.voters[0])
    answer = send(voter, f"/{ballot.pk}/vote", votes={"1": 2})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = json.dumps(secretary.get(f"{HERE}/{ballot.pk}").json())
    assert '"counts": null' in shown


@pytest.mark.parametrize("votes", [{}, {"1": 9}, {"2": 1}, {"1": 10**30}])
def test_votes_that_are_none_are_refused(story, votes):
    ballot = make_ballot(story, timezone.now())
    answer = send(client_of(story.voters[0]), f"/{ballot.pk}/vote", votes=votes)
    assert (answer.status_code, BallotVoter.objects.exclude(way="waiting").count()) == (422, 0)


def test_outsiders_find_nothing(story):
    ballot = make_ballot(story, timezone.now())
    outsider = client_of(make_person("外人", home=make_body("别的支部")))
    assert outsider.get(HERE).json()["count"] == 0
    assert outsider.get(f"{HERE}/{ballot.pk}").status_code == 404
    assert send(outsider, f"/{ballot.pk}/vote", votes={"1": 1}).status_code == 404


def test_void_and_paper_back(story, secretary):
    ballot = make_ballot(story, timezone.now())
    send(secretary, f"/{ballot.pk}/papers/hand", people=[story.voters[0].pk])
    assert send(secretary, f"/{ballot.pk}/papers/back", people=[story.voters[0].pk]).json()["papers"] == 0
    assert send(secretary, f"/{ballot.pk}/papers/hand", people=[987654]).status_code == 404
    assert send(secretary, f"/{ballot.pk}/void", reason="撤回").json()["state"] == "voided"
    assert Ballot.objects.get().void_reason == "撤回"
    assert secretary.get(HERE, {"state": "voided"}).json()["count"] == 1
