"""What a sheet lacks: a row that nobody leads, a side without a person, a person who is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.duties.enums import NEEDS_PERSON, GapKind, Part
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.org.models import Person
from ronghe.domain.zones.enums import SIDE_OF
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.selectors import people_of
from ronghe.domain.zones.selectors.sides import sides_by_unit


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing in a row; of a side, that side.

    `blocks` says that no version is issued with it: what is missing of the leading side, or of the row as a whole.
    """

    kind: GapKind
    row: SheetRow
    side: str = ""
    name: str = ""

    @property
    def blocks(self) -> bool:
        if self.side:
            return self.row.shares[self.side].part == Part.LEAD
        return True


def gaps_of(
    rows: Sequence[SheetRow], zone: CollaborationZone, parties: Sequence[ParticipatingUnit], day: date
) -> list[Gap]:
    """Return what the rows lack on `day`, in the order of the rows; three statements."""
    there = {SIDE_OF[party.role].value for party in parties}
    gone = _gone(rows, zone, parties, day)
    found: list[Gap] = []
    for row in rows:
        if row.is_over:
            found.append(Gap(GapKind.SOURCE_OVER, row))
            continue
        if row.lead is None:
            found.append(Gap(GapKind.NO_LEAD, row))
        found += _of_sides(row, there, gone)
    return found


def _of_sides(row: SheetRow, there: set[str], gone: Mapping[int, Person]) -> list[Gap]:
    found = []
    for side, share in row.shares.items():
        if side not in there:
            found.append(Gap(GapKind.NO_UNIT, row, side))
        elif share.person is None and share.part in NEEDS_PERSON:
            found.append(Gap(GapKind.NO_PERSON, row, side))
        elif share.person in gone:
            found.append(Gap(GapKind.PERSON_GONE, row, side, share.name))
    return found


def _gone(
    rows: Sequence[SheetRow], zone: CollaborationZone, parties: Sequence[ParticipatingUnit], day: date
) -> dict[int, Person]:
    """Return of those who are named who is on no side any more and takes no part in the zone."""
    named = {
        share.person: row.people[share.person]
        for row in rows
        for share in row.shares.values()
        if share.person is not None and share.person in row.people
    }
    units = sides_by_unit(zone, {person.unit_id for person in named.values() if person.unit_id is not None}, day)
    contacts = {party.contact_id for party in parties}
    taking_part = set(people_of(zone, day).filter(pk__in=named).values_list("pk", flat=True))
    return {
        pk: person
        for pk, person in named.items()
        if (person.valid_until is not None and person.valid_until <= day)
        or (person.unit_id not in units and pk not in contacts and pk not in taking_part)
    }
