"""Comparing rosters through the API."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import Stale
from tests.factories.org import make_account, make_body, make_person, make_post, make_unit
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db
HERE = "/api/v1/rosters/comparisons"


@pytest.fixture
def field():
    area = make_unit("仪陇输气作业区")
    body = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    clerk = make_person("何芳")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=body)
    for number, name in enumerate(("马春杰", "贺红"), 1):
        person = make_person(name, unit=area, status="13")
        Person.objects.filter(pk=person.pk).update(staff_number=f"A00{number}", trade="采气工")
    return {"body": body, "person": clerk, "clerk": client_of(clerk), "outsider": client_of(make_person("倪春梅"))}


def client_of(person) -> Client:
    client = Client()
    client.force_login(make_account(person))
    return client


def upload():
    book = Workbook()
    for row in (["姓名", "员工编号", "工种", "政治面貌"], ["马春杰", "A001", "集输工", "群众"]):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("名单.xlsx", out.getvalue())


def compared(field, **changes):
    data = {"body": field["body"].pk, "declares_unclassified": True, "is_full": True, "list_a": upload()} | changes
    return field["clerk"].post(HERE, data)


def test_differences_are_told_taken_ended_and_taken_back(field):
    made = compared(field)
    assert made.status_code == 201, made.content
    found = made.json()
    kinds = {row["kind"]: row["id"] for row in found["differences"]}
    assert sorted(kinds) == ["differs", "not_listed"]
    path = f"{HERE}/{found['id']}"

    def send(act, **body):
        return field["clerk"].post(f"{path}/{act}", body, content_type="application/json")

    assert send("take", differences=[kinds["differs"]], side="c").status_code == 422
    assert send("take", differences=[999999], side="a").status_code == 404
    assert send("take", differences=[kinds["differs"]], side="a").json() == {"count": 1}
    assert send("take", differences=[kinds["differs"]], side="a").json()["code"] == "stale"
    assert send("dismiss", differences=[kinds["not_listed"]], reason=" ").json()["code"] == "no_reason"
    assert send("end", differences=[kinds["not_listed"]]).json() == {"count": 1}
    assert send(f"differences/{kinds['not_listed']}/back").json()["state"] == "open"
    assert Person.objects.get(name="马春杰").trade == "集输工"
    assert send("close").json()["closed_at"] is not None


def test_comparisons_of_others_are_not_found(field):
    found = compared(field).json()

    assert field["outsider"].get(HERE).json() == []
    assert field["outsider"].get(f"{HERE}/{found['id']}").status_code == 404
    assert field["outsider"].post(HERE, {"body": field["body"].pk, "list_a": upload()}).status_code in (404, 422)


def test_undeclared_lists_are_not_read_pi_06(field):
    assert compared(field, declares_unclassified=False).json()["code"] == "not_declared"


def test_a_leaving_is_taken_back_and_a_comparison_closed_on_the_command_line(field):
    found = compared(field).json()
    missing = next(row["id"] for row in found["differences"] if row["kind"] == "not_listed")
    shell = Shell(field["person"], "roster")
    shell.run("end", found["id"], missing)
    assert Person.objects.get(name="贺红").valid_until is not None
    assert "已撤回" in shell.run("back", found["id"], missing)
    assert Person.objects.get(name="贺红").valid_until is None
    assert "已结束" in shell.run("close", found["id"])
    with pytest.raises(Stale):
        shell.run("close", found["id"])
