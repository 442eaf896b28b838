"""`ronghe honour`, `selection` and `banner`."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.honours.models import CallObjection, Honour, HonourCall, HonourTitle, Nomination
from ronghe.domain.honours.services.importing import HEADS
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.tabular.writing import SheetOut, write_workbook
from tests.factories.honours import make_field, make_honour, make_noticed, make_round, make_title, rate
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


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
