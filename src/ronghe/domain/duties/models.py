"""四方责任: one sheet a zone, its rows where they live elsewhere, versions, and each side's word under them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.duties.enums import Part, Rhythm, Verdict
from ronghe.domain.zones.enums import SheetSide
from ronghe.kernel.db.append_only import append_only


class DutySheet(models.Model):
    """The sheet of a zone on which the four sides agree (D9)."""

    zone = models.OneToOneField("zones.CollaborationZone", on_delete=models.PROTECT, related_name="duty_sheet")
    version = models.PositiveSmallIntegerField(default=0)
    """How often it was issued."""
    issued_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "duties_sheet"
        indexes = [models.Index(fields=("-opened_at", "-id"), name="duties_sheet_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=0, issued_at=None) | Q(version__gte=1, issued_at__isnull=False),
                name="duties_sheet_issued_whole",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.zone_id}"


class DutyRow(models.Model):
    """A row: the line, clause, difficult point or item that it is about, with what the sheet says beside it.

    A clause is a section of a safety agreement. `basis`, `due_on` and `rhythm` are for sources that do not say them.
    `number` stays the row's for good.
    """

    sheet = models.ForeignKey(DutySheet, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveSmallIntegerField()
    line = models.ForeignKey("zones.ResponsibilityLine", on_delete=models.PROTECT, null=True, related_name="duty_rows")
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT, null=True, related_name="duty_rows")
    section = models.CharField(max_length=60, default="")
    point = models.ForeignKey(
        "taskforces.DifficultPoint", on_delete=models.PROTECT, null=True, related_name="duty_rows"
    )
    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, null=True, related_name="duty_rows")
    basis = models.CharField(max_length=120, default="")
    due_on = models.DateField(null=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default="", blank=True)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "duties_row"
        constraints = [
            models.UniqueConstraint("sheet", "number", name="duties_row_number"),
            models.UniqueConstraint("sheet", "line", condition=Q(dropped_at=None), name="duties_row_line_once"),
            models.UniqueConstraint(
                "sheet", "agreement", "section", condition=Q(dropped_at=None), name="duties_row_clause_once"
            ),
            models.UniqueConstraint("sheet", "point", condition=Q(dropped_at=None), name="duties_row_point_once"),
            models.UniqueConstraint("sheet", "item", condition=Q(dropped_at=None), name="duties_row_item_once"),
            models.CheckConstraint(
                condition=Q(line__isnull=False, agreement=None, point=None, item=None, section="")
                | Q(line=None, agreement__isnull=False, point=None, item=None) & ~Q(section="")
                | Q(line=None, agreement=None, point__isnull=False, item=None, section="")
                | Q(line=None, agreement=None, point=None, item__isnull=False, section=""),
                name="duties_row_one_source",
            ),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False) | Q(due_on=None, rhythm=""), name="duties_row_dates_of_clauses"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(dropped_at__gte=F("added_at")), name="duties_row_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.sheet_id} {self.number}"


class RowShare(models.Model):
    """What the sheet adds for one side of a row: its part where the source does not say one, and who answers for it."""

    row = models.ForeignKey(DutyRow, on_delete=models.CASCADE, related_name="shares")
    side = models.CharField(max_length=12, choices=SheetSide.choices)
    part = models.CharField(max_length=12, choices=Part.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="duty_shares")

    class Meta:
        db_table = "duties_share"
        constraints = [
            models.UniqueConstraint("row", "side", name="duties_share_once_a_side"),
            models.UniqueConstraint("row", condition=Q(part=Part.LEAD), name="duties_share_one_lead"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.row_id} {self.side}"


class RowTask(models.Model):
    """The task by which a row is done in one period (`2026Q3`), or by its day (`2026-09-30`)."""

    row = models.ForeignKey(DutyRow, on_delete=models.PROTECT, related_name="tasks")
    period = models.CharField(max_length=12)
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="duty")

    class Meta:
        db_table = "duties_task"
        constraints = [models.UniqueConstraint("row", "period", name="duties_task_once_a_period")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.row_id} {self.period}"


class DutyVersion(models.Model):
    """What the sheet said when it was issued."""

    sheet = models.ForeignKey(DutySheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, default="")
    """What was changed and why, as the keeper says."""
    changed = models.PositiveSmallIntegerField()
    """How many rows are new, gone, or read otherwise than in the version before."""
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        db_table = append_only("duties_version")
        constraints = [models.UniqueConstraint("sheet", "number", name="duties_version_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.sheet_id} {self.number}"


class VersionSide(models.Model):
    """The digest of the rows that a side has a part in: what its units sign. A side without rows has none."""

    version = models.ForeignKey(DutyVersion, on_delete=models.PROTECT, related_name="sides")
    side = models.CharField(max_length=12, choices=SheetSide.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = append_only("duties_version_side")
        constraints = [models.UniqueConstraint("version", "side", name="duties_version_side_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.side}"


class SideWord(models.Model):
    """What a unit said of its side's rows in one version: agreed, signing their digest, or objected and why.

    The latest word on a digest counts, in every version in which the side's rows have that digest.
    """

    version = models.ForeignKey(DutyVersion, on_delete=models.PROTECT, related_name="said")
    side = models.CharField(max_length=12, choices=SheetSide.choices)
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, default="")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        db_table = append_only("duties_word")
        indexes = [models.Index("unit", "side", "digest", name="duties_word_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=Verdict.AGREED, reason="") | Q(verdict=Verdict.OBJECTED) & ~Q(reason=""),
                name="duties_word_objects_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.side} {self.unit_id}"
