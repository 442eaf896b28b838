"""The grid's pages: coverage, gaps decided, members named, requests raised and answered; who may, who may not, and garbage."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.grid.models import GapDismissal, GridLiaison, GridRequest, GridSetting
from ronghe.domain.grid.selectors.liaisons import naming_of
from ronghe.domain.grid.services.liaisons import accept_naming
from ronghe.domain.grid.services.requests import raise_request
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.work.models import Task
from tests.domain.grid.story import make_grid
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db

HERE = "/org/grid/"


@pytest.fixture
def grid(now):
    return make_grid()


@pytest.fixture
def clerk(grid, as_person):
    return as_person(grid.clerk)


@pytest.fixture
def secretary(grid, as_person):
    return as_person(grid.secretary)


@pytest.fixture
def named(grid, now):
    part = naming_of(grid.branch, date(2026, 9, 14))
    accept_naming(body=grid.branch, digest=part.naming.digest, actor=grid.secretary, at=now)
    return GridLiaison.objects.get(employee=grid.employees[0])


@pytest.fixture
def asked(grid, named, now):
    worker = grid.employees[0]
    return raise_request(raiser=worker, kind="safety", text="踏步松了", actor=worker, at=now)


@pytest.fixture
def worker(grid, named, as_person):
    return as_person(grid.employees[0])


@pytest.fixture
def member(named, as_person):
    return as_person(named.member)


def test_pages_want_a_log_in(client, db):
    for path in ("", "export/", "requests/", "liaisons/", "settings/"):
        assert client.get(HERE + path)["Location"].startswith("/login/")


def test_clerk_sees_map_figures_and_gaps(grid, clerk):
    answer = clerk.get(HERE)

    words = text_of(answer.content.decode())
    assert "采气厂党委" in words
    assert "班组没有党员" in words
    assert answer.context["figures"].employees == 11
    assert {row.found.gap.kind.code for row in answer.context["rows"]} >= {"team_without_member", "secretary_vacant"}


def test_secretary_sees_the_own_branch_and_a_404_above_it(grid, secretary):
    assert secretary.get(HERE).context["root"].body.pk == grid.branch.pk
    assert secretary.get(HERE, {"body": grid.branch.pk}).status_code == 200
    assert secretary.get(HERE, {"body": grid.committee.pk}).status_code == 404


def test_employee_is_led_to_the_requests(grid, as_person):
    answer = as_person(grid.employees[0]).get(HERE)

    assert answer.status_code == 200
    assert "/org/grid/requests/" in answer.content.decode()
    assert as_person(grid.employees[0]).get(HERE + "export/").status_code == 404


@pytest.mark.parametrize("body", ["x", "0", "999999", "-1", "", "1" * 30])
def test_garbage_body_is_a_404(grid, clerk, body):
    assert clerk.get(HERE, {"body": body}).status_code == 404
    assert clerk.get(HERE + "liaisons/", {"body": body}).status_code == 404
    assert clerk.get(HERE + "settings/", {"body": body}).status_code == 404


def test_garbage_filters_are_as_none(grid, clerk):
    whole = clerk.get(HERE).context["page"].paginator.count

    assert clerk.get(HERE, {"kind": "nix", "show": "nix", "page": "x"}).context["page"].paginator.count == whole


def test_filters_cut_the_gaps(grid, clerk):
    def listed(**query):
        return {row.found.gap.kind.code for row in clerk.get(HERE, query).context["rows"]}

    assert listed(kind="team_without_member") == {"team_without_member"}
    assert listed(show="failed") == {"team_without_member", "secretary_vacant"}
    assert listed(show="decided") == set()


def test_body_without_people_has_an_empty_state(as_person, now):
    office = make_person("空党委干事")
    make_post(office, PostRole.COMMITTEE_CLERK, body=make_body("空党委", kind=PartyOrgKind.COMMITTEE))

    answer = as_person(office).get(HERE)

    assert answer.context["drawing"] is None
    assert "还没有花名册上的人" in answer.content.decode()


def test_every_act_of_a_gap_leads_somewhere(grid, clerk, secretary):
    for browser in (clerk, secretary):
        rows = [row for page in (1, 2) for row in browser.get(HERE, {"page": page}).context["rows"]]
        assert [row.href for row in rows if row.href] != []
        for row in rows:
            assert not row.href or browser.get(row.href).status_code == 200, row.href


def test_auditor_sees_no_acts(grid, as_person):
    auditor = make_person("费清和")
    make_post(auditor, PostRole.AUDITOR, body=grid.committee)

    answer = as_person(auditor).get(HERE)

    assert answer.context["taskable"] == set()
    assert {row.dismiss_href for row in answer.context["rows"]} == {""}


def test_wide_map_is_folded_and_page_costs_the_same_for_many_branches(grid, clerk, statements):
    path = HERE + "?kind=secretary_vacant"
    few = statements(clerk, path)
    for number in range(40):
        unit = make_unit(f"作业区{number}", parent=grid.plant, kind=UnitKind.OPERATION_AREA)
        branch = make_body(f"支部{number}", parent=grid.committee, unit=unit)
        make_person(home=branch, unit=unit)
        make_person(unit=unit, status=PoliticalStatus.MASSES)

    assert clerk.get(HERE).context["drawing"].is_folded
    assert statements(clerk, path) == few


def test_export_holds_bodies_units_and_the_gaps_asked_for(grid, clerk):
    answer = clerk.get(HERE + "export/", {"kind": "team_without_member"})

    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["党组织", "班站", "缺口"]
    assert [row[0] for row in book["缺口"].iter_rows(min_row=2, values_only=True)] == ["二班"]


def test_map_keeps_every_block_inside_and_units_where_their_row_is(grid, clerk):
    for query in ({}, {"body": grid.branch.pk}):
        drawing = clerk.get(HERE, query).context["drawing"]

        assert all(block.x >= 0 and block.x + block.width <= drawing.width + 1 for block in drawing.blocks)
        assert all(block.y + block.height < drawing.mark_y for block in drawing.blocks)
        assert {block.y for block in drawing.blocks if "cell" in block.look} == {drawing.top_of("cell")}


def gap_of(grid) -> str:
    return f"team_without_member:unit:{grid.second.pk}"


def test_gap_is_let_stand_with_a_reason(grid, clerk):
    path = f"{HERE}gaps/dismiss/?gap={gap_of(grid)}"
    assert "二班" in clerk.get(path).content.decode()
    assert clerk.post(path, {"reason": "", "until": "2026-10-01"}).status_code == 422
    assert clerk.post(path, {"reason": "等人", "until": "2026-09-01"}).status_code == 422

    answer = clerk.post(path, {"reason": "十月调人", "until": "2026-10-10"})

    assert answer["Location"].startswith(HERE)
    assert GapDismissal.objects.get().reason == "十月调人"
    rows = clerk.get(HERE, {"show": "decided"}).context["rows"]
    assert [row.state for row in rows] == ["waived"]


def test_unknown_gap_and_somebody_without_the_right_get_a_404(grid, clerk, as_person):
    auditor = make_person("费清和")
    make_post(auditor, PostRole.AUDITOR, body=grid.committee)

    assert clerk.get(f"{HERE}gaps/dismiss/?gap=nix").status_code == 404
    assert clerk.get(f"{HERE}gaps/dismiss/").status_code == 404
    assert as_person(auditor).get(f"{HERE}gaps/dismiss/?gap={gap_of(grid)}").status_code == 404


def test_chosen_gaps_become_tasks(grid, clerk):
    path = f"{HERE}gaps/tasks/"
    assert clerk.get(path).status_code == 405
    assert clerk.post(path, {"due_at": "2026-09-30T18:00"}).status_code == 422
    assert clerk.post(path, {"chosen": gap_of(grid), "due_at": "nix"}).status_code == 422
    assert clerk.post(path, {"chosen": gap_of(grid), "due_at": "2026-01-01T18:00"}).status_code == 422

    clerk.post(path, {"chosen": gap_of(grid), "due_at": "2026-09-30T18:00"})

    assert Task.objects.get().assignee == grid.secretary
    assert "已派给 赵一鸣" in text_of(clerk.get(HERE).content.decode())


def test_settings_are_changed_by_whom_they_are(grid, clerk, secretary):
    path = f"{HERE}settings/?body={grid.committee.pk}"
    assert secretary.get(path).status_code == 404
    wanted = dict.fromkeys(("employees_per_member", "member_days", "branch_days", "general_branch_days"), 3)
    assert clerk.post(path, {**wanted, "committee_days": 0}).status_code == 422

    assert clerk.post(path, {**wanted, "committee_days": 9}).status_code == 302

    assert GridSetting.objects.get().committee_days == 9


def test_members_are_named_as_a_whole_and_one_by_hand(grid, secretary):
    path = f"{HERE}liaisons/?body={grid.branch.pk}"
    digest = secretary.get(path).context["part"].naming.digest
    accept = f"{HERE}liaisons/accept/?body={grid.branch.pk}"
    secretary.post(accept, {"digest": "old"})
    assert not GridLiaison.objects.exists()

    secretary.post(accept, {"digest": digest})

    assert GridLiaison.objects.count() == 5
    row = GridLiaison.objects.get(employee=grid.employees[0])
    other = next(person for person in grid.members if person != row.member)
    name = f"{HERE}liaisons/name/?body={grid.branch.pk}"
    assert secretary.post(name, {"employee": row.employee_id, "member": row.employee_id}).status_code == 422
    assert secretary.post(name, {"employee": row.employee_id, "member": other.pk}).status_code == 302
    assert GridLiaison.objects.get(employee=grid.employees[0]).member == other


def test_naming_of_another_branch_is_a_404(grid, as_person):
    assert as_person(grid.members[0]).get(f"{HERE}liaisons/?body={grid.branch.pk}").status_code == 404


def test_worker_raises_with_two_taps_and_sees_it(grid, worker, named):
    assert worker.post(HERE + "requests/", {"kind": "living", "text": ""}).status_code == 422
    assert worker.post(HERE + "requests/", {"kind": "nix", "text": "x"}).status_code == 422

    worker.post(HERE + "requests/", {"kind": "living", "text": "热水器断电"})

    request = GridRequest.objects.get()
    assert (request.raiser, request.handler) == (grid.employees[0], named.member)
    page = worker.get(HERE + "requests/")
    assert [line["row"] for line in page.context["mine"]] == [request]
    assert "热水器断电" in worker.get(f"{HERE}requests/{request.pk}/").content.decode()


def test_member_raises_for_the_own_employee_only(grid, member, named):
    stranger = next(person for person in grid.employees if GridLiaison.objects.get(employee=person) != named)
    others = GridLiaison.objects.exclude(member=named.member).values_list("employee", flat=True)
    wanted = {"kind": "living", "text": "热水器断电"}
    assert stranger is not None
    assert member.post(HERE + "requests/", {**wanted, "raiser": others[0]}).status_code == 422

    member.post(HERE + "requests/", {**wanted, "raiser": grid.employees[0].pk})

    assert GridRequest.objects.get().entered_by == named.member


def test_request_is_answered_reopened_and_solved(grid, asked, worker, member, secretary):
    page = f"{HERE}requests/{asked.pk}/"
    assert worker.post(page + "answer/", {"answer-text": "我自己"}).status_code == 422
    assert member.post(page + "answer/", {"answer-text": ""}).status_code == 422
    member.post(page + "answer/", {"answer-text": "已加固"})
    assert worker.post(page + "reopen/", {"reopen-text": ""}).status_code == 422
    worker.post(page + "reopen/", {"reopen-text": "又松了"})
    secretary.post(page + "answer/", {"answer-text": "换了新的"})

    worker.post(page + "solved/")

    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.level) == ("solved", grid.secretary, "branch")
    assert "换了新的" in worker.get(page).content.decode()
    member.post(page + "answer/", {"answer-text": "晚了"})
    asked.refresh_from_db()
    assert asked.answer == "换了新的"


def test_request_goes_up_becomes_a_task_and_is_withdrawn(grid, asked, worker, member, secretary):
    page = f"{HERE}requests/{asked.pk}/"
    assert member.post(page + "up/", {"up-text": ""}).status_code == 422
    member.post(page + "up/", {"up-text": "要花钱"})
    assert secretary.post(page + "task/", {"task-assignee": "", "task-due_at": ""}).status_code == 422
    wanted = {"task-assignee": grid.members[0].pk, "task-due_at": "2026-09-30T18:00"}
    secretary.post(page + "task/", wanted)
    assert Task.objects.get().goal == "踏步松了"

    worker.post(page + "withdraw/")

    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    worker.post(page + "solved/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_request_is_a_404_for_everybody_else(grid, asked, as_person):
    page = f"{HERE}requests/{asked.pk}/"
    for person in (grid.employees[1], grid.clerk):
        browser = as_person(person)
        assert browser.get(page).status_code == 404
        assert browser.post(page + "answer/", {"answer-text": "x"}).status_code == 404
    assert as_person(grid.clerk).get(f"{HERE}requests/999999/").status_code == 404


def test_name_that_is_kept_back_is_not_on_the_page(grid, named, now, as_person, secretary, member):
    worker = grid.employees[0]
    request = raise_request(raiser=worker, kind="advice", text="表太多", actor=worker, at=now, is_anonymous=True)
    member.post(f"{HERE}requests/{request.pk}/up/", {"up-text": "请支部定"})

    page = secretary.get(f"{HERE}requests/{request.pk}/").content.decode()
    shown = re.sub(r"<option.*?</option>", "", page)  # everybody can be given a task
    listed = secretary.get(f"{HERE}requests/").content.decode()

    assert "表太多" in shown
    assert "表太多" in listed
    assert worker.name not in text_of(shown) + text_of(listed)
    assert worker.name in member.get(f"{HERE}requests/{request.pk}/").content.decode()


def test_what_waits_stands_first_and_late_ones_say_so(grid, asked, named, as_person, now, monkeypatch):
    later = now + timedelta(days=4)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    answer = as_person(named.member).get(HERE + "requests/")

    assert [line["state"] for line in answer.context["to_answer"]] == ["failed"]


def test_requests_page_costs_the_same_for_one_and_for_many(grid, named, now, member, secretary, statements):
    worker = grid.employees[0]
    raise_request(raiser=worker, kind="safety", text="一", actor=worker, at=now)
    costs = [statements(browser, HERE + "requests/") for browser in (member, secretary)]
    for number in range(12):
        raise_request(raiser=worker, kind="safety", text=f"第{number}件", actor=worker, at=now)

    assert [statements(browser, HERE + "requests/") for browser in (member, secretary)] == costs
