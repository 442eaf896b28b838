"""What is in force in a body: its list, its rules of procedure, its charter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, Prefetch, QuerySet

from ronghe.domain.decisions.calc.voting import VotingRule
from ronghe.domain.decisions.enums import Edition, Governs, MajorityOf
from ronghe.domain.decisions.models import (
    Charter,
    CharterClause,
    DecisionList,
    ListEntry,
    ProcedureRules,
)
from ronghe.domain.decisions.rules import KEEP_RULES, SEE_RULES
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.models import Adoption
from ronghe.kernel.db.tree import on_day

Kept = TypeVar("Kept", bound=models.Model)


def bodies_to_keep(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies whose rules `actor` may keep, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return KEEP_RULES.narrow(actor, rows, at=at).order_by("name", "pk")


def lists_seen_by(actor: Person, at: datetime) -> QuerySet[DecisionList]:
    """Return the lists, of every version, that `actor` may see: those in force first."""
    rows = DecisionList.objects.filter(pk__in=SEE_RULES.narrow(actor, DecisionList.objects.all(), at=at).values("pk"))
    rows = rows.select_related("body", "adopted_by").annotate(size=Count("entries"))
    return rows.order_by("body__name", "-number")


def rules_seen_by(actor: Person, at: datetime) -> QuerySet[ProcedureRules]:
    """Return the rules of procedure, of every version, that `actor` may see."""
    seen = SEE_RULES.narrow(actor, ProcedureRules.objects.all(), at=at)
    return seen.select_related("body", "adopted_by").order_by("body__name", "-number")


def charters_seen_by(actor: Person, at: datetime) -> QuerySet[Charter]:
    """Return the charters, of every version, that `actor` may see."""
    rows = Charter.objects.filter(pk__in=SEE_RULES.narrow(actor, Charter.objects.all(), at=at).values("pk"))
    rows = rows.select_related("body", "adopted_by").annotate(size=Count("clauses"))
    return rows.order_by("body__name", "-number")


def in_force(model: type[Kept], body: PartyOrg | int) -> Kept | None:
    """Return the version in force of a body's list, rules of procedure or charter."""
    return model._default_manager.filter(body=body, state=Edition.IN_FORCE).first()  # noqa: SLF001 - Django's name


def rule_of(entry: ListEntry | None, body: PartyOrg | int) -> VotingRule:
    """Return the rule a matter is counted by: its entry's, else that of the body's rules of procedure, else PM-11."""
    source: Any = entry if entry is not None else in_force(ProcedureRules, body)
    if source is None:
        return VotingRule()
    return VotingRule(Fraction(source.quorum), Fraction(source.majority), source.majority_of == MajorityOf.PRESENT)


def mechanisms_of(body: PartyOrg | int, day: Any) -> list[Mechanism]:
    """Return the mechanisms that a body works by on a day, in the order of its playbooks."""
    adoptions = Adoption.objects.filter(on_day(day), body=body).select_related("version").order_by("pk")
    found: dict[str, Mechanism] = {}
    for adoption in adoptions:
        for mechanism in adoption.version.playbook.mechanisms:
            found.setdefault(mechanism.id, mechanism)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Governed:
    """One thing that a clause governs, in words; `is_known` unless it is gone."""

    pk: int
    governs: str
    title: str
    is_known: bool = True


@dataclass(slots=True)
class ClauseLine:
    clause: CharterClause
    governed: list[Governed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Clauses with what each governs; matters and clauses that nothing links."""

    lines: Sequence[ClauseLine]
    idle: Sequence[CharterClause]
    baseless: Sequence[ListEntry]
    """Entries of the list in force that name neither a basis nor a clause."""
    entries: Sequence[ListEntry]
    mechanisms: Sequence[Mechanism]


def coverage_of(charter: Charter, at: datetime) -> Coverage:
    """Return what the clauses of a charter govern, and what they leave uncovered: five reads."""
    current = in_force(DecisionList, charter.body_id)
    entries = list(current.entries.order_by("key")) if current is not None else []
    mechanisms = mechanisms_of(charter.body_id, local_day(at))
    titles = {(Governs.MATTER.value, str(entry.key)): entry.title for entry in entries}
    titles |= {(Governs.MECHANISM.value, one.id): one.title.zh for one in mechanisms}
    titles[Governs.RULES.value, ""] = str(Governs.RULES.label)
    clauses = CharterClause.objects.filter(charter=charter).prefetch_related(Prefetch("links")).order_by("place", "pk")
    lines = []
    linked: set[str] = set()
    for clause in clauses:
        line = ClauseLine(clause)
        for link in sorted(clause.links.all(), key=lambda row: row.pk):
            title = titles.get((link.governs, link.reference))
            line.governed.append(Governed(link.pk, link.governs, title or link.reference, title is not None))
            if link.governs == Governs.MATTER:
                linked.add(link.reference)
        lines.append(line)
    idle = [line.clause for line in lines if not any(one.is_known for one in line.governed)]
    baseless = [entry for entry in entries if not entry.basis and str(entry.key) not in linked]
    return Coverage(lines, idle, baseless, entries, mechanisms)
