"""A Party group and a production team that are one thing, and what their one leader may do."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.pairing.enums import PowerWay, ProposalState, UseState


class GroupTeamLink(models.Model):
    """A Party group built on a production team, from a day until (not including) a day; one to one at any time."""

    group = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="team_links")
    team = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="group_links")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "pairing_group_team_link"
        constraints = [
            models.UniqueConstraint("group", condition=Q(valid_until=None), name="pairing_one_team_of_a_group"),
            models.UniqueConstraint("team", condition=Q(valid_until=None), name="pairing_one_group_of_a_team"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="pairing_link_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.group_id} = {self.team_id}"


class LeaderProposal(models.Model):
    """Whom a branch proposes to the committee's office as the one leader of a pair."""

    link = models.ForeignKey(GroupTeamLink, on_delete=models.PROTECT, related_name="leader_proposals")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pairing_leader_proposal"
        constraints = [
            models.UniqueConstraint("link", condition=Q(state=ProposalState.OPEN), name="pairing_one_open_proposal")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"


class OwnPower(models.Model):
    """A power that a unit adds to the shipped ones; `code` is what facts and grants know it by."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=24)
    way = models.CharField(max_length=12, choices=PowerWay.choices)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "pairing_own_power"

    def __str__(self) -> str:
        return f"#{self.pk} {self.code}"


class LeaderPower(models.Model):
    """One listed power, granted to the leader of a pair by the branch, from a day until (not including) a day."""

    link = models.ForeignKey(GroupTeamLink, on_delete=models.PROTECT, related_name="powers")
    leader = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="powers")
    power = models.CharField(max_length=32)
    """Code of the list: shipped, or a unit's own."""
    document = models.CharField(max_length=120)
    """What it was granted by: number or title of the decision."""
    granted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "pairing_leader_power"
        indexes = [models.Index("leader", "valid_until", name="pairing_leader_power_leader")]
        constraints = [
            models.UniqueConstraint(
                "link", "power", "leader", condition=Q(valid_until=None), name="pairing_leader_power_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="pairing_leader_power_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.power}"


class PowerUse(models.Model):
    """One use of a power, for a day; a proposal is adopted or returned by the branch."""

    power = models.ForeignKey(LeaderPower, on_delete=models.PROTECT, related_name="uses")
    way = models.CharField(max_length=12, choices=PowerWay.choices)
    day = models.DateField()
    text = models.CharField(max_length=400, default="")
    used_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=UseState.choices)
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settling_note = models.CharField(max_length=400, default="")
    people = models.ManyToManyField("org.Person", related_name="power_uses", db_table="pairing_power_use_person")

    class Meta:
        db_table = "pairing_power_use"
        indexes = [models.Index("power", "day", name="pairing_power_use_power")]
        constraints = [
            models.UniqueConstraint("power", "day", condition=Q(way=PowerWay.DAILY), name="pairing_use_once_a_day"),
            models.CheckConstraint(
                condition=Q(way=PowerWay.PROPOSAL) | Q(state=UseState.RECORDED),
                name="pairing_use_only_proposals_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.way} {self.day}"
