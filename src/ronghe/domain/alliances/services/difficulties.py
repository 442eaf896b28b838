"""The shared list: a difficulty is raised by either side, claimed by both, moved on, resolved or shelved."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from ronghe.domain.alliances.enums import DIFFICULTY_FLOW, OPEN_STATES, DifficultyState, MoveKind, Side
from ronghe.domain.alliances.facts import (
    DIFFICULTY_CLAIMED,
    DIFFICULTY_MOVED,
    DIFFICULTY_RAISED,
    DIFFICULTY_RESOLVED,
)
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty, DifficultyMove, Partner
from ronghe.domain.alliances.rules import (
    CLAIM_OURS,
    MOVE_OURS,
    MOVE_THEIRS,
    RAISE_FOR_PARTNER,
    RAISE_FOR_US,
    SEE_DIFFICULTY,
)
from ronghe.domain.alliances.selectors import our_people
from ronghe.domain.alliances.services.alliances import refuse_over
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

EVENING = time(18)


class DifficultyDuePast(DomainError):
    code = "alliance_due_past"
    sentence = N_("期限 %(due_on)s 已经过去，请另定期限。")
    status = 422


class PartnerElsewhere(DomainError):
    code = "partner_elsewhere"
    sentence = N_("“%(name)s”不在这个联盟里，请另选伙伴。")
    status = 422


class AlreadyClaimed(DomainError):
    code = "alliance_already_claimed"
    sentence = N_("这一方已经认领。")


class OwnerNotOurs(DomainError):
    code = "owner_not_ours"
    sentence = N_("%(name)s不在“%(body)s”，请另选我方牵头人。")
    status = 422


class MoveEmpty(DomainError):
    code = "alliance_move_empty"
    sentence = N_("请写一句：做了什么，或为什么。")
    status = 422


class TaskThere(DomainError):
    code = "alliance_task_there"
    sentence = N_("我方已经派了任务，请在任务里跟进。")


@transaction.atomic
def raise_difficulty(
    *, alliance: Alliance, partner: Partner, title: str, due_on: date, actor: Person, at: datetime, text: str = ""
) -> AllianceDifficulty:
    """Put a difficulty on the shared list, for us or for the partner that the actor speaks for.

    :raises NotAllowed: the actor is neither of us nor the partner's contact
    :raises PartnerElsewhere: the partner is not, or no longer, in the alliance
    :raises DifficultyDuePast: the deadline is over
    """
    side = _raising_side(alliance, partner, actor, at)
    refuse_over(alliance)
    if partner.alliance_id != alliance.pk or partner.withdrawn_at is not None:
        raise PartnerElsewhere(name=partner.name)
    if due_on < local_day(at):
        raise DifficultyDuePast(due_on=due_on)
    difficulty = AllianceDifficulty.objects.create(
        alliance=alliance, partner=partner, title=title.strip(), text=text.strip(), raised_by=actor, raised_side=side,
        raised_at=at, due_on=due_on, waiting_since=at,
    )  # fmt: skip
    _keep(difficulty, MoveKind.RAISED, side, "", actor, at)
    _record(DIFFICULTY_RAISED, difficulty, actor, at, side=side)
    return difficulty


@transaction.atomic
def claim_ours(
    *, difficulty: AllianceDifficulty, actor: Person, at: datetime, owner: Person | None = None
) -> AllianceDifficulty:
    """Take it up on our side: the actor, or whom a keeper of the alliance names.

    :raises OwnerNotOurs: the owner is nobody of our body
    :raises AlreadyClaimed: our side has an owner
    :raises NotAllowed: only a keeper names somebody else
    """
    owner = owner or actor
    (CLAIM_OURS if owner.pk == actor.pk else MOVE_OURS).require(actor, difficulty, at=at)
    if owner.pk != actor.pk and not our_people(difficulty.alliance, at).filter(pk=owner.pk).exists():
        raise OwnerNotOurs(name=owner.name, body=difficulty.alliance.body.name)
    return _claim(difficulty, Side.OURS, actor, at, our_claimed_at=at, our_owner=owner)


@transaction.atomic
def claim_theirs(*, difficulty: AllianceDifficulty, actor: Person, at: datetime) -> AllianceDifficulty:
    """Take it up on the partner's side; the owner there is the partner's contact.

    :raises AlreadyClaimed: that side did already
    """
    MOVE_THEIRS.require(actor, difficulty, at=at)
    return _claim(difficulty, Side.THEIRS, actor, at, their_claimed_at=at)


@transaction.atomic
def comment(*, difficulty: AllianceDifficulty, text: str, actor: Person, at: datetime) -> DifficultyMove:
    """Say something about it; whoever sees it may, as long as it is open or shelved.

    :raises MoveEmpty: without words
    """
    SEE_DIFFICULTY.require(actor, difficulty, at=at)
    if difficulty.state not in OPEN_STATES | {DifficultyState.SHELVED}:
        raise StepNotAllowed(state=difficulty.get_state_display())
    return _keep(difficulty, MoveKind.COMMENT, side_of(difficulty, actor, at), _said(text), actor, at)


def progress(
    *, difficulty: AllianceDifficulty, text: str, next_side: Side, actor: Person, at: datetime
) -> AllianceDifficulty:
    """Say what one's side did, and whose turn it is now."""
    changes = {"waiting_for": next_side, "waiting_since": at}
    return _step(difficulty, "progress", MoveKind.PROGRESS, text, actor, at, **changes)


def shelve(*, difficulty: AllianceDifficulty, text: str, actor: Person, at: datetime) -> AllianceDifficulty:
    """Lay it aside, with the reason."""
    return _step(difficulty, "shelve", MoveKind.SHELVED, text, actor, at, waiting_for=Side.NOBODY, waiting_since=at)


def resume(*, difficulty: AllianceDifficulty, text: str, actor: Person, at: datetime) -> AllianceDifficulty:
    """Take a shelved one up again; both sides are waited for."""
    return _step(difficulty, "resume", MoveKind.RESUMED, text, actor, at, waiting_for=Side.BOTH, waiting_since=at)


@transaction.atomic
def withdraw(*, difficulty: AllianceDifficulty, actor: Person, at: datetime) -> AllianceDifficulty:
    """Take back what one's own side raised, as long as not both have claimed it."""
    side = _moving_side(difficulty, actor, at) if difficulty.raised_by_id != actor.pk else Side(difficulty.raised_side)
    if side != difficulty.raised_side:
        raise NotAllowed(permission=MOVE_OURS.name)
    SEE_DIFFICULTY.require(actor, difficulty, at=at)
    DIFFICULTY_FLOW.advance(difficulty, "withdraw", waiting_for=Side.NOBODY, waiting_since=at, settled_at=at)
    _keep(difficulty, MoveKind.WITHDRAWN, side, "", actor, at)
    _record(DIFFICULTY_MOVED, difficulty, actor, at, side=side, step="withdraw")
    return difficulty


@transaction.atomic
def resolve(*, difficulty: AllianceDifficulty, result: str, actor: Person, at: datetime) -> AllianceDifficulty:
    """Say what came of it; the fact counts the days since it was raised.

    :raises MoveEmpty: without a result
    """
    side = _moving_side(difficulty, actor, at)
    said = _said(result)
    DIFFICULTY_FLOW.advance(
        difficulty, "resolve", result=said, settled_at=at, waiting_for=Side.NOBODY, waiting_since=at
    )
    _keep(difficulty, MoveKind.RESOLVED, side, said, actor, at)
    days = (local_day(at) - local_day(difficulty.raised_at)).days
    _record(DIFFICULTY_RESOLVED, difficulty, actor, at, side=side, days=days)
    return difficulty


@transaction.atomic
def make_task(*, difficulty: AllianceDifficulty, actor: Person, at: datetime) -> Task:
    """Make our part a task of our owner, due when the difficulty is.

    :raises TaskThere: it is one already
    :raises StepNotAllowed: not both sides have claimed it, or it is over
    :raises DeadlinePast: its deadline is over
    """
    MOVE_OURS.require(actor, difficulty, at=at)
    if not DIFFICULTY_FLOW.allows(difficulty, "progress") or difficulty.our_owner is None:
        raise StepNotAllowed(state=difficulty.get_state_display())
    if difficulty.task_id is not None:
        raise TaskThere
    due_at = datetime.combine(difficulty.due_on, EVENING, tzinfo=SHANGHAI)
    task = give_task(
        title=difficulty.title, assignee=difficulty.our_owner, due_at=due_at, body=difficulty.alliance.body,
        actor=actor, at=at, goal=difficulty.text or None,
    )  # fmt: skip
    if not AllianceDifficulty.objects.filter(pk=difficulty.pk, task=None).update(task=task):
        raise TaskThere
    difficulty.task = task
    _keep(difficulty, MoveKind.TASKED, Side.OURS, "", actor, at)
    _record(DIFFICULTY_MOVED, difficulty, actor, at, side=Side.OURS, step="task")
    return task


def side_of(difficulty: AllianceDifficulty, actor: Person, at: datetime) -> Side:
    """Return for which side `actor` speaks here; whoever is of both speaks for us."""
    ours = RAISE_FOR_US.allows(actor, difficulty.alliance, at=at) or MOVE_OURS.allows(actor, difficulty, at=at)
    if ours:
        return Side.OURS
    return Side.THEIRS if _is_partner(difficulty, actor, at) else Side.OURS


def _is_partner(difficulty: AllianceDifficulty, actor: Person, at: datetime) -> bool:
    return any(RAISE_FOR_PARTNER.allows(actor, one, at=at) for one in difficulty.alliance.partners.all())


def _raising_side(alliance: Alliance, partner: Partner, actor: Person, at: datetime) -> Side:
    if RAISE_FOR_US.allows(actor, alliance, at=at):
        return Side.OURS
    RAISE_FOR_PARTNER.require(actor, partner, at=at)
    return Side.THEIRS


def _moving_side(difficulty: AllianceDifficulty, actor: Person, at: datetime) -> Side:
    if MOVE_OURS.allows(actor, difficulty, at=at):
        return Side.OURS
    MOVE_THEIRS.require(actor, difficulty, at=at)
    return Side.THEIRS


def _claim(
    difficulty: AllianceDifficulty, side: Side, actor: Person, at: datetime, **changes: object
) -> AllianceDifficulty:
    """Note one side's claim; the second one moves the difficulty on. Two of one side at once: one wins."""
    field = "our_claimed_at" if side == Side.OURS else "their_claimed_at"
    if difficulty.state != DifficultyState.RAISED:
        raise AlreadyClaimed if getattr(difficulty, field) else StepNotAllowed(state=difficulty.get_state_display())
    rows = AllianceDifficulty.objects.filter(pk=difficulty.pk, state=DifficultyState.RAISED)
    other = Side.THEIRS if side == Side.OURS else Side.OURS
    if not rows.filter(**{field: None}).update(waiting_for=other, waiting_since=at, **changes):
        difficulty.refresh_from_db()
        raise AlreadyClaimed if getattr(difficulty, field) else Stale
    both = rows.filter(our_claimed_at__isnull=False, their_claimed_at__isnull=False)
    both.update(state=DifficultyState.CLAIMED, waiting_for=Side.OURS)
    difficulty.refresh_from_db()
    _keep(difficulty, MoveKind.CLAIMED, side, "", actor, at)
    _record(DIFFICULTY_CLAIMED, difficulty, actor, at, side=side)
    return difficulty


@transaction.atomic
def _step(
    difficulty: AllianceDifficulty, step: str, kind: MoveKind, text: str, actor: Person, at: datetime, **changes: object
) -> AllianceDifficulty:
    side = _moving_side(difficulty, actor, at)
    said = _said(text)
    DIFFICULTY_FLOW.advance(difficulty, step, **changes)
    _keep(difficulty, kind, side, said, actor, at)
    _record(DIFFICULTY_MOVED, difficulty, actor, at, side=side, step=step)
    return difficulty


def _said(text: str) -> str:
    if not text.strip():
        raise MoveEmpty
    return text.strip()


def _keep(
    difficulty: AllianceDifficulty, kind: MoveKind, side: Side, text: str, actor: Person, at: datetime
) -> DifficultyMove:
    return DifficultyMove.objects.create(
        difficulty=difficulty, kind=kind, side=side, text=text, made_by=actor, made_at=at
    )


def _record(kind: FactKind, difficulty: AllianceDifficulty, actor: Person, at: datetime, **attributes: object) -> None:
    record(Draft(kind, at, actor, body=difficulty.alliance.body_id, attributes=attributes, source=difficulty))
