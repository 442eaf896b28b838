"""A member's card (亮身份、亮标准、亮承诺): what is known already, put on one page; nobody types it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from ronghe.domain.carriers.enums import PUBLISHED
from ronghe.domain.carriers.models import CarrierMember, PromiseLine
from ronghe.domain.carriers.selectors.carriers import parts_of
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.enums import PromiseState
from ronghe.domain.shows.models import PostStandard
from ronghe.domain.shows.rules import SEE_CARD
from ronghe.kernel.db.tree import on_day

SHOWN_FOR = timedelta(days=366)
"""How long a promise that was judged stays on the card."""
SEEN_STATES = ("running", "reported", "kept", "not_kept")


@dataclass(frozen=True, slots=True)
class CardStandard:
    """What the bearer is held to: by a post, as a member, or in a carrier; `source` is whose words they are."""

    head: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class CardPromise:
    line: PromiseLine
    state: PromiseState

    @property
    def title(self) -> str:
        return str(self.line.item.title)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member as the three shows tell: no face, no number."""

    person: Person
    status: str
    body: str
    group: str
    zones: Sequence[str]
    team: str
    member_since: date | None
    posts: Sequence[str]
    standards: Sequence[CardStandard]
    carriers: Sequence[CarrierMember]
    promises: Sequence[CardPromise]

    @property
    def ratio(self) -> Ratio:
        """What was judged of the promises shown."""
        states = [one.state for one in self.promises]
        return Ratio(states.count(PromiseState.KEPT), states.count(PromiseState.NOT_KEPT))


def people_with_card(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the people whose card `actor` may read: to be cut to one."""
    rows = SEE_CARD.narrow(actor, Person.objects.all(), at=at, walk=True)
    return rows.select_related("unit").order_by("pk")


def card_of(person: Person, day: date, at: datetime) -> MemberCard:
    """Return the card of a person; seven statements, however much there is."""
    memberships = Membership.objects.filter(on_day(day), person=person).select_related("body", "group")
    rows = list(memberships.order_by("pk"))
    home = next((row for row in rows if row.kind == MembershipKind.HOME), None)
    posts = list(
        PostHolding.objects.filter(on_day(day), person=person)
        .select_related("body", "unit")
        .order_by("valid_from", "pk")
    )
    parts = parts_of([person.pk], day).get(person.pk, [])
    team = AdminUnit.objects.filter(people=person).values_list("name", flat=True).first()
    status = person.political_status
    return MemberCard(
        person=person,
        status=str(PoliticalStatus(status).label) if status else "",
        body=home.body.name if home else person.outside_home_branch or "",
        group=home.group.name if home and home.group else "",
        zones=[row.body.name for row in rows if row.kind == MembershipKind.PARTICIPATION],
        team=team or "",
        member_since=person.joined_party_on,
        posts=[f"{_place_of(post)} {post.get_role_display()}".strip() for post in posts],
        standards=[*_of_posts(posts, home.body_id if home else None, day, is_member=person.is_party_member),
                   *_of_carriers(parts)],
        carriers=parts,
        promises=promises_by(person, at),
    )  # fmt: skip


def promises_by(person: Person, at: datetime) -> list[CardPromise]:
    """Return what a person publicly promised: what is open by its day, then what was judged in the last year."""
    rows = PromiseLine.objects.filter(
        Q(item__closed_at=None) | Q(item__closed_at__gte=at - SHOWN_FOR),
        carrier__state__in=PUBLISHED, item__owner=person, item__state__in=SEEN_STATES,
    )  # fmt: skip
    found = rows.select_related("item", "carrier").order_by("item__due_at", "pk")
    return sorted(
        (CardPromise(line, state_of(line, at)) for line in found), key=lambda one: one.line.item.closed_at is not None
    )


def state_of(line: PromiseLine, at: datetime) -> PromiseState:
    if line.item.state == "running":
        return PromiseState.OVERDUE if line.item.is_overdue(at) else PromiseState.OPEN
    return PromiseState(line.item.state)


def standards_in(body_id: int, roles: Collection[str], day: date) -> dict[str, PostStandard]:
    """Return by role what holds in a body: its own, else the nearest superior's; two statements."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body_id)
    depth = dict(links.values_list("ancestor_id", "depth"))
    rows = PostStandard.objects.filter(on_day(day), body__in=depth, role__in=roles).select_related("body")
    found: dict[str, PostStandard] = {}
    for row in sorted(rows.order_by("pk"), key=lambda row: depth[row.body_id]):
        found.setdefault(row.role, row)
    return found


def standards_seen(body: PartyOrg, day: date) -> list[PostStandard]:
    """Return every standard that holds in `body` on a day, its own and those from above, the members' first."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body.pk)
    depth = dict(links.values_list("ancestor_id", "depth"))
    rows = PostStandard.objects.filter(on_day(day), body__in=depth).select_related("body", "set_by")
    found: dict[str, PostStandard] = {}
    for row in sorted(rows.order_by("pk"), key=lambda row: depth[row.body_id]):
        found.setdefault(row.role, row)
    return [found[role] for role in sorted(found)]


def _place_of(post: PostHolding) -> str:
    place = post.body or post.unit
    return place.name if place is not None else ""


def _of_posts(
    posts: Sequence[PostHolding], home: int | None, day: date, *, is_member: bool
) -> list[CardStandard]:  # fmt: skip
    roles = list(dict.fromkeys([*([""] if is_member else []), *(post.role for post in posts)]))
    bodies = {post.role: post.body_id or home for post in posts} | {"": home}
    nearest = {body for role in roles if (body := bodies[role]) is not None}
    depth: dict[int, dict[int, int]] = {body: {} for body in nearest}
    links = PartyOrg.links().filter(on_day(day), descendant_id__in=nearest)
    for below, above, steps in links.values_list("descendant_id", "ancestor_id", "depth"):
        depth[below][above] = steps
    above = {one for steps in depth.values() for one in steps}
    rows = list(PostStandard.objects.filter(on_day(day), body__in=above, role__in=roles).select_related("body"))
    found = []
    for role in roles:
        steps = depth.get(bodies[role] or 0, {})
        held = [row for row in rows if row.role == role and row.body_id in steps]
        if held:
            one = min(held, key=lambda row: (steps[row.body_id], -row.pk))
            found.append(CardStandard(one.get_role_display(), one.text, one.body.name))
    return found


def _of_carriers(parts: Sequence[CarrierMember]) -> list[CardStandard]:
    return [
        CardStandard(str(row.carrier.values.get("post") or row.carrier.name), str(standard), row.carrier.name)
        for row in parts if (standard := row.carrier.values.get("standard"))
    ]  # fmt: skip
