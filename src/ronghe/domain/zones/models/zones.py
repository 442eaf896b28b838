"""Zones, what they are for, the units that take part, and the days on which a site does not work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.zones.enums import LIVING, AdviceParameter, ParticipantRole, ZoneMode, ZoneState


class ZoneQuerySet(models.QuerySet["CollaborationZone"]):
    def running(self) -> ZoneQuerySet:
        return self.filter(state=ZoneState.RUNNING)

    def living(self) -> ZoneQuerySet:
        """Started and not dissolved: its body holds meetings and owes duties."""
        return self.filter(state__in=LIVING)


class CollaborationZone(models.Model):
    """One zone, two bodies: `body` is its co-built branch, `office` its joint project office (SD-13).

    Both are there from the start on. The branch (区域联建: a regional one, SD-15) is a working body: nobody's home (PO-12);
    who works in the zone takes part in it. `sponsor` is the body that proposes and approves the zone and below which the
    branch hangs. `agreement` is the letter of intent on which the sides agreed (SD-02).
    """

    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120, default="")
    """What it is for where the names of its projects do not say it."""
    projects = models.ManyToManyField("projects.Project", through="zones.ZoneProject", related_name="zones")
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT, null=True, related_name="zones")
    mode = models.CharField(max_length=16, choices=ZoneMode.choices)
    advised_mode = models.CharField(max_length=16, choices=ZoneMode.choices, default="")
    """What the platform advised when the zone was proposed; with another `mode`, `mode_reason` says why."""
    mode_reason = models.CharField(max_length=200, default="")
    is_pilot = models.BooleanField(default=False)
    """Started as a pilot first (试点先行)."""
    state = models.CharField(max_length=12, choices=ZoneState.choices, default=ZoneState.PROPOSED)
    sponsor = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="sponsored_zones")
    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="zone")
    office = models.OneToOneField("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="zone")
    place = models.CharField(max_length=80, null=True)
    """Where the huddles are held unless told otherwise."""
    approval_ref = models.CharField(max_length=80, null=True)
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    returned_reason = models.CharField(max_length=200, default="")
    """Why it was returned last; the fact says by whom and when."""
    approved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    started_on = models.DateField(null=True)
    dissolved_on = models.DateField(null=True)
    """The first day without it."""

    objects: ClassVar[models.Manager[CollaborationZone]] = ZoneQuerySet.as_manager()

    class Meta:
        db_table = "zones_collaboration_zone"
        indexes = [models.Index("name", "id", name="zones_zone_name")]
        constraints = [
            models.UniqueConstraint(
                "sponsor", "name", condition=~Q(state=ZoneState.WITHDRAWN), name="zones_zone_name_below_sponsor"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(LIVING))
                | Q(body__isnull=False, office__isnull=False, started_on__isnull=False),
                name="zones_zone_running_has_two_bodies",
            ),
            models.CheckConstraint(
                condition=~Q(state=ZoneState.DISSOLVED) | Q(dissolved_on__isnull=False),
                name="zones_zone_dissolved_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ZoneProject(models.Model):
    """A project that the zone serves from a day until (not including) a day."""

    zone = models.ForeignKey(CollaborationZone, on_delete=models.PROTECT, related_name="zone_projects")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="zone_projects")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "zones_zone_project"
        constraints = [
            models.UniqueConstraint("zone", "project", condition=Q(valid_until=None), name="zones_zone_project_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="zones_zone_project_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.zone_id} {self.project_id}"


class ParticipatingUnit(models.Model):
    """A unit's part in a zone. `home_branch` is where its members belong, `contact` whom one speaks to there."""

    zone = models.ForeignKey(CollaborationZone, on_delete=models.PROTECT, related_name="participating_units")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=16, choices=ParticipantRole.choices)
    home_branch = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="participations")
    contact = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
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

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        """The role in words; Django's own translates all of them for each unit of a list."""
        return str(ParticipantRole(self.role).label)


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


class ModeParameter(models.Model):
    """A figure of a committee's own in place of the shipped one, for the advice on modes and the check of PC-08."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="zone_parameters")
    name = models.CharField(max_length=24, choices=AdviceParameter.choices)
    value = models.BigIntegerField()
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "zones_mode_parameter"
        constraints = [
            models.UniqueConstraint("body", "name", name="zones_mode_parameter_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="zones_mode_parameter_not_negative"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name} {self.value}"
