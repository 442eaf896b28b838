from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import (
    OWN_PRESENCE,
    ActivityState,
    ActivityType,
    AttendanceStatus,
    AttendanceWay,
    LeaveKind,
)
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.selectors import sign_in_sheet
from ronghe.domain.rhythm.services import codes
from ronghe.domain.rhythm.services import sign_in as services
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def huddle(story, morning):
    return make_huddle(story, morning)


def by_code(huddle, person, at):
    return services.sign_in_with_code(code=codes.sign_in_code(huddle, at=at), actor=person, at=at)


def test_own_phone_signs_in_with_the_code_on_the_screen(story, huddle, morning):
    row = by_code(huddle, story.members[0], morning)

    assert (row.person, row.recorded_by, row.way) == (story.members[0], story.members[0], AttendanceWay.OWN_PHONE)
    assert (row.status, row.signed_at, row.is_guest) == (AttendanceStatus.PRESENT, morning, False)
    assert row.counts_as_signature is True


def test_card_keeps_both_names(story, huddle, morning):
    row = services.sign_in_with_card(
        activity=huddle, card=codes.member_card(story.members[0]), actor=story.lead, at=morning
    )

    assert (row.person, row.recorded_by, row.way) == (story.members[0], story.lead, AttendanceWay.CARD)
    assert row.counts_as_signature is True


def test_tick_keeps_both_names_and_is_no_signature_pm15(story, huddle, morning):
    row = services.tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning)

    assert (row.person, row.recorded_by, row.way) == (story.members[0], story.lead, AttendanceWay.TICKED)
    assert row.counts_as_signature is False


def test_lead_who_ticks_himself_signed_in_himself(story, huddle, morning):
    row = services.tick_present(activity=huddle, person=story.lead, actor=story.lead, at=morning)

    assert (row.way, row.counts_as_signature) == (AttendanceWay.OWN_PHONE, True)


@pytest.mark.parametrize("activity_type", ActivityType.values)
def test_ticking_is_refused_at_the_three_meetings_and_the_lecture_pm15(story, morning, activity_type):
    activity = Activity.objects.create(
        activity_type=activity_type, body=story.body, day=morning.date(), place="x", state=ActivityState.OPEN,
        chair=story.lead, opened_at=morning,
    )  # fmt: skip
    tick = {"activity": activity, "person": story.members[0], "actor": story.lead, "at": morning}

    if activity_type in {"general_meeting", "committee_meeting", "group_meeting", "party_lecture"}:
        with pytest.raises(services.TickingRefused, match="本人签到"):
            services.tick_present(**tick)
        assert Attendance.objects.count() == 0
    else:
        assert services.tick_present(**tick).counts_as_signature is False


@pytest.mark.parametrize("activity_type", sorted(OWN_PRESENCE))
def test_phone_and_card_are_welcome_where_ticking_is_not_pm15(story, morning, activity_type):
    meeting = make_meeting(story, morning, activity_type=activity_type)

    by_code(meeting, story.members[0], morning)
    services.sign_in_with_card(activity=meeting, card=codes.member_card(story.members[1]), actor=story.lead, at=morning)
    services.tick_present(activity=meeting, person=story.lead, actor=story.lead, at=morning)

    assert [row.counts_as_signature for row in Attendance.objects.all()] == [True, True, True]


@pytest.mark.parametrize("way", ["code", "card", "tick"])
def test_second_sign_in_gives_the_first_whatever_the_way(story, huddle, morning, way):
    first = by_code(huddle, story.members[0], morning)
    later = morning + timedelta(minutes=5)

    again = {
        "code": lambda: by_code(huddle, story.members[0], later),
        "card": lambda: services.sign_in_with_card(
            activity=huddle, card=codes.member_card(story.members[0]), actor=story.lead, at=later
        ),
        "tick": lambda: services.tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=later),
    }[way]()

    assert (again, again.signed_at, again.way) == (first, morning, AttendanceWay.OWN_PHONE)
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (99, True), (100, False), (3600, False), (-41, False)])
def test_code_expires_when_the_screen_has_changed_twice(story, huddle, morning, seconds, good):
    """07:40:20, twenty seconds into its minute: good until 07:42:00, and not before 07:40:00."""
    code = codes.sign_in_code(huddle, at=morning + timedelta(seconds=20))
    arrival = {"code": code, "actor": story.members[0], "at": morning + timedelta(seconds=20 + seconds)}

    if good:
        assert services.sign_in_with_code(**arrival).activity == huddle
    else:
        with pytest.raises(codes.CodeExpired):
            services.sign_in_with_code(**arrival)


def test_how_often_the_code_changes_is_a_setting(settings, huddle, morning):
    settings.SIGN_IN_CODE_SECONDS = 10

    shown = [codes.sign_in_code(huddle, at=morning + timedelta(seconds=second)) for second in (0, 9, 10)]

    assert [shown[0] == shown[1], shown[1] == shown[2]] == [True, False]


@pytest.mark.parametrize("code", ["", "x", "1.2", "1.29822340:", "Ｑ", "1.29822340:AAAA"])
def test_made_up_code_is_refused(story, huddle, morning, code):
    with pytest.raises(codes.CodeRefused):
        services.sign_in_with_code(code=code, actor=story.members[0], at=morning)


def test_code_and_card_of_another_installation_are_refused(story, huddle, morning):
    elsewhere = Signer(key="another home", salt="ronghe.rhythm.sign_in_code")
    forged = elsewhere.sign(codes.sign_in_code(huddle, at=morning).rpartition(":")[0])
    card = Signer(key="another home", salt="ronghe.rhythm.member_card").sign(str(story.members[0].token))

    with pytest.raises(codes.CodeRefused):
        services.sign_in_with_code(code=forged, actor=story.members[0], at=morning)
    with pytest.raises(codes.CardRefused):
        services.sign_in_with_card(activity=huddle, card=card, actor=story.lead, at=morning)


def test_card_is_no_sign_in_code_and_the_other_way_round(story, huddle, morning):
    with pytest.raises(codes.CodeRefused):
        services.sign_in_with_code(code=codes.member_card(story.lead), actor=story.members[0], at=morning)
    with pytest.raises(codes.CardRefused):
        services.sign_in_with_card(
            activity=huddle, card=codes.sign_in_code(huddle, at=morning), actor=story.lead, at=morning
        )


def test_card_of_somebody_who_left_is_refused(story, huddle, morning):
    gone = story.members[0]
    card = codes.member_card(gone)
    type(gone).objects.filter(pk=gone.pk).update(valid_until=morning.date())

    with pytest.raises(codes.CardRefused):
        services.sign_in_with_card(activity=huddle, card=card, actor=story.lead, at=morning)


def test_code_of_yesterdays_huddle_signs_nobody_in_today(story, huddle, morning):
    evening = make_huddle(story, morning, activity_type=ActivityType.EVENING_HUDDLE)

    row = by_code(evening, story.members[0], morning)

    assert row.activity == evening
    assert huddle.attendances.count() == 0


def test_nobody_signs_in_before_opening_or_after_closing(story, huddle, morning):
    from ronghe.domain.rhythm.services.activities import plan_activity

    planned = plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=story.body, place="x", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=story.lead, at=morning,
    )  # fmt: skip
    by_code(huddle, story.lead, morning)
    close_activity(activity=huddle, actor=story.lead, at=morning)

    with pytest.raises(services.ActivityNotOpen, match="已安排"):
        by_code(planned, story.members[0], morning)
    with pytest.raises(services.ActivityNotOpen, match="已结束"):
        by_code(huddle, story.members[0], morning)


def test_somebody_not_expected_comes_as_a_guest(story, huddle, morning):
    visitor = make_person("来访的人", home=story.branch)

    row = by_code(huddle, visitor, morning)

    assert row.is_guest is True
    sheet = sign_in_sheet(huddle)
    assert [(line.person, line.is_expected) for line in sheet.rows if line.is_present] == [(visitor, False)]
    assert (sheet.tally.present, sheet.tally.guests) == (0, 1)


def test_member_scans_no_card_and_ticks_nobody(story, huddle, morning):
    card = codes.member_card(story.members[1])

    with pytest.raises(NotAllowed):
        services.sign_in_with_card(activity=huddle, card=card, actor=story.members[0], at=morning)
    with pytest.raises(NotAllowed):
        services.tick_present(activity=huddle, person=story.members[1], actor=story.members[0], at=morning)


def test_mistaken_tick_is_taken_back_and_a_sign_in_is_not(story, huddle, morning):
    ticked = services.tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning)
    signed = by_code(huddle, story.members[1], morning)

    with pytest.raises(NotAllowed):
        services.withdraw_tick(attendance=ticked, actor=story.members[2], at=morning)
    with pytest.raises(services.OnlyTicksWithdrawn, match=story.members[1].name):
        services.withdraw_tick(attendance=signed, actor=story.lead, at=morning)
    services.withdraw_tick(attendance=ticked, actor=story.lead, at=morning)

    assert list(Attendance.objects.all()) == [signed]
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.subject) == ("rhythm.tick_withdrawn", story.members[0].token)


def test_leave_is_noted_by_oneself_or_the_lead_and_the_latest_stands(story, huddle, morning):
    services.note_leave(
        activity=huddle, person=story.members[0], kind=LeaveKind.SICK, reason="", actor=story.members[0], at=morning
    )
    services.note_leave(
        activity=huddle, person=story.members[0], kind=LeaveKind.BUSINESS_TRIP, reason="去大庆", actor=story.lead,
        at=morning,
    )  # fmt: skip

    row = Attendance.objects.get()
    assert (row.status, row.leave_kind, row.reason) == (AttendanceStatus.LEAVE, LeaveKind.BUSINESS_TRIP, "去大庆")
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.values) == ("rhythm.leave_noted", {"activity_type": "morning_huddle"})


def test_leave_is_refused_for_others_for_guests_and_for_who_is_there(story, huddle, morning):
    visitor = make_person("来访的人")
    by_code(huddle, story.members[0], morning)

    def ask(person, actor):
        services.note_leave(activity=huddle, person=person, kind=LeaveKind.SICK, reason=None, actor=actor, at=morning)

    with pytest.raises(NotAllowed):
        ask(story.members[1], story.members[2])
    with pytest.raises(services.NotExpected):
        ask(visitor, story.lead)
    with pytest.raises(services.AlreadyPresent):
        ask(story.members[0], story.lead)


def test_leave_after_closing_is_refused(story, huddle, morning):
    by_code(huddle, story.lead, morning)
    close_activity(activity=huddle, actor=story.lead, at=morning)

    with pytest.raises(services.ActivityClosed):
        services.note_leave(
            activity=huddle, person=story.members[0], kind=LeaveKind.SICK, reason=None, actor=story.lead, at=morning
        )


def test_whoever_was_on_leave_and_comes_is_present(story, huddle, morning):
    services.note_leave(
        activity=huddle, person=story.members[0], kind=LeaveKind.OFF_SHIFT, reason=None, actor=story.lead, at=morning
    )

    row = by_code(huddle, story.members[0], morning + timedelta(minutes=3))

    assert (row.status, row.leave_kind, row.way) == (AttendanceStatus.PRESENT, None, AttendanceWay.OWN_PHONE)
    assert Attendance.objects.count() == 1


def test_database_keeps_one_row_a_person_and_activity(story, huddle, morning):
    row = by_code(huddle, story.members[0], morning)

    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("members", [1, 30])
def test_sign_in_takes_four_statements_however_many_are_expected(morning, members):
    story = make_zone(members=members)
    huddle = make_huddle(story, morning)
    code = codes.sign_in_code(huddle, at=morning)

    with CaptureQueriesContext(connection) as spent:
        services.sign_in_with_code(code=code, actor=story.members[0], at=morning)

    statements = [query["sql"] for query in spent if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 4


def test_secretary_above_ticks_in_the_zone_too(story, huddle, morning):
    row = services.tick_present(activity=huddle, person=story.members[0], actor=story.secretary, at=morning)

    assert row.recorded_by == story.secretary


def test_group_leader_elsewhere_does_not(story, huddle, morning):
    other = make_person("赵六")
    make_post(other, PostRole.GROUP_LEADER, body=story.branch)

    with pytest.raises(NotAllowed):
        services.tick_present(activity=huddle, person=story.members[0], actor=other, at=morning)
