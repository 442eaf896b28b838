"""What somebody wants to be done with bodies, as the ways in hand it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.structure.enums import ActKind


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body to be founded, with the groups and people who go there."""

    name: str
    kind: PartyOrgKind
    people: Sequence[Person] = ()
    groups: Sequence[PartyOrg] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One act. Which of the fields it takes depends on its kind:

    found: `parent`, one of `into`, perhaps `unit`, `units`, `planned_end_on`, `outflow`, `inflow`; split: `body`, `into`;
    merge: `body` takes in `others`, perhaps under a new `name` or `body_kind`; move: `body`, `parent`; rename: `body`,
    `name`; convert: `body`, `body_kind`, perhaps `name`; dissolve: `body`, perhaps a `receiver` of what it leaves behind.
    """

    kind: ActKind
    effective_on: date
    grounds: str
    body: PartyOrg | None = None
    parent: PartyOrg | None = None
    name: str = ""
    body_kind: PartyOrgKind | None = None
    into: Sequence[NewBody] = ()
    others: Sequence[PartyOrg] = ()
    receiver: PartyOrg | None = None
    unit: AdminUnit | None = None
    units: Sequence[AdminUnit] = ()
    approval_ref: str = ""
    planned_end_on: date | None = None
    outflow: PartyOrg | None = None
    outflow_name: str = ""
    inflow: PartyOrg | None = None
    inflow_name: str = ""
