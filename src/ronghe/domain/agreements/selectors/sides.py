"""The sides: who may be one, who belongs to one, and for which ones somebody acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.agreements.rules import ACT_FOR_SIDE, DRAFT_AGREEMENT, NAME_SIGNER, SECRETARIES, SIGN_FOR_SIDE
from ronghe.domain.org.enums import HOME_KINDS, PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day, posts_of
from ronghe.kernel.db.tree import descendants, on_day

SIDE_KINDS = HOME_KINDS | {
    PartyOrgKind.COMMITTEE,
    PartyOrgKind.GENERAL_BRANCH,
    PartyOrgKind.TEMPORARY_BRANCH,
    PartyOrgKind.CO_BUILT_BRANCH,
    PartyOrgKind.REGIONAL_BRANCH,
}
"""Party organizations; a group is none (PO-08)."""


@dataclass(frozen=True, slots=True)
class Acting:
    """For which sides of one agreement the reader may act, sign, and name who signs."""

    acts: tuple[AgreementParty, ...]
    signs: tuple[AgreementParty, ...]
    names: tuple[AgreementParty, ...]

    @property
    def side(self) -> AgreementParty | None:
        """The side that the reader speaks for; of several the first."""
        return self.acts[0] if self.acts else None


def acting_of(agreement: Agreement, actor: Person, at: datetime) -> Acting:
    """Return for which sides `actor` may do what."""
    sides = agreement.sides
    return Acting(
        acts=tuple(side for side in sides if ACT_FOR_SIDE.allows(actor, side, at=at)),
        signs=tuple(side for side in sides if SIGN_FOR_SIDE.allows(actor, side, at=at)),
        names=tuple(side for side in sides if NAME_SIGNER.allows(actor, side, at=at)),
    )


def bodies_to_draft_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies in whose name `actor` may draft, by name."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=SIDE_KINDS)
    return DRAFT_AGREEMENT.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


def drafts_somewhere(actor: Person, at: datetime) -> bool:
    """Tell whether `actor` holds a post from which agreements are drafted, for a page that offers it; no statement."""
    return any(post.body_id is not None and post.role in SECRETARIES for post in posts_of(actor, local_day(at)))


def sides_named(words: str, *, besides: Sequence[int] = ()) -> QuerySet[PartyOrg]:
    """Return the bodies that may be a side and whose name contains `words`, by name.

    The other side is usually outside the drafter's own tree, so this list is everybody's: names of bodies, no more.
    """
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=SIDE_KINDS, name__icontains=words.strip())
    return rows.exclude(pk__in=besides).select_related("parent", "unit").order_by("name", "pk")


def people_of_side(party: AgreementParty, day: date) -> QuerySet[Person]:
    """Return who belongs to a side on `day`: to its body, or to the unit that carries it or one below; by name."""
    members = Membership.objects.filter(on_day(day), body_id=party.body_id).order_by().values("person_id")
    unit = party.unit_id or party.body.unit_id
    q = Q(pk__in=members)
    if unit is not None:
        q |= Q(unit_id__in=descendants(AdminUnit, [unit], day=day))
    return Person.objects.filter(q, valid_until=None).select_related("unit").order_by("name", "pk")


def officers_to_name(agreement: Agreement, day: date) -> QuerySet[Person]:
    """Return who may be the dedicated safety officer: those who hold that post in a side's unit or below (PC-08)."""
    units = [side.unit_id for side in agreement.sides if side.unit_id is not None]
    posts = PostHolding.objects.filter(
        on_day(day), role=PostRole.HSE_OFFICER, unit_id__in=descendants(AdminUnit, units, day=day)
    )
    return Person.objects.filter(pk__in=posts.order_by().values("person_id")).select_related("unit").order_by("name")
