"""The group, who is in it and on whose side, its tracking, and what it leaves behind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.domain.taskforces.calc.fixes import plain
from ronghe.domain.taskforces.enums import (
    OPEN_FORCES,
    RUNNING,
    WITHOUT_BODY,
    ForceState,
    MemberPart,
    OutcomeKind,
    WindUpReason,
)
from ronghe.kernel.db.append_only import append_only


class TaskForceQuerySet(models.QuerySet["TaskForce"]):
    def running(self) -> TaskForceQuerySet:
        return self.filter(state__in=RUNNING)


class TaskForce(models.Model):
    """A temporary Party group for the hard parts of one project (SD-03).

    `parent` is the branch, or the zone's body, below which `body` hangs once it is approved; people take part in it
    while their relations stay at home (PO-12), and it counts as no level of its own (PO-08). `agreement` is what had to
    be in force when it started (SD-02); until then it may be missing.
    """

    name = models.CharField(max_length=60)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="task_forces")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, related_name="task_forces"
    )
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="task_forces")
    parent = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="task_forces_below")
    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="task_force")
    state = models.CharField(max_length=12, choices=ForceState.choices, default=ForceState.PROPOSED)
    feature = models.CharField(max_length=120, default="")
    brand = models.CharField(max_length=24, default="")
    mark = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    base_place = models.CharField(max_length=80, default="")
    base_note = models.CharField(max_length=200, default="")
    messenger_url = models.CharField(max_length=300, default="")
    """Where the members talk; shown to them alone."""
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, default="")
    started_at = models.DateTimeField(null=True)
    wind_up_reason = models.CharField(max_length=20, choices=WindUpReason.choices, null=True)
    wind_up_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[TaskForce]] = TaskForceQuerySet.as_manager()

    class Meta:
        db_table = "taskforces_task_force"
        indexes = [
            models.Index("project", "state", name="taskforces_force_project"),
            models.Index(fields=("-proposed_at", "-id"), name="taskforces_force_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                "parent", "name", condition=Q(state__in=sorted(OPEN_FORCES)), name="taskforces_force_name_below_parent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(WITHOUT_BODY), body=None)
                | ~Q(state__in=sorted(WITHOUT_BODY)) & Q(body__isnull=False),
                name="taskforces_force_body_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(RUNNING | {ForceState.CLOSED}))
                | Q(agreement__isnull=False, started_at__isnull=False),
                name="taskforces_force_started_on_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(state=ForceState.CLOSED) | Q(closed_at__isnull=False, wind_up_reason__isnull=False),
                name="taskforces_force_closed_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ForceState(self.state).label)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_FORCES


class ForceSide(models.Model):
    """A branch that signed the agreement and whose secretaries lead the group together."""

    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="sides")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "taskforces_side"
        constraints = [models.UniqueConstraint("task_force", "body", name="taskforces_side_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.task_force_id} {self.body_id}"


class ForceMember(models.Model):
    """Somebody in the group, from a day until (not including) a day; `home` is the branch at home that day (亮身份)."""

    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="task_force_parts")
    part = models.CharField(max_length=8, choices=MemberPart.choices, default=MemberPart.MEMBER)
    home = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "taskforces_member"
        indexes = [models.Index("person", "task_force", name="taskforces_member_person")]
        constraints = [
            models.UniqueConstraint(
                "task_force", "person", condition=Q(valid_until=None), name="taskforces_member_once"
            ),
            models.UniqueConstraint(
                "task_force", condition=Q(valid_until=None, part=MemberPart.LEADER), name="taskforces_member_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="taskforces_member_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.task_force_id} {self.person_id}"

    def get_part_display(self) -> str:  # type: ignore[no-redef]
        return str(MemberPart(self.part).label)


class TrackingEntry(models.Model):
    """What the leader or the guide saw and advised on a day (全程跟踪指导); only added."""

    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="tracking")
    day = models.DateField()
    text = models.CharField(max_length=400)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("taskforces_tracking_entry")
        indexes = [models.Index(fields=("task_force", "-day"), name="taskforces_tracking_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.day}"


class Outcome(models.Model):
    """One of the three things that a group leaves behind."""

    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=12, choices=OutcomeKind.choices)
    text = models.TextField()
    written_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        db_table = "taskforces_outcome"
        constraints = [models.UniqueConstraint("task_force", "kind", name="taskforces_outcome_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(OutcomeKind(self.kind).label)


class OutcomeFigure(models.Model):
    """A figure that an outcome can be measured by, with what it was before where that is known."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="figures")
    name = models.CharField(max_length=40)
    before = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    after = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=12, default="")

    class Meta:
        db_table = "taskforces_outcome_figure"
        constraints = [models.UniqueConstraint("outcome", "name", name="taskforces_outcome_figure_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    @property
    def before_text(self) -> str:
        return plain(self.before)

    @property
    def after_text(self) -> str:
        return plain(self.after)


class OutcomeFile(models.Model):
    """A picture or PDF that shows an outcome."""

    task_force = models.ForeignKey(TaskForce, on_delete=models.PROTECT, related_name="outcome_files")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "taskforces_outcome_file"
        constraints = [models.UniqueConstraint("task_force", "file", name="taskforces_outcome_file_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
