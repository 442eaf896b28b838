"""Red sites, where they lie, who went there and what those think of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.partylife.enums import SiteKind


def _is_point() -> Q:
    """Return the condition that both coordinates are there and on the globe, or neither."""
    return Q(latitude=None, longitude=None) | Q(
        latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
    )


class RedSite(models.Model):
    """A place to learn from, kept by `body` and seen by everybody at and below it. Coordinates are degrees (WGS 84)."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="red_sites")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=SiteKind.choices)
    address = models.CharField(max_length=120, default="")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    about = models.CharField(max_length=400, default="")
    """What is to be seen."""
    opening = models.CharField(max_length=120, default="")
    phone = models.CharField(max_length=40, default="")
    """Of the place, never of a person."""
    capacity = models.PositiveIntegerField(null=True)
    kept_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "partylife_red_site"
        indexes = [models.Index(fields=("name", "id"), name="partylife_site_name")]
        constraints = [
            models.UniqueConstraint("body", "name", condition=Q(closed_at=None), name="partylife_site_once"),
            models.CheckConstraint(condition=_is_point(), name="partylife_site_point"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    @property
    def has_point(self) -> bool:
        return self.latitude is not None and self.longitude is not None


class SitePoint(models.Model):
    """Where the site of a zone or of a project lies, from which distances are told."""

    zone = models.OneToOneField("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="point")
    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, null=True, related_name="point")
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "partylife_site_point"
        constraints = [
            models.CheckConstraint(
                condition=Q(zone__isnull=False, project=None) | Q(zone=None, project__isnull=False),
                name="partylife_point_of_one",
            ),
            models.CheckConstraint(condition=_is_point(), name="partylife_point_on_globe"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.latitude} {self.longitude}"


class SiteVisit(models.Model):
    """An activity that is held at a red site; it counts as a visit when the activity is closed."""

    site = models.ForeignKey(RedSite, on_delete=models.PROTECT, related_name="visits")
    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, related_name="site_visit")
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        db_table = "partylife_site_visit"

    def __str__(self) -> str:
        return f"#{self.pk} {self.site_id}"


class SiteRating(models.Model):
    """What somebody who was there thinks of it, one to five stars; told again, it replaces the earlier answer."""

    site = models.ForeignKey(RedSite, on_delete=models.PROTECT, related_name="ratings")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        db_table = "partylife_site_rating"
        constraints = [
            models.UniqueConstraint("site", "person", name="partylife_rating_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="partylife_rating_stars"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.stars}"
