"""党建联盟: what an actor may see, and how long what waits for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from ronghe.domain.alliances.enums import OPEN_STATES, DifficultyState, Side
from ronghe.domain.alliances.models import Alliance, AllianceContact, AllianceDifficulty, Invitation, Partner
from ronghe.domain.alliances.rules import (
    CONTACT,
    FOUND_ALLIANCE,
    INSIDE,
    KEEP_ALLIANCE,
    KEEPERS,
    MOVE_OURS,
    MOVE_THEIRS,
    SEE_DIFFICULTY,
    SEE_SHARED_LIST,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.kernel.access.listing import Listed, list_seen

CONTACT_DAYS = 30
"""How many days may pass between two contacts where no playbook says otherwise."""
ORDERS = {
    "name": ["name"], "-name": ["-name"], "next": ["next_contact_on"], "-next": ["-next_contact_on"],
}  # fmt: skip
DIFFICULTY_ORDERS = {
    "due": ["due_on"], "-due": ["-due_on"], "title": ["title"], "-title": ["-title"],
    "waiting": ["waiting_since"], "-waiting": ["-waiting_since"],
}  # fmt: skip


def alliances_seen_by(actor: Person, at: datetime) -> QuerySet[Alliance]:
    """Return the alliances whose shared list `actor` may see, by name."""
    rows = SEE_SHARED_LIST.narrow(actor, Alliance.objects.all(), at=at)
    return rows.select_related("body", "agreement").order_by("name", "pk")


def list_alliances(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", is_over: bool | None = None,
    order: str = "name", page: int = 1, size: int = 20,
) -> Listed[Alliance]:  # fmt: skip
    """Return one page of alliances, each with `partner_count`, `open_count` and `resolved_count`; two statements."""
    rows = filtered_alliances(words=words, kind=kind, is_over=is_over)
    by = ORDERS.get(order, ORDERS["name"])
    return list_seen(SEE_SHARED_LIST, actor, rows, order_by=by, at=at, page=page, size=size)


def filtered_alliances(*, words: str = "", kind: str = "", is_over: bool | None = None) -> QuerySet[Any]:
    rows: QuerySet[Any] = Alliance.objects.select_related("body").annotate(
        partner_count=Count("partners", filter=Q(partners__withdrawn_at=None), distinct=True),
        open_count=Count("difficulties", filter=Q(difficulties__state__in=sorted(OPEN_STATES)), distinct=True),
        resolved_count=Count("difficulties", filter=Q(difficulties__state=DifficultyState.RESOLVED), distinct=True),
    )
    if words:
        named = Partner.objects.filter(name__icontains=words, withdrawn_at=None).order_by().values("alliance_id")
        rows = rows.filter(Q(name__icontains=words) | Q(pk__in=named))
    if kind:
        rows = rows.filter(kind=kind)
    if is_over is not None:
        rows = rows.filter(ended_on__isnull=not is_over)
    return rows


def difficulties_seen_by(actor: Person, at: datetime) -> QuerySet[AllianceDifficulty]:
    """Return the difficulties that `actor` may see, the most pressing first."""
    rows = SEE_DIFFICULTY.narrow(actor, AllianceDifficulty.objects.all(), at=at)
    return rows.select_related(*JOINED).order_by("due_on", "pk")


JOINED = ("alliance__body", "partner", "our_owner", "raised_by", "task")


def list_difficulties(
    actor: Person, at: datetime, *, alliance: Alliance | None = None, words: str = "", state: str = "",
    waiting_for: str = "", is_overdue: bool = False, order: str = "due", page: int = 1, size: int = 20,
) -> Listed[AllianceDifficulty]:  # fmt: skip
    """Return one page of difficulties; `state` may also be "open"."""
    rows: Any = AllianceDifficulty.objects.select_related(*JOINED)
    if alliance is not None:
        rows = rows.filter(alliance=alliance)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(partner__name__icontains=words))
    if state == "open":
        rows = rows.filter(state__in=sorted(OPEN_STATES))
    elif state:
        rows = rows.filter(state=state)
    if waiting_for:
        rows = rows.filter(waiting_for__in=[waiting_for, Side.BOTH], state__in=sorted(OPEN_STATES))
    if is_overdue:
        rows = rows.filter(due_on__lt=local_day(at), state__in=sorted(OPEN_STATES))
    by = DIFFICULTY_ORDERS.get(order, DIFFICULTY_ORDERS["due"])
    return list_seen(SEE_DIFFICULTY, actor, rows, order_by=by, at=at, page=page, size=size)


def difficulties_waiting(actor: Person, at: datetime) -> QuerySet[AllianceDifficulty]:
    """Return the open difficulties whose next move is the actor's: as owner, as keeper of an unclaimed one, or as partner."""
    rows = AllianceDifficulty.objects.filter(state__in=sorted(OPEN_STATES))
    ours = MOVE_OURS.narrow(actor, rows, at=at, walk=True).filter(
        Q(our_owner=actor) | Q(our_claimed_at=None), waiting_for__in=[Side.OURS, Side.BOTH]
    )
    theirs = MOVE_THEIRS.narrow(actor, rows, at=at, walk=True).filter(waiting_for__in=[Side.THEIRS, Side.BOTH])
    return ours | theirs


def contacts_due(actor: Person, at: datetime) -> QuerySet[Alliance]:
    """Return the alliances which the actor keeps and whose next contact is due by today, the longest overdue first."""
    rows = Alliance.objects.filter(ended_on=None, next_contact_on__lte=local_day(at))
    return KEEP_ALLIANCE.narrow(actor, rows, at=at).order_by("next_contact_on", "pk")


def bodies_to_found_in(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may found an alliance, by name."""
    return FOUND_ALLIANCE.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def partners_of(alliance: Alliance) -> QuerySet[Partner]:
    """Return the partners that have not left, in the order in which they came."""
    return alliance.partners.filter(withdrawn_at=None).select_related("body", "person__account").order_by("pk")


def partner_parts_of(actor: Person, alliance: Alliance, at: datetime) -> QuerySet[Partner]:
    """Return the partners for which `actor` speaks in this alliance."""
    rows = partners_of(alliance)
    inside = INSIDE.rows(actor, frozenset(str(role) for role in KEEPERS), at, walk=False)
    mine = CONTACT.rows(actor, frozenset(), at, walk=False) or Q(pk=None)
    return rows.filter(mine | inside) if inside is not None else rows.filter(mine)


def our_people(alliance: Alliance, at: datetime) -> QuerySet[Person]:
    """Return who may own a difficulty on our side: everybody in our body."""
    return people_in(alliance.body, local_day(at))


def contacts_of(alliance: Alliance) -> QuerySet[AllianceContact]:
    rows = alliance.contacts.select_related("recorded_by").prefetch_related("partners")
    return rows.order_by("-day", "-pk")


def open_invitations(alliance: Alliance, at: datetime) -> dict[int, Invitation]:
    """Return the invitations that can still be used, by partner."""
    rows = Invitation.objects.filter(
        partner__alliance=alliance, accepted_at=None, revoked_at=None, expires_at__gt=at
    ).order_by("pk")
    return {row.partner_id: row for row in rows}


def contact_days_for(body: PartyOrg, day: date) -> int:
    """Return how many days may pass between two contacts: by the playbook of the body, else `CONTACT_DAYS`."""
    found = [int(one.version.playbook.key("alliance_contact_days")) for one in adoptions_of(body, day)]
    return min(found, default=CONTACT_DAYS)


def waiting_days(difficulty: AllianceDifficulty, at: datetime) -> int:
    """Return for how many whole days the next move has been waited for."""
    return max(0, (local_day(at) - local_day(difficulty.waiting_since)).days)


def resolved_in(alliance: Alliance) -> QuerySet[AllianceDifficulty]:
    """Return what was resolved, with its result: of an innovation alliance, its results."""
    rows = alliance.difficulties.filter(state=DifficultyState.RESOLVED)
    return rows.select_related("partner").order_by(F("settled_at").desc(), "pk")
