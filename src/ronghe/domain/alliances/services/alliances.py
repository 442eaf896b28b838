"""An alliance is founded, gets partners and experts, and ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.alliances.enums import OPEN_STATES, AllianceKind
from ronghe.domain.alliances.facts import ALLIANCE_ENDED, ALLIANCE_FOUNDED, PARTNER_ADDED, PARTNER_WITHDRAWN
from ronghe.domain.alliances.models import Alliance, AllianceExpert, Invitation, Partner
from ronghe.domain.alliances.rules import FOUND_ALLIANCE, KEEP_ALLIANCE
from ronghe.domain.alliances.selectors import contact_days_for
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.access.models import Account
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_

PHONE = "alliance_phone"


class AllianceThere(DomainError):
    code = "alliance_there"
    sentence = N_("“%(name)s”已经建立，请在那里加伙伴，或换一个名称。")


class AllianceDatesWrong(DomainError):
    code = "alliance_dates_wrong"
    sentence = N_("结束日期不能早于开始日期，请改日期。")
    status = 422


class AllianceOver(DomainError):
    code = "alliance_over"
    sentence = N_("“%(name)s”已结束，只能查看。")


class PartnerThere(DomainError):
    code = "partner_there"
    sentence = N_("“%(name)s”已经是伙伴。")


class PartnerHasOpen(DomainError):
    code = "partner_has_open"
    sentence = N_("“%(name)s”还有 %(count)s 个难题没有办结，请先办结或撤回，再让它退出。")


class AllianceHasOpen(DomainError):
    code = "alliance_has_open"
    sentence = N_("还有 %(count)s 个难题没有办结，请先解决、搁置或撤回，再结束联盟。")


class ExpertThere(DomainError):
    code = "expert_there"
    sentence = N_("%(name)s已在专家名单里。")


class NoPhone(DomainError):
    code = "no_partner_phone"
    sentence = N_("没有登记电话。")
    status = 404


@transaction.atomic
def found_alliance(
    *, name: str, kind: AllianceKind, body: PartyOrg, actor: Person, at: datetime, purpose: str = "",
    starts_on: date | None = None, ends_on: date | None = None, contact_days: int | None = None,
    agreement: Agreement | None = None, document: str = "",
) -> Alliance:  # fmt: skip
    """Found an alliance of `body`; how often the sides speak comes from the playbook unless `contact_days` says it.

    :raises AllianceThere: the body has one of that name
    :raises AllianceDatesWrong: it would end before it begins
    """
    FOUND_ALLIANCE.require(actor, body, at=at)
    since = starts_on or local_day(at)
    if ends_on is not None and ends_on < since:
        raise AllianceDatesWrong
    days = contact_days or contact_days_for(body, local_day(at))
    alliance = Alliance(
        name=name.strip(), kind=kind, body=body, purpose=purpose.strip(), agreement=agreement,
        document=document.strip(), contact_days=days, next_contact_on=since + timedelta(days=days), starts_on=since,
        ends_on=ends_on, founded_by=actor, founded_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            alliance.save(force_insert=True)
    except IntegrityError as error:
        raise AllianceThere(name=alliance.name) from error
    record(Draft(ALLIANCE_FOUNDED, at, actor, body=body.pk, attributes={"kind": kind}, source=alliance))
    return alliance


@transaction.atomic
def end_alliance(*, alliance: Alliance, actor: Person, at: datetime) -> Alliance:
    """End an alliance today; partners' contacts no longer come in.

    :raises AllianceHasOpen: difficulties are still open
    :raises Stale: it has ended already
    """
    KEEP_ALLIANCE.require(actor, alliance, at=at)
    refuse_over(alliance)
    still = alliance.difficulties.filter(state__in=sorted(OPEN_STATES)).count()
    if still:
        raise AllianceHasOpen(count=still)
    if not Alliance.objects.filter(pk=alliance.pk, ended_on=None).update(ended_on=local_day(at)):
        raise Stale
    alliance.ended_on = local_day(at)
    for partner in alliance.partners.filter(withdrawn_at=None):
        _leave(partner, at)
    record(Draft(ALLIANCE_ENDED, at, actor, body=alliance.body_id, source=alliance))
    return alliance


@transaction.atomic
def add_partner(
    *, alliance: Alliance, actor: Person, at: datetime, name: str = "", body: PartyOrg | None = None,
    contact_name: str = "", contact_title: str = "", phone: str = "",
) -> Partner:  # fmt: skip
    """Take in a partner: an outside one by name, or a body of the platform; the phone number is sealed.

    :raises PartnerThere: it is in already
    :raises AllianceOver: the alliance has ended
    """
    KEEP_ALLIANCE.require(actor, alliance, at=at)
    refuse_over(alliance)
    partner = Partner(
        alliance=alliance, name=name.strip() or (body.name if body is not None else ""), body=body,
        contact_name=contact_name.strip(), contact_title=contact_title.strip(),
        phone_sealed=seal_text(phone.strip()) if phone.strip() else None, added_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            partner.save(force_insert=True)
    except IntegrityError as error:
        raise PartnerThere(name=partner.name) from error
    record(Draft(PARTNER_ADDED, at, actor, body=alliance.body_id, source=partner))
    return partner


@transaction.atomic
def withdraw_partner(*, partner: Partner, actor: Person, at: datetime) -> Partner:
    """Let a partner leave; whoever came in for it no longer can.

    :raises PartnerHasOpen: difficulties with it are still open
    :raises Stale: it left meanwhile
    """
    KEEP_ALLIANCE.require(actor, partner.alliance, at=at)
    still = partner.difficulties.filter(state__in=sorted(OPEN_STATES)).count()
    if still:
        raise PartnerHasOpen(name=partner.name, count=still)
    if not _leave(partner, at):
        raise Stale
    record(Draft(PARTNER_WITHDRAWN, at, actor, body=partner.alliance.body_id, source=partner))
    return partner


def read_phone(*, partner: Partner, actor: Person, at: datetime) -> str:
    """Return a contact's phone number; the look is recorded first.

    :raises NoPhone: none was given
    """
    KEEP_ALLIANCE.require(actor, partner.alliance, at=at)
    if partner.phone_sealed is None:
        raise NoPhone
    record_look(by=actor, about=partner.person, compartment=PHONE, at=at)
    return open_text(partner.phone_sealed)


@transaction.atomic
def add_expert(
    *, alliance: Alliance, name: str, field: str, actor: Person, at: datetime, partner: Partner | None = None
) -> AllianceExpert:
    """Put somebody on the list of experts.

    :raises ExpertThere: on the list with that field already
    """
    KEEP_ALLIANCE.require(actor, alliance, at=at)
    refuse_over(alliance)
    try:
        with transaction.atomic():
            return AllianceExpert.objects.create(
                alliance=alliance, name=name.strip(), field=field.strip(), partner=partner, added_at=at
            )
    except IntegrityError as error:
        raise ExpertThere(name=name) from error


@transaction.atomic
def remove_expert(*, expert: AllianceExpert, actor: Person, at: datetime) -> AllianceExpert:
    """Take an expert off the list.

    :raises Stale: off it already
    """
    KEEP_ALLIANCE.require(actor, expert.alliance, at=at)
    if not AllianceExpert.objects.filter(pk=expert.pk, left_at=None).update(left_at=at):
        raise Stale
    expert.left_at = at
    return expert


def refuse_over(alliance: Alliance) -> None:
    """Return where the alliance is still there.

    :raises AllianceOver: it has ended
    """
    if alliance.ended_on is not None:
        raise AllianceOver(name=alliance.name)


def _leave(partner: Partner, at: datetime) -> bool:
    """Mark a partner as gone and close its ways in; tell whether it was still there."""
    if not Partner.objects.filter(pk=partner.pk, withdrawn_at=None).update(withdrawn_at=at):
        return False
    partner.withdrawn_at = at
    Invitation.objects.filter(partner=partner, accepted_at=None, revoked_at=None).update(revoked_at=at)
    close_way_in(partner)
    return True


def close_way_in(partner: Partner) -> None:
    """Shut the log-in of a partner's contact unless the same person is still contact of another partner."""
    person = partner.person
    if (
        person is not None
        and not Partner.objects.filter(person=person, withdrawn_at=None).exclude(pk=partner.pk).exists()
    ):
        Account.objects.filter(person=person).update(is_active=False)
