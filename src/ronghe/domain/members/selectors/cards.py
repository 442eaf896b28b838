"""What a member card shows of its bearer, as long as the bearer consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ronghe.domain.members.models import CardConsent
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.voting import status_on
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class CardFace:
    """Name, body, status and posts: nothing else is shown to whoever scans the card."""

    name: str
    status: str
    body: str
    group: str
    posts: list[str]


def consent_of(person: Person) -> CardConsent | None:
    """Return the consent that holds now."""
    return CardConsent.objects.filter(person=person, withdrawn_at=None).first()


def face_of(person: Person, day: date) -> CardFace | None:
    """Return what the card shows on `day`; nothing without consent, and nothing of whoever is no Party member."""
    status = status_on(person, day)
    if status not in PARTY_MEMBERS or consent_of(person) is None:
        return None
    return unasked_face(person, status, day)


def unasked_face(person: Person, status: str, day: date) -> CardFace:
    """Return what the card would show: for the bearer alone, to decide about it."""
    home = person.memberships.filter(on_day(day), kind=MembershipKind.HOME).select_related("body", "group").first()
    posts = person.posts.filter(on_day(day)).select_related("body", "unit").order_by("valid_from", "pk")
    return CardFace(
        person.name,
        str(PoliticalStatus(status).label),
        home.body.name if home else "",
        home.group.name if home and home.group else "",
        [f"{post.body or post.unit} {post.get_role_display()}" for post in posts],
    )
