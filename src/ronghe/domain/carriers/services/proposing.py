"""A carrier is proposed with its people and promises, returned, handed in again, withdrawn or approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.carriers.calc.types import TYPES, TypeSpec
from ronghe.domain.carriers.enums import CARRIER_FLOW, DRAFTS, CarrierState, CarrierStep, CarrierType, Part
from ronghe.domain.carriers.facts import (
    CARRIER_AMENDED,
    CARRIER_APPROVED,
    CARRIER_PROPOSED,
    CARRIER_RETURNED,
    CARRIER_SUBMITTED,
    CARRIER_WITHDRAWN,
    MEMBER_JOINED,
)
from ronghe.domain.carriers.models import Carrier, CarrierMember
from ronghe.domain.carriers.rules import AMEND, DECIDE, END, PROMISE, PROPOSE
from ronghe.domain.carriers.selectors.carriers import may_belong, next_review
from ronghe.domain.carriers.services.promises import CarrierClosed, Promised, publish, put_promise
from ronghe.domain.carriers.services.telling import locked, note_act, tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.filling import filled
from ronghe.domain.items.services.steps import go
from ronghe.domain.org.enums import PARTY_MEMBERS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed


class CarrierUnnamed(DomainError):
    code = "carrier_unnamed"
    sentence = N_("请写明载体的名称。")
    status = 422


class CarrierNameTaken(DomainError):
    code = "carrier_name_taken"
    sentence = N_("“%(body)s”已有叫“%(name)s”的载体，请换个名称。")


class CarrierDaysWrong(DomainError):
    code = "carrier_days_wrong"
    sentence = N_("期限要晚于开始的日子，也要晚于今天。")
    status = 422


class PlaceMissing(DomainError):
    code = "carrier_place_missing"
    sentence = N_("%(type)s要写明在哪里。")
    status = 422


class TooFewPeople(DomainError):
    code = "carrier_too_few"
    sentence = N_("%(type)s不少于 %(least)s 人，现在只有 %(count)s 人。请再选人。")
    status = 422


class TooManyPeople(DomainError):
    code = "carrier_too_many"
    sentence = N_("%(type)s只能有 %(most)s 人，一岗一人。请只选在岗的党员。")
    status = 422


class LeadNoMember(DomainError):
    code = "carrier_lead_no_member"
    sentence = N_("%(name)s不是党员，不能任%(type)s的%(lead)s。请选党员。")
    status = 422


class CarrierFromOutside(DomainError):
    code = "carrier_from_outside"
    sentence = N_("%(names)s 不在“%(body)s”和它的协作区里，不能编入。")
    status = 422


class PromiseMissing(DomainError):
    code = "carrier_promise_missing"
    sentence = N_("还没有承诺。请至少写一项能对照的承诺，再报支部批准。")
    status = 422


class ReasonMissing(DomainError):
    code = "carrier_reason_missing"
    sentence = N_("请写明原因。")
    status = 422


@dataclass(frozen=True, slots=True)
class CarrierText:
    """What a carrier is: `values` are the fields of its type; `until_on` is not included."""

    name: str
    from_on: date
    until_on: date
    lead: Person
    values: Mapping[str, object] = field(default_factory=dict)
    place: str = ""
    zone: CollaborationZone | None = None
    project: Project | None = None
    force: TaskForce | None = None


@transaction.atomic
def propose_carrier(
    *, type_: str, text: CarrierText, body: PartyOrg, people: Sequence[tuple[Person, str, str]],
    promises: Sequence[Promised], actor: Person, at: datetime,
) -> Carrier:  # fmt: skip
    """Propose a carrier of a type (PP-07) for `body`; `people` besides its head: person, part, duty.

    :raises NotAllowed: the actor has nothing to do with the body
    :raises CarrierUnnamed, CarrierNameTaken, CarrierDaysWrong, PlaceMissing, ValuesUnfit: what it is
    :raises TooFewPeople, TooManyPeople, LeadNoMember, CarrierFromOutside: who is in it
    :raises PromiseMissing, PromiseWordless, PromiseTooLate, TooManyPromises: what is promised
    """
    PROPOSE.require(actor, body, at=at)
    spec = TYPES[type_]
    values = _checked(spec, text, at)
    members = _members(text.lead, people)
    _refuse_people(spec, body, text, members, at)
    if not promises:
        raise PromiseMissing
    carrier = Carrier(type=type_, body=body, values=values, proposed_by=actor, proposed_at=at, **_columns(text))
    _save(carrier, force_insert=True)
    CarrierMember.objects.bulk_create(
        CarrierMember(carrier=carrier, person=person, part=part, duty=duty.strip(), valid_from=text.from_on)
        for person, part, duty in members
    )
    for promised in promises:
        put_promise(carrier, promised, actor, at)
    note_act(carrier, CarrierStep.PROPOSED, actor, at, until_on=text.until_on)
    tell(carrier, CARRIER_PROPOSED, actor, at, people=len(members), promises=len(promises))
    return carrier


@transaction.atomic
def amend_carrier(*, carrier: Carrier, text: CarrierText, actor: Person, at: datetime) -> Carrier:
    """Change what a carrier is: by those who proposed it, once it is approved by those who decide.

    Who heads an active one and until when it runs are acts of their own (`set_part`, `renew_carrier`) and stay as they are.

    :raises NotAllowed: see above
    :raises CarrierClosed: withdrawn or ended
    :raises CarrierUnnamed, CarrierNameTaken, CarrierDaysWrong, PlaceMissing, ValuesUnfit, LeadNoMember: as for proposing
    """
    (AMEND if carrier.state in DRAFTS else END).require(actor, carrier, at=at)
    fresh = locked(carrier)
    if not fresh.is_open:
        raise CarrierClosed(name=fresh.name, state=fresh.get_state_display())
    columns = _columns(text)
    if fresh.state == CarrierState.ACTIVE:
        columns |= {"from_on": fresh.from_on, "until_on": fresh.until_on, "lead": fresh.lead}
    else:
        _check_days(text, at)
    values = _checked(fresh.spec, text, at, with_days=False)
    new = columns | {"values": values}
    changed = sorted(name for name, value in new.items() if getattr(fresh, name) != value)
    if "lead" in changed:
        _hand_lead(fresh, text, at)
    for name, value in new.items():
        setattr(fresh, name, value)
    _save(fresh)
    for name in changed:
        tell(fresh, CARRIER_AMENDED, actor, at, field=name)
    return fresh


@transaction.atomic
def submit_carrier(*, carrier: Carrier, actor: Person, at: datetime) -> Carrier:
    """Hand a returned proposal in again, with whatever was changed meanwhile.

    :raises PromiseMissing, TooFewPeople: what is still missing
    """
    AMEND.require(actor, carrier, at=at)
    CARRIER_FLOW.advance(carrier, "submit", proposed_at=at)
    _refuse_incomplete(carrier, at)
    note_act(carrier, CarrierStep.SUBMITTED, actor, at)
    tell(carrier, CARRIER_SUBMITTED, actor, at)
    return carrier


@transaction.atomic
def return_carrier(*, carrier: Carrier, reason: str, actor: Person, at: datetime) -> Carrier:
    """Send a proposal back, with the reason.

    :raises ReasonMissing: no words
    """
    DECIDE.require(actor, carrier, at=at)
    if not reason.strip():
        raise ReasonMissing
    CARRIER_FLOW.advance(carrier, "return", decision_note=reason.strip())
    note_act(carrier, CarrierStep.RETURNED, actor, at, note=reason)
    tell(carrier, CARRIER_RETURNED, actor, at)
    return carrier


@transaction.atomic
def withdraw_carrier(*, carrier: Carrier, actor: Person, at: datetime) -> Carrier:
    """Take a proposal back; its promises go with it."""
    AMEND.require(actor, carrier, at=at)
    CARRIER_FLOW.advance(carrier, "withdraw")
    for line in carrier.promises.filter(item__closed_at=None).select_related("item__owner").order_by("number"):
        go(item=line.item, spec=PROMISE.step_by_id["drop"], actor=actor, at=at)
    note_act(carrier, CarrierStep.WITHDRAWN, actor, at)
    tell(carrier, CARRIER_WITHDRAWN, actor, at)
    return carrier


@transaction.atomic
def approve_carrier(*, carrier: Carrier, actor: Person, at: datetime, note: str = "") -> Carrier:
    """Approve a carrier for the branch: its promises are public from now on, and its first review is dated.

    :raises NotAllowed: whoever proposed or heads it does not approve it
    :raises PromiseMissing, TooFewPeople: as it stands now
    """
    DECIDE.require(actor, carrier, at=at)
    _refuse_incomplete(carrier, at)
    day = local_day(at)
    CARRIER_FLOW.advance(
        carrier, "approve", decided_by=actor, decided_at=at, decision_note=note.strip(),
        review_on=next_review(carrier, max(day, carrier.from_on)),
    )  # fmt: skip
    lines = list(carrier.promises.filter(item__closed_at=None).select_related("item__owner", "item__raised_by"))
    for line in sorted(lines, key=lambda one: one.number):
        publish(line.item, actor, at)
    members = list(carrier.members.filter(valid_until=None).select_related("person").order_by("pk"))
    for member in members:
        tell(carrier, MEMBER_JOINED, actor, at, about=member.person, source=member, part=member.part)
    note_act(carrier, CarrierStep.APPROVED, actor, at, note=note, until_on=carrier.until_on)
    tell(carrier, CARRIER_APPROVED, actor, at, people=len(members), promises=len(lines))
    return carrier


def refuse_lead(spec: TypeSpec, person: Person) -> None:
    """Return where somebody may head a carrier of a type: a Party member (PP-07).

    :raises LeadNoMember: the person is none
    """
    if person.political_status not in PARTY_MEMBERS:
        raise LeadNoMember(name=person.name, type=CarrierType(spec.type).label, lead=_(spec.lead))


def refuse_outsiders(body: PartyOrg, zone: CollaborationZone | None, people: Sequence[Person], at: datetime) -> None:
    """Return where all of `people` belong to the body, its unit or the zone.

    :raises CarrierFromOutside: somebody does not
    """
    inside = may_belong(body, zone.body_id if zone is not None else None, at)
    known = set(inside.filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    outside = [person.name for person in people if person.pk not in known]
    if outside:
        raise CarrierFromOutside(names=listed(outside), body=body.name)


def refuse_wrong_number(spec: TypeSpec, body: PartyOrg, count: int, at: datetime) -> None:
    """Return where a carrier of a type may have `count` people.

    :raises TooFewPeople, TooManyPeople: it may not
    """
    type_ = CarrierType(spec.type).label
    if spec.most is not None and count > spec.most:
        raise TooManyPeople(type=type_, most=spec.most)
    least = key_of("carrier_team_least", body, local_day(at)) if spec.is_team else 1
    if count < least:
        raise TooFewPeople(type=type_, least=least, count=count)


def _columns(text: CarrierText) -> dict[str, Any]:
    return {
        "name": text.name.strip(), "from_on": text.from_on, "until_on": text.until_on, "lead": text.lead,
        "place": text.place.strip(), "zone": text.zone, "project": text.project, "force": text.force,
    }  # fmt: skip


def _checked(spec: TypeSpec, text: CarrierText, at: datetime, *, with_days: bool = True) -> dict[str, Any]:
    if not text.name.strip():
        raise CarrierUnnamed
    if with_days:
        _check_days(text, at)
    if spec.needs_place and not text.place.strip():
        raise PlaceMissing(type=CarrierType(spec.type).label)
    return filled(spec.fields, text.values)


def _check_days(text: CarrierText, at: datetime) -> None:
    if text.until_on <= max(text.from_on, local_day(at)):
        raise CarrierDaysWrong


def _members(lead: Person, people: Sequence[tuple[Person, str, str]]) -> list[tuple[Person, str, str]]:
    chosen = {person.pk: (person, part, duty) for person, part, duty in people if part != Part.LEAD}
    duty = next((duty for person, _part, duty in people if person.pk == lead.pk), "")
    chosen.pop(lead.pk, None)
    return [(lead, Part.LEAD.value, duty), *chosen.values()]


def _refuse_people(
    spec: TypeSpec, body: PartyOrg, text: CarrierText, members: Sequence[tuple[Person, str, str]], at: datetime
) -> None:
    refuse_lead(spec, text.lead)
    refuse_outsiders(body, text.zone, [person for person, _part, _duty in members], at)
    refuse_wrong_number(spec, body, len(members), at)


def _refuse_incomplete(carrier: Carrier, at: datetime) -> None:
    refuse_wrong_number(carrier.spec, carrier.body, carrier.members.filter(valid_until=None).count(), at)
    if not carrier.promises.filter(item__closed_at=None).exists():
        raise PromiseMissing


def _hand_lead(carrier: Carrier, text: CarrierText, at: datetime) -> None:
    """Let somebody else head a proposal: nobody was in it yet, so no history is kept."""
    refuse_lead(carrier.spec, text.lead)
    refuse_outsiders(carrier.body, text.zone, [text.lead], at)
    WorkItem.objects.filter(promise_line__carrier=carrier, owner=carrier.lead).update(owner=text.lead)
    carrier.members.filter(part=Part.LEAD).update(part=Part.MEMBER)
    member, is_new = CarrierMember.objects.get_or_create(
        carrier=carrier, person=text.lead, valid_until=None, defaults={"part": Part.LEAD, "valid_from": text.from_on}
    )
    if not is_new:
        CarrierMember.objects.filter(pk=member.pk).update(part=Part.LEAD)
    if carrier.spec.most == 1:
        carrier.members.exclude(person=text.lead).delete()


def _save(carrier: Carrier, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            carrier.save(force_insert=force_insert)
    except IntegrityError as error:
        raise CarrierNameTaken(body=carrier.body.name, name=carrier.name) from error
