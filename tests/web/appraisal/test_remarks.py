"""Self-check, objections and the use of results on the pages of a run."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.domain.appraisal.models import Remark, Run
from ronghe.domain.appraisal.services.remarks import object_to_result, open_check
from tests.factories.appraisal import (
    OCTOBER,
    a_quarter,
    computed_run,
    final_run,
    log_in_as,
    make_field,
    published_run,
    study,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(time_machine_at):
    field = make_field()
    a_quarter(field)
    return field


@pytest.fixture
def time_machine_at(monkeypatch):
    """The pages ask the clock; these stories play in October."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 10, 14, 9, 0, tzinfo=SHANGHAI))


def browser_of(person) -> Client:
    return log_in_as(Client(), person)


def test_the_self_check_is_opened_and_the_branch_says_what_is_missing(field):
    run = computed_run(field)
    clerk, secretary = browser_of(field.clerk), browser_of(field.south_secretary)
    assert clerk.post(reverse("web:run_check", args=[run.pk]), {"workdays": 3}).status_code == 302
    [late] = study(field.south)
    page = reverse("web:remark_add", args=[run.pk, field.south.pk])

    assert "提意见" in secretary.get(reverse("web:run_explain", args=[run.pk, field.south.pk])).content.decode()
    assert str(late.pk) in secretary.get(page).content.decode()
    assert secretary.post(page, {"text": "", "node": "", "fact": ""}).status_code == 422
    assert secretary.post(page, {"text": "漏了一次", "node": "study", "fact": late.pk}).status_code == 302
    shown = clerk.get(reverse("web:run_detail", args=[run.pk])).content.decode()
    assert "漏了一次" in shown
    assert Remark.objects.get().fact == late.pk


def test_review_waits_for_the_last_day(field):
    run = open_check(run=computed_run(field), actor=field.clerk, at=OCTOBER)

    answer = browser_of(field.auditor).post(reverse("web:run_review", args=[run.pk]), follow=True)

    assert "之后才能开始复核" in answer.content.decode()


def test_an_objection_that_holds_is_computed_again_from_the_page(field):
    run = published_run(field)
    secretary, auditor = browser_of(field.south_secretary), browser_of(field.auditor)
    page = reverse("web:remark_add", args=[run.pk, field.south.pk])
    assert secretary.post(page, {"text": "漏了一次", "node": ""}).status_code == 302
    remark = Remark.objects.get()
    answer = reverse("web:remark_answer", args=[remark.pk])

    assert "漏了一次" in auditor.get(reverse("web:run_detail", args=[run.pk])).content.decode()
    assert auditor.post(answer, {}, follow=True).context["messages"] is not None
    assert auditor.post(answer, {f"r{remark.pk}-is_upheld": "yes", f"r{remark.pk}-answer": "是漏了"}).status_code == 302
    assert Run.objects.get(pk=run.pk).state == "draft"


def test_an_own_objection_may_be_taken_back(field):
    run = published_run(field)
    at = datetime(2026, 10, 14, 9, 0, tzinfo=SHANGHAI)
    remark = object_to_result(run=run, subject=field.south.pk, text="不对", actor=field.south_secretary, at=at)

    browser_of(field.south_secretary).post(reverse("web:remark_take_back", args=[remark.pk]))

    remark.refresh_from_db()
    assert remark.state == "taken_back"


def test_what_follows_is_shown_and_exported_only_of_a_final_run_ap_02(field):
    draft, final = computed_run(field, sheet="member_quarter"), final_run(field)
    clerk = browser_of(field.clerk)
    page = clerk.get(reverse("web:run_consequences", args=[final.pk])).content.decode()
    csv = clerk.get(reverse("web:run_consequences_file", args=[final.pk, "csv"])).content.decode("utf-8-sig")
    excel = clerk.get(reverse("web:run_consequences_file", args=[final.pk, "xlsx"]))

    assert "1.1" in page
    assert csv.splitlines()[1].split(",")[1:6] == ["南一联合站党支部", "采油一厂党委", "100.00", "优秀", "1.1"]
    assert b"".join(excel.streaming_content)[:2] == b"PK"
    assert clerk.get(reverse("web:run_consequences", args=[draft.pk])).status_code == 409
    assert clerk.get(reverse("web:run_consequences_file", args=[final.pk, "doc"])).status_code == 404
    secretary = browser_of(field.south_secretary)
    assert secretary.get(reverse("web:run_consequences", args=[final.pk])).status_code == 403
