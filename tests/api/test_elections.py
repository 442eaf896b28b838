from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.elections.models import BallotRound, Candidate, Election, Term
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PostHolding
from tests.factories.elections import (
    approved_election,
    contest_of,
    make_branch,
    make_election,
    make_term,
    reported_election,
)
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db

HERE = "/api/v1/org/elections"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def now(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return morning


@pytest.fixture
def branch(now):
    return make_branch()


@pytest.fixture
def secretary(branch):
    return client_of(branch.secretary)


@pytest.fixture
def clerk(branch):
    return client_of(branch.clerk)


def ballot(contest, yes, *, present=9, **changes):
    people = Candidate.objects.filter(contest=contest).order_by("pk")
    rows = [
        {"candidate": one.pk, "votes_for": count, "votes_against": present - count}
        for one, count in zip(people, yes, strict=True)
    ]
    totals = {"held_on": "2026-09-14", "present": present, "issued": present, "returned": present, "valid": present}
    return {**totals, "invalid": 0, "votes": rows, **changes}


def test_an_election_from_start_to_filing(branch, secretary, clerk):
    started = send(
        secretary, "/elections", body=branch.body.pk, kind="re_election", planned_on="2026-09-14",
        places={"committee_member": 3, "secretary": 1},
    )  # fmt: skip
    assert started.status_code == 201, started.json()
    here = f"/elections/{started.json()['id']}"
    seats, head = (contest["id"] for contest in started.json()["contests"])
    for person in branch.members[:4]:
        assert send(secretary, f"/contests/{seats}/candidates", person=person.pk).status_code == 201
    send(secretary, f"/contests/{head}/candidates", person=branch.members[1].pk)
    assert send(clerk, f"{here}/approve", reference="采五党组〔2026〕7号").json()["state"] == "approved"
    counted = send(secretary, f"/contests/{seats}/ballots", **ballot(seats, [8, 7, 6, 2]))
    send(secretary, f"/contests/{head}/ballots", **ballot(head, [3], present=3))
    reported = send(secretary, f"{here}/report", leaves_places=False)
    filed = send(clerk, f"{here}/file", reference="采五党组〔2026〕9号")

    [first, *_rest] = counted.json()["contests"]
    assert (counted.status_code, first["next_round"], first["open_seats"]) == (201, None, 0)
    assert [one["is_elected"] for one in first["candidates"]] == [True, True, True, False]
    assert (first["rounds"][0]["entitled"], reported.status_code, filed.json()["state"]) == (9, 200, "filed")
    assert PostHolding.objects.get(role="secretary", body=branch.body, valid_until=None).person == branch.members[1]


def test_a_count_is_tried_with_its_explanation_and_not_kept(branch, now, secretary):
    contest = contest_of(approved_election(branch, now), PostRole.COMMITTEE_MEMBER)

    answer = send(secretary, f"/contests/{contest.pk}/preview", **ballot(contest, [8, 7, 4, 4])).json()

    assert (answer["is_valid"], len(answer["elected"]), answer["open_seats"]) == (True, 2, 1)
    assert answer["quorum"] == {
        "rule": "PE-09", "have": 9, "need": 8, "base": 9, "is_met": True,
        "sentence": "有选举权的应到 9 人，实到 9 人，须不少于 8 人（PE-09）",
    }  # fmt: skip
    assert not BallotRound.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"valid": 8, "invalid": 1}, "more_votes_than_ballots"), ({"valid": 8}, "ballots_do_not_add_up"),
     ({"issued": 10}, "more_issued_than_present"), ({"held_on": "2026-09-15"}, "held_in_future"),
     ({"votes": [{"candidate": 0, "votes_for": 1}]}, "not_on_ballot"), ({"present": -1}, "misshapen")],
)  # fmt: skip
def test_counts_that_cannot_be_are_422_with_a_code(branch, now, secretary, changes, code):
    contest = contest_of(approved_election(branch, now), PostRole.COMMITTEE_MEMBER)

    answer = send(secretary, f"/contests/{contest.pk}/ballots", **ballot(contest, [8, 7, 6, 2], **changes))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_pe_09_below_the_quorum_is_422(branch, now, secretary):
    contest = contest_of(approved_election(branch, now), PostRole.COMMITTEE_MEMBER)

    answer = send(secretary, f"/contests/{contest.pk}/ballots", **ballot(contest, [7, 6, 5, 2], present=7))

    assert (answer.status_code, answer.json()["code"]) == (422, "quorum_missed")


def test_a_count_is_taken_back(branch, now, secretary):
    contest = contest_of(approved_election(branch, now), PostRole.COMMITTEE_MEMBER)
    send(secretary, f"/contests/{contest.pk}/ballots", **ballot(contest, [8, 7, 6, 2]))

    assert send(secretary, f"/contests/{contest.pk}/ballots/withdraw").status_code == 200
    assert not BallotRound.objects.exists()


def test_terms_are_recorded_listed_and_shifted(branch, secretary, clerk):
    made = send(secretary, "/terms", body=branch.body.pk, number=2, started_on="2023-10-12")
    shifted = send(clerk, f"/terms/{made.json()['id']}/shift", ends_on="2027-03-01", approval_ref="批", reason="投产")
    told = clerk.get(f"{HERE}/terms/running-out").json()

    assert (made.status_code, made.json()["ends_on"], shifted.json()["ends_on"]) == (201, "2026-10-12", "2027-03-01")
    assert [(row["body"]["name"], row["due"]) for row in told] == [
        ("采油五厂党委", "missing"), ("南一联合站党支部", "six_months"),
    ]  # fmt: skip
    assert [row["number"] for row in secretary.get(f"{HERE}/bodies/{branch.body.pk}/terms").json()] == [2]


def test_rights_hold_here_too(branch, now, secretary):
    election, term = reported_election(branch, now), make_term(branch, now)
    stranger, member = client_of(branch.stranger), client_of(branch.members[2])

    assert stranger.get(f"{HERE}/elections/{election.pk}").status_code == 404
    assert member.get(f"{HERE}/elections/{election.pk}").status_code == 200
    assert send(secretary, f"/elections/{election.pk}/file", reference="x").status_code == 403
    assert send(secretary, f"/terms/{term.pk}/shift", ends_on="2027-01-01", approval_ref="x").status_code == 404
    assert (
        send(member, f"/contests/{contest_of(election, PostRole.SECRETARY).pk}/ballots", **ballot(0, [])).status_code
        == 404
    )
    assert send(member, "/terms", body=branch.body.pk, number=1, started_on="2024-01-01").status_code == 403
    assert member.get(f"{HERE}/elections").json()["count"] == 1
    assert stranger.get(f"{HERE}/elections?state=reported&kind=re_election").json()["count"] == 0
    assert Election.objects.get().state == "reported"


def test_an_election_is_cancelled_given_back_and_a_candidate_withdrawn(branch, now, secretary, clerk):
    election = make_election(branch, now)
    contest = contest_of(election, PostRole.SECRETARY)
    named = send(secretary, f"/contests/{contest.pk}/candidates", person=branch.members[1].pk).json()
    [candidate] = [one for row in named["contests"] for one in row["candidates"]]
    assert send(secretary, f"/candidates/{candidate['id']}/withdraw").status_code == 200
    assert send(secretary, f"/elections/{election.pk}/cancel", reason="改期").json()["state"] == "cancelled"
    again = reported_election(branch, now)

    returned = send(clerk, f"/elections/{again.pk}/return", reason="缺签名").json()

    assert (returned["state"], returned["returned_reason"]) == ("held", "缺签名")


def test_a_leader_is_designated_by_the_office(branch, now, secretary, clerk):
    PostHolding.objects.filter(role="secretary", body=branch.body).update(valid_until=now.date())
    wanted = {"body": branch.body.pk, "person": branch.members[1].pk, "role": "secretary", "since": "2026-09-14",
              "approval_ref": "批", "is_acting": True}  # fmt: skip

    made = send(clerk, "/designations", **wanted)

    assert (made.status_code, made.json()["source"]) == (201, "acting")
    assert send(client_of(branch.members[3]), "/designations", **wanted).status_code in (403, 404)


def test_papers_are_files(branch, now, clerk):
    election = reported_election(branch, now)

    for paper in ("request", "result"):
        answer = clerk.get(f"{HERE}/elections/{election.pk}/{paper}?form=docx")
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert Term.objects.count() == 0
