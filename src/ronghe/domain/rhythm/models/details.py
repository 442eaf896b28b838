"""What is kept of a meeting line by line: who said what, who wants dissent noted, and the form of its mechanism filled in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.rhythm.enums import CheckAnswer


class AgendaSpeech(models.Model):
    """Who said what on a topic (PM-14)."""

    item = models.ForeignKey("rhythm.AgendaItem", on_delete=models.PROTECT, related_name="speeches")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="speeches")
    text = models.CharField(max_length=600)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="noted_speeches")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rhythm_agenda_speech"

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.person_id}"


class AgendaDissent(models.Model):
    """A different opinion that its holder wants in the record, in the own words; others keep their votes to themselves."""

    item = models.ForeignKey("rhythm.AgendaItem", on_delete=models.PROTECT, related_name="dissents")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="dissents")
    text = models.CharField(max_length=300)
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="noted_dissents")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "rhythm_agenda_dissent"
        constraints = [models.UniqueConstraint("item", "person", name="rhythm_agenda_dissent_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.person_id}"


class ActivityCheck(models.Model):
    """The answer to one line of the mechanism's checklist; a problem says what it is, and may become a task."""

    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, related_name="checks")
    check_id = models.CharField(max_length=60)
    answer = models.CharField(max_length=16, choices=CheckAnswer.choices)
    note = models.CharField(max_length=200, default="")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="activity_check")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="answered_checks")
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "rhythm_activity_check"
        constraints = [
            models.UniqueConstraint("activity", "check_id", name="rhythm_activity_check_once"),
            models.CheckConstraint(
                condition=~Q(answer=CheckAnswer.CONCERN) | ~Q(note=""), name="rhythm_activity_check_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.check_id} {self.answer}"


class ActivityFigure(models.Model):
    """One figure that the mechanism's form asks for."""

    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, related_name="figures")
    figure_id = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="entered_figures")
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "rhythm_activity_figure"
        constraints = [models.UniqueConstraint("activity", "figure_id", name="rhythm_activity_figure_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.figure_id} {self.value}"


class ActivityBooking(models.Model):
    """Something of the sides' pool that was booked for an activity; the booking itself is the pool's."""

    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, related_name="bookings")
    booking = models.OneToOneField("pools.Booking", on_delete=models.PROTECT, related_name="for_activity")

    class Meta:
        db_table = "rhythm_activity_booking"

    def __str__(self) -> str:
        return f"#{self.pk} {self.activity_id} {self.booking_id}"
