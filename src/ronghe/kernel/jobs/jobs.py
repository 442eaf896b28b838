"""Declaring jobs. A job is committed with the act that asked for it, may run twice, and is tried again on failure.

@job(retries=3)
def remind_secretary(obligation_id: int) -> None: ...

remind_secretary.enqueue(obligation_id=7)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.utils import timezone
from django_tasks.base import Task, task

from ronghe.kernel.jobs.models import JobAttempt

FIRST_RETRY = timedelta(seconds=10)
"""Wait before the second try; each further one waits six times as long."""


def job(*, retries: int = 3) -> Callable[[Callable[..., None]], Task]:
    """Make a function a job that is tried `retries` times more when it raises."""

    def declare(function: Callable[..., None]) -> Task:
        @wraps(function)
        def run(*args: Any, attempt: int = 1, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except Exception as error:
                _note_failure(declared.module_path, attempt, error)
                if attempt > retries:
                    raise
                later = timezone.now() + FIRST_RETRY * 6 ** (attempt - 1)
                declared.using(run_after=later).enqueue(*args, attempt=attempt + 1, **kwargs)

        declared: Task = task()(run)
        return declared

    return declare


def _note_failure(name: str, attempt: int, error: Exception) -> None:
    """Keep only the kind of error: its text may carry what was in a record."""
    JobAttempt.objects.create(job=name, key="", attempt=attempt, failed_at=timezone.now(), why=type(error).__name__)
