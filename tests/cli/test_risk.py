"""`ronghe risk`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import make_risk, safety_of
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_an_area_and_a_risk_from_entered_to_closed(story):
    lead, safety = Shell(story.lead, "risk"), Shell(safety_of(story), "risk")
    area = lead.told("area", "open", "脱水区", "--body", story.body.pk, "--zone", story.zone.pk)["id"]
    assert lead.told("area", "change", area, "--bounds", "围墙内")["bounds"] == "围墙内"
    made = lead.told(
        "add", area, "油气积聚", "--grade", "yellow", "--measures", "通风", "--owner", story.members[0].name
    )
    number = made["id"]
    assert lead.told("change", number, "--measures", "通风、复测", "--reason", "补一条")["version"] == 2
    assert lead.told("raise", number, "--reason", "超限")["grade"] == "orange"
    with pytest.raises(NotAllowed):
        lead.run("review", number, "--grade", "yellow", "--reason", "好")
    assert safety.told("review", number, "--grade", "yellow", "--reason", "合格")["is_raised"] is False
    assert [row["title"] for row in safety.told("on", area)] == ["油气积聚"]
    assert safety.told("on", area, "--day", "2026-09-13") == []
    assert "复评" in lead.run("show", number)
    assert len(lead.told("show", number)["versions"]) == 4
    assert "共 1 项" in lead.run("list", "--grade", "yellow")
    assert lead.told("area", "list")[0]["count"] == 1
    assert lead.told("close", number, "--reason", "没有了")["is_closed"] is True
    assert "已撤销" in lead.run("area", "close", area)


def test_a_stranger_finds_nothing(story, morning):
    risk = make_risk(story, morning)
    stranger = Shell(make_person("过客"), "risk")

    assert stranger.told("list") == []
    for arguments in (("show", risk.pk), ("on", risk.area_id), ("close", risk.pk, "--reason", "x")):
        with pytest.raises(NotFound):
            stranger.run(*arguments)
