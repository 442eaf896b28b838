"""Production figures brought in from elsewhere, each with where it is from and who vouches for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Figure(models.Model):
    """One figure of one body, unit, company or member in one period. It is never changed: a correction names what it corrects.

    A company (`level`, `subject`) and a member (`person`) lie in the body that answers for them.
    """

    item = models.CharField(max_length=60)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="figures")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="figures")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="figures")
    level = models.CharField(max_length=24, default="")
    subject = models.BigIntegerField(null=True)
    """A subject that another room keeps, of the level that it declared; nothing for bodies, units and members."""
    called = models.CharField(max_length=120, default="")
    """What that subject was called when the figure was entered."""
    period = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=15, decimal_places=4)
    source = models.CharField(max_length=120)
    vouched_by = models.CharField(max_length=60)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="figures_entered")
    entered_at = models.DateTimeField()
    file_name = models.CharField(max_length=120, default="")
    """The table it came in; nothing where it was typed or sent."""
    fact = models.BigIntegerField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction")
    is_current = models.BooleanField(default=True)
    """It counts; false once another one corrects it."""

    class Meta:
        db_table = "appraisal_figure"
        indexes = [models.Index("entered_at", "id", name="appraisal_figure_entered")]
        constraints = [
            models.UniqueConstraint(
                "item", "body", "period", name="appraisal_figure_body_once",
                condition=Q(is_current=True, body__isnull=False, person=None, subject=None),
            ),
            models.UniqueConstraint(
                "item", "unit", "period", condition=Q(is_current=True, unit__isnull=False),
                name="appraisal_figure_unit_once",
            ),
            models.UniqueConstraint(
                "item", "person", "period", condition=Q(is_current=True, person__isnull=False),
                name="appraisal_figure_person_once",
            ),
            models.UniqueConstraint(
                "item", "level", "subject", "period", condition=Q(is_current=True, subject__isnull=False),
                name="appraisal_figure_subject_once",
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False, unit=None) & (Q(person=None) | Q(subject=None))
                | Q(body=None, unit__isnull=False, person=None, subject=None),
                name="appraisal_figure_of_one",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.item} {self.period}: {self.value.normalize():f}"

    @property
    def whose(self) -> str:
        place = self.person or self.unit or self.body
        return self.called or (place.name if place is not None else "")
