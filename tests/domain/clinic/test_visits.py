"""Hours, days away, and visits from booked to told."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from ronghe.domain.clinic.enums import MessageKind, SlotWay, VisitState
from ronghe.domain.clinic.models import ExpertHours, Visit
from ronghe.domain.clinic.selectors.cases import cases_with_news, thread_of
from ronghe.domain.clinic.selectors.experts import (
    next_slot,
    slots_of,
    visits_coming,
    visits_of,
    visits_to_tell,
    visits_today,
)
from ronghe.domain.clinic.services import asking, experts, hours, telling, treating, visiting
from ronghe.domain.clinic.services.experts import end_expert
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.clinic import asked, cared, make_clinic, sits, solved, tuesday

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    clinic = make_clinic()
    sits(clinic.hua)
    return clinic


@pytest.fixture
def item(clinic, morning):
    return asked(clinic, morning, expert=clinic.hua)


@pytest.fixture
def visit(item, clinic, morning):
    return visiting.book_visit(item=item, starts_at=tuesday(morning), actor=clinic.worker, at=morning)


def facts_of(kind):
    return [(fact.subject, fact.values) for fact in Fact.objects.filter(kind=kind).order_by("pk")]


def test_a_free_time_is_booked_and_stands_in_both_days(clinic, item, visit, morning):
    assert (visit.place, visit.ends_at - visit.starts_at) == ("电气班值班室", timedelta(minutes=30))
    for person in (clinic.worker, clinic.hua.person):
        assert list(visits_coming(person, morning)) == [visit]
        assert not visits_today(person, morning).exists()
        assert list(visits_today(person, morning + timedelta(days=1))) == [visit]
        assert list(visits_of(person, morning, morning + timedelta(days=7))) == [visit]
    assert not visits_coming(clinic.shao.person, morning).exists()
    assert next_slot(clinic.hua, morning).starts_at == tuesday(morning, 9, 30)
    assert thread_of(item)[-1].message.visit_at == visit.starts_at
    assert facts_of("clinic.visit_booked") == [(None, {"way": "on_site", "day": "2026-09-15"})]


def test_a_time_is_booked_once_and_only_where_the_expert_sits(clinic, visit, morning):
    other = asked(clinic, morning, by=clinic.other, expert=clinic.hua)
    for wrong in (visit.starts_at, tuesday(morning, 8), tuesday(morning, 9, 10), morning - timedelta(days=6)):
        with pytest.raises(visiting.SlotTaken):
            visiting.book_visit(item=other, starts_at=wrong, actor=clinic.other, at=morning)
    beyond = tuesday(morning) + timedelta(weeks=8)
    with pytest.raises(visiting.SlotTaken):
        visiting.book_visit(item=other, starts_at=beyond, actor=clinic.other, at=morning)
    last = beyond - timedelta(weeks=1)
    assert visiting.book_visit(item=other, starts_at=last, actor=clinic.other, at=morning).starts_at == last


def test_a_case_has_one_visit_at_a_time_and_somebody_to_see(clinic, item, visit, morning):
    with pytest.raises(visiting.VisitThere):
        visiting.book_visit(item=item, starts_at=tuesday(morning, 10), actor=clinic.worker, at=morning)
    with pytest.raises(visiting.NobodyToVisit):
        visiting.book_visit(
            item=asked(clinic, morning), starts_at=tuesday(morning, 10), actor=clinic.worker, at=morning
        )
    for other in (clinic.other, clinic.hua.person):
        with pytest.raises(NotAllowed):
            visiting.book_visit(item=item, starts_at=tuesday(morning, 10), actor=other, at=morning)


def test_a_case_is_due_after_its_visit(clinic, morning):
    item = asked(clinic, morning, expert=clinic.hua)
    visit = visiting.book_visit(
        item=item, starts_at=tuesday(morning) + timedelta(weeks=1), actor=clinic.worker, at=morning
    )
    item.refresh_from_db()
    assert item.due_at > visit.ends_at + timedelta(days=2)


def test_either_moves_it_and_the_other_is_told(clinic, item, visit, morning):
    later = morning + timedelta(minutes=1)
    treating.read_thread(item=item, actor=clinic.worker, at=later)
    visiting.move_visit(visit=visit, starts_at=tuesday(morning, 10), actor=clinic.hua.person, at=later)
    assert Visit.objects.get().starts_at == tuesday(morning, 10)
    assert list(cases_with_news(clinic.worker, later)) == []  # read at the very moment
    after = later + timedelta(minutes=1)
    visiting.move_visit(visit=visit, starts_at=tuesday(morning, 9, 30), actor=clinic.hua.person, at=after)
    assert list(cases_with_news(clinic.worker, after)) == [item]
    visiting.move_visit(visit=visit, starts_at=tuesday(morning), actor=clinic.worker, at=after)
    with pytest.raises(visiting.SlotTaken):
        visiting.move_visit(visit=visit, starts_at=tuesday(morning), actor=clinic.worker, at=after)
    with pytest.raises(NotAllowed):
        visiting.move_visit(visit=visit, starts_at=tuesday(morning, 10), actor=clinic.other, at=after)
    assert len(facts_of("clinic.visit_moved")) == 3


def test_either_calls_it_off_and_the_time_is_free_again(clinic, item, visit, morning):
    with pytest.raises(NotAllowed):
        visiting.call_off_visit(visit=visit, actor=clinic.secretary, at=morning)
    visiting.call_off_visit(visit=visit, actor=clinic.hua.person, at=morning, words="下井处理故障")
    assert visit.state == VisitState.CALLED_OFF
    assert [thread_of(item)[-1].kind, thread_of(item)[-1].words] == [MessageKind.CALLED_OFF, "下井处理故障"]
    with pytest.raises(Stale):
        visiting.call_off_visit(visit=visit, actor=clinic.worker, at=morning)
    with pytest.raises(Stale):
        visiting.move_visit(visit=visit, starts_at=tuesday(morning, 10), actor=clinic.worker, at=morning)
    assert visiting.book_visit(item=item, starts_at=visit.starts_at, actor=clinic.worker, at=morning).pk != visit.pk


def test_what_came_of_it_is_the_answer(clinic, item, visit, morning):
    with pytest.raises(visiting.VisitAhead):
        visiting.hold_visit(
            visit=visit, words="谈过", actor=clinic.hua.person, at=visit.starts_at - timedelta(seconds=1)
        )
    with pytest.raises(telling.WordsMissing):
        visiting.hold_visit(visit=visit, words="", actor=clinic.hua.person, at=visit.ends_at)
    with pytest.raises(NotAllowed):
        visiting.hold_visit(visit=visit, words="谈过", actor=clinic.worker, at=visit.ends_at)
    assert list(visits_to_tell(clinic.hua.person, visit.ends_at)) == [visit]
    visiting.hold_visit(visit=visit, words="现场改了加速时间", actor=clinic.hua.person, at=visit.ends_at)
    item.refresh_from_db()
    assert (visit.state, item.state) == (VisitState.HELD, "answered")
    hua = clinic.hua.person.token
    assert facts_of("clinic.visit_held") == [(hua, {"help": "post", "way": "on_site", "day": "2026-09-15"})]
    assert len(facts_of("clinic.case_answered")) == 1
    assert not visits_to_tell(clinic.hua.person, visit.ends_at).exists()


def test_a_visit_may_be_held_without_being_the_answer(clinic, item, visit):
    visiting.hold_visit(visit=visit, words="要再拆机看", actor=clinic.hua.person, at=visit.ends_at, answers=False)
    item.refresh_from_db()
    assert item.state == "addressed"
    assert facts_of("clinic.case_answered") == []


def test_a_missed_visit_blames_nobody_and_may_turn_out_to_have_been_held(clinic, item, visit):
    with pytest.raises(visiting.VisitAhead):
        visiting.miss_visit(visit=visit, actor=clinic.worker, at=visit.starts_at - timedelta(seconds=1))
    visiting.miss_visit(visit=visit, actor=clinic.worker, at=visit.starts_at)
    assert facts_of("clinic.visit_missed") == [(None, {"way": "on_site", "day": "2026-09-15"})]
    with pytest.raises(StepNotAllowed):
        visiting.miss_visit(visit=visit, actor=clinic.hua.person, at=visit.ends_at)
    visiting.hold_visit(visit=visit, words="晚到了，谈过", actor=clinic.hua.person, at=visit.ends_at)
    assert Fact.objects.filter(kind="clinic.visit_missed", reverses__isnull=False).count() == 1


def test_a_visit_whose_time_has_come_is_neither_moved_nor_called_off(clinic, visit, morning):
    with pytest.raises(visiting.VisitBegun):
        visiting.move_visit(visit=visit, starts_at=tuesday(morning, 10), actor=clinic.worker, at=visit.starts_at)
    with pytest.raises(visiting.VisitBegun):
        visiting.call_off_visit(visit=visit, actor=clinic.worker, at=visit.starts_at)


@pytest.mark.parametrize("act", ["withdraw", "decline", "address", "end"])
def test_a_visit_falls_away_with_what_it_was_for(clinic, item, visit, morning, act):
    {
        "withdraw": lambda: treating.withdraw_case(item=item, actor=clinic.worker, at=morning),
        "decline": lambda: treating.decline_case(item=item, words="不懂", actor=clinic.hua.person, at=morning),
        "address": lambda: asking.address_case(item=item, expert=clinic.shao, actor=clinic.worker, at=morning),
        "end": lambda: end_expert(expert=clinic.hua, actor=clinic.hua.person, at=morning),
    }[act]()
    assert Visit.objects.get().state == VisitState.CALLED_OFF
    assert MessageKind.CALLED_OFF in [line.kind for line in thread_of(item)]


def test_days_away_call_off_what_lies_in_them_and_nothing_else(clinic, item, visit, morning):
    other = asked(clinic, morning, by=clinic.other, expert=clinic.hua)
    week_after = visiting.book_visit(
        item=other, starts_at=tuesday(morning) + timedelta(weeks=1), actor=clinic.other, at=morning
    )
    day = date(2026, 9, 15)
    away, fell = hours.go_away(expert=clinic.hua, from_on=day, until_on=day, actor=clinic.hua.person, at=morning)
    assert fell == 1
    assert [row.state for row in Visit.objects.order_by("pk")] == [VisitState.CALLED_OFF, VisitState.BOOKED]
    assert slots_of(clinic.hua, day, morning, days=1) == []
    hours.come_back(away=away, actor=clinic.hua.person, at=morning)
    assert len(slots_of(clinic.hua, day, morning, days=1)) == 3
    with pytest.raises(Stale):
        hours.come_back(away=away, actor=clinic.hua.person, at=morning)
    assert week_after.starts_at > visit.starts_at


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (date(2026, 9, 13), date(2026, 9, 15)),
        (date(2026, 9, 16), date(2026, 9, 15)),
        (date(2026, 9, 14), date(2027, 9, 15)),
    ],
)
def test_days_away_must_be_sound(clinic, morning, from_on, until_on):
    with pytest.raises(hours.AwayUnfit):
        hours.go_away(expert=clinic.hua, from_on=from_on, until_on=until_on, actor=clinic.hua.person, at=morning)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"minutes": 9}, hours.HoursUnfit),
        ({"minutes": 241, "ends": time(23)}, hours.HoursUnfit),
        ({"minutes": 61}, hours.HoursUnfit),
        ({"weekday": 0}, hours.HoursUnfit),
        ({"weekday": 8}, hours.HoursUnfit),
        ({"ends": time(14)}, hours.HoursUnfit),
        ({"place": " "}, hours.WhereMissing),
        ({"way": SlotWay.REMOTE, "link": "javascript:alert(1)"}, hours.WhereMissing),
        ({"way": SlotWay.REMOTE, "link": "http://" + "a" * 200}, hours.WhereMissing),
        ({"weekday": 2, "starts": time(10, 29), "ends": time(11, 30)}, hours.HoursClash),
    ],
)
def test_hours_must_be_sound(clinic, morning, change, refusal):
    given = {"weekday": 4, "starts": time(14), "ends": time(15), "way": SlotWay.ON_SITE, "place": "值班室", **change}
    with pytest.raises(refusal):
        hours.add_hours(expert=clinic.hua, text=hours.HoursText(**given), actor=clinic.hua.person, at=morning)
    assert ExpertHours.objects.count() == 1


def test_hours_are_set_by_the_expert_alone_and_what_is_booked_in_them_stands(clinic, visit, morning):
    text = hours.HoursText(3, time(9), time(10), SlotWay.REMOTE, link="0459-5881234")
    with pytest.raises(NotAllowed):
        hours.add_hours(expert=clinic.hua, text=text, actor=clinic.secretary, at=morning)
    made = hours.add_hours(expert=clinic.hua, text=text, actor=clinic.hua.person, at=morning)
    assert (made.place, made.link) == ("", "0459-5881234")
    hours.close_hours(hours=ExpertHours.objects.order_by("pk").first(), actor=clinic.hua.person, at=morning)
    assert Visit.objects.get().state == VisitState.BOOKED
    assert [slot.hours_id for slot in slots_of(clinic.hua, morning.date(), morning)] == [made.pk] * 2
    with pytest.raises(Stale):
        hours.close_hours(hours=ExpertHours.objects.order_by("pk").first(), actor=clinic.hua.person, at=morning)
    end_expert(expert=clinic.shao, actor=clinic.shao.person, at=morning)
    with pytest.raises(experts.ExpertNotSitting):
        hours.add_hours(expert=clinic.shao, text=text, actor=clinic.shao.person, at=morning)


def test_a_holiday_has_no_hours(clinic, morning):
    """1 October 2026, a Thursday."""
    sits(clinic.shao, weekday=4)
    assert slots_of(clinic.shao, date(2026, 10, 1), morning, days=1) == []
    assert len(slots_of(clinic.shao, date(2026, 9, 24), morning, days=1)) == 3


def test_what_came_of_a_sealed_visit_is_sealed(clinic, morning):
    item = cared(clinic, morning)
    visit = visiting.book_visit(item=item, starts_at=tuesday(morning), actor=clinic.worker, at=morning)
    visiting.hold_visit(visit=visit, words="一起钓鱼去了", actor=clinic.hua.person, at=visit.ends_at)
    assert [row.text for row in item.case_messages.all()] == ["", "", ""]
    assert thread_of(item)[-1].words == "一起钓鱼去了"


def test_a_settled_case_books_nothing(clinic, morning):
    with pytest.raises(visiting.ItemClosed):
        visiting.book_visit(item=solved(clinic, morning), starts_at=tuesday(morning), actor=clinic.worker, at=morning)
