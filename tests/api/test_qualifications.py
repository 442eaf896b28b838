"""证件和培训 through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronghe.api.v1.qualifications import CertificateRow
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.qualifications.services.importing import HEADS
from ronghe.kernel.access.models import Look
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.qualifications import NOW, NUMBER, make_qualified
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HERE = "/field/qualifications"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def story():
    return make_qualified()


@pytest.fixture
def officer(story):
    return Api(story.officer, HERE)


def test_a_record_goes_through_its_acts(story, officer):
    person = f"/people/{story.welder.pk}"
    made = officer.post(f"{person}/certificates", kind="welding_and_cutting", number=NUMBER, issued_on="2024-09-15")
    row = CertificateRow(**made.json())
    assert (made.status_code, row.standing, f"{row.due_on}") == (201, "held", "2027-09-14")
    early = officer.post(f"/{row.id}/review", passed=True, on="2026-09-14", hours="8").json()
    assert early["code"] == "review_too_early"
    assert officer.post(f"/{row.id}/practice", passed=True, on="2026-09-14").status_code == 201
    assert officer.post(f"/{row.id}/number").json() == {"number": NUMBER}
    for level in ("company", "project"):
        officer.post(f"{person}/lessons", level=level, held_on="2026-09-14", hours="24", passed=True)
    lesson = officer.post(
        "/lessons", level="team", held_on="2026-09-14", hours="24", passed=True, people=[story.welder.pk]
    ).json()[0]

    asked = f"/lacking?operation=hot_work&person={story.welder.pk}"
    assert officer.get(asked).json()[0]["lacks"] == []
    officer.post(f"/lessons/{lesson['id']}/withdraw")
    assert [lack["rule"] for lack in officer.get(asked).json()[0]["lacks"]] == ["PC-11"]
    assert officer.get(f"/{row.id}").json()["number_end"] == "001X"
    assert [one["id"] for one in officer.get("?standing=held").json()["items"]] == [row.id]
    assert officer.post(f"/{row.id}/withdraw", reason="换证").json()["standing"] == "withdrawn"
    assert len(officer.get(person).json()["lessons"]) == 3


def test_health_breaks_and_violations(story, officer):
    person = f"/people/{story.welder.pk}"
    row = officer.post(f"{person}/health", text="高血压", operations=["hot_work"], on="2026-09-14").json()

    assert officer.post(f"/health/{row['id']}/open").json() == {"text": "高血压"}
    assert Api(story.secretary, HERE).post(f"/health/{row['id']}/open").status_code == 404
    assert Look.objects.count() == 1
    assert officer.post(f"/health/{row['id']}/lift", on="2026-09-14").json()["lifted_on"] == "2026-09-14"
    away = {"kind": "leave", "began_on": "2026-01-01", "ended_on": "2026-09-01"}
    assert officer.post(f"{person}/breaks", **away).status_code == 201
    assert officer.post(f"{person}/breaks", **away).json()["code"] == "break_noted"
    assert officer.post(f"{person}/violations", on="2026-09-01", reference="〔1〕").status_code == 201


def test_a_table_is_tried_and_written(officer, tmp_path):
    path = tmp_path / "t.xlsx"
    row = ["", "", "焊工老刘", "焊工", NUMBER, "", "2024-09-15", "", ""]
    write_workbook(path, [SheetOut("证件", list(HEADS.values()), [row])])

    assert officer.upload("/import", file=SimpleUploadedFile("t.xlsx", path.read_bytes())).json()["is_dry"]
    assert not Certificate.objects.exists()
    written = officer.upload("/import", file=SimpleUploadedFile("t.xlsx", path.read_bytes()), dry_run="false").json()
    assert (written["added"], written["is_dry"]) == (1, False)


def test_what_is_unseen_or_unknown_is_refused(story, officer):
    outsider = Api(story.outsider, HERE)
    assert outsider.get(f"/people/{story.welder.pk}").status_code == 404
    assert outsider.get(f"/lacking?operation=hot_work&person={story.welder.pk}").json() == []
    assert officer.get(f"/lacking?operation=x&person={story.welder.pk}").json()["code"] == "no_such_operation"
    body = {"level": "team", "held_on": "2026-09-14", "hours": "8"}
    assert officer.post("/lessons", people=[story.outsider.pk], **body).status_code == 404
    assert {"id": "hot_work", "title": "动火作业"} in officer.get("/book").json()["operations"]
