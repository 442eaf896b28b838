"""Panels: who marks whom by which criteria, and what came out. Of a secret panel no row says who marked how (0012)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.appraisal.enums import PanelState
from ronghe.kernel.db.append_only import append_only


class Panel(models.Model):
    """Reviewers mark subjects by criteria; the result becomes a fact that sheets read under `item`."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="panels")
    item = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    period = models.CharField(max_length=20)
    period_until = models.DateField()
    criteria = models.JSONField()
    """In order: `{"title", "weight"}`, the weights as text, of one in all."""
    scale = models.PositiveSmallIntegerField(default=100)
    """The highest mark of one criterion; whole marks from 0."""
    trim = models.PositiveSmallIntegerField(default=1)
    least = models.PositiveSmallIntegerField(default=5)
    """Marks that a subject needs for a result."""
    is_secret = models.BooleanField(default=False)
    adjusts = models.BooleanField(default=True)
    """Whether how strict each reviewer marks is evened out."""
    closes_on = models.DateField()
    state = models.CharField(max_length=8, choices=PanelState.choices, default=PanelState.OPEN)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="panels_made")
    made_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    counted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "appraisal_panel"
        indexes = [models.Index("made_at", "id", name="appraisal_panel_made")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PanelState.COUNTED) | Q(counted_at__isnull=False), name="appraisal_panel_counted"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class PanelSubject(models.Model):
    """A body or a person that is marked, and what came out; written once, at counting."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="subjects")
    number = models.PositiveSmallIntegerField()
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    """Out of 100; nothing where too few marked."""
    raw = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    """The plain mean, before trimming and evening out."""
    marked = models.PositiveSmallIntegerField(default=0)
    missing = models.PositiveSmallIntegerField(default=0)
    kept_out = models.PositiveSmallIntegerField(default=0)
    """Reviewers who declared a conflict of interest."""
    trimmed = models.PositiveSmallIntegerField(default=0)
    fact = models.BigIntegerField(null=True)

    class Meta:
        db_table = "appraisal_panel_subject"
        constraints = [
            models.UniqueConstraint("panel", "number", name="appraisal_panel_subject_number"),
            models.CheckConstraint(
                condition=Q(body__isnull=False, person=None) | Q(body=None, person__isnull=False),
                name="appraisal_panel_subject_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} panel {self.panel_id} {self.number}"

    @property
    def name(self) -> str:
        whose = self.body or self.person
        return whose.name if whose is not None else ""


class PanelReviewer(models.Model):
    """Somebody who marks; of a secret panel known is that, never what or when."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="panels_to_mark")
    has_marked = models.BooleanField(default=False)
    severity = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    """By how many points out of 100 the marks lie above the others', found at counting; nothing where it was not evened out."""

    class Meta:
        db_table = "appraisal_panel_reviewer"
        indexes = [models.Index("person", "has_marked", name="appraisal_panel_waiting")]
        constraints = [models.UniqueConstraint("panel", "person", name="appraisal_panel_reviewer_once")]

    def __str__(self) -> str:
        return f"#{self.pk} panel {self.panel_id}"


class PanelConflict(models.Model):
    """A reviewer who does not mark a subject, and why."""

    reviewer = models.ForeignKey(PanelReviewer, on_delete=models.PROTECT, related_name="conflicts")
    subject = models.ForeignKey(PanelSubject, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.CharField(max_length=120)
    declared_at = models.DateTimeField()

    class Meta:
        db_table = append_only("appraisal_panel_conflict")
        constraints = [models.UniqueConstraint("reviewer", "subject", name="appraisal_panel_conflict_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.reviewer_id}/{self.subject_id}"


class PanelMark(models.Model):
    """One reviewer's mark for one subject by one criterion, in a panel that is not secret."""

    reviewer = models.ForeignKey(PanelReviewer, on_delete=models.PROTECT, related_name="marks")
    subject = models.ForeignKey(PanelSubject, on_delete=models.PROTECT, related_name="marks")
    criterion = models.PositiveSmallIntegerField()
    mark = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "appraisal_panel_mark"
        constraints = [models.UniqueConstraint("reviewer", "subject", "criterion", name="appraisal_panel_mark_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.reviewer_id}/{self.subject_id}/{self.criterion}"


class PanelUrn(models.Model):
    """How often each mark was given, by subject and criterion, sealed anew as a whole each time; gone at counting."""

    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, primary_key=True, related_name="urn")
    sealed = models.TextField()

    class Meta:
        db_table = "appraisal_panel_urn"

    def __str__(self) -> str:
        return f"#{self.panel_id}"
