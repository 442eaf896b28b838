"""Shifts of a call-up, who is on, and the hand-over at the end of each, signed by both sides."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from ronghe.domain.carriers.calc.shifts import Span, hours_of


class Shift(models.Model):
    """One shift. `handed_by` of this one writes the note, `taken_by` of the next signs it; the shift is closed by that."""

    call = models.ForeignKey("carriers.CallUp", on_delete=models.PROTECT, related_name="shifts")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=400, default="")
    handed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "carriers_shift"
        constraints = [
            models.UniqueConstraint("call", "number", name="carriers_shift_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="carriers_shift_lasts"),
            models.CheckConstraint(
                condition=Q(taken_by=None) | (Q(handed_by__isnull=False) & ~Q(taken_by=F("handed_by"))),
                name="carriers_shift_signed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(closed_at__isnull=False), name="carriers_shift_taken_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.call_id} {self.number}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ShiftPerson(models.Model):
    """Somebody on a shift, for the whole of it or a part. `is_held` is open until the shift is closed."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="people")
    row = models.ForeignKey("carriers.CallPerson", on_delete=models.PROTECT, related_name="shifts")
    is_lead = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_held = models.BooleanField(null=True)
    fact = models.BigIntegerField(null=True)

    class Meta:
        db_table = "carriers_shift_person"
        constraints = [
            models.UniqueConstraint("shift", "row", name="carriers_shift_person_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="carriers_shift_person_lasts"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.shift_id} {self.row_id}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        """What counts: nothing for whoever was not there."""
        return self.span.minutes if self.is_held else 0

    @property
    def hours(self) -> Decimal:
        """As long as it is planned or was held, exact."""
        return hours_of(self.span.minutes)
