"""Stays of floating members, the branches they may found together, and contacts with those who are away."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.floating.enums import OPEN_STATES, StayDirection, StaySource, StayState


class FloatingStay(models.Model):
    """A Party member's time away from the home branch: found, verified, attached here, told to the home, ended (PF-03).

    `body` answers for it: where the person was found, then where attached; the home branch itself for one who is away.
    The home branch is `home_branch` where it stands on this platform, else `home_branch_name` in words.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="floating_stays")
    direction = models.CharField(max_length=12, choices=StayDirection.choices)
    source = models.CharField(max_length=24, choices=StaySource.choices)
    state = models.CharField(max_length=12, choices=StayState.choices, default=StayState.FOUND)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="floating_stays")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="floating_stays")
    """Where the person works here."""
    found_on = models.DateField()
    found_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    home_branch = models.ForeignKey(
        "org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="floating_members_away"
    )
    home_branch_name = models.CharField(max_length=80, default="")
    home_contact = models.CharField(max_length=40, default="")
    """Whom at the home branch one speaks to (PF-03); the number lies sealed beside it."""
    home_phone_sealed = models.TextField(null=True)
    verified_on = models.DateField(null=True)
    attached_on = models.DateField(null=True)
    membership = models.ForeignKey("org.Membership", on_delete=models.PROTECT, null=True, related_name="floating_stays")
    """The participation in `body` while attached (PO-12)."""
    informed_at = models.DateTimeField(null=True)
    """When the home branch was told, by the platform or by a letter."""
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    left_on = models.DateField(null=True)
    slip = models.JSONField(null=True)
    """What the return slip says: counts by kind of fact in the host body, frozen when the person left."""
    slip_acknowledged_at = models.DateTimeField(null=True)
    slip_acknowledged_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    destination = models.CharField(max_length=80, default="")
    """Where somebody who is away has gone."""
    away_since = models.DateField(null=True)
    back_by = models.DateField(null=True)
    """When somebody who is away means to be back; not known for most."""
    is_abroad = models.BooleanField(default=False)
    dismissed_reason = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "floating_stay"
        indexes = [
            models.Index("body", "state", "found_on", name="floating_stay_body"),
            models.Index("home_branch", "state", name="floating_stay_home"),
        ]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(state__in=sorted(OPEN_STATES)), name="floating_stay_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=StayState.ATTACHED) | Q(membership__isnull=False, attached_on__isnull=False),
                name="floating_stay_attached_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(attached_on=None) | Q(left_on__gte=F("attached_on")),
                name="floating_stay_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.state}"

    @property
    def has_vote_here(self) -> bool:
        """A floating member votes, elects and is elected at home, never in the host body (PF-02)."""
        return self.direction == StayDirection.OUTGOING

    @property
    def home_name(self) -> str:
        """The home branch in words, wherever it stands."""
        return self.home_branch.name if self.home_branch is not None else self.home_branch_name


class AwayContact(models.Model):
    """One contact with a member who is away (PF-04)."""

    stay = models.ForeignKey(FloatingStay, on_delete=models.PROTECT, related_name="contacts")
    contacted_on = models.DateField()
    contacted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "floating_away_contact"
        constraints = [models.UniqueConstraint("stay", "contacted_on", name="floating_away_contact_once_a_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.stay_id} {self.contacted_on}"


class FloatingBranchSides(models.Model):
    """The two Party organizations that agreed on a branch of floating members (PO-07): whence they come and where they are."""

    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, related_name="floating_sides")
    host = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    home = models.CharField(max_length=80)
    """The organization the members come from, as the document names it: it is rarely on this platform."""
    document = models.CharField(max_length=120)
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "floating_branch_sides"

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id}"
