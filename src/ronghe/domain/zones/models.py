"""Zones, the units that take part, and the days on which a site does not work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.zones.enums import ParticipantRole, ZoneMode, ZoneState


class ZoneQuerySet(models.QuerySet["CollaborationZone"]):
    def running(self) -> ZoneQuerySet:
        return self.filter(state=ZoneState.RUNNING)


class CollaborationZone(models.Model):
    """One zone, two bodies: `body` is its co-built branch, `office` its joint project office (SD-13).

    Both are there from the start on. The co-built branch is a working body: nobody's home (PO-12); who works in the zone
    takes part in it. `sponsor` is the body that proposes and approves the zone and below which the branch hangs.
    """

    name = models.CharField(max_length=80)
    project = models.CharField(max_length=120)
    mode = models.CharField(max_length=16, choices=ZoneMode.choices)
    state = models.CharField(max_length=12, choices=ZoneState.choices, default=ZoneState.PROPOSED)
    sponsor = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="sponsored_zones")
    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="zone")
    office = models.OneToOneField("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="zone")
    place = models.CharField(max_length=80, null=True)
    """Where the huddles are held unless told otherwise."""
    approval_ref = models.CharField(max_length=80, null=True)
    proposed_at = models.DateTimeField()
    started_on = models.DateField(null=True)

    objects: ClassVar[models.Manager[CollaborationZone]] = ZoneQuerySet.as_manager()

    class Meta:
        db_table = "zones_collaboration_zone"
        constraints = [
            models.UniqueConstraint("sponsor", "name", name="zones_zone_name_below_sponsor"),
            models.CheckConstraint(
                condition=~Q(state=ZoneState.RUNNING)
                | Q(body__isnull=False, office__isnull=False, started_on__isnull=False),
                name="zones_zone_running_has_two_bodies",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipatingUnit(models.Model):
    """A unit's part in a zone. `home_branch` is where its members belong."""

    zone = models.ForeignKey(CollaborationZone, on_delete=models.PROTECT, related_name="participating_units")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=16, choices=ParticipantRole.choices)
    home_branch = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="participations")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "zones_participating_unit"
        constraints = [
            models.UniqueConstraint(
                "zone", "unit", "role", condition=Q(valid_until=None), name="zones_participating_unit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.unit_id} {self.role}"


class ShutDown(models.Model):
    """The days from `from_on` up to, not including, `until_on` on which the zone's site does not work.

    Lifted on time to work on, `until_on` moves forward; lifted before it began, the span is empty.
    """

    zone = models.ForeignKey(CollaborationZone, on_delete=models.PROTECT, related_name="shut_downs")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=80)

    class Meta:
        db_table = "zones_shut_down"
        indexes = [models.Index("zone", "from_on", name="zones_shut_down_zone")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="zones_shut_down_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.from_on}–{self.until_on}"
