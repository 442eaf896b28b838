"""资源共享: what is offered, when it is not to be had, and who has booked it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.pools.enums import BookingState, ItemKind
from ronghe.domain.pools.models.pools import Pool, Side

OF_ONE_POOL = Q(zone__isnull=False, unit__isnull=False, party=None) | Q(zone=None, unit=None, party__isnull=False)
"""Of a zone's pool, from one of its units, or of an agreement's, from one of its parties; never of both or of none."""


class SharedItem(models.Model):
    """What one side offers to the others: `capacity` of it at once, on `weekdays` between two hours.

    Of a zone's pool, `zone` and the `unit` that takes part; of an agreement's, the `party`. `weekdays` holds ISO numbers
    ("12345" is Monday to Friday).
    """

    zone = models.ForeignKey(
        "zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="shared_items"
    )
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="shared_items")
    party = models.ForeignKey("agreements.AgreementParty", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=80, default="")
    capacity = models.PositiveSmallIntegerField(default=1)
    weekdays = models.CharField(max_length=7, default="1234567")
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    conditions = models.CharField(max_length=200, default="")
    contact = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    is_auto = models.BooleanField(default=True)
    """Booked without asking; otherwise the contact agrees first."""
    offered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pools_shared_item"
        indexes = [models.Index(fields=("title", "id"), name="pools_item_title")]
        constraints = [
            models.CheckConstraint(condition=OF_ONE_POOL, name="pools_item_of_one_pool"),
            models.UniqueConstraint("zone", "unit", "title", condition=Q(withdrawn_at=None), name="pools_item_once"),
            models.UniqueConstraint("party", "title", condition=Q(withdrawn_at=None), name="pools_item_once_a_party"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="pools_item_has_capacity"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="pools_item_hours"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def pool(self) -> Pool:
        return Pool(zone=self.zone) if self.party is None else Pool(agreement=self.party.agreement)

    @property
    def side(self) -> Side:
        """Whose it is."""
        return Side(unit=self.unit, party=self.party)


class ItemClosure(models.Model):
    """Days, both included, on which an item is not to be had."""

    item = models.ForeignKey(SharedItem, on_delete=models.PROTECT, related_name="closures")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=80, default="")

    class Meta:
        db_table = "pools_item_closure"
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="pools_closure_dates")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}"


class Booking(models.Model):
    """A side takes `quantity` of an item from a moment until a moment, not included."""

    item = models.ForeignKey(SharedItem, on_delete=models.PROTECT, related_name="bookings")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("agreements.AgreementParty", on_delete=models.PROTECT, null=True, related_name="+")
    booked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="bookings")
    purpose = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    quantity = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=BookingState.choices)
    booked_at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")
    """Why it was declined or cancelled."""
    minutes_used = models.PositiveIntegerField(null=True)
    is_damaged = models.BooleanField(default=False)
    damage = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "pools_booking"
        indexes = [models.Index(fields=("item", "starts_at"), name="pools_booking_item")]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, party=None) | Q(unit=None, party__isnull=False),
                name="pools_booking_of_one_side",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="pools_booking_lasts"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pools_booking_quantity"),
            models.CheckConstraint(
                condition=~Q(state="used") | Q(minutes_used__isnull=False), name="pools_booking_used_how_long"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.state}"

    @property
    def side(self) -> Side:
        """Who takes it."""
        return Side(unit=self.unit, party=self.party)
