"""督查与达标: visits with their groups and verdicts, calls for many bodies, and what a finding has that no other item has."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q

from ronghe.domain.inspections.calc.checklists import Checklist, checklist_of
from ronghe.domain.inspections.enums import InspectionForm, InspectionState, Verdict

_MARK: dict[str, Any] = {"max_digits": 8, "decimal_places": 2}


class InspectionCall(models.Model):
    """One special inspection of many bodies by one checklist (专项督察)."""

    title = models.CharField(max_length=120)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="inspection_calls")
    """Which body calls for it."""
    checklist = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    conclusion = models.CharField(max_length=2000, default="")
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inspections_call"
        indexes = [models.Index("body", "from_on", name="inspections_call_body")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="inspections_call_days"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(conclusion="")),
                name="inspections_call_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class Inspection(models.Model):
    """A group visits a body with a checklist. `content` is the checklist as it was when the visit was arranged.

    Marks stand from the sealing on. Of an acceptance a grade is proposed then, and decided after a notice of working days.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="inspections")
    form = models.CharField(max_length=12, choices=InspectionForm.choices)
    checklist = models.CharField(max_length=40)
    content = models.JSONField(default=dict)
    call = models.ForeignKey(InspectionCall, on_delete=models.PROTECT, null=True, related_name="inspections")
    planned_on = models.DateField()
    until_on = models.DateField()
    """The last day, that day too."""
    state = models.CharField(max_length=12, choices=InspectionState.choices, default=InspectionState.PLANNED)
    arranged_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField()
    reason = models.CharField(max_length=400, default="")
    """Why it was called off."""
    words = models.CharField(max_length=2000, default="")
    sealed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    mark = models.DecimalField(null=True, **_MARK)
    full = models.DecimalField(null=True, **_MARK)
    """The full marks of the items that apply."""
    vetoes = models.PositiveSmallIntegerField(default=0)
    before = models.CharField(max_length=40, default="")
    """The grade that the body had."""
    proposed = models.CharField(max_length=40, default="")
    notice_until = models.DateField(null=True)
    """The last day on which the body may object; the grade is decided after it."""
    grade = models.CharField(max_length=40, default="")
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, default="")

    class Meta:
        db_table = "inspections_inspection"
        indexes = [
            models.Index("body", "planned_on", name="inspections_body_day"),
            models.Index("planned_on", "id", name="inspections_day"),
            models.Index("state", "until_on", name="inspections_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("planned_on")), name="inspections_days"),
            models.CheckConstraint(
                condition=Q(state="sealed", sealed_at__isnull=False, sealed_by__isnull=False)
                | (~Q(state="sealed") & Q(sealed_at=None, sealed_by=None)),
                name="inspections_sealed_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, grade="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False, state="sealed") & ~Q(grade="")),
                name="inspections_decided_whole",
            ),
            models.UniqueConstraint("call", "body", condition=Q(call__isnull=False), name="inspections_once_a_call"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.form}"

    @property
    def grade_title(self) -> str:
        """The grade that was decided, as the reader reads it."""
        return self.sheet.grade_title(self.grade)

    @cached_property
    def sheet(self) -> Checklist:
        """The checklist that this visit goes by."""
        return checklist_of(self.content)


class GroupMember(models.Model):
    """Somebody of the group; the first one leads it. Nobody of the visited body, nor who leads there."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="group")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="inspection_groups")
    is_leader = models.BooleanField(default=False)

    class Meta:
        db_table = "inspections_group"
        constraints = [
            models.UniqueConstraint("inspection", "person", name="inspections_group_once"),
            models.UniqueConstraint("inspection", condition=Q(is_leader=True), name="inspections_group_one_leader"),
        ]

    def __str__(self) -> str:
        return f"#{self.inspection_id} {self.person_id}"


class ItemVerdict(models.Model):
    """What was found at one item of one visit, or whether one of the vetoes was met; `held` is what was shown beforehand."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="verdicts")
    item = models.CharField(max_length=40)
    is_veto = models.BooleanField(default=False)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    mark = models.DecimalField(default=0, **_MARK)
    words = models.CharField(max_length=1000, default="")
    held = models.PositiveIntegerField(default=0)
    """How many records the platform held when it was judged."""
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finding = models.ForeignKey(
        "items.WorkItem", on_delete=models.PROTECT, null=True, related_name="inspection_verdicts"
    )
    was = models.CharField(max_length=16, default="")
    """The verdict before an objection was found right."""

    class Meta:
        db_table = "inspections_verdict"
        constraints = [
            models.UniqueConstraint("inspection", "item", name="inspections_verdict_once"),
            models.CheckConstraint(condition=Q(mark__gte=0), name="inspections_verdict_mark"),
            models.CheckConstraint(
                condition=Q(is_veto=False) | Q(verdict__in=["meets", "not_met"]), name="inspections_verdict_of_veto"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.inspection_id} {self.item} {self.verdict}"


class InspectionFinding(models.Model):
    """What a finding has besides its item: where it was seen, when its effect is looked at, how often it came back.

    `run`, `subject` and `board` only name what an appraisal showed; this room asks it nothing.
    """

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="inspection_finding")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, related_name="findings")
    check_item = models.CharField(max_length=40, default="")
    about = models.CharField(max_length=120, default="")
    """The dimension, board or item in words."""
    board = models.CharField(max_length=64, default="")
    run = models.BigIntegerField(null=True)
    subject = models.BigIntegerField(null=True)
    period = models.CharField(max_length=16, default="")
    figure_then = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    """What the board showed when it was raised."""
    measured_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    effect_days = models.PositiveSmallIntegerField(default=30)
    carried_on = models.DateField(null=True)
    effect_on = models.DateField(null=True)
    """From this day on somebody else may say that it has worked."""
    recurrences = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "inspections_finding"
        indexes = [models.Index("board", "subject", name="inspections_finding_board")]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect_on=None) | Q(carried_on__isnull=False, effect_on__gte=F("carried_on")),
                name="inspections_finding_effect_later",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}"
