from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import Person
from tests.domain.org.calc.roster.sheets import HE, HEAD, MA
from tests.factories.org import make_account, make_body, make_person, make_post, make_unit
from tests.kernel.tabular.files import xlsx

pytestmark = pytest.mark.django_db
HERE = "/api/v1/rosters"


@pytest.fixture
def clerk():
    area = make_unit("仪陇输气作业区", kind=UnitKind.OPERATION_AREA)
    committee = make_body("仪陇输气作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    person = make_person("何芳", unit=area)
    make_post(person, PostRole.COMMITTEE_CLERK, body=committee)
    person.body = committee
    return person


@pytest.fixture
def program(clerk):
    client = Client()
    client.force_login(make_account(clerk))
    return client


def upload(program, clerk, tmp_path, *rows, **further):
    file = SimpleUploadedFile("花名册.xlsx", xlsx(tmp_path / "a.xlsx", [HEAD, *rows]).read_bytes())
    return program.post(HERE, {"body": clerk.body.pk, "declares_unclassified": True, "files": file} | further)


def test_roster_goes_in_by_program(program, clerk, tmp_path):
    sent = upload(program, clerk, tmp_path, MA, HE)
    accepted = program.post(f"{HERE}/{sent.json()['id']}/accept", {}, content_type="application/json")

    assert (sent.status_code, sent.json()["counts"]["added"], sent.json()["problems"]) == (201, 2, [])
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert Person.objects.filter(name="马春杰").exists()
    assert [row["id"] for row in program.get(HERE).json()] == [sent.json()["id"]]


def test_open_warning_is_a_refusal_until_a_reason_is_given(program, clerk, tmp_path):
    sent = upload(program, clerk, tmp_path, MA, [9, *MA[1:]]).json()
    path = f"{HERE}/{sent['id']}/accept"

    refused = program.post(path, {"reasons": {}}, content_type="application/json")
    accepted = program.post(path, {"reasons": {"duplicate_row": "两次登记"}}, content_type="application/json")

    assert [p["code"] for p in sent["problems"]] == ["duplicate_row"]
    assert (refused.status_code, refused.json()["code"]) == (409, "problems_open")
    assert accepted.json()["reasons"] == {"duplicate_row": "两次登记"}


def test_declaration_is_asked_for_pi_06(program, clerk, tmp_path):
    answer = upload(program, clerk, tmp_path, MA, declares_unclassified=False)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_declared")


def test_unreadable_file_is_misshapen(program, clerk):
    file = SimpleUploadedFile("a.xlsx", b"%PDF-1.7 x")

    answer = program.post(HERE, {"body": clerk.body.pk, "declares_unclassified": True, "files": file})

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_file_type")


def test_body_and_roster_of_others_are_unseen(program, clerk, tmp_path):
    far = make_body("平昌党支部", unit=make_unit("平昌"))
    sent = upload(program, clerk, tmp_path, MA).json()
    person = make_person("彭兰")
    make_post(person, PostRole.SECRETARY, body=far)
    stranger = Client()
    stranger.force_login(make_account(person))

    assert upload(program, clerk, tmp_path, MA, body=far.pk).status_code == 404
    assert stranger.get(f"{HERE}/{sent['id']}").status_code == 404


def test_discarded_roster_cannot_be_accepted(program, clerk, tmp_path):
    sent = upload(program, clerk, tmp_path, MA).json()

    program.post(f"{HERE}/{sent['id']}/discard")

    refused = program.post(f"{HERE}/{sent['id']}/accept", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "stale")
