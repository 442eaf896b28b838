"""意向书 through the API: the same acts as the page, in JSON."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.agreement_shapes import AgreementAnswer, AgreementGoalRow, AgreementRow, AgreementVersionRow
from tests.factories.agreements_story import make_draft, make_sides, make_signed
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HERE = "/api/v1/agreements"


@pytest.fixture
def sides(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_sides(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def get(actor, path):
    return client_of(actor).get(f"{HERE}{path}")


def test_from_draft_to_force(sides):
    first, second = sides.secretaries
    made = send(first, "", project=sides.project.pk, partners=[sides.bodies[1].pk], form="")
    assert made.status_code == 201
    found = made.json()
    AgreementAnswer(**found)
    here = f"/{found['id']}"

    text = {
        name: found[name]
        for name in ("title", "preamble", "sections", "goals", "starts_on", "ends_on", "review_months")
    }
    text["sections"][0]["text"] = "先通信。\u0000"
    changed = send(second, f"{here}/versions", base=1, note="收窄", **text).json()
    assert (changed["number"], changed["sections"][0]["text"]) == (2, "先通信。")
    assert send(second, f"{here}/versions", base=1, **text).json()["code"] == "version_moved"

    assert send(second, f"{here}/comments", text="再议", section="section:plan").status_code == 201
    remark = get(first, here).json()["remarks"][0]["id"]
    assert send(first, f"{here}/comments/{remark}/settle").json()["remarks"][0]["is_settled"]
    assert [one["what"] for one in get(first, "/waiting").json()] == ["consent"]

    assert send(first, f"{here}/consent", number=1).status_code == 409
    for secretary in (first, second):
        answer = send(secretary, f"{here}/consent", number=2).json()
    assert answer["state"] == "signing"
    assert send(first, f"{here}/sign", digest="0" * 64).json()["code"] == "digest_stale"
    for secretary in (first, second):
        answer = send(secretary, f"{here}/sign", digest=changed["digest"]).json()
    assert answer["state"] == "in_force"
    assert [AgreementVersionRow(**row).number for row in get(first, f"{here}/versions").json()] == [2, 1]
    assert get(sides.members[1], f"/check/{changed['digest']}").json()["is_sound"]


def test_goals_reviews_and_the_end(sides, morning):
    agreement = make_signed(sides, morning)
    here, (first, second) = f"/{agreement.pk}", sides.secretaries
    goals = get(first, f"{here}/goals").json()
    for goal in goals:
        AgreementGoalRow(**goal)
        read = send(first, f"{here}/goals/{goal['id']}/readings", value=goal["target"], evidence="台账")
        assert (read.status_code, read.json()["share"]) == (201, "100")
    assert send(first, f"{here}/reviews", conclusion="好。").json()["review_on"] == "2026-12-14"
    ending = send(first, f"{here}/end", kind="both_agree", summary="建成。").json()["endings"][0]
    assert send(second, f"{here}/endings/{ending['id']}/decline").status_code == 422
    assert send(second, f"{here}/endings/{ending['id']}/agree").json()["state"] == "ended"


def test_supplement_signer_refusal_and_giving_up(sides, morning):
    first, second = sides.secretaries
    main = make_signed(sides, morning)
    made = send(first, f"/{main.pk}/supplement", ends_on="2026-12-31").json()
    assert made["supplements"] == main.pk
    here = f"/{made['id']}"
    assert send(first, f"{here}/signer", person=sides.members[0].pk, document="授权书").status_code == 200
    assert send(first, f"{here}/signer", person=sides.members[1].pk, document="授权书").status_code == 404
    for secretary in (first, second):
        send(secretary, f"{here}/consent", number=1)
    assert send(second, f"{here}/refuse", reason="不妥").json()["state"] == "negotiating"
    assert send(first, f"{here}/call-off").json()["state"] == "called_off"


def test_lists_are_filtered_and_every_row_has_its_shape(sides, morning):
    make_signed(sides, morning)
    make_draft(sides, morning)

    rows = get(sides.clerk, "").json()["items"]
    assert [AgreementRow(**row).state for row in rows] == ["in_force", "negotiating"]
    assert len(get(sides.clerk, "?state=in_force&sort=ends").json()["items"]) == 1
    assert get(sides.clerk, "?q=没有").json()["items"] == []
    assert get(sides.members[0], "").json()["count"] == 1


def test_paper_comes_as_pdf_and_word(sides, morning):
    agreement = make_signed(sides, morning)

    assert get(sides.members[0], f"/{agreement.pk}/print.pdf").content.startswith(b"%PDF")
    assert get(sides.members[0], f"/{agreement.pk}/print.docx").content.startswith(b"PK")


def test_who_gets_what(sides, morning):
    draft = make_draft(sides, morning)
    assert get(sides.members[0], f"/{draft.pk}").status_code == 404
    assert get(sides.auditor, f"/{draft.pk}").status_code == 200
    assert send(sides.auditor, f"/{draft.pk}/consent", number=1).status_code == 403
    assert send(sides.members[0], "", project=sides.project.pk, partners=[sides.bodies[1].pk]).status_code == 403
    signed = make_signed(sides, morning)
    assert get(sides.members[0], f"/{signed.pk}").json()["remarks"] == []
    assert get(sides.members[0], f"/{signed.pk}/versions").status_code == 404


@pytest.mark.parametrize("body", [
    {"project": "x", "partners": [1]}, {"project": 1, "partners": []}, {"project": 2**70, "partners": [1]},
    {"project": 1, "partners": [1], "ends_on": "x"},
])  # fmt: skip
def test_bad_input_is_said_in_the_shape_of_refusals(sides, body):
    assert send(sides.secretaries[0], "", **body).status_code == 422


def test_what_is_not_there_is_not_found(sides, morning):
    first, agreement = sides.secretaries[0], make_signed(sides, morning)

    assert get(first, "/999999999999").status_code == 404
    assert get(first, "/check/zz").status_code == 404
    assert send(first, f"/{agreement.pk}/goals/{2**62}/readings", value="1").status_code == 404
    goal = agreement.goals.first()
    assert send(first, f"/{agreement.pk}/goals/{goal.pk}/readings", value="1e400").status_code == 422
    assert send(first, f"/{agreement.pk}/goals/{goal.pk}/readings", value="1", day="9999-12-31").status_code == 422
