"""`ronghe work`: runs what is queued, starts what is due, picks up what a dead worker left."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ronghe.kernel.jobs.models import JobAttempt
from ronghe.kernel.jobs.schedules import run_due_schedules

GIVEN_UP_AFTER = timedelta(minutes=30)
"""A job that has run this long is taken for dead; jobs are short and may run twice."""


def work(*, should_stop: Callable[[], bool], interval: float = 1.0) -> None:
    """Work until `should_stop` says so, looking for new jobs every `interval` seconds."""
    while not should_stop():
        work_once()
        time.sleep(interval)


def work_once() -> None:
    """Do everything that can be done now, then return."""
    now = timezone.now()
    run_due_schedules(at=now)
    return_abandoned(at=now)
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}",
        excluded_queue_names=[],
    ).run()


def return_abandoned(*, at: datetime) -> int:
    """Put jobs whose worker died back into the queue and return how many."""
    stuck = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=at - GIVEN_UP_AFTER)
    count = 0
    for row in stuck:
        mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
        if mine.update(status=TaskResultStatus.READY, started_at=None):
            JobAttempt.objects.create(
                job=row.task_path, key=str(row.pk), attempt=len(row.worker_ids), failed_at=at, why="WorkerDied"
            )
            count += 1
    return count
