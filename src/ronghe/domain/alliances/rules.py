"""党建联盟: who keeps an alliance, who sees its shared list, who moves which side of a difficulty.

An outside partner's contact sees the shared list of the own alliances and nothing else; no post gives more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.alliances.enums import OUTSIDE
from ronghe.domain.alliances.models import Partner
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own, local_day, posts_of
from ronghe.kernel.access.permissions import Grant, Permission, Reach

KEEPERS = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_CLERK})


def is_only_partner(person: Person | None, at: datetime) -> bool:
    """Tell whether somebody came in by an invitation and holds no post: one look at the person, for partners one more."""
    return person is not None and person.employment == OUTSIDE and not posts_of(person, local_day(at))


@dataclass(frozen=True, slots=True)
class PartnerOf:
    """As far as `reach` goes to a partner that has not left; the thing's `path` leads to what the partner's `key` names.

    `PartnerOf(Own("person_id"))` is the contact of any partner of the alliance; with `path="partner_id", key="pk"` of
    the very partner that the thing concerns.
    """

    reach: Reach
    path: str = "pk"
    key: str = "alliance_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        partners = self._partners(actor, roles, at)
        return partners is not None and partners.filter(**{self.key: getattr(thing, self.path)}).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        partners = self._partners(actor, roles, at)
        return None if partners is None else Q(**{f"{self.path}__in": partners.values(self.key)})

    def _partners(self, actor: Person, roles: frozenset[str], at: datetime) -> Any | None:
        reached = self.reach.rows(actor, roles, at, walk=False)
        return None if reached is None else Partner.objects.filter(reached, withdrawn_at=None).order_by()


CONTACT = Own("person_id")
INSIDE = AtBody("body_id")
"""A partner that is a body of the platform acts through its leaders."""

SEE_ALLIANCE = Permission(
    "alliances.see_alliance", Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
"""All of it but phone numbers: our own people."""
SEE_SHARED_LIST = Permission(
    "alliances.see_shared_list",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), PartnerOf(CONTACT)),
    Grant(KEEPERS, PartnerOf(INSIDE)),
)
"""The difficulties with their moves, and the days of the contacts: our own people and the partners' contacts."""
FOUND_ALLIANCE = Permission("alliances.found_alliance", Grant(KEEPERS, ByBody("pk")))
"""Asked of our body."""
KEEP_ALLIANCE = Permission("alliances.keep_alliance", Grant(KEEPERS, ByBody("body_id")))
"""Partners and their phones, invitations, contacts held, experts, the end."""
RAISE_FOR_US = Permission(
    "alliances.raise_for_us", Grant(KEEPERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
RAISE_FOR_PARTNER = Permission("alliances.raise_for_partner", Grant((), CONTACT), Grant(KEEPERS, INSIDE))
"""Asked of the partner."""
SEE_DIFFICULTY = Permission(
    "alliances.see_difficulty",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("alliance__body_id")),
    Grant((), InBodyOf("alliance__body_id")),
    Grant((), PartnerOf(CONTACT, path="alliance_id")),
    Grant(KEEPERS, PartnerOf(INSIDE, path="alliance_id")),
)
MOVE_OURS = Permission(
    "alliances.move_ours", Grant(KEEPERS, ByBody("alliance__body_id")), Grant((), Own("our_owner_id"))
)
CLAIM_OURS = Permission(
    "alliances.claim_ours", Grant(KEEPERS | TEAM, ByBody("alliance__body_id")), Grant((), InBodyOf("alliance__body_id"))
)
MOVE_THEIRS = Permission(
    "alliances.move_theirs",
    Grant((), PartnerOf(CONTACT, path="partner_id", key="pk")),
    Grant(KEEPERS, PartnerOf(INSIDE, path="partner_id", key="pk")),
)
"""Claim and move the partner's side; another partner of the alliance reads it and no more."""
