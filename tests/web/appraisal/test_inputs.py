"""Pages of figures, vetoes and panels."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ronghe.domain.appraisal.models import Figure, Panel, PanelMark, VetoCase, VetoFile
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.appraisal import adopt, log_in_as, make_field, veto_in_force
from tests.factories.org import make_person

HEAD = ["指标", "单位", "期间", "数值", "数据来源", "担保人", "更正编号"]
ROW = ["产量完成率", "南一联合站党支部", "2025Q3", "98.5", "生产日报", "王工", ""]

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    field = make_field()
    adopt(field.north)
    field.judges = [make_person(f"评委{number}", home=field.north) for number in range(1, 4)]
    return field


def browser_of(person) -> Client:
    return log_in_as(Client(), person)


def uploaded(*rows) -> SimpleUploadedFile:
    content = io.BytesIO()
    write_workbook(content, [SheetOut("指标", HEAD, rows)])
    return SimpleUploadedFile("指标.xlsx", content.getvalue())


def entered(browser, **changes):
    wanted = {
        "item": "story_output", "whose": "南一联合站党支部", "period": "2025Q3", "value": "98.5", "source": "生产日报",
        "vouched_by": "王工",
    }  # fmt: skip
    return browser.post(reverse("web:figure_enter"), wanted | changes)


def test_a_figure_is_entered_shown_and_refused_twice_at_its_place(field):
    browser = browser_of(field.clerk)
    assert browser.get(reverse("web:figure_enter")).status_code == 200
    assert entered(browser).status_code == 302
    again = entered(browser)

    assert again.status_code == 422
    assert "已经有了" in again.content.decode()
    page = browser.get(reverse("web:figures")).content.decode()
    assert "南一联合站党支部" in page
    assert "98.5" in page
    assert browser.get(reverse("web:figures"), {"q": "没有"}).content.decode().count("<tr data-row>") == 0


def test_a_table_is_looked_through_and_then_written(field):
    browser = browser_of(field.clerk)
    bad = browser.post(reverse("web:figure_import"), {"table": uploaded(ROW, [*ROW[:3], "许多", *ROW[4:]])})
    good = browser.post(reverse("web:figure_import"), {"table": uploaded(ROW)})

    assert "A3" in bad.content.decode()
    assert 'name="packed"' not in bad.content.decode()
    assert Figure.objects.count() == 0
    packed = good.context["take"]["packed"].value()
    assert browser.post(reverse("web:figure_import"), {"packed": packed, "name": "指标.xlsx"}).status_code == 302
    assert Figure.objects.get().file_name == "指标.xlsx"
    assert browser.post(reverse("web:figure_import"), {"packed": "[", "name": "指标.xlsx"}).status_code == 422


def test_figures_leave_as_a_workbook_and_the_empty_table_names_the_indicators(field):
    browser = browser_of(field.clerk)
    entered(browser)

    def rows(name):
        book = load_workbook(io.BytesIO(b"".join(browser.get(reverse(name)).streaming_content)))
        return [row for sheet in book for row in sheet.iter_rows(values_only=True)]

    assert any(row[1:4] == ("story_output", "南一联合站党支部", "2025Q3") for row in rows("web:figure_export"))
    assert ("story_output", "产量完成率") in [row[:2] for row in rows("web:figure_table")]


def test_who_enters_for_nobody_is_told(field):
    browser = browser_of(field.south_member)

    assert browser.get(reverse("web:figure_enter")).status_code == 403
    assert browser.get(reverse("web:figure_import")).status_code == 403
    assert "填一个数" not in browser.get(reverse("web:figures")).content.decode()


def test_a_veto_is_raised_reviewed_by_another_and_lifted_rt_07(field):
    clerk, auditor = browser_of(field.clerk), browser_of(field.auditor)
    today = timezone.localdate()
    wanted = {
        "veto": "accident", "body": field.south.pk, "happened_on": today, "until_on": today + timedelta(days=300),
        "evidence": "通报第 8 号",
    }  # fmt: skip
    assert clerk.get(reverse("web:veto_raise")).status_code == 200
    assert clerk.post(reverse("web:veto_raise"), wanted | {"person": "没有这人"}).status_code == 422
    assert clerk.post(reverse("web:veto_raise"), wanted | {"evidence": ""}).status_code == 422
    assert clerk.post(reverse("web:veto_raise"), wanted).status_code == 302
    case = VetoCase.objects.get()
    page = reverse("web:veto_detail", args=[case.pk])

    assert "等提出人之外的另一人复核" in clerk.get(page).content.decode()
    own = clerk.post(reverse("web:veto_review", args=[case.pk]), {"holds": "yes", "remark": "属实"})
    assert (own.status_code, "请由另外一人办理" in own.content.decode()) == (422, True)
    assert auditor.get(page).context["review_form"] is not None
    assert (
        auditor.post(reverse("web:veto_review", args=[case.pk]), {"holds": "yes", "remark": "属实"}).status_code == 302
    )
    lift = {"from_on": today, "reason": "复查撤销"}
    assert auditor.post(reverse("web:veto_lift", args=[case.pk]), lift | {"reason": ""}).status_code == 422
    assert auditor.post(reverse("web:veto_lift", args=[case.pk]), lift).status_code == 302
    case.refresh_from_db()
    assert case.state == "lifted"
    assert "复查撤销" in clerk.get(page).content.decode()


def test_vetoes_are_listed_for_who_may_see_them(field):
    veto_in_force(field, field.south)

    assert browser_of(field.south_secretary).get(reverse("web:vetoes")).content.decode().count("<tr data-row>") == 1
    assert browser_of(field.stranger).get(reverse("web:vetoes")).content.decode().count("<tr data-row>") == 0


def opened(browser, field, **changes):
    wanted = {
        "body": field.committee.pk, "title": "三季度督导", "item": "story_visit", "period": "2025Q3",
        "closes_on": timezone.localdate() + timedelta(days=3), "criteria": "完成任务 0.6\n服务群众 0.4",
        "bodies": [field.south.pk, field.north.pk], "reviewers": "评委1\n评委2\n评委3", "trim": 0, "least": 3,
    }  # fmt: skip
    return browser.post(reverse("web:panel_open"), wanted | changes)


def test_a_panel_is_opened_marked_and_counted(field):
    clerk = browser_of(field.clerk)
    assert clerk.get(reverse("web:panel_open")).status_code == 200
    assert opened(clerk, field).status_code == 302
    panel = Panel.objects.get()
    page, mark = reverse("web:panel_detail", args=[panel.pk]), reverse("web:panel_mark", args=[panel.pk])
    for number, judge in enumerate(field.judges):
        browser = browser_of(judge)
        assert len(browser.get(page).context["sheets"]) == 2
        half = browser.post(mark, {"m-1-1": 90})
        assert (half.status_code, "m-1-1" in half.content.decode()) == (422, True)
        full = {"m-1-1": 90 + number, "m-1-2": 80, "m-2-1": 60, "m-2-2": 60}
        assert browser.post(mark, full).status_code == 302
        assert browser.get(page).context["lines"] == []
    assert PanelMark.objects.count() == 12
    assert browser_of(field.clerk).post(mark, {"m-1-1": 1}).status_code == 404
    assert clerk.post(reverse("web:panel_count", args=[panel.pk])).status_code == 302
    shown = clerk.get(page)

    assert [one.score for one in shown.context["subjects"]] == [Decimal("86.6"), Decimal(60)]
    assert shown.context["sees_results"]
    assert clerk.get(reverse("web:panels")).content.decode().count("<tr data-row>") == 1
    assert clerk.post(reverse("web:panel_void", args=[panel.pk]), {"reason": "名单有误"}).status_code == 302
    assert "名单有误" in clerk.get(page).content.decode()


def test_a_conflict_is_declared_on_the_page(field):
    opened(browser_of(field.clerk), field)
    panel, browser = Panel.objects.get(), browser_of(field.judges[0])

    answer = browser.post(reverse("web:panel_conflict", args=[panel.pk, 1]), {"reason": "亲属"})

    assert answer.status_code == 302
    assert "亲属" in browser.get(reverse("web:panel_detail", args=[panel.pk])).content.decode()
    assert browser.post(reverse("web:panel_conflict", args=[panel.pk, 9]), {"reason": "亲属"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reviewers": "无此人"}, "没有找到“无此人”"),
        ({"criteria": "完成任务"}, "末尾没有权重"),
        ({"criteria": "完成任务 0.6"}, "权重合计是 0.6"),
        ({"closes_on": date(2020, 1, 1)}, "截止日期已经过去"),
        ({"is_secret": "on"}, "不记名评议至少要 5 人"),
    ],
)
def test_a_panel_is_refused_where_it_was_typed(field, changes, words):
    answer = opened(browser_of(field.clerk), field, **changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_what_waits_stands_in_the_day(field):
    opened(browser_of(field.clerk), field)

    assert "三季度督导" in browser_of(field.judges[0]).get(reverse("web:today")).content.decode()


@pytest.mark.parametrize("name", ["web:figures", "web:vetoes", "web:panels"])
def test_a_list_asks_a_constant_number_of_times(field, name, django_assert_max_num_queries):
    clerk = browser_of(field.clerk)
    for month in range(1, 5):
        entered(clerk, period=f"2025-{month:02}")
        opened(clerk, field)
        veto_in_force(field, field.south, day=month)
    clerk.get(reverse(name))

    with django_assert_max_num_queries(14):
        answer = clerk.get(reverse(name))

    assert answer.content.decode().count("<tr data-row>") == 4


def test_files_of_a_veto_are_opened_by_those_who_see_it_alone_rt_07(field):
    clerk, today = browser_of(field.clerk), timezone.localdate()
    paper = SimpleUploadedFile("通报.pdf", b"%PDF-1.7 nothing")
    given = {
        "veto": "accident", "body": field.south.pk, "happened_on": today, "until_on": today + timedelta(days=300),
        "evidence": "通报 8 号", "papers": [paper],
    }  # fmt: skip
    page = clerk.post(reverse("web:veto_raise"), given)["Location"]
    file = VetoFile.objects.get()
    opened = clerk.get(f"{page}files/{file.pk}/")
    assert (b"".join(opened.streaming_content)[:5], opened["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert "通报.pdf" in clerk.get(page).content.decode()
    assert browser_of(field.stranger).get(f"{page}files/{file.pk}/").status_code == 404
    assert browser_of(field.stranger).post(f"{page}files/", {"papers": [paper]}).status_code == 404
    wrong = SimpleUploadedFile("通报.txt", b"words")
    assert clerk.post(f"{page}files/", {"papers": [wrong]}).status_code == 422
    assert clerk.post(f"{page}files/", {"papers": [SimpleUploadedFile("二.pdf", b"%PDF-1.7 more")]}).status_code == 302
    assert VetoFile.objects.count() == 2
    assert clerk.get(f"{page}files/999999/").status_code == 404
