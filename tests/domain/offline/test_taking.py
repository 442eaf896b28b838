"""Acts come once, late, twice, in any order and with gaps; each ends the same."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest

from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.services.devices import revoke_device
from ronghe.domain.offline.services.taking import Answer, answers_about, give_up_gaps, take_acts
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, LeaveKind
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, edit_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.domain.rhythm.services.sign_in import note_leave, tick_present
from ronghe.kernel.facts.models import Fact
from tests.factories.offline import Phone
from tests.factories.rhythm import make_huddle, make_zone

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def lead(story, morning) -> Phone:
    return Phone(story.lead, morning - timedelta(hours=1))


def sent(phone: Phone, at, *places: int) -> list[Answer]:
    chosen = [phone.queue[place] for place in places] if places else phone.queue
    return take_acts(acts=chosen, at=at)


def states(answers) -> list[str]:
    return [f"{one.state} {one.code}".strip() for one in answers]


def whole_morning(story, phone: Phone, at) -> list[str]:
    """A huddle from its opening to its end, all without signal."""
    opened = phone.does("open_huddle", at, body=story.body.pk, activity_type="morning_huddle")
    phone.does("sign_in", at + MINUTE, activity=opened, code="")
    phone.does("tick", at + 2 * MINUTE, activity=opened, person=story.members[0].pk)
    phone.does("sign_in_card", at + 3 * MINUTE, activity=opened, card=member_card(story.members[1]))
    phone.does("leave", at + 4 * MINUTE, activity=opened, person=story.members[2].pk, leave_kind="sick", reason="发烧")
    item = phone.does("agenda_add", at + 5 * MINUTE, activity=opened, topic="动火点警戒")
    phone.does("close", at + 9 * MINUTE, activity=opened)
    return [opened, item]


def test_a_huddle_without_signal_counts_at_its_own_time(story, lead, morning):
    whole_morning(story, lead, morning)

    answers = sent(lead, morning + timedelta(hours=5))

    assert states(answers) == ["taken"] * 7
    huddle = Activity.objects.get()
    assert (huddle.state, huddle.opened_at, huddle.closed_at) == ("closed", morning, morning + 9 * MINUTE)
    assert (huddle.expected_count, huddle.present_count) == (4, 3)
    ways = dict(Attendance.objects.values_list("person__name", "way"))
    assert ways == {
        "刘丽萍": "own_phone", story.members[0].name: "ticked", story.members[1].name: "card", story.members[2].name: None,
    }  # fmt: skip
    assert {answer.activity for answer in answers} == {huddle.pk}
    assert answers[5].item == AgendaItem.objects.get().pk
    assert Fact.objects.get(kind="rhythm.activity_closed").occurred_at == morning


def test_the_same_report_again_is_answered_the_same_and_does_nothing(story, lead, morning):
    whole_morning(story, lead, morning)
    first = sent(lead, morning + timedelta(hours=1))
    facts = Fact.objects.count()

    assert sent(lead, morning + timedelta(hours=2)) == first
    assert (ReceivedAct.objects.count(), Fact.objects.count(), AgendaItem.objects.count()) == (7, facts, 1)


def test_what_comes_before_its_turn_waits_for_it(story, lead, morning):
    whole_morning(story, lead, morning)
    later = morning + timedelta(hours=1)

    assert states(sent(lead, later, 6, 2)) == ["waiting", "waiting"]
    assert states(sent(lead, later, 5, 4, 3, 1)) == ["waiting"] * 4
    assert Activity.objects.count() == 0
    assert states(sent(lead, later, 0)) == ["taken"]
    assert (
        states(answers_about(key=lead.key, act_ids=[row.act_id for row in ReceivedAct.objects.all()])) == ["taken"] * 7
    )
    assert Activity.objects.get().state == ActivityState.CLOSED


def test_payload_is_kept_only_while_somebody_may_need_it(story, lead, morning):
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead.does("tick", morning, activity=opened, person=10**9)
    sent(lead, morning)

    assert [(row.state, row.payload is None) for row in ReceivedAct.objects.order_by("number")] == [
        ("taken", True), ("refused", False),
    ]  # fmt: skip


def test_another_phone_learns_nothing_of_an_act(story, lead, morning):
    act = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    sent(lead, morning)

    assert answers_about(key=Phone(story.members[0], morning).key, act_ids=[act]) == []


def test_what_was_not_signed_by_the_phone_leaves_no_trace(story, lead, morning):
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    [signed] = lead.queue
    altered = dataclasses.replace(signed, text=signed.text.replace("morning_huddle", "evening_huddle"))
    foreign = dataclasses.replace(signed, signature=Phone(story.members[0], morning).signed(signed.text))
    rubbish = [dataclasses.replace(signed, signature=text) for text in ("", "!!", "AAAA", signed.signature[:-4])]

    answers = take_acts(acts=[altered, foreign, *rubbish], at=morning)

    assert {one.code for one in answers} == {"signature_wrong"}
    assert ReceivedAct.objects.count() == 0


def test_unknown_phone_and_unreadable_text_leave_no_trace(story, lead, morning):
    stranger = Phone(story.members[0], morning, register=False)
    stranger.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")

    answers = take_acts(acts=[stranger.queue[0], dataclasses.replace(stranger.queue[0], text="{")], at=morning)

    assert [one.code for one in answers] == ["device_unknown", "act_unreadable"]
    assert ReceivedAct.objects.count() == 0


def test_a_stopped_phone_is_refused_and_what_was_taken_stays_answered(story, lead, morning):
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    first = sent(lead, morning)
    revoke_device(device=lead.device, actor=story.lead, at=morning)
    lead.does("close", morning, activity=opened)

    assert sent(lead, morning) == [first[0], Answer(json.loads(lead.queue[1].text)["id"], "refused", "device_revoked",
                                                    "这部手机已停用，请登录后重新设口令，再报一次。")]  # fmt: skip


def test_an_account_that_was_closed_reports_nothing(story, lead, morning):
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    story.lead.account.is_active = False
    story.lead.account.save()

    assert states(sent(lead, morning)) == ["refused device_revoked"]


def test_second_act_of_the_same_number_is_refused(story, lead, morning):
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead.queue, kept = [], lead.queue
    lead._before = "0" * 64
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="evening_huddle")
    forked = [*kept, *lead.queue]

    assert states(take_acts(acts=forked, at=morning)) == ["taken", "refused number_taken"]


def test_broken_chain_is_refused_and_the_queue_goes_on(story, lead, morning):
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead._before = "f" * 64
    lead.does("tick", morning, activity=opened, person=story.members[0].pk)
    lead.does("tick", morning, activity=opened, person=story.members[1].pk)

    assert states(sent(lead, morning)) == ["taken", "refused chain_broken", "taken"]


def test_voided_before_reporting_keeps_the_queue_whole(story, lead, morning):
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead.does("tick", morning, activity=opened, person=story.members[0].pk)
    lead.does("tick", morning, activity=opened, person=story.members[1].pk)
    lead.voids(1)

    assert states(sent(lead, morning)) == ["taken", "voided", "taken"]
    assert list(Attendance.objects.values_list("person", flat=True)) == [story.members[1].pk]
    assert ReceivedAct.objects.get(number=2).kind == "tick"


@pytest.mark.parametrize(
    ("late", "state"), [(timedelta(days=7), "taken"), (timedelta(days=7, seconds=1), "refused act_too_old")]
)
def test_act_is_taken_within_its_days(story, lead, morning, late, state):
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")

    assert states(sent(lead, morning + late)) == [state]


@pytest.mark.parametrize(
    ("ahead", "state"), [(timedelta(minutes=2), "taken"), (timedelta(minutes=2, seconds=1), "refused act_to_come")]
)
def test_act_of_a_time_to_come_is_refused(story, lead, morning, ahead, state):
    lead.does("open_huddle", morning + ahead, body=story.body.pk, activity_type="morning_huddle")

    assert states(sent(lead, morning)) == [state]
    assert all(row.opened_at <= morning for row in Activity.objects.all())


def test_fast_clock_that_is_known_to_be_fast_is_set_right(story, lead, morning):
    lead.skew = timedelta(hours=3)
    lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    sent(lead, morning + MINUTE)

    assert Activity.objects.get().opened_at == morning


def test_own_presence_without_a_code_is_no_signature_pm_15(story, lead, morning):
    """PM-15: whoever runs it signs in by the own hand, a member needs a code that is good at the act's own time."""
    huddle = make_huddle(story, morning)
    member, other = Phone(story.members[0], morning), Phone(story.members[1], morning)
    member.does("sign_in", morning, activity=huddle.pk, code="")
    code = sign_in_code(huddle, at=morning)
    member.does("sign_in", morning + MINUTE, activity=huddle.pk, code=code)
    other.does("sign_in", morning + 2 * MINUTE, activity=huddle.pk, code=code)
    hours_later = morning + timedelta(hours=3)

    assert states(sent(member, hours_later)) == ["refused code_missing", "taken"]
    assert states(sent(other, hours_later)) == ["refused code_expired"]
    [signed] = Attendance.objects.all()
    assert (signed.person, signed.way, signed.signed_at) == (story.members[0], "own_phone", morning + MINUTE)


def test_code_of_another_gathering_signs_nobody_in(story, lead, morning):
    morning_huddle = make_huddle(story, morning)
    evening = make_huddle(story, morning, activity_type=ActivityType.EVENING_HUDDLE)
    phone = Phone(story.members[0], morning)
    phone.does("sign_in", morning, activity=morning_huddle.pk, code=sign_in_code(evening, at=morning))

    assert states(sent(phone, morning)) == ["refused code_refused"]


def test_nobody_ticks_for_the_three_meetings_without_signal_either_pm_15(story, lead, morning):
    from tests.factories.rhythm import make_meeting

    lecture = make_meeting(story, morning, activity_type=ActivityType.PARTY_LECTURE)
    lead.does("tick", morning, activity=lecture.pk, person=story.members[0].pk)
    lead.does("sign_in_card", morning, activity=lecture.pk, card=member_card(story.members[0]))

    assert states(sent(lead, morning)) == ["refused ticking_refused", "taken"]


def test_what_one_may_not_see_or_do_is_refused_as_ever(story, morning):
    huddle = make_huddle(story, morning)
    member, stranger = Phone(story.members[0], morning), Phone(make_zone(name="别处", plant_name="别厂").lead, morning)
    member.does("tick", morning, activity=huddle.pk, person=story.members[1].pk)
    member.does("close", morning, activity=huddle.pk)
    member.does("open_huddle", morning, body=story.body.pk, activity_type="evening_huddle")
    stranger.does("tick", morning, activity=huddle.pk, person=story.members[1].pk)
    stranger.does("close", morning, activity=10**15)

    assert states(sent(member, morning)) == ["refused not_allowed"] * 3
    assert states(sent(stranger, morning)) == ["refused not_found"] * 2


def test_closed_meanwhile_is_said_and_nothing_is_added(story, lead, morning):
    huddle = make_huddle(story, morning)
    tick_present(activity=huddle, person=story.lead, actor=story.lead, at=morning)
    lead.does("tick", morning + MINUTE, activity=huddle.pk, person=story.members[0].pk)
    lead.does("agenda_add", morning + MINUTE, activity=huddle.pk, topic="补焊")
    close_activity(activity=huddle, actor=story.lead, at=morning + 5 * MINUTE)

    assert states(sent(lead, morning + timedelta(hours=1))) == ["refused activity_not_open"] * 2
    assert (AgendaItem.objects.count(), Attendance.objects.filter(status="present").count()) == (0, 1)


def test_huddle_opened_by_two_holds_what_was_done_in_the_second(story, lead, morning):
    whole_morning(story, lead, morning)
    there = open_huddle(
        body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=morning + MINUTE
    )

    assert states(sent(lead, morning + timedelta(hours=1))) == ["refused huddle_already_there", *["waiting"] * 6]
    there.refresh_from_db()
    assert (there.state, there.attendances.count()) == ("open", 0)


def test_line_of_minutes_changed_by_two_keeps_the_first(story, lead, morning):
    from ronghe.domain.offline.calc.acts import item_digest

    huddle = make_huddle(story, morning)
    item = add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=morning)
    seen = item_digest("补焊", "", None)
    lead.does("agenda_edit", morning, activity=huddle.pk, item=item.pk, base=seen, topic="补焊", notes="夜里焊")
    edit_agenda_item(item=item, actor=story.lead, at=morning, topic="补焊", notes="白天焊", decision=None)

    assert states(sent(lead, morning + MINUTE)) == ["refused minutes_changed"]
    assert AgendaItem.objects.get().notes == "白天焊"


def test_edits_of_an_item_made_on_the_phone_follow_each_other(story, lead, morning):
    from ronghe.domain.offline.calc.acts import item_digest

    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    item = lead.does("agenda_add", morning, activity=opened, topic="补焊")
    first, second = item_digest("补焊", "", ""), item_digest("补焊", "甲", "")
    lead.does("agenda_edit", morning, activity=opened, item=item, base=first, topic="补焊", notes="甲")
    lead.does(
        "agenda_edit", morning, activity=opened, item=item, base=second, topic="补焊", notes="乙", decision="停输"
    )

    assert states(sent(lead, morning)) == ["taken"] * 4
    stored = AgendaItem.objects.get()
    assert (stored.notes, stored.decision) == ("乙", "停输")


def test_presence_beats_leave_and_the_later_leave_stays(story, lead, morning):
    huddle = make_huddle(story, morning)
    here, away, _third = story.members
    note_leave(activity=huddle, person=here, kind=LeaveKind.SICK, reason=None, actor=here, at=morning + 9 * MINUTE)
    note_leave(activity=huddle, person=away, kind=LeaveKind.TRAINING, reason=None, actor=away, at=morning + 9 * MINUTE)
    lead.does("tick", morning + MINUTE, activity=huddle.pk, person=here.pk)
    lead.does("leave", morning + MINUTE, activity=huddle.pk, person=away.pk, leave_kind="sick", reason="")
    lead.does("leave", morning + MINUTE, activity=huddle.pk, person=here.pk, leave_kind="sick", reason="")

    assert states(sent(lead, morning + timedelta(hours=1))) == [
        "taken", "refused leave_noted_later", "refused already_present",
    ]  # fmt: skip
    assert Attendance.objects.get(person=away).leave_kind == LeaveKind.TRAINING


def test_whoever_came_after_the_end_keeps_it_open(story, lead, morning):
    huddle = make_huddle(story, morning)
    lead.does("sign_in", morning, activity=huddle.pk, code="")
    lead.does("close", morning + MINUTE, activity=huddle.pk)
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning + 2 * MINUTE)

    assert states(sent(lead, morning + timedelta(hours=1))) == ["taken", "refused came_after_closing"]


def test_tick_is_taken_back_without_signal(story, lead, morning):
    huddle = make_huddle(story, morning)
    lead.does("tick", morning, activity=huddle.pk, person=story.members[0].pk)
    lead.does("untick", morning, activity=huddle.pk, person=story.members[0].pk)
    lead.does("untick", morning, activity=huddle.pk, person=story.members[0].pk)

    assert states(sent(lead, morning)) == ["taken", "taken", "refused nothing_ticked"]
    assert not Attendance.objects.exists()


def test_gap_that_is_never_filled_is_given_up_after_its_days(story, lead, morning):
    opened = lead.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    lead.does("tick", morning, activity=opened, person=story.members[0].pk)
    sent(lead, morning, 1)

    assert give_up_gaps(at=morning + timedelta(days=7)) == 0
    assert give_up_gaps(at=morning + timedelta(days=7, seconds=1)) == 1
    assert ReceivedAct.objects.get().code == "before_it_lost"
    assert give_up_gaps(at=morning + timedelta(days=9)) == 0
    assert states(sent(lead, morning + timedelta(days=2), 0)) == ["taken"]
    assert Device.objects.get().applied == 2
