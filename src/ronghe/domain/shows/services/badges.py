"""Badges are issued and renewed by the bearer or the branch; what their code shows is the bearer's alone to say."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.members.services.cards import OnlyMembersShowCards
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.enums import BadgePart
from ronghe.domain.shows.facts import BADGE_AGREED, BADGE_ISSUED, BADGE_STOPPED, BADGE_WITHDRAWN
from ronghe.domain.shows.models import Badge, BadgeConsent
from ronghe.domain.shows.rules import AGREE_BADGE, ISSUE_BADGE, ISSUE_BADGES
from ronghe.domain.shows.selectors.badges import badge_of, bearers_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_

TOKEN_BYTES = 16
"""128 bits: nobody finds a badge by trying."""


class BadgeReasonMissing(DomainError):
    code = "badge_reason_missing"
    sentence = N_("请写明为什么换发，例如：胸牌丢失。")
    status = 422


class NoBadge(DomainError):
    code = "no_badge"
    sentence = N_("还没有胸牌，不用换发；请先发放。")


class BadgeRenewedMeanwhile(DomainError):
    code = "badge_renewed_meanwhile"
    sentence = N_("胸牌刚才已经发放或换发，请刷新后用新的。")


class NothingAgreed(DomainError):
    code = "nothing_agreed"
    sentence = N_("请至少选一项同意公开的内容；都不公开就撤回同意。")
    status = 422


class BadgeNotAgreed(DomainError):
    code = "badge_not_agreed"
    sentence = N_("您没有同意公开胸牌内容，或已经撤回。")


class NobodyToIssue(DomainError):
    code = "nobody_to_issue"
    sentence = N_("“%(body)s”里没有党员，没有要发的胸牌。")


@transaction.atomic
def issue_badge(*, person: Person, actor: Person, at: datetime) -> Badge:
    """Return the badge of `person`, made now where there is none.

    :raises NotAllowed: the actor is neither the bearer nor leads the bearer's branch
    :raises OnlyMembersShowCards: the bearer is no Party member
    """
    ISSUE_BADGE.require(actor, person, at=at)
    if not person.is_party_member:
        raise OnlyMembersShowCards
    return badge_of(person) or _made(person, actor, at)


@transaction.atomic
def issue_badges(*, body: PartyOrg, actor: Person, at: datetime) -> Sequence[Badge]:
    """Return the badges of all members at home in `body`, by name; those without one get theirs now.

    :raises NotAllowed: the actor does not lead there
    :raises NobodyToIssue: no member is at home there
    """
    ISSUE_BADGES.require(actor, body, at=at)
    people = bearers_of(body, local_day(at))
    if not people:
        raise NobodyToIssue(body=body.name)
    rows = Badge.objects.select_for_update().filter(person__in=people, stopped_at=None).order_by("pk")
    held = {badge.person_id: badge for badge in rows}
    lacking = [person for person in people if person.pk not in held]
    made = Badge.objects.bulk_create(
        [Badge(person=person, token=_token(), issued_at=at, issued_by=actor) for person in lacking], batch_size=500
    )
    record_many(Draft(BADGE_ISSUED, at, actor, about=badge.person, source=badge) for badge in made)
    held |= {badge.person_id: badge for badge in made}
    for person in people:
        held[person.pk].person = person
    return [held[person.pk] for person in people]


@transaction.atomic
def renew_badge(*, person: Person, reason: str, actor: Person, at: datetime) -> Badge:
    """Stop the badge and issue another: from now on the old code says that it is no longer in use.

    :raises NotAllowed: the actor is neither the bearer nor leads the bearer's branch
    :raises BadgeReasonMissing: no reason
    :raises NoBadge: there is none to stop
    :raises OnlyMembersShowCards: the bearer is no Party member any more
    :raises BadgeRenewedMeanwhile: somebody was first
    """
    ISSUE_BADGE.require(actor, person, at=at)
    if not reason.strip():
        raise BadgeReasonMissing
    if not person.is_party_member:
        raise OnlyMembersShowCards
    old = badge_of(person)
    if old is None:
        raise NoBadge
    stopped = Badge.objects.filter(pk=old.pk, stopped_at=None)
    if not stopped.update(stopped_at=at, stopped_by=actor, reason=reason.strip()[:200]):
        raise BadgeRenewedMeanwhile
    record(Draft(BADGE_STOPPED, at, actor, about=person, attributes={"renewed": True}, source=old))
    return _made(person, actor, at)


@transaction.atomic
def agree_badge(*, person: Person, parts: Collection[str], actor: Person, at: datetime) -> BadgeConsent:
    """Consent to what whoever scans the badge reads, without log-in; what was agreed before no longer holds (PI-01).

    :raises NotAllowed: nobody consents for another
    :raises OnlyMembersShowCards: the person is no Party member
    :raises NothingAgreed: no part was chosen, or one that there is not
    """
    AGREE_BADGE.require(actor, person, at=at)
    if not person.is_party_member:
        raise OnlyMembersShowCards
    chosen = [part.value for part in BadgePart if part.value in parts]
    if not chosen or set(parts) - set(chosen):
        raise NothingAgreed
    BadgeConsent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at)
    try:
        with transaction.atomic():
            consent = BadgeConsent.objects.create(person=person, parts=chosen, given_at=at)
    except IntegrityError as error:
        raise BadgeRenewedMeanwhile from error
    record(Draft(BADGE_AGREED, at, actor, about=person, attributes={"parts": len(chosen)}, source=consent))
    return consent


@transaction.atomic
def withdraw_badge(*, person: Person, actor: Person, at: datetime) -> None:
    """Withdraw the consent: from now on the code shows nothing of the bearer.

    :raises NotAllowed: it is somebody else's
    :raises BadgeNotAgreed: there is none
    """
    AGREE_BADGE.require(actor, person, at=at)
    if not BadgeConsent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at):
        raise BadgeNotAgreed
    record(Draft(BADGE_WITHDRAWN, at, actor, about=person, source=person))


def hide_with_card(token: int, at: datetime) -> None:
    """Withdraw what the person of this token agreed for the badge: whoever hides from colleagues hides from all."""
    person = Person.objects.filter(token=token).first()
    if person is not None and BadgeConsent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at):
        record(Draft(BADGE_WITHDRAWN, at, person, about=person, source=person))


def _made(person: Person, actor: Person, at: datetime) -> Badge:
    try:
        with transaction.atomic():
            badge = Badge.objects.create(person=person, token=_token(), issued_at=at, issued_by=actor)
    except IntegrityError as error:
        raise BadgeRenewedMeanwhile from error
    record(Draft(BADGE_ISSUED, at, actor, about=person, source=badge))
    return badge


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
