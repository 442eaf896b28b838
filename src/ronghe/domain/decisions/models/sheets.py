"""The three-layer responsibility sheet of a body and a year, by version, and what was done for lines of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.decisions.enums import Edition, Layer, Rhythm


class ResponsibilitySheet(models.Model):
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="responsibility_sheets")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=Edition.choices, default=Edition.DRAFT)
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    adopted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_sheet"
        constraints = [
            models.UniqueConstraint("body", "year", "number", name="decisions_sheet_number"),
            models.UniqueConstraint("body", "year", condition=Q(state=Edition.DRAFT), name="decisions_sheet_one_draft"),
            models.UniqueConstraint(
                "body", "year", condition=Q(state=Edition.IN_FORCE), name="decisions_sheet_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state=Edition.DRAFT) | Q(adopted_at__isnull=False, adopted_by__isnull=False),
                name="decisions_sheet_adopted_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.year} v{self.number}"


class SheetLine(models.Model):
    """One line: who answers for what in which field. With `mechanism` the obligations of the body say how it stands."""

    sheet = models.ForeignKey(ResponsibilitySheet, on_delete=models.CASCADE, related_name="lines")
    key = models.PositiveIntegerField()
    """Stays the same from version to version, so that what was done stays done."""
    layer = models.CharField(max_length=12, choices=Layer.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="responsibility_lines")
    title = models.CharField(max_length=120)
    field = models.CharField(max_length=60, default="")
    """分管领域."""
    mechanism = models.CharField(max_length=60, default="")
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.QUARTER)
    evidence = models.CharField(max_length=120, default="")
    """What shows that it was done."""

    class Meta:
        db_table = "decisions_sheet_line"
        indexes = [models.Index("person", "sheet", name="decisions_line_person")]
        constraints = [models.UniqueConstraint("sheet", "key", name="decisions_line_key")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class LineRecord(models.Model):
    """A line without mechanism was done on a day; of the body, year and key, whatever the version."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="line_records")
    year = models.PositiveSmallIntegerField()
    key = models.PositiveIntegerField()
    line = models.ForeignKey(SheetLine, on_delete=models.PROTECT, related_name="records")
    done_on = models.DateField()
    text = models.CharField(max_length=300)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_line_record"
        indexes = [models.Index("body", "year", "key", name="decisions_record_line")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.line_id} {self.done_on}"
