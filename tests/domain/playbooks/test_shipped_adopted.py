"""The shipped models at work: what bodies owe once they adopted them, and what a record meets."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.periods import read_period
from ronghe.kernel.facts.record import Draft, record
from tests.domain.playbooks.making import adopt, shipped
from tests.factories.org import make_body

pytestmark = pytest.mark.django_db

YEAR = read_period("2026").span
NEW_YEAR = date(2026, 1, 1)
IN_MAY = datetime(2026, 5, 20, 9, 0, tzinfo=SHANGHAI)


def owed(body, *mechanisms: str) -> dict[str, int]:
    rows = Obligation.objects.filter(body=body, counts_on__year=2026)
    return {name: rows.filter(mechanism=name).count() for name in mechanisms}


def met(body) -> set[tuple[str, str]]:
    rows = Obligation.objects.filter(body=body, match__isnull=False)
    return set(rows.values_list("mechanism", "occurrence"))


def close(body, activity_type: str, at: datetime, source=None):
    attributes = {"activity_type": activity_type, "expected": 8, "present": 8}
    return record(Draft(ACTIVITY_CLOSED, at, None, body=body.pk, attributes=attributes, source=source))


def test_sd_06_a_task_forces_theme_day_leaves_the_branchs_own_to_be_held():
    branch = make_body("仪陇输气作业区党支部")
    force = make_body("攻关临时党小组", kind=PartyOrgKind.TEMPORARY_PARTY_GROUP, parent=branch)
    adopt(branch, shipped("yilong_4plus1"), NEW_YEAR)
    adopt(force, shipped("yilong_4plus1"), NEW_YEAR)
    generate_obligations(at=IN_MAY, span=YEAR)

    close(force, "theme_party_day", IN_MAY, source=force)
    close(branch, "theme_party_day", IN_MAY, source=force)  # held together: one record, told of each

    assert owed(force, "force_theme_day", "joint_study") == {"force_theme_day": 6, "joint_study": 12}
    assert (met(force), met(branch)) == ({("force_theme_day", "2026-05-01")}, set())


def test_sd_05_the_task_force_owes_one_chain_of_meetings_every_working_day():
    branch = make_body("仪陇输气作业区党支部")
    force = make_body("攻关临时党小组", kind=PartyOrgKind.TEMPORARY_PARTY_GROUP, parent=branch)
    adopt(force, shipped("yilong_4plus1"), NEW_YEAR)

    generate_obligations(at=IN_MAY, span=YEAR)

    may = Obligation.objects.filter(body=force, mechanism="site_chain", due_on__month=5)
    assert date(2026, 5, 1) not in set(may.values_list("due_on", flat=True))  # a holiday
    assert may.count() == 19


def test_a_campaign_asks_nothing_before_its_stage_and_nothing_after_it():
    """C8."""
    branch = make_body("义隆首站党支部")
    adopt(branch, shipped("benchmark_year"), NEW_YEAR)

    generate_obligations(at=IN_MAY, span=YEAR)
    generate_obligations(at=IN_MAY, span=read_period("2027").span)

    assert list(
        Obligation.objects.filter(body=branch).exclude(mechanism="stage_summary").order_by("due_on", "mechanism")
        .values_list("mechanism", "due_on")
    ) == [
        ("kick_off", date(2026, 3, 31)),
        ("benchmark_visit", date(2026, 6, 30)),
        ("correction_review", date(2026, 7, 31)),
        ("correction_review", date(2026, 8, 31)),
        ("correction_review", date(2026, 9, 30)),
        ("summing_up", date(2026, 12, 31)),
    ]  # fmt: skip
    assert owed(branch, "stage_summary") == {"stage_summary": 4}


def test_a_campaign_adopted_late_asks_only_for_what_lies_ahead():
    branch = make_body("义隆首站党支部")
    adopt(branch, shipped("benchmark_year"), date(2026, 7, 1))

    generate_obligations(at=IN_MAY, span=YEAR)

    assert owed(branch, "kick_off", "benchmark_visit", "correction_review", "summing_up") == {
        "kick_off": 0,
        "benchmark_visit": 0,
        "correction_review": 3,
        "summing_up": 1,
    }


def test_one_themed_activity_counts_for_one_theme():
    branch = make_body("义隆首站党支部")
    adopt(branch, shipped("changqing_six"), NEW_YEAR)
    generate_obligations(at=IN_MAY, span=YEAR)

    close(branch, "culture_and_sports", IN_MAY, source=branch)

    assert met(branch) == {("plus_culture", "2026-04-01")}


def test_a_theme_day_in_july_renews_the_oath_as_well():
    zone_body = make_body("共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    adopt(zone_body, shipped("daqing_zone"), NEW_YEAR)
    generate_obligations(at=IN_MAY, span=YEAR)

    close(zone_body, "theme_party_day", datetime(2026, 7, 15, 9, 0, tzinfo=SHANGHAI), source=zone_body)

    assert met(zone_body) == {("zone_theme_party_day", "2026-07-25"), ("renewing_the_oath", "2026-07-01")}
