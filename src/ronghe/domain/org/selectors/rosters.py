"""What is on file about the people a roster speaks of, and the trees it is imported into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.calc.roster.nodes import KnownNode, Nodes
from ronghe.domain.org.calc.roster.plan import COMPARED, Field, KnownPerson
from ronghe.domain.org.calc.roster.wanted import WantedPerson
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import (
    AdminUnit,
    Membership,
    OperatorCertificate,
    PartyOrg,
    Person,
    PostHolding,
    RosterComparison,
    RosterDifference,
    RosterImport,
)
from ronghe.domain.org.rules import IMPORT_ROSTER
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.sealed import open_text

VALUES_A_READ = 10_000
"""SQLite takes 32,766 parameters a statement."""


READ = ("pk", "token", "id_digest", "phone_sealed", "born_on", "joined_party_on", "unit_id")


def bodies_to_import_into(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies into which `actor` may import a roster, by name."""
    rows = IMPORT_ROSTER.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    return rows.exclude(kind__in=("party_group", "temporary_party_group", "co_built_branch")).order_by("name", "pk")


def imports_seen_by(actor: Person, at: datetime) -> QuerySet[RosterImport]:
    """Return the imports into bodies that `actor` may import into, newest first."""
    bodies = IMPORT_ROSTER.narrow(actor, PartyOrg.objects.all(), at=at).order_by().values("pk")
    rows = RosterImport.objects.filter(body_id__in=bodies)
    return rows.select_related("body", "uploaded_by").order_by("-uploaded_at", "-pk")


def field_of(body: PartyOrg, day: date) -> Field:
    """Return the trees below `body` and its unit on `day`."""
    inside = _below(PartyOrg, body.pk, day)
    units = _all(AdminUnit) if body.unit_id is None else _below(AdminUnit, body.unit_id, day)
    own = {node.pk for node in inside}
    elsewhere = PartyOrg.objects.filter(valid_until=None).exclude(kind="party_group").order_by()
    names = frozenset(name for pk, name in elsewhere.values_list("pk", "name") if pk not in own)
    return Field(Nodes(body.unit_id, units), Nodes(body.pk, inside), names)


def known_people(people: Sequence[WantedPerson], body: PartyOrg, day: date) -> list[KnownPerson]:
    """Return the people on file whom the roster may mean: same staff number, identity number or name."""
    names = {p.name for p in people}
    staff = {p.staff_number for p in people if p.staff_number}
    digests = {p.id_digest for p in people if p.id_digest}
    known: dict[int, KnownPerson] = {}
    words: dict[Any, Any] = {}
    """Trades, jobs and the like repeat themselves a thousand times; each is kept once."""
    for lookup, values in (("id_digest__in", digests), ("staff_number__in", staff), ("name__in", names)):
        for chunk in _chunks(values):
            found = Person.objects.filter(**{lookup: chunk}).order_by()
            for row in found.values_list(*READ, *COMPARED).iterator(chunk_size=5_000):
                if row[0] not in known:
                    known[row[0]] = _known(row, words)
    reach = _Reach(body, day)
    _add_homes(known)
    _add_posts_and_certificates(known)
    for person in known.values():
        person.in_reach = reach.holds(person)
    return list(known.values())


def people_on_file(body: PartyOrg, day: date) -> list[KnownPerson]:
    """Return everybody of whom an import into `body` may speak, who has not left, by name: what a list is held against."""
    reach = _Reach(body, day)
    rows = Person.objects.filter(on_day(day))
    if not reach.is_everything:
        at_home = Membership.objects.filter(kind=MembershipKind.HOME, valid_until=None).order_by()
        inside = at_home.filter(body_id__in=descendants(PartyOrg, [body.pk], day=day)).values("person_id")
        here = Q(pk__in=inside)
        if body.unit_id is not None:
            here |= Q(unit_id__in=descendants(AdminUnit, [body.unit_id], day=day))
        rows = rows.filter(here)
    words: dict[Any, Any] = {}
    found = rows.order_by("name", "pk").values_list(*READ, *COMPARED)
    known = {row[0]: _known(row, words) for row in found.iterator(chunk_size=5_000)}
    _add_homes(known)
    for person in known.values():
        person.in_reach = reach.holds(person)
    return [person for person in known.values() if person.in_reach]


def comparisons_seen_by(actor: Person, at: datetime) -> QuerySet[RosterComparison]:
    """Return the comparisons for bodies that `actor` may import into, newest first."""
    bodies = IMPORT_ROSTER.narrow(actor, PartyOrg.objects.all(), at=at).order_by().values("pk")
    rows = RosterComparison.objects.filter(body_id__in=bodies)
    return rows.select_related("body", "compared_by").order_by("-compared_at", "-pk")


def differences_of_comparison(
    comparison: RosterComparison, *, kind: str = "", state: str = ""
) -> QuerySet[RosterDifference]:
    """Return the differences of a comparison, what is open first, in the order in which they were found."""
    rows = RosterDifference.objects.filter(comparison=comparison).select_related("person", "settled_by")
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("pk")


class _Reach:
    """Whom an import into a body may speak of: its own members, the people of its unit, and nobody's people.

    A body at the top without a unit speaks for everybody.
    """

    def __init__(self, body: PartyOrg, day: date) -> None:
        self.is_everything = body.unit_id is None and body.parent_id is None
        self.bodies = set(descendants(PartyOrg, [body.pk], day=day).values_list("descendant_id", flat=True))
        units = descendants(AdminUnit, [body.unit_id], day=day) if body.unit_id else None
        self.units = set(units.values_list("descendant_id", flat=True)) if units is not None else set()

    def holds(self, person: KnownPerson) -> bool:
        if self.is_everything:
            return True
        if person.home is not None:
            return person.home[1] in self.bodies
        return person.unit is None or person.unit in self.units


def _known(row: tuple[Any, ...], words: dict[Any, Any]) -> KnownPerson:
    pk, token, id_digest, phone_sealed, born_on, joined_party_on, unit = row[: len(READ)]
    return KnownPerson(
        pk=pk,
        token=token,
        values={name: words.setdefault(value, value) for name, value in zip(COMPARED, row[len(READ) :], strict=True)},
        id_digest=id_digest or "",
        phone=open_text(phone_sealed) if phone_sealed else "",
        born_on=born_on,
        joined_party_on=joined_party_on,
        unit=unit,
        in_reach=False,
    )


def _add_homes(known: dict[int, KnownPerson]) -> None:
    for chunk in _chunks(known):
        homes = Membership.objects.filter(person_id__in=chunk, kind=MembershipKind.HOME, valid_until=None).order_by()
        for pk, person, body, group in homes.values_list("pk", "person_id", "body_id", "group_id"):
            known[person].home = (pk, body, group)


def _add_posts_and_certificates(known: dict[int, KnownPerson]) -> None:
    for chunk in _chunks(known):
        posts = PostHolding.objects.filter(person_id__in=chunk, valid_until=None, body__isnull=False).order_by()
        for person, role, body in posts.values_list("person_id", "role", "body_id"):
            known[person].posts |= {(role, body)}
        held = OperatorCertificate.objects.filter(person_id__in=chunk).order_by()
        for pk, person, kind, number, expires in held.values_list("pk", "person_id", "kind", "number", "expires_on"):
            known[person].certificates = {**known[person].certificates, (kind, number): (pk, expires)}


def _below(model: Any, root: int, day: date) -> list[KnownNode]:
    rows: Any = model._default_manager.filter(pk__in=descendants(model, [root], day=day), valid_until=None)  # noqa: SLF001 - Django's name
    return _nodes(rows)


def _all(model: Any) -> list[KnownNode]:
    return _nodes(model._default_manager.filter(valid_until=None))  # noqa: SLF001 - Django's name


def _nodes(rows: Any) -> list[KnownNode]:
    return [KnownNode(*row) for row in rows.order_by("pk").values_list("pk", "parent_id", "name", "kind")]


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = iter(sorted(values))
    while chunk := list(islice(ordered, VALUES_A_READ)):
        yield chunk
