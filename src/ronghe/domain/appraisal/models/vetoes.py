"""One-vote vetoes (一票否决): with evidence, looked at by another, for a term (RT-07)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.appraisal.enums import VetoState
from ronghe.kernel.db.append_only import append_only


class VetoCase(models.Model):
    """One veto raised against a body, or against a person whose branch `body` is; in force only once it was reviewed."""

    veto = models.CharField(max_length=60)
    """Its id in the sheets."""
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="vetoes")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="vetoes")
    happened_on = models.DateField()
    evidence = models.CharField(max_length=400)
    until_on = models.DateField()
    """The last day of its term; it counts in every period that its term touches."""
    state = models.CharField(max_length=12, choices=VetoState.choices, default=VetoState.RAISED)
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="vetoes_raised")
    raised_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="vetoes_reviewed")
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=200, default="")
    lifted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="vetoes_lifted")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "appraisal_veto"
        indexes = [models.Index("raised_at", "id", name="appraisal_veto_raised")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("happened_on")), name="appraisal_veto_in_order"),
            models.CheckConstraint(condition=~Q(evidence=""), name="appraisal_veto_with_evidence"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("raised_by")), name="appraisal_veto_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state=VetoState.RAISED) | Q(reviewed_by__isnull=False), name="appraisal_veto_reviewed"
            ),
            models.UniqueConstraint(
                "veto", "body", "happened_on", condition=Q(state__in=["raised", "in_force"], person=None),
                name="appraisal_veto_body_once",
            ),
            models.UniqueConstraint(
                "veto", "person", "happened_on",
                condition=Q(state__in=["raised", "in_force"], person__isnull=False), name="appraisal_veto_person_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.veto}"


class VetoFact(models.Model):
    """A fact that carries a veto into a period; lifting it reverses those of the days that are left out."""

    case = models.ForeignKey(VetoCase, on_delete=models.PROTECT, related_name="facts")
    day = models.DateField()
    fact = models.BigIntegerField()
    is_reversed = models.BooleanField(default=False)

    class Meta:
        db_table = "appraisal_veto_fact"
        constraints = [models.UniqueConstraint("case", "day", name="appraisal_veto_fact_once")]

    def __str__(self) -> str:
        return f"#{self.pk} veto {self.case_id} {self.day}"


class VetoFile(models.Model):
    """A picture or PDF that shows what a veto is raised for; whoever may see the veto may open it, nobody else."""

    case = models.ForeignKey(VetoCase, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = append_only("appraisal_veto_file")
        constraints = [models.UniqueConstraint("case", "file", name="appraisal_veto_file_once")]

    def __str__(self) -> str:
        return f"#{self.pk} veto {self.case_id} {self.name}"
