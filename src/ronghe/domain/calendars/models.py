"""Addresses under which a calendar elsewhere reads what is owed and planned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class FeedQuerySet(models.QuerySet["CalendarFeed"]):
    def standing(self) -> FeedQuerySet:
        return self.filter(revoked_at=None)


class CalendarFeed(models.Model):
    """A secret address of one person's calendar, or of one body's as far as that person may see it.

    The secret, 128 random bits, is shown once; here stands its keyed digest. Whoever has the address reads without a
    session what `owner` may see at the moment of reading, so it is revoked when a phone is lost.
    """

    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="calendar_feeds")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    """When it was last read; kept to the hour, so that reading seldom writes."""

    objects: ClassVar[models.Manager[CalendarFeed]] = FeedQuerySet.as_manager()

    class Meta:
        db_table = "calendars_feed"
        constraints = [
            models.UniqueConstraint(
                "owner", "body", condition=Q(revoked_at=None, body__isnull=False), name="calendars_feed_one_of_body"
            ),
            models.UniqueConstraint(
                "owner", condition=Q(revoked_at=None, body=None), name="calendars_feed_one_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of {self.owner_id}"
