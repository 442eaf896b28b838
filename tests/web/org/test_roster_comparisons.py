"""比对花名册 on the page: uploaded, settled in bulk, taken back, exported, closed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import Person, RosterComparison
from tests.factories.org import make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db
LIST = "/org/roster/compare/"
HEAD = ["姓名", "员工编号", "班站", "工种", "政治面貌"]


@pytest.fixture
def field(now):
    """马春杰 and 贺红 are on file below a committee whose books 何芳 keeps."""
    area = make_unit("仪陇输气作业区")
    station = make_unit("马鞍站", parent=area)
    body = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    clerk = make_person("何芳")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=body)
    for number, name in enumerate(("马春杰", "贺红"), 1):
        person = make_person(name, unit=station, status="13")
        Person.objects.filter(pk=person.pk).update(staff_number=f"A00{number}", trade="采气工")
    return {"body": body, "clerk": clerk}


@pytest.fixture
def clerk(field, as_person):
    return as_person(field["clerk"])


@pytest.fixture
def outsider(field, as_person):
    return as_person(make_person("倪春梅", home=make_body("采油七队党支部")))


def upload(*rows, name="名单.xlsx"):
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


MA = ["马春杰", "A001", "马鞍站", "集输工", "群众"]


def compared(browser, field, *rows, **changes):
    data = {"body": field["body"].pk, "list_a": upload(*rows), "declares_unclassified": "on", "is_full": "on"}
    return browser.post(LIST, {key: value for key, value in (data | changes).items() if value is not None})


def test_upload_leads_to_the_differences_side_by_side(field, clerk):
    answer = compared(clerk, field, MA)

    found = RosterComparison.objects.get()
    assert answer["Location"] == f"{LIST}{found.pk}/"
    text = clerk.get(answer["Location"]).content.decode()
    assert all(word in text for word in ("采气工", "集输工", "马春杰", "贺红", "名单里没有", "内容不一致"))


@pytest.mark.parametrize(
    ("changes", "field_name"),
    [({"declares_unclassified": None}, "declares_unclassified"), ({"list_a": None}, "list_a"), ({"body": "x"}, "body")],
)
def test_bad_upload_keeps_the_form_pi_06(field, clerk, changes, field_name):
    answer = compared(clerk, field, MA, **changes)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field_name])
    assert not RosterComparison.objects.exists()


def test_classified_words_are_refused_beside_the_form_pi_06(field, clerk):
    answer = compared(clerk, field, MA, list_a=upload(MA, name="2025党内统计年报.xlsx"))

    assert (answer.status_code, "PI-06" in answer.context["form"].non_field_errors()[0]) == (422, True)


def test_comparing_is_for_who_may_import(field, clerk, outsider):
    compared(clerk, field, MA)
    path = f"{LIST}{RosterComparison.objects.get().pk}/"

    assert outsider.get(LIST).status_code == 403
    assert outsider.get(path).status_code == 404
    for act in ("take/a/", "dismiss/", "end/", "close/"):
        assert outsider.post(f"{path}{act}").status_code == 404


def test_chosen_differences_are_taken_dismissed_or_ended_and_taken_back(field, clerk):
    compared(clerk, field, MA)
    found = RosterComparison.objects.get()
    path = f"{LIST}{found.pk}/"
    trade, missing = found.differences.get(field="trade"), found.differences.get(kind="not_listed")

    clerk.post(f"{path}dismiss/", {"chosen": [trade.pk], "reason": ""})
    trade.refresh_from_db()
    assert trade.state == "open"
    clerk.post(f"{path}take/a/", {"chosen": [trade.pk]})
    assert Person.objects.get(name="马春杰").trade == "集输工"
    clerk.post(f"{path}end/", {"chosen": [missing.pk]})
    assert Person.objects.get(name="贺红").valid_until is not None
    assert "撤回" in clerk.get(path, {"state": "ended"}).content.decode()
    clerk.post(f"{path}back/{missing.pk}/")
    assert Person.objects.get(name="贺红").valid_until is None


@pytest.mark.parametrize("chosen", [[], ["abc"], ["9" * 40], ["999999"]])
def test_choosing_badly_settles_nothing(field, clerk, chosen):
    compared(clerk, field, MA)
    found = RosterComparison.objects.get()

    assert clerk.post(f"{LIST}{found.pk}/take/a/", {"chosen": chosen}).status_code == 302
    assert set(found.differences.values_list("state", flat=True)) == {"open"}
    assert clerk.post(f"{LIST}{found.pk}/take/c/").status_code == 404


def test_filters_take_any_word(field, clerk):
    compared(clerk, field, MA)
    path = f"{LIST}{RosterComparison.objects.get().pk}/"

    assert [line["what"] for line in clerk.get(path, {"kind": "differs"}).context["lines"]] == ["工种"]
    assert len(clerk.get(path, {"kind": "zzz", "state": "zzz", "page": "x"}).context["lines"]) == 2


def test_workbook_holds_the_differences(field, clerk):
    compared(clerk, field, MA)

    answer = clerk.get(f"{LIST}{RosterComparison.objects.get().pk}/export/")

    rows = list(load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0].values)
    assert rows[0][:5] == ("类别", "姓名", "项目", "本平台", "名单甲")
    assert ("内容不一致", "马春杰", "工种", "采气工", "集输工") in [row[:5] for row in rows]


def test_closed_comparison_says_so_and_offers_no_act(field, clerk):
    compared(clerk, field, MA)
    path = f"{LIST}{RosterComparison.objects.get().pk}/"

    clerk.post(f"{path}close/")

    text = clerk.get(path, {"state": "all"}).content.decode()
    assert ("比对已结束" in text, "集输工" in text, "采用名单甲" in text) == (True, False, False)
