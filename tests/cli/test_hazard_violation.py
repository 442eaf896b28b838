"""`ronghe hazard` and `ronghe violation`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone, photo
from tests.factories.risks import make_area, make_risk, safety_of
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_a_hazard_is_reported_and_assessed(story, morning, tmp_path):
    risk = make_risk(story, morning)
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    member, safety = Shell(story.members[1], "hazard"), Shell(safety_of(story), "hazard")
    number = member.told("report", "法兰渗油", "--area", risk.area_id, "--photo", picture)["id"]
    five = ("--grade", "general", "--owner", story.members[0].name, "--measure", "换", "--money", "0", "--plan", "值守")
    with pytest.raises(NotAllowed):
        member.run("assess", number, *five)
    assert safety.told("assess", number, *five, "--due", "2026-09-20", "--risk", risk.pk)["state"] == "rectifying"
    assert "共 1 件" in safety.run("list", "--state", "rectifying")
    assert safety.told("figures")["whole"]["open"] == 1
    assert "原油脱水区" in safety.run("figures")


def test_a_violation_is_reported_and_confirmed(story, morning):
    make_area(story, morning)
    lead, safety = Shell(story.lead, "violation"), Shell(safety_of(story), "violation")
    named = ("--person", story.members[2].name, "--certificate", "T230602198801011234")
    number = lead.told("report", "未系安全带", "--sort", "operation", "--body", story.body.pk, *named)["id"]
    confirm = ("--grade", "serious", "--owner", story.members[0].name, "--note", "看了录像", "--serious-harm")
    with pytest.raises(NotAllowed):
        lead.run("confirm", number, *confirm)
    assert safety.told("confirm", number, *confirm)["is_settled"] is True
    assert [row["id"] for row in safety.told("list", "--all")] == [number]
    assert safety.told("figures", "--days", 1)["whole"]["worse"] == 1


def test_a_stranger_finds_nothing(story):
    stranger = Shell(make_person("过客"), "hazard")

    assert stranger.told("list") == []
    with pytest.raises(NotFound):
        stranger.run("report", "x", "--area", 1)
