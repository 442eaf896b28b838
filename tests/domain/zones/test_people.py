"""Posts in the two bodies, people side by side, and who holds posts in several places."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.zones.selectors.people import overlaps_of, posts_in, sides_of
from ronghe.domain.zones.services.parties import add_participating_unit
from ronghe.domain.zones.services.posts import (
    NoPostOfAZone,
    NotInTheZone,
    appoint_in_zone,
    relieve_in_zone,
)
from ronghe.kernel.errors import NotAllowed
from tests.factories.org import make_person, make_post, make_unit
from tests.factories.rhythm import make_zone, take_part

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 14)


@pytest.fixture
def story():
    return make_zone()


def test_person_of_a_team_stands_with_the_nearest_participating_unit(story, morning):
    inside = make_unit("工程部", parent=story.committee.unit)
    worker = take_part(make_person(unit=make_unit("一队", parent=inside)), story.body)
    add_participating_unit(
        zone=story.zone, unit=inside, role="constructor", since=DAY, actor=story.lead, at=morning
    )  # fmt: skip

    sides = {side.unit.name: side for side in sides_of(story.zone, DAY)}
    assert sides["工程部"].people == [worker]
    assert worker not in sides[story.committee.unit.name].people


def test_sides_cost_the_same_for_few_and_for_many(story, django_assert_num_queries):
    with django_assert_num_queries(3):
        sides_of(story.zone, DAY)


def test_overlap_is_a_post_here_and_one_elsewhere_or_two_here(story, morning):
    member, other, plain = story.members
    make_post(member, PostRole.SECRETARY, body=story.branch)
    for person, role in (
        (member, PostRole.SECRETARY),
        (other, PostRole.HSE_OFFICER),
        (other, PostRole.PROJECT_MANAGER),
    ):
        appoint_in_zone(zone=story.zone, person=person, role=role, actor=story.clerk, at=morning)

    found = {one.person: (len(one.here), len(one.elsewhere)) for one in overlaps_of(story.zone, DAY)}

    assert found == {member: (1, 1), other: (2, 0)}
    assert plain not in found


def test_posts_are_for_those_who_take_part_and_given_by_the_office(story, morning):
    by = {"zone": story.zone, "at": morning}

    with pytest.raises(NotInTheZone):
        appoint_in_zone(person=make_person(), role=PostRole.SECRETARY, actor=story.clerk, **by)
    with pytest.raises(NoPostOfAZone):
        appoint_in_zone(person=story.members[0], role=PostRole.UNION_CHAIR, actor=story.clerk, **by)
    with pytest.raises(NotAllowed):
        appoint_in_zone(person=story.members[0], role=PostRole.SECRETARY, actor=story.lead, **by)


def test_relieved_post_is_over_that_day(story, morning):
    post = appoint_in_zone(
        zone=story.zone, person=story.members[0], role=PostRole.HSE_OFFICER, actor=story.clerk, at=morning
    )

    relieve_in_zone(post=post, actor=story.clerk, at=morning)

    assert post not in posts_in(story.zone, DAY)
