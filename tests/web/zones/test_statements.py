"""How many statements the list of zones costs, whoever reads it."""

from __future__ import annotations

import pytest

from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


def test_the_list_of_zones_costs_at_most_ten_statements(as_person, django_assert_max_num_queries):
    story = make_zone()
    for number in range(3):
        make_zone(name=f"协作区{number}", plant_name=f"采油{number}厂")
    for person in (story.lead, story.clerk, story.members[0]):
        reader = as_person(person)
        reader.get("/zones/")
        with django_assert_max_num_queries(10):
            reader.get("/zones/")
