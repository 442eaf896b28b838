from __future__ import annotations

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.domain.zones.selectors import list_zones, people_of, zones_seen_by
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Everybody who stands in some relation to one of two zones, and a stranger."""
    here = make_zone()
    there = make_zone(name="喇十七协作区", plant_name="采油六厂")
    stranger = make_person("赵六")
    make_post(stranger, PostRole.SECRETARY, body=make_body("别处党支部"))
    return {
        "lead": here.lead, "member": here.members[0], "secretary": here.secretary, "clerk": here.clerk,
        "other_lead": there.lead, "stranger": stranger,
    }  # fmt: skip


def test_rule_and_list_agree_about_everybody(people, morning):
    for person in people.values():
        listed = set(zones_seen_by(person, morning))
        assert listed == {zone for zone in CollaborationZone.objects.all() if SEE_ZONE.allows(person, zone, at=morning)}


def test_zone_is_seen_by_its_people_and_those_above_and_nobody_else(people, morning):
    seen = {name: [zone.name for zone in zones_seen_by(person, morning)] for name, person in people.items()}

    mine, other = ["南I-1联合站改造协作区"], ["喇十七协作区"]
    assert seen == {
        "lead": mine, "member": mine, "secretary": mine, "clerk": mine, "other_lead": other, "stranger": [],
    }  # fmt: skip


def test_page_of_zones_is_the_same_as_the_list(people, morning):
    listed = list_zones(people["lead"], morning)

    assert list(listed) == list(zones_seen_by(people["lead"], morning))
    assert listed.count == 1


def test_people_of_a_zone_are_those_who_take_part(morning):
    story = make_zone(members=2)
    make_person("外人", home=story.branch)

    assert set(people_of(story.zone, morning.date())) == {story.lead, *story.members}


def test_zone_that_has_not_started_has_no_people(morning):
    assert list(people_of(CollaborationZone(), morning.date())) == []
