from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from ronghe.domain.org.enums import PartyOrgKind, PostRole, RosterState, UnitKind
from ronghe.domain.org.models import Person, RosterImport
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA
from tests.factories.org import make_account, make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    area = make_unit("仪陇输气作业区", kind=UnitKind.OPERATION_AREA)
    committee = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    person = make_person("何芳", unit=area)
    make_post(person, PostRole.COMMITTEE_CLERK, body=committee)
    person.body = committee
    return person


@pytest.fixture
def browser(clerk):
    client = Client()
    client.force_login(make_account(clerk))
    return client


def roster(tmp_path, *rows, name="花名册.xlsx"):
    return SimpleUploadedFile(name, xlsx(tmp_path / name, [HEAD, *rows]).read_bytes())


def upload(browser, clerk, file, **further):
    given = {"body": clerk.body.pk, "uploads": file, "declares_unclassified": "on"} | further
    return browser.post("/org/roster/", given)


def test_roster_is_uploaded_previewed_and_accepted(browser, clerk, tmp_path):
    sent = upload(browser, clerk, roster(tmp_path, MA, HE))
    found = RosterImport.objects.get()
    preview = browser.get(sent.url)
    accepted = browser.post(f"/org/roster/{found.pk}/accept/")

    assert sent.url == f"/org/roster/{found.pk}/"
    assert "身份证号" in preview.content.decode()
    assert accepted.url == sent.url
    assert list(Person.objects.exclude(pk=clerk.pk).order_by("name").values_list("name", flat=True)) == [
        "贺红",
        "马春杰",
    ]
    assert "新增人员" in browser.get(sent.url).content.decode()


def test_upload_without_the_declaration_is_refused_beside_the_field_pi_06(browser, clerk, tmp_path):
    answer = upload(browser, clerk, roster(tmp_path, MA), declares_unclassified="")

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"declares_unclassified": ["请先声明文件中没有国家秘密（PI-06），再上传。"]}


def test_unreadable_file_is_told_beside_the_field(browser, clerk):
    answer = upload(browser, clerk, SimpleUploadedFile("a.xlsx", b"%PDF-1.7 x"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["uploads"])


def test_warning_asks_for_a_reason_and_keeps_it(browser, clerk, tmp_path):
    upload(browser, clerk, roster(tmp_path, MA, [9, *MA[1:]]))
    found = RosterImport.objects.get()

    without = browser.post(f"/org/roster/{found.pk}/accept/", {"duplicate_row": ""})
    with_reason = browser.post(f"/org/roster/{found.pk}/accept/", {"duplicate_row": "同一人两次登记"})

    found.refresh_from_db()
    assert (without.status_code, with_reason.status_code) == (422, 302)
    assert (found.state, found.reasons) == (RosterState.ACCEPTED, {"duplicate_row": "同一人两次登记"})


def test_errors_leave_nothing_to_accept(browser, clerk, tmp_path):
    sent = upload(browser, clerk, roster(tmp_path, [*MA[:3], 9.9e17, *MA[4:]]))

    page = browser.get(sent.url).content.decode()
    answer = browser.post(f"{sent.url}accept/")

    assert "还不能导入。" in page
    assert "确认导入" not in page
    assert (answer.status_code, Person.objects.filter(name="马春杰").exists()) == (422, False)


def test_report_is_a_workbook_with_the_problems(browser, clerk, tmp_path):
    sent = upload(browser, clerk, roster(tmp_path, MA, [9, *MA[1:]]))

    answer = browser.get(f"{sent.url}report/")

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [ws.title for ws in book] == ["问题清单", "Sheet1"]


def test_discarded_roster_is_gone(browser, clerk, tmp_path):
    sent = upload(browser, clerk, roster(tmp_path, MA))

    browser.post(f"{sent.url}discard/")

    assert RosterImport.objects.get().state == RosterState.DISCARDED


def test_roster_of_another_body_is_unseen(browser, clerk, tmp_path):
    sent = upload(browser, clerk, roster(tmp_path, MA))
    far = make_person("彭兰")
    make_post(far, PostRole.SECRETARY, body=make_body("平昌党支部", unit=make_unit("平昌")))
    stranger = Client()
    stranger.force_login(make_account(far))

    assert stranger.get(sent.url).status_code == 404
    assert stranger.post(f"{sent.url}accept/").status_code == 404
    assert stranger.get(f"{sent.url}report/").status_code == 404


def test_somebody_without_a_post_may_not_open_the_page():
    client = Client()
    client.force_login(make_account(make_person("董亮")))

    assert client.get("/org/roster/").status_code == 403


def test_looking_at_the_pages_writes_nothing(browser, clerk, tmp_path, django_assert_max_num_queries):
    sent = upload(browser, clerk, roster(tmp_path, MA))

    with django_assert_max_num_queries(12) as seen:
        browser.get(sent.url)

    assert [q["sql"] for q in seen.captured_queries if q["sql"].startswith(("INSERT", "DELETE"))] == []
