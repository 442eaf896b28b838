"""Pages cost the same number of statements among three rows and among three hundred, whatever the reader's rights."""

from __future__ import annotations

import pytest

from tests.factories.many import make_many
from tests.factories.rhythm import make_huddle

LISTS = ("/obligations/", "/obligations/?state=all", "/work/tasks/", "/org/people/", "/rhythm/activities/")


@pytest.fixture(params=["lead", "clerk", "members"])
def reader(request, story, as_person):
    """Rights of one zone, of everything below a committee, and of nobody but oneself."""
    found = getattr(story, request.param)
    return as_person(found[0] if isinstance(found, list) else found)


@pytest.mark.parametrize("path", LISTS)
def test_list_page_costs_the_same_among_three_and_three_hundred(reader, story, now, statements, path):
    make_many(story, 3, now)
    among_three = statements(reader, path)

    make_many_more(story, now)

    assert statements(reader, path) == among_three <= 8


def test_huddle_page_costs_the_same_among_three_and_three_hundred(reader, story, now, statements):
    huddle = make_huddle(story, now)
    make_many(story, 3, now)
    path = f"/rhythm/activities/{huddle.pk}/"
    among_three = statements(reader, path)

    make_many_more(story, now)

    # Ten for the sheet, its form and what it counts for; one each for what was decided last time and for moved plans.
    assert statements(reader, path) == among_three <= 12


def make_many_more(story, now) -> None:
    from ronghe.domain.obligations.models import Obligation

    Obligation.objects.filter(occurrence__startswith="made-").delete()
    make_many(story, 300, now)
