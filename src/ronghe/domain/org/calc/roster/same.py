"""Which rows are about the same person.

By identity number, then staff number, then name with birth month and unit; never by name alone.
"""

from __future__ import annotations

from collections.abc import Callable

from ronghe.domain.org.calc.roster.days import Day
from ronghe.domain.org.calc.roster.identity import masked
from ronghe.domain.org.calc.roster.people import PeopleColumns

Report = Callable[..., None]
"""report(code, row index, canonical column, **values of the sentence)"""

NameKey = tuple[str, int, int, tuple[str, ...]]


def number_people(people: PeopleColumns, *, report: Report, where: Callable[[int], str]) -> None:
    """Fill in `person`, counting from 0, and report duplicates and conflicts at the later of two rows.

    A row that only adds another certificate to a person is not a duplicate. `where(sheet)` names a sheet.
    """
    seen = _Seen(people, report, where)
    count = 0
    for at in range(len(people.place)):
        first = seen.earlier_row(at)
        if first is None:
            people.person[at] = count
            count += 1
            continue
        people.person[at] = people.person[first]
        if not _adds_certificate(people, first, at):
            column = "identity_number" if people.identity_number[at] else "name"
            report("duplicate_row", at, column, other_row=seen.place_of(first, at))


class _Seen:
    """The rows seen so far, by each thing that tells who somebody is."""

    def __init__(self, people: PeopleColumns, report: Report, where: Callable[[int], str]) -> None:
        self.people, self.report, self.where = people, report, where
        self.by_number: dict[str, int] = {}
        self.by_staff_number: dict[str, int] = {}
        self.by_name: dict[NameKey, int] = {}
        self.by_birth: dict[tuple[str, Day], int] = {}

    def earlier_row(self, at: int) -> int | None:
        """Return the first row about the same person as row `at`, None where `at` is the first."""
        found = self._with_number(at)
        if found is None:
            found = self._with_staff_number(at)
        return self._with_name(at) if found is None else found

    def place_of(self, first: int, at: int) -> str:
        """Name an earlier row: its number, with its sheet where that is another one."""
        place = self.people.place[first]
        same = place.sheet == self.people.place[at].sheet
        return str(place.row) if same else f"{self.where(place.sheet)} {place.row}"

    def _with_number(self, at: int) -> int | None:
        number = self.people.identity_number[at]
        first = self.by_number.setdefault(number, at) if number else at
        if first == at:
            return None
        if self.people.name[first] == self.people.name[at]:
            return first
        self._conflict("id_conflict", at, "identity_number", masked(number), first)
        return None

    def _with_staff_number(self, at: int) -> int | None:
        number = self.people.staff_number[at]
        first = self.by_staff_number.setdefault(number, at) if number else at
        if first == at:
            return None
        if self.people.name[first] == self.people.name[at] and not self._differ(first, at):
            return first
        self._conflict("staff_number_conflict", at, "staff_number", number, first)
        return None

    def _with_name(self, at: int) -> int | None:
        name, born = self.people.name[at], self.people.born[at]
        if not name or born is None:
            return None
        first = self.by_name.setdefault((name, born.first.year, born.first.month, self.people.unit_path[at]), at)
        if first != at and not self._differ(first, at):
            return first
        if first == at and not born.is_month:
            first = self.by_birth.setdefault((name, born), at)
        if first != at:
            self.report("same_name_and_birth", at, "name", other_row=self.place_of(first, at))
        return None

    def _differ(self, one: int, other: int) -> bool:
        """Do both rows state an identity number, or both a staff number, and not the same?"""
        for numbers in (self.people.identity_number, self.people.staff_number):
            if numbers[one] and numbers[other] and numbers[one] != numbers[other]:
                return True
        return False

    def _conflict(self, code: str, at: int, column: str, number: str, first: int) -> None:
        self.report(code, at, column, number=number, other=self.people.name[first], other_row=self.place_of(first, at))


def _adds_certificate(people: PeopleColumns, first: int, at: int) -> bool:
    known, added = people.certificates[first], people.certificates[at]
    return bool(known and added) and not set(added) & set(known)
