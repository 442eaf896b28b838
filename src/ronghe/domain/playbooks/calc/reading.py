"""Plain data of the right shape to the values of `model`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ronghe.domain.playbooks.calc.cadence import read_cadence
from ronghe.domain.playbooks.calc.model import (
    Attendance,
    Cite,
    Condition,
    Document,
    Entry,
    Grace,
    Mechanism,
    Rhythm,
    Satisfaction,
    Sitting,
    Template,
    TimeOfDay,
    Words,
)
from ronghe.domain.playbooks.calc.vocabulary import (
    AttendanceWay,
    BodyKind,
    Evidence,
    Expected,
    Layout,
    PartialWindow,
    WorkingDayRule,
)
from ronghe.kernel.calendar.calendars import CalendarKind
from ronghe.kernel.calendar.periods import PeriodKind
from ronghe.kernel.calendar.workdays import DayUnit

Data = Mapping[str, Any]

EVERY_WAY = tuple(AttendanceWay)


def read_words(data: Data) -> Words:
    return Words(data["zh"], data["en"])


def read_entry(data: Data) -> Entry:
    return Entry(data["id"], read_words(data["title"]))


def read_document(data: Data) -> Document:
    effective_from = data.get("effective_from")
    return Document(
        id=data["id"],
        title=read_words(data["title"]),
        number=data.get("number"),
        version=data.get("version"),
        effective_from=date.fromisoformat(effective_from) if effective_from else None,
    )


def read_template(data: Data) -> Template:
    return Template(data["id"], read_words(data["title"]), Layout(data["layout"]), tuple(data.get("mechanisms", ())))


def read_mechanism(data: Data, origin: str) -> Mechanism:
    """Return the mechanism in `data`, which came from the playbook `origin`.

    :raises CadenceUnreadable: its cadence is no rule
    """
    evidence, attendance = data.get("evidence", {}), data.get("attendance", {})
    return Mechanism(
        id=data["id"],
        title=read_words(data["title"]),
        dimension=data["dimension"],
        origin=origin,
        cites=tuple(_cite(cite) for cite in data.get("cites", ())),
        body_kinds=frozenset(BodyKind(kind) for kind in data["for"]),
        rhythm=_rhythm(data["cadence"]) if "cadence" in data else None,
        calendar=CalendarKind(data.get("calendar", CalendarKind.STATUTORY)),
        grace=_grace(data.get("grace", {})),
        time=_time(data.get("time")),
        sittings=tuple(_sitting(sitting) for sitting in data.get("sittings", ())),
        answers=data["answers"],
        expected=tuple(Expected(expected) for expected in data.get("expected", ())),
        agenda=tuple(read_words(item) for item in data.get("form", {}).get("agenda", ())),
        after=tuple(data.get("sequence", {}).get("after", ())),
        satisfied_by=_satisfied_by(data),
        not_with=frozenset(data.get("not_with", ())),
        evidence_required=tuple(Evidence(kind) for kind in evidence.get("required", ())),
        evidence_optional=tuple(Evidence(kind) for kind in evidence.get("optional", ())),
        attendance=Attendance(
            ways=tuple(AttendanceWay(way) for way in attendance.get("ways", EVERY_WAY)),
            is_signature=attendance.get("is_signature", False),
        ),
        counts_for=tuple(data.get("counts_for", ())),
    )


def _cite(data: Data) -> Cite:
    clause = data.get("clause")
    return Cite(data["document"], read_words(clause) if clause else None, data.get("rule"))


def _rhythm(data: Data) -> Rhythm:
    return Rhythm(
        cadence=read_cadence(data["rrule"]),
        window=PeriodKind(data["window"]),
        working_day=WorkingDayRule(data.get("working_day", WorkingDayRule.NONE)),
        partial_window=PartialWindow(data.get("partial_window", PartialWindow.NOT_OWED)),
    )


def _grace(data: Data) -> Grace:
    return Grace(data.get("days", 0), DayUnit(data.get("unit", DayUnit.CALENDAR)))


def _time(data: Data | None) -> TimeOfDay | None:
    return TimeOfDay(time.fromisoformat(data["from"]), time.fromisoformat(data["until"])) if data else None


def _sitting(data: Data) -> Sitting:
    return Sitting(data["id"], read_words(data["title"]), _time(data.get("time")), _satisfied_by(data))


def _satisfied_by(data: Data) -> tuple[Satisfaction, ...]:
    return tuple(
        Satisfaction(
            item["kind"],
            tuple(_condition(name, wanted) for name, wanted in sorted(item.get("where", {}).items())),
        )
        for item in data.get("satisfied_by", ())
    )


def _condition(attribute: str, wanted: Any) -> Condition:
    if isinstance(wanted, Mapping):
        return Condition(
            attribute,
            at_least=_bound(wanted, "at_least"),
            at_most=_bound(wanted, "at_most"),
            more_than=_bound(wanted, "more_than"),
            of=wanted.get("of"),
        )
    return Condition(attribute, any_of=tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,))


def read_share(value: int | Decimal | str) -> Fraction:
    """Return a number or a share written as 2, 0.5 or 1/2, exactly."""
    return Fraction(value)


def _bound(data: Data, name: str) -> Fraction | None:
    return read_share(data[name]) if name in data else None
