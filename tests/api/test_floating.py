"""流动党员 through the API: found, attached, told of at home, ended, printed; and who gets what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.floating import StayRow
from ronghe.domain.floating.services.stays import Home
from ronghe.domain.org.enums import PartyOrgKind
from tests.domain.floating.making import FAR_HOME, NOW, attached, found, make_story
from tests.factories.org import make_account, make_body

pytestmark = pytest.mark.django_db
HERE = "/api/v1/org/floating"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def story():
    return make_story()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def test_stay_goes_through_its_steps(story):
    assert [row["name"] for row in client_of(story.lead).get(f"{HERE}/candidates").json()] == ["苟长青"]
    stay = send(story.lead, "", person=story.worker.pk, body=story.zone.pk).json()["id"]
    assert send(story.lead, f"/{stay}/verify", name="某支部").json()["code"] == "home_unknown"
    send(story.lead, f"/{stay}/verify", name=FAR_HOME.name, contact="冉", phone="139")
    done = send(story.lead, f"/{stay}/attach", body=story.zone.pk, since="2026-09-14").json()
    assert (done["state"], done["has_vote_here"]) == ("attached", False)
    send(story.lead, f"/{stay}/inform")
    send(story.lead, f"/{stay}/acknowledge")

    ended = send(story.lead, f"/{stay}/end", on="2026-09-14").json()

    assert (ended["state"], ended["slip"]) == ("left", [])
    assert send(story.lead, f"/{stay}/take-slip").json()["slip_acknowledged_at"] is not None


def test_many_are_attached_at_once(story):
    made = send(story.lead, "/bulk", people=[story.worker.pk], body=story.zone.pk, contact="冉", phone="139")

    assert (made.status_code, [StayRow(**row).state for row in made.json()]) == (201, ["attached"])
    assert send(story.lead, "/bulk", people=[], body=story.zone.pk).status_code == 422


def test_stays_of_others_are_neither_listed_nor_found(story):
    stay = attached(story)

    assert [row["id"] for row in client_of(story.lead).get(HERE, {"state": "attached"}).json()["items"]] == [stay.pk]
    assert client_of(story.outsider).get(HERE).json()["items"] == []
    assert client_of(story.outsider).get(f"{HERE}/{stay.pk}").status_code == 404
    assert send(story.outsider, f"/{stay.pk}/end", on="2026-09-14").status_code == 404
    assert send(story.outsider, "", person=story.worker.pk, body=story.zone.pk).status_code == 404


def test_home_branch_takes_note(story):
    stay = attached(story, Home(branch=story.branch))
    assert [row["id"] for row in client_of(story.secretary).get(f"{HERE}/waiting").json()] == [stay.pk]

    assert send(story.lead, f"/{stay.pk}/acknowledge").status_code == 403
    assert send(story.secretary, f"/{stay.pk}/acknowledge").status_code == 200
    assert client_of(story.secretary).get(f"{HERE}/waiting").json() == []


def test_own_member_away_is_due_a_contact_pf_04(story):
    said = {"person": story.member.pk, "body": story.branch.pk, "destination": "哈萨克斯坦", "is_abroad": True}
    assert send(story.secretary, "/away", **said, since="2026-09-01").json()["code"] == "not_away_long_enough"
    stay = send(story.secretary, "/away", **said, since="2026-03-14").json()["id"]
    assert [row["is_overdue"] for row in client_of(story.secretary).get(f"{HERE}/away").json()] == [True]

    send(story.secretary, f"/{stay}/contact", on="2026-09-14", note="视频")

    assert client_of(story.secretary).get(f"{HERE}/away", {"due": True}).json() == []


def test_papers_are_printed_and_dismissing_says_why(story):
    stay = attached(story)
    answer = client_of(story.lead).get(f"{HERE}/{stay.pk}/letter.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert client_of(story.lead).get(f"{HERE}/{stay.pk}/slip.pdf").status_code == 409
    assert client_of(story.lead).get(f"{HERE}/{stay.pk}/letter.exe").status_code == 422


def test_who_is_no_floating_member_is_dismissed(story):
    stay = found(story)

    assert send(story.lead, f"/{stay.pk}/dismiss", reason=" ").json()["code"] == "no_reason"
    assert send(story.lead, f"/{stay.pk}/dismiss", reason="已转来").json()["state"] == "dismissed"


def test_somebody_no_roster_brought(story):
    given = {"person_name": "罗海", "unit": story.crew.pk, "body": story.zone.pk, "name": "远方支部", "contact": "冉",
             "phone": "139"}  # fmt: skip
    made = send(story.clerk, "/by-hand", **given)
    assert (made.status_code, made.json()["state"]) == (201, "found")
    assert send(story.clerk, "/by-hand", **given | {"status": "masses"}).status_code == 422
    assert send(story.outsider, "/by-hand", **given).status_code == 404


def test_the_two_sides_of_a_branch_are_put_on_record_po_07(story):
    branch = make_body("流动党员党支部", parent=story.committee, kind=PartyOrgKind.FLOATING_BRANCH)
    path, given = f"/branches/{branch.pk}/sides", {"host": story.committee.pk, "home": "恩阳区委", "document": "纪要"}
    assert send(story.lead, path, **given).status_code == 404
    assert send(story.clerk, path, **given | {"host": story.branch.pk}).status_code == 404
    assert send(story.clerk, path, **given).json()["agreed_on"] == str(NOW.date())
    assert send(story.clerk, path, **given).json()["code"] == "sides_agreed"
