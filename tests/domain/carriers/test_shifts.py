"""Shifts of a call-up: planned from those on site, the rest rule at its boundary, hand-over by two, exact hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.carriers.models import CallUp, Shift, ShiftPerson
from ronghe.domain.carriers.selectors.calls import view_of
from ronghe.domain.carriers.services.calling import CallOver, pass_command
from ronghe.domain.carriers.services.ending import stand_down
from ronghe.domain.carriers.services.handing import (
    CorrectionReasonMissing,
    HandOverEmpty,
    NoNextShift,
    NotHandedOver,
    NotStarted,
    NotThisShift,
    ShiftOpen,
    SignedByOne,
    correct_hours,
    hand_over,
    mark_away,
    take_over,
)
from ronghe.domain.carriers.services.shifts import (
    NotEnoughPresent,
    NotPresent,
    OffQuarter,
    OnAlready,
    ShiftClosed,
    ShiftLengthWrong,
    ShiftsOverlap,
    ShiftTimesWrong,
    TooLongInRow,
    drop_shift,
    move_shift,
    plan_shifts,
    put_on_shift,
    take_off_shift,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.carriers import OUTCOME, all_here, make_call, make_story, place_of, with_shifts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def story(morning):
    return make_story(morning)


@pytest.fixture
def quarter(morning) -> datetime:
    """07:45: the first quarter after the call."""
    return morning + timedelta(minutes=5)


def held() -> Decimal:
    """The hours that stand in facts."""
    return Decimal(sum(Fact.objects.filter(kind="carriers.shift_held").values_list("quantity", flat=True))) / 10_000


def on(shift: Shift) -> list[ShiftPerson]:
    return list(shift.people.select_related("row__person", "shift__call").order_by("-is_lead", "row__person__name"))


def test_shifts_are_planned_from_those_on_site_and_take_turns(story, morning, quarter):
    with_shifts(story, morning, length_hours=12, count=4)

    assert [(one.number, one.starts_at) for one in story.shifts] == [(n + 1, quarter + n * 12 * HOUR) for n in range(4)]
    first, second, third, _fourth = ({part.row.person for part in on(shift)} for shift in story.shifts)
    assert first | second == {story.captain, *story.members}
    assert (first & second, third) == (set(), first)
    assert [sum(part.is_lead for part in on(shift)) for shift in story.shifts] == [1, 1, 1, 1]


def test_who_has_not_arrived_is_not_planned(story, morning):
    call = make_call(story, morning)
    with pytest.raises(NotEnoughPresent, match="0"):
        plan_shifts(call=call, length_hours=12, count=2, actor=story.secretary, at=morning)
    rows = all_here(story, call, morning)[:2]
    with pytest.raises(NotEnoughPresent, match="3"):
        plan_shifts(call=call, length_hours=8, count=3, actor=story.secretary, at=morning, people=rows)
    with pytest.raises(NotAllowed):
        plan_shifts(call=call, length_hours=12, count=2, actor=story.members[1], at=morning)
    assert not Shift.objects.exists()


@pytest.mark.parametrize(("length", "count"), [(0, 1), (13, 1), (12, 0), (12, 22)])
def test_a_shift_has_a_length_that_people_bear(story, morning, length, count):
    call = make_call(story, morning)
    all_here(story, call, morning)

    with pytest.raises(ShiftLengthWrong):
        plan_shifts(call=call, length_hours=length, count=count, actor=story.secretary, at=morning)


def test_shifts_begin_on_a_quarter_and_do_not_overlap(story, morning, quarter):
    call = with_shifts(story, morning, count=1)
    with pytest.raises(OffQuarter):
        plan_shifts(call=call, length_hours=12, count=1, actor=story.secretary, at=morning, starts_at=morning)
    with pytest.raises(ShiftsOverlap, match="1"):
        plan_shifts(call=call, length_hours=12, count=1, actor=story.secretary, at=morning, starts_at=quarter + HOUR)
    (following,) = plan_shifts(
        call=call, length_hours=12, count=1, actor=story.secretary, at=morning,
        people=[place_of(call, story.members[1]), place_of(call, story.members[2])],
    )  # fmt: skip
    assert (following.number, following.starts_at) == (2, quarter + 12 * HOUR)


@pytest.mark.parametrize(("hours", "refused"), [(4, False), (5, True)])
def test_nobody_is_on_longer_in_a_row_than_the_unit_allows(story, morning, quarter, hours, refused):
    """Eight hours, seven of pause, which is no rest, and then four: twelve in a row. Five would be thirteen."""
    call = make_call(story, morning)
    row = next(row for row in all_here(story, call, morning) if row.person == story.captain)
    others = [one for one in call.roster.all() if one.pk != row.pk]
    plan_shifts(call=call, length_hours=8, count=1, actor=story.secretary, at=morning, people=[row, *others])
    shift = Shift.objects.create(
        call=call, number=2, starts_at=quarter + 15 * HOUR, ends_at=quarter + (15 + hours) * HOUR
    )
    on_first = ShiftPerson.objects.get(shift__number=1, is_lead=True).row

    if refused:
        with pytest.raises(TooLongInRow, match=r"13.*12"):
            put_on_shift(shift=shift, row=on_first, actor=story.secretary, at=morning)
        assert not shift.people.exists()
    else:
        put_on_shift(shift=shift, row=on_first, actor=story.secretary, at=morning)
        marked = view_of(CallUp.objects.get(), morning).shifts[1][1][0]
        assert (marked.in_row, marked.is_warned) == (Decimal("12.00"), True)


def test_a_rest_of_eight_hours_begins_anew(story, morning, quarter):
    call = with_shifts(story, morning, length_hours=12, count=1)
    shift = Shift.objects.create(call=call, number=2, starts_at=quarter + 20 * HOUR, ends_at=quarter + 32 * HOUR)

    put_on_shift(shift=shift, row=on(story.shifts[0])[0].row, actor=story.secretary, at=morning)

    assert view_of(call, morning).shifts[1][1][0].in_row == Decimal("12.00")


def test_a_unit_may_be_stricter(story, morning):
    adopt(story.branch, playbook(f"{THEME_DAY}keys: {{callup_hours_in_row: 8}}\n"), morning.date())
    call = make_call(story, morning)
    all_here(story, call, morning)

    with pytest.raises(ShiftLengthWrong, match="8"):
        plan_shifts(call=call, length_hours=12, count=2, actor=story.secretary, at=morning)
    plan_shifts(call=call, length_hours=8, count=3, actor=story.secretary, at=morning)
    assert not any(one.is_warned for _shift, people in view_of(call, morning).shifts for one in people)


def test_shifts_of_another_call_count_too(story, morning, quarter):
    """Whoever is in two teams rests once."""
    call = with_shifts(story, morning, length_hours=12, count=1)
    person = on(story.shifts[0])[0].row.person
    other = make_call(story, morning, teams=[story.next_team], by=story.next_secretary)
    row = other.roster.create(
        person=person, team=other.teams.get(), answer="arrived", arrived_at=morning, arrived_by=person
    )
    shift = Shift.objects.create(call=other, number=1, starts_at=quarter + 11 * HOUR, ends_at=quarter + 13 * HOUR)

    with pytest.raises(OnAlready, match=person.name):
        put_on_shift(shift=shift, row=row, actor=story.next_secretary, at=morning)
    Shift.objects.filter(pk=shift.pk).update(starts_at=quarter + 12 * HOUR)
    shift.refresh_from_db()
    with pytest.raises(TooLongInRow):
        put_on_shift(shift=shift, row=row, actor=story.next_secretary, at=morning)
    assert call.is_running


def test_a_plan_is_changed_until_it_is_handed_over(story, morning, quarter):
    call = with_shifts(story, morning)
    first, second = story.shifts
    lead, hand = on(first)
    put_on_shift(shift=first, row=hand.row, actor=story.secretary, at=morning, ends_at=quarter + 4 * HOUR)
    for refusal, given in (
        (ShiftTimesWrong, {"ends_at": quarter + 13 * HOUR}),
        (ShiftTimesWrong, {"starts_at": quarter + 2 * HOUR, "ends_at": quarter + 2 * HOUR}),
        (OffQuarter, {"ends_at": quarter + timedelta(minutes=20)}),
    ):
        with pytest.raises(refusal):
            put_on_shift(shift=first, row=hand.row, actor=story.secretary, at=morning, **given)
    take_off_shift(part=lead, actor=story.secretary, at=morning)
    assert [(part.row, part.is_lead, part.hours) for part in on(first)] == [(hand.row, True, Decimal("4.00"))]
    with pytest.raises(ShiftsOverlap):
        move_shift(shift=first, starts_at=quarter, ends_at=quarter + 13 * HOUR, actor=story.secretary, at=morning)
    move_shift(shift=first, starts_at=quarter, ends_at=quarter + 3 * HOUR, actor=story.secretary, at=morning)
    assert on(first)[0].hours == Decimal("3.00")
    drop_shift(shift=second, actor=story.secretary, at=morning)
    assert list(call.shifts.all()) == [first]
    absent = place_of(make_call(story, morning, teams=[story.next_team], by=story.next_secretary), story.next_captain)
    shift = Shift.objects.create(call=absent.call, number=1, starts_at=quarter, ends_at=quarter + HOUR)
    with pytest.raises(NotPresent):
        put_on_shift(shift=shift, row=absent, actor=story.next_secretary, at=morning)


def test_a_hand_over_is_signed_by_both_and_hours_count(story, morning, quarter):
    call = with_shifts(story, morning)
    first, second = story.shifts
    out, incoming = on(first)[0].row.person, on(second)[0].row.person
    end = quarter + 12 * HOUR
    with pytest.raises(HandOverEmpty):
        hand_over(shift=first, note=" ", actor=out, at=end)
    with pytest.raises(NotAllowed):
        hand_over(shift=first, note="水退", actor=story.outsider, at=end)
    with pytest.raises(NotThisShift):
        hand_over(shift=second, note="水退", actor=story.secretary, at=end)
    with pytest.raises(NotStarted):
        hand_over(shift=first, note="水退", actor=out, at=morning)
    with pytest.raises(NotHandedOver):
        take_over(shift=first, actor=incoming, at=end)
    hand_over(shift=first, note="水位降了 20 厘米，3 号段还有渗水", actor=out, at=end)
    with pytest.raises(NotAllowed):
        take_over(shift=first, actor=story.outsider, at=end)

    take_over(shift=first, actor=incoming, at=end)

    first.refresh_from_db()
    assert (first.handed_by, first.taken_by, first.closed_at) == (out, incoming, end)
    assert held() == 24
    assert {fact.subject for fact in Fact.objects.filter(kind="carriers.shift_held")} == {
        part.row.person.token for part in on(first)
    }
    with pytest.raises(ShiftClosed):
        put_on_shift(shift=first, row=on(second)[0].row, actor=story.secretary, at=end)
    hand_over(shift=second, note="完", actor=incoming, at=end + HOUR)
    with pytest.raises(NoNextShift):
        take_over(shift=second, actor=story.secretary, at=end + HOUR)
    assert view_of(CallUp.objects.get(pk=call.pk), end).total_hours == 24


def test_nobody_signs_both_sides(story, morning, quarter):
    with_shifts(story, morning)
    hand_over(shift=story.shifts[0], note="完", actor=story.secretary, at=quarter + 12 * HOUR)

    with pytest.raises(SignedByOne):
        take_over(shift=story.shifts[0], actor=story.secretary, at=quarter + 12 * HOUR)


@pytest.mark.parametrize(
    ("after", "hours"), [(0, 24), (-1, 24), (-15, Decimal("23.5")), (-16, Decimal("23.5")), (90, 24)]
)
def test_hours_count_to_the_hand_over_or_the_end_of_the_shift(story, morning, quarter, after, hours):
    with_shifts(story, morning)
    first, second = story.shifts
    moment = quarter + 12 * HOUR + timedelta(minutes=after)
    hand_over(shift=first, note="完", actor=on(first)[0].row.person, at=moment)
    take_over(shift=first, actor=on(second)[0].row.person, at=moment)

    assert held() == hours


def test_who_was_away_held_nothing_and_a_mistake_is_corrected(story, morning, quarter):
    call = with_shifts(story, morning)
    first, second = story.shifts
    lead, hand = on(first)
    mark_away(part=hand, is_away=True, actor=lead.row.person, at=quarter + HOUR)
    with pytest.raises(ShiftOpen):
        correct_hours(
            part=lead,
            starts_at=quarter,
            ends_at=quarter + HOUR,
            is_held=True,
            reason="x",
            actor=story.secretary,
            at=quarter,
        )
    end = quarter + 12 * HOUR
    hand_over(shift=first, note="完", actor=lead.row.person, at=end)
    take_over(shift=first, actor=on(second)[0].row.person, at=end)
    assert held() == 12
    with pytest.raises(ShiftClosed):
        mark_away(part=lead, is_away=True, actor=story.secretary, at=end)
    stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=end + HOUR)
    before = CallUp.objects.get(pk=call.pk).hours
    hand = ShiftPerson.objects.select_related("shift__call", "row__person", "row__team__carrier").get(pk=hand.pk)

    def correct(actor=story.secretary, reason="四点才到", **changes):
        given = {"starts_at": quarter + 8 * HOUR, "ends_at": end, "is_held": True} | changes
        return correct_hours(part=hand, reason=reason, actor=actor, at=end + HOUR, **given)

    with pytest.raises(CorrectionReasonMissing):
        correct(reason=" ")
    with pytest.raises(ShiftTimesWrong):
        correct(ends_at=end + HOUR)
    with pytest.raises(NotAllowed):
        correct(actor=story.outsider)
    correct()

    call.refresh_from_db()
    assert call.hours == before + 4
    assert held() == call.hours
    stood = Fact.objects.filter(kind="carriers.stood_down").order_by("pk")
    assert [fact.quantity for fact in stood] == [before * 10_000, -before * 10_000, call.hours * 10_000]
    assert "四点才到" in call.log.get().text


def test_nobody_corrects_the_own_hours(story, morning, quarter):
    call = with_shifts(story, morning)
    part = on(story.shifts[0])[0]
    pass_command(call=call, to=part.row.person, actor=story.secretary, at=morning)
    stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=quarter + HOUR)

    with pytest.raises(NotAllowed):
        correct_hours(
            part=part, starts_at=part.starts_at, ends_at=part.ends_at, is_held=True, reason="x",
            actor=part.row.person, at=quarter + HOUR,
        )  # fmt: skip


def test_nothing_is_planned_after_it_was_stood_down(story, morning, quarter):
    call = with_shifts(story, morning)
    stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=quarter + HOUR)

    with pytest.raises(CallOver):
        plan_shifts(call=call, length_hours=12, count=1, actor=story.secretary, at=quarter + HOUR)
