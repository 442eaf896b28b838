"""主题活动、专项活动: what the room keeps.

A themed activity is a gathering of rhythm with a theme beside it: one record. What a campaign owes lies in obligations;
here stand its stages with their days, the summaries and the report.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.campaigns.calc.stages import Days, Standing, standing_on
from ronghe.domain.campaigns.enums import ReportState, ReportStep, RunState, Theme
from ronghe.kernel.db.append_only import append_only


class ThemedActivity(models.Model):
    """The theme of a gathering. `version` and `mechanism` say whose figures its result asks for; else the default ones."""

    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, related_name="themed")
    theme = models.CharField(max_length=60)
    theme_title = models.CharField(max_length=60)
    """In Chinese, as the playbook words it: what a unit's own theme is called."""
    title = models.CharField(max_length=80)
    version = models.ForeignKey(
        "playbooks.PlaybookVersion", on_delete=models.PROTECT, null=True, related_name="themed_activities"
    )
    mechanism = models.CharField(max_length=60, default="")
    given_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    results_count = models.PositiveSmallIntegerField(default=0)
    """How many times a result was entered: nought until there is one, more than one after a correction."""

    class Meta:
        db_table = "campaigns_themed_activity"
        indexes = [models.Index(fields=("-given_at", "-id"), name="campaigns_themed_given")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.theme} {self.title}"

    def get_theme_display(self) -> str:
        return str(Theme(self.theme).label) if self.theme in Theme.values else self.theme_title


class ThemedResult(models.Model):
    """What a themed activity brought: figures by id, numbers as text. The one with the highest number stands."""

    themed = models.ForeignKey(ThemedActivity, on_delete=models.PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    present = models.PositiveIntegerField()
    note = models.CharField(max_length=400, default="")
    reason = models.CharField(max_length=120, default="")
    """Why it was entered again."""
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        db_table = append_only("campaigns_themed_result")
        constraints = [
            models.UniqueConstraint("themed", "number", name="campaigns_result_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="campaigns_result_says_why"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.themed_id} {self.number}"


class ThemedTask(models.Model):
    """A problem that a themed activity took up, as the task that solves it."""

    themed = models.ForeignKey(ThemedActivity, on_delete=models.PROTECT, related_name="tasks")
    task = models.ForeignKey("work.Task", on_delete=models.PROTECT, related_name="themed_activities")

    class Meta:
        db_table = "campaigns_themed_task"
        constraints = [models.UniqueConstraint("themed", "task", name="campaigns_themed_task_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.themed_id} {self.task_id}"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def in_state(self, state: str, day: date) -> CampaignQuerySet:
        """How campaigns stand on `day`, as `Campaign.state_on` says of one."""
        if state == RunState.STOPPED:
            return self.filter(stopped_on__lte=day)
        days = {
            RunState.UPCOMING: Q(begun_on__gt=day),
            RunState.RUNNING: Q(begun_on__lte=day, ends__gt=day),
            RunState.OVER: Q(begun_on__lte=day, ends__lte=day),
        }
        return self.filter(Q(stopped_on=None) | Q(stopped_on__gt=day), days[RunState(state)])


class Campaign(models.Model):
    """A campaign that a body runs because it adopted a playbook that has one: one row a body, playbook and first day.

    A newer version with the same first day is the same campaign (extended, shortened, worded anew); one with another
    first day is the next campaign. `stopped_on` is the day on which the body stopped working by it before its end.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="campaigns")
    version = models.ForeignKey("playbooks.PlaybookVersion", on_delete=models.PROTECT, related_name="campaigns")
    playbook = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField()
    begun_on = models.DateField()
    stopped_on = models.DateField(null=True)

    objects: ClassVar[models.Manager[Campaign]] = CampaignQuerySet.as_manager()

    class Meta:
        db_table = "campaigns_campaign"
        indexes = [
            models.Index(fields=("-starts", "-id"), name="campaigns_campaign_starts"),
            models.Index(fields=("playbook", "starts"), name="campaigns_campaign_which"),
        ]
        constraints = [
            models.UniqueConstraint("body", "playbook", "starts", name="campaigns_campaign_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="campaigns_campaign_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def until_on(self) -> date:
        """The first day on which it runs no more."""
        return self.ends if self.stopped_on is None else min(self.ends, self.stopped_on)

    @property
    def reference(self) -> str:
        return f"{self.playbook}@{self.version.version}"

    def state_on(self, day: date) -> RunState:
        if self.stopped_on is not None and self.stopped_on <= day:
            return RunState.STOPPED
        if day < self.begun_on:
            return RunState.UPCOMING
        return RunState.RUNNING if day < self.ends else RunState.OVER


class CampaignStage(models.Model):
    """A stage of a body's campaign: its days as the version says them, and whether its summary closed it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="stages")
    code = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    from_on = models.DateField()
    until_on = models.DateField()
    summary_until = models.DateField()
    """The first day on which its summary is late."""
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "campaigns_stage"
        indexes = [models.Index(fields=("until_on",), condition=Q(done_at=None), name="campaigns_stage_open")]
        constraints = [
            models.UniqueConstraint("campaign", "code", name="campaigns_stage_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="campaigns_stage_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.code}"

    @property
    def days(self) -> Days:
        return Days(self.from_on, self.until_on, self.summary_until)

    def standing_on(self, day: date) -> Standing:
        """Return how it stands; `campaign` should be joined."""
        campaign = self.campaign
        return standing_on(
            day, self.days, begun_on=campaign.begun_on, stopped_on=campaign.stopped_on, is_done=self.done_at is not None
        )


class StageSummary(models.Model):
    """What was said at the end of a stage. Figures and what was missing are those of the moment at which it was closed.

    A correction is another row with the next number and the same figures.
    """

    stage = models.ForeignKey(CampaignStage, on_delete=models.PROTECT, related_name="summaries")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    figures = models.JSONField()
    """Counts by code, and under `forms` the figures of the mechanisms' forms."""
    missing = models.JSONField(default=list)
    """What the gate lacked: `mechanism`, `title`, `due_on`, `state` of each."""
    reason = models.CharField(max_length=200, default="")
    """Why it was closed without them; of a correction, why it was corrected."""
    written_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        db_table = append_only("campaigns_stage_summary")
        constraints = [
            models.UniqueConstraint("stage", "number", name="campaigns_summary_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="campaigns_summary_says_why"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.stage_id} {self.number}"


class CampaignReport(models.Model):
    """The report at the end: a text for each section of the playbook, with the figures of the moment it was handed in."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="report")
    sections = models.JSONField(default=dict)
    """Text by section id."""
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    round = models.PositiveSmallIntegerField(default=0)
    saved_at = models.DateTimeField()
    handed_in_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "campaigns_report"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT)
                | Q(handed_in_by__isnull=False, handed_in_at__isnull=False, round__gte=1),
                name="campaigns_report_handed_in",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.ACCEPTED, ReportState.RETURNED])
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="campaigns_report_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.campaign_id} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ReportState(self.state).label)


class ReportEvent(models.Model):
    """One step of a report: who, when, and why it was returned."""

    report = models.ForeignKey(CampaignReport, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=12, choices=ReportStep.choices)
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("campaigns_report_event")

    def __str__(self) -> str:
        return f"#{self.pk} {self.step}"

    def get_step_display(self) -> str:  # type: ignore[no-redef]
        return str(ReportStep(self.step).label)
