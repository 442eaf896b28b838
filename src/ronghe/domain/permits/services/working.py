"""The work itself: it starts only when nothing lacks, stops when somebody or something says so, goes on, and is finished."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.domain.permits.calc.standing import Lack, Stage, lacking, span_h
from ronghe.domain.permits.enums import PERMIT_FLOW, MeasureState, PermitKind, PermitState, StopReason
from ronghe.domain.permits.facts import ACTIVATED, COMPLETED, MOVED, RESUMED, SECURED, SUSPENDED
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.rules import LEAD_PERMIT, REJECT_PERMIT, STOP_PERMIT
from ronghe.domain.permits.selectors.permits import JOINED, picture_of, pictures_of
from ronghe.domain.permits.services.codes import require_here
from ronghe.domain.permits.services.telling import hold_site, locked, note_step, require_nothing, tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

REASONS = (
    ("guardian", StopReason.GUARDIAN), ("gas", StopReason.GAS), ("wind", StopReason.WIND), ("alarm", StopReason.ALARM),
    ("parent", StopReason.PARENT), ("upgrade", StopReason.NIGHT), ("clash", StopReason.CONFLICT),
    ("coordinator", StopReason.CONFLICT), ("link", StopReason.CONFLICT), ("hazard", StopReason.HAZARD),
    ("unfit", StopReason.UNFIT), ("sign", StopReason.SIGNATURE),
)  # fmt: skip
"""Which reason stands for what lacks, by how its code begins."""


class DangerUntold(DomainError):
    code = "permit_stop_why"
    sentence = N_("请写一句为什么叫停。")
    status = 422


class NotTheGuardian(DomainError):
    code = "permit_not_the_guardian"
    sentence = N_("监护人到场、离场由监护人本人报，别人请用“叫停”（PW-06）。")
    status = 403


class ClosingNoteMissing(DomainError):
    code = "permit_closing_note"
    sentence = N_("请写明完工情况（PW-10）：做完了什么，现场恢复得怎样。")
    status = 422


class CoordinatorUnfit(DomainError):
    code = "permit_coordinator_unfit"
    sentence = N_("协调人要是这个现场登记的交叉作业协调人（PW-05）。")
    status = 422


@transaction.atomic
def activate_permit(*, permit: Permit, actor: Person, at: datetime) -> Permit:
    """Start the work: in time, gas fit and fresh, guardian here, briefing signed by both, links valid, nothing clashes (9.1).

    :raises NotAllowed: the actor neither leads nor guards the job
    :raises Lacking: what lacks, every point of it
    :raises StepNotAllowed: it was not briefed
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    hold_site(permit.site_id)
    fresh = locked(permit)
    if fresh.state == PermitState.BRIEFED:
        require_nothing(lacking(picture_of(fresh, at), Stage.ACTIVATE, at))
    PERMIT_FLOW.advance(fresh, "activate", activated_at=at)
    note_step(fresh, "activate", actor, at, waited_for="job_leader")
    tell(fresh, ACTIVATED, actor, at)
    return fresh


@transaction.atomic
def suspend_permit(*, permit: Permit, reason: StopReason, actor: Person, at: datetime, note: str = "") -> Permit:
    """Stop the work. Everybody who sees danger may; whoever only stops it answers for nothing but the word.

    :raises NotAllowed: the actor does not see the permit
    :raises DangerUntold: stopped for danger, without a word why
    :raises StepNotAllowed: it is not going on
    """
    STOP_PERMIT.require(actor, permit, at=at)
    if reason == StopReason.DANGER and not note.strip():
        raise DangerUntold
    return stop(locked(permit), reason, actor, at, note=note)


def stop(fresh: Permit, reason: StopReason, actor: Person | None, at: datetime, *, note: str = "") -> Permit:
    """Stop a held permit, and with a main one all work that hangs on it (PC-02).

    Where its kind of work wants that, its measures are open again until somebody looked (PW-24).
    """
    PERMIT_FLOW.advance(fresh, "suspend", suspended_at=at, stop_reason=reason)
    if profile_called(fresh.profile).operation(fresh.operation).reconfirms:
        fresh.measures.filter(state=MeasureState.DONE).update(state=MeasureState.OPEN)
    note_step(fresh, "suspend", actor, at, note=note)
    tell(fresh, SUSPENDED, actor, at, reason=reason)
    stop_children(fresh, actor, at)
    return fresh


def stop_children(fresh: Permit, actor: Person | None, at: datetime) -> None:
    """Stop the work that hangs on a main permit which no longer goes on."""
    if fresh.kind == PermitKind.MAIN:
        for child in fresh.children.filter(state=PermitState.ACTIVE).order_by("pk"):
            stop(locked(child), StopReason.PARENT, actor, at)


@transaction.atomic
def resume_permit(*, permit: Permit, actor: Person, at: datetime) -> Permit:
    """Go on after a break: guardian back, gas tested where the break was long or the gas was why, wind and alarms over.

    :raises NotAllowed: the actor neither leads nor guards the job
    :raises Lacking: what lacks
    :raises StepNotAllowed: it was not stopped
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    hold_site(permit.site_id)
    fresh = locked(permit)
    if fresh.state == PermitState.SUSPENDED:
        require_nothing(lacking(picture_of(fresh, at), Stage.RESUME, at))
    since = fresh.suspended_at
    PERMIT_FLOW.advance(fresh, "resume", suspended_at=None, stop_reason="")
    minutes = int((at - since).total_seconds() // 60) if since is not None else 0
    note_step(fresh, "resume", actor, at, waited_for="job_leader")
    tell(fresh, RESUMED, actor, at, minutes=minutes)
    return fresh


@transaction.atomic
def note_guardian(*, permit: Permit, is_here: bool, actor: Person, at: datetime, code: str = "") -> Permit:
    """Note that the guardian leaves or is back; leaving stops the work at once (PW-06). Coming back is shown on site.

    :raises NotAllowed, NotTheGuardian: the actor does not guard this job
    :raises NotOnSite: back without a code of the site
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    if not fresh.parts.filter(role="guardian", person=actor).exists():
        raise NotTheGuardian
    if is_here:
        require_here(fresh, code, actor=actor, at=at)
    elif fresh.state == PermitState.ACTIVE:
        stop(fresh, StopReason.GUARDIAN, actor, at)
    is_other = fresh.is_guardian_here != is_here
    fresh.is_guardian_here, fresh.guardian_seen_at = is_here, at
    fresh.save(update_fields=["is_guardian_here", "guardian_seen_at"])
    if is_other:
        tell(fresh, SECURED, actor, at, what="guardian_here" if is_here else "guardian_away")
    return fresh


@transaction.atomic
def name_coordinator(*, permit: Permit, person: Person, actor: Person, at: datetime) -> Permit:
    """Name who coordinates this work with what goes on beside it (PW-05).

    :raises NotAllowed: the actor holds no office at the site
    :raises CoordinatorUnfit: nobody registered as coordinator there
    """
    from ronghe.domain.permits.selectors.sites import holds_office

    REJECT_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    if not holds_office(fresh.site_id, person, "coordinator", at):
        raise CoordinatorUnfit
    fresh.coordinator = person
    fresh.save(update_fields=["coordinator"])
    note_step(fresh, "coordinator", actor, at, waited_for="coordinator")
    tell(fresh, SECURED, actor, at, about=person, what="coordinator")
    return fresh


@transaction.atomic
def complete_permit(*, permit: Permit, note: str, actor: Person, at: datetime) -> Permit:
    """Say that the work is done; it is accepted when what was isolated is put back and the host signed on site (PW-10).

    :raises NotAllowed: the actor neither leads nor guards the job
    :raises ClosingNoteMissing: no words
    :raises StepNotAllowed: it is not going on
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    if not note.strip():
        raise ClosingNoteMissing
    fresh = locked(permit)
    PERMIT_FLOW.advance(fresh, "complete", completed_at=at, closing_note=note.strip()[:400])
    note_step(fresh, "complete", actor, at, waited_for="job_leader", note=note)
    tell(fresh, COMPLETED, actor, at, quantity=span_h(fresh.activated_at or at, at))
    stop_children(fresh, actor, at)
    return fresh


def reason_for(lacks: list[Lack]) -> StopReason:
    """Return why work stops that lacks these."""
    for start, reason in REASONS:
        if any(one.code.startswith(start) for one in lacks):
            return reason
    return StopReason.DANGER


@transaction.atomic
def recheck(permit: Permit, actor: Person | None, at: datetime) -> str:
    """Hold one permit against what is known at `at`: stop work that lacks something, end what is over; return the step taken."""
    fresh = locked(permit)
    if fresh.state in PERMIT_FLOW.steps["expire"].sources and fresh.valid_until <= at:
        PERMIT_FLOW.advance(fresh, "expire")
        note_step(fresh, "expire", actor, at)
        tell(fresh, MOVED, actor, at, step="expire")
        stop_children(fresh, actor, at)
        return "expire"
    if fresh.state != PermitState.ACTIVE:
        return ""
    lacks = lacking(picture_of(fresh, at), Stage.RUN, at)
    if not lacks:
        return ""
    stop(fresh, reason_for(lacks), actor, at, note=str(lacks[0]))
    return "suspend"


def watch_permits(*, at: datetime) -> int:
    """Look at everything that goes on or waits, and return how many were stopped or ended: the guard of every five minutes.

    One look at all of them together; whatever it finds is held, looked at again and stopped in a transaction of its own.
    """
    waiting = Permit.objects.filter(state__in=sorted(PERMIT_FLOW.steps["expire"].sources)).select_related(*JOINED)
    rows = list(waiting.order_by("pk"))
    running = [row for row in rows if row.state == PermitState.ACTIVE]
    pictures = pictures_of(running, at)
    lacks = {row.pk for row in running if lacking(pictures[row.pk], Stage.RUN, at)}
    return sum(bool(recheck(row, None, at)) for row in rows if row.pk in lacks or row.valid_until <= at)


def archive_permits(*, at: datetime, after_days: int = 7) -> int:
    """Put accepted permits into the archive a week later; nothing is thrown away before its day (PW-09)."""
    count = 0
    for row in Permit.objects.filter(state=PermitState.ACCEPTED).order_by("pk"):
        if row.accepted_at is None or (local_day(at) - local_day(row.accepted_at)).days < after_days:
            continue
        with transaction.atomic():
            fresh = locked(row)
            PERMIT_FLOW.advance(fresh, "archive")
            note_step(fresh, "archive", None, at)
            tell(fresh, MOVED, None, at, step="archive")
            count += 1
    return count
