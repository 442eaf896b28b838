"""How many members a body has on a day, by the two headcounts that are never mixed (PO-01, PO-02).

`formal` counts full members, `all` counts probationary ones too. Who is counted is the home membership of that day and the
status of that day; participants are counted at home (PO-12). A grouped statement or two, however many bodies are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, QuerySet
from django.db.models.functions import Coalesce

from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Membership, PartyOrg
from ronghe.kernel.db.tree import on_day

NAMED = 500
"""So many bodies are named in the statement; for more of them all are counted, which costs less than naming them."""


@dataclass(frozen=True, slots=True)
class Headcount:
    formal: int = 0
    all: int = 0

    def __add__(self, other: Headcount) -> Headcount:
        return Headcount(self.formal + other.formal, self.all + other.all)


NOBODY = Headcount()


def headcounts(bodies: Iterable[PartyOrg], day: date) -> dict[int, Headcount]:
    """Return the headcounts of each body on `day` by its id: who has a home in the body itself, whatever the group."""
    keys = [body.pk for body in bodies]
    return _of(keys, _counted(Membership.objects.filter(kind=MembershipKind.HOME), "body_id", keys, day))


def headcounts_below(bodies: Iterable[PartyOrg], day: date) -> dict[int, Headcount]:
    """Return the headcounts of each body together with everything below it on `day`, by its id."""
    keys = [body.pk for body in bodies]
    links = PartyOrg.links().filter(on_day(day)).order_by()
    homes = Membership.objects.filter(kind=MembershipKind.HOME)
    if len(keys) <= NAMED:
        links = links.filter(ancestor_id__in=keys)
        homes = homes.filter(body_id__in=links.values("descendant_id"))
    own = _counted(homes, "body_id", None, day)
    totals: dict[int, Headcount] = defaultdict(Headcount)
    for ancestor, descendant in links.values_list("ancestor_id", "descendant_id"):
        if descendant in own:
            totals[ancestor] += own[descendant]
    return _of(keys, totals)


def group_headcounts(groups: Iterable[PartyOrg], day: date) -> dict[int, Headcount]:
    """Return the headcounts of each group on `day` by its id (PO-09): who is put into it at home, or takes part in it."""
    keys = [group.pk for group in groups]
    inside = _counted(Membership.objects.filter(kind=MembershipKind.HOME), "group_id", keys, day)
    visiting = _counted(Membership.objects.filter(kind=MembershipKind.PARTICIPATION), "body_id", keys, day)
    return {pk: inside.get(pk, NOBODY) + visiting.get(pk, NOBODY) for pk in keys}


def with_status(rows: QuerySet[Any], day: date, person: str = "person__") -> QuerySet[Any]:
    """Return the rows with the `status` that their person (along the path `person`, "" for people themselves) has on `day`."""
    joined = rows.alias(status_row=FilteredRelation(f"{person}statuses", condition=on_day(day, f"{person}statuses__")))
    told: QuerySet[Any] = joined.annotate(status=Coalesce(F("status_row__status"), F(f"{person}political_status")))
    return told


def _counted(rows: QuerySet[Membership], place: str, keys: Sequence[int] | None, day: date) -> dict[int, Headcount]:
    """Return the headcounts by place; of all places that `rows` has where no keys are given, or too many to name."""
    chosen = rows.filter(on_day(day), **{f"{place}__isnull": False})
    if keys is not None and len(keys) <= NAMED:
        chosen = chosen.filter(**{f"{place}__in": keys})
    members = with_status(chosen, day).filter(status__in=PARTY_MEMBERS).order_by()
    found: dict[int, Headcount] = defaultdict(Headcount)
    for key, status, number in members.values_list(place, "status").annotate(n=Count("person_id", distinct=True)):
        found[key] += Headcount(number if status == PoliticalStatus.FULL_MEMBER else 0, number)
    return found


def _of(keys: Sequence[int], found: dict[int, Headcount]) -> dict[int, Headcount]:
    return {pk: found.get(pk, NOBODY) for pk in keys}
