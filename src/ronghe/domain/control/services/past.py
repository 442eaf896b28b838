"""What was accepted on paper before the platform came, taken over with its people and days: many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from ronghe.domain.control.calc.plan import Past
from ronghe.domain.control.enums import Point, ProcessAct, ProcessState
from ronghe.domain.control.facts import PROCESS_ACCEPTED, PROCESS_RATED
from ronghe.domain.control.models import ProcessRecord, WorkProcess
from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.control.services.telling import drafted
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record_many
from ronghe.kernel.words import N_, _

_HOURS = {"self": time(9), "mutual": time(10), "special": time(14), "accept": time(16), "rate": time(17)}
"""Paper knows the day only; the order within it is kept."""


class PastUnfit(DomainError):
    code = "control_past_unfit"
    sentence = N_(
        "“%(name)s”的补录不对：三检、验收、评级要由不同的人做，验收日期不能在将来，合格点数不能多于实测点数。"
    )
    status = 422


def refuse_past(pasts: Sequence[tuple[str, Past]], at: datetime) -> None:
    """:raises PastUnfit: one person twice, a day to come, or more points within tolerance than measured (PJ-05, PJ-06)"""
    today = local_day(at)
    for name, past in pasts:
        people = [past.self_by, past.mutual_by, past.special_by, past.accepted_by, past.rated_by]
        known = [person for person in people if person is not None]
        is_rated = past.is_excellent is not None
        if (
            len(known) != len(set(known)) or past.accepted_on > today or not 0 <= past.passed <= past.measured
            or is_rated != (past.rated_by is not None)
        ):  # fmt: skip
            raise PastUnfit(name=name)


def take_over(process: WorkProcess, past: Past, at: datetime) -> None:
    """Give a process that is not written yet the state in which its past left it."""
    process.state = ProcessState.ACCEPTED
    process.accepted_at = process.since = min(moment_of(past.accepted_on, _HOURS["accept"]), at)
    process.accepted_by_id = past.accepted_by
    process.self_by_id, process.mutual_by_id, process.special_by_id = past.self_by, past.mutual_by, past.special_by
    process.measured, process.passed = past.measured, past.passed
    if past.rated_by is not None:
        process.is_excellent, process.rated_by_id = past.is_excellent, past.rated_by
        process.rated_at = min(moment_of(past.accepted_on, _HOURS["rate"]), at)


def write_past(*, project: Project, pairs: Sequence[tuple[WorkProcess, Past]], actor: Person, at: datetime) -> None:
    """Write the record and the facts of processes taken over; the caller holds the transaction."""
    if not pairs:
        return
    zone = zone_of_project(project, local_day(at))
    acts = [act for process, past in pairs for act in _acts_of(process, past, process.since)]
    drafts = [_draft(project, act, actor, zone.pk if zone is not None else None) for act in acts]
    facts = iter(record_many(draft for draft in drafts if draft is not None))
    for act, draft in zip(acts, drafts, strict=True):
        act.fact = next(facts).pk if draft is not None else None
    ProcessRecord.objects.bulk_create(acts, batch_size=500)


def _acts_of(process: WorkProcess, past: Past, accepted_at: datetime) -> list[ProcessRecord]:
    """Return the rows of the record, oldest first; those whose person is not known are left out."""
    rating = ProcessAct.RATE if past.is_excellent else ProcessAct.RATE_PLAIN
    known = (
        (ProcessAct.SELF, past.self_by, "self"), (ProcessAct.MUTUAL, past.mutual_by, "mutual"),
        (ProcessAct.SPECIAL, past.special_by, "special"), (ProcessAct.ACCEPT, past.accepted_by, "accept"),
        (rating, past.rated_by, "rate"),
    )  # fmt: skip
    rows = []
    for place, (act, person, hour) in enumerate(known):
        if person is None:
            continue
        moment = moment_of(past.accepted_on, _HOURS[hour])
        if moment > accepted_at:
            moment = accepted_at + timedelta(seconds=place)
        numbers: dict[str, Any] = {}
        if act == ProcessAct.SPECIAL:
            numbers = {"measured": past.measured, "passed": past.passed}
        rows.append(
            ProcessRecord(process=process, act=act, round=1, by_id=person, at=moment, note=_("纸质记录补录"), **numbers)
        )
    return rows


def _draft(project: Project, act: ProcessRecord, actor: Person, zone: int | None) -> Draft | None:
    """Return the fact of an acceptance or a rating: written down by `actor`, on the day on which it was."""
    if act.act == ProcessAct.ACCEPT:
        return drafted(
            PROCESS_ACCEPTED, project, actor, act.at, act.process, zone=zone, point=Point(act.process.point).value,
            round=1, is_unattended=False, is_first_time=True,
        )  # fmt: skip
    if act.act in (ProcessAct.RATE, ProcessAct.RATE_PLAIN):
        return drafted(
            PROCESS_RATED, project, actor, act.at, act.process, zone=zone, is_excellent=act.act == ProcessAct.RATE
        )
    return None
