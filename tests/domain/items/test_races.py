"""Several who act at once on one item: one does, the others are told."""

from __future__ import annotations

import pytest

from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.services.steps import take_step
from tests.factories.items import handed_in, make_claim
from tests.factories.races import at_once
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.usefixtures("committing_db")


def test_of_six_who_claim_one_task_one_has_it(morning):
    story = make_zone(members=6)
    item = make_claim(story, morning)
    take_step(item=item, step="publish", actor=story.lead, at=morning)

    def claiming(person):
        def act():
            fresh = WorkItem.objects.select_related("owner").get(pk=item.pk)
            take_step(item=fresh, step="claim", actor=person, at=morning)

        return act

    assert at_once([claiming(person) for person in story.members]) == 1
    row = ItemStep.objects.get(item=item, step="claim")
    assert WorkItem.objects.get(pk=item.pk).owner_id == row.by_id


def test_a_task_is_judged_once(morning):
    story = make_zone()
    item = handed_in(story, morning, story.members[0])

    def judging(person):
        def act():
            fresh = WorkItem.objects.select_related("owner").get(pk=item.pk)
            take_step(item=fresh, step="accept", actor=person, at=morning)

        return act

    assert at_once([judging(story.lead), judging(story.secretary)]) == 1
    assert ItemStep.objects.filter(item=item, step="accept").count() == 1
