"""Tasks, the files kept as evidence, and which file shows which task."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.work.enums import IMAGES, UNFINISHED, MediaType, TaskState


class TaskQuerySet(models.QuerySet["Task"]):
    def unfinished(self) -> TaskQuerySet:
        return self.filter(state__in=UNFINISHED)

    def overdue(self, at: datetime) -> TaskQuerySet:
        return self.unfinished().filter(due_at__lt=at)

    def matching(self, text: str) -> TaskQuerySet:
        return self.filter(Q(title__contains=text.strip()) | Q(assignee__name__contains=text.strip()))


class Task(models.Model):
    """One thing that one person answers for by one moment (四定: assignee, goal, responsibility, due_at)."""

    title = models.CharField(max_length=120)
    goal = models.CharField(max_length=400, null=True)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="tasks")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="tasks")
    assignee = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=12, choices=TaskState.choices, default=TaskState.OPEN)
    due_at = models.DateTimeField()
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="opened_tasks")
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submission_note = models.CharField(max_length=400, null=True)
    round = models.PositiveSmallIntegerField(default=0)
    """How often it was submitted."""
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="settled_tasks")
    """Who accepted, returned or cancelled it last."""
    settled_at = models.DateTimeField(null=True)
    settling_note = models.CharField(max_length=400, null=True)
    """Why it was returned or cancelled."""

    objects: ClassVar[models.Manager[Task]] = TaskQuerySet.as_manager()

    class Meta:
        db_table = "work_task"
        indexes = [
            # What I owe, soonest first.
            models.Index("assignee", "state", "due_at", name="work_task_assignee"),
            # The list page of one body or zone, soonest first.
            models.Index("body", "state", "due_at", name="work_task_body"),
            models.Index("due_at", "id", name="work_task_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="work_task_due_after_opened"),
            models.CheckConstraint(
                condition=~Q(state=TaskState.ACCEPTED) | Q(settled_by__isnull=False) & ~Q(settled_by=F("assignee")),
                name="work_task_not_accepted_by_assignee",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TaskState.SUBMITTED, TaskState.ACCEPTED, TaskState.RETURNED])
                | Q(submitted_at__isnull=False, round__gte=1),
                name="work_task_submitted_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_on_time(self) -> bool:
        """Whether the last submission came by the deadline."""
        return self.submitted_at is not None and self.submitted_at <= self.due_at

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the assignee still owes it at `at`, after the deadline."""
        return self.state in UNFINISHED and at > self.due_at


class StoredFile(models.Model):
    """The bytes of one file, kept once under their SHA-256 in `RONGHE_HOME/files`."""

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=24, choices=MediaType.choices)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField()

    class Meta:
        db_table = "work_stored_file"

    def __str__(self) -> str:
        return f"#{self.pk} {self.media_type}"

    @property
    def is_image(self) -> bool:
        return self.media_type in IMAGES


class Evidence(models.Model):
    """A file that shows that a task was done: who added it, when, in which round.

    `uploaded_sha256` is of the bytes as they arrived, before place and camera were taken out of them.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    uploaded_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    round = models.PositiveSmallIntegerField()
    is_reused = models.BooleanField(default=False)
    """The same bytes had been evidence of another task before; whoever accepts is shown so."""
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="evidence")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "work_evidence"
        indexes = [models.Index("uploaded_sha256", name="work_evidence_uploaded")]
        constraints = [models.UniqueConstraint("task", "file", name="work_evidence_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
