"""The page of one topic, the form of the mechanism, late and online; and what bad input meets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.ballots.models import Ballot
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PoliticalStatus, PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, ActivityCheck, ActivityFigure, AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.domain.work.models import Task
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_meeting, make_zone

pytestmark = pytest.mark.django_db
LIST = "/rhythm/activities/"


class Meeting:
    """A branch's meeting with four who have a vote, three of them there, and one topic."""

    def __init__(self, now):
        self.branch = make_body("南一联合站党支部")
        self.people = [make_person(f"党员{n}", home=self.branch) for n in range(1, 5)]
        self.young = make_person("预备", home=self.branch, status=PoliticalStatus.PROBATIONARY_MEMBER)
        make_post(self.people[0], PostRole.SECRETARY, body=self.branch)
        planned = plan_activity(
            activity_type=ActivityType.GENERAL_MEETING, body=self.branch, place="会议室", scheduled_from=now,
            scheduled_until=now + timedelta(hours=1), actor=self.people[0], at=now,
        )  # fmt: skip
        self.activity = open_activity(activity=planned, actor=self.people[0], at=now)
        for person in self.people[:3]:
            sign_in_with_code(code=sign_in_code(self.activity, at=now), actor=person, at=now)
        self.item = add_agenda_item(activity=self.activity, topic="评优", actor=self.people[0], at=now)

    def page(self, act=""):
        return f"{LIST}{self.activity.pk}/topics/{self.item.pk}/{act}"

    def fresh(self):
        return AgendaItem.objects.get(pk=self.item.pk)


@pytest.fixture
def meeting(now):
    return Meeting(now)


@pytest.fixture
def secretary(meeting, as_person):
    return as_person(meeting.people[0])


@pytest.fixture
def member(meeting, as_person):
    return as_person(meeting.people[1])


def test_topic_says_what_the_vote_needs_and_hides_acts_from_members(meeting, secretary, member):
    shown = secretary.get(meeting.page())
    assert [check.need for check in shown.context["needs"]] == [2, 3]
    assert (shown.context["may_vote"], member.get(meeting.page()).context["may_vote"]) == (True, False)


def test_topic_is_not_found_elsewhere(meeting, secretary, as_person):
    outsider = as_person(make_person("外人", home=make_body("别的支部")))
    assert outsider.get(meeting.page()).status_code == 404
    for act in ("edit/", "vote/", "matter/", "ballot/", "speeches/add/", "dissent/", "task/", "written/"):
        assert outsider.post(meeting.page(act)).status_code == 404
    assert secretary.get(f"{LIST}{meeting.activity.pk}/topics/999999/").status_code == 404


def test_speech_edit_vote_dissent_and_task_are_kept(meeting, secretary):
    secretary.post(meeting.page("speeches/add/"), {"person": meeting.people[1].pk, "text": "同意"})
    secretary.post(meeting.page("edit/"), {"topic": "评优", "notes": "议过", "decision": "同意"})
    secretary.post(
        meeting.page("vote/"), {"method": "show_of_hands", "votes_for": 3, "votes_against": 0, "votes_abstained": 0}
    )
    secretary.post(meeting.page("dissent/"), {"person": meeting.people[2].pk, "text": "应先公示"})
    secretary.post(meeting.page("task/"), {"assignee": meeting.people[1].pk, "due_at": "2099-01-01T10:00"})

    item = meeting.fresh()
    assert (item.decision, item.vote_outcome, item.task.assignee) == ("同意", "carried", meeting.people[1])
    page = secretary.get(meeting.page()).content.decode()
    assert page.count("党员2") >= 1
    assert "应先公示" in page
    speech = item.speeches.get()
    secretary.post(meeting.page(f"speeches/{speech.pk}/withdraw/"))
    assert not item.speeches.exists()


@pytest.mark.parametrize(
    ("act", "said"),
    [("speeches/add/", {"person": "9" * 30, "text": "x"}), ("edit/", {"topic": "\x00"}), ("edit/", {"topic": ""}),
     ("vote/", {"method": "x", "votes_for": 1}), ("vote/", {"method": "oral", "votes_for": 10**12}),
     ("vote/", {"method": "oral", "votes_for": 4, "votes_against": 0, "votes_abstained": 0}),
     ("matter/", {"matter": "election"}), ("matter/", {"matter": "admission"}),
     ("written/", {"yes": -1, "no": 0, "abstained": 0}), ("written/", {"yes": 1, "no": 0, "abstained": 0}),
     ("dissent/", {"person": "", "text": ""}), ("task/", {"assignee": "", "due_at": "9999-99-99"})],
)  # fmt: skip
def test_bad_input_stands_beside_its_form(meeting, secretary, act, said):
    assert secretary.post(meeting.page(act), said).status_code == 422


def test_an_admission_is_voted_on_by_phone(meeting, secretary, as_person):
    secretary.post(meeting.page("matter/"), {"matter": "admission", "applicant": meeting.young.pk})
    assert meeting.fresh().applicant == meeting.young

    opened = secretary.post(meeting.page("ballot/"))

    ballot = Ballot.objects.get()
    assert opened["Location"] == f"/ballots/{ballot.pk}/"
    for person in meeting.people[:3]:
        as_person(person).post(f"/ballots/{ballot.pk}/vote/", {"item_1": "1", "confirmed": "1"})
    assert secretary.get(meeting.page()).context["progress"].cast == 3
    secretary.post(f"/ballots/{ballot.pk}/close/")
    assert meeting.fresh().vote_outcome == "carried"
    assert "通过" in secretary.get(meeting.page()).content.decode()


def test_late_comers_are_admitted_from_the_page(meeting, secretary, now):
    secretary.post(meeting.page("ballot/"))
    sign_in_with_code(code=sign_in_code(meeting.activity, at=now), actor=meeting.people[3], at=now)

    secretary.post(meeting.page("ballot/admit/"))

    assert Ballot.objects.get().voters.count() == 4


def test_online_leave_late_and_left(meeting, secretary, as_person):
    base, absent = f"{LIST}{meeting.activity.pk}/", as_person(meeting.people[3])
    absent.post(f"{base}online/join/")
    assert not Attendance.objects.filter(person=meeting.people[3]).exists()
    secretary.post(f"{base}online/", {"allow": "1"})
    absent.post(f"{base}leave/own/", {"kind": "sick", "reason": "感冒"})
    assert Attendance.objects.get(person=meeting.people[3]).leave_kind == "sick"
    absent.post(f"{base}online/join/")
    row = Attendance.objects.get(person=meeting.people[3])
    assert (row.way, row.counts_as_signature) == ("online", False)
    secretary.post(f"{base}attendances/{row.pk}/late/", {"late": "1"})
    secretary.post(f"{base}attendances/{row.pk}/left/", {"left": "1"}, headers={"HX-Request": "true"})
    row.refresh_from_db()
    assert (row.is_late, row.left_at is not None) == (True, True)
    assert "线上参会、迟到、提前离会" in secretary.get(base).content.decode()


@pytest.fixture
def zone(now):
    story = make_zone()
    since = now.date() - timedelta(days=40)
    adopt_playbook(
        body=story.body, playbook=playbook_named("daqing_zone"), since=since, actor=story.clerk,
        at=now - timedelta(days=40),
    )  # fmt: skip
    return story


@pytest.fixture
def lead(zone, as_person):
    return as_person(zone.lead)


@pytest.fixture
def check(zone, now):
    return make_meeting(zone, now, activity_type=ActivityType.CONTRACTOR_SAFETY_CHECK)


def test_checks_are_answered_on_the_page(zone, check, lead):
    base, (first, second, *_rest) = f"{LIST}{check.pk}/", check.form.checks
    answer = lead.post(f"{base}checks/{first.id}/", {"answer": "fine"}, headers={"HX-Request": "true"})
    assert 'id="form"' in answer.content.decode()
    refused = lead.post(f"{base}checks/{second.id}/", {"answer": "concern", "note": ""}, follow=True)
    assert "请写一句是什么问题" in refused.content.decode()
    lead.post(f"{base}checks/{second.id}/", {"answer": "concern", "note": "缺一份证"})
    lead.post(f"{base}checks/nothing/", {"answer": "fine"})
    lead.post(f"{base}checks/{second.id}/task/", {"assignee": "", "due_at": ""})
    assert not Task.objects.exists()
    lead.post(f"{base}checks-fine/")
    lead.post(f"{base}figures/", {f"figure_{check.form.figures[0].id}": "2"})
    assert lead.post(f"{base}figures/", {f"figure_{check.form.figures[0].id}": "-2"}).status_code == 422
    assert lead.post(f"{base}outcome/", {"next_step": "x" * 300}).status_code == 422
    assert ActivityCheck.objects.count() == len(check.form.checks)
    assert ActivityFigure.objects.get().value == 2


def test_a_problem_becomes_a_task_from_the_page(zone, check, lead):
    builder = zone.zone.participating_units.exclude(role__in=["owner", "host_site"]).get().unit
    welder, line = make_person("焊工", participates_in=zone.body, unit=builder), check.form.checks[0].id
    base = f"{LIST}{check.pk}/checks/{line}/"
    lead.post(base, {"answer": "concern", "note": "缺一份证"})

    lead.post(f"{base}task/", {"assignee": welder.pk, "due_at": "2099-01-01T10:00"})

    assert Task.objects.get().assignee == welder


def test_what_is_missing_is_named_and_closed_with_a_reason(zone, check, lead, now):
    sign_in_with_code(code=sign_in_code(check, at=now), actor=zone.lead, at=now)
    add_agenda_item(activity=check, topic="五关", actor=zone.lead, at=now)
    base = f"{LIST}{check.pk}/"
    refused = lead.post(f"{base}close/")
    assert (refused.status_code, "检查项目" in refused.content.decode()) == (422, True)

    lead.post(f"{base}close/", {"without": "停工"})

    assert Activity.objects.get(pk=check.pk).missing_reason == "停工"
    assert "结束时还缺" in lead.get(base).content.decode()


def test_planning_from_a_duty_fills_everything_in(zone, lead, now):
    generate_obligations(at=now, body_ids=[zone.body.pk])
    duty = next(
        row
        for row in Obligation.objects.select_related("version")
        if row.sitting == "evening" and row.due_on >= now.date()
    )

    shown = lead.get(f"{LIST}new/?duty={duty.pk}")

    initial = shown.context["form"].initial
    assert (initial["activity_type"], initial["body"]) == ("evening_huddle", str(zone.body.pk))
    assert (initial["scheduled_from"].hour, initial["scheduled_from"].minute) == (17, 30)
    assert "这次可同时计入" in shown.content.decode()
    for wrong in ("x", "0", "9" * 30):
        assert lead.get(f"{LIST}new/?duty={wrong}").status_code == 404


def test_kind_body_and_day_of_the_address_bring_the_usual_hours(zone, lead, now):
    day = (now + timedelta(days=3)).date()
    asked = {"type": "morning_huddle", "body": zone.body.pk, "day": day.isoformat()}
    starts = lead.get(f"{LIST}new/", asked).context["form"].initial["scheduled_from"]
    assert (starts.date(), starts.hour, starts.minute) == (day, 7, 40)
    for wrong in ("x", "9999-99-99", "0001-01-01", ""):
        assert lead.get(f"{LIST}new/", asked | {"day": wrong}).status_code == 200


def test_outlook_follows_what_is_typed(zone, lead, now):
    asked = {"activity_type": "weekly_meeting", "body": zone.body.pk, "scheduled_from": "2026-09-18T15:00"}
    assert lead.get(f"{LIST}new/outlook/", asked).status_code == 200
    for wrong in (
        {"body": "x"},
        {"scheduled_from": "昨天"},
        {"activity_type": "x"},
        {"scheduled_from": "2026-99-99T00:00"},
    ):
        assert lead.get(f"{LIST}new/outlook/", asked | wrong).context["outlook"] is None


def test_list_is_cut_by_month_and_words_and_exported(zone, check, lead):
    assert len(lead.get(LIST, {"month": f"{check.day:%Y-%m}"}).context["page"].object_list) == 1
    assert len(lead.get(LIST, {"month": "1999-01"}).context["page"].object_list) == 0
    assert len(lead.get(LIST, {"q": "五关", "month": "9999-12x"}).context["page"].object_list) == 1
    assert len(lead.get(LIST, {"q": "没有的\x00"}).context["page"].object_list) == 0
    export = lead.get(f"{LIST}export/", {"month": f"{check.day:%Y-%m}"})
    assert b"".join(export.streaming_content)[:2] == b"PK"


def test_theme_day_of_a_zone_says_that_it_replaces_no_branchs(zone, lead, now):
    day = make_meeting(zone, now)
    assert "不替代（SD-06、SD-16）" in lead.get(f"{LIST}{day.pk}/").content.decode()
