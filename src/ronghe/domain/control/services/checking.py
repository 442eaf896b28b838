"""The builder's side of a process (PJ-05): start, the three checks by three people, the notice; and taking the last act back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ronghe.domain.control.enums import (
    PROCESS_FLOW,
    Check,
    Point,
    ProcessAct,
    ProcessState,
)
from ronghe.domain.control.facts import PROCESS_MOVED, PROCESS_SENT_BACK
from ronghe.domain.control.models import ProcessRecord, WorkProcess
from ronghe.domain.control.rules import ACCEPT, CHECK
from ronghe.domain.control.selectors.records import last_act
from ronghe.domain.control.services.moving import (
    NO_CHECK,
    NOTHING_SHOWN,
    Shown,
    held,
    let_pass,
    move,
    note,
    prepared,
    refuse_entering,
)
from ronghe.domain.control.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class CheckedBySame(DomainError):
    code = "process_checked_by_same"
    sentence = N_("三检要由三个人做：您已经做过这道工序的%(check)s，%(wanted)s请换一个人。")


class NoWitnessPoint(DomainError):
    code = "process_no_witness_point"
    sentence = N_("“%(name)s”不是见证点，不用通知见证，做完三检直接报验。")


class AlreadyTold(DomainError):
    code = "process_already_told"
    sentence = N_("这道工序已经通知过监理见证。")


class FaultUntold(DomainError):
    code = "process_fault_untold"
    sentence = N_("请写明哪里不合格、要怎么返工。")
    status = 422


class NothingToUndo(DomainError):
    code = "process_nothing_to_undo"
    sentence = N_("只能撤回自己刚做的一步。后面已有人接着做的，请按不合格退回处理。")


def start_process(*, process: WorkProcess, actor: Person, at: datetime, shown: Shown = NOTHING_SHOWN) -> WorkProcess:
    """Enter a process.

    :raises NotAllowed: the actor is not of the builder's side
    :raises BeforeNotAccepted: one before it is not accepted (PJ-05)
    :raises StepNotAllowed: it has begun
    """
    CHECK.require(actor, process, at=at)
    files = prepared(shown)
    with transaction.atomic():
        fresh, before = held(process, at)
        refuse_entering(fresh, before)
        move(fresh, "start", ProcessAct.START, PROCESS_MOVED, actor, at, shown=shown, files=files)
    return fresh


def check_process(
    *, process: WorkProcess, check: Check, actor: Person, at: datetime, shown: Shown = NOTHING_SHOWN
) -> WorkProcess:
    """Find a process in order: the own check, the mutual, the special one, each by another person (PJ-05).

    The own check of a process that nobody has entered enters it. The special check hands it to the supervisor; a witness
    point is told with it, unless that was done before, and passes at once where the notice has run out.

    :raises NotAllowed: the actor is not of the builder's side
    :raises BeforeNotAccepted: the own check, and one before it is not accepted
    :raises CheckedBySame: the actor has made another check of this round
    :raises StepNotAllowed: another check is due, or none
    :raises PointsUnfit: numbers that cannot be
    """
    CHECK.require(actor, process, at=at)
    files = prepared(shown)
    with transaction.atomic():
        fresh, before = held(process, at)
        if not PROCESS_FLOW.allows(fresh, check.value):
            raise StepNotAllowed(state=fresh.get_state_display())
        _refuse_same(fresh, check, actor)
        changes: dict[str, Any] = {f"{check.value}_by": actor}
        if check == Check.SELF:
            refuse_entering(fresh, before)
            if fresh.state == ProcessState.WAITING:
                move(fresh, "start", ProcessAct.START, PROCESS_MOVED, actor, at)
        if check == Check.SPECIAL:
            changes |= {"measured": shown.measured, "passed": shown.passed}
            if fresh.point == Point.WITNESS and fresh.told_at is None:
                changes |= _told(fresh, at)
        move(fresh, check.value, ProcessAct(check.value), PROCESS_MOVED, actor, at, shown=shown, files=files, **changes)
        if fresh.has_run_out(at):
            let_pass(fresh, at)
    return fresh


@transaction.atomic
def tell_witness(*, process: WorkProcess, actor: Person, at: datetime, words: str = "") -> WorkProcess:
    """Tell the supervisor ahead that a witness point will be ready; the notice runs from now on.

    :raises NoWitnessPoint: it is none
    :raises AlreadyTold: it was told in this round
    :raises StepNotAllowed: not under way
    """
    CHECK.require(actor, process, at=at)
    fresh, _before = held(process, at)
    if fresh.point != Point.WITNESS:
        raise NoWitnessPoint(name=fresh.name)
    if fresh.told_at is not None:
        raise AlreadyTold
    if fresh.state in (ProcessState.WAITING, ProcessState.ACCEPTED):
        raise StepNotAllowed(state=fresh.get_state_display())
    _set(fresh, **_told(fresh, at))
    _noted(fresh, ProcessAct.TELL, actor, at, Shown(note=words))
    return fresh


def send_back(*, process: WorkProcess, actor: Person, at: datetime, shown: Shown) -> WorkProcess:
    """Send a process back that is not in order: it is done anew, and counts as rework.

    What waits for the supervisor is sent back by the supervisor; before that by the builder's own people.

    :raises FaultUntold: without a word what is wrong
    :raises StepNotAllowed: nothing to check yet, or accepted already
    """
    is_judged = process.state == ProcessState.SUBMITTED
    (ACCEPT if is_judged else CHECK).require(actor, process, at=at)
    if not shown.note.strip():
        raise FaultUntold
    files = prepared(shown)
    with transaction.atomic():
        fresh, _before = held(process, at)
        if fresh.state == ProcessState.SUBMITTED and not is_judged:
            raise NotAllowed
        move(
            fresh, "return", ProcessAct.RETURN, PROCESS_SENT_BACK, actor, at, shown=shown, files=files,
            round=fresh.round + 1, reworks=fresh.reworks + 1, **NO_CHECK,
        )  # fmt: skip
    return fresh


@transaction.atomic
def take_back(*, process: WorkProcess, actor: Person, at: datetime) -> ProcessRecord:
    """Take back the own last act, done by mistake: a start, a check, an acceptance on which nothing was built yet.

    :raises NothingToUndo: the last act is somebody else's, or of another kind, or the next process has begun
    """
    fresh, _before = held(process, at)
    last = last_act(fresh)
    if last is None or last.by_id != actor.pk or last.act not in _UNDONE:
        raise NothingToUndo
    if last.act == ProcessAct.ACCEPT and _is_built_on(fresh):
        raise NothingToUndo
    PROCESS_FLOW.advance(fresh, f"undo_{last.act}", since=at, **_UNDONE[ProcessAct(last.act)](fresh))
    fact = reverse(Fact.objects.get(pk=last.fact), by=actor, at=at) if last.fact is not None else None
    return note(fresh, ProcessAct.UNDO, actor, at, fact=fact, undoes=last)


def _accept_undone(_process: WorkProcess) -> dict[str, Any]:
    return {"accepted_by": None, "accepted_at": None}


def _special_undone(process: WorkProcess) -> dict[str, Any]:
    """A notice given ahead stands; the one that came with the check does not."""
    was_told_with_it = process.told_at == process.since
    return {"special_by": None, "measured": 0, "passed": 0} | (
        {"told_at": None, "witness_until": None} if was_told_with_it else {}
    )


_UNDONE = {
    ProcessAct.START: lambda _process: {},
    ProcessAct.SELF: lambda _process: {"self_by": None},
    ProcessAct.MUTUAL: lambda _process: {"mutual_by": None},
    ProcessAct.SPECIAL: _special_undone,
    ProcessAct.ACCEPT: _accept_undone,
}


def _is_built_on(process: WorkProcess) -> bool:
    later = process.links_after.exclude(process__state=ProcessState.WAITING)
    return process.is_excellent is not None or later.exists()


def _refuse_same(process: WorkProcess, check: Check, actor: Person) -> None:
    made = {process.self_by_id: Check.SELF, process.mutual_by_id: Check.MUTUAL, process.special_by_id: Check.SPECIAL}
    if actor.pk in made:
        raise CheckedBySame(check=made[actor.pk].label, wanted=check.label)


def _told(process: WorkProcess, at: datetime) -> dict[str, datetime]:
    return {"told_at": at, "witness_until": at + timedelta(hours=process.notice_hours)}


def _set(process: WorkProcess, **changes: Any) -> None:
    """Change a held process beside its state."""
    WorkProcess.objects.filter(pk=process.pk).update(**changes)
    for name, value in changes.items():
        setattr(process, name, value)


def _noted(process: WorkProcess, act: ProcessAct, actor: Person, at: datetime, shown: Shown) -> None:
    fact = tell(
        PROCESS_MOVED, process.project, actor, at, process, about=actor, act=act.value, point=process.point,
        round=process.round,
    )  # fmt: skip
    note(process, act, actor, at, shown=shown, fact=fact)
