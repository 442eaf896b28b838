"""What the queue library does not keep: the schedule, and how often a job was tried."""

from __future__ import annotations

from django.db import models


class Schedule(models.Model):
    """One recurring job. `next_run_at` is moved by compare-and-set, so two schedulers cannot both enqueue it."""

    name = models.CharField(max_length=64, unique=True)
    cron = models.CharField(max_length=64)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_schedule"

    def __str__(self) -> str:
        return f"{self.name} ({self.cron})"


class JobAttempt(models.Model):
    """A try of a job that failed, or whose worker died."""

    job = models.CharField(max_length=128)
    key = models.CharField(max_length=64)
    attempt = models.PositiveSmallIntegerField()
    failed_at = models.DateTimeField()
    why = models.CharField(max_length=200)

    class Meta:
        db_table = "kernel_job_attempt"
        indexes = [models.Index("failed_at", name="kernel_job_attempt_at")]

    def __str__(self) -> str:
        return f"{self.job} {self.key} ({self.attempt})"
