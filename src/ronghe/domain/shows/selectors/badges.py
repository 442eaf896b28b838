"""Badges as they are printed, and what their codes show to whoever scans them, without log-in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.enums import BadgePart, BadgeState
from ronghe.domain.shows.models import Badge, BadgeConsent
from ronghe.domain.shows.selectors.cards import CardPromise, CardStandard, card_of
from ronghe.kernel.db.tree import on_day

MOST_BADGES = 500


@dataclass(frozen=True, slots=True)
class PublicFace:
    """What the code of a badge shows; everything beyond `state` is empty unless the bearer agreed to it."""

    state: BadgeState
    name: str = ""
    body: str = ""
    status: str = ""
    posts: Sequence[str] = ()
    standards: Sequence[CardStandard] = ()
    promises: Sequence[CardPromise] = ()
    star_of: Person | None = None
    """Whose stars may be shown."""


@dataclass(frozen=True, slots=True)
class BadgeFace:
    """What is printed on a badge."""

    name: str
    body: str
    posts: Sequence[str] = field(default_factory=tuple)


def badge_of(person: Person) -> Badge | None:
    """Return the badge in use."""
    return Badge.objects.filter(person=person, stopped_at=None).first()


def badges_of(person: Person) -> list[Badge]:
    """Return all badges of a person, the newest first."""
    return list(Badge.objects.filter(person=person).select_related("stopped_by").order_by("-issued_at", "-pk"))


def consent_of(person: Person) -> BadgeConsent | None:
    """Return the consent that holds now."""
    return BadgeConsent.objects.filter(person=person, withdrawn_at=None).first()


def bearers_of(body: PartyOrg, day: date) -> list[Person]:
    """Return the Party members at home in `body` on a day, by name."""
    rows = Membership.objects.filter(on_day(day), body=body, kind=MembershipKind.HOME)
    people = Person.objects.filter(
        pk__in=rows.order_by().values("person_id"), political_status__in=PARTY_MEMBERS, valid_until=None
    )
    return list(people.order_by("name", "pk")[:MOST_BADGES])


def badges_in(body: PartyOrg, day: date) -> tuple[list[Badge], int]:
    """Return the badges in use of the members at home in `body`, by name, and how many members have none."""
    people = bearers_of(body, day)
    rows = Badge.objects.filter(person__in=people, stopped_at=None).select_related("person")
    held = list(rows.order_by("person__name", "person_id"))
    return held, len(people) - len(held)


def faces_of(people: Collection[Person], day: date) -> dict[int, BadgeFace]:
    """Return what the badges of several people say, by person; two statements."""
    keys = [person.pk for person in people]
    homes = Membership.objects.filter(on_day(day), person__in=keys, kind=MembershipKind.HOME).select_related("body")
    bodies = {row.person_id: row.body.name for row in homes.order_by("pk")}
    posts: dict[int, list[str]] = {key: [] for key in keys}
    held = PostHolding.objects.filter(on_day(day), person__in=keys).select_related("body", "unit")
    for post in held.order_by("valid_from", "pk"):
        posts[post.person_id].append(str(post.get_role_display()))
    return {
        person.pk: BadgeFace(person.name, bodies.get(person.pk, ""), tuple(dict.fromkeys(posts[person.pk])))
        for person in people
    }


def public_face(token: str, at: datetime) -> PublicFace | None:
    """Return what the code of a badge shows: nothing of whoever did not agree, and nothing at all of an unknown code.

    A renewed badge, and the one of whoever left or is no Party member any more, is out of use and says no more than that.
    """
    badge = Badge.objects.filter(token=token).select_related("person").first()
    if badge is None:
        return None
    person, day = badge.person, local_day(at)
    has_left = person.valid_until is not None and person.valid_until <= day
    if badge.stopped_at is not None or has_left or not person.is_party_member:
        return PublicFace(BadgeState.STOPPED)
    consent = consent_of(person)
    if consent is None:
        return PublicFace(BadgeState.HIDDEN)
    card, parts = card_of(person, day, at), frozenset(consent.parts)
    return PublicFace(
        BadgeState.SHOWN,
        person.name if BadgePart.NAME in parts else "",
        card.body,
        card.status,
        card.posts if BadgePart.POSTS in parts else (),
        card.standards if BadgePart.STANDARDS in parts else (),
        card.promises if BadgePart.PROMISES in parts else (),
        person if BadgePart.STARS in parts else None,
    )
