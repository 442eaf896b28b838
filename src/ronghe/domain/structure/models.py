"""Acts on bodies with their parts and shares, what bodies and units were called before, and what a body was founded on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.structure.enums import OPEN_STATES, ActKind, ActState, PartPlace


class BodyActQuerySet(models.QuerySet["BodyAct"]):
    def unsettled(self) -> BodyActQuerySet:
        return self.filter(state__in=OPEN_STATES)


class BodyAct(models.Model):
    """One change of the trees: proposed, approved by whoever has it to approve, carried out on its day.

    `body` is what the act is about; a founding has none until it is carried out. `parent` is where it is founded or
    moved to. Who approves is worked out when it is proposed and kept as `approver`, the body whose office decides.
    """

    kind = models.CharField(max_length=12, choices=ActKind.choices)
    state = models.CharField(max_length=12, choices=ActState.choices, default=ActState.PROPOSED)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="acts")
    parent = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="acts_below")
    approver = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="acts_to_approve")
    reports_to = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="acts_to_know")
    """The body above a branch that is to know of its groups (PO-08); `None` where approval comes from above anyway."""
    known_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="known_acts")
    known_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=80, default="")
    """Of what is founded, merged into or renamed; "" where the name stays."""
    body_kind = models.CharField(max_length=24, choices=PartyOrgKind.choices, default="")
    """Of what is founded, merged into or converted; "" where the kind stays."""
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="acts")
    effective_on = models.DateField()
    grounds = models.CharField(max_length=400)
    approval_ref = models.CharField(max_length=80, null=True)
    due_on = models.DateField(null=True)
    """By when it is to be decided (PO-11); `None` where nobody above decides."""
    planned_end_on = models.DateField(null=True)
    """When the project of a temporary body ends (PO-06)."""
    outflow = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="acts_as_outflow")
    outflow_name = models.CharField(max_length=80, default="")
    """The outflow place's Party body in words, where it is not on this platform (PO-07)."""
    inflow = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="acts_as_inflow")
    inflow_name = models.CharField(max_length=80, default="")
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="proposed_acts")
    """Nobody where a temporary body ends with its project (PO-06)."""
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="decided_acts")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=400, default="")
    carried_out_at = models.DateTimeField(null=True)
    hindrance = models.CharField(max_length=400, default="")
    """Why it could not be carried out on its day, in the words of the refusal."""

    objects: ClassVar[models.Manager[BodyAct]] = BodyActQuerySet.as_manager()

    class Meta:
        db_table = "structure_body_act"
        indexes = [
            models.Index("approver", "state", name="structure_act_approver"),
            models.Index("body", "effective_on", name="structure_act_body"),
            models.Index("state", "effective_on", name="structure_act_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ActKind.FOUND) | Q(body__isnull=False), name="structure_act_about_a_body"
            ),
            models.CheckConstraint(
                condition=~Q(state=ActState.CARRIED_OUT) | Q(body__isnull=False, carried_out_at__isnull=False),
                name="structure_act_carried_out_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.body_id or self.name}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ActKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ActState(self.state).label)

    @property
    def needs_approval(self) -> bool:
        """Whether somebody above decides; a group is the branch's own affair (PO-08)."""
        return self.due_on is not None

    def is_overdue(self, day: date) -> bool:
        """Tell whether the decision is late on `day` (PO-11)."""
        return self.state == ActState.PROPOSED and self.due_on is not None and day > self.due_on


class ActPart(models.Model):
    """A body in an act: one that is changed, or one to which people go. A body to be founded has a name and no key yet.

    As long as the act is open its sources are spoken for: the constraint decides who of two was first.
    """

    act = models.ForeignKey(BodyAct, on_delete=models.PROTECT, related_name="parts")
    place = models.CharField(max_length=8, choices=PartPlace.choices)
    number = models.PositiveSmallIntegerField()
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="act_parts")
    name = models.CharField(max_length=80, default="")
    body_kind = models.CharField(max_length=24, choices=PartyOrgKind.choices, default="")
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "structure_act_part"
        constraints = [
            models.UniqueConstraint("act", "place", "number", name="structure_act_part_number"),
            models.UniqueConstraint(
                "body", condition=Q(is_open=True, place=PartPlace.SOURCE), name="structure_act_part_one_open"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False) | ~Q(name="") & ~Q(body_kind=""), name="structure_act_part_named"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.place} {self.body_id or self.name}"


class ActShare(models.Model):
    """Who goes to a new body when one is split: a whole group with its people, or one person."""

    part = models.ForeignKey(ActPart, on_delete=models.PROTECT, related_name="shares")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="act_shares")
    group = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="act_shares")

    class Meta:
        db_table = "structure_act_share"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, group=None) | Q(person=None, group__isnull=False),
                name="structure_act_share_of_one",
            ),
            models.UniqueConstraint("part", "person", name="structure_act_share_person_once"),
            models.UniqueConstraint("part", "group", name="structure_act_share_group_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id or self.group_id} → {self.part_id}"


class ActUnit(models.Model):
    """A unit that a joint or regional branch is to cover (PO-03)."""

    act = models.ForeignKey(BodyAct, on_delete=models.PROTECT, related_name="covered")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="covering_acts")

    class Meta:
        db_table = "structure_act_unit"
        constraints = [models.UniqueConstraint("act", "unit", name="structure_act_unit_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.act_id}: {self.unit_id}"


class FormerIdentity(models.Model):
    """What a body or unit was called and which kind it was until (not including) a day.

    Whoever never was renamed has no row. The name and kind of today stand on the body or unit itself.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="former_identities")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="former_identities")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_until = models.DateField()

    class Meta:
        db_table = "structure_former_identity"
        indexes = [models.Index("valid_from", "valid_until", name="structure_former_days")]
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, unit=None) | Q(body=None, unit__isnull=False),
                name="structure_former_of_one",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="structure_former_dates"),
            models.UniqueConstraint("body", "valid_from", name="structure_former_body_once"),
            models.UniqueConstraint("unit", "valid_from", name="structure_former_unit_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class BodyCharter(models.Model):
    """What a temporary, floating or covering body was founded on: the end of its project, its two places (PO-06, PO-07)."""

    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, related_name="charter")
    planned_end_on = models.DateField(null=True)
    outflow = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="charters_outflow")
    outflow_name = models.CharField(max_length=80, default="")
    inflow = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="charters_inflow")
    inflow_name = models.CharField(max_length=80, default="")

    class Meta:
        db_table = "structure_body_charter"
        indexes = [models.Index("planned_end_on", name="structure_charter_end")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id}"

    def ends_within(self, day: date, days: int) -> bool:
        """Tell whether the project ends in the next `days` days, or ended."""
        return self.planned_end_on is not None and self.planned_end_on <= day + timedelta(days=days)


class CoveredUnit(models.Model):
    """A unit whose members a joint or regional branch takes in (PO-03)."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="covered_units")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="covered_by")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "structure_covered_unit"
        constraints = [
            models.UniqueConstraint("body", "unit", "valid_from", name="structure_covered_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="structure_covered_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.unit_id} in {self.body_id}"


class RuleFigure(models.Model):
    """A figure of a rule as this unit set it; whatever has no row is as shipped (`org/calc/thresholds.py`)."""

    code = models.CharField(max_length=64, unique=True)
    figure = models.PositiveIntegerField()
    grounds = models.CharField(max_length=200)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="rule_figures")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "structure_rule_figure"

    def __str__(self) -> str:
        return f"{self.code}={self.figure}"
