"""考评 through the API: self-check, objections, figures, vetoes, panels, what follows."""

from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.appraisal.models import Figure, Run
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.appraisal import (
    a_quarter,
    adopt,
    computed_run,
    final_run,
    log_in_as,
    make_field,
    published_run,
    study,
)
from tests.factories.org import make_person
from tests.factories.ways_in import Api

SHANGHAI = ZoneInfo("Asia/Shanghai")
LINE = {
    "item": "story_output", "whose": "南一联合站党支部", "period": "2026Q3", "value": "98.5", "source": "生产日报",
    "vouched_by": "王工",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 14, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture
def field():
    field = make_field()
    a_quarter(field)
    adopt(field.north)
    return field


def of(person) -> Api:
    return Api(person, "/appraisal")


def test_a_remark_is_made_in_the_self_check_and_review_waits(field):
    run = computed_run(field)
    assert of(field.clerk).post(f"/runs/{run.pk}/check", workdays=3).json()["check_until"] == "2026-10-19"
    [late] = study(field.south)
    missing = of(field.south_secretary).get(f"/runs/{run.pk}/results/{field.south.pk}/missing").json()
    said = {"subject": field.south.pk, "text": "漏了", "node": "study", "fact": late.pk}
    made = of(field.south_secretary).post(f"/runs/{run.pk}/remarks", **said)

    assert [row["id"] for row in missing] == [late.pk]
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert of(field.auditor).post(f"/runs/{run.pk}/review").status_code == 409
    assert of(field.auditor).get("/remarks").json()["count"] == 1
    assert of(field.north_member).get(f"/remarks/{made.json()['id']}").status_code == 404
    assert of(field.south_secretary).post(f"/remarks/{made.json()['id']}/take-back").json()["state"] == "taken_back"


def test_an_objection_that_holds_is_computed_again(field):
    run = published_run(field)
    made = of(field.south_member).post(f"/runs/{run.pk}/objections", subject=field.north.pk, text="少扣了一次").json()
    path = f"/remarks/{made['id']}/answer"

    assert of(field.clerk).post(path, is_upheld=True, answer="是").status_code == 403
    assert of(field.auditor).post(path, is_upheld=True, answer="是").json()["state"] == "upheld"
    assert Run.objects.get(pk=run.pk).state == "draft"


def test_what_follows_is_told_and_handed_out_ap_02(field):
    run = final_run(field)
    rows = of(field.clerk).get(f"/runs/{run.pk}/consequences").json()

    assert [(row["name"], row["pay"], row["is_selected"]) for row in rows] == [
        ("南一联合站党支部", "1.1", True), ("北二采油队党支部", "1", False),
    ]  # fmt: skip
    assert of(field.clerk).get(f"/runs/{run.pk}/consequences/csv").content.startswith(b"\xef\xbb\xbf")
    assert of(field.clerk).get(f"/runs/{run.pk}/consequences/xlsx").content.startswith(b"PK")
    assert of(field.clerk).get(f"/runs/{run.pk}/consequences/doc").status_code == 404
    assert of(field.south_member).get(f"/runs/{run.pk}/consequences").status_code == 403


def test_figures_are_tried_written_and_refused_twice(field):
    clerk = of(field.clerk)
    assert clerk.get("/figures/items").json()["story_output"] == "产量完成率"
    tried = clerk.post("/figures", lines=[LINE, LINE | {"value": "1.23456"}], is_tried=True).json()
    assert [(one["place"], one["head"]) for one in tried["problems"]] == [("lines[1]", "数值"), ("lines[1]", "指标")]
    [made] = clerk.post("/figures", lines=[LINE]).json()["written"]
    again = clerk.post("/figures", lines=[LINE])

    assert (again.status_code, again.json()["code"]) == (422, "figures_refused")
    assert "lines[0]" in again.json()["detail"]
    assert clerk.post("/figures", lines=[LINE | {"value": "97", "corrects": made}]).status_code == 201
    assert clerk.get("/figures?with_corrected=true").json()["count"] == 2
    assert of(field.stranger).get(f"/figures/{made}").status_code == 404
    assert clerk.get(f"/figures/{made}").json()["is_current"] is False


def test_a_table_comes_in_through_the_api(field):
    content = io.BytesIO()
    head = ["指标", "单位", "期间", "数值", "数据来源", "担保人", "更正编号"]
    write_workbook(
        content, [SheetOut("指标", head, [["story_output", "南一联合站党支部", "2026Q3", 98.5, "日报", "王工", ""]])]
    )
    browser = log_in_as(Client(), field.clerk)

    def sent(query: str):
        return browser.post(
            f"/api/v1/appraisal/figures/import{query}", {"table": SimpleUploadedFile("指标.xlsx", content.getvalue())}
        )

    assert (sent("?is_tried=true").json()["rows"], Figure.objects.count()) == (1, 0)
    assert sent("").status_code == 201
    assert sent("").status_code == 422


def test_a_veto_goes_from_one_to_another_rt_07(field):
    wanted = {
        "body": field.south.pk, "veto": "accident", "evidence": "通报 8 号", "happened_on": "2026-08-20",
        "until_on": "2027-08-19",
    }  # fmt: skip
    assert "accident" in {kind["id"] for kind in of(field.clerk).get("/vetoes/kinds").json()}
    made = of(field.clerk).post("/vetoes", **wanted).json()
    path = f"/vetoes/{made['id']}"

    paper = SimpleUploadedFile("通报.pdf", b"%PDF-1.7 nothing")
    told = log_in_as(Client(), field.clerk).post(f"/api/v1/appraisal{path}/files", {"photo": paper}).json()
    assert [one["name"] for one in told["files"]] == ["通报.pdf"]
    file = f"{path}/files/{told['files'][0]['id']}"
    opened = of(field.south_secretary).get(file)
    assert (b"".join(opened.streaming_content)[:5], opened["Content-Security-Policy"]) == (b"%PDF-", "sandbox")
    assert of(field.stranger).get(file).status_code == 404
    assert of(field.clerk).get(f"{path}/files/999999").status_code == 404
    assert of(field.clerk).post(f"{path}/review", holds=True, remark="属实").status_code == 403
    assert of(field.auditor).post(f"{path}/review", holds=True, remark="属实").json()["state"] == "in_force"
    assert of(field.auditor).post(f"{path}/lift", reason="撤销", from_on="2026-08-20").json()["state"] == "lifted"
    assert of(field.south_secretary).get("/vetoes").json()["count"] == 1
    assert of(field.stranger).get(path).status_code == 404


def test_a_panel_is_opened_marked_and_counted(field):
    judges = [make_person(f"评委{number}", home=field.north) for number in range(3)]
    wanted = {
        "body": field.committee.pk, "item": "story_visit", "title": "督导", "period": "2026Q3",
        "criteria": "完成任务 0.6\n服务群众 0.4", "closes_on": "2026-10-20", "bodies": [field.south.pk, field.north.pk],
        "reviewers": [judge.pk for judge in judges], "least": 2, "trim": 0,
    }  # fmt: skip
    assert of(field.clerk).post("/panels", **(wanted | {"bodies": [999_999]})).status_code == 404
    panel = of(field.clerk).post("/panels", **wanted).json()
    path = f"/panels/{panel['id']}"
    of(judges[0]).post(f"{path}/conflicts", subject=2, reason="亲属")
    of(judges[0]).post(f"{path}/marks", marks={"1": [90, 80]})
    for judge in judges[1:]:
        assert of(judge).post(f"{path}/marks", marks={"1": [90, 80], "2": [60, 60]}).status_code == 200

    assert of(field.clerk).post(f"{path}/marks", marks={"1": [1, 1]}).status_code == 404
    counted = of(field.clerk).post(f"{path}/count").json()
    assert [(one["score"], one["kept_out"]) for one in counted["subjects"]] == [("86.0000", 0), ("60.0000", 1)]
    assert of(judges[0]).get(path).json()["reviewers"] == []
    assert of(field.clerk).post(f"{path}/void", reason="重来").json()["state"] == "voided"
    assert of(field.clerk).get("/panels?state=voided").json()["count"] == 1
