from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars
from ronghe.domain.obligations.calc.table import Owing, obligation_table
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.kernel.calendar.calendars import EveryDayCalendar, ShutDown, SiteCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan, read_period
from tests.domain.obligations.calc.making import record

TODAY = date(2026, 11, 21)
QUARTER = read_period("2026Q3").span


@pytest.fixture(scope="module")
def zone_model():
    return load_playbook(Path(SHIPPED / "daqing_zone.yaml")).playbook


def test_table_of_a_zone_holds_its_six_institutions_the_project_rhythm_and_its_shared_life(zone_model):
    """SD-14, SD-16, PJ-07 over the 92 days of the third quarter."""
    table = obligation_table(zone_model, [Owing("南I-1", BodyKind.COLLABORATION_ZONE)], QUARTER, today=TODAY)

    assert Counter(table["mechanism"].to_pylist()) == {
        "joint_conference": 3,
        "morning_evening_huddles": 184,
        "zone_theme_party_day": 3,
        "two_plus_one_appraisal": 1,
        "subcontractor_safety": 92,
        "contractor_safety": 13,
        "daily_huddle": 92,
        "weekly_meeting": 13,
        "monthly_analysis": 3,
        "mood_notes": 3,
        "party_history_class": 1,
        "renewing_the_oath": 1,
    }
    assert set(table["state"].to_pylist()) == {"missed"}


def test_table_of_a_branch_holds_the_statutory_duties(zone_model):
    """PM-01, PM-02, PM-04 to PM-07, PM-09 over a year."""
    table = obligation_table(zone_model, [Owing("b", BodyKind.BRANCH)], read_period("2026").span, today=TODAY)

    assert Counter(table["mechanism"].to_pylist()) == {
        "general_meeting": 4,
        "committee_meeting": 12,
        "party_lecture": 4,
        "theme_party_day": 12,
        "org_life_meeting": 1,
        "democratic_appraisal": 1,
        "heart_to_heart_talks": 1,
        "agreement_review": 4,
    }


def test_table_marks_what_was_met_late_waived_and_still_open(zone_model):
    owing = [Owing("b", BodyKind.BRANCH), Owing("c", BodyKind.BRANCH)]
    records = [
        record("r1", date(2026, 10, 9), "theme_party_day", "b"),
        record("r2", date(2026, 10, 20), "theme_party_day", "b"),
    ]

    table = obligation_table(
        zone_model,
        owing,
        read_period("2026").span,
        today=TODAY,
        records=records,
        waived=frozenset({("b", "theme_party_day", "2026-08-25")}),
    )

    days = [row for row in table.to_pylist() if row["mechanism"] == "theme_party_day" and row["occurrence"] > "2026-08"]
    assert [(row["body"], row["state"], row["record"]) for row in days] == [
        ("b", "waived", None),
        ("b", "late", "r1"),
        ("b", "done", "r2"),
        ("b", "due", None),
        ("b", "upcoming", None),
        ("c", "missed", None),
        ("c", "missed", None),
        ("c", "missed", None),
        ("c", "due", None),
        ("c", "upcoming", None),
    ]
    assert [row["due_until"] for row in days[:2]] == [date(2026, 9, 1), date(2026, 10, 1)]


def test_table_leaves_out_what_a_body_did_not_owe_for_the_whole_window(zone_model):
    owing = [Owing("b", BodyKind.BRANCH, InForce(date(2026, 8, 1)))]

    table = obligation_table(zone_model, owing, QUARTER, today=TODAY)

    assert Counter(table["mechanism"].to_pylist()) == {"committee_meeting": 2, "theme_party_day": 2}


def test_table_uses_each_sites_own_calendar(zone_model):
    shut = SiteCalendar(EveryDayCalendar(), (ShutDown(DaySpan(date(2026, 7, 1), date(2026, 9, 1)), "停工"),))
    own = Calendars(statutory_calendar(), EveryDayCalendar(), shut)
    owing = [Owing("a", BodyKind.COLLABORATION_ZONE), Owing("b", BodyKind.COLLABORATION_ZONE, calendars=own)]

    rows = obligation_table(zone_model, owing, QUARTER, today=TODAY).to_pylist()

    huddles = Counter(row["body"] for row in rows if row["mechanism"] == "morning_evening_huddles")
    assert huddles == {"a": 184, "b": 60}
