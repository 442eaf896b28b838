"""A roster as cleaned columns: one list per thing known, all of one length, one entry per row of somebody."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

from ronghe.domain.org.calc.roster.days import Day


class Certificate(NamedTuple):
    """One certificate on one row; `expires` is None where none is stated or it has no end."""

    kind: str
    number: str
    expires: Day | None


class Place(NamedTuple):
    """Where a row stands: index into the sheets read, and the row number as in Excel."""

    sheet: int
    row: int


@dataclass(slots=True)
class PeopleColumns:
    """Aligned lists. An empty text means "not stated"; codes are those of `columns.yaml`."""

    place: list[Place] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    """Which person of the files a row is about, from 0; rows about the same person share it."""
    name: list[str] = field(default_factory=list)
    staff_number: list[str] = field(default_factory=list)
    identity_number: list[str] = field(default_factory=list)
    """Whole numbers only: a truncated or misshapen one is left empty, its problem says so."""
    gender: list[str] = field(default_factory=list)
    born: list[Day | None] = field(default_factory=list)
    ethnicity: list[str] = field(default_factory=list)
    education: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    unit_path: list[tuple[str, ...]] = field(default_factory=list)
    position: list[str] = field(default_factory=list)
    job: list[str] = field(default_factory=list)
    trade: list[str] = field(default_factory=list)
    skill_level: list[str] = field(default_factory=list)
    employment: list[str] = field(default_factory=list)
    participant_role: list[str] = field(default_factory=list)
    political_status: list[str] = field(default_factory=list)
    joined: list[Day | None] = field(default_factory=list)
    full_from: list[Day | None] = field(default_factory=list)
    party_path: list[tuple[str, str, str]] = field(default_factory=list)
    """Committee or general branch, branch, Party group; empty texts where not stated."""
    party_posts: list[tuple[str, ...]] = field(default_factory=list)
    certificates: list[tuple[Certificate, ...]] = field(default_factory=list)
    trained: list[Day | None] = field(default_factory=list)
    remark: list[str] = field(default_factory=list)
    is_floating: list[bool] = field(default_factory=list)

    def extend(self, other: PeopleColumns) -> None:
        """Append the rows of another sheet."""
        for about in fields(self):
            getattr(self, about.name).extend(getattr(other, about.name))


def best_day(day: Day | None) -> date | None:
    """Return the day to store: the first of the month where only the month is known."""
    return day.first if day else None
