"""荣誉台账: titles, honours as an actor may see them, and whom one may enter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.honours.enums import HolderKind, HonourLevel, HonourState, TermFilter
from ronghe.domain.honours.models import Honour, HonourTitle
from ronghe.domain.honours.rules import ENTER_HONOUR, KEEP_CATALOGUE, SEE_HONOUR
from ronghe.domain.org.enums import PARTY_KINDS, PartyOrgKind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

KEEPERS = frozenset({PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL_BRANCH})


def titles(*, with_retired: bool = False, goes_to: str = "") -> list[HonourTitle]:
    """Return the catalogue from the highest level down, by name."""
    rows = HonourTitle.objects.select_related("body")
    if not with_retired:
        rows = rows.filter(is_retired=False)
    if goes_to:
        rows = rows.filter(goes_to=goes_to)
    order = list(HonourLevel.values)
    return sorted(rows, key=lambda row: (order.index(row.level), row.name, row.pk))


def bodies_with_catalogue(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the committees for which `actor` keeps the catalogue of titles, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=KEEPERS)
    return KEEP_CATALOGUE.narrow(actor, rows, at=at).order_by("name", "pk")


def bodies_to_enter_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies whose honours `actor` may enter, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return ENTER_HONOUR.narrow(actor, rows, at=at).order_by("name", "pk")


def people_of(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may hold an honour in the name of a body: whoever belongs to it or below it, or works in a unit of it."""
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    found = Q(memberships__body_id__in=below) | Q(unit_id__in=units)
    rows = Person.objects.filter(found).filter(on_day(day)).order_by()
    return Person.objects.filter(pk__in=rows.values("pk")).select_related("unit").order_by("name", "pk")


def honours_filtered(
    day: date, *, words: str = "", level: str = "", year: int | None = None, kind: str = "", term: str = "",
    title: int | None = None,
) -> QuerySet[Honour]:  # fmt: skip
    """Return the honours that a filter leaves; without `term` those that stand and those that have ended."""
    rows = Honour.objects.select_related("title", "body", "person")
    if words := words.strip()[:40]:
        rows = rows.filter(
            Q(holder_name__contains=words) | Q(title__name__contains=words) | Q(body__name__contains=words)
            | Q(issuer__contains=words) | Q(document_number__contains=words)
        )  # fmt: skip
    if level in HonourLevel.values:
        rows = rows.filter(title__level=level)
    if year:
        rows = rows.filter(year=year)
    if title:
        rows = rows.filter(title=title)
    if kind == HolderKind.PERSON:
        rows = rows.filter(person__isnull=False)
    elif kind == HolderKind.TEAM:
        rows = rows.filter(person=None).exclude(team="")
    elif kind == HolderKind.BODY:
        rows = rows.filter(person=None, team="")
    if term == TermFilter.WITHDRAWN:
        return rows.filter(state=HonourState.WITHDRAWN)
    rows = rows.filter(state=HonourState.VALID)
    if term == TermFilter.RUNNING:
        return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day))
    return rows.filter(ends_on__lte=day) if term == TermFilter.ENDED else rows


def list_honours(
    actor: Person, at: datetime, rows: QuerySet[Honour], *, page: int = 1, size: int = 20,
    order: tuple[str, ...] = ("-awarded_on",),
) -> Listed[Honour]:  # fmt: skip
    """Return one page of the register as far as `actor` may see it."""
    return list_seen(SEE_HONOUR, actor, rows, order_by=order, at=at, page=page, size=size)


def honours_seen_by(actor: Person, at: datetime) -> QuerySet[Honour]:
    """Return the honours that `actor` may see: to be cut to one or a few."""
    rows = SEE_HONOUR.narrow(actor, Honour.objects.all(), at=at, walk=True)
    return rows.select_related("title", "body", "person", "proof", "entered_by", "withdrawn_by")


def honours_of_person(person: Person, day: date) -> list[Honour]:
    """Return what a person was given and still stands, the latest first."""
    return list(honours_filtered(day, term=TermFilter.RUNNING).filter(person=person).order_by("-awarded_on", "-pk"))


@dataclass(frozen=True, slots=True)
class Figures:
    """How many honours a filter leaves, and how many of them on each level, from the highest down."""

    total: int
    by_level: tuple[tuple[str, int], ...]


def figures_of(actor: Person, at: datetime, rows: QuerySet[Honour]) -> Figures:
    """Return what the register adds up to: one read."""
    counted = Counter(
        SEE_HONOUR.narrow(actor, rows, at=at, walk=True).order_by().values_list("title__level", flat=True)
    )
    levels = tuple((str(level.label), counted[level.value]) for level in HonourLevel if counted[level.value])
    return Figures(sum(counted.values()), levels)


def years_known() -> list[int]:
    """Return the years of the register, the latest first."""
    return list(Honour.objects.order_by("-year").values_list("year", flat=True).distinct())
