"""Political birthdays that were kept, and oaths that were taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.partylife.enums import BirthdayWay, OathKind


class BirthdayKeeping(models.Model):
    """One or several political birthdays kept together by a body, perhaps with an activity."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="birthday_keepings")
    day = models.DateField()
    way = models.CharField(max_length=12, choices=BirthdayWay.choices)
    activity = models.ForeignKey(
        "rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="birthday_keepings"
    )
    message = models.CharField(max_length=200, default="")
    """What the body wishes; it stands on the card."""
    kept_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "partylife_birthday_keeping"
        indexes = [
            models.Index(fields=("-day", "-id"), name="partylife_keeping_day"),
            models.Index(fields=("body", "-day"), name="partylife_keeping_body"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""), name="partylife_keeping_voided_why"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.day}"


class BirthdayPerson(models.Model):
    """Whose birthday of which year was kept, and how many years in the Party that was."""

    keeping = models.ForeignKey(BirthdayKeeping, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="birthdays_kept")
    year = models.PositiveSmallIntegerField()
    years = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=400, default="")
    """What the person says, for everybody who may see the keeping."""
    is_void = models.BooleanField(default=False)

    class Meta:
        db_table = "partylife_birthday_person"
        constraints = [
            models.UniqueConstraint(
                "person", "year", condition=Q(is_void=False), name="partylife_birthday_once_a_year"
            ),
            models.CheckConstraint(condition=Q(years__gte=1), name="partylife_birthday_years"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.year}"


class BirthdayPhoto(models.Model):
    keeping = models.ForeignKey(BirthdayKeeping, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "partylife_birthday_photo"
        constraints = [models.UniqueConstraint("keeping", "file", name="partylife_birthday_photo_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class OathCeremony(models.Model):
    """An oath taken together, alone or within an activity, perhaps at a red site."""

    kind = models.CharField(max_length=12, choices=OathKind.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="oaths")
    day = models.DateField()
    place = models.CharField(max_length=80)
    site = models.ForeignKey("partylife.RedSite", on_delete=models.PROTECT, null=True, related_name="oaths")
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="oaths")
    led_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "partylife_oath"
        indexes = [
            models.Index(fields=("-day", "-id"), name="partylife_oath_day"),
            models.Index(fields=("body", "-day"), name="partylife_oath_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(voided_at=None) | ~Q(void_reason=""), name="partylife_oath_voided_why")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.day}"


class OathTaker(models.Model):
    """Who took it. The oath of admission is taken once in a life."""

    ceremony = models.ForeignKey(OathCeremony, on_delete=models.PROTECT, related_name="takers")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="oaths_taken")
    is_admission = models.BooleanField(default=False)
    is_void = models.BooleanField(default=False)

    class Meta:
        db_table = "partylife_oath_taker"
        constraints = [
            models.UniqueConstraint("ceremony", "person", name="partylife_oath_taker_once"),
            models.UniqueConstraint(
                "person", condition=Q(is_admission=True, is_void=False), name="partylife_oath_admission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"
