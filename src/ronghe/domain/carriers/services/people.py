"""Who is in a carrier: people come, take another part, leave."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.carriers.enums import DRAFTS, OPEN_CARRIERS, CarrierState, Part
from ronghe.domain.carriers.facts import MEMBER_JOINED, MEMBER_LEFT
from ronghe.domain.carriers.models import Carrier, CarrierMember
from ronghe.domain.carriers.rules import AMEND, MANAGE
from ronghe.domain.carriers.services.promises import CarrierClosed
from ronghe.domain.carriers.services.proposing import refuse_lead, refuse_outsiders, refuse_wrong_number
from ronghe.domain.carriers.services.telling import locked, tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _


class MemberAlready(DomainError):
    code = "carrier_member_already"
    sentence = N_("%(name)s已经在里面。")


class LeadStays(DomainError):
    code = "carrier_lead_stays"
    sentence = N_("%(name)s是%(lead)s，不能直接退出。请先换人负责。")


@transaction.atomic
def add_member(
    *, carrier: Carrier, person: Person, actor: Person, at: datetime, part: Part = Part.MEMBER, duty: str = ""
) -> CarrierMember:
    """Take somebody of the body, its unit or the zone into a carrier.

    As head the person follows the one before, who stays as a member; where one person is all, the one before leaves.

    :raises NotAllowed: the actor neither proposed it nor leads here
    :raises CarrierClosed: withdrawn or ended
    :raises MemberAlready: the person is in it as that
    :raises CarrierFromOutside, LeadNoMember, TooManyPeople: as for proposing
    """
    (AMEND if carrier.state in DRAFTS else MANAGE).require(actor, carrier, at=at)
    fresh = _open(carrier)
    known = fresh.members.filter(person=person, valid_until=None).first()
    if known is not None and known.part == part:
        raise MemberAlready(name=person.name)
    if known is None:
        refuse_outsiders(fresh.body, fresh.zone, [person], at)
    if part == Part.LEAD:
        refuse_lead(fresh.spec, person)
        _follow(fresh, actor, at)
        Carrier.objects.filter(pk=fresh.pk).update(lead=person)
        WorkItem.objects.filter(promise_line__carrier=fresh, closed_at=None, owner=fresh.lead).update(owner=person)
    elif known is not None and known.part == Part.LEAD:
        raise LeadStays(name=person.name, lead=_(fresh.spec.lead))
    elif known is None:
        inside = fresh.members.filter(valid_until=None).count()
        refuse_wrong_number(fresh.spec, fresh.body, inside + 1, at)
    return _placed(fresh, person, part, duty, known, actor, at)


@transaction.atomic
def remove_member(*, member: CarrierMember, actor: Person, at: datetime) -> CarrierMember:
    """Let somebody leave a carrier today; from a proposal the name is struck.

    :raises NotAllowed: the actor neither proposed it nor leads here
    :raises LeadStays: the head is followed by another one first
    :raises TooFewPeople: a team would be too small
    :raises CarrierClosed: withdrawn or ended
    """
    (AMEND if member.carrier.state in DRAFTS else MANAGE).require(actor, member.carrier, at=at)
    fresh = _open(member.carrier)
    row = fresh.members.filter(pk=member.pk, valid_until=None).select_related("person").first()
    if row is None:
        raise NotFound
    if row.part == Part.LEAD:
        raise LeadStays(name=row.person.name, lead=_(fresh.spec.lead))
    if fresh.state == CarrierState.ACTIVE:
        refuse_wrong_number(fresh.spec, fresh.body, fresh.members.filter(valid_until=None).count() - 1, at)
    leave(fresh, row, actor, at)
    return row


def leave(carrier: Carrier, row: CarrierMember, actor: Person | None, at: datetime) -> None:
    """End a part in a carrier today; who is struck from a proposal was never in it."""
    day = local_day(at)
    if carrier.state in DRAFTS:
        row.delete()
        return
    row.valid_until = max(day, row.valid_from)
    row.save(update_fields=["valid_until"])
    days = (row.valid_until - row.valid_from).days
    tell(carrier, MEMBER_LEFT, actor, at, about=row.person, source=row, part=row.part, days=days)


def _open(carrier: Carrier) -> Carrier:
    fresh = locked(carrier)
    if fresh.state not in OPEN_CARRIERS:
        raise CarrierClosed(name=fresh.name, state=fresh.get_state_display())
    return fresh


def _follow(carrier: Carrier, actor: Person, at: datetime) -> None:
    """Let the head step back: into the ranks, or out where there is room for one only."""
    row = carrier.members.filter(part=Part.LEAD, valid_until=None).select_related("person").first()
    if row is None:
        return
    if carrier.spec.most == 1:
        leave(carrier, row, actor, at)
    else:
        _placed(carrier, row.person, Part.MEMBER, row.duty, row, actor, at)


def _placed(
    carrier: Carrier, person: Person, part: Part, duty: str, known: CarrierMember | None, actor: Person, at: datetime
) -> CarrierMember:
    """Give a part; one that somebody had before is ended, so that the history says who was what and when."""
    day = max(local_day(at), carrier.from_on)
    if known is not None and (carrier.state in DRAFTS or known.valid_from >= day):
        known.part, known.duty = part.value, duty.strip() or known.duty
        known.save(update_fields=["part", "duty"])
        return known
    if known is not None:
        known.valid_until = day
        known.save(update_fields=["valid_until"])
    kept = duty.strip() or (known.duty if known is not None else "")
    row = CarrierMember.objects.create(carrier=carrier, person=person, part=part, duty=kept, valid_from=day)
    if carrier.state == CarrierState.ACTIVE:
        tell(carrier, MEMBER_JOINED, actor, at, about=person, source=row, part=part)
    return row
