"""Putting people on the lists of union and league."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.contacts.facts import MASS_ENROLLED
from ronghe.domain.contacts.selectors import candidates_for, mass_bodies
from ronghe.domain.contacts.services.mass import NobodyChosen, NoMassBody, enrol_in_mass
from ronghe.domain.org.enums import MembershipKind
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.contacts import make_contacts
from tests.factories.org import SET_UP_AT, make_person

pytestmark = pytest.mark.django_db

AT = SET_UP_AT.replace(month=9, day=14)
TODAY = date(2026, 9, 14)


@pytest.fixture
def story():
    return make_contacts()


def test_the_union_takes_everybody_who_works_in_its_units_and_is_on_no_list(story):
    assert {person.name for person in candidates_for(story.union, TODAY)} == {"郭大海", "马会军", "田小雨", "何青"}


def test_the_league_takes_members_by_political_status_only(story):
    make_person("外站团员", status="03")

    assert [person.name for person in candidates_for(story.league, TODAY)] == ["田小雨"]


def test_enrolling_gives_each_a_membership_and_says_so_once(story):
    rows = enrol_in_mass(
        body=story.league, people=[story.worker], since=TODAY, actor=story.youth, at=AT
    )  # fmt: skip

    assert [(row.kind, row.body, row.valid_from) for row in rows] == [(MembershipKind.LEAGUE, story.league, TODAY)]
    assert Fact.objects.get(kind=MASS_ENROLLED.name).body == story.league.pk
    assert list(candidates_for(story.league, TODAY)) == []


def test_only_leaders_of_the_body_or_above_enrol(story):
    with pytest.raises(NotAllowed):
        enrol_in_mass(body=story.league, people=[story.worker], since=TODAY, actor=story.chair, at=AT)
    with pytest.raises(NotAllowed):
        enrol_in_mass(body=story.union, people=[story.worker], since=TODAY, actor=story.foreman, at=AT)
    assert enrol_in_mass(body=story.union, people=[story.worker], since=TODAY, actor=story.secretary, at=AT)


def test_party_bodies_and_empty_lists_are_refused(story):
    with pytest.raises(NoMassBody):
        enrol_in_mass(body=story.branch, people=[story.worker], since=TODAY, actor=story.clerk, at=AT)
    with pytest.raises(NobodyChosen):
        enrol_in_mass(body=story.union, people=[], since=TODAY, actor=story.clerk, at=AT)


def test_the_page_shows_the_bodies_in_reach(story):
    assert set(mass_bodies(story.clerk, AT)) == {story.union, story.league}
    assert set(mass_bodies(story.chair, AT)) == {story.union}
    assert set(mass_bodies(story.foreman, AT)) == set()
