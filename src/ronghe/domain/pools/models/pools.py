"""Who shares with whom: a pool belongs to a zone or to an agreement, and either has sides.

Nothing of this is a table: zones and agreements say it, and the tables of this room point at them. What differs between
the two is said here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.org.models import AdminUnit, PartyOrg
from ronghe.domain.zones.enums import LIVING
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit


@dataclass(frozen=True, slots=True)
class Pool:
    """What the sides of one zone, or of one agreement, put in together; exactly one of both is given."""

    zone: CollaborationZone | None = None
    agreement: Agreement | None = None

    @property
    def owner(self) -> CollaborationZone | Agreement:
        owner = self.zone or self.agreement
        assert owner is not None  # one of both is given
        return owner

    @property
    def key(self) -> str:
        """What a page or a client calls it: "zone-3", "agreement-5"."""
        return f"zone-{self.zone.pk}" if self.zone is not None else f"agreement-{self.owner.pk}"

    @property
    def name(self) -> str:
        return self.zone.name if self.zone is not None else str(self.owner)

    def is_open(self, day: date) -> bool:
        """Tell whether its sides share on `day`: the zone is there, the agreement is in force."""
        if self.zone is not None:
            return self.zone.state in LIVING
        agreement = self.agreement
        assert agreement is not None  # one of both is given
        if not agreement.is_binding or agreement.valid_from is None or agreement.valid_until is None:
            return False
        return agreement.valid_from <= day < agreement.valid_until

    @property
    def open_until(self) -> date | None:
        """The first day without it, where that is known: an agreement's term ends, a zone's day is not known before."""
        if self.zone is not None:
            return self.zone.dissolved_on
        return self.agreement.valid_until if self.agreement is not None else None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pool: in a zone a unit, in an agreement a party; exactly one of both is given."""

    unit: AdminUnit | None = None
    party: AgreementParty | None = None

    @property
    def name(self) -> str:
        if self.unit is not None:
            return self.unit.name
        assert self.party is not None  # one of both is given
        return self.party.name

    def columns(self) -> dict[str, Any]:
        """Return the side as the tables of this room keep it."""
        return {"unit": self.unit, "party": self.party}


@dataclass(frozen=True, slots=True)
class Part:
    """A side's part in a pool, and who speaks for it: the row in which a zone or an agreement says so."""

    row: ParticipatingUnit | AgreementParty

    @property
    def key(self) -> str:
        """What a page or a client calls it: "unit-12", "party-7"."""
        return f"unit-{self.row.pk}" if isinstance(self.row, ParticipatingUnit) else f"party-{self.row.pk}"

    @property
    def pool(self) -> Pool:
        if isinstance(self.row, ParticipatingUnit):
            return Pool(zone=self.row.zone)
        return Pool(agreement=self.row.agreement)

    @property
    def side(self) -> Side:
        return Side(unit=self.row.unit) if isinstance(self.row, ParticipatingUnit) else Side(party=self.row)

    @property
    def branch(self) -> PartyOrg | None:
        """The branch whose secretary speaks for the side."""
        return self.row.home_branch if isinstance(self.row, ParticipatingUnit) else self.row.body
