"""Several at one moment: one team is called up once, one shift is taken over once, one answer stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.carriers.enums import Answer
from ronghe.domain.carriers.models import CallAnswer, CallUp, Carrier, Shift
from ronghe.domain.carriers.services.answering import answer_call, arrive
from ronghe.domain.carriers.services.handing import hand_over, take_over
from ronghe.domain.carriers.services.proposing import approve_carrier
from ronghe.kernel.facts.models import Fact
from tests.factories.carriers import make_call, make_story, place_of, proposed, with_shifts
from tests.factories.races import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def count(kind: str) -> int:
    return Fact.objects.filter(kind=kind).count()


def test_a_team_is_called_up_once(morning):
    story = make_story(morning)

    def calling(person):
        return lambda: make_call(story, morning, by=person)

    assert at_once([calling(person) for person in (story.captain, story.secretary, story.hse, story.clerk)]) == 1
    assert CallUp.objects.count() == count("carriers.called") == 1


def test_a_carrier_is_approved_once(morning):
    story = make_story(morning, with_teams=False)
    carrier = proposed(story, morning)

    def approving(person):
        def act():
            fresh = Carrier.objects.select_related("body", "lead").get(pk=carrier.pk)
            approve_carrier(carrier=fresh, actor=person, at=morning)

        return act

    assert at_once([approving(story.secretary), approving(story.clerk)]) == 1
    assert count("carriers.approved") == 1


def test_answers_of_one_person_follow_each_other(morning):
    story = make_story(morning)
    call = make_call(story, morning)
    person = story.members[0]

    def coming(actor):
        return lambda: answer_call(row=place_of(call, person), answer=Answer.COMING, actor=actor, at=morning)

    assert at_once([coming(person), coming(story.captain), coming(story.secretary)]) == 3
    assert CallAnswer.objects.count() == count("carriers.answered") == 1
    assert at_once([lambda: arrive(row=place_of(call, person), actor=person, at=morning)] * 3) == 1
    assert count("carriers.arrived") == 1


def test_a_shift_is_taken_over_once(morning):
    story = make_story(morning)
    with_shifts(story, morning)
    first, second = story.shifts
    end = first.ends_at + timedelta(minutes=1)
    hand_over(shift=first, note="完", actor=first.people.get(is_lead=True).row.person, at=end)
    incoming = [part.row.person for part in second.people.all()]

    def taking(person):
        return lambda: take_over(shift=Shift.objects.select_related("call").get(pk=first.pk), actor=person, at=end)

    assert at_once([taking(person) for person in incoming]) == 1
    assert (count("carriers.handed_over"), count("carriers.shift_held")) == (1, 2)
