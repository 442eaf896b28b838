"""督查 on the pages: a visit item by item on a phone, its findings, grade, calls, and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.inspections.enums import InspectionForm, Verdict
from ronghe.domain.inspections.models import Inspection, InspectionCall
from ronghe.domain.items.models import WorkItem
from tests.factories.inspections import Visited, fresh, judge_all, make_finding, make_inspection, sealed
from tests.factories.org import make_body
from tests.web.making import picture

pytestmark = pytest.mark.django_db
HOME = "/inspections/"
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return Visited()


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.clerk)


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


def words(answer):
    return answer.content.decode()


def test_a_visit_is_arranged_made_and_sealed(story, clerk, as_person, morning):
    given = {"body": story.branch.pk, "form": "routine", "checklist": "short_visit", "planned_on": "2026-09-14",
             "until_on": "2026-09-14", "leader": story.clerk.pk, "second": story.auditor.pk}  # fmt: skip
    assert clerk.get(f"{HOME}new/").status_code == 200
    refused = clerk.post(f"{HOME}new/", {**given, "second": story.member.pk})
    assert (refused.status_code, "王党员" in words(refused)) == (422, True)
    assert clerk.post(f"{HOME}new/", given).status_code == 302
    visit = Inspection.objects.get()
    page = f"{HOME}{visit.pk}/"
    assert "平台里没有记录" in words(clerk.get(page))

    kept = clerk.post(f"{page}items/records/judge/", {"verdict": "not_met", "words": "缺三天"}, **HX)
    assert ("不符合" in words(kept), 'hx-swap-oob="true"' in words(kept), "1 / 5" in words(kept)) == (True, True, True)
    unexplained = clerk.post(f"{page}items/meetings/judge/", {"verdict": "partly", "mark": "7"}, **HX)
    assert (unexplained.status_code, 'value="7"' in words(unexplained)) == (422, True)
    made = clerk.post(f"{page}items/records/finding/", **HX)
    assert "已列为问题" in words(made)
    early = clerk.post(f"{page}seal/", {"words": "总体较好"})
    assert (early.status_code, "还有 4 项没有认定" in words(early), "总体较好" in words(early)) == (422, True, True)
    judge_all(Inspection.objects.get(), story.clerk, morning, but={"records": Verdict.NOT_MET})
    assert clerk.post(f"{page}seal/", {"words": "总体较好"}).status_code == 302
    assert "80 / 100" in words(as_person(story.secretary).get(page))
    for form in ("pdf", "docx"):
        assert clerk.get(f"{page}print/{form}/").status_code == 200


def test_without_htmx_each_item_goes_back_to_its_place(story, clerk, morning):
    visit = make_inspection(story, morning)
    answer = clerk.post(f"{HOME}{visit.pk}/items/meetings/judge/", {"verdict": "meets"})
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}{visit.pk}/#item-meetings")


def test_the_fragment_stands_in_the_page_as_it_is_answered(story, clerk, morning):
    visit = make_inspection(story, morning)
    answer = words(clerk.post(f"{HOME}{visit.pk}/items/meetings/judge/", {"verdict": "meets"}, **HX))
    fragment = answer[answer.index("<h3>") : answer.index("<form")].strip()
    assert fragment in words(clerk.get(f"{HOME}{visit.pk}/"))


def test_the_visited_body_reads_nothing_before_it_is_sealed(story, clerk, secretary, morning):
    visit = judge_all(make_inspection(story, morning), story.clerk, morning, but={"records": Verdict.PARTLY})
    page = f"{HOME}{visit.pk}/"
    assert "记录不全" not in words(secretary.get(page))
    assert secretary.post(f"{page}items/records/judge/", {"verdict": "meets"}).status_code == 403
    assert secretary.post(f"{page}seal/", {}).status_code == 403


def test_a_grade_is_decided_after_the_notice(story, as_person, morning, monkeypatch):
    visit = sealed(story, morning, form=InspectionForm.ACCEPTANCE)
    head, page = as_person(story.head), f"{HOME}{visit.pk}/"
    assert "公示到 2026-09-20" in words(head.get(page))
    assert head.post(f"{page}grade/", {"grade": "model"}).status_code == 422
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=7))
    head, clerk = as_person(story.head), as_person(story.clerk)
    assert clerk.post(f"{page}grade/", {"grade": "model"}).status_code == 403
    assert head.post(f"{page}grade/", {"grade": "excellent"}).status_code == 422
    assert head.post(f"{page}grade/", {"grade": "model"}).status_code == 302
    assert "示范" in words(clerk.get(HOME))


def test_a_finding_goes_from_the_board_to_its_measure(story, clerk, secretary, as_person, morning):
    address = f"{HOME}findings/new/?body={story.branch.pk}&board=joint_work&about=工作融合&run=7&subject={story.branch.pk}&period=2026Q2&figure=-3.25&title=补短板"
    shown = words(clerk.get(address))
    assert all(one in shown for one in ("工作融合", "补短板", 'value="-3.25"', 'value="2026Q2"'))
    given = {"body": story.branch.pk, "board": "joint_work", "about": "工作融合", "run": 7, "subject": story.branch.pk,
             "period": "2026Q2", "figure": "-3.25", "title": "补短板：工作融合"}  # fmt: skip
    half = clerk.post(f"{HOME}findings/new/", {**given, "measure": "多开联席会"})
    assert (half.status_code, WorkItem.objects.count()) == (422, 0)
    assert clerk.post(f"{HOME}findings/new/", given).status_code == 302
    item = WorkItem.objects.get()
    page = f"/work/items/{item.pk}/"
    assert "当时比同类中位数差 -3.25" in words(secretary.get(page))
    bad = secretary.post(
        f"{HOME}findings/{item.pk}/settle/", {"measure": "每周一次", "owner": story.member.pk, "due_on": "2020-01-01"}
    )
    assert (bad.status_code, "每周一次" in words(bad)) == (422, True)
    good = {"measure": "每周一次", "owner": story.member.pk, "due_on": "2026-09-20"}
    assert secretary.post(f"{HOME}findings/{item.pk}/settle/", good).status_code == 302
    member = as_person(story.member)
    member.post(f"{page}steps/carry_out/", {"note": "开了四次", "photo": picture()})
    assert fresh(item).state == "watching"
    assert "补短板" in words(clerk.get(f"{HOME}findings/?state=watching"))
    assert clerk.get(f"{HOME}findings/export/").getvalue()[:2] == b"PK"


def test_an_objection_is_made_on_the_page_of_the_finding(story, secretary, morning):
    item = sealed(story, morning, but={"records": Verdict.NOT_MET}).findings.get().item
    assert "提出异议" in words(secretary.get(f"/work/items/{item.pk}/"))
    assert secretary.post(f"{HOME}findings/{item.pk}/object/", {"reason": ""}).status_code == 422
    assert secretary.post(f"{HOME}findings/{item.pk}/object/", {"reason": "有记录"}).status_code == 302
    assert fresh(item).state == "objected"


def test_a_call_is_issued_followed_and_closed(story, clerk, morning):
    other = make_body("采油二队党支部", parent=story.committee)
    given = {"title": "党政融合专项督察", "body": story.committee.pk, "checklist": "special_fusion", "planned_on": "2026-09-14",
             "until_on": "2026-09-20", "leader": story.clerk.pk, "bodies": [story.branch.pk, other.pk]}  # fmt: skip
    assert clerk.post(f"{HOME}calls/new/", {**given, "bodies": []}).status_code == 422
    assert clerk.post(f"{HOME}calls/new/", given).status_code == 302
    call = InspectionCall.objects.get()
    judge_all(call.inspections.order_by("pk")[0], story.clerk, morning, but={"look_back": Verdict.PARTLY})
    page = f"{HOME}calls/{call.pk}/"
    shown = words(clerk.get(page))
    assert ("还有 2 个组织没有督察完" in shown, "1 个组织里 1 个不符合或部分符合" in shown) == (True, True)
    assert clerk.post(f"{page}close/", {"conclusion": "好"}).status_code == 422
    for visit in call.inspections.all():
        clerk.post(f"{HOME}{visit.pk}/call-off/", {"reason": "合并"})
    assert clerk.post(f"{page}close/", {"conclusion": "回头看不深"}).status_code == 302
    assert "党政融合专项督察" in words(clerk.get(f"{HOME}calls/"))


def test_a_list_costs_the_same_for_one_and_for_three(story, clerk, morning):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(path):
        clerk.get(path)
        with CaptureQueriesContext(connection) as found:
            clerk.get(path)
        return len(found)

    for path, make in ((HOME, make_inspection), (f"{HOME}findings/", make_finding)):
        make(story, morning)
        one = cost(path)
        for _ in range(2):
            make(story, morning)
        assert cost(path) == one


@pytest.mark.parametrize("nasty", ["\x00", "9" * 60, "-1", "长" * 3000, "NaN"])
def test_bad_input_is_told_and_never_breaks(story, clerk, secretary, morning, nasty):
    visit = judge_all(make_inspection(story, morning), story.clerk, morning)
    item = make_finding(story, morning)
    names = ("body", "form", "checklist", "planned_on", "until_on", "leader", "second", "title", "text", "about", "measure", "owner",
             "due_on", "effect_days", "board", "run", "subject", "period", "figure", "bodies", "verdict", "mark", "words", "reason",
             "conclusion", "grade")  # fmt: skip
    typed = dict.fromkeys(names, nasty)
    for path in ("new/", "calls/new/", "findings/new/", f"{visit.pk}/items/meetings/judge/", f"{visit.pk}/call-off/"):
        assert clerk.post(f"{HOME}{path}", typed).status_code in (302, 404, 422)
        assert clerk.get(f"{HOME}{path}", typed).status_code in (200, 405)
    for name in ("settle", "object"):
        assert secretary.post(f"{HOME}findings/{item.pk}/{name}/", typed).status_code in (302, 422)
    for path in ("", "findings/", "calls/"):
        assert (
            clerk.get(
                f"{HOME}{path}", {"q": nasty, "state": nasty, "form": nasty, "page": nasty, "sort": nasty}
            ).status_code
            == 200
        )
    assert clerk.post(f"{HOME}{visit.pk}/items/no-such/judge/", {"verdict": "meets"}).status_code in (302, 404)
