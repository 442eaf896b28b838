"""`ronghe honour`, `selection` and `banner`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.ballot import NotYourself
from ronghe.cli.main import cli
from ronghe.domain.ballots.services.ballots import AlreadyVoted, NotOnTheList, cast_votes
from ronghe.domain.honours.models import CallObjection, Honour, HonourCall, HonourTitle, Nomination
from ronghe.domain.honours.services.banner import count_round
from ronghe.domain.honours.services.importing import HEADS
from ronghe.domain.org.services.people import open_account
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.honours import make_field, make_honour, make_noticed, make_round, make_title, rate
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db
PASSWORD = "Shan-Shui-2026"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_field()


def test_the_register_is_kept(story, morning, tmp_path):
    clerk, member = Shell(story.clerk, "honour"), Shell(story.members[2], "honour")
    body = story.committee.name
    assert clerk.told("take-over", "--body", body)["added"] > 10
    made = clerk.told("title-add", "安全标兵", "--level", "unit", "--for", "person", "--body", body, "--months", 12)
    clerk.run("title-change", made["id"], "安全之星", "--level", "unit", "--aspect", "safety")
    assert HonourTitle.objects.get(pk=made["id"]).aspects == ["safety"]
    given = ("--body", story.branches[0].name, "--issuer", "油田公司", "--awarded", "2026-07-01")
    proof = tmp_path / "证书.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    honour = clerk.told("add", made["id"], "--person", story.members[0].name, *given, "--proof", proof)
    assert honour["holder"] == story.members[0].name
    assert [row["id"] for row in member.told("list", "--kind", "person")] == [honour["id"]]
    with pytest.raises(NotAllowed):
        Shell(story.secretaries[0], "honour").run("withdraw", honour["id"], "--reason", "撤")
    assert clerk.told("withdraw", honour["id"], "--reason", "材料不实")["state"] == "withdrawn"
    with pytest.raises(NotFound):
        member.run("withdraw", honour["id"], "--reason", "撤")
    clerk.run("title-retire", made["id"])
    assert made["id"] not in [row["id"] for row in member.told("titles")]
    assert made["id"] in [row["id"] for row in member.told("titles", "--all")]


def test_a_table_is_tried_and_written(story, morning, tmp_path):
    make_title(story, morning)
    row = [
        "优秀共产党员",
        "",
        story.members[0].name,
        "",
        story.branches[0].name,
        "2026",
        "油田公司党委",
        "",
        "2026-07-01",
        "",
    ]
    path = tmp_path / "h.xlsx"
    with path.open("wb") as file:
        write_workbook(file, [SheetOut("荣誉", list(HEADS.values()), [row], [12] * len(HEADS))])
    clerk = Shell(story.clerk, "honour")
    assert clerk.told("import", path)["is_dry"]
    assert clerk.told("import", path, "--write")["added"] == Honour.objects.count() == 1


def test_a_selection_from_the_call_to_the_notice(story, morning):
    title, clerk = make_title(story, morning), Shell(story.clerk, "selection")
    secretary = Shell(story.secretaries[0], "selection")
    call = clerk.told("open", title.pk, "--body", story.committee.name, "--quota", 1, "--until", "2026-09-30")
    named = ("--body", story.branches[0].name, "--person", story.members[0].name, "--reasons", "好")
    gone = secretary.told("nominate", call["id"], *named)["id"]
    assert secretary.told("take-back", gone)["state"] == "withdrawn"
    row = secretary.told("nominate", call["id"], *named)["id"]
    honour = make_honour(story, morning, title=title, year=2025)
    secretary.run("evidence", row, "--honour", honour.pk, "--words", "去年的")
    clerk.run("vet", call["id"])
    clerk.run("opinion", row, "organization", "--pass")
    Shell(story.field.auditor, "selection").run("opinion", row, "discipline", "--pass")
    Shell(story.safety, "selection").run("opinion", row, "safety", "--pass")
    clerk.run("vote", call["id"], *(person.name for person in story.field.leaders[:3]))
    assert clerk.told("vote-again", call["id"], "--reason", "名单错了")["state"] == "vetting"
    clerk.run("vote", call["id"])
    found = HonourCall.objects.get()
    for voter in found.ballot.voters.select_related("person"):
        cast_votes(ballot=found.ballot, votes={1: 1}, actor=voter.person, at=morning)
    clerk.run("count", call["id"])
    assert clerk.told("choose", call["id"], row)["state"] == "notice"
    assert [one["id"] for one in clerk.told("show", call["id"])["nominations"]] == [gone, row]
    assert clerk.told("list")[0]["state"] == "notice"


def test_an_objection_the_award_and_calling_off(story, morning):
    call, rows = make_noticed(story, morning)
    clerk = Shell(story.clerk, "selection")
    Shell(story.members[2], "selection").run("object", rows[0].pk, "--text", "请核实")
    objection = CallObjection.objects.get().pk
    assert clerk.told("answer", objection, "--dismissed", "--text", "属实")["state"] == "dismissed"
    HonourCall.objects.update(notice_from="2026-09-01", notice_until="2026-09-08")
    assert clerk.told("award", call.pk, "--number", "厂党〔2026〕9号")["state"] == "awarded"
    assert Nomination.objects.filter(honour__document_number="厂党〔2026〕9号").count() == 2
    other, _rows = make_noticed(story, morning, title=call.title, year=2025)
    assert clerk.told("call-off", other.pk, "--reason", "名额收回")["state"] == "called_off"


def test_the_banner_is_opened_counted_and_settled(story, morning):
    found, clerk = make_round(story, morning), Shell(story.clerk, "banner")
    rate(found, [(1, 1)] * 5, morning)
    assert clerk.told("count", found.pk)["state"] == "tied"
    office = clerk.told("show", found.pk)["offices"][0]
    assert clerk.told("settle", found.pk, office["id"], "--reason", "帮扶更多")["winner"] == office["body"]
    names = [body.name for body in story.branches[:2]]
    made = clerk.told("open", *names, "--body", story.committee.name, "--quarter", 4, "--everybody")
    assert clerk.told("call-off", made["id"], "--reason", "改期")["state"] == "called_off"
    assert len(clerk.told("list")) == 2
    with pytest.raises(NotAllowed):
        Shell(story.members[0], "banner").run("count", found.pk)


def rated(person, found, typed, *, login, password=PASSWORD):
    """What `banner rate` says to the person who types these ratings and then a password."""
    if getattr(person, "account", None) is None:
        open_account(
            person=person, login=login, password=PASSWORD, actor=None, at=timezone.now(), must_change_password=False
        )
    lines = "".join(f"{one}\n" for one in (*typed, password))
    done = CliRunner().invoke(cli, ["--as", login, "banner", "rate", str(found.pk)], input=lines)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_banner_is_rated_from_the_command_line(story, morning):
    found = make_round(story, morning, least_votes=3)
    people = [row.person for row in found.ballot.voters.select_related("person").order_by("pk")][:3]
    for number, person in enumerate(people):
        said = rated(person, found, (5, 0), login=f"v{number}")  # 0: does not know the second office
        assert "已评分" in said

    assert found.ballot.voters.exclude(way="waiting").count() == 3
    count_round(found=found, actor=story.clerk, at=morning)
    assert [(office.rated, office.mean) for office in found.offices.order_by("place")] == [(3, 5), (None, None)]


def test_what_is_typed_for_an_office_is_not_shown(story, morning):
    found = make_round(story, morning)
    said = rated(story.members[2], found, (4, 2), login="v").splitlines()

    asked = [f"{place}. {branch.name}: " for place, branch in enumerate(story.branches[:2], 1)]
    assert said[:3] == [*asked, "密码: "]
    assert PASSWORD not in "".join(said)


def test_a_rating_outside_the_scale_is_asked_for_again(story, morning):
    found = make_round(story, morning)

    assert rated(story.members[2], found, (6, 5, 1), login="v").count(story.branches[0].name) == 2


def test_who_does_not_know_the_password_rates_nothing(story, morning):
    found = make_round(story, morning)
    with pytest.raises(NotYourself):
        rated(story.members[2], found, (5, 5), login="v", password="falsch")

    assert not found.ballot.voters.exclude(way="waiting").exists()


def test_nobody_rates_twice_and_nobody_of_an_office_rates(story, morning):
    found = make_round(story, morning)
    rated(story.members[2], found, (5, 5), login="v")
    with pytest.raises(AlreadyVoted):
        rated(story.members[2], found, (1, 1), login="v")
    with pytest.raises(NotOnTheList):
        rated(story.members[0], found, (5, 5), login="w")
