"""By which sheet a member's points are reckoned: the one that the branch works by, through its playbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ronghe.domain.appraisal.enums import Level
from ronghe.domain.appraisal.selectors.subjects import category_of
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import Adoption, PlaybookVersion, read_together
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.language import in_language
from ronghe.scoring.period import Period
from ronghe.scoring.sheets import Sheet, read_sheet

PIECE_LENGTHS = ("month", "quarter", "half", "year")
_sheets: dict[tuple[str, str], Sheet] = {}
"""Sheets by digest of their playbook: what a version says never changes."""


@dataclass(frozen=True)
class SheetInUse:
    """A sheet of a playbook that `body` adopted."""

    body: PartyOrg
    version: PlaybookVersion
    sheet_id: str

    @property
    def playbook(self) -> Playbook:
        return self.version.playbook

    @property
    def content(self) -> Mapping[str, Any]:
        return next(sheet for sheet in self.playbook.sheets if sheet["id"] == self.sheet_id)

    @property
    def sheet(self) -> Sheet:
        known = (self.version.digest, self.sheet_id)
        if known not in _sheets:
            _sheets[known] = read_sheet(dict(self.content))
        return _sheets[known]

    @property
    def key(self) -> str:
        """How it is named in an address: playbook and sheet."""
        return f"{self.version.playbook_id}:{self.sheet_id}"

    @property
    def title(self) -> str:
        return in_language(self.sheet.title)

    @property
    def pieces(self) -> tuple[str, ...]:
        """For which lengths of period it is meant, the shortest first; a quarter where it names none."""
        return tuple(piece for piece in PIECE_LENGTHS if piece in self.sheet.periods) or ("quarter",)


def home_of(person: Person, day: date) -> PartyOrg | None:
    """Return the branch in which the person is at home on `day`."""
    rows = Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body")
    row = rows.order_by("-valid_from").first()
    return row.body if row is not None else None


def sheets_for(person: Person, day: date) -> list[SheetInUse]:
    """Return the member sheets that reckon the person's points on `day`, the nearest first.

    First those of the home branch and what stands above it, then those of bodies that the person takes part in: a zone
    scores who works in it by its own sheet. A sheet for some categories alone is not for who is in none of them.
    """
    rows = Membership.objects.filter(
        on_day(day), person=person, kind__in=[MembershipKind.HOME, MembershipKind.PARTICIPATION]
    )
    held = rows.order_by("pk").values_list("body_id", "kind")
    bodies = sorted(held, key=lambda row: (row[1] != MembershipKind.HOME, row[0]))
    known = _in_use([body for body, _kind in bodies], Level.MEMBER, day)
    if not any(one.sheet.only for one in known):
        return known
    category = category_of(person, day)
    return [one for one in known if not one.sheet.only or category in one.sheet.only]


def sheets_of(body: PartyOrg, level: str, day: date) -> list[SheetInUse]:
    """Return the sheets of a level that `body`, or the nearest body above it, works by on `day`; those for all come first."""
    return _in_use([body.pk], level, day)


def first_with_sheet(bodies: Sequence[PartyOrg], level: str, day: date) -> PartyOrg | None:
    """Return the first of `bodies` that adopted a sheet of the level itself: a page about many begins with it."""
    rows = Adoption.objects.filter(on_day(day), body__in=[body.pk for body in bodies]).select_related("version")
    adoptions = list(rows.order_by("pk"))
    read_together(adoption.version for adoption in adoptions)
    having = {one.body_id for one in adoptions if any(sheet["level"] == level for sheet in one.version.playbook.sheets)}
    return next((body for body in bodies if body.pk in having), None)


def _in_use(bodies: Iterable[int], level: str, day: date) -> list[SheetInUse]:
    wanted = list(bodies)
    links = PartyOrg.links().filter(on_day(day), descendant_id__in=wanted).order_by()
    nearness: dict[int, tuple[int, int]] = {}
    for ancestor, descendant, depth in links.values_list("ancestor_id", "descendant_id", "depth"):
        place = (wanted.index(descendant), depth)
        nearness[ancestor] = min(nearness.get(ancestor, place), place)
    rows = Adoption.objects.filter(on_day(day), body__in=nearness).select_related("version", "body")
    adoptions = sorted(
        rows.order_by("-valid_from", "-pk"), key=lambda one: (nearness[one.body_id], -one.valid_from.toordinal())
    )
    read_together(adoption.version for adoption in adoptions)
    found: dict[str, SheetInUse] = {}
    for adoption in adoptions:
        for sheet in adoption.version.playbook.sheets:
            if sheet["level"] == level:
                one = SheetInUse(adoption.body, adoption.version, str(sheet["id"]))
                found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: bool(one.sheet.only))


def period_now(piece: str, day: date) -> Period:
    """Return the period of that length that is running on `day`."""
    names = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "half": f"{day.year}H{(day.month + 5) // 6}",
        "year": str(day.year),
    }
    return Period.parse(names[piece])
