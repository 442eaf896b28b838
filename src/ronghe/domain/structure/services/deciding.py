"""Approving, refusing, withdrawing an act, and taking note of what a branch decided about its groups."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.calc.thresholds import needs_reference
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.structure.enums import ACT_FLOW
from ronghe.domain.structure.facts import ACT_APPROVED, ACT_KNOWN, ACT_REFUSED, ACT_WITHDRAWN
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.rules import DECIDE_ACT, NOTE_ACT, WITHDRAW_ACT
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.plans import plan_of
from ronghe.domain.structure.selectors.previews import sizes_after
from ronghe.domain.structure.services.carrying import carry_out
from ronghe.domain.structure.services.checking import check_act
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ReferenceWanted(DomainError):
    code = "reference_wanted"
    sentence = N_("%(kind)s“%(name)s”须有上级批复文号（%(rule)s）。请填写批复文号。")
    status = 422


class NoReason(DomainError):
    code = "no_reason"
    sentence = N_("请写明原因，好让对方知道怎么办。")
    status = 422


class NotForNote(DomainError):
    code = "not_for_note"
    sentence = N_("这项调整已经知晓，或者还没有生效，不用再登记。")


@transaction.atomic
def approve_act(*, act: BodyAct, actor: Person, at: datetime, approval_ref: str = "", note: str = "") -> BodyAct:
    """Approve an act; it is carried out at once if its day has come.

    :raises NotAllowed: the actor does not decide for the approving body
    :raises ReferenceWanted: the number of the approving document is missing (PO-02, PO-05, PO-11)
    :raises Stale: somebody else decided a moment ago
    :raises DomainError: what is in its way, see `check_act`
    """
    DECIDE_ACT.require(actor, act, at=at)
    reference = approval_ref.strip() or act.approval_ref
    plan = plan_of(act)
    check_act(act, plan)
    if not reference:
        _refuse_without_reference(act)
    ACT_FLOW.advance(
        act, "approve", decided_by=actor, decided_at=at, approval_ref=reference, decision_note=note.strip()
    )  # fmt: skip
    on_time = act.due_on is None or local_day(at) <= act.due_on
    record(
        Draft(ACT_APPROVED, at, actor, body=act.body_id or act.parent_id,
              attributes={"act": act.kind, "on_time": on_time}, source=act)
    )  # fmt: skip
    if act.effective_on <= local_day(at):
        carry_out(act=act, at=at)
    return act


def _refuse_without_reference(act: BodyAct) -> None:
    figures = figures_in_force()
    for size in sizes_after(act, plan_of(act)):
        if size.is_new_kind and needs_reference(size.kind, all_members=size.headcount.all, figures=figures):
            upper = size.kind in {PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL_BRANCH}
            rule = "PO-02" if upper else ("PO-05" if size.kind == PartyOrgKind.TEMPORARY_BRANCH else "PO-11")
            raise ReferenceWanted(kind=PartyOrgKind(size.kind).label, name=size.name, rule=rule)


@transaction.atomic
def refuse_act(*, act: BodyAct, reason: str, actor: Person, at: datetime) -> BodyAct:
    """Refuse an act with the reason; its bodies are free for another one.

    :raises NoReason: the reason is empty
    """
    DECIDE_ACT.require(actor, act, at=at)
    if not reason.strip():
        raise NoReason
    ACT_FLOW.advance(act, "refuse", decided_by=actor, decided_at=at, decision_note=reason.strip())
    _free(act)
    record(Draft(ACT_REFUSED, at, actor, body=act.body_id or act.parent_id, attributes={"act": act.kind}, source=act))
    return act


@transaction.atomic
def withdraw_act(*, act: BodyAct, actor: Person, at: datetime) -> BodyAct:
    """Take an act back that was not carried out yet, approved or not; whoever proposed it may, and whoever decides."""
    WITHDRAW_ACT.require(actor, act, at=at)
    ACT_FLOW.advance(act, "withdraw")
    _free(act)
    record(Draft(ACT_WITHDRAWN, at, actor, body=act.body_id or act.parent_id, attributes={"act": act.kind}, source=act))
    return act


@transaction.atomic
def note_act(*, act: BodyAct, actor: Person, at: datetime) -> BodyAct:
    """Take note, above a branch, of what it decided about its groups (PO-08).

    :raises NotForNote: it is noted already, or nothing happened yet
    :raises Stale: somebody else did so a moment ago
    """
    NOTE_ACT.require(actor, act, at=at)
    if act.known_at is not None or act.carried_out_at is None:
        raise NotForNote
    if not BodyAct.objects.filter(pk=act.pk, known_at=None).update(known_by=actor, known_at=at):
        raise Stale
    act.known_by, act.known_at = actor, at
    record(Draft(ACT_KNOWN, at, actor, body=act.body_id, attributes={"act": act.kind}, source=act))
    return act


def _free(act: BodyAct) -> None:
    act.parts.filter(is_open=True).update(is_open=False)
