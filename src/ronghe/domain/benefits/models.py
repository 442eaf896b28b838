"""What a benefit idea has besides its item: reckonings with their lines, shares, the book, and a project's gain in days."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from ronghe.domain.benefits.calc.reckoning import LineIn, yuan
from ronghe.domain.benefits.enums import EntryKind, Stage
from ronghe.kernel.db.append_only import append_only


class BenefitCase(models.Model):
    """Where an idea stands in money: the newest reckonings and who stands for them. Amounts in fen."""

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="benefit")
    estimated_fen = models.BigIntegerField(null=True)
    estimated_days = models.IntegerField(default=0)
    estimated_on = models.DateField(null=True)
    estimated_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    first_reviewer = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    second_reviewer = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    realised_fen = models.BigIntegerField(null=True)
    realised_days = models.IntegerField(default=0)
    realised_on = models.DateField(null=True)
    realised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "benefits_case"
        constraints = [
            models.CheckConstraint(
                condition=Q(estimated_fen=None) | Q(estimated_by__isnull=False, estimated_on__isnull=False),
                name="benefits_case_estimated_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(realised_fen=None) | Q(realised_by__isnull=False, realised_on__isnull=False),
                name="benefits_case_realised_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id}"


class Reckoning(models.Model):
    """One working-out of what an idea saves, kept as it was handed in; a better one is another row."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="reckonings")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    number = models.PositiveSmallIntegerField()
    fen = models.BigIntegerField()
    days_before = models.PositiveIntegerField(default=0)
    days_after = models.PositiveIntegerField(default=0)
    basis = models.CharField(max_length=1000)
    """Where the numbers come from."""
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("benefits_reckoning")
        constraints = [models.UniqueConstraint("item", "stage", "number", name="benefits_reckoning_number")]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.stage} {self.number}"

    @property
    def yuan(self) -> Decimal:
        return yuan(self.fen)

    @property
    def days(self) -> int:
        return self.days_before - self.days_after


class ReckoningLine(models.Model):
    """One line of a reckoning; `fen` is what it saves."""

    reckoning = models.ForeignKey(Reckoning, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=80)
    unit = models.CharField(max_length=12, default="")
    before_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    before_price = models.DecimalField(max_digits=14, decimal_places=2)
    after_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    after_price = models.DecimalField(max_digits=14, decimal_places=2)
    fen = models.BigIntegerField()

    class Meta:
        db_table = append_only("benefits_line")
        constraints = [
            models.UniqueConstraint("reckoning", "place", name="benefits_line_place"),
            models.CheckConstraint(
                condition=Q(before_quantity__gte=0, before_price__gte=0, after_quantity__gte=0, after_price__gte=0),
                name="benefits_line_not_below_nought",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.reckoning_id} {self.place} {self.what}"

    @property
    def yuan(self) -> Decimal:
        return yuan(self.fen)

    @property
    def as_line(self) -> LineIn:
        return LineIn(
            self.what, self.unit, self.before_quantity, self.before_price, self.after_quantity, self.after_price
        )


class MeritShare(models.Model):
    """How much of an idea's merit is a person's; all of an idea are 100 together. The saving itself is not divided."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="merit_shares")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="merit_shares")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "benefits_share"
        constraints = [
            models.UniqueConstraint("item", "person", name="benefits_share_once"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="benefits_share_percent"),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.person_id} {self.percent}%"


class BookEntry(models.Model):
    """A line of the benefit book of a body and its zone: a verified saving, or the same taken back. Amounts in fen."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="book_entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    round = models.PositiveSmallIntegerField()
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="+")
    fen = models.BigIntegerField()
    days = models.IntegerField()
    booked_on = models.DateField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    reason = models.CharField(max_length=1000, default="")
    fact = models.BigIntegerField()
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("benefits_entry")
        indexes = [
            models.Index("body", "booked_on", name="benefits_entry_body"),
            models.Index("zone", "booked_on", name="benefits_entry_zone"),
            models.Index("project", "booked_on", name="benefits_entry_project"),
            models.Index("booked_on", "id", name="benefits_entry_day"),
        ]
        constraints = [
            models.UniqueConstraint("item", "round", "kind", name="benefits_entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.VERIFIED, reverses=None)
                | (Q(kind=EntryKind.REVERSED, reverses__isnull=False) & ~Q(reason="")),
                name="benefits_entry_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.item_id}"

    @property
    def yuan(self) -> Decimal:
        return yuan(self.fen)


class BenefitLimit(models.Model):
    """Above `fen` an estimate of this body, or of one below it, is reviewed a second time above; the newest row holds."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="benefit_limits")
    fen = models.BigIntegerField(null=True)
    """Nothing: no second review from here down."""
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = append_only("benefits_limit")
        indexes = [models.Index("body", "set_at", name="benefits_limit_body")]
        constraints = [models.CheckConstraint(condition=Q(fen=None) | Q(fen__gte=0), name="benefits_limit_amount")]

    def __str__(self) -> str:
        return f"#{self.body_id} {self.fen}"


class ScheduleGain(models.Model):
    """Days that a project gained over all its ideas: entered once and verified by somebody else, for days overlap."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="schedule_gains")
    days = models.PositiveIntegerField()
    basis = models.CharField(max_length=400)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "benefits_gain"
        constraints = [
            models.UniqueConstraint("project", condition=Q(withdrawn_at=None), name="benefits_gain_once"),
            models.CheckConstraint(condition=Q(days__gt=0), name="benefits_gain_days"),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_by=models.F("entered_by"))),
                name="benefits_gain_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="benefits_gain_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.project_id} {self.days}"
