"""资源共享、思想共管: what the room keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.pools.enums import BookingState, FollowUpWay, ItemKind, MoodLevel
from ronghe.kernel.db.append_only import append_only


class SharedItem(models.Model):
    """What a side of a zone (`unit`) offers to the others: `capacity` of it at once, on `weekdays` between two hours.

    `weekdays` holds ISO numbers ("12345" is Monday to Friday).
    """

    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, related_name="shared_items")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="shared_items")
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
            models.UniqueConstraint("zone", "unit", "title", condition=Q(withdrawn_at=None), name="pools_item_once"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="pools_item_has_capacity"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="pools_item_hours"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


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
    """A side (`unit`) takes `quantity` of an item from a moment until a moment, not included."""

    item = models.ForeignKey(SharedItem, on_delete=models.PROTECT, related_name="bookings")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
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
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="pools_booking_lasts"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="pools_booking_quantity"),
            models.CheckConstraint(
                condition=~Q(state="used") | Q(minutes_used__isnull=False), name="pools_booking_used_how_long"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.state}"


class MoodNote(models.Model):
    """How the people of a side feel: the level, the topics and how many are concerned; the words are sealed.

    Never about a named person. `branch` is the side's home branch, whose secretary reads the words.
    """

    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, related_name="mood_notes")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    level = models.CharField(max_length=12, choices=MoodLevel.choices)
    topics = models.JSONField(default=list)
    people = models.PositiveSmallIntegerField()
    sealed = models.TextField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("pools_mood_note")
        indexes = [models.Index(fields=("zone", "-day"), name="pools_mood_note_zone")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.level} {self.day}"


class MoodFollowUp(models.Model):
    """Who does what about a note, by when."""

    note = models.ForeignKey(MoodNote, on_delete=models.PROTECT, related_name="follow_ups")
    way = models.CharField(max_length=12, choices=FollowUpWay.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="mood_follow_ups")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pools_mood_follow_up"

    def __str__(self) -> str:
        return f"#{self.pk} {self.way}"
