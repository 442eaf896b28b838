"""证件和培训 on the page: lists, one record, acts, sealed things opened on record, and who gets what."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ronghe.domain.qualifications.models import Certificate, HealthRestriction, Lesson, ProvenViolation, WorkBreak
from ronghe.domain.qualifications.services.importing import HEADS
from ronghe.domain.qualifications.services.lessons import note_violation
from ronghe.kernel.access.models import Look
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.org import make_person
from tests.factories.qualifications import NOW, NUMBER, certify, make_qualified, teach
from tests.web.conftest import squeezed, text_of

pytestmark = pytest.mark.django_db
HERE = "/field/qualifications/"


@pytest.fixture
def field(now):
    return make_qualified()


@pytest.fixture
def officer(field, as_person):
    return as_person(field.officer)


@pytest.fixture
def outsider(field, as_person):
    return as_person(field.outsider)


def of(person, act=""):
    return f"{HERE}people/{person.pk}/{act}"


def test_pages_want_a_log_in(client, field):
    for path in (HERE, f"{HERE}check/", f"{HERE}import/", of(field.welder)):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_the_list_is_filtered_sorted_and_exported(field, officer, outsider):
    row = certify(field)
    assert [line[0] for line in officer.get(HERE).context["lines"]] == [row]
    asked = [
        {"state": "due"},
        {"state": "zzz"},
        {"kind": "crane"},
        {"q": "老刘"},
        {"sort": "-name"},
        {"page": "9" * 20},
    ]
    counts = [len(officer.get(HERE, query).context["lines"]) for query in asked]

    assert counts == [0, 1, 0, 1, 1, 1]
    assert outsider.get(HERE).context["lines"] == []
    exported = officer.get(f"{HERE}export/")
    assert b"".join(exported.streaming_content)[:2] == b"PK"
    whole, rows = officer.get(HERE).content.decode(), officer.fragment(HERE).content.decode()
    assert squeezed(rows) in squeezed(whole)
    assert NUMBER not in whole


def test_a_certificate_is_entered_reviewed_and_withdrawn(field, officer):
    data = {"kind": "welding_and_cutting", "number": NUMBER, "issued_on": "2024-09-15"}
    assert officer.post(of(field.welder, "certificates/new/"), data)["Location"] == of(field.welder)
    row = Certificate.objects.get()
    page = f"{HERE}{row.pk}/"
    early = officer.post(f"{page}review/", {"on": "2026-09-14", "passed": "passed", "hours": "8"})
    officer.post(f"{page}practice/", {"on": "2026-09-14", "passed": "failed"})

    assert (early.status_code, "2027-07-16" in early.content.decode()) == (422, True)
    assert "没有通过" in text_of(officer.get(page).content.decode())
    assert NUMBER in officer.post(f"{page}number/").content.decode()
    assert Look.objects.count() == 1
    officer.post(f"{page}withdraw/", {"reason": "换证"})
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_what_is_typed_wrong_comes_back_with_a_reason(field, officer):
    certify(field)
    twice = {"kind": "welding_and_cutting", "number": NUMBER, "issued_on": "2024-09-15"}
    for data in ({}, {**twice, "issued_on": "x"}, {**twice, "kind": "x"}, twice):
        assert officer.post(of(field.welder, "certificates/new/"), data).status_code == 422


def test_a_person_page_says_what_is_missing_and_takes_what_is_learnt(field, officer):
    assert "还不能进场" in officer.get(of(field.newcomer)).content.decode()
    lesson = {"level": "company", "held_on": "2026-09-14", "hours": "24", "result": "passed", "mark": "92"}
    officer.post(of(field.newcomer, "lessons/new/"), lesson)
    people = {"people": [field.newcomer.pk, field.welder.pk]}
    officer.post(f"{HERE}lessons/new/", {**lesson, "level": "project", **people})
    officer.post(f"{HERE}lessons/new/", {**lesson, "level": "team", **people})

    assert "进场条件齐全" in officer.get(of(field.newcomer)).content.decode()
    officer.post(f"{HERE}lessons/{Lesson.objects.filter(person=field.newcomer, level='team').get().pk}/withdraw/")
    assert "班组级安全教育只有 0 学时" in officer.get(of(field.newcomer)).content.decode()
    officer.post(of(field.welder, "breaks/new/"), {"kind": "leave", "began_on": "2026-01-01", "ended_on": "2026-09-01"})
    officer.post(of(field.welder, "violations/new/"), {"on": "2026-09-01", "reference": "〔1〕"})
    assert (WorkBreak.objects.count(), ProvenViolation.objects.count()) == (1, 1)


def test_health_is_sealed_on_the_page_and_opened_on_record(field, officer, as_person):
    data = {"text": "高血压Ⅱ级", "operations": ["work_at_height"], "on": "2026-09-14"}
    officer.post(of(field.welder, "health/new/"), data)
    row = HealthRestriction.objects.get()

    assert "高血压" not in officer.get(of(field.welder)).content.decode()
    assert "高血压Ⅱ级" in officer.post(f"{HERE}health/{row.pk}/open/").content.decode()
    secretary = as_person(field.secretary)
    assert secretary.post(f"{HERE}health/{row.pk}/open/").status_code == 404
    assert Look.objects.filter(compartment="health").count() == 1
    officer.post(f"{HERE}health/{row.pk}/lift/", {"on": "2026-09-14"})
    row.refresh_from_db()
    assert row.lifted_on is not None


def test_the_check_costs_the_same_for_one_and_for_many(field, officer, statements):
    path = f"{HERE}check/?operation=hot_work"
    one = statements(officer, path)
    for _ in range(12):
        teach(field.officer, make_person(unit=field.unit))

    assert statements(officer, path) == one
    assert "没有“焊接与热切割作业”证件（PW-11）" in text_of(officer.get(path).content.decode())
    assert officer.get(f"{HERE}check/", {"operation": "x"}).status_code == 200


def test_a_table_is_tried_and_then_written(field, officer, tmp_path):
    path = tmp_path / "t.xlsx"
    row = ["", "", "焊工老刘", "焊工", NUMBER, "", "2024-09-15", "", ""]
    write_workbook(path, [SheetOut("证件", list(HEADS.values()), [row])])

    def send(**more):
        return officer.post(f"{HERE}import/", {"table": SimpleUploadedFile("t.xlsx", path.read_bytes()), **more})

    assert (send()["Location"], Certificate.objects.count()) == (f"{HERE}import/", 0)
    assert (send(is_real="on")["Location"], Certificate.objects.count()) == (HERE, 1)
    bad = officer.post(f"{HERE}import/", {"table": SimpleUploadedFile("t.xlsx", b"nothing")})
    assert bad.status_code == 422


def test_what_the_roster_says_fills_the_form(field, officer):
    kept = field.welder.certificates.create(kind="焊工", number=NUMBER)

    form = officer.get(of(field.welder, "certificates/new/"), {"from": kept.pk}).context["form"]

    assert (form.initial["kind"], form.initial["number"]) == ("welding_and_cutting", NUMBER)


def test_who_keeps_nobody_finds_nothing_to_do(field, outsider, as_person):
    row = certify(field)
    for path in (of(field.welder), f"{HERE}{row.pk}/", f"{HERE}import/", f"{HERE}lessons/new/"):
        assert outsider.get(path).status_code == 404
    welder = as_person(field.welder)
    assert welder.get(of(field.welder)).status_code == 200
    for act in ("certificates/new/", "lessons/new/", "breaks/new/", "violations/new/", "health/new/"):
        assert welder.get(of(field.welder, act)).status_code == 404
    for act in ("review/", "practice/", "withdraw/"):
        assert welder.get(f"{HERE}{row.pk}/{act}").status_code == 404
    assert welder.post(f"{HERE}{row.pk}/number/").status_code == 404


def test_a_manager_s_page_says_what_hours_are_missing_and_others_hear_nothing_of_it_pc_13(field, officer):
    short = officer.get(of(field.officer))
    assert "任职培训不够" in text_of(short.content.decode())
    assert "PC-13" in short.content.decode()
    assert officer.get(of(field.welder)).context["managing"] is None

    lesson = {"level": "manager", "held_on": "2026-09-10", "hours": "24", "result": "passed"}
    for day in ("2026-09-09", "2026-09-10"):
        officer.post(of(field.officer, "lessons/new/"), {**lesson, "held_on": day})

    assert officer.get(of(field.officer)).context["managing"] == []


def test_the_check_for_managing_lists_managers_alone_pc_13(field, officer):
    teach(field.officer, field.welder)

    lines = officer.get(f"{HERE}check/", {"operation": "managing"}).context["lines"]

    assert [(one.name, [lack.rule for lack in lacks]) for one, lacks in lines] == [("康德刚", ["PC-13"])]


def test_the_page_of_a_certificate_shows_the_violations_that_count_at_its_review_pc_16(field, officer):
    row = certify(field)
    page = f"{HERE}{row.pk}/"
    assert officer.get(page).context["is_barred"] is False
    for number in ("一", "二"):
        note_violation(
            person=field.welder,
            on=row.issued_on,
            reference=f"违章{number}号",
            is_grave=False,
            actor=field.officer,
            at=NOW,
        )

    shown = officer.get(page)

    assert shown.context["is_barred"] is True
    assert "违章一号" in shown.content.decode()
    assert "复审不能通过" in text_of(shown.content.decode())
