"""`ronghe qualification`: the same acts as the page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.cli.finding import NobodyCalled
from ronghe.domain.qualifications.models import Certificate, HealthRestriction
from ronghe.domain.qualifications.services.importing import HEADS
from ronghe.kernel.errors import NotFound
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.qualifications import NOW, NUMBER, certify, make_qualified
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return make_qualified()


@pytest.fixture
def officer(story):
    return Shell(story.officer, "qualification")


def test_a_record_goes_through_its_acts(story, officer):
    row = officer.told("add", "焊工老刘", "welding_and_cutting", NUMBER, "2024-09-15")
    assert (row["number"], row["due_on"]) == ("****001X", "2027-09-14")
    officer.run("practice", row["id"], "--failed")
    assert officer.run("number", row["id"]).strip() == NUMBER
    for level in ("company", "project"):
        officer.run("train", level, "24", "焊工老刘", "新工小赵", "--passed")
    [lesson] = officer.told("train", "team", "24", "焊工老刘", "--passed")
    assert officer.told("lacking", "hot_work", "焊工老刘") == [{"person": "焊工老刘", "lacks": []}]
    officer.run("untrain", lesson)
    officer.run("break", "焊工老刘", "leave", "2026-01-01", "2026-09-01")
    officer.run("violation", "焊工老刘", "违章〔1〕")

    said = officer.told("lacking", "hot_work", "焊工老刘")[0]["lacks"]
    assert [lack["rule"] for lack in said] == ["PC-11", "PC-15"]
    assert "班组级安全教育只有 0 学时" in officer.run("show", "焊工老刘")
    assert [one["id"] for one in officer.told("list")] == [row["id"]]
    assert officer.told("withdraw", row["id"], "换证")["state"] == "withdrawn"


def test_a_review_moves_the_date(story, officer, monkeypatch):
    row = certify(story)
    monkeypatch.setattr(timezone, "now", lambda: NOW.replace(year=2027))

    assert officer.told("review", row.pk, "--hours", "8")["due_on"] == "2030-09-14"


def test_health_is_opened_by_safety_alone(story, officer):
    officer.run("restrict", "焊工老刘", "高血压", "hot_work")
    number = HealthRestriction.objects.get().pk

    assert officer.run("health", number).strip() == "高血压"
    with pytest.raises(NotFound):
        Shell(story.secretary, "qualification").run("health", number)
    officer.run("lift", number)


def test_a_table_is_tried_and_written(officer, tmp_path):
    path = tmp_path / "证件.xlsx"
    row = ["", "", "焊工老刘", "焊工", NUMBER, "", "2024-09-15", "", ""]
    write_workbook(path, [SheetOut("证件", list(HEADS.values()), [row])])

    assert officer.told("import", path)["is_dry"]
    assert not Certificate.objects.exists()
    assert officer.told("import", path, "--write")["added"] == 1


def test_nobody_out_of_reach_is_found(story):
    with pytest.raises(NobodyCalled):
        Shell(story.outsider, "qualification").run("show", "焊工老刘")
