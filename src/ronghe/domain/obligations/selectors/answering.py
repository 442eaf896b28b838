"""Who answers for what, read for many bodies in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value

from ronghe.domain.obligations.calc.answering import Answer, Holders, leads_of, overseers_of, who_answers
from ronghe.domain.org.models import PostHolding
from ronghe.kernel.db.tree import on_day

BODIES_AT_A_TIME = 2_000
_COLUMNS = ("below", "above", "far", "role", "person_id", "person__name", "pk")


@dataclass(frozen=True, slots=True)
class Answering:
    """The posts of some bodies and of everything above them on one day."""

    chains: dict[int, list[int]]
    """Body → itself and those superiors that anybody holds a post in, nearest first."""
    holders: Holders
    names: dict[int, str]

    @classmethod
    def on(cls, body_ids: Collection[int], day: date) -> Answering:
        """Read who holds what on `day`; one statement for up to two thousand bodies."""
        wanted = sorted(set(body_ids))
        distance: dict[int, dict[int, int]] = {body: {body: 0} for body in wanted}
        held: dict[int, dict[str, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))
        names: dict[int, str] = {}
        for start in range(0, len(wanted), BODIES_AT_A_TIME):
            for below, above, far, role, person, name, _pk in _posts(wanted[start : start + BODIES_AT_A_TIME], day):
                distance[below][above] = far
                held[above][role][person] = None
                names[person] = name
        chains = {body: sorted(above, key=lambda one: (above[one], one)) for body, above in distance.items()}
        holders = {body: {role: tuple(people) for role, people in roles.items()} for body, roles in held.items()}
        return cls(chains, holders, names)

    def of(self, body_id: int, role: str) -> Answer:
        """Return who answers in the body for a mechanism that names `role`."""
        return who_answers(role, self.chains.get(body_id, [body_id]), self.holders)

    def leads(self, body_id: int) -> tuple[int, ...]:
        """Return the secretary, the deputy and whoever else leads the body itself."""
        return leads_of(body_id, self.holders)

    def overseers(self, body_id: int) -> tuple[int, ...]:
        """Return whom the nearest superior with an office sends after what was missed."""
        return overseers_of(self.chains.get(body_id, [body_id]), self.holders)

    def named(self, people: Iterable[int]) -> list[str]:
        return [self.names[person] for person in people]


def _posts(body_ids: Collection[int], day: date) -> list[tuple[int, int, int, str, int, str, int]]:
    """Posts in the bodies and above them, in the bodies' units and in the offices of zones, in the order of taking them.

    A temporary body or a zone has its office beside it: project manager and safety officer hold their posts there.
    """
    rows = PostHolding.objects.filter(on_day(day), person__valid_until=None).order_by()
    in_body = rows.filter(
        on_day(day, "body__links_below__"), body__links_below__descendant__in=body_ids
    ).annotate(below=F("body__links_below__descendant"), above=F("body_id"), far=F("body__links_below__depth"))  # fmt: skip
    in_unit = rows.filter(unit__party_orgs__in=body_ids).annotate(
        below=F("unit__party_orgs__pk"), above=F("unit__party_orgs__pk"), far=Value(0)
    )
    in_office = rows.filter(unit__zone__body__in=body_ids).annotate(
        below=F("unit__zone__body_id"), above=F("unit__zone__body_id"), far=Value(0)
    )
    parts = [part.values_list(*_COLUMNS) for part in (in_body, in_unit, in_office)]
    return sorted(parts[0].union(*parts[1:], all=True), key=lambda row: row[-1])
