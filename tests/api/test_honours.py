"""荣誉 through the API: register and titles, a selection to its award, the banner."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.enums import HolderKind
from ronghe.domain.honours.models import BannerRound, Honour, HonourCall
from ronghe.domain.honours.services.importing import HEADS
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.appraisal import log_in_as
from tests.factories.honours import (
    make_call,
    make_field,
    make_honour,
    make_nominations,
    make_noticed,
    make_round,
    make_title,
    rate,
)
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HOME, CALLS, BANNER = "/honours", "/honours/calls", "/honours/banner"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_field()


def test_titles_and_honours_are_kept(story, morning):
    clerk, secretary = Api(story.clerk, HOME), Api(story.secretaries[0], HOME)
    body = story.committee.pk
    assert clerk.post(f"/titles/take-over?body={body}").json()["added"] > 10
    assert secretary.post(f"/titles/take-over?body={body}").status_code == 404
    made = clerk.post(f"/titles?body={body}", name="安全标兵", level="unit", goes_to="person").json()
    assert made["aspects"] == ["organization", "discipline", "safety"]
    assert clerk.put(
        f"/titles/{made['id']}", name="安全之星", level="unit", goes_to="person", aspects=["safety"]
    ).json()["aspects"] == ["safety"]
    given = {
        "title": made["id"],
        "year": 2026,
        "body": story.branches[0].pk,
        "issuer": "油田公司",
        "awarded_on": "2026-07-01",
    }
    assert clerk.post("", **given).status_code == 422
    honour = clerk.post("", **given, person=story.members[0].pk).json()
    assert (honour["holder"], honour["kind"], honour["state"]) == (story.members[0].name, "person", "valid")
    assert clerk.post("", **given, person=story.members[0].pk).status_code == 409
    assert Api(story.members[2], HOME).get("?kind=person&term=running").json()["count"] == 1
    assert secretary.post(f"/{honour['id']}/withdraw", reason="撤").status_code == 403
    assert clerk.post(f"/{honour['id']}/withdraw", reason="材料不实").json()["withdrawn_reason"] == "材料不实"
    assert Api(story.members[2], HOME).get(f"/{honour['id']}").status_code == 404
    assert clerk.post(f"/titles/{made['id']}/retire", is_retired=True).json()["is_retired"]
    assert "安全之星" not in [row["name"] for row in clerk.get("/titles").json()]


def test_a_table_is_tried_and_written(story, morning):
    make_title(story, morning)
    file = BytesIO()
    row = [
        "优秀共产党员",
        "",
        story.members[0].name,
        "",
        story.branches[0].name,
        "2026",
        "油田公司党委",
        "",
        "2026-07-01",
        "",
    ]
    write_workbook(file, [SheetOut("荣誉", list(HEADS.values()), [row], [12] * len(HEADS))])
    clerk = Api(story.clerk, HOME)
    tried = clerk.upload("/import", file=SimpleUploadedFile("h.xlsx", file.getvalue())).json()
    assert (tried["added"], tried["is_dry"], Honour.objects.count()) == (1, True, 0)
    clerk.upload("/import", file=SimpleUploadedFile("h.xlsx", file.getvalue()), dry_run="false")
    assert Honour.objects.count() == 1


def test_a_selection_is_called_named_vetted_and_voted(story, morning):
    title, clerk, secretary = make_title(story, morning), Api(story.clerk, CALLS), Api(story.secretaries[0], CALLS)
    given = {"body": story.committee.pk, "title": title.pk, "year": 2026, "quota": 1, "nominate_until": "2026-09-30"}
    assert secretary.post("", **given).status_code == 404
    call = clerk.post("", **given).json()
    path = f"/{call['id']}"
    row = secretary.post(
        f"{path}/nominations", by_body=story.branches[0].pk, person=story.members[0].pk, reasons="好"
    ).json()
    honour = make_honour(story, morning, title=title, year=2025)
    assert (
        secretary.post(f"/nominations/{row['id']}/evidence", honour=honour.pk, aspect="safety").json()["evidence"] == 1
    )
    assert secretary.post(f"/nominations/{row['id']}/evidence", honour=9999).status_code == 404
    assert clerk.post(f"{path}/vet").json()["state"] == "vetting"
    for person, aspect in (
        (story.clerk, "organization"),
        (story.field.auditor, "discipline"),
        (story.safety, "safety"),
    ):
        done = Api(person, CALLS).post(f"/nominations/{row['id']}/opinions", aspect=aspect, passes=True)
        assert done.status_code == 201
    assert clerk.get(f"/nominations/{row['id']}").json()["missing"] == []
    leaders = [person.pk for person in story.field.leaders]
    assert clerk.post(f"{path}/vote", people=leaders).json()["state"] == "voting"
    assert clerk.post(f"{path}/vote-again", reason="名单错了").json()["state"] == "vetting"
    assert clerk.post(f"{path}/vote", people=None).json()["state"] == "voting"
    found = HonourCall.objects.get()
    for voter in found.ballot.voters.select_related("person"):
        cast_votes(ballot=found.ballot, votes={1: 1}, actor=voter.person, at=morning)
    assert clerk.post(f"{path}/count").json()["nominations"][0]["votes"] >= 3
    assert clerk.post(f"{path}/choose", nominations=[row["id"]]).json()["state"] == "notice"
    stranger = Api(story.members[2], CALLS).get(path).json()
    assert (stranger["nominations"][0]["votes"], stranger["nominations"][0]["opinions"]) == (None, [])
    assert clerk.post(f"{path}/award").status_code == 409
    assert clerk.get("").json()["items"][0]["named"] == 1


def test_objections_answers_and_the_award(story, morning):
    call, rows = make_noticed(story, morning)
    clerk, member = Api(story.clerk, CALLS), Api(story.members[2], CALLS)
    made = member.post(f"/nominations/{rows[0].pk}/objections", text="请核实").json()
    assert member.post(f"/objections/{made['id']}/answer", is_upheld=True, answer="自答").status_code == 403
    assert clerk.post(f"/objections/{made['id']}/answer", is_upheld=True, answer="成立").json()["state"] == "upheld"
    HonourCall.objects.update(notice_from="2026-09-01", notice_until="2026-09-08")
    awarded = clerk.post(f"/{call.pk}/award", document_number="厂党〔2026〕9号").json()
    assert [row["state"] for row in awarded["nominations"]] == ["dropped", "awarded", "not_chosen"]


def test_nominations_are_taken_back_and_calls_called_off(story, morning):
    call = make_call(story, morning)
    row = make_nominations(story, call, morning)[0]
    secretary, clerk = Api(story.secretaries[0], CALLS), Api(story.clerk, CALLS)
    assert secretary.post(f"/nominations/{row.pk}/withdraw").json()["state"] == "withdrawn"
    assert secretary.post(f"/{call.pk}/call-off", reason="改期").status_code == 403
    assert clerk.post(f"/{call.pk}/call-off", reason="改期").json()["decision"] == "改期"


def test_the_banner_is_rated_and_settled(story, morning):
    found, clerk = make_round(story, morning), Api(story.clerk, BANNER)
    rate(found, [(1, 1)] * 5, morning)
    assert Api(story.members[0], BANNER).post(f"/{found.pk}/count").status_code == 403
    assert clerk.post(f"/{found.pk}/count").json()["state"] == "tied"
    office = clerk.get(f"/{found.pk}").json()["offices"][0]
    settled = clerk.post(f"/{found.pk}/settle", office=office["id"], reason="帮扶更多").json()
    assert settled["winner"] == office["body"]
    given = {
        "body": story.committee.pk,
        "year": 2026,
        "quarter": 4,
        "offices": [body.pk for body in story.branches[:2]],
        "everybody": True,
    }
    made = clerk.post("", **given).json()
    assert clerk.post(f"/{made['id']}/call-off", reason="改期").json()["state"] == "called_off"
    assert clerk.get("").json()["count"] == BannerRound.objects.count() == 2


def test_a_rating_is_given_once_and_comes_back_to_nobody(story, morning):
    found, rater = make_round(story, morning), Api(story.members[2], BANNER)
    seen = rater.get(f"/{found.pk}").json()
    assert seen["waits_for_me"]
    first, second = (row["id"] for row in seen["offices"])
    assert rater.post(f"/{found.pk}/rate", ratings=[{"office": first, "rating": 5}]).status_code == 422
    assert rater.post(f"/{found.pk}/rate", ratings=[{"office": 0, "rating": 5}] * 2).status_code == 422
    assert rater.post(f"/{found.pk}/rate", ratings=[{"office": first, "rating": 6}]).status_code == 422
    given = [{"office": first, "rating": 5}, {"office": second}]
    assert rater.post(f"/{found.pk}/rate", ratings=given).status_code == 204
    assert rater.post(f"/{found.pk}/rate", ratings=given).status_code == 409
    assert not rater.get(f"/{found.pk}").json()["waits_for_me"]
    assert Api(story.members[0], BANNER).post(f"/{found.pk}/rate", ratings=given).status_code == 403
    assert rater.get(f"/{found.pk}").json()["trend"] == []


def test_proof_and_evidence_come_and_go_as_files(story, morning):
    title = make_title(story, morning, goes_to=HolderKind.BODY)
    given = {"title": title.pk, "year": 2026, "body": story.branches[0].pk, "issuer": "油田公司党委",
             "awarded_on": "2026-07-01"}  # fmt: skip
    paper = SimpleUploadedFile("决定.pdf", b"%PDF-1.7 nothing")
    clerk = log_in_as(Client(), story.clerk)
    made = clerk.post("/api/v1/honours/with-proof", {**given, "proof": paper})
    assert made.status_code == 201
    opened = clerk.get(f"/api/v1/honours/{made.json()['id']}/proof")
    assert b"".join(opened.streaming_content)[:5] == b"%PDF-"
    assert (opened["Content-Type"], opened["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    wrong = SimpleUploadedFile("决定.txt", b"words")
    assert clerk.post("/api/v1/honours/with-proof", {**given, "year": 2025, "proof": wrong}).status_code == 422
    row = make_nominations(story, make_call(story, morning, title=title, year=2025), morning)[0]
    path = f"/api/v1/honours/calls/nominations/{row.pk}/evidence"
    namer, other = log_in_as(Client(), story.secretaries[0]), log_in_as(Client(), story.members[1])
    photo = {"photo": SimpleUploadedFile("现场.pdf", b"%PDF-1.7 more"), "words": "停产对接"}
    assert namer.post(f"{path}/file", photo).status_code == 201
    line = row.evidence.get()
    assert (line.file_name, line.words) == ("现场.pdf", "停产对接")
    shown = namer.get(f"{path}/{line.pk}")
    assert b"".join(shown.streaming_content)[9:] == b"more"
    assert other.get(f"{path}/{line.pk}").status_code == 404
    assert namer.get(f"{path}/999999").status_code == 404
