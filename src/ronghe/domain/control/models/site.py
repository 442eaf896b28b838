"""Before commissioning and on the way there: what was looked through (三查), that it is ready, and incidents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.control.enums import Aspect, IncidentKind
from ronghe.kernel.db.append_only import append_only


class AspectCheck(models.Model):
    """One of the three checks (PJ-09) was made of a project on a day; what it found are items. Only added."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="aspect_checks")
    aspect = models.CharField(max_length=12, choices=Aspect.choices)
    checked_on = models.DateField()
    note = models.CharField(max_length=400, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("control_aspect")
        indexes = [models.Index("project", "aspect", "checked_on", name="control_aspect_project")]

    def __str__(self) -> str:
        return f"#{self.project_id} {self.aspect} {self.checked_on}"


class Readiness(models.Model):
    """A project was declared ready for commissioning; taken back with a reason, it can be declared again."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="readiness")
    declared_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    note = models.CharField(max_length=400, default="")
    fact = models.BigIntegerField()
    taken_back_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_why = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "control_readiness"
        constraints = [
            models.UniqueConstraint("project", condition=Q(taken_back_at=None), name="control_readiness_once"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_why=""),
                name="control_readiness_taken_back_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.project_id} {self.declared_at}"


class Incident(models.Model):
    """An accident or a pollution that sets the count of free days back. `class_code` is the unit's own classification.

    Recorded by mistake, it is withdrawn by somebody else and stays on record.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=12, choices=IncidentKind.choices)
    class_code = models.CharField(max_length=40, default="")
    happened_on = models.DateField()
    note = models.CharField(max_length=400, default="")
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    fact = models.BigIntegerField()
    accident = models.BigIntegerField(null=True)
    """The fact of the accident that it follows from (`safety.accident`), where it was reported there."""
    withdrawn_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "control_incident"
        indexes = [models.Index("project", "kind", "happened_on", name="control_incident_project")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_why="")
                & ~Q(withdrawn_by=F("recorded_by")),
                name="control_incident_withdrawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.project_id} {self.kind} {self.happened_on}"
