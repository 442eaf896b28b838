"""Rolling out: units are named with a day, take it up or say why not yet, and tell what came of it (SD-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.selectors.books import families
from ronghe.domain.playbooks.services.batches import NobodyChosen
from ronghe.domain.rollouts.enums import ROLLOUT_FLOW, RolloutState
from ronghe.domain.rollouts.facts import (
    EFFECT_TOLD,
    NOT_YET,
    ROLLED_OUT,
    ROLLOUT_ENDED,
    TARGET_RELEASED,
    TARGETS_NAMED,
)
from ronghe.domain.rollouts.models import Effect, Rollout, Target
from ronghe.domain.rollouts.rules import ANSWER_TARGET, ROLL_OUT
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NotRolledOut(DomainError):
    code = "not_rolled_out"
    sentence = N_("“%(title)s”现在没有在推广。")


class DueInThePast(DomainError):
    code = "due_in_the_past"
    sentence = N_("期限 %(day)s 已经过去，请写今天或以后的日期。")
    status = 422


class NobodyNew(DomainError):
    code = "nobody_new"
    sentence = N_("所选单位都已在推广名单里。")


class ReasonMissing(DomainError):
    code = "not_yet_reason_missing"
    sentence = N_("请写明为什么还没有采用，好让上级知道缺什么。")
    status = 422


class EffectMissing(DomainError):
    code = "effect_missing"
    sentence = N_("请写明采用以后见到的效果。")
    status = 422


class NotTakenUp(DomainError):
    code = "not_taken_up"
    sentence = N_("“%(body)s”还没有采用，没有效果可以回填。请先采用。")


class TakenUp(DomainError):
    code = "taken_up"
    sentence = N_("“%(body)s”已经采用，不能从推广名单撤下。")


@transaction.atomic
def roll_out(
    *, rollout: Rollout, bodies: Sequence[PartyOrg], due_on: date, actor: Person, at: datetime
) -> list[Target]:  # fmt: skip
    """Name the units that are to take it up by `due_on`; a roll-out that runs gets further units.

    Only after a review that approved it (B6).

    :raises NobodyChosen: no unit was named
    :raises NobodyNew: all are named already
    :raises DueInThePast: `due_on` is over
    :raises NotAllowed: a unit lies outside the body that rolls out
    :raises StepNotAllowed: no review approved it
    """
    ROLL_OUT.require(actor, rollout, at=at)
    if not bodies:
        raise NobodyChosen
    if due_on < local_day(at):
        raise DueInThePast(day=due_on)
    below = PartyOrg.links().filter(ancestor_id=rollout.body_id, valid_until=None)
    below = set(below.filter(descendant__in=bodies).order_by().values_list("descendant_id", flat=True))
    if any(body.pk not in below for body in bodies):
        raise NotAllowed(permission=ROLL_OUT.name)
    # Two who name units at once must see each other's; on SQLite the transaction itself does that.
    Rollout.objects.select_for_update().filter(pk=rollout.pk).values_list("pk").get()
    known = set(rollout.targets.values_list("body_id", flat=True))
    fresh = [body for body in {body.pk: body for body in bodies}.values() if body.pk not in known]
    if not fresh:
        raise NobodyNew
    is_first = rollout.state != RolloutState.ROLLED_OUT
    if is_first:
        ROLLOUT_FLOW.advance(rollout, "roll_out", rolled_out_at=at)
    targets = Target.objects.bulk_create(
        Target(rollout=rollout, body=body, due_on=due_on, named_at=at) for body in fresh
    )  # fmt: skip
    attributes = {"bodies": len(fresh), "due_on": due_on} | ({"playbook": str(rollout.version)} if is_first else {})
    kind = ROLLED_OUT if is_first else TARGETS_NAMED
    record(Draft(kind, at, actor, body=rollout.body_id, source=rollout, attributes=attributes))
    return targets


@transaction.atomic
def release_target(*, target: Target, actor: Person, at: datetime) -> None:
    """Take a unit that was named by mistake off the list.

    :raises TakenUp: it works by it already
    """
    ROLL_OUT.require(actor, target.rollout, at=at)
    _require_running(target.rollout)
    if _works_by(target):
        raise TakenUp(body=target.body.name)
    record(Draft(TARGET_RELEASED, at, actor, body=target.body_id, source=target.rollout))
    target.delete()


@transaction.atomic
def tell_reason(*, target: Target, reason: str, actor: Person, at: datetime) -> Target:
    """Say why the unit has not taken it up yet; a later reason takes the place of an earlier.

    :raises ReasonMissing: nothing was written
    :raises NotRolledOut: the roll-out is over
    """
    ANSWER_TARGET.require(actor, target, at=at)
    _require_running(target.rollout)
    if not reason.strip():
        raise ReasonMissing
    target.reason, target.reason_by, target.reason_at = reason.strip(), actor, at
    target.save(update_fields=["reason", "reason_by", "reason_at"])
    record(Draft(NOT_YET, at, actor, body=target.body_id, source=target.rollout))
    return target


@transaction.atomic
def tell_effect(*, target: Target, text: str, actor: Person, at: datetime) -> Effect:
    """Tell what came of it in the unit (SD-08); what was told stays, a further effect is added.

    :raises EffectMissing: nothing was written
    :raises NotTakenUp: the unit never worked by it
    """
    ANSWER_TARGET.require(actor, target, at=at)
    if not text.strip():
        raise EffectMissing
    if not _works_by(target, ever=True):
        raise NotTakenUp(body=target.body.name)
    effect = Effect.objects.create(target=target, text=text.strip(), told_by=actor, told_at=at)
    record(Draft(EFFECT_TOLD, at, actor, body=target.body_id, source=target.rollout))
    return effect


@transaction.atomic
def end_rollout(*, rollout: Rollout, actor: Person, at: datetime) -> Rollout:
    """Close a roll-out: what units adopted stays theirs, nobody is asked any more."""
    ROLL_OUT.require(actor, rollout, at=at)
    ROLLOUT_FLOW.advance(rollout, "end", ended_at=at)
    record(Draft(ROLLOUT_ENDED, at, actor, body=rollout.body_id, source=rollout))
    return rollout


def _require_running(rollout: Rollout) -> None:
    if rollout.state != RolloutState.ROLLED_OUT:
        raise NotRolledOut(title=rollout.title)


def _works_by(target: Target, *, ever: bool = False) -> bool:
    playbook_id = target.rollout.version.playbook_id
    family = families().get(playbook_id, frozenset({playbook_id}))
    rows = Adoption.objects.filter(body=target.body_id, version__playbook_id__in=family)
    return bool(rows.exists() if ever else rows.filter(valid_until=None).exists())
