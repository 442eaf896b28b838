"""Production figures brought in from elsewhere, each with where it is from and who vouches for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Figure(models.Model):
    """One figure of one body or unit in one period. It is never changed: a correction names the one it takes the place of."""

    item = models.CharField(max_length=60)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="figures")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="figures")
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
                "item", "body", "period", condition=Q(is_current=True, body__isnull=False),
                name="appraisal_figure_body_once",
            ),
            models.UniqueConstraint(
                "item", "unit", "period", condition=Q(is_current=True, unit__isnull=False),
                name="appraisal_figure_unit_once",
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False, unit=None) | Q(body=None, unit__isnull=False),
                name="appraisal_figure_of_one",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.item} {self.period}: {self.value.normalize():f}"

    @property
    def whose(self) -> str:
        place = self.body or self.unit
        return place.name if place is not None else ""
