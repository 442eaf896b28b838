"""Mechanisms and records for the tests of obligations, written the way a clerk writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ronghe.domain.obligations.calc.matching import Record
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.reading import read_mechanism
from ronghe.kernel.calendar.moments import SHANGHAI

THEME_DAY = {"kind": "rhythm.activity_closed", "where": {"activity_type": "theme_party_day"}}


def mechanism(
    mechanism_id: str = "theme_day", rrule: str = "FREQ=MONTHLY", window: str = "month", **more: Any
) -> Mechanism:
    cadence = {"rrule": rrule, "window": window} | more.pop("cadence", {})
    title = {"zh": "制度", "en": "Mechanism"}
    data: Mapping[str, Any] = {
        "id": mechanism_id,
        "title": title,
        "dimension": "life",
        "for": ["branch"],
        "answers": "secretary",
        "cadence": cadence,
        "satisfied_by": [THEME_DAY],
    }
    return read_mechanism({**data, **more}, "test")


def huddles(**more: Any) -> Mechanism:
    sittings = [
        {
            "id": half,
            "title": {"zh": "碰头", "en": "Huddle"},
            "satisfied_by": [{"kind": "rhythm.activity_closed", "where": {"activity_type": f"{half}_huddle"}}],
        }
        for half in ("morning", "evening")
    ]
    return mechanism("huddles", "FREQ=DAILY", "day", sittings=sittings, satisfied_by=[], **more)


def record(
    record_id: str, on: date | datetime, activity_type: str = "theme_party_day", bodies: str = "north", **more: Any
) -> Record:
    at = on if isinstance(on, datetime) else datetime(on.year, on.month, on.day, 9, 0, tzinfo=SHANGHAI)
    attributes = {"activity_type": activity_type, **more}
    return Record(record_id, "rhythm.activity_closed", at, frozenset(bodies.split()), attributes)
