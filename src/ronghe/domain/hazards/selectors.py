"""Hazards and violations as an actor may see them, counted, and how many violations stand against somebody (PC-16)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from ronghe.domain.hazards.calc.counting import Breach, Breaches, breaches_of
from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.models import Finding
from ronghe.domain.hazards.rules import REPORT
from ronghe.domain.items.calc.clocks import Distribution
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM, ItemKind
from ronghe.domain.items.selectors import SOONEST, clock_of_many
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.qualifications.calc.book import number_kept
from ronghe.domain.qualifications.calc.violations import Proven
from ronghe.domain.qualifications.selectors.violations import declare_violations
from ronghe.domain.risks.models import Risk
from ronghe.domain.risks.selectors import areas_to_keep, people_of_areas
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.sealed import keyed_digest

JOINED = ("owner", "body", "zone", "raised_by", "finding__area", "finding__risk", "finding__person")


def list_findings(
    kind: ItemKind, actor: Person, at: datetime, *, filters: Q | None = None, order_by: Sequence[Any] = (SOONEST,),
    page: int = 1, size: int = 20,
) -> Listed[WorkItem]:  # fmt: skip
    """Return one page of the hazards or violations that `actor` may see, each with its finding; two statements."""
    rows = WorkItem.objects.filter(filters or Q(), kind=kind.id).select_related(*JOINED)
    return list_seen(SEE_ITEM, actor, rows, order_by=order_by, at=at, page=page, size=size)


def findings_seen_by(kind: ItemKind, actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the hazards or violations that `actor` may see, the newest first."""
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=kind.id), at=at)
    return rows.select_related(*JOINED).order_by("-raised_at", "-pk")


def bodies_to_report_to(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies to which `actor` may report what lies in no area, by name."""
    return REPORT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def people_to_name(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return whom `actor` may name in a violation, by name: those of the areas that the actor looks after, else nobody.

    Whoever else saw something says so in words; a list of names is not for everybody.
    """
    return people_of_areas(list(areas_to_keep(actor, at)), at)


def risks_to_name(item: WorkItem) -> QuerySet[Risk]:
    """Return the risks of the item's area that it may show to be worse than thought."""
    area = item.finding.area_id
    return Risk.objects.filter(area=area, closed_at=None, area__isnull=False).order_by("-grade", "pk")


def open_hazards_in(area_ids: Collection[int]) -> list[WorkItem]:
    """Return the hazards of these areas that are not put right yet, major ones first, whoever asks; one statement.

    What is fixed and waits to be accepted still stands: nobody else has looked at it.
    """
    rows = WorkItem.objects.filter(kind="hazard", closed_at=None, finding__area__in=list(area_ids))
    first = Case(When(finding__grade=FindingGrade.MAJOR, then=0), default=1, output_field=IntegerField())
    return list(rows.select_related("finding").annotate(worse=first).order_by("worse", "pk"))


def violations_of(person_ids: Collection[int], since: date) -> dict[int, Breaches]:
    """Return the violations of each of these people that were confirmed on `since` or later, whoever asks.

    Suspected ones do not count (IN-05), nor do those overturned. One statement.
    """
    rows = _counting().filter(person__in=list(person_ids), settled_on__gte=since)
    found = [(row.person_id, _breach(row)) for row in rows if row.person_id is not None]
    return breaches_of(found, person_ids)


def violations_against(certificate: str, since: date) -> Breaches:
    """Return the violations that were confirmed against a certificate, found by its whole number."""
    if not certificate.strip():
        return Breaches()
    rows = _counting().filter(certificate_digest=keyed_digest(number_kept(certificate)), settled_on__gte=since)
    return Breaches(tuple(_breach(row) for row in rows.order_by("settled_on", "item_id")))


@declare_violations
def proven_here(person_ids: Collection[int]) -> dict[int, list[Proven]]:
    """Return the confirmed violations of these people as the reviews of their certificates count them (PC-16)."""
    rows = _counting().filter(person__in=list(person_ids))
    found: dict[int, list[Proven]] = {}
    for row in rows:
        assert row.settled_on is not None  # asked for by `_counting`
        assert row.person_id is not None
        proven = Proven(row.settled_on, row.is_serious_harm, item=row.item_id, certificate=row.certificate_digest)
        found.setdefault(row.person_id, []).append(proven)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How the findings of one area, or of all, stand."""

    title: str
    total: int = 0
    open: int = 0
    late: int = 0
    closed: int = 0
    in_time: int = 0
    worse: int = 0
    """Major hazards, serious violations."""

    def plus(self, row: Mapping[str, Any]) -> Counts:
        return Counts(self.title, *(getattr(self, name) + row[name] for name in _NUMBERS))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Findings reported in a span: together, by area with most open first, and how long it took to close them."""

    whole: Counts
    by_area: list[Counts]
    hours: Distribution


_NUMBERS = ("total", "open", "late", "closed", "in_time", "worse")


def statistics_of(
    kind: ItemKind, actor: Person, at: datetime, *, since: datetime, until: datetime, title: str, nowhere: str
) -> Statistics:
    """Return what the findings that `actor` may see come to; what was dismissed is left out. Three statements.

    `title` is how the whole is called, `nowhere` what lies in no area.
    """
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=kind.id), at=at)
    rows = seen.filter(raised_at__gte=since, raised_at__lt=until).exclude(state="dismissed")
    worse = Q(item__finding__grade__in=[FindingGrade.MAJOR, FindingGrade.SERIOUS])
    success = [state.id for state in kind.states if state.is_success]
    closed = Q(item__state__in=success)
    found = (
        Finding.objects.filter(item__in=rows.order_by().values("pk"))
        .order_by()
        .values("area", "area__name")
        .annotate(
            total=Count("pk"), open=Count("pk", filter=Q(item__closed_at=None)),
            late=Count("pk", filter=Q(item__closed_at=None, item__due_at__lt=at)), closed=Count("pk", filter=closed),
            in_time=Count("pk", filter=closed & Q(item__closed_at__lte=F("item__due_at"))),
            worse=Count("pk", filter=worse),
        )
    )  # fmt: skip
    whole, by_area = Counts(title), []
    for row in found:
        whole = whole.plus(row)
        by_area.append(Counts(row["area__name"] or nowhere).plus(row))
    by_area.sort(key=lambda one: (-one.open, -one.total, one.title))
    return Statistics(whole, by_area, clock_of_many(kind.clocks[-1], kind, rows, at))


def _counting() -> QuerySet[Finding]:
    rows = Finding.objects.filter(item__kind="violation", settled_on__isnull=False, overturned_at=None)
    return rows.order_by("settled_on", "item_id")


def _breach(row: Finding) -> Breach:
    assert row.settled_on is not None  # asked for by `_counting`
    return Breach(row.item_id, row.settled_on, row.is_serious_harm, row.certificate_digest)
