"""四同检查 on the page: from drawing up a plan to the closed quarter, who sees what, and what bad input meets."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook

from ronghe.domain.planning.enums import Aspect, CheckState, PlanState
from ronghe.domain.planning.models import CheckEvidence, CheckRound, GapTask, Plan, PlanItem
from ronghe.domain.planning.services import checking, rounds
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.calendar.periods import read_period
from ronghe.web.sources import href_of
from tests.factories.org import make_body, make_person
from tests.factories.planning import (
    QUARTER,
    STUDY,
    WELDING,
    check_of,
    item_of,
    make_agreed,
    make_draft,
    make_field,
    make_gathering,
)
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOME = "/rhythm/plans/"


@pytest.fixture
def field(db, now):
    return make_field("采油九厂党委")


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def manager(field, as_person):
    return as_person(field.manager)


@pytest.fixture
def member(field, as_person):
    return as_person(field.member)


@pytest.fixture
def stranger(field, as_person):
    return as_person(make_person("倪春梅", home=make_body("采油七队党支部")))


def page(plan, act=""):
    return f"{HOME}{plan.pk}/{act}"


def words(answer) -> str:
    return text_of(answer.content.decode())


def test_a_plan_is_drawn_up_sent_and_confirmed_by_both(secretary, manager, field):
    shown = secretary.get(f"{HOME}new/")
    assert "2026 年三季度" in words(shown)
    answer = secretary.post(
        f"{HOME}new/", {"body": field.branch.pk, "period": QUARTER, "production_head": field.manager.pk}
    )
    plan = Plan.objects.get()
    assert answer["Location"] == page(plan)
    given = {
        "title": WELDING, "kind": "production", "figure": "12", "unit": "道", "production_owner": field.foreman.pk,
        "party_owner": field.organizer.pk, "due_on": "2026-09-25",
    }  # fmt: skip
    refused = secretary.post(page(plan, "items/new/"), {**given, "party_owner": field.foreman.pk})
    assert refused.status_code == 422
    assert "两个人一起做" in words(refused)
    assert secretary.post(page(plan, "items/new/"), {**given, "again": "1"})["Location"] == page(plan, "items/new/")
    secretary.post(page(plan, "offer/"))
    assert secretary.get("/").status_code == 200
    secretary.post(page(plan, "confirm/party/"))
    assert manager.post(page(plan, "confirm/party/")).status_code == 403
    manager.post(page(plan, "confirm/production/"))

    assert Plan.objects.get().state == PlanState.AGREED


def test_both_inboxes_are_on_the_day(secretary, manager, field, now):
    plan = make_draft(field, now)
    secretary.post(page(plan, "offer/"))
    assert "计划等您确认" in words(manager.get("/"))
    secretary.post(page(plan, "confirm/party/"))
    manager.post(page(plan, "confirm/production/"))
    assert "四同检查等您做" in words(secretary.get("/"))


def test_the_walk_confirms_with_one_tap_and_closes(secretary, field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now)
    make_gathering(field, now + timedelta(hours=2), topics=("考核",), kind=ActivityType.TWO_PLUS_ONE_APPRAISAL)
    walk = page(plan, f"{QUARTER}/walk/")
    assert secretary.post(f"{walk}begin/")["Location"] == walk
    assert "还有 3 处等您认定" in words(secretary.get(walk))
    for number, aspect in ((1, Aspect.PLANNED), (1, Aspect.APPRAISED), (2, Aspect.APPRAISED)):
        check = check_of(plan, aspect, number)
        answer = secretary.post(f"{HOME}checks/{check.pk}/confirm/", {"next": f"{walk}#item-1"})
        assert answer["Location"] == f"{walk}#item-1"
    gap = check_of(plan, Aspect.ASSIGNED)
    secretary.post(f"{HOME}checks/{gap.pk}/gap/", {"next": walk})
    assert GapTask.objects.get().task.assignee == field.foreman
    secretary.post(f"{HOME}checks/{gap.pk}/waive/", {"next": walk, "reason": "随生产一并部署"})
    assert check_of(plan, Aspect.ASSIGNED).state == CheckState.NOT_APPLICABLE
    assert f"quarter={QUARTER}" in secretary.post(f"{walk}close/")["Location"]
    assert CheckRound.objects.get().state == "closed"
    assert "结果定下了" in words(secretary.get(walk))


def test_what_met_the_duty_leads_to_the_check_on_its_plan(secretary, as_person, field, now):
    plan = make_agreed(field, now)
    found = rounds.open_round(plan=plan, quarter=QUARTER, actor=field.secretary, at=now)
    leads_to = href_of("planning.checkround", found.pk)
    assert secretary.get(leads_to)["Location"] == page(plan, f"?quarter={QUARTER}")
    assert as_person(make_person(home=make_body("别处党支部"))).get(leads_to).status_code == 404
    assert secretary.get(href_of("planning.checkround", found.pk + 1)).status_code == 404


def test_an_item_shows_records_sides_and_what_could_be_chosen(secretary, field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now, topics=("杂项",))
    item, check = item_of(plan), check_of(plan, Aspect.PLANNED)
    shown = secretary.get(f"{HOME}items/{item.pk}/?choose=planned")
    assert "联席会议" in words(shown)
    activity = next(key for key, _title in shown.context["sections"][0]["choose_form"].fields["record"].choices)
    assert secretary.post(f"{HOME}checks/{check.pk}/choose/", {"record": "a999"}).status_code == 422
    secretary.post(f"{HOME}checks/{check.pk}/choose/", {"record": activity})
    told = words(secretary.get(f"{HOME}items/{item.pk}/"))
    assert "党务：常有福，本条党建负责人" in told
    assert "生产：马会军，联合项目部经理（第一作业区党支部）" in told
    secretary.post(f"{HOME}evidence/{CheckEvidence.objects.get().pk}/reject/")
    assert "没有找到依据" in words(secretary.get(f"{HOME}items/{item.pk}/"))


def test_what_is_decided_can_be_contested_and_taken_back(secretary, as_person, field, now):
    plan = make_agreed(field, now)
    make_gathering(field, now)
    rounds.open_round(plan=plan, quarter=QUARTER, actor=field.secretary, at=now)
    check = check_of(plan, Aspect.PLANNED)
    foreman = as_person(field.foreman)
    assert foreman.post(f"{HOME}checks/{check.pk}/confirm/").status_code == 403
    secretary.post(f"{HOME}checks/{check.pk}/confirm/")
    assert foreman.post(f"{HOME}checks/{check.pk}/contest/", {"reason": ""}).status_code == 422
    foreman.post(f"{HOME}checks/{check.pk}/contest/", {"reason": "那次没有研究"})
    assert "那次没有研究" in words(secretary.get(f"{HOME}items/{check.item_id}/"))
    foreman.post(f"{HOME}checks/{check.pk}/back/")
    assert check_of(plan, Aspect.PLANNED).state == CheckState.PROPOSED


def test_a_change_in_force_needs_a_reason_and_shows_in_the_versions(secretary, field, now):
    plan = make_agreed(field, now)
    item = item_of(plan)
    given = {
        "title": WELDING, "kind": "production", "figure": "14", "unit": "道", "production_owner": field.foreman.pk,
        "party_owner": field.secretary.pk, "due_on": "2026-09-25",
    }  # fmt: skip
    assert secretary.post(f"{HOME}items/{item.pk}/edit/", given).status_code == 422
    secretary.post(f"{HOME}items/{item.pk}/edit/", {**given, "reason": "工程量增加"})
    told = words(secretary.get(page(plan, "versions/")))
    assert "工程量增加" in told
    assert "常有福 → 陈建国" in told
    secretary.post(f"{HOME}items/{item_of(plan, 2).pk}/drop/", {"reason": "并入"})
    assert "已取消：并入" in words(secretary.get(page(plan)))
    secretary.post(f"{HOME}items/{item_of(plan, 2).pk}/restore/", {"reason": "恢复"})
    assert secretary.post(f"{HOME}items/{item.pk}/done/", {"done_on": "2027-01-01", "result": "x"}).status_code == 422
    secretary.post(f"{HOME}items/{item.pk}/done/", {"done_on": "2026-09-14", "result_figure": "14"})
    assert item_of(plan).done_on is not None
    secretary.post(f"{HOME}items/{item.pk}/undone/")
    assert item_of(plan).done_on is None


def sheet(*rows) -> io.BytesIO:
    book = Workbook()
    book.active.append(
        ["计划内容", "类别", "目标", "目标数值", "计量单位", "生产负责人", "党建负责人", "完成时限", "权重"]
    )
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "计划.xlsx"
    return out


def test_a_table_is_looked_through_first_and_taken_over_whole(secretary, field, now):
    plan = make_draft(field, now, titles=())
    good = [WELDING, "生产", "", 12, "道", "杜秀英", "常有福", "2026-09-25", 20]
    bad = secretary.post(
        page(plan, "import/"), {"table": sheet(good, ["", "安全", "", "x", "", "无名", "无名", "2027-01-01", 1])}
    )
    told = words(bad)
    assert "A3 计划内容：没有填" in told
    assert "F3 生产负责人：“无名”不在本组织" in told
    assert PlanItem.objects.count() == 0
    previewed = secretary.post(
        page(plan, "import/"),
        {"table": sheet(good, [STUDY, "党建", "挂牌", None, "", "马会军", "常有福", "2026/9/30", None])},
    )
    assert "2 条都可以导入" in words(previewed)
    packed = previewed.context["take"].initial["packed"]
    assert PlanItem.objects.count() == 0
    assert secretary.post(page(plan, "import/"), {"packed": "{}"}).status_code == 422
    assert secretary.post(page(plan, "import/"), {"packed": packed.replace("杜秀英", "无名")}).status_code == 422
    assert secretary.post(page(plan, "import/"), {"packed": packed})["Location"] == page(plan)
    assert list(PlanItem.objects.order_by("number").values_list("title", flat=True)) == [WELDING, STUDY]
    book = load_workbook(io.BytesIO(b"".join(secretary.get(page(plan, "table/")).streaming_content)))
    assert book.active["A2"].value == WELDING
    assert secretary.post(page(plan, "import/"), {"table": io.BytesIO(b"\x00nothing")}).status_code == 422


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_check_prints_and_exports(secretary, field, now, form):
    plan = make_agreed(field, now)
    printed = secretary.get(page(plan, f"{QUARTER}/print/{form}/"))
    assert printed.status_code == 200
    assert len(printed.content) > 1_000
    for path in (page(plan, f"{QUARTER}/export/"), f"{HOME}export/", f"{HOME}gaps/export/"):
        assert b"".join(secretary.get(path).streaming_content)[:2] == b"PK"


def test_who_belongs_to_the_branch_looks_and_changes_nothing(member, stranger, field, now):
    plan = make_agreed(field, now)
    item, check = item_of(plan), check_of(plan, Aspect.PLANNED)
    for path in (HOME, f"{HOME}gaps/", page(plan), page(plan, "versions/"), f"{HOME}items/{item.pk}/"):
        assert member.get(path).status_code == 200
    for path in (page(plan, "items/new/"), page(plan, f"{QUARTER}/walk/"), page(plan, "import/"), f"{HOME}new/"):
        assert member.get(path).status_code == 403
    for path in (page(plan, "close/"), page(plan, f"{QUARTER}/walk/begin/"), f"{HOME}checks/{check.pk}/confirm/"):
        assert member.post(path).status_code == 403
    assert plan.body.name not in words(stranger.get(HOME))
    for path in (page(plan), f"{HOME}items/{item.pk}/", page(plan, f"{QUARTER}/print/pdf/")):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{HOME}checks/{check.pk}/confirm/").status_code == 404


def test_filters_and_bad_input_do_no_harm(secretary, field, now):
    plan = make_agreed(field, now)
    for query in ("?gaps=1", "?overdue=1&kind=party", "?owner=x&quarter=2026Q9", "?kind=%00&owner=" + "9" * 40):
        assert secretary.get(page(plan, query)).status_code == 200
    for query in ("?q=%00", "?state=agreed&year=2026", "?page=99999", "?q=九厂"):
        assert secretary.get(f"{HOME}{query}").status_code == 200
        assert secretary.get(f"{HOME}gaps/{query}").status_code == 200
    assert secretary.fragment(HOME).status_code == secretary.fragment(f"{HOME}gaps/").status_code == 200
    assert secretary.get(page(plan, "2027Q1/walk/")).status_code == 404
    assert secretary.post(page(plan, "2026Q9/walk/begin/")).status_code == 302
    check = check_of(plan, Aspect.PLANNED)
    away = secretary.post(f"{HOME}checks/{check.pk}/waive/", {"reason": "无", "next": "//evil.example/"})
    assert away["Location"].startswith(f"{HOME}items/")


def test_pages_cost_the_same_for_two_items_and_for_twelve(secretary, field, now, statements):
    small = make_agreed(field, now)
    checking.fill_checks(plan=small, quarter=read_period(QUARTER), at=now)
    one = [statements(secretary, path) for path in (HOME, f"{HOME}gaps/", page(small))]
    big = make_agreed(field, now, period="2026", titles=[f"第{number}项工程验收" for number in range(12)])
    make_gathering(field, now, topics=[f"第{number}项工程验收" for number in range(12)])
    rounds.open_round(plan=big, quarter=QUARTER, actor=field.secretary, at=now)
    two = [statements(secretary, path) for path in (HOME, f"{HOME}gaps/", page(big))]

    assert two[0] <= one[0] <= 12
    assert two[1] <= one[1] <= 12
    assert two[2] <= one[2] + 1 <= 32
    assert statements(secretary, page(big, f"{QUARTER}/walk/")) <= 20
