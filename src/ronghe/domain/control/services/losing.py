"""Idle hours and rework: one side records crew, hours, cause and cost, the other one confirms or contests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.control.enums import LossKind, ShippedCause
from ronghe.domain.control.facts import CAUSE_ADDED, LOSS_AGREED
from ronghe.domain.control.models import IdleCause, IdleClaim, WorkProcess
from ronghe.domain.control.rules import ADD_CAUSE, LOSS, RECORD_LOSS
from ronghe.domain.control.selectors.sides import my_parties, parties_of_project, zone_of_project
from ronghe.domain.control.selectors.standards import causes_of
from ronghe.domain.control.services.telling import tell, tell_of_body
from ronghe.domain.items.facts import ITEM_CHANGED
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.services.filling import filled
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.items.services.telling import tell as tell_item
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_, _

MOST_HOURS, MOST_YUAN, MOST_PEOPLE = Decimal(1_000_000), Decimal(10) ** 11, 10_000
CHANGEABLE = ("people", "hours", "cost", "basis")
"""What is handed in anew after the other side contested it."""
ANSWER_DAYS = 7
"""Proposed to the recorder as the time in which the other side is to answer."""


class LossUnfit(DomainError):
    code = "loss_unfit"
    sentence = N_("%(why)s")
    status = 422


class NoOtherSide(DomainError):
    code = "loss_no_other_side"
    sentence = N_("请选该由哪个参建单位承担。要先有协作区和参建单位，本班组的单位和承担单位不能是同一个。")
    status = 422


class AnswererMissing(DomainError):
    code = "loss_answerer_missing"
    sentence = N_("“%(unit)s”没有登记联系人，请选由对方谁来认定。")
    status = 422


class CauseUnfit(DomainError):
    code = "loss_cause_unfit"
    sentence = N_("原因要 1 到 40 个字，不能和已有的重复。")
    status = 422


@dataclass(frozen=True, slots=True)
class LossText:
    """What was lost. `cause` is a code of `causes_of`; `values` are the fields of the kind, as typed."""

    kind: LossKind
    cause: str
    happened_on: date
    values: Mapping[str, object]
    answers_unit: AdminUnit
    crew_unit: AdminUnit | None = None
    """The actor's own side unless told."""
    answerer: Person | None = None
    """The contact of the other side unless told."""
    text: str = ""
    lot: str = ""
    process: WorkProcess | None = None
    due_at: datetime | None = None


def record_loss(
    *, project: Project, text: LossText, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> IdleClaim:
    """Record idle hours or rework, to be confirmed by the other side; nothing counts before.

    :raises NoOtherSide: the units are none of the project, or one and the same
    :raises AnswererMissing: nobody is known there
    :raises LossUnfit, ValuesUnfit: hours, people, cost or cause that cannot be
    """
    RECORD_LOSS.require(actor, project, at=at)
    day = local_day(at)
    crew_unit, answerer = _sides(project, text, actor, at)
    values = {**text.values, "kind": str(text.kind)}
    typed = filled(LOSS.raised_with, values)
    hours, fen, people = _numbers(typed)
    if text.happened_on > day:
        raise LossUnfit(why=_("发生日期不能在将来。"))
    if text.process is not None and text.process.project_id != project.pk:
        raise LossUnfit(why=_("工序要从本项目里选。"))
    own = _own_cause(text.cause, project, day)
    cause = own.name if own is not None else ShippedCause(text.cause).label
    words = {"kind": LossKind(text.kind).label, "cause": cause, "hours": typed["hours"]}
    title = _("%(kind)s：%(cause)s，%(hours)s 工时") % words
    given = ItemText(
        title[:120], text=text.text, values=values, due_at=text.due_at, project=project, owner=answerer,
        zone=zone_of_project(project, day),
    )  # fmt: skip
    with transaction.atomic():
        item = put_up(kind=LOSS, text=given, body=project.body, actor=actor, at=at, uploads=uploads)
        return IdleClaim.objects.create(
            item=item, project=project, kind=text.kind, cause="" if own is not None else text.cause, own_cause=own,
            crew=str(typed["crew"])[:40], crew_unit=crew_unit, answers_unit=text.answers_unit, lot=text.lot.strip()[:80],
            process=text.process, happened_on=text.happened_on, people=people, hours=hours, fen=fen,
        )  # fmt: skip


@transaction.atomic
def hand_in_again(*, item: WorkItem, values: Mapping[str, object], note: str, actor: Person, at: datetime) -> WorkItem:
    """Hand a contested one in again, with the numbers as they are now; what was there before stands in the history.

    :raises LossUnfit, ValuesUnfit: numbers that cannot be
    :raises StepNoteMissing: without a word what was changed
    :raises StepNotAllowed, Stale: as any step
    """
    spec = LOSS.step_by_id["resubmit"]
    spec.right.require(actor, item, at=at)
    before = dict(item.values)
    changed = {name: value for name, value in values.items() if name in CHANGEABLE and value not in (None, "")}
    typed = filled(LOSS.fields, {**before, **changed})
    hours, fen, people = _numbers(typed)
    go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note))
    if typed != before:
        WorkItem.objects.filter(pk=item.pk).update(values=typed)
        item.values = typed
        ItemStep.objects.create(
            item=item, step="change", from_state=item.state, to_state=item.state, by=actor, at=at, owner=item.owner,
            due_at=item.due_at, round=item.round, values={"values": before},
        )  # fmt: skip
        tell_item(item, ITEM_CHANGED, actor, at)
    IdleClaim.objects.filter(item=item).update(hours=hours, fen=fen, people=people)
    return item


def count_agreed(item: WorkItem, actor: Person, at: datetime) -> None:
    """Record what both sides agreed on, once; called where the step that confirms is told."""
    claim = IdleClaim.objects.select_related("project", "own_cause").get(item=item)
    tell(
        LOSS_AGREED, claim.project, actor, at, claim, quantity=claim.yuan, kind=claim.kind,
        cause=claim.cause or "own", minutes=int(claim.hours * 60), people=claim.people,
    )  # fmt: skip


@transaction.atomic
def add_cause(*, body: PartyOrg, name: str, actor: Person, at: datetime) -> IdleCause:
    """Add a cause of the body's own.

    :raises CauseUnfit: empty, too long, or there already
    """
    ADD_CAUSE.require(actor, body, at=at)
    name = name.strip()
    known = {word for _code, word in causes_of(body.pk, local_day(at))}
    if not 1 <= len(name) <= 40 or name in known:
        raise CauseUnfit
    try:
        with transaction.atomic():
            cause = IdleCause.objects.create(body=body, name=name, added_by=actor, added_at=at)
    except IntegrityError as error:
        raise CauseUnfit from error
    tell_of_body(CAUSE_ADDED, body, actor, at, cause, act="add")
    return cause


@transaction.atomic
def end_cause(*, cause: IdleCause, actor: Person, at: datetime) -> None:
    """Offer a cause no more; what it was chosen for keeps it."""
    ADD_CAUSE.require(actor, cause.body, at=at)
    if not IdleCause.objects.filter(pk=cause.pk, ended_at=None).update(ended_at=at):
        raise Stale
    tell_of_body(CAUSE_ADDED, cause.body, actor, at, cause, act="end")


def _sides(project: Project, text: LossText, actor: Person, at: datetime) -> tuple[AdminUnit, Person]:
    parties = list(parties_of_project(project, local_day(at)))
    by_unit = {party.unit_id: party.unit for party in parties}
    mine = [party.unit for party in my_parties(actor, project, at)]
    crew_unit = text.crew_unit or (mine[0] if mine else None)
    is_sound = crew_unit is not None and crew_unit.pk in by_unit and text.answers_unit.pk in by_unit
    if crew_unit is None or not is_sound or crew_unit.pk == text.answers_unit.pk:
        raise NoOtherSide
    contacts = [party.contact for party in parties if party.unit_id == text.answers_unit.pk and party.contact]
    answerer = text.answerer or next((one for one in contacts if one.pk != actor.pk), None)
    if answerer is None or answerer.pk == actor.pk:
        raise AnswererMissing(unit=text.answers_unit.name)
    return crew_unit, answerer


def _own_cause(code: str, project: Project, day: date) -> IdleCause | None:
    if code in ShippedCause.values:
        return None
    if code not in dict(causes_of(project.body_id, day)):
        raise LossUnfit(why=_("请从给出的原因里选。"))
    return IdleCause.objects.get(pk=int(code.removeprefix("own:")))


def _numbers(values: Mapping[str, object]) -> tuple[Decimal, int, int]:
    """Return man-hours, the cost in fen, and people."""
    hours, cost, people = Decimal(str(values["hours"])), Decimal(str(values["cost"])), int(str(values["people"]))
    if not 0 < hours <= MOST_HOURS:
        raise LossUnfit(why=_("合计工时要大于 0，最多两位小数。"))
    if cost > MOST_YUAN:
        raise LossUnfit(why=_("费用太大了，请核对单位是元。"))
    if not 1 <= people <= MOST_PEOPLE:
        raise LossUnfit(why=_("人数要在 1 到 %(most)s 之间。") % {"most": MOST_PEOPLE})
    return hours, int(cost * 100), people
