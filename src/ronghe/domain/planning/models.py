"""四同检查: plans with their items and versions, the four checks of an item with their evidence, quarterly rounds."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from ronghe.domain.planning.enums import (
    Aspect,
    CheckDecision,
    CheckState,
    ItemKind,
    PlanKind,
    PlanState,
    RoundState,
    Side,
)
from ronghe.kernel.db.append_only import append_only

PERSON = "org.Person"


class Plan(models.Model):
    """What a body means to do in a year, a half or a quarter; `from_on` up to, not including, `until_on`.

    `digest` is that of the items as they stand: both heads confirm a digest, never a row that may change.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=8, choices=PlanKind.choices)
    period = models.CharField(max_length=8)
    """2026, 2026H1 or 2026Q3."""
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    production_head = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="headed_plans")
    """行政负责人: confirms for the production side; 书记 confirms by post."""
    drawn_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    digest = models.CharField(max_length=64, default="")
    version = models.PositiveSmallIntegerField(default=0)
    """0 until both heads have agreed."""
    drafted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "planning_plan"
        indexes = [
            models.Index(fields=("-from_on", "-id"), name="planning_plan_from"),
            models.Index(fields=("state", "until_on"), name="planning_plan_state"),
        ]
        constraints = [
            models.UniqueConstraint("body", "period", name="planning_plan_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="planning_plan_span"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT) | Q(production_head__isnull=False), name="planning_plan_has_head"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.AGREED, PlanState.CLOSED])
                | Q(agreed_at__isnull=False, version__gte=1),
                name="planning_plan_agreed_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.period}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(PlanState(self.state).label)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(PlanKind(self.kind).label)

    @property
    def last_on(self) -> date:
        """The last day inside."""
        return self.until_on - timedelta(days=1)


class PlanItem(models.Model):
    """One thing to be achieved by a day, by two people: one answers for production, one for Party-building."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    goal = models.CharField(max_length=200, default="")
    figure = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=16, default="")
    production_owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="production_items")
    party_owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="party_items")
    due_on = models.DateField()
    weight = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=200, default="")
    result_figure = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "planning_item"
        indexes = [
            models.Index(fields=("due_on",), name="planning_item_due"),
        ]
        constraints = [
            models.UniqueConstraint("plan", "number", name="planning_item_number"),
            models.CheckConstraint(condition=~Q(production_owner=F("party_owner")), name="planning_item_two_owners"),
            models.CheckConstraint(condition=Q(figure__isnull=False) | ~Q(goal=""), name="planning_item_has_goal"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gte=0, weight__lte=100), name="planning_item_weight"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | ~Q(drop_reason=""), name="planning_item_dropped_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.title}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ItemKind(self.kind).label)


class PlanVersion(models.Model):
    """The items as they were agreed or changed: only added. `changes` says what became different, and why."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    contents = models.JSONField()
    """A list of items as `calc.contents` writes them."""
    changes = models.JSONField(default=list)
    """A list of `act` (added, changed, dropped, restored), `number`, `title`, `fields` of [name, before, after]."""
    reason = models.CharField(max_length=120, default="")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("planning_version")
        constraints = [models.UniqueConstraint("plan", "number", name="planning_version_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.plan_id} v{self.number}"


class PlanConfirmation(models.Model):
    """A head confirmed the items as they stood; it holds for that digest alone."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=12, choices=Side.choices)
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("planning_confirmation")
        constraints = [models.UniqueConstraint("plan", "side", "digest", name="planning_confirmation_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.side}"


class ItemCheck(models.Model):
    """One of the four for one item. `quarter` is "" for the two that are asked once for the whole plan."""

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="checks")
    aspect = models.CharField(max_length=12, choices=Aspect.choices)
    quarter = models.CharField(max_length=8, default="")
    state = models.CharField(max_length=16, choices=CheckState.choices, default=CheckState.NONE)
    reason = models.CharField(max_length=200, default="")
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "planning_check"
        indexes = [models.Index("state", "item", name="planning_check_state")]
        constraints = [
            models.UniqueConstraint("item", "aspect", "quarter", name="planning_check_once"),
            models.CheckConstraint(
                condition=Q(state__in=[CheckState.NONE, CheckState.PROPOSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="planning_check_decided_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CheckState.CONTESTED, CheckState.NOT_APPLICABLE]) | ~Q(reason=""),
                name="planning_check_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.aspect} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(CheckState(self.state).label)

    def get_aspect_display(self) -> str:  # type: ignore[no-redef]
        return str(Aspect(self.aspect).label)


class CheckEvidence(models.Model):
    """A record that shows it: a gathering with the topic that names the item, a task, or a final appraisal (a fact).

    The two people are one of each side who took part, as the posts stood on the day; `None` where nobody of a side did.
    """

    check_row = models.ForeignKey(ItemCheck, on_delete=models.PROTECT, related_name="evidence")
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="plan_evidence")
    topic = models.ForeignKey("rhythm.AgendaItem", on_delete=models.PROTECT, null=True, related_name="plan_evidence")
    task = models.ForeignKey("work.Task", on_delete=models.PROTECT, null=True, related_name="plan_evidence")
    fact = models.BigIntegerField(null=True)
    """Of a final appraisal of the body; it has no list of people and stands for both sides."""
    day = models.DateField()
    party_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    production_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    is_found = models.BooleanField(default=False)
    """By the platform; else chosen by `added_by`."""
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    rejected_at = models.DateTimeField(null=True)
    """Somebody said that it does not belong here; it is not proposed again."""

    class Meta:
        db_table = "planning_evidence"
        constraints = [
            models.UniqueConstraint("check_row", "activity", name="planning_evidence_activity"),
            models.UniqueConstraint("check_row", "task", name="planning_evidence_task"),
            models.UniqueConstraint("check_row", "fact", name="planning_evidence_fact"),
            models.CheckConstraint(
                condition=Q(activity__isnull=False, task=None, fact=None)
                | Q(activity=None, topic=None, task__isnull=False, fact=None)
                | Q(activity=None, topic=None, task=None, fact__isnull=False),
                name="planning_evidence_one_record",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.check_row_id}"


class CheckStep(models.Model):
    """What somebody decided about a check, with the reason: only added."""

    check_row = models.ForeignKey(ItemCheck, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=16, choices=CheckDecision.choices)
    reason = models.CharField(max_length=200, default="")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("planning_check_step")

    def __str__(self) -> str:
        return f"#{self.pk} {self.step}"

    def get_step_display(self) -> str:  # type: ignore[no-redef]
        return str(CheckDecision(self.step).label)


class GapTask(models.Model):
    """A gap that somebody is to close; settled when the check is confirmed or does not apply."""

    check_row = models.ForeignKey(ItemCheck, on_delete=models.PROTECT, related_name="gap_tasks")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="plan_gap")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "planning_gap_task"
        constraints = [
            models.UniqueConstraint("check_row", condition=Q(settled_at=None), name="planning_gap_task_one_open"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.check_row_id}"


class CheckRound(models.Model):
    """The check of one quarter. Closed, it keeps how many items there were, how many were joint, and how many gaps."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    quarter = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.OPEN)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    items = models.PositiveSmallIntegerField(default=0)
    joint = models.PositiveSmallIntegerField(default=0)
    gaps = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "planning_round"
        constraints = [
            models.UniqueConstraint("plan", "quarter", name="planning_round_once"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OPEN) | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="planning_round_closed_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.quarter}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(RoundState(self.state).label)


class RoundLine(models.Model):
    """One item in the matrix of a closed round, as it was; a word of `CheckState` for each of the four."""

    round = models.ForeignKey(CheckRound, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="round_lines")
    planned = models.CharField(max_length=16, choices=CheckState.choices)
    assigned = models.CharField(max_length=16, choices=CheckState.choices)
    carried_out = models.CharField(max_length=16, choices=CheckState.choices)
    appraised = models.CharField(max_length=16, choices=CheckState.choices)
    is_joint = models.BooleanField()

    class Meta:
        db_table = append_only("planning_round_line")
        constraints = [models.UniqueConstraint("round", "item", name="planning_round_line_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.round_id} {self.item_id}"
