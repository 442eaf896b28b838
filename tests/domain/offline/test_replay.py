"""Whatever the connections do to a phone's queue, what it did ends up the same.

The oracle is the queue reported once, in order, over one connection. Against it stand connections by chance: each takes
some of the acts that are not yet answered, in any order, some of them twice; each act is lost on the way (the server never
sees it), or the server breaks off before the end of the transaction (its state is the one before), or the answer is lost
(its state is the one after), or it arrives.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from enum import Enum

import pytest
from django.db import connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.domain.offline.calc.acts import item_digest
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.services.taking import take_acts
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.kernel.facts.models import Fact
from tests.factories.offline import Phone
from tests.factories.rhythm import make_zone

MINUTE = timedelta(minutes=1)


class Fate(Enum):
    LOST = "the server never sees it"
    BROKEN = "the server breaks off before it is kept"
    UNANSWERED = "kept, but the answer is lost"
    ANSWERED = "kept and answered"


@st.composite
def scripts(draw):
    """What a lead does in a morning: every kind of act, also such as are refused, in an order that makes little sense."""
    return draw(
        st.lists(
            st.sampled_from(
                [
                    "tick0",
                    "tick1",
                    "untick0",
                    "leave2",
                    "card1",
                    "own",
                    "nobody",
                    "topic",
                    "edit",
                    "stale",
                    "void",
                    "close",
                ]
            ),
            min_size=1,
            max_size=9,
        )
    )


deliveries = st.lists(
    st.lists(st.tuples(st.integers(0, 10), st.sampled_from(list(Fate))), min_size=1, max_size=6), max_size=4
)


def acted(story, morning, script, phone: Phone) -> None:
    """Fill the phone's queue as the script says."""
    at = morning
    opened = phone.does("open_huddle", at, body=story.body.pk, activity_type="morning_huddle")
    item, text = None, ""
    for number, step in enumerate(script):
        at = morning + (number + 1) * MINUTE
        if step.startswith(("tick", "untick")):
            phone.does(step[:-1], at, activity=opened, person=story.members[int(step[-1])].pk)
        elif step == "leave2":
            phone.does("leave", at, activity=opened, person=story.members[2].pk, leave_kind="sick", reason="")
        elif step == "card1":
            phone.does("sign_in_card", at, activity=opened, card=member_card(story.members[1]))
        elif step == "own":
            phone.does("sign_in", at, activity=opened, code="")
        elif step == "nobody":
            phone.does("tick", at, activity=opened, person=10**9)
        elif step == "topic" or (step in {"edit", "stale"} and item is None):
            item, text = phone.does("agenda_add", at, activity=opened, topic="补焊"), ""
        elif step in {"edit", "stale"}:
            base = item_digest("补焊", text if step == "edit" else "别的", "")
            text = f"第{number}遍" if step == "edit" else text
            phone.does("agenda_edit", at, activity=opened, item=item, base=base, topic="补焊", notes=f"第{number}遍")
        elif step == "close":
            phone.does("close", at, activity=opened)
        elif len(phone.queue) > 1:
            phone.voids(len(phone.queue) - 1)
            phone._before = json.loads(phone.queue[-1].text)["what"]["was"]
            item = None


def end_state() -> dict:
    acts = ReceivedAct.objects.order_by("number").values_list("act_id", "number", "state", "code", "held_by__act_id")
    return {
        "acts": list(acts),
        "activities": list(Activity.objects.values_list("activity_type", "state", "opened_at", "closed_at", "present_count")),
        "attendances": sorted(Attendance.objects.values_list("person", "status", "way", "signed_at", "recorded_at"), key=str),
        "items": list(AgendaItem.objects.order_by("number").values_list("number", "topic", "notes")),
        "facts": Counter(Fact.objects.values_list("kind", "occurred_at", "subject")),
    }  # fmt: skip


def ended(phone: Phone, at, connections_by_chance) -> dict:
    """Report over the given connections, then over good ones until everything is answered; undo it all afterwards."""
    with transaction.atomic():
        left = dict(enumerate(phone.queue))
        for round_, chosen in enumerate(connections_by_chance):
            for place, fate in chosen:
                if place not in left or fate == Fate.LOST:
                    continue
                if _report([left[place]], at + round_ * MINUTE, broken=fate == Fate.BROKEN) and fate == Fate.ANSWERED:
                    del left[place]
        _report(list(left.values()), at + timedelta(hours=1))
        answers = take_acts(acts=phone.queue, at=at + timedelta(hours=2))
        state = end_state() | {"answers": [(one.state, one.code, one.item is None) for one in answers]}
        transaction.set_rollback(True)
    return state


def _report(acts, at, *, broken: bool = False) -> bool:
    with transaction.atomic():
        take_acts(acts=acts, at=at)
        transaction.set_rollback(broken)
    return not broken


@pytest.mark.django_db
@pytest.mark.slow
def test_any_connections_end_as_one_good_one_does(morning):
    story = make_zone()
    at = morning + timedelta(hours=1)

    @settings(max_examples=40, database=None)
    @given(script=scripts(), by_chance=deliveries, data=st.data())
    def holds(script, by_chance, data):
        with transaction.atomic():
            phone = Phone(story.lead, morning - MINUTE)
            acted(story, morning, script, phone)
            known = ended(phone, at, [])
            assert ended(phone, at, by_chance) == known
            order = data.draw(st.permutations(range(len(phone.queue))))
            assert ended(phone, at, [[(place, Fate.ANSWERED) for place in order]]) == known
            assert ended(phone, at, [[(place, Fate.UNANSWERED) for place in order * 2]]) == known
            transaction.set_rollback(True)

    holds()


@pytest.mark.usefixtures("committing_db")
def test_the_same_report_over_two_connections_at_once_is_taken_once(morning):
    import threading

    story = make_zone()
    phone = Phone(story.lead, morning - MINUTE)
    acted(story, morning, ["own", "tick0", "tick1", "topic", "edit", "card1", "close"], phone)
    gate, answers = threading.Barrier(2), []

    def report() -> None:
        try:
            gate.wait()
            answers.append(take_acts(acts=phone.queue, at=morning + timedelta(hours=1)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=report) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers[0] == answers[1]
    assert {one.state for one in answers[0]} == {"taken"}
    assert (ReceivedAct.objects.count(), AgendaItem.objects.count(), Attendance.objects.filter(status="present").count()) == (
        len(phone.queue), 1, 3,
    )  # fmt: skip
    assert Fact.objects.filter(kind="rhythm.activity_closed").count() == 1
