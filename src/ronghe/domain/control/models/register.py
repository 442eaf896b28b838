"""Idle hours and rework with what they cost, and the register of approvals from outside."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from ronghe.domain.control.enums import ApprovalKind, LossKind, ShippedCause


class IdleCause(models.Model):
    """A cause of a body's own beside the shipped ones; ended, it stands with what it was chosen for and is offered no more."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="idle_causes")
    name = models.CharField(max_length=40)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "control_cause"
        constraints = [
            models.UniqueConstraint("body", "name", condition=Q(ended_at=None), name="control_cause_name_in_body"),
        ]

    def __str__(self) -> str:
        return self.name


class IdleClaim(models.Model):
    """What an idle or rework item adds up to; the item holds the words, the two sides and how far it is agreed.

    `hours` are man-hours, `fen` the cost in fen. `crew_unit` is whose people it was, `answers_unit` who is to answer for it.
    """

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="idle_claim")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="idle_claims")
    kind = models.CharField(max_length=8, choices=LossKind.choices)
    cause = models.CharField(max_length=16, choices=ShippedCause.choices, default="")
    own_cause = models.ForeignKey(IdleCause, on_delete=models.PROTECT, null=True, related_name="claims")
    """Instead of a shipped one."""
    crew = models.CharField(max_length=40)
    crew_unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
    answers_unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
    lot = models.CharField(max_length=80, default="")
    process = models.ForeignKey("control.WorkProcess", on_delete=models.PROTECT, null=True, related_name="idle_claims")
    happened_on = models.DateField()
    people = models.PositiveIntegerField()
    hours = models.DecimalField(max_digits=9, decimal_places=2)
    fen = models.BigIntegerField()

    class Meta:
        db_table = "control_idle"
        indexes = [models.Index("project", "happened_on", name="control_idle_project")]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=Decimal(0)), name="control_idle_hours"),
            models.CheckConstraint(
                condition=Q(cause="", own_cause__isnull=False) | ~Q(cause="") & Q(own_cause=None),
                name="control_idle_one_cause",
            ),
            models.CheckConstraint(condition=Q(fen__gte=0), name="control_idle_cost"),
            models.CheckConstraint(condition=Q(people__gte=1), name="control_idle_people"),
            models.CheckConstraint(condition=~Q(answers_unit=F("crew_unit")), name="control_idle_two_sides"),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.hours} h"

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.fen) / 100


class OutsideApproval(models.Model):
    """An approval that an authority outside gives (指标、用地、并网、绿电交易); its item holds who sees to it and the next step."""

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="outside_approval")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="outside_approvals")
    kind = models.CharField(max_length=12, choices=ApprovalKind.choices)
    authority = models.CharField(max_length=80)
    contact = models.CharField(max_length=40, default="")
    """An office or a post there; a name is not needed."""
    phone_sealed = models.TextField(default="")
    """The office's number; each look is recorded."""
    next_step = models.CharField(max_length=200, default="")
    submitted_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    got_on = models.DateField(null=True)
    document_number = models.CharField(max_length=80, default="")
    """Of the paper that was got."""

    class Meta:
        db_table = "control_approval"
        indexes = [models.Index("project", "expected_on", name="control_approval_project")]
        constraints = [
            models.CheckConstraint(
                condition=Q(got_on=None) | Q(submitted_on__isnull=False, got_on__gte=F("submitted_on")),
                name="control_approval_got_after",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.authority}"


class ApprovalStage(models.Model):
    """One stage of an approval, in its order; it runs from its first day until it is done."""

    approval = models.ForeignKey(OutsideApproval, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "control_stage"
        constraints = [
            models.UniqueConstraint("approval", "number", name="control_stage_number"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(began_on__isnull=False, ended_on__gte=F("began_on")),
                name="control_stage_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.approval_id} {self.number} {self.title}"
