"""What a head counts: facts of its kind over the contest's days, by entry, each head in a constant number of reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from ronghe.domain.contests.calc.figures import Figure
from ronghe.domain.contests.enums import EntryKind
from ronghe.domain.contests.models import Contest, ContestEntry
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.facts.models import POINT, Fact


def counted(figure: Figure, contest: Contest, entries: Sequence[ContestEntry]) -> dict[int, Decimal]:
    """Return what each entry did; a fact that was taken back does not count."""
    found: defaultdict[int, Decimal] = defaultdict(Decimal)
    read = _by_person if figure.by_person else _by_place
    for key, amount in read(figure, contest, entries):
        found[key] += amount
    return {entry.pk: found[entry.pk] for entry in entries}


def facts_of(figure: Figure, contest: Contest) -> QuerySet[Fact]:
    since, until = moment_of(contest.starts_on), moment_of(contest.ends_on + timedelta(days=1))
    rows = Fact.objects.filter(kind=figure.fact, occurred_at__gte=since, occurred_at__lt=until, reverses=None)
    return rows.exclude(Exists(Fact.objects.filter(reverses=OuterRef("pk")))).order_by()


def _by_person(figure: Figure, contest: Contest, entries: Sequence[ContestEntry]) -> Iterable[tuple[int, Decimal]]:
    rows = facts_of(figure, contest)
    if contest.entry_kind == EntryKind.BODY:
        at = _bodies(contest, entries)
        people = Membership.objects.filter(body_id__in=at).order_by().values("person_id")
        tokens = Person.objects.filter(pk__in=people).order_by().values("token")
        return _amounts(figure, rows.filter(subject__in=tokens, home_body__in=list(at)), "home_body", at)
    if contest.entry_kind == EntryKind.TEAM:
        units = _units(contest, entries)
        known = Person.objects.filter(unit_id__in=units).order_by().values_list("token", "unit_id")
        of_tokens = {token: units[unit] for token, unit in known if unit is not None}
    else:
        known = Person.objects.filter(contest_entries__in=entries).order_by().values_list("token", "contest_entries")
        wanted = {entry.pk for entry in entries}
        of_tokens = {token: entry for token, entry in known if entry in wanted}
    return _amounts(figure, rows.filter(subject__in=list(of_tokens)), "subject", of_tokens)


def _by_place(figure: Figure, contest: Contest, entries: Sequence[ContestEntry]) -> Iterable[tuple[int, Decimal]]:
    rows = facts_of(figure, contest)
    if contest.entry_kind == EntryKind.BODY:
        at = _bodies(contest, entries)
        return _amounts(figure, rows.filter(body__in=list(at)), "body", at)
    units = _units(contest, entries)
    above = sorted({contest.body_id, *(entry.body_id for entry in entries)})
    bodies = descendants(PartyOrg, above, day=contest.ends_on)
    return _amounts(figure, rows.filter(body__in=bodies, unit__in=list(units)), "unit", units)


def _amounts(
    figure: Figure, rows: QuerySet[Fact], column: str, entry_of: dict[int, int]
) -> Iterable[tuple[int, Decimal]]:
    if figure.where:
        for fact in rows.only(column, "attributes"):
            if all(fact.values.get(name) in wanted for name, wanted in figure.where.items()):
                yield entry_of[getattr(fact, column)], Decimal(1)
        return
    told: Any = Sum("quantity") if figure.summed else Count("pk")
    for key, amount in rows.values_list(column).annotate(amount=told):
        yield entry_of[key], Decimal(amount or 0) / (POINT if figure.summed else 1)


def _bodies(contest: Contest, entries: Sequence[ContestEntry]) -> dict[int, int]:
    """Return the entry of each body at or below one that competes, on the contest's last day."""
    of_body = {entry.body_id: entry.pk for entry in entries}
    return _below(PartyOrg, of_body, contest)


def _units(contest: Contest, entries: Sequence[ContestEntry]) -> dict[int, int]:
    of_unit = {entry.unit_id: entry.pk for entry in entries if entry.unit_id is not None}
    return _below(AdminUnit, of_unit, contest)


def _below(model: Any, of_node: dict[int, int], contest: Contest) -> dict[int, int]:
    links = model.links().filter(on_day(contest.ends_on), ancestor_id__in=of_node).order_by("-depth")
    return {below: of_node[node] for node, below in links.values_list("ancestor_id", "descendant_id")}
