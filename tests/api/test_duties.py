from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from ronghe.domain.duties.models import DutySheet
from tests.factories.duties import make_duties, put_row, sign_safety
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/duties"


@pytest.fixture
def story(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_duties(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


def test_a_sheet_lives_over_the_api(story, morning):
    story.sheet.rows.all().delete()
    story.sheet.delete()
    lead, builder = client_of(story.lead), client_of(story.people["builder"])
    made = send(lead, "", zone=story.zone.pk)
    assert made.status_code == 201
    story.sheet = DutySheet.objects.get()
    here = f"/{made.json()['id']}"
    sign_safety(story, morning)
    keys = [one["key"] for one in lead.get(f"{HERE}{here}/candidates").json()]
    gathered = send(lead, f"{here}/gather", keys=keys).json()
    assert [gap["kind"] for gap in gathered["gaps"] if gap["blocks"]] == ["no_lead"] * 3
    refused = send(lead, f"{here}/issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "duties_rows_unowned")
    for row in gathered["rows"]:
        if row["source"] == "clause":
            send(lead, f"{here}/rows/{row['id']}/drop")
    shares = {"builder": {"part": "lead", "person": story.people["builder"].pk}, "management": {"part": "inform"}}
    added = send(lead, f"{here}/rows", topic="safety", matter="动火监护", duty="全程", shares=shares, rhythm="month")
    assert added.status_code == 201
    row = next(row for row in added.json()["rows"] if row["title"] == "动火监护")
    assert [share["side"] for share in row["shares"]] == ["builder", "management"]
    fixed = lead.put(
        f"{HERE}{here}/rows/{row['id']}", {"shares": {"builder": shares["builder"]}}, content_type="application/json"
    ).json()
    assert [len(one["shares"]) for one in fixed["rows"] if one["id"] == row["id"]] == [1]
    assert send(lead, f"{here}/issue", note="首次").json()["version"] == 1
    mine = next(one for one in builder.get(f"{HERE}{here}").json()["units"] if one["side"] == "builder")
    agreed = send(builder, f"{here}/agree", party=mine["party"], digest=mine["digest"]).json()
    assert next(one for one in agreed["units"] if one["side"] == "builder")["state"] == "agreed"
    objected = send(builder, f"{here}/object", party=mine["party"], digest=mine["digest"], reason="没人").json()
    assert next(one for one in objected["units"] if one["side"] == "builder")["reason"] == "没人"
    version = lead.get(f"{HERE}{here}/versions/1").json()
    assert {diff["kind"] for diff in version["changes"]} == {"added"}
    assert lead.get(f"{HERE}{here}/print.pdf").content.startswith(b"%PDF")


def test_a_side_gets_its_rows_and_the_shared_ones_and_an_outsider_nothing(story, morning):
    put_row(story, morning, matter="交底", lead="territory")
    builder, outsider = client_of(story.people["builder"]), client_of(story.outsider)
    here = f"{HERE}/{story.sheet.pk}"

    shown = builder.get(here).json()
    assert ([row["title"] for row in shown["rows"]], shown["is_whole"]) == (["第1条责任", "第2条责任"], False)
    assert builder.get(f"{here}/candidates").status_code == 403
    assert send(builder, f"/{story.sheet.pk}/issue").status_code == 403
    hidden = story.row("交底", morning).row.pk
    assert send(builder, f"/{story.sheet.pk}/rows/{hidden}/drop").status_code == 404
    assert outsider.get(HERE).json()["count"] == 0
    for path in (here, f"{here}/candidates", f"{here}/versions/1", f"{here}/print.pdf"):
        assert outsider.get(path).status_code == 404
    assert send(outsider, "", zone=story.zone.pk).status_code == 404


def test_a_table_is_imported_whole_or_not_at_all(story):
    heads = ["类别", "事项", "职责", "属地", "施工", "监理", "管理", "频次"]

    def sent(*rows):
        book = Workbook()
        for row in (heads, *rows):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        upload = SimpleUploadedFile("责任表.xlsx", out.getvalue())
        return client_of(story.lead).post(f"{HERE}/{story.sheet.pk}/import", {"table": upload})

    right = ["安全", "动火监护", "全程", "", "主责 李江", "", "", "每周"]
    refused = sent(right, ["安全", "受限空间", "", "", "", "", "", ""])
    assert (refused.status_code, refused.json()["code"]) == (422, "duties_table_refused")
    assert "C3" in refused.json()["detail"]
    assert sent(right).json() == {"rows": 1}


@pytest.mark.parametrize(
    "body",
    [
        {"shares": {"builder": {"part": "boss"}}},
        {"shares": {"moon": {"part": "lead"}}},
        {"matter": "长" * 81},
        {"rhythm": "day"},
    ],
)
def test_what_does_not_fit_is_refused(story, body):
    given = {"topic": "safety", "matter": "m", "duty": "d", "shares": {}, **body}

    assert send(client_of(story.lead), f"/{story.sheet.pk}/rows", **given).status_code == 422
