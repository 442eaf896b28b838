"""The supervisor's side of a process (PJ-05): standing by, accepting, reopening; and witness points that nobody came to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.control.enums import Point, ProcessAct, ProcessState
from ronghe.domain.control.facts import PROCESS_ACCEPTED, PROCESS_MOVED, PROCESS_SENT_BACK
from ronghe.domain.control.models import ProcessRecord, WorkProcess
from ronghe.domain.control.rules import ACCEPT, REOPEN
from ronghe.domain.control.services.checking import FaultUntold
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
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

AT_ONCE = 500


class StandbyMissing(DomainError):
    code = "process_standby_missing"
    sentence = N_("“%(name)s”要旁站：请先写旁站记录，再验收。")


class StandbyUntold(DomainError):
    code = "process_standby_untold"
    sentence = N_("请写明旁站时看到什么，例如时间、部位、数据。")
    status = 422


def stand_by(*, process: WorkProcess, actor: Person, at: datetime, shown: Shown) -> WorkProcess:
    """Write down what was seen standing by while the process was done.

    :raises StandbyUntold: without words
    :raises StepNotAllowed: not under way
    """
    ACCEPT.require(actor, process, at=at)
    if not shown.note.strip():
        raise StandbyUntold
    files = prepared(shown)
    with transaction.atomic():
        fresh, _before = held(process, at)
        if fresh.state in (ProcessState.WAITING, ProcessState.ACCEPTED):
            raise StepNotAllowed(state=fresh.get_state_display())
        WorkProcess.objects.filter(pk=fresh.pk).update(stood_by=True)
        fresh.stood_by = True
        fact = tell(
            PROCESS_MOVED, fresh.project, actor, at, fresh, about=actor, act=ProcessAct.STANDBY.value,
            point=fresh.point, round=fresh.round,
        )  # fmt: skip
        note(fresh, ProcessAct.STANDBY, actor, at, shown=shown, files=files, fact=fact)
    return fresh


def accept_process(*, process: WorkProcess, actor: Person, at: datetime, shown: Shown = NOTHING_SHOWN) -> WorkProcess:
    """Accept a process: qualified, which says nothing of excellent (PJ-06).

    :raises NotAllowed: not the supervisor's side, or the actor checked it
    :raises BeforeNotAccepted: one before it was reopened meanwhile
    :raises StandbyMissing: it wants a stand-by and has none in this round
    :raises StepNotAllowed: the three checks are not through, or it is accepted
    """
    ACCEPT.require(actor, process, at=at)
    files = prepared(shown)
    with transaction.atomic():
        fresh, before = held(process, at)
        ACCEPT.require(actor, fresh, at=at)
        if fresh.state == ProcessState.SUBMITTED:
            refuse_entering(fresh, before)
            if fresh.point == Point.STANDBY and not fresh.stood_by:
                raise StandbyMissing(name=fresh.name)
        move(
            fresh, "accept", ProcessAct.ACCEPT, PROCESS_ACCEPTED, actor, at, shown=shown, files=files,
            attributes={"is_unattended": False, "is_first_time": fresh.round == 1}, accepted_by=actor, accepted_at=at,
        )  # fmt: skip
    return fresh


def reopen_process(*, process: WorkProcess, actor: Person, at: datetime, shown: Shown) -> WorkProcess:
    """Open an accepted process again: it is done anew and counts as rework; acceptance and rating stand no more.

    Whatever comes after it is refused until it is accepted again.

    :raises FaultUntold: without a word what was found
    :raises StepNotAllowed: it is not accepted
    """
    REOPEN.require(actor, process, at=at)
    if not shown.note.strip():
        raise FaultUntold
    files = prepared(shown)
    with transaction.atomic():
        fresh, _before = held(process, at)
        stood = _standing(fresh)
        move(
            fresh, "reopen", ProcessAct.REOPEN, PROCESS_SENT_BACK, actor, at, shown=shown, files=files,
            round=fresh.round + 1, reworks=fresh.reworks + 1, **NO_CHECK,
        )  # fmt: skip
        for fact in stood:
            reverse(fact, by=actor, at=at)
    return fresh


def lapse_witness_points(*, at: datetime) -> int:
    """Pass every witness point whose notice has run out; returns how many. Taken twice it does nothing more."""
    due = WorkProcess.objects.filter(state=ProcessState.SUBMITTED, point=Point.WITNESS, witness_until__lte=at).order_by(
        "witness_until", "pk"
    )
    return sum(_lapse(process, at) for process in due[:AT_ONCE])


@transaction.atomic
def _lapse(process: WorkProcess, at: datetime) -> bool:
    fresh, before = held(process, at)
    if not fresh.has_run_out(at) or any(row.state != ProcessState.ACCEPTED for row in before):
        return False
    let_pass(fresh, at)
    return True


def _standing(process: WorkProcess) -> list[Fact]:
    """Return the facts of the acceptance and the rating that stand."""
    acts = (ProcessAct.ACCEPT, ProcessAct.LAPSE, ProcessAct.RATE, ProcessAct.RATE_PLAIN)
    rows = ProcessRecord.objects.filter(process=process, round=process.round, act__in=acts, undone_by=None)
    keys = [row.fact for row in rows.order_by("pk") if row.fact is not None]
    reversed_already = Fact.objects.filter(reverses__in=keys).values_list("reverses", flat=True)
    return list(Fact.objects.filter(pk__in=keys).exclude(pk__in=list(reversed_already)).order_by("pk"))
