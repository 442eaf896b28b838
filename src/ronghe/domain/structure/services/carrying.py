"""Carrying an act out: what its plan says, in one transaction, from its day on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg
from ronghe.domain.org.services.people import join_body, leave_body, leave_post, move_in_group
from ronghe.domain.org.services.trees import create_party_org
from ronghe.domain.structure.calc.placing import BRANCHES
from ronghe.domain.structure.enums import ACT_FLOW, ActKind, ActState
from ronghe.domain.structure.facts import ACT_CARRIED_OUT
from ronghe.domain.structure.models import BodyAct, BodyCharter, CoveredUnit
from ronghe.domain.structure.selectors.plans import Place, Plan, Transfer, plan_of
from ronghe.domain.structure.services.checking import check_act
from ronghe.domain.structure.services.identities import call_body, close_body, hang_body
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class TwiceThatDay(DomainError):
    code = "twice_that_day"
    sentence = N_("有人在 %(day)s 已经转出又转回，同一天不能再转（PO-12）。请改生效日期。")


@transaction.atomic
def carry_out(*, act: BodyAct, at: datetime) -> BodyAct:
    """Do what the approved act says, as of its day. The rights were asked when it was approved.

    :raises Stale: somebody else carried it out or withdrew it a moment ago
    :raises DomainError: what came between approval and the day, see `check_act`
    """
    held = BodyAct.objects.select_for_update(of=("self",)).filter(pk=act.pk, state=ActState.APPROVED).first()
    if held is None:
        raise Stale
    plan = plan_of(held)
    check_act(held, plan)
    try:
        with transaction.atomic():
            founded = _do(held, plan, at)
    except IntegrityError as error:
        raise TwiceThatDay(day=held.effective_on) from error
    ACT_FLOW.advance(
        act, "carry_out", carried_out_at=at, hindrance="", body=founded.get(1, act.body) if _founds(act) else act.body
    )  # fmt: skip
    act.parts.filter(is_open=True).update(is_open=False)
    record(
        Draft(ACT_CARRIED_OUT, at, act.decided_by, body=act.body_id, source=act, attributes={
            "act": act.kind, "effective_on": act.effective_on, "posts": len(plan.posts),
            "people": len(plan.transfers) + len(plan.leaving), "bodies": len(plan.founded) + len(plan.closed),
        })
    )  # fmt: skip
    return act


def _founds(act: BodyAct) -> bool:
    return act.kind == ActKind.FOUND


def _do(act: BodyAct, plan: Plan, at: datetime) -> dict[int, PartyOrg]:
    """Do everything of a plan in its order; return the founded bodies by their number.

    What becomes a branch is one before people can be at home there; what is renamed because of its new place has its
    name before it comes there; the rest is renamed last, when the names of closed bodies are free.
    """
    day = act.effective_on
    founded = {place.number: _found(act, place, parent, at) for place, parent in plan.founded}
    for post in plan.posts:
        leave_post(post=post, until=day, actor=None, at=at)
    for row in plan.leaving:
        leave_body(membership=row, until=day, actor=None, at=at)
    moving = {body.pk for body, _target in plan.moved}
    first = [row for row in plan.renamed if row[0].pk in moving or (row[2] in BRANCHES and row[2] != row[0].kind)]
    for body, name, kind in first:
        call_body(body=body, name=name, kind=kind, since=day, at=at)
    for body, target in plan.moved:
        hang_body(body=body, parent=_real(target, founded), since=day, at=at)
    for transfer in plan.transfers:
        _transfer(transfer, founded, day, at)
    for body in plan.closed:
        close_body(body=body, until=day, at=at)
    for body, name, kind in plan.renamed:
        if (body, name, kind) not in first:
            call_body(body=body, name=name, kind=kind, since=day, at=at)
    return founded


def _found(act: BodyAct, place: Place, parent: PartyOrg, at: datetime) -> PartyOrg:
    body = create_party_org(
        name=place.name, kind=place.kind, parent=parent, since=act.effective_on, actor=None, at=at,  # type: ignore[arg-type]
        unit=act.unit, approval_ref=act.approval_ref,
    )  # fmt: skip
    if act.planned_end_on or act.outflow_id or act.outflow_name or act.inflow_id or act.inflow_name:
        BodyCharter.objects.create(
            body=body, planned_end_on=act.planned_end_on, outflow=act.outflow, outflow_name=act.outflow_name,
            inflow=act.inflow, inflow_name=act.inflow_name,
        )  # fmt: skip
    CoveredUnit.objects.bulk_create(
        CoveredUnit(body=body, unit_id=unit, valid_from=act.effective_on)
        for unit in act.covered.order_by("pk").values_list("unit_id", flat=True)
    )
    return body


def _transfer(transfer: Transfer, founded: dict[int, PartyOrg], day: date, at: datetime) -> None:
    row = Membership.objects.select_related("person", "body", "group").get(pk=transfer.membership.pk)
    body = _real(transfer.to, founded)
    group = _real(transfer.group, founded) if transfer.group is not None else None
    if transfer.kind == MembershipKind.PARTICIPATION:
        join_body(person=row.person, body=body, kind=transfer.kind, since=day, actor=None, at=at)
    elif row.body_id == body.pk:
        move_in_group(membership=row, group=group, since=day, actor=None, at=at)
    else:
        if row.kind == MembershipKind.PARTICIPATION:
            leave_body(membership=row, until=day, actor=None, at=at)
            if Membership.objects.filter(person=row.person, body=body, kind=row.kind, valid_until=None).exists():
                return
        join_body(
            person=row.person, body=body, kind=MembershipKind(row.kind), since=day, actor=None, at=at, group=group
        )  # fmt: skip


def _real(place: Place, founded: dict[int, PartyOrg]) -> PartyOrg:
    """Return the body of a place as it is now: founded, moved and renamed ones are read again."""
    if place.body is None:
        return founded[place.number]
    return PartyOrg.objects.get(pk=place.body.pk)
