"""Fields of knowledge, and experts from being named to ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.clinic.enums import ExpertState, HelpKind, MessageKind
from ronghe.domain.clinic.facts import (
    EXPERT_CHANGED,
    EXPERT_DECLINED,
    EXPERT_ENDED,
    EXPERT_JOINED,
    EXPERT_NAMED,
    FIELD_CHANGED,
    FIELD_OPENED,
)
from ronghe.domain.clinic.models import ClinicField, Expert
from ronghe.domain.clinic.rules import (
    ACCEPT_INVITATION,
    CASE,
    KEEP_CARD,
    KEEP_FIELD,
    OPEN_FIELD,
    PUT_UP,
    SETTLE_APPLICATION,
    UNANSWERED,
)
from ronghe.domain.clinic.services.calling_off import call_off_all
from ronghe.domain.clinic.services.telling import say, tell_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step

LONGEST_FIELD, LONGEST_CALLED, LONGEST_ABOUT = 24, 12, 400

EXPERT_FLOW = Flow(
    "state",
    {
        "accept": Step([ExpertState.INVITED, ExpertState.APPLIED], ExpertState.ACTIVE),
        "decline": Step([ExpertState.INVITED, ExpertState.APPLIED], ExpertState.DECLINED),
        "end": Step([ExpertState.ACTIVE], ExpertState.ENDED),
    },
)


class FieldUnnamed(DomainError):
    code = "clinic_field_unnamed"
    sentence = N_("请写专业的名称，最多 %(most)s 个字，如“电力电子”。")
    status = 422


class FieldThere(DomainError):
    code = "clinic_field_there"
    sentence = N_("已经有“%(name)s”这个专业，不用再开。")


class FieldInUse(DomainError):
    code = "clinic_field_in_use"
    sentence = N_("“%(name)s”还有专家坐诊或有问题没办完，先改专家的专业、等问题办完，再停。")


class FieldClosed(DomainError):
    code = "clinic_field_closed"
    sentence = N_("“%(name)s”这个专业已经停了，请选别的专业。")


class CardUnfit(DomainError):
    code = "clinic_card_unfit"
    sentence = N_("请至少选一个专业、一种帮助；称呼最多 %(called)s 个字，介绍最多 %(about)s 个字。")
    status = 422


class ExpertNotSitting(DomainError):
    code = "clinic_expert_not_sitting"
    sentence = N_("%(name)s现在不坐诊，请选别的专家。")


class ExpertAlready(DomainError):
    code = "clinic_expert_already"
    sentence = N_("%(name)s已经是门诊专家，或者正等着同意。")


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on an expert's card: at least one field and one kind of help."""

    fields: Sequence[ClinicField]
    helps: Sequence[HelpKind]
    called: str = ""
    about: str = ""


@transaction.atomic
def open_field(*, name: str, body: PartyOrg, actor: Person, at: datetime) -> ClinicField:
    """Open a field of knowledge, kept by `body`.

    :raises FieldUnnamed: without a name, or with a long one
    :raises FieldThere: an open field has the name
    """
    OPEN_FIELD.require(actor, body, at=at)
    name = _name_of(name)
    try:
        with transaction.atomic():
            field = ClinicField.objects.create(name=name, body=body, opened_by=actor, opened_at=at)
    except IntegrityError as error:
        raise FieldThere(name=name) from error
    tell_of(field, FIELD_OPENED, actor, at, body=body.pk)
    return field


@transaction.atomic
def rename_field(*, field: ClinicField, name: str, actor: Person, at: datetime) -> ClinicField:
    """Give an open field another name; experts, cases and knowledge stay with it.

    :raises FieldUnnamed, FieldThere, FieldClosed: see there
    """
    KEEP_FIELD.require(actor, field, at=at)
    name = _name_of(name)
    try:
        with transaction.atomic():
            if not ClinicField.objects.filter(pk=field.pk, closed_at=None).update(name=name):
                raise FieldClosed(name=field.name)
    except IntegrityError as error:
        raise FieldThere(name=name) from error
    field.name = name
    tell_of(field, FIELD_CHANGED, actor, at, body=field.body_id, closed=False)
    return field


@transaction.atomic
def close_field(*, field: ClinicField, actor: Person, at: datetime) -> ClinicField:
    """Offer a field no more; its knowledge stays.

    :raises FieldInUse: an expert sits in it, or a case of it is open
    :raises FieldClosed: it is closed
    """
    KEEP_FIELD.require(actor, field, at=at)
    open_cases = WorkItem.objects.filter(kind=CASE.id, closed_at=None, case_sheet__field=field)
    if field.experts.filter(state__in=_LIVE).exists() or open_cases.exists():
        raise FieldInUse(name=field.name)
    if not ClinicField.objects.filter(pk=field.pk, closed_at=None).update(closed_at=at):
        raise FieldClosed(name=field.name)
    field.closed_at = at
    tell_of(field, FIELD_CHANGED, actor, at, body=field.body_id, closed=True)
    return field


@transaction.atomic
def put_up_expert(*, person: Person, card: Card, body: PartyOrg, actor: Person, at: datetime) -> Expert:
    """Put somebody up to be asked; the person says yes or no.

    :raises CardUnfit, FieldClosed: see there
    :raises ExpertAlready: the person sits, or somebody was first
    """
    PUT_UP.require(actor, body, at=at)
    if person.pk == actor.pk:
        raise NotAllowed
    return _name(person, card, body, ExpertState.INVITED, actor, at)


@transaction.atomic
def apply_as_expert(*, card: Card, actor: Person, at: datetime) -> Expert:
    """Put oneself up; a leader of the body that keeps the first of the fields says yes or no.

    :raises CardUnfit, FieldClosed, ExpertAlready: as `put_up_expert`
    """
    _refuse_unfit(card)
    return _name(actor, card, card.fields[0].body, ExpertState.APPLIED, actor, at)


@transaction.atomic
def accept_expert(*, expert: Expert, actor: Person, at: datetime) -> Expert:
    """Let an expert sit: the person invited says so, or a leader to whoever applied.

    :raises StepNotAllowed, Stale: it was answered before
    """
    _require_answer(expert, actor, at)
    EXPERT_FLOW.advance(expert, "accept", since=at)
    tell_of(expert, EXPERT_JOINED, actor, at, body=expert.body_id, about=expert.person)
    return expert


@transaction.atomic
def decline_expert(*, expert: Expert, actor: Person, at: datetime) -> Expert:
    """Say no: the person invited, or a leader to whoever applied.

    :raises StepNotAllowed, Stale: it was answered before
    """
    _require_answer(expert, actor, at)
    EXPERT_FLOW.advance(expert, "decline", ended_at=at)
    tell_of(expert, EXPERT_DECLINED, actor, at, body=expert.body_id)
    return expert


@transaction.atomic
def change_card(*, expert: Expert, card: Card, actor: Person, at: datetime) -> Expert:
    """Change what stands on a card.

    :raises CardUnfit, FieldClosed: see there
    :raises NotAllowed: neither the own card nor one of the actor's bodies, or the expert sits no more
    """
    KEEP_CARD.require(actor, expert, at=at)
    _refuse_unfit(card)
    if expert.state not in _LIVE:
        raise NotAllowed
    for name, value in _columns(card).items():
        setattr(expert, name, value)
    expert.save(update_fields=list(_columns(card)))
    expert.fields.set(card.fields)
    tell_of(expert, EXPERT_CHANGED, actor, at, body=expert.body_id, about=expert.person)
    return expert


@transaction.atomic
def end_expert(*, expert: Expert, actor: Person, at: datetime) -> Expert:
    """Let an expert sit no more: booked visits are called off, and who waits for an answer is told to ask another one.

    :raises StepNotAllowed, Stale: the expert does not sit
    """
    KEEP_CARD.require(actor, expert, at=at)
    EXPERT_FLOW.advance(expert, "end", ended_at=at)
    call_off_all(expert.visits.all(), actor, at)
    waiting = WorkItem.objects.filter(
        kind=CASE.id, state__in=UNANSWERED, owner=expert.person, case_sheet__expert=expert
    )
    for item in waiting.select_related("case_sheet").order_by("pk"):
        say(item, MessageKind.EXPERT_ENDED, actor, at)
    tell_of(expert, EXPERT_ENDED, actor, at, body=expert.body_id, about=expert.person)
    return expert


_LIVE = (ExpertState.INVITED, ExpertState.APPLIED, ExpertState.ACTIVE)


def _name(
    person: Person, card: Card, body: PartyOrg, state: ExpertState, actor: Person, at: datetime
) -> Expert:  # fmt: skip
    _refuse_unfit(card)
    try:
        with transaction.atomic():
            expert = Expert.objects.create(
                person=person, body=body, state=state, named_by=actor, named_at=at, **_columns(card)
            )
    except IntegrityError as error:
        raise ExpertAlready(name=person.name) from error
    expert.fields.set(card.fields)
    tell_of(expert, EXPERT_NAMED, actor, at, body=body.pk, about=person, by_self=person.pk == actor.pk)
    return expert


def _columns(card: Card) -> dict[str, object]:
    gives = {f"gives_{kind.value}": kind in card.helps for kind in HelpKind}
    return {"called": card.called.strip(), "about": card.about.strip(), **gives}


def _refuse_unfit(card: Card) -> None:
    is_long = len(card.called.strip()) > LONGEST_CALLED or len(card.about.strip()) > LONGEST_ABOUT
    if not card.fields or not card.helps or is_long:
        raise CardUnfit(called=LONGEST_CALLED, about=LONGEST_ABOUT)
    for field in card.fields:
        if field.closed_at is not None:
            raise FieldClosed(name=field.name)


def _require_answer(expert: Expert, actor: Person, at: datetime) -> None:
    right = SETTLE_APPLICATION if expert.state == ExpertState.APPLIED else ACCEPT_INVITATION
    right.require(actor, expert, at=at)


def _name_of(name: str) -> str:
    found = name.strip()
    if not found or len(found) > LONGEST_FIELD:
        raise FieldUnnamed(most=LONGEST_FIELD)
    return found
