"""A visit is arranged or called off; many bodies are called on at once (专项督察)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.inspections.calc.checklists import Checklist
from ronghe.domain.inspections.enums import InspectionForm, InspectionState
from ronghe.domain.inspections.facts import CALL_CLOSED, CALL_ISSUED, CALLED_OFF, PLANNED
from ronghe.domain.inspections.models import GroupMember, Inspection, InspectionCall, InspectionFinding
from ronghe.domain.inspections.rules import ARRANGE, CALL_OFF, FLOW, ISSUE_CALL, RUN_CALL
from ronghe.domain.inspections.selectors.checklists import checklist_called
from ronghe.domain.inspections.selectors.inspections import conflicts_of
from ronghe.domain.inspections.services.telling import tell
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, listed

LEAST_OF_ACCEPTANCE = 2
"""A veto is reviewed by somebody else than whoever raised it (RT-07), so one person alone accepts no grade."""
MOST_BODIES = 200


class GroupTooSmall(DomainError):
    code = "inspection_group_too_small"
    sentence = N_("督查组至少要有 %(least)s 人。达标验收要两人以上，一票否决要由另一人复核。")
    status = 422


class GroupInConflict(DomainError):
    code = "inspection_group_in_conflict"
    sentence = N_("%(people)s 在“%(body)s”或者它的下级里任职、参加，不能去那里督查，请换人。")


class DaysUnfit(DomainError):
    code = "inspection_days_unfit"
    sentence = N_("结束的那天不能早于开始的那天，也不能已经过去。")
    status = 422


class ChecklistElsewhere(DomainError):
    code = "inspection_checklist_elsewhere"
    sentence = N_("检查表“%(title)s”不是用来做“%(form)s”的，请换一张。")
    status = 422


class ReasonMissing(DomainError):
    code = "inspection_reason_missing"
    sentence = N_("请写明为什么取消。")
    status = 422


class CallTitleMissing(DomainError):
    code = "inspection_call_title_missing"
    sentence = N_("请写明这次专项督察叫什么。")
    status = 422


class NoBodiesCalled(DomainError):
    code = "inspection_call_no_bodies"
    sentence = N_("请选 1 到 %(most)s 个被督察的组织。")
    status = 422


class CallOpen(DomainError):
    code = "inspection_call_open"
    sentence = N_("还有 %(count)s 个组织没有督察完，完成或者取消以后再结束。")


class ConclusionMissing(DomainError):
    code = "inspection_call_no_conclusion"
    sentence = N_("请写一段结论：共性问题是什么，下一步怎么办。")
    status = 422


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """How a visit is to be made; the first of `group` leads it, `until_on` is the last day."""

    form: InspectionForm
    checklist: str
    planned_on: date
    until_on: date
    group: Sequence[Person]


@transaction.atomic
def arrange_inspection(*, body: PartyOrg, plan: VisitPlan, actor: Person, at: datetime) -> Inspection:
    """Arrange that a group visits `body` (RT-02: half-yearly guidance, yearly acceptance).

    :raises GroupTooSmall: nobody goes, or one alone to accept a grade
    :raises GroupInConflict: one of the group belongs or leads there
    :raises DaysUnfit: days in the wrong order, or over
    :raises ChecklistElsewhere: not a checklist of this form
    :raises NotFound: no such checklist
    """
    ARRANGE.require(actor, body, at=at)
    sheet = _checked(plan, at)
    _refuse_conflicts(plan.group, [body], at)
    return _arrange(body, plan, sheet, None, actor, at)


@transaction.atomic
def call_off(*, inspection: Inspection, reason: str, actor: Person, at: datetime) -> Inspection:
    """Call a visit off that is not sealed; what was found stays.

    :raises ReasonMissing: without a reason
    :raises StepNotAllowed, Stale: it is over
    """
    CALL_OFF.require(actor, inspection, at=at)
    if not reason.strip():
        raise ReasonMissing
    FLOW.advance(inspection, "call_off", reason=reason.strip()[:400])
    tell(inspection, CALLED_OFF, actor, at, form=inspection.form)
    return inspection


@transaction.atomic
def issue_call(
    *, title: str, body: PartyOrg, bodies: Sequence[PartyOrg], plan: VisitPlan, actor: Person, at: datetime
) -> InspectionCall:
    """Call for a special inspection of many bodies by one checklist; each is visited by the same group.

    :raises CallTitleMissing, NoBodiesCalled: not filled in
    :raises: as `arrange_inspection`, for each of the bodies
    """
    ISSUE_CALL.require(actor, body, at=at)
    if not title.strip():
        raise CallTitleMissing
    if not 0 < len(bodies) <= MOST_BODIES:
        raise NoBodiesCalled(most=MOST_BODIES)
    for one in bodies:
        ARRANGE.require(actor, one, at=at)
    sheet = _checked(plan, at)
    _refuse_conflicts(plan.group, bodies, at)
    call = InspectionCall.objects.create(
        title=title.strip()[:120], body=body, checklist=sheet.id, from_on=plan.planned_on, until_on=plan.until_on,
        issued_by=actor, issued_at=at,
    )  # fmt: skip
    for one in {body.pk: body for body in bodies}.values():
        _arrange(one, plan, sheet, call, actor, at)
    attributes = {"checklist": sheet.id, "bodies": len(bodies)}
    record(Draft(CALL_ISSUED, at, actor, body=body.pk, unit=body.unit_id, attributes=attributes, source=call))
    return call


@transaction.atomic
def close_call(*, call: InspectionCall, conclusion: str, actor: Person, at: datetime) -> InspectionCall:
    """Close a call with what it concluded, once every visit is sealed or called off.

    :raises ConclusionMissing: without words
    :raises CallOpen: a visit is still to be made
    :raises Stale: somebody closed it
    """
    RUN_CALL.require(actor, call, at=at)
    if not conclusion.strip():
        raise ConclusionMissing
    states = list(call.inspections.values_list("state", flat=True))
    waiting = sum(1 for state in states if state in (InspectionState.PLANNED, InspectionState.UNDER_WAY))
    if waiting:
        raise CallOpen(count=waiting)
    closed = {"conclusion": conclusion.strip()[:2000], "closed_by": actor, "closed_at": at}
    if not InspectionCall.objects.filter(pk=call.pk, closed_at=None).update(**closed):
        raise Stale
    for name, value in closed.items():
        setattr(call, name, value)
    found = InspectionFinding.objects.filter(inspection__call=call).count()
    attributes = {"sealed": states.count(InspectionState.SEALED), "findings": found}
    record(Draft(CALL_CLOSED, at, actor, body=call.body_id, unit=call.body.unit_id, attributes=attributes, source=call))
    return call


def _checked(plan: VisitPlan, at: datetime) -> Checklist:
    least = LEAST_OF_ACCEPTANCE if plan.form == InspectionForm.ACCEPTANCE else 1
    if len({person.pk for person in plan.group}) < least:
        raise GroupTooSmall(least=least)
    if plan.until_on < plan.planned_on or plan.until_on < local_day(at):
        raise DaysUnfit
    sheet = checklist_called(plan.checklist)
    if plan.form not in sheet.forms:
        raise ChecklistElsewhere(title=sheet.title, form=InspectionForm(plan.form).label)
    return sheet


def _refuse_conflicts(group: Sequence[Person], bodies: Sequence[PartyOrg], at: datetime) -> None:
    found = conflicts_of(group, bodies, local_day(at))
    if found:
        place = found[0][1]
        raise GroupInConflict(people=listed(person.name for person, body in found if body == place), body=place.name)


def _arrange(
    body: PartyOrg, plan: VisitPlan, sheet: Checklist, call: InspectionCall | None, actor: Person, at: datetime
) -> Inspection:
    try:
        with transaction.atomic():
            made = Inspection.objects.create(
                body=body, form=plan.form, checklist=sheet.id, content=sheet.kept, call=call, planned_on=plan.planned_on,
                until_on=plan.until_on, arranged_by=actor, arranged_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    people = list({person.pk: person for person in plan.group}.values())
    GroupMember.objects.bulk_create(
        GroupMember(inspection=made, person=person, is_leader=place == 0) for place, person in enumerate(people)
    )
    tell(made, PLANNED, actor, at, form=plan.form, checklist=sheet.id, on=plan.planned_on)
    return made
