"""What every act on a process has in common: it holds still, one winner, a row of the record with pictures, a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.control.enums import PROCESS_FLOW, ProcessAct, ProcessState
from ronghe.domain.control.facts import PROCESS_ACCEPTED
from ronghe.domain.control.models import ProcessLink, ProcessRecord, RecordPicture, WorkProcess
from ronghe.domain.control.services.telling import tell
from ronghe.domain.items.models import ItemEvidence
from ronghe.domain.org.models import Person
from ronghe.domain.work.models import Evidence
from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import N_, listed

LONGEST = 400
NO_CHECK: dict[str, Any] = {
    "self_by": None, "mutual_by": None, "special_by": None, "measured": 0, "passed": 0, "told_at": None,
    "witness_until": None, "stood_by": False, "accepted_by": None, "accepted_at": None, "is_unattended": False,
    "is_excellent": None, "rated_by": None, "rated_at": None,
}  # fmt: skip
"""What a new round begins with."""


class BeforeNotAccepted(DomainError):
    code = "process_before_not_accepted"
    sentence = N_("“%(name)s”前面的%(before)s还没有验收，不能进入这道工序。请先把前面的验收完。")


class PointsUnfit(DomainError):
    code = "process_points_unfit"
    sentence = N_("合格点数不能多于实测点数，两个数都要是 0 到 %(most)s 的整数。")
    status = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """What comes with an act: words, files, and points measured and within tolerance."""

    note: str = ""
    uploads: Sequence[Upload] = ()
    measured: int = 0
    passed: int = 0


NOTHING_SHOWN = Shown()
MOST_POINTS = 100_000


def prepared(shown: Shown) -> list[PreparedFile]:
    """Return the files checked and laid down; called before the transaction.

    :raises PointsUnfit: more points within tolerance than measured
    """
    if not 0 <= shown.passed <= shown.measured <= MOST_POINTS:
        raise PointsUnfit(most=MOST_POINTS)
    return [prepare_file(upload) for upload in shown.uploads]


def held(process: WorkProcess, at: datetime) -> tuple[WorkProcess, list[WorkProcess]]:
    """Return the process and those before it as they are now, held until the transaction ends.

    All are taken in one order, so that two acts never wait for each other. A witness point before it whose notice has run
    out is let pass first.
    """
    before = ProcessLink.objects.filter(process=process.pk).order_by().values("before_id")
    rows = WorkProcess.objects.select_for_update(of=("self",)).filter(Q(pk=process.pk) | Q(pk__in=before))
    found = {row.pk: row for row in rows.select_related("project", "part").order_by("pk")}
    fresh = found.pop(process.pk, None)
    if fresh is None:
        raise NotFound
    for row in found.values():
        if row.has_run_out(at) and not is_waiting_itself(row):
            let_pass(row, at)
    return fresh, list(found.values())


def is_waiting_itself(process: WorkProcess) -> bool:
    """Tell whether a process before this one is not accepted."""
    return ProcessLink.objects.filter(process=process.pk).exclude(before__state=ProcessState.ACCEPTED).exists()


def refuse_entering(process: WorkProcess, before: Sequence[WorkProcess]) -> None:
    """:raises BeforeNotAccepted: a process before it is not accepted (PJ-05)"""
    waiting = [f"“{row.name}”" for row in before if row.state != ProcessState.ACCEPTED]
    if waiting:
        raise BeforeNotAccepted(name=process.name, before=listed(waiting))


def let_pass(process: WorkProcess, at: datetime) -> None:
    """Pass a witness point to which nobody came in time, recorded as not attended; the caller holds it."""
    PROCESS_FLOW.advance(process, "lapse", since=at, accepted_at=at, is_unattended=True)
    fact = tell(
        PROCESS_ACCEPTED, process.project, None, at, process, point=process.point, round=process.round,
        is_unattended=True, is_first_time=process.round == 1,
    )  # fmt: skip
    note(process, ProcessAct.LAPSE, None, at, fact=fact)


def note(
    process: WorkProcess, act: ProcessAct, actor: Person | None, at: datetime, *, shown: Shown = NOTHING_SHOWN,
    files: Sequence[PreparedFile] = (), fact: Fact | None = None, undoes: ProcessRecord | None = None,
) -> ProcessRecord:  # fmt: skip
    """Write a row of the record with its pictures."""
    row = ProcessRecord.objects.create(
        process=process, act=act, round=process.round, by=actor, at=at, note=shown.note.strip()[:LONGEST],
        measured=shown.measured, passed=shown.passed, undoes=undoes, fact=fact.pk if fact is not None else None,
    )  # fmt: skip
    kept: set[int] = set()
    for file in files:
        stored = keep_file(file, at=at)
        if stored.pk in kept:
            continue
        kept.add(stored.pk)
        RecordPicture.objects.create(
            record=row, file=stored, uploaded_sha256=file.uploaded_sha256, name=file.name,
            is_reused=_was_seen(file, process),
        )  # fmt: skip
    return row


def move(
    process: WorkProcess, step: str, act: ProcessAct, kind: FactKind, actor: Person, at: datetime, *,
    shown: Shown = NOTHING_SHOWN, files: Sequence[PreparedFile] = (), attributes: dict[str, object] | None = None,
    **changes: Any,
) -> ProcessRecord:  # fmt: skip
    """Take a step on a held process, with its fact and its row.

    :raises StepNotAllowed: not from its state
    :raises Stale: somebody else was first
    """
    PROCESS_FLOW.advance(process, step, since=at, **changes)
    told = attributes if attributes is not None else {"act": act.value}
    fact = tell(
        kind, process.project, actor, at, process, about=actor, point=process.point, round=process.round, **told
    )
    return note(process, act, actor, at, shown=shown, files=files, fact=fact)


def _was_seen(file: PreparedFile, process: WorkProcess) -> bool:
    digest = {"uploaded_sha256": file.uploaded_sha256}
    elsewhere = RecordPicture.objects.filter(**digest).exclude(record__process=process)
    return any(
        rows.exists() for rows in (elsewhere, ItemEvidence.objects.filter(**digest), Evidence.objects.filter(**digest))
    )
