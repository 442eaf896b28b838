from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.grid import RequestRow
from ronghe.domain.grid.models import GridLiaison, GridRequest
from ronghe.domain.grid.selectors.liaisons import naming_of
from ronghe.domain.grid.services.liaisons import accept_naming
from ronghe.domain.grid.services.requests import raise_request
from ronghe.domain.work.models import Task
from tests.domain.grid.story import make_grid
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db

HERE = "/api/v1/org/grid"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def grid():
    return make_grid()


@pytest.fixture
def clerk(grid):
    return client_of(grid.clerk)


@pytest.fixture
def secretary(grid):
    return client_of(grid.secretary)


@pytest.fixture
def named(grid):
    now = timezone.now()
    part = naming_of(grid.branch, timezone.localdate(now))
    accept_naming(body=grid.branch, digest=part.naming.digest, actor=grid.secretary, at=now)
    return GridLiaison.objects.get(employee=grid.employees[0])


def test_coverage_holds_figures_and_gaps_of_what_the_reader_sees(grid, clerk, secretary):
    whole = clerk.get(f"{HERE}/coverage").json()
    own = secretary.get(f"{HERE}/coverage").json()

    assert (whole["employees"], whole["teams"], whole["covered_teams"]) == (11, 2, 1)
    assert whole["gap_count"] == len(whole["gaps"]) > own["gap_count"]
    team = clerk.get(f"{HERE}/coverage?kind=team_without_member").json()["gaps"]
    assert [(row["place"], row["rule"], row["figures"]) for row in team] == [("二班", "SD-09", {"employees": 2})]
    assert clerk.get(f"{HERE}/coverage?body={grid.branch.pk}&day=2026-01-02").json()["day"] == "2026-01-02"


def test_coverage_of_nobody_s_own_is_a_404(grid, secretary):
    assert client_of(grid.employees[0]).get(f"{HERE}/coverage").status_code == 404
    assert secretary.get(f"{HERE}/coverage?body={grid.committee.pk}").status_code == 404
    assert secretary.get(f"{HERE}/coverage?body=x").status_code == 422


def test_gap_is_let_stand_and_another_given_as_a_task(grid, clerk):
    team, vacant = f"team_without_member:unit:{grid.second.pk}", f"secretary_vacant:body:{grid.committee.pk}"
    until = (timezone.localdate() + timedelta(days=30)).isoformat()

    stood = send(clerk, "/gaps/dismiss", gap=vacant, reason="正在考察", until=until)
    due = (timezone.now() + timedelta(days=9)).isoformat()
    given = send(clerk, "/gaps/tasks", gaps=[team], due_at=due)

    assert stood.json()["dismissed_until"] == until
    assert given.status_code == 201
    assert given.json()[0]["assignee"]["name"] == "赵一鸣"
    again = send(clerk, "/gaps/tasks", gaps=[team], due_at=due)
    assert (again.status_code, again.json()["code"]) == (409, "gap_given_already")
    gone = send(clerk, "/gaps/tasks", gaps=["nix"], due_at=due)
    assert (gone.status_code, gone.json()["code"]) == (409, "gap_gone")


def test_members_are_named_as_a_whole_and_by_hand(grid, secretary):
    here = f"/bodies/{grid.branch.pk}"
    shown = secretary.get(f"{HERE}{here}/naming").json()
    assert {row["is_new"] for row in shown["pairs"]} == {True}
    assert send(secretary, f"{here}/naming", digest="old").json()["code"] == "naming_changed"

    done = send(secretary, f"{here}/naming", digest=shown["digest"]).json()

    assert {row["is_new"] for row in done["pairs"]} == {False}
    row = GridLiaison.objects.get(employee=grid.employees[0])
    other = next(person for person in grid.members if person != row.member)
    assert send(secretary, f"{here}/named", employee=row.employee_id, member=other.pk).status_code == 200
    assert client_of(grid.members[0]).get(f"{HERE}{here}/naming").status_code == 404


def test_request_goes_its_way(grid, named, secretary):
    worker, member = client_of(grid.employees[0]), client_of(named.member)
    raised = send(worker, "/requests", kind="safety", text="踏步松了")
    assert (raised.status_code, raised.json()["level"]) == (201, "member")
    here = f"/requests/{raised.json()['id']}"
    assert client_of(grid.employees[1]).get(f"{HERE}{here}").status_code == 404
    assert send(worker, f"{here}/answer", text="好").status_code == 403

    assert send(member, f"{here}/up", text="要花钱").json()["level"] == "branch"
    due = (timezone.now() + timedelta(days=3)).isoformat()
    tasked = send(secretary, f"{here}/task", assignee=grid.members[0].pk, due_at=due).json()
    assert tasked["task"] == Task.objects.get().pk
    assert send(secretary, f"{here}/answer", text="已修").json()["state"] == "answered"
    assert send(worker, f"{here}/reopen", text="又松了").json()["level"] == "committee"
    assert send(client_of(grid.clerk), f"{here}/answer", text="换新").json()["state"] == "answered"
    done = send(worker, f"{here}/solved").json()

    assert done["state"] == "solved"
    assert [row["act"] for row in done["steps"]] == [
        "raised", "passed_up", "tasked", "answered", "reopened", "answered", "solved",
    ]  # fmt: skip
    assert send(worker, f"{here}/withdraw").json()["code"] == "step_not_allowed"


def test_request_for_somebody_else_needs_the_right(grid, named):
    member = client_of(named.member)
    strangers = GridLiaison.objects.exclude(member=named.member).values_list("employee", flat=True)

    own = send(member, "/requests", kind="living", text="热水器", raiser=grid.employees[0].pk)
    other = send(member, "/requests", kind="living", text="热水器", raiser=strangers[0])

    assert (own.status_code, other.status_code) == (201, 404)


def test_name_kept_back_is_in_no_answer(grid, named, secretary):
    worker = client_of(grid.employees[0])
    raised = send(worker, "/requests", kind="advice", text="表太多", is_anonymous=True).json()
    assert raised["raiser"]["name"] == grid.employees[0].name
    send(client_of(named.member), f"/requests/{raised['id']}/up", text="请支部定")

    one = secretary.get(f"{HERE}/requests/{raised['id']}")
    listed = secretary.get(f"{HERE}/requests")

    assert one.json()["raiser"] is None
    for answer in (one, listed):
        assert grid.employees[0].name not in answer.content.decode()


def test_list_of_requests_is_shaped_as_declared_and_costs_the_same(grid, named, django_assert_num_queries):
    worker = grid.employees[0]
    client = client_of(worker)
    for number in range(4):
        raise_request(raiser=worker, kind="safety", text=f"第{number}件", actor=worker, at=timezone.now())

    rows = client.get(f"{HERE}/requests?is_mine=true&state=waiting").json()["items"]

    assert len(rows) == GridRequest.objects.count() == 4
    assert all(set(row) == set(RequestRow.model_fields) for row in rows)
    with django_assert_num_queries(5):
        client.get(f"{HERE}/requests")


@pytest.mark.parametrize("body", [{"kind": "nix", "text": "x"}, {"kind": "safety", "text": ""}, {"text": "x"}])
def test_malformed_request_is_a_422(grid, body):
    assert send(client_of(grid.employees[0]), "/requests", **body).status_code == 422


def test_nobody_is_told_anything_without_a_log_in(grid):
    assert Client().get(f"{HERE}/coverage").status_code == 401


def test_a_body_sets_its_own_terms(grid):
    here = f"{HERE}/bodies/{grid.branch.pk}/settings"
    terms = client_of(grid.secretary).get(here).json()
    assert terms["member_days"] == 2
    changed = client_of(grid.secretary).put(here, terms | {"member_days": 3}, content_type="application/json")
    assert changed.json() == terms | {"member_days": 3}
    beyond = client_of(grid.secretary).put(here, terms | {"member_days": 61}, content_type="application/json")
    assert beyond.status_code == 422
    assert client_of(grid.employees[0]).get(here).status_code == 404
