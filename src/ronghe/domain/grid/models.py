"""Named members, requests with their story, and what was decided about gaps; gaps themselves are computed, never stored."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.grid.enums import OPEN_STATES, GridLevel, RequestAct, RequestKind, RequestState


class GridSetting(models.Model):
    """What a body sets for its part of the grid; bodies below take it over unless they set their own.

    Days are working days within which a level answers a request.
    """

    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, related_name="grid_setting")
    employees_per_member = models.PositiveSmallIntegerField()
    """How many employees one Party member is named for at most."""
    member_days = models.PositiveSmallIntegerField()
    branch_days = models.PositiveSmallIntegerField()
    general_branch_days = models.PositiveSmallIntegerField()
    committee_days = models.PositiveSmallIntegerField()
    changed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="grid_settings")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "grid_setting"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    employees_per_member__gte=1, member_days__gte=1, branch_days__gte=1, general_branch_days__gte=1,
                    committee_days__gte=1,
                ),
                name="grid_setting_positive",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id}"


class GridLiaison(models.Model):
    """The Party member named for an employee (员工在网), from a day until (not including) a day."""

    employee = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="grid_members")
    member = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="grid_employees")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="grid_liaisons")
    """The branch that named the member."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "grid_liaison"
        indexes = [
            models.Index("member", "valid_until", name="grid_liaison_member"),
            models.Index("body", "valid_until", name="grid_liaison_body"),
        ]
        constraints = [
            models.UniqueConstraint("employee", condition=Q(valid_until=None), name="grid_liaison_one_now"),
            models.UniqueConstraint("employee", "valid_from", name="grid_liaison_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="grid_liaison_dates"
            ),
            models.CheckConstraint(condition=~Q(employee=F("member")), name="grid_liaison_of_another"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.member_id} for {self.employee_id}"


class GapDismissal(models.Model):
    """A gap that somebody lets stand until (not including) a day, with the reason."""

    gap = models.CharField(max_length=80)
    """`code:place:pk`, as `ronghe.domain.grid.calc.gaps` names it."""
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="dismissed_gaps")
    """The body that answers for the gap."""
    reason = models.CharField(max_length=200)
    until = models.DateField()
    dismissed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="dismissed_gaps")
    dismissed_at = models.DateTimeField()

    class Meta:
        db_table = "grid_gap_dismissal"
        indexes = [models.Index("gap", "until", name="grid_gap_dismissal_gap")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.gap}"


class GapTask(models.Model):
    """The task that was given to close a gap; one at a time."""

    gap = models.CharField(max_length=80)
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="gap_task")
    is_current = models.BooleanField(default=True)
    """Taken back when the task ended and the gap is still there, so that another one can be given."""

    class Meta:
        db_table = "grid_gap_task"
        constraints = [
            models.UniqueConstraint("gap", condition=Q(is_current=True), name="grid_gap_task_one_now"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.gap}"


class GridRequestQuerySet(models.QuerySet["GridRequest"]):
    def unfinished(self) -> GridRequestQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> GridRequestQuerySet:
        return self.filter(state=RequestState.WAITING)

    def past_clock(self, day: date) -> GridRequestQuerySet:
        return self.waiting().filter(due_on__lt=day)


class GridRequest(models.Model):
    """What an employee asks for (诉求). It stands at one level with a clock, and rises when the clock runs out."""

    raiser = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="grid_requests")
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="entered_grid_requests")
    """The raiser, or the member who wrote it down for the raiser."""
    kind = models.CharField(max_length=16, choices=RequestKind.choices)
    text = models.CharField(max_length=500)
    is_anonymous = models.BooleanField(default=False)
    """Above the named member nobody sees who raised it: the text and the branch only."""
    branch = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="own_grid_requests")
    """The branch in whose part of the grid it was raised."""
    handler = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="handled_grid_requests")
    """The named member when it was raised; `None` where there was none."""
    level = models.CharField(max_length=16, choices=GridLevel.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="grid_requests")
    """The body that answers at this level; for the named member, the branch."""
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.WAITING)
    round = models.PositiveIntegerField(default=0)
    """Goes up by one with every step: of two who act at once, one is told (compare-and-set)."""
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    """The last day on which this level answers in time."""
    answer = models.CharField(max_length=500, null=True)
    answered_by = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="answered_grid_requests"
    )
    answered_at = models.DateTimeField(null=True)
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="grid_request")

    objects: ClassVar[models.Manager[GridRequest]] = GridRequestQuerySet.as_manager()

    class Meta:
        db_table = "grid_request"
        indexes = [
            models.Index("state", "due_on", name="grid_request_clock"),
            models.Index("body", "state", "due_on", name="grid_request_body"),
            models.Index("raiser", "raised_at", name="grid_request_raiser"),
            models.Index("handler", "state", name="grid_request_handler"),
            models.Index("raised_at", "id", name="grid_request_raised"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.ANSWERED, RequestState.SOLVED])
                | Q(answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="grid_request_answered_complete",
            ),
            models.CheckConstraint(
                condition=~Q(level=GridLevel.MEMBER) | Q(handler__isnull=False), name="grid_request_member_named"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} ({self.state})"

    def get_level_display(self) -> str:  # type: ignore[no-redef]
        return str(GridLevel(self.level).label)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(RequestKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(RequestState(self.state).label)

    def is_overdue(self, day: date) -> bool:
        """Tell whether the level that has it should have answered before `day`."""
        return self.state == RequestState.WAITING and self.due_on < day


class GridRequestStep(models.Model):
    """One line of a request's story; lines are only added."""

    request = models.ForeignKey(GridRequest, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=RequestAct.choices)
    level = models.CharField(max_length=16, choices=GridLevel.choices)
    """The level at which the request stands after this step."""
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="grid_request_steps")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="grid_request_steps")
    """`None` where the clock did it."""
    text = models.CharField(max_length=500, null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "grid_request_step"
        indexes = [models.Index("body", "request", name="grid_request_step_body")]
        constraints = [models.UniqueConstraint("request", "number", name="grid_request_step_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.request_id}.{self.number} {self.act}"

    def get_act_display(self) -> str:  # type: ignore[no-redef]
        return str(RequestAct(self.act).label)

    def get_level_display(self) -> str:  # type: ignore[no-redef]
        return str(GridLevel(self.level).label)
