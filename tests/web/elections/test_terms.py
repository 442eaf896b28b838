"""任期换届 on the page: the list, one body's terms, a term on record, moved, leaders designated."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.elections.models import Term
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PostHolding
from tests.factories.elections import make_election, make_term
from tests.factories.org import make_body
from tests.web.conftest import squeezed

LIST = "/org/elections/"


def body_page(body) -> str:
    return f"{LIST}bodies/{body.pk}/"


def listed(browser, **query):
    return [line.state.body.name for line in browser.get(LIST, query).context["lines"]]


def test_pages_want_a_log_in(client, branch, now):
    term = make_term(branch, now)
    for path in (
        LIST, f"{LIST}export/", body_page(branch.body), f"{LIST}terms/new/", f"{LIST}terms/{term.pk}/shift/",
        f"{LIST}bodies/{branch.body.pk}/designate/", f"{LIST}elections/", f"{LIST}elections/new/",
    ):  # fmt: skip
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_the_bodies_that_the_reader_sees_missing_terms_first(
    branch, clerk, secretary, comrade, outsider, now
):
    make_term(branch, now)
    make_body("检修临时党支部", parent=branch.committee, kind=PartyOrgKind.TEMPORARY_BRANCH)

    assert listed(clerk) == ["采油五厂党委", "南一联合站党支部"]
    assert listed(secretary) == listed(comrade) == ["南一联合站党支部"]
    assert listed(outsider) == ["采油二厂党支部"]


def test_list_is_filtered_by_end_kind_tree_and_name(branch, clerk, now):
    make_term(branch, now)
    make_body("采油五厂工会", parent=branch.committee, kind=PartyOrgKind.UNION_COMMITTEE)

    assert listed(clerk, due="one_month") == ["南一联合站党支部"]
    assert set(listed(clerk, due="missing")) == {"采油五厂工会", "采油五厂党委"}
    assert listed(clerk, due="running") == listed(clerk, due="overdue") == []
    assert set(listed(clerk, due="pressing")) == set(listed(clerk))
    assert listed(clerk, kind="committee") == ["采油五厂党委"]
    assert listed(clerk, tree="union") == ["采油五厂工会"]
    assert listed(clerk, q="联合站") == ["南一联合站党支部"]
    assert listed(clerk, sort="-ends")[0] == "南一联合站党支部"


@pytest.mark.parametrize(
    "query", [{"due": "x"}, {"kind": "party_group"}, {"page": "999"}, {"sort": "0"}, {"tree": "%"}]
)
def test_garbage_in_the_address_is_ignored(branch, clerk, query):
    assert clerk.get(LIST, query).status_code == 200


def test_list_costs_the_same_for_one_and_for_three(branch, clerk, now, statements):
    make_term(branch, now)
    one = statements(clerk, LIST)
    for _ in range(2):
        make_body(parent=branch.committee)

    assert statements(clerk, LIST) == one


def test_list_fragment_is_found_in_the_whole_page(branch, clerk, now):
    make_term(branch, now)

    assert squeezed(clerk.fragment(LIST).content.decode()) in squeezed(clerk.get(LIST).content.decode())


def test_export_holds_what_the_list_shows(branch, clerk, now):
    make_term(branch, now)

    answer = clerk.get(f"{LIST}export/", {"due": "one_month"})

    [head, row] = load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0].values
    assert head[:4] == ("组织", "类别", "上级", "届次")
    assert (row[0], row[3], row[6], row[7]) == ("南一联合站党支部", 1, "1 个月内届满", "高远")


def test_a_body_shows_its_terms_and_offers_what_the_reader_may_do(branch, clerk, secretary, comrade, outsider, now):
    def offered(browser):
        context = browser.get(body_page(branch.body)).context
        return [name for name in ("record", "start", "shift", "designate") if context[f"can_{name}"]]

    assert (offered(secretary), offered(comrade)) == (["record", "start"], [])
    make_term(branch, now)
    assert (offered(clerk), offered(secretary)) == (["start", "shift", "designate"], ["start"])
    make_election(branch, now)
    assert offered(clerk) == ["shift", "designate"]
    assert outsider.get(body_page(branch.body)).status_code == 404


def test_a_temporary_branch_has_no_terms_on_its_page(branch, clerk):
    """PO-06: it says who leads it instead."""
    body = make_body("检修临时党支部", parent=branch.committee, kind=PartyOrgKind.TEMPORARY_BRANCH)

    answer = clerk.get(body_page(body))

    assert (answer.context["can_record"], answer.context["can_start"], answer.context["can_designate"]) == (
        False, False, True,
    )  # fmt: skip
    assert "PO-05" in answer.content.decode()


def test_a_term_is_put_on_record(branch, secretary):
    path = f"{LIST}terms/new/?body={branch.body.pk}"
    assert secretary.get(path).context["form"].initial["body"] == branch.body.pk

    answer = secretary.post(path, {"body": branch.body.pk, "number": 3, "started_on": "2024-03-01"})

    term = Term.objects.get()
    assert answer["Location"] == body_page(branch.body)
    assert (term.number, term.ends_on) == (3, date(2027, 3, 1))


def test_a_term_that_cannot_be_is_refused_with_the_form_kept(branch, secretary):
    answer = secretary.post(f"{LIST}terms/new/", {"body": branch.body.pk, "number": 3, "started_on": "2027-03-01"})

    assert answer.status_code == 422
    assert "PE-04" in answer.content.decode()
    assert 'value="2027-03-01"' in answer.content.decode()
    assert not Term.objects.exists()


def test_nobody_records_a_term_elsewhere(branch, outsider, comrade):
    given = {"body": branch.body.pk, "number": 1, "started_on": "2024-03-01"}

    assert outsider.post(f"{LIST}terms/new/", given).status_code == 422
    assert comrade.get(f"{LIST}terms/new/").status_code in (403, 404)
    assert not Term.objects.exists()


def test_the_office_extends_a_term_and_nobody_else(branch, clerk, secretary, now):
    term = make_term(branch, now)
    path = f"{LIST}terms/{term.pk}/shift/"
    given = {"ends_on": "2027-03-01", "approval_ref": "采五党组〔2026〕5号", "reason": "检修高峰"}

    assert secretary.get(path).status_code == secretary.post(path, given).status_code == 404
    assert clerk.post(path, {**given, "ends_on": "2028-03-01"}).status_code == 422
    assert clerk.post(path, given)["Location"] == body_page(branch.body)
    term.refresh_from_db()
    assert term.ends_on == date(2027, 3, 1)
    assert "采五党组〔2026〕5号" in secretary.get(body_page(branch.body)).content.decode()


def test_the_office_designates_a_leader(branch, clerk, secretary, now):
    PostHolding.objects.filter(role=PostRole.SECRETARY, body=branch.body).update(valid_until=now.date())
    path = f"{LIST}bodies/{branch.body.pk}/designate/"
    given = {
        "role": "secretary", "person": branch.members[1].pk, "since": "2026-09-14", "approval_ref": "采五党〔2026〕2号",
        "is_acting": "on",
    }  # fmt: skip

    assert secretary.get(path).status_code == 404
    assert clerk.post(path, {**given, "approval_ref": ""}).status_code == 422
    assert clerk.post(path, given).status_code == 302
    [line] = [row for row in clerk.get(LIST).context["lines"] if row.state.body == branch.body]
    assert line.head_word == "罗一鸣（代理）"
    again = clerk.post(path, {**given, "person": branch.members[2].pk, "is_acting": ""})
    assert again.status_code == 302


def test_designating_where_somebody_leads_is_refused_beside_the_form(branch, clerk):
    answer = clerk.post(
        f"{LIST}bodies/{branch.body.pk}/designate/",
        {"role": "secretary", "person": branch.members[1].pk, "since": "2026-09-14", "approval_ref": "x"},
    )

    assert (answer.status_code, "PE-11" in answer.content.decode()) == (422, True)


def test_today_reminds_the_secretary_and_the_office(branch, clerk, secretary, comrade, now):
    """PE-06: from six months before."""
    make_term(branch, now)

    def items(browser):
        return [(line.title, line.state) for _part, found in browser.get("/").context["parts"] for line in found]

    assert items(secretary) == [("南一联合站党支部第 1 届1 个月内届满", "attention")]
    assert items(clerk) == [("下级有 1 个组织的任期将届满或已届满", "attention")]
    assert items(comrade) == []


@pytest.mark.parametrize(
    "path", ["bodies/0/", "bodies/0/designate/", "terms/0/shift/", "elections/0/", "contests/0/count/"]
)
def test_what_is_not_there_is_a_404(branch, clerk, path):
    assert clerk.get(f"{LIST}{path}").status_code == 404


def test_administrators_reach_nothing(administrator, branch):
    assert administrator.get(LIST).status_code == 403
