"""`ronghe partylife`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.org import make_account
from tests.factories.partylife import make_life
from tests.factories.rhythm import photo
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def life(morning):
    life = make_life()
    for login, person in (("shuji", life.secretary), ("dangyuan", life.members[0]), ("dangqun", life.clerk)):
        make_account(person, login)
    return life


def run(login, *arguments):
    done = CliRunner().invoke(cli, ["--as", login, "partylife", *(str(argument) for argument in arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def told(login, *arguments):
    return json.loads(run(login, *arguments, "--json"))


def test_talks_and_pairs(life):
    number = told("shuji", "talk", "段小龙", "--topic", "work", "--text", "谈了工作")["id"]
    assert told("dangyuan", "confirm", number) == {"id": number, "state": "confirmed"}
    assert "段小龙" in run("shuji", "talks")
    assert told("shuji", "pairs", life.branch.pk)["met"] == 1
    assert "1 / 7" in run("shuji", "pairs", life.branch.pk)
    with pytest.raises(NotFound):
        run("dangyuan", "confirm", 999)


def test_birthdays_and_oaths(life):
    assert [row["years"] for row in told("shuji", "birthdays", life.branch.pk, "--month", 9)] == [10, 20]
    assert told("shuji", "birthday", "段小龙", "蒋大山", "--body", life.branch.pk)["id"]
    assert told("shuji", "oath", "段小龙", "--body", life.branch.pk)["id"]
    with pytest.raises(DomainError):
        run("shuji", "oath", "段小龙", "--body", life.branch.pk, "--kind", "admission")


def test_sites(life, tmp_path):
    assert told("dangqun", "site", "旧址", "--body", life.committee.pk, "--kind", "base", "--at", "46.5,125")["id"]
    assert "旧址" in run("dangyuan", "sites")
    assert "no_such" in CliRunner().invoke(
        cli, ["--as", "dangqun", "partylife", "site", "x", "--body", "1", "--kind", "no_such"]
    ).output  # fmt: skip
    write_workbook(tmp_path / "sites.xlsx", [SheetOut("红色资源", ["名称", "类别"], [["新馆", "教育基地"]])])
    assert told("dangqun", "import-sites", tmp_path / "sites.xlsx", "--body", life.committee.pk) == {"sites": 1}
    with pytest.raises(NotFound):
        run("dangyuan", "sites", "--from", "zone-1")


def test_classes(life):
    given = ("--body", life.branch.pk, "--day", "2026-09-20", "--teller", "段小龙")
    number = told("shuji", "class", "大庆会战", *given)["id"]
    assert "大庆会战" in run("dangyuan", "classes")
    assert told("shuji", "plan-class", number, "--from", "2026-09-20 16:00", "--until", "2026-09-20 17:00")["activity"]


def test_hours(life, tmp_path):
    proof = tmp_path / "证.jpg"
    proof.write_bytes(photo().content.read())
    entry = told("dangyuan", "claim", "党校", "--form", "off_job", "--amount", "2", "--proof", proof)
    assert (entry["state"], entry["hours"]) == ("waiting", "16.00")
    assert told("shuji", "confirm-hours", entry["id"])["state"] == "confirmed"
    assert "16.00 / 32" in run("dangyuan", "hours")
    assert len(told("shuji", "hours", "--body", life.branch.pk)) == 5
    assert (
        told("shuji", "claim", "讲座", "--form", "lecture", "--amount", "1", "--person", "何秀兰")["state"]
        == "confirmed"
    )


def test_what_was_talked_about_is_read_by_the_two_on_the_record(life):
    number = told("shuji", "talk", "段小龙", "--topic", "work", "--text", "谈了工作")["id"]
    looks = Look.objects.count()
    assert "谈了工作" in run("shuji", "read-talk", number)
    assert Look.objects.count() == looks + 1
    with pytest.raises((NotAllowed, NotFound)):
        Shell(life.officer, "partylife").run("read-talk", number)
    assert Look.objects.count() == looks + 1
