from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.obligations.calc.states import State, state_on
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation, Waiver
from ronghe.domain.obligations.rules import SEE_OBLIGATION, WAIVE_OBLIGATION
from ronghe.domain.obligations.selectors import obligations_of, obligations_seen_by, state_counts
from ronghe.domain.obligations.services.matching import _occurrence
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.kernel.calendar.periods import read_period
from tests.domain.obligations.making import at, close
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db

TODAY = at(date(2026, 9, 14))


@pytest.fixture
def field():
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    north, south = make_body("北支部", parent=committee), make_body("南支部", parent=committee)
    for body in (north, south):
        adopt(body, playbook(), date(2026, 6, 1))
    clerk, secretary, member = (
        make_person("何雨桐"),
        make_person("周启明", home=north),
        make_person("丁一帆", home=south),
    )
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(secretary, PostRole.SECRETARY, body=north)
    return north, south, [clerk, secretary, member, make_person("外人")]


def test_states_of_the_list_are_those_of_the_arithmetic(field):
    """The database and `calc` read the same dates: every day of half a year, every state."""
    north, _south, (clerk, *_others) = field
    close(north, date(2026, 7, 31))
    close(north, date(2026, 9, 5))
    Waiver.objects.create(
        obligation=Obligation.objects.get(body=north, occurrence="2026-10-01"),
        reason="检修",
        waived_by=clerk,
        waived_at=TODAY,
    )
    rows = list(Obligation.objects.filter(body=north).select_related("match", "waiver"))
    seen = set()
    for day in (date(2026, 5, 30) + timedelta(days=n) for n in range(230)):
        told = dict(Obligation.objects.filter(body=north).with_state(day).values_list("pk", "state"))
        for row in rows:
            met_on = row.match.met_on if hasattr(row, "match") else None
            expected = state_on(day, _occurrence(row), met_on=met_on, is_waived=hasattr(row, "waiver"))
            assert told[row.pk] == expected
            seen.add(expected)

    assert seen == set(State)
    assert {state.value for state in ObligationState} == {state.value for state in State}


def test_open_and_missed_are_the_states_due_and_missed(field):
    north, _south, _people = field
    close(north, date(2026, 7, 31))
    rows = Obligation.objects.with_state(date(2026, 9, 3))

    assert set(Obligation.objects.open_on(date(2026, 9, 3))) == {row for row in rows if row.state == "due"}
    assert set(Obligation.objects.missed_on(date(2026, 9, 3))) == {row for row in rows if row.state == "missed"}


def test_rule_and_list_agree_on_who_sees_an_obligation(field):
    _north, _south, people = field
    rows = list(Obligation.objects.order_by("pk"))

    counts = []
    for person in people:
        allowed = [row.pk for row in rows if SEE_OBLIGATION.allows(person, row, at=TODAY)]
        for walk in (False, True):
            listed = obligations_seen_by(person, TODAY, walk=walk).values_list("pk", flat=True)
            assert sorted(listed) == allowed
        counts.append(len(allowed))
    assert counts == [14, 7, 7, 0]


def test_rule_and_list_agree_on_who_may_waive(field):
    _north, _south, people = field
    rows = list(Obligation.objects.order_by("pk"))

    for person in people:
        allowed = [row.pk for row in rows if WAIVE_OBLIGATION.allows(person, row, at=TODAY)]
        narrowed = WAIVE_OBLIGATION.narrow(person, Obligation.objects.order_by("pk"), at=TODAY)
        assert [row.pk for row in narrowed] == allowed


def test_list_of_a_body_is_in_order_of_due_day_and_takes_one_statement(field, django_assert_num_queries):
    north, _south, _people = field

    with django_assert_num_queries(1):
        rows = list(obligations_of(north, read_period("2026Q3").span, TODAY))
        titles = [(row.occurrence, row.state, row.definition.title.zh, row.body.name) for row in rows]

    assert titles == [
        ("2026-07-01", "missed", "主题党日", "北支部"),
        ("2026-08-01", "missed", "主题党日", "北支部"),
        ("2026-09-01", "due", "主题党日", "北支部"),
    ]


def test_state_counts_name_every_state(field):
    north, _south, _people = field

    counts = state_counts(obligations_of(north, read_period("2026").span, TODAY))

    assert counts == {"upcoming": 3, "due": 1, "done": 0, "late": 0, "missed": 3, "waived": 0}
