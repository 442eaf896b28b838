"""What adopting would change: computed beside the tables, and then exactly so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.obligations.models import Obligation, ObligationMatch
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.obligations.services.settling import settle
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rollouts.selectors.foresight import AHEAD, foresee
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.org import SET_UP_AT, make_body
from tests.factories.rhythm import make_zone
from tests.factories.rollouts import NOW, make_story

pytestmark = pytest.mark.django_db

SINCE = date(2026, 4, 1)
NOVEMBER = SET_UP_AT.replace(month=11)
"""Duties of the next year are there by then."""
SECOND = THEME_DAY.replace("theme_day", "party_class").replace("主题党日", "党课")
DAILY = THEME_DAY.replace("theme_day", "huddle").replace(
    "FREQ=MONTHLY, window: month", "FREQ=DAILY, window: day, working_day: skip"
).replace("    grace", "    calendar: site\n    grace")  # fmt: skip


@pytest.fixture
def story():
    return make_story()


def keys(lines, side):
    return {(getattr(line, side).mechanism, getattr(line, side).key) for line in lines}


def rows_of(body, span):
    owed = Obligation.objects.filter(body=body).counting_in(span.from_on, span.until_on)
    return {(row.mechanism, row.occurrence): (row.window_from, row.due_on, row.grace_until) for row in owed}


@pytest.mark.parametrize(
    "newer",
    [
        SECOND,
        THEME_DAY + SECOND,
        THEME_DAY.replace("days: 5", "days: 9"),
        THEME_DAY.replace("FREQ=MONTHLY, window: month", "FREQ=MONTHLY;INTERVAL=2, window: month"),
        THEME_DAY.replace("FREQ=MONTHLY, window: month", "FREQ=WEEKLY, window: week"),
        THEME_DAY,
    ],
    ids=["other", "more", "grace", "seldom", "weekly", "same"],
)
@pytest.mark.parametrize("since", [SINCE, date(2026, 4, 15), date(2026, 12, 1)])
def test_what_is_foreseen_is_what_adopting_does(story, newer, since):
    body = story.first
    adopt(body, playbook(THEME_DAY), date(2026, 1, 1))
    generate_obligations(at=NOVEMBER, body_ids=[body.pk])
    book = playbook(newer, version=2)
    [seen] = foresee([body], book, since)
    before = rows_of(body, seen.span)

    adopt_playbook(body=body, playbook=book, since=since, actor=None, at=NOVEMBER)

    after = rows_of(body, seen.span)
    assert keys(seen.added, "will") == after.keys() - before.keys()
    assert keys(seen.gone, "was") == before.keys() - after.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert keys(seen.moved, "will") == changed
    assert seen.kept == len(before.keys() & after.keys()) - len(changed)


def test_what_was_met_is_told_and_stays(story):
    body = story.first
    adopt(body, playbook(THEME_DAY + SECOND), date(2026, 1, 1))
    met = Obligation.objects.filter(body=body, occurrence="2026-04-01")
    for row in met:
        ObligationMatch.objects.create(obligation=row, fact=row.pk, met_on=row.due_on)
    settle([row.pk for row in met])

    [seen] = foresee([body], playbook(THEME_DAY, version=2), SINCE)

    assert [(line.title, line.is_met) for line in seen.gone if line.was.key == "2026-04-01"] == [("党课", True)]
    assert (seen.gone_met, seen.kept_met) == (1, 1)


def test_site_that_is_shut_owes_nothing_in_the_preview_either():
    zone = make_zone()
    [seen] = foresee([zone.body], playbook(DAILY), SINCE)
    assert len(seen.added) == AHEAD.days
    assert seen.first_due == SINCE


def test_conflicts_are_told_by_the_code_that_adopting_refuses_with(story):
    committee, first, second = story.committee, *story.branches[:2]
    adopt(first, playbook(), SINCE)
    adopt(second, playbook(version=2), SINCE)
    seen = foresee([committee, first, second], playbook(), SINCE)
    assert [one.conflict for one in seen] == ["nothing_for_this_body", "already_adopted", "adopted_later"]
    assert foresee([first], playbook(version=3), date(9999, 1, 1))[0].conflict == "adoption_out_of_reach"


def test_preview_of_many_costs_as_much_as_of_one(story):
    bodies = [make_body(parent=story.committee) for _ in range(12)]
    for body in bodies:
        adopt(body, playbook(), date(2026, 1, 1))
    foresee(bodies, playbook(version=2), NOW.date() - timedelta(days=1))
    counts = []
    for some in (bodies[:1], bodies):
        with CaptureQueriesContext(connection) as asked:
            foresee(some, playbook(version=2), NOW.date())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
