"""进度计划: a project's schedule with its calendars, lots, tasks and links, baselines, progress, weeks, money, files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.schedule.calc.links import Constraint, Lag, LinkKind
from ronghe.domain.schedule.enums import (
    AmountKind,
    AmountState,
    BaseCalendar,
    BaselineState,
    FileKind,
    ImportState,
    ReportKind,
    Stage,
)
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.kernel.db.append_only import append_only

PERSON = "org.Person"
SHIFTS = [[480, 720], [780, 1020]]
"""08:00–12:00 and 13:00–17:00, what Microsoft Project begins with too; each schedule keeps its own."""


def default_shifts() -> list[list[int]]:
    return [list(shift) for shift in SHIFTS]


class Schedule(models.Model):
    """The schedule of one project. `version` goes up with every change of the plan; who changes it takes that step first.

    `finish_at` is when the plan ends by its links, `forecast_at` when it will by what was reported.
    """

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="schedule")
    begins_on = models.DateField()
    base = models.CharField(max_length=12, choices=BaseCalendar.choices, default=BaseCalendar.EVERY_DAY)
    shifts = models.JSONField(default=default_shifts)
    """Pairs of minutes of the day."""
    minutes_per_day = models.PositiveSmallIntegerField(default=480)
    """What "a day" of a duration means."""
    calendar = models.ForeignKey("schedule.FileCalendar", on_delete=models.PROTECT, null=True, related_name="+")
    """The calendar of the imported file, where `base` says so."""
    version = models.PositiveIntegerField(default=1)
    finish_at = models.DateTimeField(null=True)
    forecast_at = models.DateTimeField(null=True)
    forecast_on = models.DateField(null=True)
    """The day for which the forecast was made."""
    late_count = models.PositiveIntegerField(default=0)
    """Tasks without others below that are due and not done, on that day."""
    started_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        db_table = "schedule_schedule"
        indexes = [models.Index("finish_at", "id", name="schedule_schedule_finish")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes_per_day__gte=1), name="schedule_schedule_minutes"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.project_id}"


class DayOff(models.Model):
    """The days from `from_on` up to, not including, `until_on` on which this project does not work."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="days_off")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=80)

    class Meta:
        db_table = "schedule_day_off"
        constraints = [
            models.UniqueConstraint("schedule", "from_on", name="schedule_day_off_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="schedule_day_off_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.from_on}–{self.until_on}"


class FileCalendar(models.Model):
    """A calendar that came with a file, whole: its week, its exceptions and its special weeks."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="calendars")
    uid = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    contents = models.JSONField()
    """As `calc.calendars.CalendarText` writes it."""

    class Meta:
        db_table = "schedule_calendar"
        constraints = [models.UniqueConstraint("schedule", "uid", name="schedule_calendar_uid")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Lot(models.Model):
    """标段: a part of the works that one contractor builds."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="lots")
    name = models.CharField(max_length=80)
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="lots")

    class Meta:
        db_table = "schedule_lot"
        constraints = [models.UniqueConstraint("schedule", "name", name="schedule_lot_name")]

    def __str__(self) -> str:
        return self.name


class TaskQuerySet(models.QuerySet["ScheduleTask"]):
    def standing(self) -> TaskQuerySet:
        return self.filter(removed_at=None)

    def with_due(self) -> TaskQuerySet:
        """Annotate `due_at`: the finish in the baseline in force, else that of the plan."""
        lines = BaselineLine.objects.filter(task=OuterRef("pk"), baseline__state=BaselineState.APPROVED)
        latest = lines.order_by("-baseline__number").values("finish_at")[:1]
        return self.annotate(due_at=Coalesce(Subquery(latest), "finish_at"))


class ScheduleTask(models.Model):
    """One line of a plan. A summary has tasks below it and takes its dates from them.

    `start_at`, `finish_at` and what follows are as the links have them; `forecast_…` as it stands by the reports. Both are
    computed (`services.scheduling`). `placed_at` fixes the start whatever the links say. Durations are worked minutes, or
    minutes by the clock where elapsed.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="tasks")
    uid = models.PositiveIntegerField()
    """The number that files and people know it by; never given again."""
    row = models.PositiveIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=255)
    wbs = models.CharField(max_length=64, default="")
    """A code of the unit's own; the number of the outline where empty."""
    notes = models.CharField(max_length=2000, default="")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="tasks")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="schedule_tasks")
    side = models.CharField(max_length=16, choices=ParticipantRole.choices, default="", blank=True)
    is_summary = models.BooleanField(default=False)
    is_milestone = models.BooleanField(default=False)
    is_key = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    """One that is not counts for nothing; plans keep such for what was thought of and left."""
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NONE, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    duration_format = models.PositiveSmallIntegerField(default=7)
    """How the duration is told, as Microsoft Project numbers it; 8 is elapsed days."""
    is_elapsed = models.BooleanField(default=False)
    pause = models.IntegerField(default=0)
    """Worked minutes from start to finish beyond the duration: the gaps of a split task. Negative where a file has fewer,
    because people of its own calendar did it.
    """
    is_manual = models.BooleanField(default=False)
    constraint = models.PositiveSmallIntegerField(default=Constraint.AS_SOON_AS_POSSIBLE)
    constraint_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    calendar = models.ForeignKey(FileCalendar, on_delete=models.PROTECT, null=True, related_name="+")
    start_at = models.DateTimeField(null=True)
    finish_at = models.DateTimeField(null=True)
    total_float = models.IntegerField(default=0)
    free_float = models.IntegerField(default=0)
    is_critical = models.BooleanField(default=False)
    forecast_start = models.DateTimeField(null=True)
    forecast_finish = models.DateTimeField(null=True)
    driver_uid = models.PositiveIntegerField(null=True)
    """Of the task that holds this one up in the forecast."""
    percent = models.PositiveSmallIntegerField(default=0)
    actual_start = models.DateTimeField(null=True)
    actual_finish = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table = "schedule_task"
        indexes = [
            models.Index("schedule", "row", name="schedule_task_row"),
            models.Index("person", "forecast_finish", name="schedule_task_person"),
        ]
        constraints = [
            models.UniqueConstraint("schedule", "uid", name="schedule_task_uid"),
            models.UniqueConstraint(
                "schedule", "stage", condition=Q(removed_at=None) & ~Q(stage=""), name="schedule_task_stage_once"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="schedule_task_percent"),
            models.CheckConstraint(
                condition=Q(actual_finish=None) | Q(actual_start__isnull=False, percent=100),
                name="schedule_task_finished_whole",
            ),
            models.CheckConstraint(
                condition=Q(actual_finish=None) | Q(actual_finish__gte=F("actual_start")),
                name="schedule_task_actual_in_order",
            ),
            models.CheckConstraint(
                condition=Q(percent=0) | Q(actual_start__isnull=False), name="schedule_task_begun_if_any"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def get_side_display(self) -> str:  # type: ignore[no-redef]
        return str(ParticipantRole(self.side).label) if self.side else ""


class TaskLink(models.Model):
    """`task` waits for `predecessor`; the lag in tenths of a minute, or percent where its format says so."""

    task = models.ForeignKey(ScheduleTask, on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(ScheduleTask, on_delete=models.CASCADE, related_name="followers")
    kind = models.PositiveSmallIntegerField(default=LinkKind.FINISH_START)
    lag = models.IntegerField(default=0)
    lag_format = models.PositiveSmallIntegerField(default=7)

    class Meta:
        db_table = "schedule_link"
        constraints = [
            models.UniqueConstraint("task", "predecessor", "kind", name="schedule_link_once"),
            models.CheckConstraint(condition=~Q(task=F("predecessor")), name="schedule_link_to_another"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.predecessor_id} → {self.task_id}"

    @property
    def lag_told(self) -> Lag:
        return Lag(self.lag, self.lag_format)


class Baseline(models.Model):
    """The dates of a plan as they were put up for approval; the latest approved one is in force (PJ-03).

    Once one is approved, each later one is a change and says why. The digest is that of its lines.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=BaselineState.choices, default=BaselineState.PROPOSED)
    reason = models.CharField(max_length=200, default="")
    digest = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    commissioned_on = models.DateField(null=True)
    """The day of the milestone that is the commissioning."""
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=200, default="")
    """The number of the approval, or why it was not given."""

    class Meta:
        db_table = "schedule_baseline"
        indexes = [models.Index("commissioned_on", "state", name="schedule_baseline_due")]
        constraints = [
            models.UniqueConstraint("schedule", "number", name="schedule_baseline_number"),
            models.UniqueConstraint("schedule", condition=Q(state="proposed"), name="schedule_baseline_one_proposed"),
            models.CheckConstraint(
                condition=~Q(state__in=[BaselineState.APPROVED, BaselineState.REFUSED])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="schedule_baseline_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.schedule_id} v{self.number}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(BaselineState(self.state).label)


class BaselineLine(models.Model):
    """One task in a baseline: only added."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="lines")
    task = models.ForeignKey(ScheduleTask, on_delete=models.PROTECT, related_name="baseline_lines")
    name = models.CharField(max_length=255)
    start_at = models.DateTimeField()
    finish_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()

    class Meta:
        db_table = append_only("schedule_baseline_line")
        constraints = [models.UniqueConstraint("baseline", "task", name="schedule_baseline_line_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.baseline_id} {self.task_id}"


class ProgressReport(models.Model):
    """What somebody told of a task, with what stood there before: only added. One taken back is reversed by another."""

    task = models.ForeignKey(ScheduleTask, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    percent = models.PositiveSmallIntegerField()
    actual_start = models.DateTimeField(null=True)
    actual_finish = models.DateTimeField(null=True)
    percent_before = models.PositiveSmallIntegerField()
    start_before = models.DateTimeField(null=True)
    finish_before = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        db_table = append_only("schedule_report")
        indexes = [models.Index("task", "id", name="schedule_report_task")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(ReportKind(self.kind).label)


class WeekPoint(models.Model):
    """How far a project was at the end of a week, kept so that the trend shows what was known then: only added.

    Shares in hundredths of a percent, weighted by duration; `planned` by the baseline in force, else by the plan.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="weeks")
    day = models.DateField()
    planned = models.PositiveSmallIntegerField()
    actual = models.PositiveSmallIntegerField()
    forecast_on = models.DateField()
    late_count = models.PositiveIntegerField()

    class Meta:
        db_table = append_only("schedule_week")
        constraints = [models.UniqueConstraint("schedule", "day", name="schedule_week_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.day}"


class Amount(models.Model):
    """An amount of money of a project or of one lot, where it is written, and who vouches for it."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="amounts")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="amounts")
    kind = models.CharField(max_length=12, choices=AmountKind.choices)
    yuan = models.DecimalField(max_digits=16, decimal_places=2)
    """Negative only for a change that takes away, or a payment returned."""
    day = models.DateField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=AmountState.choices, default=AmountState.ENTERED)
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    vouched_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    vouched_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "schedule_amount"
        indexes = [models.Index("schedule", "day", name="schedule_amount_day")]
        constraints = [
            models.CheckConstraint(condition=~Q(yuan=0), name="schedule_amount_not_nothing"),
            models.CheckConstraint(
                condition=Q(yuan__gt=0) | Q(kind__in=[AmountKind.CHANGE, AmountKind.PAID]),
                name="schedule_amount_sign",
            ),
            models.CheckConstraint(
                condition=Q(vouched_by=None, vouched_at=None)
                | (Q(vouched_by__isnull=False, vouched_at__isnull=False) & ~Q(vouched_by=F("entered_by"))),
                name="schedule_amount_vouched_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=AmountState.VOUCHED) | Q(vouched_by__isnull=False),
                name="schedule_amount_vouched_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=AmountState.WITHDRAWN)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                name="schedule_amount_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.yuan}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(AmountKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(AmountState(self.state).label)


class ScheduleImport(models.Model):
    """A file on its way in: read, shown, then taken over whole or given up. `contents` goes when it is settled.

    `version` is that of the plan with which it was compared; one that changed since is compared anew first.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.PREVIEWED)
    contents = models.JSONField(null=True)
    """As `calc.plan_file.PlanFile` writes it."""
    counts = models.JSONField(default=dict)
    version = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "schedule_import"
        indexes = [models.Index("schedule", "uploaded_at", name="schedule_import_at")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.PREVIEWED) | Q(contents__isnull=False), name="schedule_import_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ImportState(self.state).label)
