"""A partner's contact comes in by a link that ends, works once and can be taken back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.alliances.enums import OUTSIDE
from ronghe.domain.alliances.facts import INVITATION_ACCEPTED, INVITATION_REVOKED, PARTNER_INVITED
from ronghe.domain.alliances.models import Invitation, Partner
from ronghe.domain.alliances.rules import KEEP_ALLIANCE
from ronghe.domain.alliances.services.alliances import close_way_in, refuse_over
from ronghe.domain.org.models import Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import open_account
from ronghe.kernel.access.login import change_password
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LASTS = timedelta(days=7)


class InvitationUseless(DomainError):
    code = "invitation_useless"
    sentence = N_("邀请已过期、已用过或已收回，请联系发出邀请的单位。")
    status = 404


class PartnerInside(DomainError):
    code = "partner_inside"
    sentence = N_("“%(name)s”就在本平台，由它的书记登录办理，不用邀请。")


class PartnerHasLogin(DomainError):
    code = "partner_has_login"
    sentence = N_("%(name)s已经开通登录；换联系人时请先收回登录。")


class NoContactNamed(DomainError):
    code = "no_contact_named"
    sentence = N_("请先写明“%(name)s”的联系人是谁，再邀请。")
    status = 422


@transaction.atomic
def invite_partner(*, partner: Partner, actor: Person, at: datetime) -> tuple[Invitation, str]:
    """Make a link's secret, which nobody can read again; an earlier open invitation of the partner is taken back.

    :raises PartnerInside: a body of the platform needs none
    :raises NoContactNamed: whom is it for?
    :raises PartnerHasLogin: the contact has come in already
    :raises Stale: somebody else invited a moment ago
    """
    KEEP_ALLIANCE.require(actor, partner.alliance, at=at)
    refuse_over(partner.alliance)
    if partner.body_id is not None:
        raise PartnerInside(name=partner.name)
    if partner.withdrawn_at is not None:
        raise Stale
    if not partner.contact_name:
        raise NoContactNamed(name=partner.name)
    if partner.person_id is not None:
        raise PartnerHasLogin(name=partner.contact_name)
    Invitation.objects.filter(partner=partner, accepted_at=None, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(24)
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                partner=partner, digest=_digest(secret), expires_at=at + LASTS, made_by=actor, made_at=at
            )
    except IntegrityError as error:
        raise Stale from error
    record(
        Draft(PARTNER_INVITED, at, actor, body=partner.alliance.body_id, source=partner,
              attributes={"until": local_day(made.expires_at)})
    )  # fmt: skip
    return made, secret


@transaction.atomic
def revoke_way_in(*, partner: Partner, actor: Person, at: datetime) -> Partner:
    """Take back an open invitation and the log-in of whoever came in by one.

    :raises Stale: there was neither
    """
    KEEP_ALLIANCE.require(actor, partner.alliance, at=at)
    taken = Invitation.objects.filter(partner=partner, accepted_at=None, revoked_at=None).update(revoked_at=at)
    if partner.person_id is not None:
        close_way_in(partner)
        taken += Partner.objects.filter(pk=partner.pk, person=partner.person_id).update(person=None)
        partner.person = None
    if not taken:
        raise Stale
    record(Draft(INVITATION_REVOKED, at, actor, body=partner.alliance.body_id, source=partner))
    return partner


def invitation_of(secret: str, at: datetime) -> Invitation:
    """Return the invitation behind a link.

    :raises InvitationUseless: unknown, ended, used or taken back
    """
    rows = Invitation.objects.select_related("partner__alliance__body").filter(
        digest=_digest(secret), expires_at__gt=at, accepted_at=None, revoked_at=None,
        partner__withdrawn_at=None, partner__alliance__ended_on=None,
    )  # fmt: skip
    found = rows.first()
    if found is None:
        raise InvitationUseless
    return found


@transaction.atomic
def accept_invitation(*, secret: str, login: str, password: str, at: datetime) -> Person:
    """Make the contact's log-in with a password of the own choice; the invitation is used up.

    The person gets no unit, no membership and no post: nothing but the partner's part in the alliance.

    :raises InvitationUseless: see `invitation_of`; also where two use it at once
    :raises LoginTaken: somebody has that login
    :raises PasswordRefused: the password is too weak (SE-01)
    """
    invitation = invitation_of(secret, at)
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(accepted_at=at)
    if not used:
        raise InvitationUseless
    partner = invitation.partner
    person = Person.objects.create(
        name=partner.contact_name, initials=initials_of(partner.contact_name), job_title=partner.contact_title or None,
        employment=OUTSIDE, valid_from=local_day(at),
    )  # fmt: skip
    first = secrets.token_urlsafe(24)
    account = open_account(person=person, login=login, password=first, actor=None, at=at)
    change_password(account, old=first, new=password, at=at)
    if not Partner.objects.filter(pk=partner.pk, person=None).update(person=person):
        raise InvitationUseless
    record(
        Draft(INVITATION_ACCEPTED, at, person, about=person, body=partner.alliance.body_id, source=partner)
    )  # fmt: skip
    return person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
