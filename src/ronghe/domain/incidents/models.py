"""事故事件: what happened, every figure that was reported, and who was told when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from ronghe.domain.incidents.enums import AccidentKind
from ronghe.kernel.db.append_only import append_only


class Accident(models.Model):
    """Something that happened. Figures and grade are the latest ones reported; withdrawn, it stays on record.

    Words are about the matter: nobody is named.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="accidents")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="accidents")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="accidents")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="accidents")
    area = models.ForeignKey("risks.RiskArea", on_delete=models.PROTECT, null=True, related_name="accidents")
    kind = models.CharField(max_length=12, choices=AccidentKind.choices)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=80, default="")
    text = models.CharField(max_length=2000, default="")
    class_code = models.CharField(max_length=8, default="")
    harm_code = models.CharField(max_length=8, default="")
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField()
    """From when on the time to report runs."""
    grade = models.CharField(max_length=16)
    """None for an event in which nobody was hurt."""
    deaths = models.PositiveIntegerField(default=0)
    injured = models.PositiveIntegerField(default=0)
    yuan = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    reported_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    fact = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=2000, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "incidents_accident"
        indexes = [
            models.Index(fields=("-happened_at", "-id"), name="incidents_accident_newest"),
            models.Index("body", "happened_at", name="incidents_accident_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(known_at__gte=F("happened_at")), name="incidents_accident_known_after"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_why="")
                & ~Q(withdrawn_by=F("reported_by")),
                name="incidents_accident_withdrawn_by_another",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(result=""),
                name="incidents_accident_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None


class AccidentFigures(models.Model):
    """Figures as they were reported at one moment (IN-02); the first with the accident, then each change. Only added."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="figures")
    deaths = models.PositiveIntegerField()
    injured = models.PositiveIntegerField()
    yuan = models.DecimalField(max_digits=16, decimal_places=2)
    grade = models.CharField(max_length=16)
    note = models.CharField(max_length=400, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("incidents_figures")
        indexes = [models.Index("accident", "at", name="incidents_figures_accident")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.accident_id} {self.grade}"


class AccidentNotice(models.Model):
    """Somebody who is to be told, as the plan stood when the accident was reported; `due_at` is none where it is at once."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveSmallIntegerField()
    line = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    after = models.CharField(max_length=24, default="")
    minutes = models.PositiveIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=120, default="")
    """How, and who took it: telephone, number of the fax."""

    class Meta:
        db_table = "incidents_notice"
        indexes = [models.Index("told_at", "due_at", name="incidents_notice_owed")]
        constraints = [
            models.UniqueConstraint("accident", "line", name="incidents_notice_line_once"),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
                name="incidents_notice_told_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.accident_id} {self.line}"

    def is_late(self, now: datetime) -> bool:
        """Tell whether it was told after its time, or was not told and its time is over."""
        return self.due_at is not None and (self.told_at or now) > self.due_at
