from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.obligations.models import Obligation, ObligationMatch
from ronghe.domain.obligations.selectors import obligations_met_by
from ronghe.domain.obligations.services.matching import match_other_kinds, match_record
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from tests.domain.obligations.making import at, close, met_by, states
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook, shipped
from tests.factories.org import SET_UP_AT, make_body, make_person

pytestmark = pytest.mark.django_db

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)

FORCE_DAY = """\
  - id: force_day
    title: {zh: 攻关主题党日, en: Theme day of the task force}
    dimension: life
    for: [temporary_party_group]
    cadence: {rrule: FREQ=MONTHLY;INTERVAL=3, window: quarter}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]
    not_with: [theme_day]
"""


@pytest.fixture
def north():
    body = make_body("北支部")
    adopt(body, playbook(), JANUARY)
    return body


def test_closing_an_activity_meets_the_earliest_open_obligation(north):
    fact = close(north, date(2026, 7, 20))

    assert met_by() == {("北支部", "theme_day", "2026-07-01"): fact.pk}
    assert states(date(2026, 8, 1), occurrence="2026-07-01") == {"2026-07-01": "done"}


def test_match_record_returns_what_it_met(north):
    fact = close(north, date(2026, 7, 20))

    assert [str(match.obligation) for match in match_record(fact)] == [
        str(Obligation.objects.get(occurrence="2026-07-01"))
    ]


def test_record_that_comes_late_moves_the_later_ones_up(north):
    """What arrives from a phone without signal ends as if it had come in time."""
    later = close(north, date(2026, 8, 3))
    assert met_by() == {("北支部", "theme_day", "2026-07-01"): later.pk}

    earlier = close(north, date(2026, 7, 20))

    assert met_by() == {
        ("北支部", "theme_day", "2026-07-01"): earlier.pk,
        ("北支部", "theme_day", "2026-08-01"): later.pk,
    }


def test_reversal_opens_the_obligation_for_the_next_record(north, morning):
    first, second = close(north, date(2026, 7, 20)), close(north, date(2026, 7, 21))
    assert met_by() == {("北支部", "theme_day", "2026-07-01"): first.pk}

    reverse(first, by=make_person("刘丽"), at=morning)

    assert met_by() == {("北支部", "theme_day", "2026-07-01"): second.pk}


def test_morning_huddle_meets_its_sitting_and_the_daily_huddle():
    """C2, SD-14, PJ-07: one record serves every rule that it satisfies."""
    zone_body = make_body("南I-1共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    adopt(zone_body, shipped("daqing_zone"), JULY)

    fact = close(zone_body, date(2026, 7, 20), "morning_huddle", present=38, expected=41)

    assert met_by() == {
        ("南I-1共建党支部", "morning_evening_huddles", "2026-07-20.morning"): fact.pk,
        ("南I-1共建党支部", "daily_huddle", "2026-07-20"): fact.pk,
    }


def test_not_with_keeps_one_record_of_two_bodies_from_serving_both(north):
    """SD-06: the joint activity counts for the branch; the task force still owes its own."""
    group = make_body("攻关小组", kind=PartyOrgKind.TEMPORARY_PARTY_GROUP)
    joint = FORCE_DAY + THEME_DAY.replace("[branch, co_built_branch, temporary_party_group]", "[branch]")
    adopt(group, playbook(joint, playbook_id="force"), JULY)
    activity = make_body("借用一条记录作来源")

    for_branch = close(north, date(2026, 7, 20), source=activity)
    close(group, date(2026, 7, 20), source=activity)
    assert met_by() == {("北支部", "theme_day", "2026-07-01"): for_branch.pk}

    own = close(group, date(2026, 7, 28))
    assert met_by()[("攻关小组", "force_day", "2026-07-01")] == own.pk


def test_fact_without_body_or_of_another_kind_meets_nothing(north):
    close(north, date(2026, 7, 20), "party_lecture")

    assert ObligationMatch.objects.count() == 0


def test_matching_todays_record_takes_the_same_few_statements_whatever_lies_ahead():
    def statements(body):
        adopt(body, shipped("daqing_zone"), JANUARY)
        fact = Fact.objects.get(pk=close(body, date(2026, 7, 20), "morning_huddle").pk)
        with CaptureQueriesContext(connection) as asked:
            match_record(fact)
        return len(asked)

    few = statements(make_body("一", kind=PartyOrgKind.CO_BUILT_BRANCH))
    more = make_body("二", kind=PartyOrgKind.CO_BUILT_BRANCH)
    for day in range(1, 20):
        close(more, date(2026, 7, day), "morning_huddle")

    assert statements(more) == few


EVENTS = st.lists(
    st.tuples(st.integers(0, 150), st.sampled_from(["theme_party_day", "party_lecture"])), min_size=1, max_size=8
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.data())
def test_any_order_of_arriving_and_reversing_ends_alike(events, data):
    """Late adoption, late records and reversals: the same end in any order."""
    person = make_person()
    bodies = [make_body(), make_body()]
    days = [JULY + timedelta(days=n) for n, _type in events]
    reversed_ones = data.draw(st.sets(st.integers(0, len(events) - 1)))
    order = data.draw(st.permutations(range(len(events))))
    ends = []
    for body, arriving in zip(bodies, [range(len(events)), order], strict=True):
        told = {}
        adopted_after = data.draw(st.integers(0, len(events)))
        for count, n in enumerate(arriving):
            if count == adopted_after:
                adopt(body, playbook(), JANUARY)
            told[n] = close(body, days[n], events[n][1], topics=n)
        if adopted_after >= len(events):
            adopt(body, playbook(), JANUARY)
        for n in sorted(reversed_ones, key=order.index if body is bodies[1] else None):
            reverse(told[n], by=person, at=SET_UP_AT)
        number = {fact.pk: n for n, fact in told.items()}
        rows = ObligationMatch.objects.filter(obligation__body=body).order_by("obligation__due_on")
        ends.append([(row.obligation.occurrence, days[number[row.fact]], row.met_on) for row in rows])

    assert ends[0] == ends[1]


def test_record_at_midnight_belongs_to_its_shanghai_day(north):
    from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED
    from ronghe.kernel.facts.record import Draft, record

    moment = at(date(2026, 8, 1), 0) - timedelta(seconds=1)
    fact = record(Draft(ACTIVITY_CLOSED, moment, None, body=north.pk, attributes={"activity_type": "theme_party_day"}))
    match_record(fact)

    assert [row.met_on for row in ObligationMatch.objects.all()] == [date(2026, 7, 31)]


def test_facts_of_other_kinds_are_matched_by_the_nightly_job(morning):
    """A clerk's playbook may name any kind of fact."""
    from ronghe.domain.org.facts import POST_TAKEN
    from ronghe.kernel.facts.record import Draft, record

    south = make_body("南支部")
    adopt(south, playbook(THEME_DAY.split("satisfied_by")[0] + "satisfied_by: [{kind: org.post_taken}]\n"), JANUARY)
    fact = record(Draft(POST_TAKEN, at(date(2026, 9, 10)), None, body=south.pk, attributes={"role": "secretary"}))
    assert met_by() == {}

    match_other_kinds(since=date(2026, 9, 1))

    assert met_by() == {("南支部", "theme_day", "2026-09-01"): fact.pk}


def test_page_of_a_record_finds_what_it_met(north):
    activity = make_body("借用一条记录作来源")
    close(north, date(2026, 7, 20), source=activity)

    assert [str(row) for row in obligations_met_by(activity)] == [str(Obligation.objects.get(match__isnull=False))]
    assert list(obligations_met_by(north)) == []
