from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.kernel.access import listing
from ronghe.kernel.access.listing import list_seen
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    unit = make_unit("注水队")
    branch = make_body("注水队党支部", unit=unit)
    person = make_person("刘丽", home=branch, unit=unit)
    make_post(person, PostRole.SECRETARY, body=branch)
    make_post(person, PostRole.TEAM_LEADER, unit=unit)
    stranger_unit = make_unit("外单位")
    make_person("阿外", unit=stranger_unit)
    return person


def add_people(secretary, count):
    Person.objects.bulk_create(
        Person(name=f"职{n:04}", initials="z", unit=secretary.unit, valid_from=LONG_AGO) for n in range(count)
    )


def seen(secretary, at, **wanted):
    return list_seen(SEE_PERSON, secretary, Person.objects.all(), order_by=["name"], at=at, **wanted)


def test_list_seen_shows_only_what_the_actor_reaches_once_each(secretary, morning):
    add_people(secretary, 2)

    page = seen(secretary, morning)

    assert [person.name for person in page] == ["刘丽", "职0000", "职0001"]
    assert (page.count, page.is_more, page.pages) == (3, False, 1)


@pytest.mark.parametrize(("people", "is_more"), [(999, False), (1000, True)])
def test_list_seen_stops_counting_after_a_thousand_and_walks(secretary, morning, people, is_more):
    add_people(secretary, people)

    page = seen(secretary, morning, page=2)

    assert [person.name for person in page][:2] == ["职0019", "职0020"]
    assert page.is_more is is_more
    assert page.count == people + 1


def test_list_seen_beyond_the_last_page_is_the_last_page(secretary, morning):
    add_people(secretary, 30)

    assert seen(secretary, morning, page=99).page == 2


@pytest.mark.parametrize("people", [3, 1500])
def test_list_seen_asks_the_database_the_same_number_of_times(secretary, morning, people):
    add_people(secretary, people)
    secretary.__dict__.pop("_standing_by_day", None)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(seen(secretary, morning))

    assert len(asked) == 3


def test_walking_and_reaching_agree(secretary, morning, monkeypatch):
    add_people(secretary, 40)
    reached = [person.pk for person in seen(secretary, morning)]

    monkeypatch.setattr(listing, "COUNTED", 10)

    assert [person.pk for person in seen(secretary, morning, size=20)] == reached
