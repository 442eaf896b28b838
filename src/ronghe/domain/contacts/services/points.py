"""Contact points are set up, handed over and ended; visits move their dates."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.contacts.enums import Cadence, ContactKind
from ronghe.domain.contacts.facts import CONTACT_ENDED, CONTACT_SET
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.rules import KINDS
from ronghe.domain.org.enums import BodyTree
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class TargetUnclear(DomainError):
    code = "target_unclear"
    sentence = N_("联系对象要选一个，也只选一个：党组织、单位或个人。")
    status = 422


class OwnContact(DomainError):
    code = "own_contact"
    sentence = N_("%(name)s不能联系自己，请另选联系人或联系对象。")
    status = 422


class WrongTree(DomainError):
    code = "wrong_tree"
    sentence = N_("“%(kind)s”由%(tree)s设立，“%(body)s”不是，请另选组织。")
    status = 422


class HolderWithoutPost(DomainError):
    code = "holder_without_post"
    sentence = N_("%(name)s在 %(day)s 没有可以承担“%(kind)s”的职务，请先任职，或另选联系人。")


class ContactThere(DomainError):
    code = "contact_there"
    sentence = N_("%(name)s已经是“%(target)s”的%(kind)s联系人。")


class ContactOver(DomainError):
    code = "contact_over"
    sentence = N_("这个联系点已于 %(day)s 结束，不能再办。需要时请新设一个。")


class ContactEndsTooEarly(DomainError):
    code = "contact_ends_too_early"
    sentence = N_("%(day)s 或以后还有这个联系点的记录，交接、结束的日期不能早于 %(first)s。")
    status = 422


class SameHolder(DomainError):
    code = "same_holder"
    sentence = N_("%(name)s就是现在的联系人，请选另一位接手。")
    status = 422


class ApprovalMissing(DomainError):
    code = "approval_missing"
    sentence = N_("请写明依据，例如“党委会〔2026〕9号”。")
    status = 422


class EndReasonMissing(DomainError):
    code = "end_reason_missing"
    sentence = N_("请写明为什么结束。")
    status = 422


@transaction.atomic
def set_contact(
    *, kind: ContactKind, holder: Person, body: PartyOrg, since: date, approval_ref: str, actor: Person, at: datetime,
    to_body: PartyOrg | None = None, to_unit: AdminUnit | None = None, to_person: Person | None = None,
    cadence: Cadence | None = None,
) -> ContactPoint:  # fmt: skip
    """Put a person in touch with one body, unit or person from the day `since`; the cadence is the kind's unless told.

    :raises TargetUnclear: not exactly one of the three
    :raises WrongTree: care is set up by the union's bodies, everything else by Party bodies
    :raises HolderWithoutPost: the holder has none of the posts that the kind asks for on that day
    :raises ContactThere: the holder is in touch with it for this purpose already
    :raises ApprovalMissing: no decision named
    """
    rule = KINDS[kind]
    rule.permission.require(actor, body, at=at)
    if sum(target is not None for target in (to_body, to_unit, to_person)) != 1:
        raise TargetUnclear
    if body.tree != rule.tree:
        raise WrongTree(kind=_(str(kind.label)), tree=_(str(BodyTree(rule.tree).label)), body=body.name)
    if not approval_ref.strip():
        raise ApprovalMissing
    return _begin(
        ContactPoint(
            kind=kind, body=body, to_body=to_body, to_unit=to_unit, to_person=to_person, holder=holder,
            cadence=cadence or rule.cadence, approval_ref=approval_ref.strip(), valid_from=since,
        ),
        actor, at,
    )  # fmt: skip


@transaction.atomic
def hand_over_contact(
    *, contact: ContactPoint, to: Person, on: date, approval_ref: str, actor: Person, at: datetime
) -> ContactPoint:
    """End a contact on the day `on` (not included) and put `to` in its place from that day: one act, no gap.

    :raises SameHolder: `to` holds it already
    :raises ContactOver: it has ended
    :raises ContactEndsTooEarly: it began, or was visited, on that day or later
    :raises HolderWithoutPost: `to` has none of the posts that the kind asks for
    :raises Stale: somebody else ended it a moment ago
    """
    _require_keeping(contact, actor, at)
    if to.pk == contact.holder_id:
        raise SameHolder(name=to.name)
    if not approval_ref.strip():
        raise ApprovalMissing
    ended = _end(contact, on, None, actor, at, is_handover=True)
    return _begin(
        ContactPoint(
            kind=ended.kind, body=ended.body, to_body=ended.to_body, to_unit=ended.to_unit, to_person=ended.to_person,
            holder=to, cadence=ended.cadence, approval_ref=approval_ref.strip(), valid_from=on, follows=ended,
        ),
        actor, at,
    )  # fmt: skip


@transaction.atomic
def end_contact(*, contact: ContactPoint, on: date, reason: str, actor: Person, at: datetime) -> ContactPoint:
    """End a contact on the day `on` (not included) without a successor.

    :raises EndReasonMissing: no words
    :raises ContactOver: it has ended
    :raises ContactEndsTooEarly: it began, or was visited, on that day or later
    :raises Stale: somebody else ended it a moment ago
    """
    _require_keeping(contact, actor, at)
    if not reason.strip():
        raise EndReasonMissing
    return _end(contact, on, reason.strip(), actor, at, is_handover=False)


def keep_last_visit(contact_id: int, last_visit_on: date | None) -> ContactPoint:
    """Note the last visit of a contact, or that there is none; called in the transaction that records or voids one."""
    contact: ContactPoint = ContactPoint.objects.select_for_update().get(pk=contact_id)
    contact.last_visit_on = last_visit_on
    contact.place_next_visit()
    contact.save(update_fields=["last_visit_on", "asked_from", "due_on"])
    return contact


def _require_keeping(contact: ContactPoint, actor: Person, at: datetime) -> None:
    KINDS[ContactKind(contact.kind)].permission.require(actor, contact.body, at=at)


def _begin(contact: ContactPoint, actor: Person, at: datetime) -> ContactPoint:
    kind, holder = ContactKind(contact.kind), contact.holder
    if contact.to_person == holder:
        raise OwnContact(name=holder.name)
    held = PostHolding.objects.filter(on_day(contact.valid_from), person=holder, role__in=KINDS[kind].holders)
    if not held.exists():
        raise HolderWithoutPost(name=holder.name, day=contact.valid_from, kind=_(str(kind.label)))
    contact.set_by = actor
    contact.place_next_visit()
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as error:
        raise ContactThere(name=holder.name, target=contact.target.name, kind=_(str(kind.label))) from error
    _record(contact, actor, at)
    return contact


def _end(
    contact: ContactPoint, on: date, reason: str | None, actor: Person, at: datetime, *, is_handover: bool
) -> ContactPoint:
    # Held until the transaction ends: a visit recorded meanwhile would lie after the end.
    fresh: ContactPoint = ContactPoint.objects.select_for_update().get(pk=contact.pk)
    if fresh.valid_until is not None:
        if contact.valid_until is None:
            raise Stale
        raise ContactOver(day=fresh.valid_until)
    first = fresh.valid_from if fresh.last_visit_on is None else max(fresh.valid_from, fresh.last_visit_on)
    if on <= first:
        raise ContactEndsTooEarly(day=on, first=_day_after(first))
    fresh.valid_until, fresh.end_reason = on, reason
    fresh.save(update_fields=["valid_until", "end_reason"])
    contact.valid_until, contact.end_reason = on, reason
    record(
        Draft(CONTACT_ENDED, at, actor, about=fresh.holder, body=fresh.body_id, unit=fresh.to_unit_id,
              attributes={"contact": fresh.kind, "is_handover": is_handover}, source=fresh)
    )  # fmt: skip
    return fresh


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _record(contact: ContactPoint, actor: Person, at: datetime) -> None:
    target = "body" if contact.to_body_id else "unit" if contact.to_unit_id else "person"
    attributes = {
        "contact": contact.kind, "target": target, "cadence": contact.cadence,
        "is_handover": contact.follows_id is not None,
    }  # fmt: skip
    record(
        Draft(CONTACT_SET, at, actor, about=contact.holder, body=contact.body_id, unit=contact.to_unit_id,
              attributes=attributes, source=contact)
    )  # fmt: skip
