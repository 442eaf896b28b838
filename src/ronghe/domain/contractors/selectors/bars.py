"""What stands against a company, and against the people whom it brings, on a day: asked by the gate and by permits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from ronghe.domain.contractors.enums import ContractorState
from ronghe.domain.contractors.models import Contractor, ContractorAgreement, Worker
from ronghe.domain.qualifications.calc.fitness import WITH_RULE
from ronghe.kernel.words import N_, _

NOT_ADMITTED = N_("“%(company)s”%(state)s，人员不能进场")
NO_AGREEMENT = N_("“%(company)s”没有有效的安全协议")
NO_LONGER = N_("已不在“%(company)s”，不能进场")

Terms = dict[int, list[tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that stands against somebody: the number of the rule, and what is said."""

    rule: str
    sentence: str

    def __str__(self) -> str:
        return _(WITH_RULE) % {"sentence": self.sentence, "rule": self.rule}


def agreement_terms(companies: Collection[int]) -> Terms:
    """Return from when until when each of these companies has a safety agreement; one statement."""
    terms: Terms = defaultdict(list)
    rows = ContractorAgreement.objects.filter(contractor__in=companies).order_by()
    for company, since, until in rows.values_list("contractor_id", "from_on", "until_on"):
        terms[company].append((since, until))
    return terms


def bars_of_company(company: Contractor, terms: Terms, on: date) -> list[Bar]:
    """Return what stands against a company: that it is not admitted, or has no agreement in force (PC-06, PC-07)."""
    bars = []
    if company.state != ContractorState.ADMITTED:
        state = ContractorState(company.state).label
        bars.append(Bar("PC-06", _(NOT_ADMITTED) % {"company": company.name, "state": state}))
    if not any(since <= on < until for since, until in terms.get(company.pk, ())):
        bars.append(Bar("PC-07", _(NO_AGREEMENT) % {"company": company.name}))
    return bars


def no_longer(company: Contractor) -> Bar:
    """Say that somebody is not with the company any more (PC-19)."""
    return Bar("PC-19", _(NO_LONGER) % {"company": company.name})


@dataclass(frozen=True)
class SiteBook:
    """Companies and their people as the bodies know them that answer for sites; drawn once, asked often."""

    companies: dict[tuple[int, int], list[Contractor]] = field(default_factory=dict)
    """By the body that answers and the unit as which a company stands in the tree."""
    workers: dict[tuple[int, int], list[Worker]] = field(default_factory=dict)
    """By the body that answers and the person."""
    terms: Terms = field(default_factory=dict)

    def against_unit(self, body: int, unit: int, on: date) -> list[Bar]:
        """Return what stands against a unit's working for `body`; nothing where it is no contractor there."""
        return [bar for one in self.companies.get((body, unit), ()) for bar in bars_of_company(one, self.terms, on)]

    def against_person(self, body: int, person: int, on: date) -> list[Bar]:
        """Return what stands against somebody whom a company brought: the company, or that it is over (PC-19)."""
        found = self.workers.get((body, person), ())
        live = [one for one in found if one.until_on is None or one.until_on > on]
        if found and not live:
            return [no_longer(found[-1].contractor)]
        return [bar for one in live for bar in bars_of_company(one.contractor, self.terms, on)]


def book_of(bodies: Collection[int], units: Collection[int], people: Collection[int]) -> SiteBook:
    """Return what bodies know of these units and people; three statements for any number."""
    companies: dict[tuple[int, int], list[Contractor]] = defaultdict(list)
    for one in Contractor.objects.filter(body__in=bodies, unit__in=units).order_by("pk"):
        companies[one.body_id, one.unit_id or 0].append(one)
    workers: dict[tuple[int, int], list[Worker]] = defaultdict(list)
    rows = Worker.objects.filter(contractor__body__in=bodies, person__in=people).select_related("contractor")
    for row in rows.order_by("pk"):
        workers[row.contractor.body_id, row.person_id].append(row)
    known = {one.pk for some in companies.values() for one in some}
    known |= {row.contractor_id for some in workers.values() for row in some}
    return SiteBook(dict(companies), dict(workers), agreement_terms(known))
