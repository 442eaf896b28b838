"""How a row stands by its records: obligations of its institution, tasks given for it, the point or the item that it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ronghe.domain.duties.enums import RowSource, Standing
from ronghe.domain.duties.models import RowTask
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import PointState
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.zones.models import CollaborationZone

DAYS_BACK = 92
"""Of a daily institution a quarter is counted; what came before is in its own list."""
MET = frozenset({ObligationState.DONE, ObligationState.LATE})


@dataclass(frozen=True, slots=True)
class Record:
    """Where a row stands, and how many of its records were done out of those that fell due; `task` is the latest one."""

    standing: Standing
    done: int = 0
    of: int = 0
    late: int = 0
    task: Task | None = None


NOTHING = Record(Standing.NONE)


def records_of(rows: Sequence[SheetRow], zone: CollaborationZone, now: datetime) -> Mapping[int, Record]:
    """Return how each row stands at `now`, by the row's id; two statements."""
    by_mechanism = _obligations({_mechanism(row) for row in rows} - {""}, zone, now)
    by_row = _tasks(rows)
    return {row.row.pk: _record(row, by_mechanism, by_row, now) for row in rows}


def _record(
    row: SheetRow, by_mechanism: Mapping[str, Record], by_row: Mapping[int, list[Task]], now: datetime
) -> Record:
    if row.source is RowSource.ITEM and row.row.item is not None:
        item = row.row.item
        return _single(is_done=item.is_closed, is_overdue=item.is_overdue(now))
    if row.source is RowSource.POINT and row.row.point is not None:
        is_late = row.due_on is not None and row.due_on < local_day(now)
        return _single(is_done=row.row.point.state == PointState.RESOLVED, is_overdue=is_late)
    if mechanism := _mechanism(row):
        return by_mechanism.get(mechanism, NOTHING)
    tasks = by_row.get(row.row.pk, [])
    return _of_tasks(tasks, now) if tasks else NOTHING


def _single(*, is_done: bool, is_overdue: bool) -> Record:
    if is_done:
        return Record(Standing.DONE, 1, 1)
    return Record(Standing.OVERDUE if is_overdue else Standing.DUE, 0, 1)


def _of_tasks(tasks: Sequence[Task], now: datetime) -> Record:
    """Tasks come oldest first. Any that is overdue makes the row overdue, however the latest one stands."""
    counted = [task for task in tasks if task.state != TaskState.CANCELLED]
    if not counted:
        return NOTHING
    done = [task for task in counted if task.state == TaskState.ACCEPTED]
    late = sum(not task.is_on_time for task in done) + sum(task.is_overdue(now) for task in counted)
    if any(task.is_overdue(now) for task in counted):
        standing = Standing.OVERDUE
    else:
        standing = Standing.DONE if len(done) == len(counted) else Standing.DUE
    return Record(standing, len(done), len(counted), late, counted[-1])


def _obligations(mechanisms: Iterable[str], zone: CollaborationZone, now: datetime) -> dict[str, Record]:
    """Return how each institution of the zone's branch stands: the latest that fell due says it, the quarter is counted."""
    wanted = sorted(mechanisms)
    if not wanted or zone.body_id is None:
        return {}
    day = local_day(now)
    rows: Any = Obligation.objects.filter(
        body_id=zone.body_id, mechanism__in=wanted, window_from__lte=day, due_on__gte=day - timedelta(days=DAYS_BACK)
    )
    states: dict[str, list[str]] = defaultdict(list)
    for mechanism, state in rows.with_state(day).order_by("due_on", "pk").values_list("mechanism", "state"):
        if state != ObligationState.WAIVED:
            states[mechanism].append(state)
    return {mechanism: _of_states(found) for mechanism, found in states.items()}


def _of_states(states: Sequence[str]) -> Record:
    done = sum(state in MET for state in states)
    late = sum(state in (ObligationState.LATE, ObligationState.MISSED) for state in states)
    fallen = [state for state in states if state != ObligationState.DUE]
    if fallen and fallen[-1] == ObligationState.MISSED:
        standing = Standing.OVERDUE
    else:
        standing = Standing.DUE if states[-1] == ObligationState.DUE else Standing.DONE
    return Record(standing, done, len(states), late)


def _tasks(rows: Sequence[SheetRow]) -> dict[int, list[Task]]:
    found: dict[int, list[Task]] = defaultdict(list)
    links = RowTask.objects.filter(row__in=[row.row.pk for row in rows]).select_related("task")
    for link in links.order_by("task__due_at", "pk"):
        found[link.row_id].append(link.task)
    return found


def _mechanism(row: SheetRow) -> str:
    return row.row.line.mechanism if row.row.line is not None else ""
