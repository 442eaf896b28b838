"""Matching records with what is owed: after a new record, a reversal, a waiver or a change of plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from ronghe.domain.obligations.calc.instances import Instance
from ronghe.domain.obligations.calc.matching import Met, Record, match
from ronghe.domain.obligations.calc.occurrences import Occurrence
from ronghe.domain.obligations.models import Obligation, ObligationMatch
from ronghe.domain.obligations.services.settling import settle
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import MATCHED_AT_ONCE
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion
from ronghe.kernel.calendar.moments import day_of, moment_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact


@transaction.atomic
def match_record(fact: Fact) -> list[ObligationMatch]:
    """Match what `fact` says, in the transaction that recorded it, and return the matches that it made.

    A reversal is matched as what it reverses: its obligations open again or pass to another record.
    """
    told = Fact.objects.get(pk=fact.reverses) if fact.reverses is not None else fact
    if told.body is None or not Adoption.objects.filter(body=told.body).exists():
        return []
    rematch([told.body], since=day_of(told.occurred_at))
    return list(ObligationMatch.objects.filter(fact=fact.pk).select_related("obligation").order_by("pk"))


def match_other_kinds(*, since: date) -> None:
    """Match the facts from the day `since` on whose kinds some playbook names but nobody matches as they come."""
    kinds = _kinds_of(PlaybookVersion.objects.order_by("pk")) - set(MATCHED_AT_ONCE)
    if kinds:
        rows = Fact.objects.filter(kind__in=kinds, occurred_at__gte=moment_of(since)).order_by("body")
        for body in rows.values_list("body", flat=True).distinct():
            if body is not None:
                rematch([body], since=since)


@transaction.atomic
def rematch(body_ids: Collection[int], *, since: date) -> None:
    """Match the records of these bodies from the day `since` on anew; earlier matches stand.

    Records are taken in the order of their acts, so one that comes late can only touch what lies after it. Bodies
    that share a record under mechanisms with `not_with` are matched together.
    """
    scope = _Scope(set(body_ids))
    if _definitions_bar_each_other(scope.bodies):
        scope.bodies = _bodies_linked_to(scope.bodies, since)
    # Two who close at once for one body must see each other; on SQLite the transaction itself does that.
    list(PartyOrg.objects.select_for_update().filter(pk__in=scope.bodies).order_by("pk").values_list("pk"))
    scope.read(since)
    met = match(scope.records, scope.instances, scope.definition) if scope.records else {}
    scope.write(met)


@dataclass
class _Scope:
    """The obligations and records that one matching looks at."""

    bodies: set[int]
    records: list[Record] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    rows: dict[tuple[str, str, str], Obligation] = field(default_factory=dict)
    facts: dict[tuple[str, str], int] = field(default_factory=dict)
    """The fact that told of a record for one body."""

    def read(self, since: date) -> None:
        facts = _facts(self.bodies, since)
        self._take_in(facts)
        wanted = Q(match__met_on__gte=since)  # met by a record that is matched anew
        if facts:
            last_on = max(day_of(fact.occurred_at) for fact in facts)
            wanted |= Q(window_from__lte=last_on, grace_until__gt=since, match=None)  # open to one of the records
        rows = Obligation.objects.filter(wanted, body_id__in=self.bodies).select_related("version", "match")
        for row in rows.filter(waiver=None).order_by("pk"):
            instance = Instance(str(row.body_id), _occurrence(row))
            self.rows[instance.key] = row
            self.instances.append(instance)

    def _take_in(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            name = f"{fact.source_type}:{fact.source_id}" if fact.source_id is not None else f"fact:{fact.pk}"
            self.facts.setdefault((name, str(fact.body)), fact.pk)
            self.records.append(Record(name, fact.kind, fact.occurred_at, frozenset({str(fact.body)}), fact.values))

    def definition(self, instance: Instance) -> Mechanism:
        return self.rows[instance.key].definition

    def write(self, met: Mapping[tuple[str, str, str], Met]) -> None:
        """Write only what differs from what stands."""
        outdated: dict[int, int] = {}
        new: list[ObligationMatch] = []
        for key, row in self.rows.items():
            standing = getattr(row, "match", None)
            found = met.get(key)
            fact = self.facts[found.record, key[0]] if found else None
            if found and standing and (standing.fact, standing.met_on) == (fact, found.on):
                continue
            if standing:
                outdated[standing.pk] = row.pk
            if found and fact is not None:
                new.append(ObligationMatch(obligation_id=row.pk, fact=fact, met_on=found.on))
        ObligationMatch.objects.filter(pk__in=outdated).delete()
        ObligationMatch.objects.bulk_create(new, batch_size=500)
        settle({*outdated.values(), *(match.obligation_id for match in new)})


def _facts(bodies: Collection[int], since: date) -> list[Fact]:
    """Return what the bodies recorded of the kinds that satisfy something, reversals and reversed ones left out."""
    kinds = _kinds_of(_versions_of(bodies))
    reversed_by = Fact.objects.filter(reverses=OuterRef("pk"))
    rows = Fact.objects.filter(
        ~Exists(reversed_by), body__in=bodies, kind__in=kinds, occurred_at__gte=moment_of(since), reverses=None
    )
    return list(rows.order_by("occurred_at", "pk"))


def _kinds_of(versions: Iterable[PlaybookVersion]) -> set[str]:
    return {
        wanted.kind
        for version in versions
        for mechanism in version.playbook.mechanisms
        for wanted in [*mechanism.satisfied_by, *(w for s in mechanism.sittings for w in s.satisfied_by)]
    }


def _versions_of(bodies: Collection[int]) -> list[PlaybookVersion]:
    return list(PlaybookVersion.objects.filter(adoptions__body_id__in=bodies).distinct().order_by("pk"))


def _definitions_bar_each_other(bodies: Collection[int]) -> bool:
    return any(m.not_with for version in _versions_of(bodies) for m in version.playbook.mechanisms)


def _bodies_linked_to(bodies: Collection[int], since: date) -> set[int]:
    """Follow shared records from body to body until no further body turns up."""
    linked, asked = set(bodies), set[int]()
    while linked - asked:
        rows = Fact.objects.filter(
            body__in=linked - asked, occurred_at__gte=moment_of(since), source_id__isnull=False
        ).order_by()
        asked = set(linked)
        sources: dict[str | None, set[int | None]] = defaultdict(set)
        for source_type, source_id in rows.values_list("source_type", "source_id").distinct():
            sources[source_type].add(source_id)
        for source_type, source_ids in sources.items():
            told = Fact.objects.filter(source_type=source_type, source_id__in=source_ids).order_by()
            linked |= {body for body in told.values_list("body", flat=True).distinct() if body is not None}
    return linked


def _occurrence(row: Obligation) -> Occurrence:
    return Occurrence(
        mechanism=row.mechanism,
        key=row.occurrence,
        sitting=row.sitting,
        window_from=row.window_from,
        due_on=row.due_on,
        grace_until=row.grace_until,
        planned_on=row.planned_on,
        counts_on=row.counts_on,
        nominal=DaySpan(min(row.window_from, row.counts_on), row.grace_until),
        starts_at=row.starts_at,
        is_provisional=row.is_provisional,
    )
