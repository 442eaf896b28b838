"""`ronghe zone`, `taskforce` and `agreement`: the sheet, the figures, the people, and what sides say to each other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.agreements.enums import EndingKind
from ronghe.domain.agreements.services.ending import end_agreement
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.agreements_story import agree_all, make_draft, make_sides, make_signed, party_of
from tests.factories.rhythm import make_zone, photo
from tests.factories.taskforces import make_running, sum_up
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def test_a_line_of_the_sheet_is_written_and_ended():
    story = make_zone()
    lead, zone = Shell(story.lead, "zone"), story.zone.pk
    line = lead.told("add-line", zone, "safety", "动火监护", "--duty", "全程监护", "--lead", "builder", "--assist",
                     "supervision", "--person", story.members[0].name, "--due", "2026-10-01")  # fmt: skip
    assert (line["assists"], line["person"], line["due_on"]) == (["supervision"], story.members[0].name, "2026-10-01")
    assert "动火监护" in lead.run("sheet", zone, "--side", "builder")
    lead.run("end-line", zone, line["id"])
    assert line["id"] not in [row["id"] for row in lead.told("sheet", zone)]
    with pytest.raises(NotFound):
        lead.run("end-line", zone, line["id"])


def test_a_zone_is_renamed_and_its_committee_sets_a_figure():
    story = make_zone()
    assert (
        Shell(story.lead, "zone").told("change", story.zone.pk, "--name", "南I-1党建协作区")["name"]
        == "南I-1党建协作区"
    )
    clerk = Shell(story.clerk, "zone")
    assert clerk.told("set-parameter", story.committee.pk, "several_projects", 5)["value"] == 5
    assert {row["name"]: row["value"] for row in clerk.told("parameters", story.committee.pk)}["several_projects"] == 5
    with pytest.raises(NotAllowed):
        Shell(story.members[0], "zone").run("change", story.zone.pk, "--name", "改着玩")


def test_a_group_takes_people_in_declares_itself_and_shows_its_outcome(morning, tmp_path):
    story = make_running(morning)
    force, file = story.force.pk, tmp_path / "现场.jpg"
    file.write_bytes(photo().content.read())
    secretary, leader = Shell(story.secretary, "taskforce"), Shell(story.leader, "taskforce")
    assert secretary.told("add-member", force, story.members[-1].name, "--leader")["part"] == "leader"
    people = secretary.told("show", force)["members"]
    before = next(row["id"] for row in people if row["name"] == story.leader.name)
    assert secretary.told("add-member", force, story.leader.name, "--leader")["person"] == story.leader.name
    assert leader.told("describe", force, "--brand", "数智先锋")["brand"] == "数智先锋"
    leader.run("mark", force, file)
    Shell(story.guide, "taskforce").run("track", force, "--text", "先通一个站")
    sum_up(story, morning)
    leader.run("outcome-file", force, file)
    assert story.force.outcome_files.count() == 1
    with pytest.raises(NotFound):
        Shell(story.outsider, "taskforce").run("remove-member", force, before)


def test_sides_talk_name_a_signer_and_give_up(morning):
    sides = make_sides(morning)
    agreement = make_draft(sides, morning)
    first, second = (Shell(person, "agreement") for person in sides.secretaries)
    remark = second.told("comment", agreement.pk, "--text", "期限太紧")["id"]
    first.run("comment", agreement.pk, "--text", "可以宽十天", "--reply-to", remark)
    assert second.told("remarks", agreement.pk)[0]["replies"] == ["可以宽十天"]
    assert second.told("settle", agreement.pk, remark)["is_settled"] is True
    assert second.told("settle", agreement.pk, remark, "--reopen")["is_settled"] is False
    first.run("consent", agreement.pk, "--version", 1)
    first.run("consent-back", agreement.pk)
    agree_all(agreement, sides, morning)
    first.run("signer", agreement.pk, sides.members[0].name, "--document", "〔2026〕7号")
    first.run("signer-back", agreement.pk)
    with pytest.raises(NotFound):
        first.run("signer-back", agreement.pk)
    with pytest.raises(NotFound):
        Shell(sides.members[1], "agreement").run("call-off", agreement.pk)
    assert first.told("call-off", agreement.pk)["state"] == "called_off"


def test_an_ending_is_declined_withdrawn_and_agreed_to(morning):
    sides = make_sides(morning)
    agreement = make_signed(sides, morning)
    first, second = (Shell(person, "agreement") for person in sides.secretaries)

    def propose() -> None:
        end_agreement(
            agreement=agreement, party=party_of(agreement, 0), kind=EndingKind.BOTH_AGREE, summary="两站已通",
            finals={goal.pk: goal.target for goal in agreement.goals.all()}, actor=sides.secretaries[0], at=morning,
        )  # fmt: skip

    assert first.told("supplement", agreement.pk, "--until", "2026-12-01")["state"] == "negotiating"
    with pytest.raises(NotFound):
        second.run("answer-ending", agreement.pk, "agree")
    propose()
    assert second.told("answer-ending", agreement.pk, "decline", "--reason", "还差一站")["state"] == "in_force"
    propose()
    first.run("answer-ending", agreement.pk, "withdraw")
    propose()
    assert second.told("answer-ending", agreement.pk, "agree")["state"] == "ended"
