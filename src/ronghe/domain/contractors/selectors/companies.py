"""Companies: in lists, with their gates, agreement and checklist; what stands against admitting one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from ronghe.domain.contractors.enums import (
    MECHANISM_OF,
    AppealState,
    ContractorState,
    Gate,
    Mechanism,
    Standing,
)
from ronghe.domain.contractors.models import Appeal, CompanyScore, Contractor, ContractorAgreement, GateFile, GateReview
from ronghe.domain.contractors.rules import DECIDE_CONTRACTOR, KEEP_CONTRACTOR, REGISTER_CONTRACTOR, SEE_CONTRACTOR
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc import model
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around
from ronghe.kernel.db.tree import on_day

SHIPPED = "daqing_zone"
"""Whose checklist holds where the body works by no model that speaks of contractors."""


@dataclass(frozen=True, slots=True)
class GateLine:
    """One of the five gates with its newest review, if there is one."""

    gate: Gate
    review: GateReview | None

    @property
    def is_passed(self) -> bool:
        return self.review is not None and self.review.passed


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a mechanism asks of a company, and in which period it is asked once."""

    mechanism: Mechanism
    lines: tuple[tuple[str, str], ...]
    window: PeriodKind


def contractors_seen_by(actor: Person, at: datetime) -> QuerySet[Contractor]:
    """Return the companies that `actor` may see, by name."""
    rows = SEE_CONTRACTOR.narrow(actor, Contractor.objects.all(), at=at)
    return rows.select_related("body", "unit", "parent").order_by("name", "pk")


def contractors_filtered(*, words: str = "", kind: str = "", state: str = "") -> QuerySet[Contractor]:
    """Return companies by name or whole credit code, kind and state, with their people and last score."""
    last = CompanyScore.objects.filter(contractor=OuterRef("pk")).order_by("-held_on", "-pk")
    rows = Contractor.objects.select_related("body", "parent").annotate(
        people=Count("workers", filter=Q(workers__until_on=None)), last_score=Subquery(last.values("score")[:1])
    )
    if wanted := words.strip():
        rows = rows.filter(Q(name__contains=wanted) | Q(credit_code=wanted.upper()))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(state=state) if state else rows.exclude(state=ContractorState.LEFT)


def list_contractors(
    actor: Person, at: datetime, rows: QuerySet[Contractor], *, order_by: Any = ("name",), page: int = 1, size: int = 20
) -> Listed[Contractor]:
    """Return one page of those of `rows` that `actor` may see."""
    return list_seen(SEE_CONTRACTOR, actor, rows, order_by=order_by, at=at, page=page, size=size)


def bodies_to_register_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may register companies, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)))
    return REGISTER_CONTRACTOR.narrow(actor, rows, at=at).order_by("name", "pk")


def gates_of(contractor: Contractor) -> list[GateLine]:
    """Return the five gates in their order, each with its newest review since the company was last listed (PC-06)."""
    newest: dict[str, GateReview] = {}
    listed = contractor.changes.filter(what=Standing.LIST).order_by("-pk").first()
    reviews = contractor.gate_reviews.select_related("reviewed_by", "contractor").prefetch_related("files")
    reviews = reviews.order_by("reviewed_on", "pk")
    if listed is not None:
        reviews = reviews.filter(pk__gt=listed.gates_until)
    for review in reviews:
        newest[review.gate] = review
    return [GateLine(gate, newest.get(gate)) for gate in Gate]


def gate_file_of(contractor: Contractor, key: int) -> GateFile | None:
    """Return a file of one of the company's reviews, whoever asks; seeing the company is asked before."""
    return GateFile.objects.filter(pk=key, review__contractor=contractor).select_related("file").first()


def agreement_on(contractor: Contractor, day: date) -> ContractorAgreement | None:
    """Return the safety agreement in force on `day`, the longest where several are (PC-07)."""
    rows = ContractorAgreement.objects.filter(contractor=contractor, from_on__lte=day, until_on__gt=day)
    return rows.order_by("-until_on", "-pk").first()


def checklist_of(contractor: Contractor, day: date) -> Checklist:
    """Return the checklist of the company's mechanism, as its body works by it on `day`, else as the shipped model says."""
    mechanism = contractor.mechanism
    found: model.Mechanism | None = None
    for adoption in adoptions_of(contractor.body, day):
        found = found or _mechanism(adoption.version.playbook, mechanism)
    if found is None:
        shipped = shipped_playbook(SHIPPED)
        assert shipped is not None  # it comes with the platform
        found = _mechanism(shipped, mechanism)
    assert found is not None  # the shipped model speaks of both
    window = found.rhythm.window if found.rhythm is not None else PeriodKind.MONTH
    return Checklist(mechanism, tuple((line.id, line.title.here) for line in found.checks), window)


def is_checked(contractor: Contractor, day: date) -> bool:
    """Tell whether the company was checked in the period that `day` lies in (the mechanism's cadence)."""
    span = period_around(day, checklist_of(contractor, day).window).span
    held = contractor.scores.filter(held_on__gte=span.from_on, held_on__lte=day)
    return bool(held.exists())


@dataclass(frozen=True, slots=True)
class Round:
    """The admitted companies of one mechanism of a body in the period of a day, and how many of them were checked in it."""

    span: DaySpan
    companies: int
    checked: int
    last: CompanyScore | None
    """The check that was noted last."""

    @property
    def is_complete(self) -> bool:
        return 0 < self.checked == self.companies


def round_of(contractor: Contractor, day: date) -> Round:
    """Return how far the checks of a company's mechanism and body are in the period that `day` lies in; three statements."""
    span = period_around(day, checklist_of(contractor, day).window).span
    kinds = [kind for kind, mechanism in MECHANISM_OF.items() if mechanism == contractor.mechanism]
    rows = Contractor.objects.filter(body=contractor.body_id, kind__in=kinds, state=ContractorState.ADMITTED)
    held = CompanyScore.objects.filter(contractor__in=rows, held_on__gte=span.from_on, held_on__lt=span.until_on)
    held = held.order_by("-noted_at", "-pk")
    checked = held.order_by().values("contractor_id").distinct().count()
    return Round(span, rows.count(), checked, held.first())


def appeals_to_decide(actor: Person, at: datetime) -> QuerySet[Appeal]:
    """Return the appeals that wait for `actor`, the first filed first: not against what the actor decided."""
    mine = DECIDE_CONTRACTOR.narrow(actor, Contractor.objects.filter(state=ContractorState.LISTED), at=at)
    rows = Appeal.objects.filter(state=AppealState.FILED, change__contractor__in=mine.order_by().values("pk"))
    return rows.exclude(change__made_by=actor).order_by("filed_at", "pk")


def agreements_ending(actor: Person, at: datetime, within: int) -> QuerySet[Contractor]:
    """Return the admitted companies whose last safety agreement ends within so many days, or has ended (PC-07)."""
    rows = Contractor.objects.filter(state=ContractorState.ADMITTED).annotate(
        ends_on=Max("safety_agreements__until_on")
    )
    rows = rows.filter(ends_on__lte=local_day(at) + timedelta(days=within))
    return KEEP_CONTRACTOR.narrow(actor, rows, at=at)


def _mechanism(book: model.Playbook, wanted: Mechanism) -> model.Mechanism | None:
    return next((one for one in book.mechanisms if one.id == wanted and one.checks), None)
