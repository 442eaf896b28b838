"""Somebody asks: one expert, or whoever of a field takes it; and asks another expert where the first does not help."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.domain.clinic.enums import ExpertState, HelpKind, MessageKind
from ronghe.domain.clinic.models import CaseSheet, ClinicField, Expert
from ronghe.domain.clinic.rules import CASE
from ronghe.domain.clinic.selectors.cases import due_from
from ronghe.domain.clinic.services.calling_off import call_off_of
from ronghe.domain.clinic.services.experts import ExpertNotSitting, FieldClosed
from ronghe.domain.clinic.services.telling import pictures_prepared, say, words_checked
from ronghe.domain.clinic.services.visiting import book_visit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, TitleMissing, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import Upload
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_

LONGEST_TITLE, LONGEST_GOAL = 120, 200
SEALED_TITLE = N_("连心关爱")
"""What the item of a sealed case is called: it tells nothing."""
USUAL_GOAL = {
    HelpKind.POST: N_("问题解决，岗位上能正常干"),
    HelpKind.SKILL: N_("学会，以后自己能干"),
    HelpKind.CARE: N_("有人听，有办法"),
}


class AskOneself(DomainError):
    code = "clinic_ask_oneself"
    sentence = N_("不能请自己看，请选别的专家。")
    status = 422


class HelpNotGiven(DomainError):
    code = "clinic_help_not_given"
    sentence = N_("%(name)s不做“%(help)s”，请换一位专家，或换一种帮助。")
    status = 422


class NotOfField(DomainError):
    code = "clinic_not_of_field"
    sentence = N_("%(name)s不是“%(field)s”专业的专家，请换一位，或换一个专业。")
    status = 422


class FieldMissing(DomainError):
    code = "clinic_field_missing"
    sentence = N_("请选一个专业，好让懂的人来看。")
    status = 422


class NobodySits(DomainError):
    code = "clinic_nobody_sits"
    sentence = N_("“%(field)s”专业现在没有别的专家坐诊，请换一个专业，或请支部推荐专家。")


class CareWantsExpert(DomainError):
    code = "clinic_care_wants_expert"
    sentence = N_("连心关爱只有您和一位专家看得到，请选是哪一位。")
    status = 422


class TitleTooLong(DomainError):
    code = "clinic_title_too_long"
    sentence = N_("“什么问题”最多 %(title)s 个字，“想达到什么”最多 %(goal)s 个字，细节写在说明里。")
    status = 422


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Without `expert` it goes to whoever of `field` takes it; an expert of one field needs no `field`.

    The usual goal stands in where none is given. Nothing of a sealed question is told outside the thread.
    """

    title: str
    text: str = ""
    help: HelpKind = HelpKind.POST
    goal: str = ""
    field: ClinicField | None = None
    expert: Expert | None = None
    zone: CollaborationZone | None = None
    project: Project | None = None
    source: RecordOf | None = None


def ask(
    *, question: Question, actor: Person, at: datetime, uploads: Sequence[Upload] = (), visit_at: datetime | None = None
) -> WorkItem:
    """Ask; it is to be answered within the working days that the playbook of the answering body says.

    With `visit_at` a free time of the expert is booked at once, or nothing is asked.

    :raises TitleMissing, TitleTooLong, WordsTooLong: words
    :raises ExpertNotSitting, AskOneself, HelpNotGiven, NotOfField: of the expert
    :raises FieldMissing, FieldClosed, NobodySits, CareWantsExpert: nobody to ask
    :raises PicturesUnsealed: pictures with a sealed question
    :raises SlotTaken: the time is not free
    """
    field = _field_of(question)
    body = _body_of(question, field, actor)
    is_sealed = question.help == HelpKind.CARE
    title, goal = question.title.strip(), question.goal.strip() or str(USUAL_GOAL[question.help])
    if not title:
        raise TitleMissing
    if len(title) > LONGEST_TITLE or len(goal) > LONGEST_GOAL:
        raise TitleTooLong(title=LONGEST_TITLE, goal=LONGEST_GOAL)
    words = words_checked(question.text, is_required=False)
    pictures = pictures_prepared(uploads, is_sealed=is_sealed)
    told = ItemText(title=SEALED_TITLE if is_sealed else title, due_at=due_from(body, at))
    if not is_sealed:
        told = ItemText(
            title=title, due_at=told.due_at, unit=actor.unit, zone=question.zone, project=question.project,
            source=question.source,
        )  # fmt: skip
    with transaction.atomic():
        item = put_up(kind=CASE, text=told, body=body, actor=actor, at=at)
        item.case_sheet = CaseSheet.objects.create(
            item=item, field=field, help=question.help, goal="" if is_sealed else goal, is_sealed=is_sealed,
            sealed=seal_text(json.dumps({"title": title, "goal": goal}, ensure_ascii=False)) if is_sealed else None,
        )  # fmt: skip
        say(item, MessageKind.QUESTION, actor, at, words=words, pictures=pictures)
        if question.expert is not None:
            _address(item, question.expert, actor, at)
        if visit_at is not None:
            book_visit(item=item, starts_at=visit_at, actor=actor, at=at)
    return item


@transaction.atomic
def address_case(*, item: WorkItem, expert: Expert, actor: Person, at: datetime) -> WorkItem:
    """Ask a certain expert: whoever asked at any time before the answer, a leader where nobody has taken it.

    What was booked with another one is called off.

    :raises ExpertNotSitting, AskOneself, HelpNotGiven, NotOfField: of the expert
    :raises StepNotAllowed, Stale: it was answered, or somebody else was first
    """
    sheet = item.case_sheet
    _refuse_expert(expert, HelpKind(sheet.help), sheet.field, item.raised_by_id)
    _address(item, expert, actor, at)
    call_off_of(item, actor, at)
    say(item, MessageKind.ADDRESSED, actor, at, words=expert.person.name)
    return item


def _address(item: WorkItem, expert: Expert, actor: Person, at: datetime) -> None:
    step = CASE.step_by_id["address" if actor.pk == item.raised_by_id else "hand_out"]
    go(item=item, spec=step, actor=actor, at=at, said=Said(owner=expert.person))
    CaseSheet.objects.filter(pk=item.case_sheet.pk).update(expert=expert)
    item.case_sheet.expert = expert


def _field_of(question: Question) -> ClinicField | None:
    field = question.field
    if field is None and question.expert is not None:
        own = list(question.expert.fields.filter(closed_at=None).order_by("pk")[:2])
        field = own[0] if len(own) == 1 else None
    if field is None and question.help != HelpKind.CARE:
        raise FieldMissing
    if field is not None and field.closed_at is not None:
        raise FieldClosed(name=field.name)
    return field


def _body_of(question: Question, field: ClinicField | None, actor: Person) -> PartyOrg:
    if question.expert is not None:
        _refuse_expert(question.expert, question.help, field, actor.pk)
        return question.expert.body
    if question.help == HelpKind.CARE or field is None:
        raise CareWantsExpert
    others = Expert.objects.filter(fields=field, state=ExpertState.ACTIVE).exclude(person=actor)
    if not others.filter(**{f"gives_{question.help}": True}).exists():
        raise NobodySits(field=field.name)
    return field.body


def _refuse_expert(expert: Expert, help: HelpKind, field: ClinicField | None, asker: int) -> None:  # noqa: A002
    name = expert.person.name
    if not expert.is_active:
        raise ExpertNotSitting(name=name)
    if expert.person_id == asker:
        raise AskOneself
    if help not in expert.helps:
        raise HelpNotGiven(name=name, help=help.label)
    if field is not None and not expert.fields.filter(pk=field.pk).exists():
        raise NotOfField(name=name, field=field.name)
