"""From a gap to the page on which it is closed, where the reader may go."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from ronghe.domain.contacts.rules import SET_CONTACT
from ronghe.domain.elections.rules import RECORD_TERM, START_ELECTION
from ronghe.domain.grid.calc.kinds import Gap
from ronghe.domain.grid.rules import NAME_MEMBERS
from ronghe.domain.grid.selectors.coverage import FoundGap
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import CHANGE_UNITS, SEE_PARTY_ORG
from ronghe.domain.pairing.rules import LINK_PAIR
from ronghe.domain.regrouping.rules import DRAFT_GROUPS
from ronghe.domain.structure.rules import PROPOSE_ACT
from ronghe.kernel.access.permissions import Permission

RIGHTS: Mapping[str, Permission] = {
    "body_act_create": PROPOSE_ACT,
    "body_detail": SEE_PARTY_ORG,
    "contact_create": SET_CONTACT,
    "election_create": START_ELECTION,
    "grid_liaisons": NAME_MEMBERS,
    "grouping_create": DRAFT_GROUPS,
    "pair_create": LINK_PAIR,
    "pairs": LINK_PAIR,
    "term_create": RECORD_TERM,
    "station_mode": CHANGE_UNITS,
}
"""Page → the right that it asks for; all of a body, only `station_mode` of a unit."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """One line of the list of gaps."""

    found: FoundGap
    href: str
    """The page that closes it; nothing where the reader may not, or there is no such page."""
    dismiss_href: str
    """The page on which it is let stand; nothing where the reader may not, or it is decided already."""

    @property
    def label(self) -> str:
        return _(self.found.gap.kind.label)

    @property
    def state(self) -> str:
        if self.found.dismissal is not None:
            return "waived"
        if self.found.task is not None:
            return "running"
        return self.found.gap.kind.severity


def lines_of(
    rows: Iterable[FoundGap], *, actor: Person, at: datetime, dismissible: Container[int], query: str
) -> list[GapLine]:
    """Return a line for each gap; `query` is what the page was asked for, so that the way back leads to it.

    One statement for each page that some gap leads to, whatever the number of gaps.
    """
    found = list(rows)
    ways = ways_of([row.gap for row in found], actor, at)
    page = reverse("web:grid_gap_dismiss") + (f"{query}&" if query else "?")
    lines = []
    for row in found:
        is_open = row.dismissal is None and row.gap.place.body in dismissible
        dismiss = f"{page}{urlencode({'gap': row.gap.key})}" if is_open else ""
        lines.append(GapLine(row, ways[row.gap.key], dismiss))
    return lines


def ways_of(gaps: Iterable[Gap], actor: Person, at: datetime) -> dict[str, str]:
    """Return for each gap, by its key, the address of the act that closes it; nothing where the actor may not."""
    found = list(gaps)
    asked: dict[str, set[int]] = {}
    for gap in found:
        asked.setdefault(gap.act, set()).add(_asked_of(gap))
    allowed = {page: _allowed(page, keys, actor, at) for page, keys in asked.items()}
    return {gap.key: _address(gap) if _asked_of(gap) in allowed[gap.act] else "" for gap in found}


def _asked_of(gap: Gap) -> int:
    """Return the id of the body, for a station's mode of the unit, of which the page asks its right."""
    if gap.act in {"station_mode", "body_detail"}:
        return gap.args[0]
    return int(gap.query.get("parent") or gap.query.get("body") or gap.place.body)


def _allowed(page: str, keys: set[int], actor: Person, at: datetime) -> set[int]:
    permission = RIGHTS[page]
    if page == "station_mode":
        units = permission.narrow(actor, AdminUnit.objects.filter(pk__in=keys), at=at)
        return set(units.order_by().values_list("pk", flat=True))
    bodies = permission.narrow(actor, PartyOrg.objects.filter(pk__in=keys, valid_until=None), at=at)
    return set(bodies.order_by().values_list("pk", flat=True))


def _address(gap: Gap) -> str:
    try:
        address = reverse(f"web:{gap.act}", args=gap.args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(gap.query)}" if gap.query else address
