"""Two lists of the same people and what is on file, side by side: what differs, who is missing where, who may be the same.

Lists are a unit's own roster and an export of the company platform; a cell that says nothing differs from nothing. People
are the same by staff number, by identity number, or by a name that one other thing bears out; a name alone is a doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ronghe.domain.org.calc.roster.days import Day

HERE = "here"
"""The side of the platform; the lists are "a" and "b"."""


@dataclass(slots=True)
class Entry:
    """One person on one side. `said` is field → value, `days` field → day; `key` finds the person again on that side."""

    key: int
    name: str
    staff_number: str
    id_digest: str
    born: Day | None
    said: dict[str, str]
    days: dict[str, Day] = field(default_factory=dict)
    branch: str = ""
    phone: str = ""
    unit: str = ""
    within: frozenset[str] = frozenset()
    """Names of the units above the own one: a list that names one of them says less, not otherwise."""


@dataclass(slots=True)
class Together:
    """One person on those sides where found: side → entry. `doubts` are entries of the platform that may be the same."""

    sides: dict[str, Entry]
    doubts: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        return next(entry.name for entry in self.sides.values())


def side_by_side(here: Sequence[Entry], lists: Mapping[str, Sequence[Entry]]) -> list[Together]:
    """Return everybody once, with their entries: first who is on file, in order, then who is in a list only.

    Nobody is taken twice: of two entries of one list that point at the same person the second stands alone.
    """
    rows = [Together({HERE: entry}) for entry in here]
    for side, entries in lists.items():
        index = _Index(rows)
        for entry in entries:
            found, doubts = index.find(entry, side)
            if found is not None:
                found.sides[side] = entry
            else:
                rows.append(Together({side: entry}, doubts))
    return rows


def differing(row: Together, lists: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return field → side → value where two sides say different things, or the platform nothing; "" for a silent side.

    A month is not different from one of its days.
    """
    present = {side: row.sides[side] for side in (HERE, *lists) if side in row.sides}
    found: dict[str, dict[str, str]] = {}
    for name in dict.fromkeys(name for entry in present.values() for name in entry.said):
        values = {side: entry.said.get(name, "") for side, entry in present.items()}
        if name == "unit" and HERE in present:
            values = {side: "" if value in present[HERE].within else value for side, value in values.items()}
        if len(set(values.values()) - {""}) > 1 or _is_lacking(values):
            found[name] = values
    for name in dict.fromkeys(name for entry in present.values() for name in entry.days):
        days = {side: entry.days[name] for side, entry in present.items() if name in entry.days}
        values = {side: said_day(days[side]) if side in days else "" for side in present}
        stated = list(days.values())
        if any(not _meet(one, other) for one, other in pairwise(sorted(stated))) or _is_lacking(values):
            found[name] = values
    return found


def said_day(day: Day) -> str:
    """Return a day as people write it, without the day of the month where only the month is known."""
    return day.first.isoformat()[:7] if day.is_month else day.first.isoformat()


def _is_lacking(values: Mapping[str, str]) -> bool:
    return values.get(HERE) == "" and any(values.values())


class _Index:
    """The rows so far, found by number and by name."""

    def __init__(self, rows: Sequence[Together]) -> None:
        self.by_staff: dict[str, Together] = {}
        self.by_digest: dict[str, Together] = {}
        self.by_name: dict[str, list[Together]] = defaultdict(list)
        for row in rows:
            for entry in row.sides.values():
                if entry.staff_number:
                    self.by_staff.setdefault(entry.staff_number, row)
                if entry.id_digest:
                    self.by_digest.setdefault(entry.id_digest, row)
            self.by_name[row.name].append(row)

    def find(self, entry: Entry, side: str) -> tuple[Together | None, list[Entry]]:
        """Return the row that the entry belongs to, or the entries on file that it may be."""
        by_staff = self.by_staff.get(entry.staff_number) if entry.staff_number else None
        by_digest = self.by_digest.get(entry.id_digest) if entry.id_digest else None
        if by_staff is not None and by_digest is not None and by_staff is not by_digest:
            return None, _on_file([by_staff, by_digest])
        found = by_staff or by_digest
        if found is not None:
            return (found, []) if side not in found.sides else (None, _on_file([found]))
        alike = [row for row in self.by_name.get(entry.name, []) if side not in row.sides]
        named = [row for row in alike if not _contradicts(row, entry)]
        borne_out = [row for row in named if _is_borne_out(row, entry)]
        if len(borne_out) == 1:
            return borne_out[0], []
        # A number mistyped on one side: everything else agrees.
        return None, _on_file(borne_out or named or [row for row in alike if _is_borne_out(row, entry)])


def _on_file(rows: Iterable[Together]) -> list[Entry]:
    return [row.sides[HERE] for row in rows if HERE in row.sides]


def _is_borne_out(row: Together, entry: Entry) -> bool:
    return any(_bears_out(other, entry) for other in row.sides.values())


def _contradicts(row: Together, entry: Entry) -> bool:
    """Do both sides state a number, or a day of birth, and not the same?"""
    return any(
        bool(other.id_digest and entry.id_digest and other.id_digest != entry.id_digest)
        or bool(other.staff_number and entry.staff_number and other.staff_number != entry.staff_number)
        or (other.born is not None and entry.born is not None and not _meet(other.born, entry.born))
        for other in row.sides.values()
    )


def _bears_out(one: Entry, other: Entry) -> bool:
    """Is there one more thing than the name that both say alike?"""
    if one.born is not None and other.born is not None and _meet(one.born, other.born):
        return True
    pairs = ((one.phone, other.phone), (one.branch, other.branch), (one.unit, other.unit))
    return any(mine and mine == theirs for mine, theirs in pairs)


def _meet(one: Day, other: Day) -> bool:
    return one.first <= other.last and other.first <= one.last
