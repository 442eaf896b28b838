"""Whom an item may be given to: who works beside the actor can be asked, who does not cannot."""

from __future__ import annotations

import pytest

from ronghe.domain.items.selectors import people_to_ask
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.selectors.people import people_seen_by
from tests.factories.items import make_claim
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db


def test_a_plain_member_asks_those_who_take_part_in_the_zone(morning):
    story = make_zone()
    item = make_claim(story, morning)
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    asked = set(people_to_ask(item, story.members[0], morning))
    assert not people_seen_by(story.members[0], morning).filter(pk=story.lead.pk).exists()
    assert {story.lead, *story.members} <= asked
    assert stranger not in asked


def test_whoever_holds_a_post_in_the_items_body_can_be_asked(morning):
    story = make_zone()
    item = make_claim(story, morning)
    secretary = make_person("外来书记")
    make_post(secretary, PostRole.SECRETARY, body=item.body)
    assert secretary in people_to_ask(item, story.members[0], morning)


def test_the_people_of_its_task_force_can_be_asked(morning):
    story, force = make_zone(), make_running(morning)
    item = make_claim(story, morning)
    member = force.members[0]
    assert member not in people_to_ask(item, story.members[0], morning)
    item.force = force.force
    assert {member, force.leader} <= set(people_to_ask(item, story.members[0], morning))


def test_who_has_left_is_not_offered(morning):
    story = make_zone()
    item = make_claim(story, morning)
    story.members[1].valid_until = morning.date()
    story.members[1].save()
    assert story.members[1] not in people_to_ask(item, story.lead, morning)


def test_it_is_one_statement(morning, django_assert_num_queries):
    story = make_zone(members=6)
    item = make_claim(story, morning)
    actor, _warm = story.members[0], list(people_to_ask(item, story.members[0], morning))
    with django_assert_num_queries(1):
        assert len(people_to_ask(item, actor, morning)) >= 6
