"""承包商 on the page: from the five gates to the gate of the site, and who gets what."""

from __future__ import annotations

import pytest

from ronghe.domain.contractors.enums import Gate
from ronghe.domain.contractors.models import Contractor, EntryPass, GatePassage, Worker
from ronghe.domain.contractors.selectors.companies import checklist_of
from ronghe.domain.contractors.services.companies import list_contractor
from ronghe.domain.contractors.services.workers import pass_code
from ronghe.domain.floating.models import FloatingStay
from tests.factories.contractors import (
    NOW,
    TODAY,
    credit_code,
    identity,
    make_admitted,
    make_company,
    make_pass,
    make_site,
    make_worker,
    pass_gates,
)
from tests.factories.qualifications import teach
from tests.web.conftest import squeezed, text_of

pytestmark = pytest.mark.django_db
LIST = "/field/contractors/"
GATE = "/field/gate/"


@pytest.fixture
def field(now):
    return make_site()


@pytest.fixture
def officer(field, as_person):
    return as_person(field.officer)


@pytest.fixture
def manager(field, as_person):
    return as_person(field.manager)


@pytest.fixture
def guard(field, as_person):
    return as_person(field.guard)


def of(company, act=""):
    return f"{LIST}{company.pk}/{act}"


def page(browser, path) -> str:
    return text_of(browser.get(path).content.decode())


def test_pages_want_a_log_in(client, field):
    company = make_company(field)
    for path in (LIST, of(company), f"{LIST}workers/", GATE, f"{GATE}{field.zone.pk}/log/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_a_company_comes_in_through_its_gates(field, officer, manager):
    data = {"name": "蜀南油建公司", "credit_code": credit_code(), "kind": "contractor", "body": field.zone.pk}
    assert officer.post(f"{LIST}new/", {**data, "credit_code": "1"}).status_code == 422
    officer.post(f"{LIST}new/", data)
    company = Contractor.objects.get()
    for gate in Gate:
        officer.post(of(company, "gate/"), {"gate": gate, "passed": "yes", "evidence": "表1", "on": "2026-09-14"})
    manager.post(of(company, "admit/"))
    assert "缺：有效的安全协议" in page(manager, of(company))
    term = {"signed_on": "2026-09-14", "from_on": "2026-09-14", "until_on": "2027-01-01"}
    officer.post(of(company, "agreement/"), {"number": "1号", "officer": "郝安", **term})
    manager.post(of(company, "admit/"))

    company.refresh_from_db()
    assert company.state == "admitted"
    assert "本期还没有检查" in page(officer, of(company))


def test_the_list_is_filtered_sorted_and_exported(field, officer):
    company = make_admitted(field)
    make_company(field, "乙公司", number=2)
    queries = [
        {"state": "admitted"},
        {"kind": "labour"},
        {"q": "蜀南"},
        {"state": "x"},
        {"sort": "-name"},
        {"page": "0"},
    ]
    counts = [len(officer.get(LIST, query).context["lines"]) for query in queries]

    assert counts == [1, 0, 1, 2, 2, 2]
    assert officer.get(LIST, {"state": "admitted"}).context["lines"][0][0] == company
    assert b"".join(officer.get(f"{LIST}export/").streaming_content)[:2] == b"PK"
    whole, rows = officer.get(LIST).content.decode(), officer.fragment(LIST).content.decode()
    assert squeezed(rows) in squeezed(whole)


def test_checks_are_scored_by_the_checklist_of_the_mechanism(field, officer):
    company = make_admitted(field)
    given = {f"line_{line}": "ok" for line, _title in checklist_of(company, TODAY).lines}

    assert officer.post(of(company, "check/"), {"on": "2026-09-14"}).status_code == 422
    officer.post(of(company, "check/"), {**given, "line_gate_site": "problem", "on": "2026-09-14", "note": "围挡缺口"})

    assert "83.3" in page(officer, of(company))
    assert "围挡缺口" in page(officer, of(company))


def test_stopping_listing_and_appealing(field, officer, manager, as_person):
    company = make_admitted(field)
    officer.post(of(company, "suspend/"), {"reason": "隐患"})
    manager.post(of(company, "resume/"), {"reason": "整改完"})
    manager.post(of(company, "list/"), {"reason": "瞒报", "reference": "9号", "until_on": "2027-09-14"})
    company.refresh_from_db()
    assert company.state == "listed"
    early = manager.post(of(company, "delist/"), {"reason": "到期"})
    assert (early.status_code, "2027-09-14" in early.content.decode()) == (422, True)
    officer.post(of(company, "appeal/"), {"text": "不属实"})
    clerk = as_person(field.clerk)
    appeal = clerk.get(of(company)).context["appeal"]
    assert manager.get(of(company)).context["may_decide_appeal"] is False
    clerk.post(f"{LIST}appeals/{appeal.pk}/decide/", {"grants": "yes", "answer": "撤销"})

    company.refresh_from_db()
    assert company.state == "applying"
    manager.post(of(company, "leave/"), {"reason": "不来了"})
    company.refresh_from_db()
    assert company.state == "left"


def test_a_worker_gets_a_pass_when_nothing_bars_it(field, officer):
    company = make_admitted(field)
    data = {"name": "苟长青", "identity": identity(), "employment": "hired", "on": "2026-09-14", "status": "01",
            "home_branch": "巴中某支部"}  # fmt: skip
    assert officer.post(of(company, "workers/new/"), {**data, "identity": "1"}).status_code == 422
    officer.post(of(company, "workers/new/"), data)
    worker = Worker.objects.get()
    own = f"{LIST}workers/{worker.pk}/"
    assert FloatingStay.objects.get().person == worker.person
    assert "还不能进场" in page(officer, own)
    barred = officer.post(f"{own}pass/", {"last_on": "2026-10-14"})
    assert (barred.status_code, "PC-11" in barred.content.decode()) == (422, True)
    teach(field.officer, worker.person)
    officer.post(f"{own}pass/", {"last_on": "2026-10-14"})

    assert "可以进场" in page(officer, own)
    assert '<div class="qr-code"' in officer.get(own).content.decode()
    assert identity() not in officer.get(own).content.decode()
    assert "苟长青" in page(officer, f"{LIST}workers/?q=苟")
    officer.post(f"{LIST}passes/{EntryPass.objects.get().pk}/revoke/", {"reason": "丢失"})
    officer.post(f"{own}end/", {"on": "2026-09-14"})
    worker.refresh_from_db()
    assert worker.until_on == TODAY


def test_the_gate_lets_in_and_out_and_says_why_not(field, guard, officer):
    company = make_admitted(field)
    entry = make_pass(field, make_worker(field, company))

    came = text_of(guard.post(GATE, {"code": pass_code(entry)}).content.decode())
    assert "焊工老刘：进场，放行" in came
    assert [one.worker for one in guard.get(GATE).context["inside"]] == [entry.worker]
    assert "已在场内" in text_of(guard.post(GATE, {"code": str(entry.pk)}).content.decode())
    assert guard.post(f"{GATE}?direction=out", {"code": str(entry.pk)}).context["passage"].passed
    officer.post(of(company, "suspend/"), {"reason": "隐患"})
    refused = text_of(guard.post(GATE, {"code": str(entry.pk)}).content.decode())
    assert "焊工老刘：不能放行" in refused
    assert "PC-06" in refused
    wrong = guard.post(GATE, {"code": "forged:code"})
    assert (wrong.status_code, "这不是本系统的入场证" in wrong.content.decode()) == (422, True)
    assert GatePassage.objects.count() == 4

    log = f"{GATE}{field.zone.pk}/log/"
    assert len(guard.get(log, {"state": "refused"}).context["page"].object_list) == 2
    assert b"".join(guard.get(f"{GATE}{field.zone.pk}/export/").streaming_content)[:2] == b"PK"


def test_pages_cost_the_same_for_one_and_for_many(field, officer, guard, statements):
    company = make_admitted(field)
    make_pass(field, make_worker(field, company))
    one = [statements(officer, path) for path in (of(company), f"{LIST}workers/", LIST)] + [statements(guard, GATE)]
    for number in range(2, 7):
        entry = make_pass(field, make_worker(field, company, f"工人{number}", number=number))
        guard.post(GATE, {"code": pass_code(entry)})
    make_company(field, "乙公司", number=2)

    many = [statements(officer, path) for path in (of(company), f"{LIST}workers/", LIST)] + [statements(guard, GATE)]
    assert many == one


def test_the_outsider_finds_nothing_and_the_guard_keeps_nothing(field, guard, as_person):
    company = make_admitted(field)
    worker = make_worker(field, company)
    outsider = as_person(field.outsider)
    for path in (of(company), f"{LIST}workers/{worker.pk}/", f"{LIST}new/", f"{GATE}{field.zone.pk}/log/"):
        assert outsider.get(path).status_code == 404
    assert outsider.get(LIST).context["lines"] == []
    assert "没有您看守的现场" in page(outsider, GATE)
    for act in ("gate/", "agreement/", "suspend/", "resume/", "list/", "delist/", "leave/", "appeal/", "check/",
                "workers/new/"):  # fmt: skip
        assert guard.get(of(company, act)).status_code == 404
    for act in ("pass/", "end/"):
        assert guard.get(f"{LIST}workers/{worker.pk}/{act}").status_code == 404
    own = as_person(worker.person)
    assert own.get(f"{LIST}workers/{worker.pk}/").status_code == 200


def test_an_appeal_waits_in_the_day_of_who_decides(field, as_person, manager, officer):
    company = make_company(field)
    pass_gates(field, company)
    list_contractor(contractor=company, reason="瞒报", reference="9号", actor=field.manager, at=NOW)
    officer.post(of(company, "appeal/"), {"text": "不属实"})

    assert "黑名单申诉等您复核" in page(as_person(field.clerk), "/")
