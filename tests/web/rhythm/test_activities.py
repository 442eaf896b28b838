"""Huddles and meetings on the page: list, plan, open, sign in three ways, topics, close, correct, documents."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceWay
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.domain.rhythm.services.forms import write_outcome
from ronghe.domain.work.models import Task
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_zone
from tests.web.conftest import squeezed, text_of
from tests.web.making import hold, picture, prepare

pytestmark = pytest.mark.django_db

LIST = "/rhythm/activities/"


def page(activity, act: str = "") -> str:
    return f"/rhythm/activities/{activity.pk}/{act}"


@pytest.fixture
def huddle(story, now):
    return make_huddle(story, now)


@pytest.fixture
def joint(story, now):
    """A joint conference that took place."""
    meeting = make_meeting(story, now, activity_type=ActivityType.JOINT_CONFERENCE)
    return hold(story, meeting, now)


def test_pages_want_a_log_in(client, huddle):
    for path in (LIST, "/rhythm/activities/new/", page(huddle), page(huddle, "code/"), page(huddle, "card/"), "/scan/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_what_the_reader_may_see(story, huddle, member, stranger):
    make_huddle(make_zone(name="北二协作区", plant_name="采油二厂"), huddle.opened_at)

    assert member.get(LIST).context["page"].object_list == [huddle]
    assert stranger.get(LIST).context["page"].object_list == []


def test_list_filters_by_kind_state_and_body_and_sorts(story, huddle, joint, lead):
    def listed(**query):
        return lead.get(LIST, query).context["page"].object_list

    assert listed(type="morning_huddle") == [huddle]
    assert listed(state="closed") == [joint]
    assert listed(body=story.body.pk) == [huddle, joint]
    assert listed(body=story.committee.pk) == []
    assert listed(sort="-day", body="９") == [huddle, joint]


def test_list_costs_at_most_eight_statements_and_the_same_for_three(story, huddle, lead, now, statements):
    one = statements(lead, LIST)
    for kind in (ActivityType.WEEKLY_MEETING, ActivityType.THEME_PARTY_DAY):
        make_meeting(story, now, activity_type=kind)

    # Session, account and person come on top of what the list itself asks.
    assert statements(lead, LIST) == one <= 8 + 3


def test_list_fragment_is_found_in_the_whole_page(huddle, lead):
    whole, part = lead.get(LIST), lead.fragment(LIST)

    assert squeezed(part.content.decode()) in squeezed(whole.content.decode())
    assert {"HX-Request" in answer["Vary"] for answer in (whole, part)} == {True}


def test_planning_is_offered_to_those_who_may(story, lead, member):
    assert [lead.get(LIST).context["can_plan"], member.get(LIST).context["can_plan"]] == [True, False]
    assert member.get("/rhythm/activities/new/").status_code == 403
    assert member.post("/rhythm/activities/new/", {}).status_code == 403


def plan_data(story, **changes):
    return {
        "activity_type": "weekly_meeting", "body": story.body.pk, "scheduled_from": "2026-09-14T15:00",
        "scheduled_until": "2026-09-14T16:00", "place": "", **changes,
    }  # fmt: skip


def test_plan_writes_the_meeting_with_the_zones_place(story, lead):
    answer = lead.post("/rhythm/activities/new/", plan_data(story))

    planned = Activity.objects.get()
    assert answer["Location"] == page(planned)
    assert (planned.activity_type, planned.state, planned.chair, planned.place) == (
        "weekly_meeting", ActivityState.PLANNED, story.lead, "南I-1联合站会议室",
    )  # fmt: skip


def test_plan_keeps_what_was_typed_when_it_ends_before_it_begins(story, lead):
    answer = lead.post("/rhythm/activities/new/", plan_data(story, scheduled_until="2026-09-14T14:00", place="食堂"))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["结束时间要晚于开始时间。"]
    assert 'value="食堂"' in answer.content.decode()
    assert Activity.objects.count() == 0


def test_plan_for_a_body_out_of_reach_is_refused(story, lead):
    elsewhere = make_body("采油七队党支部")

    answer = lead.post("/rhythm/activities/new/", plan_data(story, body=elsewhere.pk))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["body"])


def test_plan_takes_kind_and_body_from_the_address(story, lead):
    form = lead.get("/rhythm/activities/new/", {"type": "joint_conference", "body": story.body.pk}).context["form"]

    assert (form["activity_type"].value(), form["body"].value()) == ("joint_conference", str(story.body.pk))


def test_opening_the_huddle_twice_leads_to_the_same_one(story, lead):
    first = lead.post("/rhythm/huddles/open/", {"body": story.body.pk, "type": "morning_huddle"})
    second = lead.post("/rhythm/huddles/open/", {"body": story.body.pk, "type": "morning_huddle"})

    assert first["Location"] == second["Location"] == page(Activity.objects.get())


def test_opening_is_a_post_of_somebody_who_may(story, lead, member, stranger):
    data = {"body": story.body.pk}

    assert lead.get("/rhythm/huddles/open/").status_code == 405
    assert stranger.post("/rhythm/huddles/open/", data).status_code == 404
    member.post("/rhythm/huddles/open/", data)
    assert Activity.objects.count() == 0


def test_page_shows_everybody_expected_by_name(story, huddle, lead):
    answer = lead.get(page(huddle))

    expected = sorted([story.lead, *story.members], key=lambda person: (person.name, person.pk))
    assert [line.person for line in answer.context["lines"]] == expected
    assert [line.is_me for line in answer.context["lines"]].count(True) == 1
    assert (answer.context["tally"].present, answer.context["tally"].expected) == (0, 4)


def test_page_of_another_zone_is_not_there(huddle, stranger):
    for path in ("", "code/", "card/", "record.pdf"):
        assert stranger.get(page(huddle, path)).status_code == 404
    for path in ("open/", "card/", "tick/", "leave/", "topics/add/", "photos/add/", "close/", "correct/"):
        assert stranger.post(page(huddle, path)).status_code == 404


def test_acts_are_posts(huddle, lead):
    for path in ("open/", "tick/", "leave/", "topics/add/", "photos/add/", "close/", "correct/"):
        assert lead.get(page(huddle, path)).status_code == 405


def test_page_costs_the_same_for_one_and_for_three(story, huddle, lead, now, statements):
    def add(person, number):
        lead.post(page(huddle, "tick/"), {"person": person.pk})
        topic = {"topic": f"议题{number}", "assignee": person.pk, "due_at": "2026-09-14T17:00"}
        lead.post(page(huddle, "topics/add/"), topic)
        lead.post(page(huddle, "photos/add/"), {"photo": picture(number)})

    add(story.members[0], 1)
    one = statements(lead, page(huddle))
    for number, person in enumerate(story.members[1:], 2):
        add(person, number)

    assert huddle.photos.count() == 3
    assert statements(lead, page(huddle)) == one


def test_sheet_fragment_is_found_in_the_page(huddle, lead):
    whole = squeezed(lead.get(page(huddle)).content.decode())

    assert squeezed(lead.fragment(page(huddle)).content.decode().partition("</section>")[0]) in whole


def test_own_phone_signs_in_with_the_code_of_the_screen(story, huddle, member, now):
    path = f"/s/{sign_in_code(huddle, at=now)}/"

    asked = member.get(path)
    answer = member.post(path)

    assert f"我是{story.members[0].name}，签到" in text_of(asked.content.decode())
    assert answer.status_code == 200
    row = Attendance.objects.get()
    assert (row.person, row.way, row.signed_at) == (story.members[0], AttendanceWay.OWN_PHONE, now)


def test_an_old_code_is_refused_in_words(huddle, member, now):
    old = sign_in_code(huddle, at=now - timedelta(minutes=10))

    answer = member.post(f"/s/{old}/")

    assert answer.status_code in {409, 422}
    assert "data-refusal" in answer.content.decode()
    assert Attendance.objects.count() == 0


def test_code_page_is_the_runners_and_never_kept(huddle, lead, member, now):
    answer = lead.get(page(huddle, "code/"))

    assert answer["Cache-Control"] == "no-store"
    assert answer.context["code"] == sign_in_code(huddle, at=now)
    assert squeezed(lead.fragment(page(huddle, "code/")).content.decode()) in squeezed(answer.content.decode())
    assert member.get(page(huddle, "code/")).status_code == 403


def test_scan_leads_to_the_code_however_it_was_read(huddle, member, now):
    code = sign_in_code(huddle, at=now)

    for read in (code, f"http://testserver/s/{code}/"):
        assert member.post("/scan/", {"code": read})["Location"] == f"/s/{code}/"
    for nothing in ("", "/", "   "):
        assert member.post("/scan/", {"code": nothing}).status_code == 200


def test_card_is_read_by_the_runner(story, huddle, lead, member):
    lead.post(page(huddle, "card/"), {"code": member_card(story.members[1])})
    member.post(page(huddle, "card/"), {"code": member_card(story.members[2])})

    row = Attendance.objects.get()
    assert (row.person, row.way, row.recorded_by) == (story.members[1], AttendanceWay.CARD, story.lead)


def test_tick_answers_with_the_sheet_and_can_be_undone(story, huddle, lead):
    """PM-15: both names are kept, and it is attendance, never a signature."""
    answer = lead.fragment(page(huddle, "tick/"), {"person": story.members[0].pk}, post=True)

    row = Attendance.objects.get()
    assert (row.person, row.way, row.recorded_by) == (story.members[0], AttendanceWay.TICKED, story.lead)
    assert '<section id="sheet"' in answer.content.decode()
    assert page(huddle, f"tick/{row.pk}/withdraw/") in answer.content.decode()

    lead.post(page(huddle, f"tick/{row.pk}/withdraw/"))
    assert Attendance.objects.count() == 0


def test_nobody_ticks_at_a_general_meeting(story, lead, now):
    """PM-15: the three meetings want everybody's own act."""
    make_post(story.lead, PostRole.SECRETARY, body=story.branch)
    meeting = make_meeting(story, now, activity_type=ActivityType.GROUP_MEETING)

    answer = lead.get(page(meeting))
    lead.post(page(meeting, "tick/"), {"person": story.members[0].pk})

    assert [line.can_tick for line in answer.context["lines"]] == [False] * 4
    assert Attendance.objects.count() == 0


def test_leave_is_noted_and_a_wrong_form_comes_back(story, huddle, lead):
    path = page(huddle, "leave/")
    lead.post(path, {"person": story.members[0].pk, "kind": "sick", "reason": "发烧"})
    refused = lead.post(path, {"person": "", "kind": "sick", "reason": "发烧"})

    row = Attendance.objects.get()
    assert (row.person, row.status, row.leave_kind, row.reason) == (story.members[0], "leave", "sick", "发烧")
    assert refused.status_code == 422
    assert 'value="发烧"' in refused.content.decode()


def test_leave_is_for_people_of_the_sheet(huddle, lead):
    somebody = make_person("倪春梅")

    answer = lead.post(page(huddle, "leave/"), {"person": somebody.pk, "kind": "sick"})

    assert (answer.status_code, list(answer.context["leave_form"].errors)) == (422, ["person"])


def test_topic_with_a_person_becomes_a_task(story, huddle, lead):
    data = {"topic": "清理3号沟", "assignee": story.members[0].pk, "due_at": "2026-09-14T17:30"}
    answer = lead.fragment(page(huddle, "topics/add/"), data, post=True)

    task = Task.objects.get()
    assert (task.title, task.assignee, task.opened_by) == ("清理3号沟", story.members[0], story.lead)
    assert answer.content.decode().count("清理3号沟") == 1


def test_topic_without_a_name_comes_back_with_what_was_typed(huddle, lead):
    answer = lead.fragment(page(huddle, "topics/add/"), {"topic": "", "notes": "雨大"}, post=True)

    assert answer.status_code == 422
    assert answer.content.decode().strip().startswith('<section id="agenda"')
    assert "雨大" in answer.content.decode()


def test_topic_of_somebody_who_does_not_run_it_is_refused(huddle, member):
    answer = member.post(page(huddle, "topics/add/"), {"topic": "清理3号沟"})

    assert (answer.status_code, huddle.agenda_items.count()) == (422, 0)


def test_close_says_what_it_counts_for(story, duty, lead, now):
    meeting = make_meeting(story, now)
    prepare(story, meeting, now)
    write_outcome(activity=meeting, next_step="按学到的改样板段", actor=story.lead, at=now)

    answer = lead.post(page(meeting, "close/"), follow=True)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.closed_by) == (ActivityState.CLOSED, story.lead)
    assert [fact.title for fact in answer.context["duties"]] == ["主题党日"]
    assert "主题党日已结束，1 人到场。同时计入：主题党日。" in answer.content.decode()


def test_close_of_a_meeting_to_which_nobody_came_is_refused(huddle, lead):
    answer = lead.post(page(huddle, "close/"), follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["还没有人签到，不能结束；请先签到。"]


def test_second_close_is_told(story, huddle, lead):
    prepare(story, huddle, huddle.opened_at)
    lead.post(page(huddle, "close/"), follow=True)

    answer = lead.post(page(huddle, "close/"), follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_closed_record_is_corrected_beside_itself(story, huddle, lead, member):
    prepare(story, huddle, huddle.opened_at)
    lead.post(page(huddle, "close/"), follow=True)
    lead.post(page(huddle, "correct/"), {"text": "3号沟应为4号沟"})
    refused = lead.post(page(huddle, "correct/"), {"text": ""})
    member.post(page(huddle, "correct/"), {"text": "我改"})

    assert [row.text for row in huddle.corrections.order_by("pk")] == ["3号沟应为4号沟"]
    assert refused.status_code == 422


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_record_and_summary_are_files(joint, lead, form, begins):
    """PM-14 and DL-06: a 会议记录, and the red-headed 纪要 of a joint meeting."""
    record = lead.get(page(joint, f"record.{form}"))
    summary = lead.get(page(joint, f"summary.{form}"), {"number": "庆油一厂党纪〔2026〕3号", "issued_on": "2026-09-15"})

    for answer in (record, summary):
        assert answer.content.startswith(begins)
        assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''20260914")


@pytest.mark.parametrize(
    "number", ["", "庆油一厂党纪[2026]3号", "庆油一厂党纪〔2026〕03号", "庆油一厂党纪〔2026〕第3号"]
)
def test_summary_wants_a_right_document_number(joint, lead, number):
    """DL-04: hexagonal brackets, no 第, no leading zeros."""
    answer = lead.get(page(joint, "summary.pdf"), {"number": number, "issued_on": "2026-09-15"})

    assert (answer.status_code, list(answer.context["summary_form"].errors)) == (422, ["number"])


def test_summary_is_of_closed_joint_meetings_only(huddle, story, lead, now):
    open_joint = make_meeting(story, now, activity_type=ActivityType.JOINT_CONFERENCE)

    for activity in (huddle, open_joint):
        path = page(activity, "summary.pdf")
        assert lead.get(path, {"number": "甲〔2026〕1号", "issued_on": "2026-09-15"}).status_code == 409


def test_record_has_two_forms_and_no_third(joint, lead):
    assert lead.get(page(joint, "record.odt")).status_code == 404
