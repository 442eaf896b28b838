"""What a look-back has besides its item: causes, measures, recurrences; and sessions on the joining itself."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.lookbacks.enums import Head
from ronghe.kernel.db.append_only import append_only

MOST_WHYS = 5
MOST_CAUSES = 6
"""On one head of the fishbone."""


class Analysis(models.Model):
    """What lies behind a problem. `round` counts how often it was opened again: each time is analysed anew."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="analyses")
    round = models.PositiveSmallIntegerField()
    problem_behind = models.CharField(max_length=400)
    cause = models.CharField(max_length=400)
    cause_behind = models.CharField(max_length=400)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "lookbacks_analysis"
        constraints = [models.UniqueConstraint("item", "round", name="lookbacks_analysis_once_a_round")]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.round}"


class Cause(models.Model):
    """One why, or one cause on a head of the fishbone."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="causes")
    head = models.CharField(max_length=12, choices=Head.choices)
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)

    class Meta:
        db_table = "lookbacks_cause"
        constraints = [
            models.UniqueConstraint("analysis", "head", "place", name="lookbacks_cause_place"),
            models.CheckConstraint(
                condition=Q(head=Head.WHY, place__lte=MOST_WHYS) | (~Q(head=Head.WHY) & Q(place__lte=MOST_CAUSES)),
                name="lookbacks_cause_no_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.place} {self.text}"


class Measure(models.Model):
    """A measure against a cause: a task with who and by when."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="measures")
    round = models.PositiveSmallIntegerField()
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="measure_of")
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = append_only("lookbacks_measure")
        indexes = [models.Index("item", "round", name="lookbacks_measure_item")]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.round} {self.task_id}"


class Recurrence(models.Model):
    """A problem came back after it was closed; `finding` is what it was found as the second time, where that was raised."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="recurrences")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)
    finding = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, null=True, related_name="recurrence_of")
    source_type = models.CharField(max_length=48, null=True)
    source_id = models.BigIntegerField(null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("lookbacks_recurrence")
        constraints = [
            models.UniqueConstraint("item", "number", name="lookbacks_recurrence_number"),
            models.CheckConstraint(
                condition=Q(finding=None) | ~Q(finding=F("item")), name="lookbacks_recurrence_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.number}"


class LookSession(models.Model):
    """A body looks back on how the joining itself went in a span of days (half open)."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="look_sessions")
    from_on = models.DateField()
    until_on = models.DateField()
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    conclusion = models.CharField(max_length=2000, default="")
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    shown = models.JSONField(default=dict)
    """How much of each lapse the records showed when it was closed."""

    class Meta:
        db_table = "lookbacks_session"
        indexes = [models.Index("body", "from_on", name="lookbacks_session_body")]
        constraints = [
            models.UniqueConstraint("body", condition=Q(closed_at=None), name="lookbacks_session_one_open"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="lookbacks_session_days"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(conclusion="")),
                name="lookbacks_session_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.from_on}"


class SessionFinding(models.Model):
    """A finding that was picked in a session, with the record that showed it, where one did."""

    session = models.ForeignKey(LookSession, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="look_sessions")
    source_type = models.CharField(max_length=48, null=True)
    source_id = models.BigIntegerField(null=True)
    picked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField()

    class Meta:
        db_table = "lookbacks_finding"
        constraints = [
            models.UniqueConstraint("session", "item", name="lookbacks_finding_item_once"),
            models.UniqueConstraint(
                "session", "source_type", "source_id", condition=Q(source_id__isnull=False),
                name="lookbacks_finding_source_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.session_id} {self.item_id}"
