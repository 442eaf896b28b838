"""Every step from every state; of two at once, one."""

from __future__ import annotations

import threading
from enum import StrEnum

import pytest
from django.db import connections

from ronghe.domain.org.enums import Gender
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import Stale
from ronghe.kernel.workflow import Flow, Step, StepNotAllowed
from tests.factories.org import make_person

# Any column with a closed list of values will do; the flow does not know what it moves.
UNKNOWN, MALE, FEMALE, UNSTATED = (Gender.UNKNOWN, Gender.MALE, Gender.FEMALE, Gender.UNSTATED)
STEPS = {
    "ask": Step({UNKNOWN}, UNSTATED),
    "tell": Step({UNKNOWN, UNSTATED}, FEMALE),
    "withdraw": Step({FEMALE, MALE}, UNKNOWN),
}
FLOW = Flow("gender", STEPS)
ALLOWED = {
    ("ask", UNKNOWN), ("tell", UNKNOWN), ("tell", UNSTATED), ("withdraw", FEMALE), ("withdraw", MALE),
}  # fmt: skip
EVERY = [(step, state) for step in STEPS for state in Gender.values]


@pytest.mark.django_db
@pytest.mark.parametrize(("step", "state"), EVERY)
def test_every_step_from_every_state(step, state):
    person = make_person("周明")
    Person.objects.filter(pk=person.pk).update(gender=state)
    person.refresh_from_db()
    allowed = (step, state) in ALLOWED

    if allowed:
        FLOW.advance(person, step, trade="采油")
    else:
        with pytest.raises(StepNotAllowed):
            FLOW.advance(person, step, trade="采油")

    assert FLOW.allows(person, step) == ((step, person.gender) in ALLOWED)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.gender, stored.trade) == ((STEPS[step].target, "采油") if allowed else (state, None))
    assert (person.gender, person.trade) == (stored.gender, stored.trade)


@pytest.mark.django_db
def test_the_refusal_says_which_state_it_is_in():
    person = make_person("周明")
    FLOW.advance(person, "tell")

    with pytest.raises(StepNotAllowed) as refusal:
        FLOW.advance(person, "ask")

    assert str(refusal.value) == "现在的状态是“女”，不能做这一步。"


@pytest.mark.django_db
def test_somebody_who_saw_an_old_state_is_told_so():
    person = make_person("周明")
    seen_before = Person.objects.get(pk=person.pk)
    FLOW.advance(person, "ask")

    with pytest.raises(Stale):
        FLOW.advance(seen_before, "tell", trade="电工")

    stored = Person.objects.get(pk=person.pk)
    assert (stored.gender, stored.trade) == (UNSTATED, None)
    assert (seen_before.gender, seen_before.trade) == (UNKNOWN, None)


@pytest.mark.usefixtures("committing_db")
def test_a_race_for_one_step_has_one_winner():
    person = make_person("周明")
    gate, ends = threading.Barrier(4), []

    def go(trade: str) -> None:
        mine = Person.objects.get(pk=person.pk)
        gate.wait()
        try:
            FLOW.advance(mine, "ask", trade=trade)
            ends.append(trade)
        except Stale:
            ends.append("stale")
        connections.close_all()

    racers = [threading.Thread(target=go, args=(trade,)) for trade in ("采油", "集输", "注水", "测井")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    stored = Person.objects.get(pk=person.pk)
    assert sorted(ends) == sorted(["stale"] * 3 + [stored.trade])


def test_steps_take_enumerations_and_words_alike():
    class State(StrEnum):
        OPEN = "open"
        SHUT = "shut"

    assert Step({State.OPEN}, State.SHUT).sources == Step({"open"}, "shut").sources == frozenset({"open"})
