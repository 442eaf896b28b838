"""述职评议 on the page: from the plan to the answer, who sees what, and what bad input meets."""

from __future__ import annotations

import pytest

from ronghe.domain.hearings.enums import GroupKind
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, Objection
from tests.factories.hearings import make_counted, make_field, make_hearing, mark, reporter_of

pytestmark = pytest.mark.django_db
HOME = "/hearings/"
NASTY = {"title": "\x00", "people": ["9" * 40], "weight": "1e99", "due_at": "9999-12-31T23:59", "text": "\x00"}
ACTS = ("arrange", "reporters", "open", "stop", "count", "close", "call-off")


@pytest.fixture
def field(db, now):
    return make_field("采油九厂党委")


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.field.clerk)


@pytest.fixture
def auditor(field, as_person):
    return as_person(field.field.auditor)


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretaries[0])


@pytest.fixture
def worker(field, as_person):
    return as_person(field.workers[0])


def page(hearing, act=""):
    return f"{HOME}{hearing.pk}/{act}"


def own(reporter, act=""):
    return f"{HOME}{reporter.hearing_id}/reporters/{reporter.pk}/{act}"


@pytest.mark.parametrize("who", ["clerk", "auditor", "secretary", "worker"])
def test_everybody_gets_the_list_with_what_they_may_see(request, field, now, who):
    hearing = make_hearing(field, now)
    shown = request.getfixturevalue(who).get(HOME)
    assert shown.status_code == 200
    assert (hearing.title in shown.content.decode()) == (who != "worker")


def test_a_hearing_is_planned_with_a_few_answers(clerk, field):
    shown = clerk.get(f"{HOME}new/")
    assert "2026 年度党组织书记抓基层党建述职评议会" in shown.content.decode()
    given = {
        "body": field.committee.pk, "title": "年度述职评议会", "year": 2026, "chair": field.field.deputy.pk,
        "starts_at": "2026-09-28T09:00", "ends_at": "2026-09-28T12:00", "place": "二楼", "reports_due_on": "2026-09-24",
        "objection_days": 5,
    }  # fmt: skip
    assert clerk.post(f"{HOME}new/", {**given, "ends_at": "2026-09-28T08:00"}).status_code == 422
    answer = clerk.post(f"{HOME}new/", given)
    hearing = Hearing.objects.get()
    assert answer["Location"] == page(hearing)
    assert hearing.reporters.count() == 3


def test_plan_pages_are_for_planners(auditor, secretary, field):
    assert auditor.get(f"{HOME}new/").status_code == 403
    assert secretary.get(f"{HOME}new/").status_code == 403


def test_people_are_named_by_name_or_number(clerk, field, now):
    hearing = make_hearing(field, now)
    group = EvaluatorGroup.objects.get(hearing=hearing, kind=GroupKind.EMPLOYEES)
    path = page(hearing, f"groups/{group.pk}/")
    keep = [person.pk for person in field.workers[:2]]
    assert clerk.post(path, {"weight": "20", "people": keep, "more": "职工3号"}).status_code == 302
    assert group.evaluators.count() == 3
    answer = clerk.post(path, {"weight": "20", "people": keep, "more": "没有这个人"})
    assert answer.status_code == 422
    assert "“没有这个人”不在这里" in answer.content.decode()


def test_from_report_to_objection_in_the_browser(clerk, secretary, field, now, as_person):
    hearing = make_hearing(field, now)
    reporter = reporter_of(hearing, field.secretaries[0])
    assert "请在" in secretary.get(page(hearing)).content.decode()
    assert secretary.post(own(reporter, "report/"), {"text": ""}).status_code == 422
    assert secretary.post(own(reporter, "report/"), {"text": "抓了三件事。"}).status_code == 302
    clerk.post(page(hearing, "open/"))
    for kind in GroupKind:
        mark(hearing, kind, [(1, 1, 2)] * 3, now)
    assert "5 人中 3 人已测评" in clerk.get(page(hearing)).content.decode()
    clerk.post(page(hearing, "count/"))
    shown = secretary.get(own(reporter)).content.decode()
    assert "100.00" in shown
    secretary.post(own(reporter, "object/"), {"text": "请复核票数"})
    assert clerk.post(own(reporter, "answer/"), {"is_upheld": "0", "answer": "已复核"}).status_code == 302
    assert Objection.objects.get().state == "dismissed"
    clerk.post(own(reporter, "remarks/"), {"kind": "comment", "said_by": field.field.deputy.pk, "text": "再抓班组"})
    clerk.post(own(reporter, "problems/"), {"problem": "记录不全", "due_at": "2026-10-30T18:00"})
    assert (reporter.remarks.count(), reporter.problems.count()) == (1, 1)
    assert "再抓班组" in secretary.get(own(reporter)).content.decode()


def test_results_print_and_export_for_those_who_see_all(clerk, auditor, secretary, field, now):
    hearing = make_counted(field, now)
    reporter = reporter_of(hearing, field.secretaries[0])
    for form in ("docx", "pdf"):
        assert clerk.get(page(hearing, f"print.{form}")).status_code == 200
        assert secretary.get(own(reporter, f"print.{form}")).status_code == 200
        assert secretary.get(page(hearing, f"print.{form}")).status_code == 403
    answer = auditor.get(page(hearing, "export/"))
    assert answer.getvalue().startswith(b"PK")
    assert secretary.get(page(hearing, "export/")).status_code == 403


def test_a_reporter_sees_nothing_of_another_one(secretary, field, now):
    hearing = make_counted(field, now)
    other = reporter_of(hearing, field.secretaries[1])
    for act in ("", "print.docx", "file/", "report/"):
        assert secretary.get(own(other, act)).status_code == 404
    assert "94.00" not in secretary.get(page(hearing)).content.decode()


@pytest.mark.parametrize("act", ACTS)
def test_nothing_posted_breaks_a_hearing(clerk, secretary, worker, auditor, field, now, act):
    hearing = make_hearing(field, now)
    path = page(hearing, f"{act}/")
    assert worker.post(path, NASTY).status_code == 404
    assert auditor.post(path, NASTY).status_code in (302, 403, 422)
    assert secretary.post(path, NASTY).status_code in (302, 403, 422)
    hearing.refresh_from_db()
    assert hearing.state == "planned"
    assert clerk.post(path, NASTY).status_code in (302, 403, 422)
    assert clerk.post(f"{HOME}999999/{act}/").status_code == 404


@pytest.mark.parametrize("act", ["remarks", "problems", "object", "answer"])
def test_nothing_posted_breaks_a_reporter(clerk, worker, field, now, act):
    hearing = make_counted(field, now)
    reporter = reporter_of(hearing, field.secretaries[0])
    assert clerk.post(own(reporter, f"{act}/"), NASTY).status_code in (302, 403, 404, 422)
    assert worker.post(own(reporter, f"{act}/"), NASTY).status_code == 404


def test_administrators_get_nothing(administrator, field, now):
    hearing = make_hearing(field, now)
    assert administrator.get(page(hearing)).status_code in (302, 403, 404)


def test_a_hearing_of_many_costs_as_many_statements_as_a_list_of_one(clerk, field, now, statements):
    make_hearing(field, now)
    one = statements(clerk, HOME)
    for number in range(4):
        make_hearing(field, now, title=f"第{number}场")

    assert statements(clerk, HOME) == one <= 8
