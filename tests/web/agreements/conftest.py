from __future__ import annotations

import pytest

from tests.factories.agreements_story import Sides, make_sides


@pytest.fixture
def sides(db, now) -> Sides:
    return make_sides(now)


@pytest.fixture
def first(sides, as_person):
    """The secretary of the side that drafts."""
    return as_person(sides.secretaries[0])


@pytest.fixture
def second(sides, as_person):
    return as_person(sides.secretaries[1])
