"""`ronghe inspection` and `ronghe finding`: a visit to its grade, a call, and a finding to its effect."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.inspections.enums import InspectionForm, Verdict
from ronghe.domain.inspections.services.arranging import CallOpen, GroupInConflict, ReasonMissing
from ronghe.domain.inspections.services.grading import GradeUnexplained, NoticeRunning
from ronghe.domain.inspections.services.visiting import ItemsMissing, VerdictUnexplained, VisitOver
from ronghe.domain.items.models import WorkItem
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.inspections import Visited, carried, judge_all, make_finding, make_inspection, sealed
from tests.factories.org import make_body, make_person
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db
DAY = "2026-09-14"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return Visited()


@pytest.fixture
def clerk(story):
    return Shell(story.clerk, "inspection")


def test_a_visit_is_arranged_shown_judged_found_in_and_sealed(story, clerk):
    given = ("arrange", "采油一队党支部", "--form", "routine", "--checklist", "short_visit", "--from", DAY)
    with pytest.raises(GroupInConflict, match="王党员"):
        clerk.run(*given, "--member", "周干事", "--member", "王党员")
    made = clerk.told(*given, "--member", "周干事", "--member", "郑监督")
    assert (made["state"], made["planned_on"], made["body"]) == ("planned", DAY, "采油一队党支部")
    number = made["id"]
    assert [one["is_missing"] for one in clerk.told("show", number)["items"]] == [True] * 5
    with pytest.raises(VerdictUnexplained):
        clerk.run("judge", number, "records", "not_met")
    judged = clerk.told("judge", number, "records", "partly", "--mark", "7.5", "--words", "缺三天")
    assert (judged["verdict"], judged["mark"]) == ("partly", "7.5")
    found = clerk.told("finding", number, "records")["finding"]
    assert WorkItem.objects.get().pk == found
    with pytest.raises(ItemsMissing):
        clerk.run("seal", number)
    for item in ("meetings", "joint_meetings", "problems_closed", "needs_heard"):
        clerk.run("judge", number, item, "meets")
    assert "87.5" in clerk.run("seal", number, "--words", "总体较好")
    assert "缺三天" in str(clerk.told("show", number))
    with pytest.raises(VisitOver):
        clerk.run("judge", number, "meetings", "meets")


def test_the_list_is_cut_and_strangers_find_nothing(story, clerk, morning):
    visit, done = make_inspection(story, morning, group=[story.auditor]), sealed(story, morning)
    assert {one["id"] for one in clerk.told("list")} == {visit.pk, done.pk}
    assert [one["id"] for one in clerk.told("list", "--state", "open")] == [visit.pk]
    assert [one["id"] for one in clerk.told("list", "--mine")] == [done.pk]
    assert clerk.told("list", "--form", "special") == []
    assert "共 2 次" in clerk.run("list")
    with pytest.raises(NotAllowed):
        clerk.run("judge", visit.pk, "meetings", "meets")
    with pytest.raises(NotFound):
        Shell(make_person("隔壁老周", home=make_body("采油九厂党支部")), "inspection").run("show", visit.pk)


def test_the_visited_body_reads_no_verdict_before_it_is_sealed(story, morning):
    visit = judge_all(make_inspection(story, morning), story.clerk, morning, but={"records": Verdict.PARTLY})
    secretary = Shell(story.secretary, "inspection")
    assert "记录不全" not in str(secretary.told("show", visit.pk))
    for act in (("judge", visit.pk, "records", "meets"), ("seal", visit.pk), ("call-off", visit.pk, "--reason", "忙")):
        with pytest.raises(NotAllowed):
            secretary.run(*act)


def test_a_visit_is_called_off_with_a_reason(story, clerk, morning):
    visit = make_inspection(story, morning)
    with pytest.raises(ReasonMissing):
        clerk.run("call-off", visit.pk, "--reason", " ")
    assert clerk.told("call-off", visit.pk, "--reason", "汛期抢险")["state"] == "called_off"


def test_pp_05_a_grade_is_decided_after_its_notice(story, clerk, morning, monkeypatch):
    visit, head = sealed(story, morning, form=InspectionForm.ACCEPTANCE), Shell(story.head, "inspection")
    with pytest.raises(NoticeRunning):
        head.run("grade", visit.pk, "model")
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=7))
    with pytest.raises(NotAllowed):
        clerk.run("grade", visit.pk, "model")
    with pytest.raises(GradeUnexplained):
        head.run("grade", visit.pk, "excellent")
    assert head.told("grade", visit.pk, "excellent", "--words", "现场稍差")["grade"] == "excellent"


def test_checklists_are_listed(clerk):
    assert {"acceptance_six_ones", "special_fusion", "short_visit"} <= {one["id"] for one in clerk.told("checklists")}
    assert "short_visit" in clerk.run("checklists")


def test_a_call_is_issued_followed_and_closed(story, clerk):
    make_body("采油二队党支部", parent=story.committee)
    made = clerk.told(
        "call", "党政融合专项督察", "--body", "采油一厂党委", "--visit", "采油一队党支部", "--visit", "采油二队党支部", "--from",
        DAY, "--until", "2026-09-20", "--member", "周干事",
    )  # fmt: skip
    assert [(one["done"], one["bodies"]) for one in clerk.told("calls")] == [(0, 2)]
    visits = clerk.told("progress", made["id"])["visits"]
    clerk.run("judge", visits[0]["id"], "look_back", "not_met", "--words", "原因没有写到底")
    assert clerk.told("progress", made["id"])["common"] == [{"item": "look_back", "judged": 1, "below": 1}]
    with pytest.raises(CallOpen):
        clerk.run("close", made["id"], "--conclusion", "好")
    for one in visits:
        clerk.run("call-off", one["id"], "--reason", "合并")
    assert clerk.told("close", made["id"], "--conclusion", "回头看不深")["conclusion"] == "回头看不深"
    with pytest.raises(NotFound):
        Shell(story.secretary, "inspection").run("progress", made["id"])


def test_a_finding_is_raised_settled_carried_out_and_seen_to_work(story, morning, monkeypatch):
    auditor, secretary = Shell(story.auditor, "finding"), Shell(story.secretary, "finding")
    made = auditor.told(
        "raise", "碰头会记录不全", "--body", "采油一队党支部", "--about", "好机制", "--effect-days", "15"
    )
    measure = ("settle", made["id"], "--measure", "专人核对", "--owner", "王党员", "--due", "2026-09-20")
    with pytest.raises(NotAllowed):
        Shell(story.member, "finding").run(*measure)
    assert secretary.told(*measure)["state"] == "acting"
    item = carried(story, morning, item=WorkItem.objects.select_related("body", "owner").get())
    assert auditor.told("list", "--state", "watching")[0]["effect_on"] == "2026-09-29"
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=16))
    said = (
        "step",
        item.pk,
        "shown",
        "--note",
        "连续半个月齐全",
        "--set",
        "figure_before=62",
        "--set",
        "figure_after=98",
    )
    with pytest.raises(NotAllowed):
        Shell(story.member, "item").run(*said)
    Shell(story.auditor, "item").run(*said)
    assert auditor.told("list") == []
    assert [one["state"] for one in auditor.told("list", "--all", "--mine")] == ["closed"]
    assert json.loads(Shell(story.member, "finding").run("list", "--all", "--json"))[0]["recurrences"] == 0


def test_an_objection_is_made_by_the_visited_body(story, morning):
    item = sealed(story, morning, but={"records": Verdict.NOT_MET}).findings.get().item
    with pytest.raises(NotAllowed):
        Shell(story.member, "finding").run("object", item.pk, "--reason", "有记录")
    assert Shell(story.secretary, "finding").told("object", item.pk, "--reason", "有记录")["state"] == "objected"
    with pytest.raises(NotFound):
        Shell(story.secretary, "finding").run("object", make_finding(story, morning).pk + 99, "--reason", "没有这个")
