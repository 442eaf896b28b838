"""Matters from raising to what became of them: the list's rules kept, or left with a reason on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.decisions.enums import Departure, Forum, MatterState, Outcome, Progress, Purpose
from ronghe.domain.decisions.models import Matter, MatterDeparture, Sitting
from ronghe.domain.decisions.selectors.matters import checks_of, lines_of, list_matters, matters_seen_by, overdue
from ronghe.domain.decisions.services.following import LinesUnfinished, NotBeingFollowed, give_line, report_progress
from ronghe.domain.decisions.services.lists import RulesText, adopt_list, adopt_rules, draft_list
from ronghe.domain.decisions.services.matters import (
    ConsultationMissing,
    EntryNotInForce,
    LegalCheckMissing,
    NoAvoidanceHere,
    NotAMember,
    OutsideTheList,
    PapersMissing,
    note_avoidance,
    note_checks,
    prepare_matter,
    raise_matter,
    withdraw_matter,
)
from ronghe.domain.decisions.services.meetings import (
    Dissent,
    NoticeTooShort,
    NotThisMeeting,
    StudyMissing,
    UrgentNotAllowed,
    Votes,
    WrongForum,
    defer_matter,
    schedule_matter,
    settle_elsewhere,
    settle_matter,
)
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import AgendaDissent, AgendaItem
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.decisions import (
    begin,
    make_committee,
    make_list,
    make_matter,
    make_matter_before,
    make_sitting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_committee()


@pytest.fixture
def entries(story, morning):
    return make_list(story, morning)


def settled(matter, story, at, *, yes=5, no=0, abstained=0, dissents=()):
    return settle_matter(
        matter=matter, decision="同意。", votes=Votes(yes, no, abstained), dissents=dissents, actor=story.clerk, at=at
    )


def facts(kind):
    return [fact.values for fact in Fact.objects.filter(kind=f"decisions.{kind}").order_by("pk")]


def test_a_matter_takes_category_and_forum_from_its_line(story, entries, morning):
    matter = raise_matter(
        body=story.committee, title="", entry=entries["重大工程投资"], actor=story.members[0], at=morning
    )

    assert (matter.title, matter.category, matter.forum) == ("重大工程投资", "project", Forum.LEADING_GROUP)
    assert matter.state == MatterState.RAISED


def test_a_matter_outside_the_list_wants_a_reason_that_stays(story, entries, morning):
    with pytest.raises(OutsideTheList):
        raise_matter(body=story.committee, title="临时事项", actor=story.clerk, at=morning)

    matter = raise_matter(
        body=story.committee, title="临时事项", actor=story.clerk, at=morning, outside_reason="上级限期办理"
    )

    departure = MatterDeparture.objects.get(matter=matter)
    assert (departure.kind, departure.reason) == (Departure.OUTSIDE_LIST, "上级限期办理")


def test_a_line_of_an_old_version_is_refused(story, entries, morning):
    adopt_list(
        of_list=draft_list(body=story.committee, actor=story.clerk, at=morning), document="第二版", actor=story.clerk,
        at=morning,
    )  # fmt: skip

    old = entries["年度综合计划"]
    old.of_list.refresh_from_db()
    with pytest.raises(EntryNotInForce):
        raise_matter(body=story.committee, title="", entry=old, actor=story.clerk, at=morning)


def test_a_plain_member_raises_nothing_and_sees_nothing(story, entries, morning):
    make_matter(story, entries["年度综合计划"], morning)

    with pytest.raises(NotAllowed):
        raise_matter(body=story.committee, title="一件事", actor=story.member, at=morning, outside_reason="急")
    assert not matters_seen_by(story.member, morning).exists()
    assert matters_seen_by(story.members[1], morning).count() == 1
    assert matters_seen_by(story.auditor, morning).count() == 1


def test_what_the_list_asks_for_is_there_before_a_meeting(story, entries, morning):
    matter = raise_matter(body=story.committee, title="", entry=entries["大额资金使用"], actor=story.clerk, at=morning)
    with pytest.raises(PapersMissing):
        prepare_matter(matter=matter, actor=story.clerk, at=morning)
    matter.summary = "采购压裂设备。"
    matter.save()
    with pytest.raises(LegalCheckMissing):
        prepare_matter(matter=matter, actor=story.clerk, at=morning)
    note_checks(
        matter=matter,
        legal_checked_by="法律事务",
        legal_opinion="合规",
        consulted_note="",
        actor=story.clerk,
        at=morning,
    )
    with pytest.raises(ConsultationMissing):
        prepare_matter(matter=matter, actor=story.clerk, at=morning)
    note_checks(
        matter=matter, legal_checked_by="法律事务", legal_opinion="合规", consulted_note="财务同意", actor=story.clerk,
        at=morning,
    )  # fmt: skip

    assert prepare_matter(matter=matter, actor=story.clerk, at=morning).state == MatterState.PREPARED


def test_opening_the_meeting_puts_its_matters_on_the_agenda(story, entries, morning):
    matter = make_matter(story, entries["年度综合计划"], morning)
    sitting = make_sitting(story, morning)
    schedule_matter(matter=matter, activity=sitting, purpose=Purpose.DECIDE, actor=story.clerk, at=morning)
    assert not AgendaItem.objects.exists()

    begin(story, sitting, morning)

    assert AgendaItem.objects.get().topic == matter.title


def test_pm_11_a_matter_is_carried_with_its_vote_dissent_and_decision_in_the_record(story, entries, morning):
    matter = make_matter_before(story, entries["年度综合计划"], morning)

    sitting = settled(matter, story, morning, yes=4, no=1, dissents=[Dissent(story.members[0], "产量指标偏高。")])

    matter.refresh_from_db()
    assert (matter.state, matter.decided_on) == (MatterState.FOLLOWING, morning.date())
    assert (sitting.entitled, sitting.present, sitting.avoided, sitting.outcome) == (5, 5, 0, Outcome.CARRIED)
    item = AgendaItem.objects.get()
    assert item.decision == "同意。"
    assert "通过" in item.notes
    assert AgendaDissent.objects.get().text == "产量指标偏高。"
    assert facts("matter_decided")[0]["dissents"] == 1
    assert [check.is_met for check in checks_of(sitting)] == [True, True]


@pytest.mark.parametrize(("there", "state"), [(3, MatterState.PREPARED), (4, MatterState.FOLLOWING)])
def test_pm_11_personnel_needs_two_thirds_there(story, entries, morning, there, state):
    came = story.leaders[:there]
    matter = make_matter_before(story, entries["中层干部任免"], morning, came=came)

    settled(matter, story, morning, yes=there)

    matter.refresh_from_db()
    assert matter.state == state


def test_pm_14_who_is_concerned_leaves_and_is_not_counted(story, entries, morning):
    matter = make_matter_before(story, entries["中层干部任免"], morning, came=story.leaders[:4])
    note_avoidance(matter=matter, person=story.members[0], reason="拟任人选是其亲属", actor=story.clerk, at=morning)

    sitting = settled(matter, story, morning, yes=3)

    assert (sitting.entitled, sitting.avoided, sitting.present) == (4, 1, 3)
    assert sitting.outcome == Outcome.CARRIED


def test_nobody_outside_the_committee_avoids(story, entries, morning):
    matter = make_matter(story, entries["年度综合计划"], morning)
    with pytest.raises(NotAMember):
        note_avoidance(matter=matter, person=story.member, reason="无关", actor=story.clerk, at=morning)


def test_where_the_rules_know_no_avoidance_everybody_counts(story, entries, morning):
    adopt_rules(body=story.committee, text=RulesText("议事规则", avoids=False), actor=story.clerk, at=morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    with pytest.raises(NoAvoidanceHere):
        note_avoidance(matter=matter, person=story.members[0], reason="亲属", actor=story.clerk, at=morning)


def test_what_the_leading_group_decides_is_studied_first(story, entries, morning):
    matter = make_matter(story, entries["重大工程投资"], morning)
    elsewhere = {
        "matter": matter, "forum": Forum.LEADING_GROUP, "held_on": morning.date(), "document": "班子会纪要〔2026〕6号",
        "decision": "同意立项。", "is_carried": True, "actor": story.clerk, "at": morning,
    }  # fmt: skip
    with pytest.raises(StudyMissing):
        settle_elsewhere(**elsewhere)
    sitting = make_sitting(story, morning)
    with pytest.raises(WrongForum):
        schedule_matter(matter=matter, activity=sitting, purpose=Purpose.DECIDE, actor=story.clerk, at=morning)

    schedule_matter(matter=matter, activity=sitting, purpose=Purpose.STUDY, actor=story.clerk, at=morning)
    begin(story, sitting, morning)
    matter = Matter.objects.get(pk=matter.pk)
    settled(matter, story, morning)
    assert matter.state == MatterState.STUDIED
    settle_elsewhere(**{**elsewhere, "matter": matter})

    matter.refresh_from_db()
    assert matter.state == MatterState.FOLLOWING
    assert not MatterDeparture.objects.exists()


def test_deciding_without_the_study_stays_on_record_with_its_reason(story, entries, morning):
    matter = make_matter(story, entries["重大工程投资"], morning)
    settle_elsewhere(
        matter=matter, forum=Forum.LEADING_GROUP, held_on=morning.date(), document="纪要6号", decision="同意抢险。",
        is_carried=True, actor=story.clerk, at=morning, reason="抢险，来不及开会",
    )  # fmt: skip

    assert list(MatterDeparture.objects.values_list("kind", "reason")) == [(Departure.NO_STUDY, "抢险，来不及开会")]


def test_notice_is_as_many_days_as_the_rules_ask(story, entries, morning):
    adopt_rules(body=story.committee, text=RulesText("议事规则", notice_days=2), actor=story.clerk, at=morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    given = {"matter": matter, "purpose": Purpose.DECIDE, "actor": story.clerk, "at": morning}

    with pytest.raises(NoticeTooShort):
        schedule_matter(activity=make_sitting(story, morning, days=1), **given)
    schedule_matter(activity=make_sitting(story, morning, days=2), **given)

    assert not MatterDeparture.objects.exists()


def test_an_urgent_matter_comes_sooner_where_the_rules_know_urgency(story, entries, morning):
    text = RulesText("议事规则", notice_days=2)
    adopt_rules(body=story.committee, text=text, actor=story.clerk, at=morning)
    matter = make_matter(story, entries["年度综合计划"], morning)
    given = {"matter": matter, "activity": make_sitting(story, morning), "purpose": Purpose.DECIDE,
             "actor": story.clerk, "at": morning, "reason": "冬季保供"}  # fmt: skip
    schedule_matter(**given)
    assert MatterDeparture.objects.get().kind == Departure.URGENT

    defer_matter(matter=matter, actor=story.clerk, at=morning)
    adopt_rules(body=story.committee, text=RulesText("议事规则", allows_urgent=False), actor=story.clerk, at=morning)
    with pytest.raises(UrgentNotAllowed):
        schedule_matter(**given)


def test_a_meeting_of_another_kind_or_body_is_refused(story, entries, morning):
    matter = make_matter(story, entries["年度综合计划"], morning)
    for activity in (
        make_sitting(story, morning, activity_type=ActivityType.COMMITTEE_STUDY),
        make_sitting(make_committee("采油二厂党委"), morning),
    ):
        with pytest.raises(NotThisMeeting):
            schedule_matter(matter=matter, activity=activity, purpose=Purpose.DECIDE, actor=story.clerk, at=morning)


@pytest.mark.parametrize("end", ["closed", "called_off"])
def test_what_a_meeting_leaves_open_waits_for_the_next_one(story, entries, morning, end):
    matter = make_matter(story, entries["年度综合计划"], morning)
    sitting = make_sitting(story, morning)
    schedule_matter(matter=matter, activity=sitting, purpose=Purpose.DECIDE, actor=story.clerk, at=morning)
    if end == "called_off":
        call_off_activity(activity=sitting, reason="改期", actor=story.secretary, at=morning)
    else:
        close_activity(activity=begin(story, sitting, morning), actor=story.secretary, at=morning)

    matter.refresh_from_db()
    assert (matter.state, Sitting.objects.get().outcome) == (MatterState.PREPARED, Outcome.DEFERRED)


def test_what_was_decided_is_followed_until_every_part_is_accepted(story, entries, morning):
    matter = make_matter_before(story, entries["年度综合计划"], morning)
    settled(matter, story, morning)
    line = give_line(
        matter=matter, title="分解到各作业区", assignee=story.members[0], due_at=morning + timedelta(days=3),
        actor=story.clerk, at=morning,
    )  # fmt: skip
    later = morning + timedelta(days=4)
    assert [view.is_overdue for view in lines_of(matter, later)] == [True]
    assert Matter.objects.filter(overdue(later)).exists()
    assert not Matter.objects.filter(overdue(morning)).exists()
    reported = {"matter": matter, "text": "已下发。", "actor": story.clerk, "at": later}
    with pytest.raises(LinesUnfinished):
        report_progress(progress=Progress.DONE, **reported)

    submit_task(task=line.task, note="已分解", actor=story.members[0], at=later)
    with pytest.raises(LinesUnfinished):
        report_progress(progress=Progress.DONE, **reported)
    accept_task(task=line.task, actor=story.clerk, at=later)
    report_progress(progress=Progress.DONE, **reported)

    matter.refresh_from_db()
    assert matter.state == MatterState.DONE
    assert facts("matter_followed")[-1]["progress"] == "done"
    with pytest.raises(NotBeingFollowed):
        report_progress(progress=Progress.RUNNING, **reported)


def test_a_report_meets_the_body_in_its_fact(story, entries, morning):
    matter = make_matter_before(story, entries["年度综合计划"], morning)
    settled(matter, story, morning)
    report_progress(matter=matter, progress=Progress.RUNNING, text="推进中", actor=story.clerk, at=morning)

    assert Fact.objects.get(kind="decisions.matter_followed").body == story.committee.pk


def test_a_matter_on_an_agenda_is_not_withdrawn(story, entries, morning):
    matter = make_matter(story, entries["年度综合计划"], morning)
    sitting = make_sitting(story, morning)
    schedule_matter(matter=matter, activity=sitting, purpose=Purpose.DECIDE, actor=story.clerk, at=morning)
    with pytest.raises(StepNotAllowed):
        withdraw_matter(matter=matter, actor=story.clerk, at=morning)


def test_matters_show_the_version_they_were_raised_under(story, entries, morning):
    matter = make_matter(story, entries["年度综合计划"], morning)
    adopt_list(
        of_list=draft_list(body=story.committee, actor=story.clerk, at=morning), document="第二版", actor=story.clerk,
        at=morning,
    )  # fmt: skip

    (shown,) = list_matters(story.clerk, morning).rows
    assert (shown.pk, shown.entry.of_list.number) == (matter.pk, 1)
