"""How far a roll-out got: exact shares, deviation, and one statement for a thousand units."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.obligations.models import Obligation, ObligationMatch, Waiver
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.domain.playbooks.services.keeping import keep_version
from ronghe.domain.rollouts.calc.shares import Counted, share
from ronghe.domain.rollouts.models import Target
from ronghe.domain.rollouts.selectors.conformance import (
    Conformance,
    Uptake,
    conformance_of,
    overview_of,
    standings_of,
)
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.org import LONG_AGO
from tests.factories.rollouts import DUE, NOW, TODAY, make_story, rolled_out

pytestmark = pytest.mark.django_db


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_share_is_exact_to_a_tenth(part, whole):
    part = min(part, whole)
    found = share(part, whole)
    assert found is not None
    assert abs(found * whole - part * 100) * 20 <= whole
    assert 0 <= found <= 100


def test_share_rounds_halves_up_and_has_none_of_nothing():
    assert (share(1, 800), share(2, 3), share(1, 0)) == (Decimal("0.1"), Decimal("66.7"), None)
    assert (Counted(7).value, Counted(0, 0).value) == (Decimal(7), None)


@pytest.fixture
def spread():
    story = make_story()
    rollout, targets = rolled_out(story)
    return story, rollout, targets


def test_conformance_counts_what_was_due_since_adopting(spread):
    story, rollout, _targets = spread
    owed = list(Obligation.objects.filter(body=story.first, version=rollout.version).order_by("due_on"))
    past = [row for row in owed if row.due_on < TODAY]
    met, late, waived, *rest = past
    ObligationMatch.objects.create(obligation=met, fact=1, met_on=met.due_on)
    ObligationMatch.objects.create(obligation=late, fact=2, met_on=late.due_on + timedelta(days=1))
    Waiver.objects.create(obligation=waived, reason="停产", waived_by=story.clerk, waived_at=NOW)
    ahead = next(row for row in owed if row.due_on >= TODAY)
    ObligationMatch.objects.create(obligation=ahead, fact=3, met_on=TODAY)

    found = conformance_of(rollout, ["test_book"], TODAY)

    assert found == {story.first.pk: Conformance(settled=3 + len(rest), in_time=2, waived=1)}
    on_the_day = conformance_of(rollout, ["test_book"], met.due_on)[story.first.pk]
    assert on_the_day.settled == 3  # those met alone: nothing else was over on that day


def test_units_stand_as_their_adoptions_say(spread):
    story, rollout, targets = spread
    adopt(story.branches[1], playbook(THEME_DAY.replace("days: 5", "days: 6"), version=2), TODAY)
    own = THEME_DAY.replace("FREQ=MONTHLY, window: month", "FREQ=WEEKLY, window: week")
    found = {one.target.body: one for one in standings_of(rollout, TODAY)}
    assert [found[body].uptake for body in story.branches] == [Uptake.ADOPTED, Uptake.ADOPTED, Uptake.NOT_YET]
    assert [found[body].differences for body in story.branches] == [0, 1, 0]
    assert (found[story.branches[1]].deviates, found[story.first].deviates) == (True, False)

    later = {one.target.body: one.uptake for one in standings_of(rollout, DUE + timedelta(days=1))}
    assert later[story.branches[2]] is Uptake.OVERDUE
    assert {one.uptake for one in standings_of(rollout, DUE)} == {Uptake.ADOPTED, Uptake.NOT_YET}
    assert overview_of(list(found.values())).adopted == 2
    assert own
    assert targets


def test_older_version_and_own_on_top_are_told_apart(spread):
    story, rollout, _targets = spread
    newer = keep_version(playbook(version=2), NOW)
    type(rollout).objects.filter(pk=rollout.pk).update(version=newer)
    rollout.refresh_from_db()
    found = {one.target.body: one.uptake for one in standings_of(rollout, TODAY)}
    assert found[story.first] is Uptake.OLDER


def test_thousand_units_cost_one_statement_for_conformance_and_few_in_all(spread):
    story, rollout, _targets = spread
    bodies = PartyOrg.objects.bulk_create(
        PartyOrg(name=f"队{n}", kind="branch", parent=story.committee, valid_from=LONG_AGO) for n in range(1_000)
    )
    Target.objects.bulk_create(Target(rollout=rollout, body=body, due_on=DUE, named_at=NOW) for body in bodies)
    version = PlaybookVersion.objects.get(playbook_id="test_book")
    Adoption.objects.bulk_create(
        Adoption(body=body, version=version, valid_from=date(2026, 8, 1), adopted_at=NOW) for body in bodies
    )
    day = date(2026, 8, 31)
    Obligation.objects.bulk_create(
        Obligation(
            body=body, version=version, mechanism="theme_day", occurrence="2026-08-01", window_from=day.replace(day=1),
            due_on=day, grace_until=day + timedelta(days=6), counts_on=day, is_provisional=False,
        )
        for body in bodies
    )  # fmt: skip
    rows = list(Obligation.objects.filter(body__in=bodies).order_by("pk").values_list("pk", flat=True))
    ObligationMatch.objects.bulk_create(
        ObligationMatch(obligation_id=pk, fact=pk, met_on=day) for pk in rows[: len(rows) // 4]
    )
    standings_of(rollout, TODAY)

    with CaptureQueriesContext(connection) as asked:
        found = conformance_of(rollout, ["test_book"], TODAY)
    assert (len(asked), len(found)) == (1, 1_001)
    with CaptureQueriesContext(connection) as asked:
        standings = standings_of(rollout, TODAY)
    assert len(asked) <= 6
    assert overview_of([one for one in standings if one.target.body_id in {body.pk for body in bodies}]).conformance.share == (
        Decimal("25.0")
    )  # fmt: skip
