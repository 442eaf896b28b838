"""Who is named for whom: what is proposed for a body, and each side's own view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.grid.calc.liaisons import Naming, Someone, propose
from ronghe.domain.grid.models import GridLiaison
from ronghe.domain.grid.selectors.settings import terms_of
from ronghe.domain.grid.selectors.state import read_state
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class BodyNaming:
    """The employees and Party members of a body's part of the grid, and who is proposed for whom."""

    body: PartyOrg
    naming: Naming
    employees: Mapping[int, Person]
    members: Mapping[int, Person]
    named: Mapping[int, int]
    """Employee → member, as it stands."""
    most: int

    def rows(self) -> list[tuple[Person, list[Person]]]:
        """Return each member with the employees who would be theirs, by name."""
        of: dict[int, list[Person]] = {pk: [] for pk in self.members}
        for employee, member in self.naming.pairs.items():
            of[member].append(self.employees[employee])
        ordered = sorted(self.members.values(), key=lambda row: (row.name, row.pk))
        return [(member, sorted(of[member.pk], key=lambda row: (row.name, row.pk))) for member in ordered]

    @property
    def left(self) -> list[Person]:
        """Employees for whom there is nobody."""
        return [self.employees[pk] for pk in self.naming.left]


def naming_of(body: PartyOrg, day: date) -> BodyNaming:
    """Return who would be named for whom in the body's own part of the grid on `day`."""
    state = read_state([body.pk], day)
    units = sorted(unit for unit, owner in state.body_of_unit.items() if owner == body.pk)
    people = _people(units, day)
    at_home = _at_home(body, day)
    members = {row.pk: row for row in at_home}
    homeless = {row.pk: row for row in people if row.status in PARTY_MEMBERS and not row.is_at_home}
    members.update(homeless)
    employees = {row.pk: row for row in people if row.status not in PARTY_MEMBERS}
    named = dict(
        GridLiaison.objects.filter(on_day(day), employee__in=employees)
        .order_by("pk")
        .values_list("employee_id", "member_id")
    )
    most = terms_of(body.pk, day).employees_per_member
    naming = propose(
        [Someone(row.pk, row.unit_id) for row in employees.values()],
        [Someone(row.pk, row.unit_id) for row in members.values()],
        named=named, parents={pk: unit.parent for pk, unit in state.units.items()}, most=most,
    )  # fmt: skip
    return BodyNaming(body, naming, employees, members, named, most)


def _people(units: Sequence[int], day: date) -> list[Any]:
    """Return who works in the units, with the status of the day and whether they have a home branch."""
    rows: QuerySet[Any] = with_status(Person.objects.filter(on_day(day), unit__in=units), day, person="")
    found = list(rows.select_related("unit").order_by("pk"))
    homes = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person__unit__in=units).order_by()
    at_home = set(homes.values_list("person_id", flat=True))
    for person in found:
        person.is_at_home = person.pk in at_home
    return found


def _at_home(body: PartyOrg, day: date) -> list[Person]:
    homes = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body=body).order_by().values("person_id")
    rows: QuerySet[Any] = with_status(Person.objects.filter(on_day(day), pk__in=homes), day, person="")
    return list(rows.filter(status__in=PARTY_MEMBERS).select_related("unit").order_by("pk"))


def liaisons_of(body: PartyOrg, day: date) -> QuerySet[GridLiaison]:
    """Return the pairs that the body named, by member and employee."""
    rows = GridLiaison.objects.filter(on_day(day), body=body).select_related("member", "employee", "employee__unit")
    return rows.order_by("member__name", "employee__name", "pk")


def member_named_for(employee: Person, day: date) -> Person | None:
    """Return the employee's named member; nobody where there is none, or the member left or is no Party member any more."""
    rows = GridLiaison.objects.filter(on_day(day), employee=employee).select_related("member", "member__unit")
    found = rows.order_by("pk").first()
    if found is None or not found.member.is_party_member:
        return None
    left = found.member.valid_until
    return found.member if left is None or left > day else None


def employees_of(member: Person, day: date) -> list[Person]:
    """Return the employees for whom `member` is named, by name."""
    named = GridLiaison.objects.filter(on_day(day), member=member).order_by().values("employee_id")
    rows = Person.objects.filter(on_day(day), pk__in=named).select_related("unit")
    return list(rows.order_by("name", "pk"))
