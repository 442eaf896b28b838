"""Own members away for half a year and more, and contacts with those abroad (PF-01, PF-04)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.floating.selectors import away_lines, members_at_home, months_after
from ronghe.domain.floating.services.away import (
    ContactInFuture,
    ContactNoted,
    NotAFloatingBranch,
    NotAtHome,
    NotAway,
    NotAwayLongEnough,
    SidesAgreed,
    agree_sides,
    note_away,
    note_contact,
)
from ronghe.domain.floating.services.stays import AlreadyFloating, end_stay
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.floating.making import NOW, TODAY, make_story
from tests.factories.org import make_body

DAY = timedelta(days=1)
HALF_A_YEAR_AGO = date(2026, 3, 14)


@pytest.fixture
def story(db):
    return make_story()


def away(story, **changes):
    given_ = {
        "person": story.member, "body": story.branch, "since": HALF_A_YEAR_AGO, "destination": "新疆塔里木",
        "actor": story.secretary, "at": NOW,
    }  # fmt: skip
    return note_away(**given_ | changes)


def test_six_months_away_make_a_floating_member_and_a_day_less_does_not_pf_01(story):
    with pytest.raises(NotAwayLongEnough):
        away(story, since=HALF_A_YEAR_AGO + DAY)
    assert away(story).state == "away"


def test_six_months_to_come_count_as_well_pf_01(story):
    with pytest.raises(NotAwayLongEnough):
        away(story, since=TODAY, back_by=date(2027, 3, 13))
    assert away(story, since=TODAY, back_by=date(2027, 3, 14)).back_by == date(2027, 3, 14)


def test_only_own_members_are_registered_once_by_who_leads_them_pf_01(story):
    with pytest.raises(NotAtHome):
        away(story, person=story.worker)
    with pytest.raises(NotAllowed):
        away(story, actor=story.lead)
    assert list(members_at_home(story.secretary, NOW)) == [story.member, story.secretary]
    away(story)
    with pytest.raises(AlreadyFloating):
        away(story)
    assert list(members_at_home(story.secretary, NOW)) == [story.secretary]


def test_somebody_abroad_is_due_a_contact_each_half_year_pf_04(story):
    stay = away(story, is_abroad=True)
    assert [(line.due_on, line.is_overdue) for line in away_lines(story.secretary, NOW)] == [(TODAY, True)]
    assert [line.stay for line in away_lines(story.secretary, NOW, only_due=True)] == [stay]

    note_contact(stay=stay, on=TODAY, actor=story.secretary, at=NOW)

    assert [(line.due_on, line.is_overdue) for line in away_lines(story.secretary, NOW)] == [(date(2027, 3, 14), False)]
    assert away_lines(story.secretary, NOW, only_due=True) == []
    assert not away_lines(story.secretary, NOW + timedelta(days=180), only_due=True)
    assert away_lines(story.secretary, NOW + timedelta(days=181), only_due=True)


def test_somebody_in_the_country_is_due_none_pf_04(story):
    away(story)

    assert [(line.due_on, line.is_overdue) for line in away_lines(story.secretary, NOW)] == [(None, False)]


def test_contact_lies_between_leaving_and_today_and_is_noted_once_a_day_pf_04(story):
    stay = away(story, is_abroad=True)
    for on in (HALF_A_YEAR_AGO - DAY, TODAY + DAY):
        with pytest.raises(ContactInFuture):
            note_contact(stay=stay, on=on, actor=story.secretary, at=NOW)
    note_contact(stay=stay, on=TODAY, actor=story.secretary, at=NOW, note="视频通话")
    with pytest.raises(ContactNoted):
        note_contact(stay=stay, on=TODAY, actor=story.secretary, at=NOW)
    with pytest.raises(NotAllowed):
        note_contact(stay=stay, on=TODAY, actor=story.lead, at=NOW)
    assert Fact.objects.get(kind="floating.contacted").subject == story.member.token


def test_somebody_back_is_contacted_no_more_and_has_no_slip(story):
    stay = end_stay(stay=away(story), on=TODAY, actor=story.secretary, at=NOW)

    assert (stay.state, stay.slip) == ("left", None)
    with pytest.raises(NotAway):
        note_contact(stay=stay, on=TODAY, actor=story.secretary, at=NOW)


def test_two_sides_are_put_down_once_for_a_branch_of_floating_members_po_07(story):
    branch = make_body("流动党员党支部", parent=story.committee, kind=PartyOrgKind.FLOATING_BRANCH)
    said = {
        "host": story.committee,
        "home": "恩阳区委",
        "document": "纪要",
        "on": TODAY,
        "actor": story.clerk,
        "at": NOW,
    }
    with pytest.raises(NotAFloatingBranch):
        agree_sides(body=story.branch, **said)
    with pytest.raises(NotAllowed):
        agree_sides(body=branch, **said | {"actor": story.lead})

    agree_sides(body=branch, **said)

    with pytest.raises(SidesAgreed):
        agree_sides(body=branch, **said)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 24))
def test_months_later_is_never_a_day_too_many(day, months):
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
