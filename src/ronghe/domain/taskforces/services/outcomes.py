"""What goes along with the work and what it leaves: tracking, the three outcomes, pictures and papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import ForceState, OutcomeKind
from ronghe.domain.taskforces.facts import FORCE_DESCRIBED, OUTCOME_FILE_ADDED, OUTCOME_WRITTEN, TRACKED
from ronghe.domain.taskforces.models import Outcome, OutcomeFigure, OutcomeFile, TaskForce, TrackingEntry
from ronghe.domain.taskforces.rules import LEAD_TASK_FORCE, TRACK_TASK_FORCE
from ronghe.domain.taskforces.services.points import NotStarted
from ronghe.domain.taskforces.services.telling import locked, record
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class TrackingEmpty(DomainError):
    code = "tracking_empty"
    sentence = N_("请写明看到了什么、指导了什么。")
    status = 422


class TrackedAhead(DomainError):
    code = "tracked_ahead"
    sentence = N_("%(day)s 还没到，指导之后再记。")
    status = 422


class OutcomeEmpty(DomainError):
    code = "outcome_empty"
    sentence = N_("请写明%(kind)s。")
    status = 422


class NotWindingUp(DomainError):
    code = "task_force_not_winding_up"
    sentence = N_("“%(name)s”的状态是“%(state)s”，进入收尾总结后才写成果。")


class FigureTwice(DomainError):
    code = "outcome_figure_twice"
    sentence = N_("数据“%(name)s”写了两次，请只留一项。")
    status = 422


class KeptFile(Protocol):
    """A file that whoever hands it over keeps; the room of files stands above this one."""

    @property
    def name(self) -> str: ...

    def keep(self, *, at: datetime) -> int:
        """Make the file known and return its id."""
        ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an outcome is measured by."""

    name: str
    after: Decimal
    before: Decimal | None = None
    unit: str = ""


@transaction.atomic
def track_task_force(*, force: TaskForce, day: date, text: str, actor: Person, at: datetime) -> TrackingEntry:
    """Write down what was seen and advised on a day (全程跟踪指导); entries are only added.

    :raises TrackingEmpty: no words
    :raises TrackedAhead: the day is still to come
    :raises NotStarted: the group does not work
    """
    TRACK_TASK_FORCE.require(actor, force, at=at)
    if not text.strip():
        raise TrackingEmpty
    if day > local_day(at):
        raise TrackedAhead(day=day)
    fresh = locked(force)
    if not fresh.is_running:
        raise NotStarted(name=fresh.name, state=fresh.get_state_display())
    entry = TrackingEntry.objects.create(task_force=fresh, day=day, text=text.strip(), by=actor, at=at)
    record(TRACKED, fresh, actor, at, source=entry, day=day)
    return entry


@transaction.atomic
def write_outcome(
    *, force: TaskForce, kind: OutcomeKind, text: str, actor: Person, at: datetime, figures: Sequence[Figure] = ()
) -> Outcome:
    """Write one of the three outcomes, or write it anew, while the group sums up.

    :raises OutcomeEmpty: no words
    :raises FigureTwice: two figures of one name
    :raises NotWindingUp: the group works still, or is closed
    """
    LEAD_TASK_FORCE.require(actor, force, at=at)
    if not text.strip():
        raise OutcomeEmpty(kind=OutcomeKind(kind).label)
    names = [figure.name.strip() for figure in figures]
    for name in names:
        if names.count(name) > 1:
            raise FigureTwice(name=name)
    fresh = _summing_up(force)
    outcome, _is_new = Outcome.objects.update_or_create(
        task_force=fresh, kind=kind, defaults={"text": text.strip(), "written_by": actor, "written_at": at}
    )
    outcome.figures.all().delete()
    OutcomeFigure.objects.bulk_create(
        OutcomeFigure(outcome=outcome, name=one.name.strip(), before=one.before, after=one.after, unit=one.unit.strip())
        for one in figures
    )
    record(OUTCOME_WRITTEN, fresh, actor, at, source=outcome, outcome=kind, figures=len(figures))
    return outcome


@transaction.atomic
def add_outcome_file(*, force: TaskForce, file: KeptFile, actor: Person, at: datetime) -> OutcomeFile:
    """Add a picture or PDF that shows what came of it; the same one a second time gives the first.

    :raises NotWindingUp: the group works still, or is closed
    """
    LEAD_TASK_FORCE.require(actor, force, at=at)
    fresh = _summing_up(force)
    row, is_new = OutcomeFile.objects.get_or_create(
        task_force=fresh, file_id=file.keep(at=at),
        defaults={"name": file.name[:120], "added_by": actor, "added_at": at},
    )  # fmt: skip
    if is_new:
        record(OUTCOME_FILE_ADDED, fresh, actor, at, source=row)
    return row


@transaction.atomic
def set_mark(*, force: TaskForce, file: KeptFile, actor: Person, at: datetime) -> TaskForce:
    """Give the group's brand a picture.

    :raises NotStarted: the group is closed, called off or withdrawn
    """
    LEAD_TASK_FORCE.require(actor, force, at=at)
    fresh = locked(force)
    if not fresh.is_open:
        raise NotStarted(name=fresh.name, state=fresh.get_state_display())
    force.mark_id = file.keep(at=at)
    force.save(update_fields=["mark"])
    record(FORCE_DESCRIBED, fresh, actor, at, field="mark")
    return force


def _summing_up(force: TaskForce) -> TaskForce:
    fresh = locked(force)
    if fresh.state != ForceState.CLOSING:
        raise NotWindingUp(name=fresh.name, state=fresh.get_state_display())
    return fresh
