"""How many statements the page of a huddle costs, and the pages that only offer planning."""

from __future__ import annotations

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.rules import may_plan_somewhere
from ronghe.domain.rhythm.services.agenda import add_photo
from ronghe.domain.rhythm.services.sign_in import tick_present
from tests.factories.org import make_person, make_post, make_unit
from tests.factories.rhythm import make_huddle, make_zone, photo

pytestmark = pytest.mark.django_db


def test_the_page_of_a_huddle_costs_at_most_ten_statements(as_person, now, django_assert_max_num_queries):
    story = make_zone(members=5)
    huddle = make_huddle(story, now)
    for person in story.members[:3]:
        tick_present(activity=huddle, person=person, actor=story.lead, at=now)
    lead = as_person(story.lead)
    lead.get(f"/rhythm/activities/{huddle.pk}/")
    with django_assert_max_num_queries(10):
        lead.get(f"/rhythm/activities/{huddle.pk}/")

    add_photo(activity=huddle, upload=photo(), actor=story.lead, at=now)
    assert len(lead.get(f"/rhythm/activities/{huddle.pk}/").context["photos"]) == 1


def test_who_plans_somewhere_is_told_by_the_posts(now):
    story = make_zone()
    office = make_person("罗建")
    make_post(office, PostRole.HSE_OFFICER, unit=story.zone.office)
    elsewhere = make_person("马强")
    make_post(elsewhere, PostRole.HSE_OFFICER, unit=make_unit("别处"))

    told = {person.name: may_plan_somewhere(person, now) for person in (story.lead, story.clerk, office, elsewhere)}

    assert told == {"刘丽萍": True, "周玉兰": True, "罗建": True, "马强": False}
    assert not may_plan_somewhere(story.members[0], now)
