from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from ronghe.domain.org.services.people import leave_body
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus, CorrectionKind, LeaveKind
from ronghe.domain.rhythm.models import Activity, Attendance, Correction
from ronghe.domain.rhythm.selectors import record_of, sign_in_sheet
from ronghe.domain.rhythm.services import closing as services
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import (
    AlreadyPresent,
    TickingRefused,
    note_leave,
    sign_in_with_code,
    tick_present,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.conftest import SHANGHAI
from tests.factories.org import make_person
from tests.factories.rhythm import make_huddle, make_meeting, make_zone, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone(members=4)


@pytest.fixture
def huddle(story, morning):
    return make_huddle(story, morning)


def come(activity, at, *people):
    for person in people:
        sign_in_with_code(code=sign_in_code(activity, at=at), actor=person, at=at)


def facts(kind):
    return list(Fact.objects.filter(kind=kind).order_by("pk"))


def test_one_closing_freezes_the_sheet_and_records_what_happened(story, huddle, morning):
    here, ticked, off, absent = story.members
    guest = make_person("来访的人", home=story.branch)
    come(huddle, morning, story.lead, here, guest)
    tick_present(activity=huddle, person=ticked, actor=story.lead, at=morning)
    note_leave(activity=huddle, person=off, kind=LeaveKind.OFF_SHIFT, reason=None, actor=story.lead, at=morning)
    for topic in ("抽水", "补焊"):
        add_agenda_item(
            activity=huddle, topic=topic, assignee=here, due_at=morning + timedelta(hours=9), actor=story.lead,
            at=morning,
        )  # fmt: skip
    later = morning + timedelta(minutes=18)

    done = services.close_activity(activity=huddle, actor=story.lead, at=later)

    stored = Activity.objects.get()
    assert (stored.state, stored.closed_at, stored.closed_by) == (ActivityState.CLOSED, later, story.lead)
    assert (stored.expected_count, stored.present_count) == (4, 3)
    statuses = dict(stored.attendances.values_list("person__name", "status"))
    assert statuses[absent.name] == AttendanceStatus.ABSENT
    [closed] = facts("rhythm.activity_closed")
    assert closed == done.fact
    assert (closed.occurred_at, closed.body, closed.zone, closed.recorded_by) == (
        morning, story.body.pk, story.zone.pk, story.lead.token,
    )  # fmt: skip
    assert closed.values == {
        "activity_type": "morning_huddle", "day": "2026-09-14", "expected": 4, "present": 3, "signed": 2,
        "on_leave": 0, "absent": 1, "guests": 1, "topics": 2, "decisions": 2, "tasks": 2, "votes": 0, "photos": 0,
        "has_minutes": True, "checks": 0, "problems": 0, "missing": 0,
    }  # fmt: skip


def test_each_who_came_gets_one_fact_that_names_the_closing(story, huddle, morning):
    here, ticked = story.members[:2]
    guest = make_person("来访的人", home=story.branch)
    come(huddle, morning, story.lead, here, guest)
    tick_present(activity=huddle, person=ticked, actor=story.lead, at=morning + timedelta(minutes=2))

    done = services.close_activity(activity=huddle, actor=story.secretary, at=morning)

    seen = {
        fact.subject: (fact.values["way"], fact.values["is_signature"], fact.values["is_guest"], fact.values["role"])
        for fact in facts("rhythm.attended")
    }
    assert seen == {
        story.lead.token: ("own_phone", True, False, "chair"),
        here.token: ("own_phone", True, False, "attendee"),
        guest.token: ("own_phone", True, True, "attendee"),
        ticked.token: ("ticked", False, False, "attendee"),
    }
    assert {fact.values["closing"] for fact in facts("rhythm.attended")} == {done.fact.pk}
    assert {fact.home_body for fact in facts("rhythm.attended")} == {story.branch.pk}
    by = {fact.subject: fact.recorded_by for fact in facts("rhythm.attended")}
    assert (by[ticked.token], by[here.token]) == (story.lead.token, here.token)


def test_huddle_closed_past_midnight_counts_for_the_day_it_was_held(story):
    opened = datetime(2026, 9, 14, 23, 50, tzinfo=SHANGHAI)
    huddle = make_huddle(story, opened, activity_type=ActivityType.EVENING_HUDDLE)
    come(huddle, opened + timedelta(minutes=15), story.lead)

    services.close_activity(activity=huddle, actor=story.lead, at=opened + timedelta(minutes=20))

    [closed] = facts("rhythm.activity_closed")
    assert (closed.occurred_at, closed.values["day"]) == (opened, "2026-09-14")
    assert Activity.objects.get().day.isoformat() == "2026-09-14"


def test_closed_sheet_stays_as_it_was_whoever_leaves_or_joins_later(story, huddle, morning):
    come(huddle, morning, story.lead)
    services.close_activity(activity=huddle, actor=story.lead, at=morning)
    before = [(row.person, row.is_present, row.is_expected) for row in sign_in_sheet(huddle).rows]

    take_part(make_person("后来的人"), story.body)
    leave_body(membership=story.members[0].memberships.get(kind="participation"), until=morning.date(), actor=None,
               at=morning)  # fmt: skip

    assert [(row.person, row.is_present, row.is_expected) for row in sign_in_sheet(huddle).rows] == before
    assert sign_in_sheet(huddle).tally.expected == 5


def test_guest_who_joined_the_body_meanwhile_is_counted_as_expected(story, huddle, morning):
    newcomer = make_person("新来的人", home=story.branch)
    come(huddle, morning, story.lead, newcomer)
    take_part(newcomer, story.body)

    services.close_activity(activity=huddle, actor=story.lead, at=morning)

    assert Attendance.objects.get(person=newcomer).is_guest is False
    assert (Activity.objects.get().expected_count, Activity.objects.get().present_count) == (6, 2)


def test_huddle_without_anybody_is_not_closed(story, huddle, morning):
    with pytest.raises(services.NobodyCame):
        services.close_activity(activity=huddle, actor=story.lead, at=morning)

    assert (Activity.objects.get().state, facts("rhythm.activity_closed")) == (ActivityState.OPEN, [])


def test_meeting_needs_a_topic_and_a_huddle_does_not_pm14(story, huddle, morning):
    day = make_meeting(story, morning)
    come(day, morning, story.lead)
    come(huddle, morning, story.lead)

    with pytest.raises(services.RecordIncomplete):
        services.close_activity(activity=day, actor=story.lead, at=morning)
    services.close_activity(activity=huddle, actor=story.lead, at=morning)

    [closed] = facts("rhythm.activity_closed")
    assert closed.values["has_minutes"] is False


def test_second_closing_is_refused_and_a_stale_one_told(story, huddle, morning):
    come(huddle, morning, story.lead)
    seen_before = Activity.objects.get()
    services.close_activity(activity=huddle, actor=story.lead, at=morning)

    with pytest.raises(StepNotAllowed, match="已结束"):
        services.close_activity(activity=huddle, actor=story.lead, at=morning)
    with pytest.raises(Stale):
        services.close_activity(activity=seen_before, actor=story.secretary, at=morning)

    assert len(facts("rhythm.activity_closed")) == 1


def test_planned_activity_is_not_closed(story, morning):
    planned = plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=story.body, place="x", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=story.lead, at=morning,
    )  # fmt: skip

    with pytest.raises(StepNotAllowed, match="已安排"):
        services.close_activity(activity=planned, actor=story.lead, at=morning)


def test_member_closes_nothing(story, huddle, morning):
    come(huddle, morning, story.lead)

    with pytest.raises(NotAllowed):
        services.close_activity(activity=huddle, actor=story.members[0], at=morning)


@pytest.fixture
def closed(story, huddle, morning):
    come(huddle, morning, story.lead, story.members[0])
    services.close_activity(activity=huddle, actor=story.lead, at=morning)
    return huddle


def test_correction_stands_beside_the_record(story, closed, morning):
    before = record_of(closed)

    services.correct_record(activity=closed, text="地点应为值班室", actor=story.lead, at=morning)

    after = record_of(closed)
    assert [(c.kind, c.text, c.made_by) for c in after.corrections] == [("text", "地点应为值班室", story.lead)]
    assert (after.tally, after.attended, after.activity.place) == (before.tally, before.attended, before.activity.place)
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.values) == (
        "rhythm.record_corrected", {"activity_type": "morning_huddle", "correction": "text"},
    )  # fmt: skip


def test_database_refuses_to_change_or_remove_a_correction(story, closed, morning):
    services.correct_record(activity=closed, text="地点应为值班室", actor=story.lead, at=morning)

    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.update(text="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.all().delete()


def test_forgotten_person_is_added_by_correction_and_never_as_a_signature(story, closed, morning):
    late = story.members[1]

    services.correct_record(
        activity=closed, kind=CorrectionKind.CAME, person=late, text="漏记", actor=story.lead, at=morning
    )

    fact = facts("rhythm.attended")[-1]
    assert (fact.subject, fact.values["is_signature"], fact.values["way"]) == (late.token, False, "ticked")
    assert fact.values["closing"] == facts("rhythm.activity_closed")[0].pk
    with pytest.raises(AlreadyPresent):
        services.correct_record(
            activity=closed, kind=CorrectionKind.CAME, person=late, text="漏记", actor=story.lead, at=morning
        )


def test_whoever_did_not_come_is_reversed_once(story, closed, morning):
    wrong = {
        "activity": closed, "kind": CorrectionKind.DID_NOT_COME, "person": story.members[0], "text": "代签",
        "actor": story.lead, "at": morning,
    }  # fmt: skip
    services.correct_record(**wrong)

    mine = Fact.objects.filter(kind="rhythm.attended", subject=story.members[0].token).order_by("pk")
    first, second = mine
    assert second.reverses == first.pk
    with pytest.raises(services.NotAmongAttended):
        services.correct_record(**wrong)
    assert Correction.objects.count() == 1


def test_person_taken_out_may_be_put_back(story, closed, morning):
    change = {"activity": closed, "person": story.members[0], "text": "更正", "actor": story.lead, "at": morning}
    services.correct_record(kind=CorrectionKind.DID_NOT_COME, **change)
    services.correct_record(kind=CorrectionKind.CAME, **change)
    services.correct_record(kind=CorrectionKind.DID_NOT_COME, **change)

    mine = Fact.objects.filter(kind="rhythm.attended", subject=story.members[0].token).order_by("pk")
    assert [fact.reverses is not None for fact in mine] == [False, True, False, True]


def test_nobody_is_added_to_a_meeting_of_own_presence_afterwards_pm15(story, morning):
    meeting = make_meeting(story, morning, activity_type=ActivityType.GENERAL_MEETING)
    come(meeting, morning, story.lead)
    add_agenda_item(activity=meeting, topic="议题", actor=story.lead, at=morning)
    services.close_activity(activity=meeting, actor=story.lead, at=morning)

    with pytest.raises(TickingRefused):
        services.correct_record(
            activity=meeting, kind=CorrectionKind.CAME, person=story.members[0], text="漏记", actor=story.lead,
            at=morning,
        )  # fmt: skip

    assert Correction.objects.count() == 0


def test_correction_is_for_closed_records_with_words_by_who_runs_them(story, huddle, closed, morning):
    evening = make_huddle(story, morning, activity_type=ActivityType.EVENING_HUDDLE)

    with pytest.raises(services.NothingToCorrect):
        services.correct_record(activity=evening, text="x", actor=story.lead, at=morning)
    with pytest.raises(services.CorrectionEmpty):
        services.correct_record(activity=closed, text=" ", actor=story.lead, at=morning)
    with pytest.raises(services.PersonMissing):
        services.correct_record(activity=closed, kind=CorrectionKind.CAME, text="漏记", actor=story.lead, at=morning)
    with pytest.raises(NotAllowed):
        services.correct_record(activity=closed, text="x", actor=story.members[0], at=morning)
