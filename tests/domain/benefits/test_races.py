"""Two who verify at once: one books it, the other is told."""

from __future__ import annotations

import pytest

from ronghe.domain.benefits.models import BookEntry
from ronghe.domain.benefits.services.booking import reverse_idea, verify_idea
from ronghe.domain.items.models import WorkItem
from ronghe.kernel.facts.models import Fact
from tests.domain.items.test_races import at_once
from tests.factories.benefits import realised, verified
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.usefixtures("committing_db")


def fresh(item):
    return WorkItem.objects.select_related("owner", "body").get(pk=item.pk)


def test_of_two_who_verify_one_books(morning):
    story = make_zone()
    item = realised(story, morning)

    def verifying(person):
        return lambda: verify_idea(item=fresh(item), actor=person, at=morning)

    assert at_once([verifying(person) for person in (story.lead, story.secretary, story.clerk)]) == 1
    assert BookEntry.objects.count() == Fact.objects.filter(kind="benefits.verified").count() == 1


def test_of_two_who_take_back_one_does(morning):
    story = make_zone()
    item = verified(story, morning)

    def reversing(person):
        return lambda: reverse_idea(item=fresh(item), reason="没有保持住", actor=person, at=morning)

    assert at_once([reversing(person) for person in (story.lead, story.secretary)]) == 1
    assert sorted(BookEntry.objects.values_list("fen", flat=True)) == [-55_000_000, 55_000_000]
