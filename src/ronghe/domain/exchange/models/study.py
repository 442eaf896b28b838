"""联合学习计划: who studies together, what month by month, with which materials, and what was asked beforehand."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.exchange.enums import LineState, ProgrammeState, StudyMode, TopicKind


class StudyProgramme(models.Model):
    """A programme of a task force, a zone, an agreement or one branch. `body` is the one that the studies are held in.

    From the first day of a month to the last of another; the sides read it, and their leaders keep it.
    """

    title = models.CharField(max_length=80)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="study_programmes")
    task_force = models.ForeignKey("taskforces.TaskForce", on_delete=models.PROTECT, null=True, related_name="+")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    mode = models.CharField(max_length=8, choices=StudyMode.choices, default=StudyMode.ON_SITE)
    place = models.CharField(max_length=80)
    chat = models.CharField(max_length=200, default="")
    """Name or link of the messenger group, as text."""
    state = models.CharField(max_length=8, choices=ProgrammeState.choices, default=ProgrammeState.RUNNING)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_programme"
        indexes = [
            models.Index(fields=("-made_at", "-id"), name="exchange_programme_newest"),
            models.Index("body", "state", name="exchange_programme_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="exchange_programme_in_order"),
            models.CheckConstraint(
                condition=~Q(state=ProgrammeState.ENDED) | Q(ended_at__isnull=False), name="exchange_programme_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ProgrammeState(self.state).label)


class ProgrammeSide(models.Model):
    """A body that takes part. `is_host` holds the studies together with the main body, each counting it as its own."""

    programme = models.ForeignKey(StudyProgramme, on_delete=models.PROTECT, related_name="sides")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    is_host = models.BooleanField(default=False)

    class Meta:
        db_table = "exchange_programme_side"
        indexes = [models.Index("body", "programme", name="exchange_side_body")]
        constraints = [models.UniqueConstraint("programme", "body", name="exchange_side_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.programme_id} {self.body_id}"


class StudyLine(models.Model):
    """One topic of a month (`month` is its first day): who prepares it, and the activity in which it was studied."""

    programme = models.ForeignKey(StudyProgramme, on_delete=models.PROTECT, related_name="lines")
    month = models.DateField()
    kind = models.CharField(max_length=16, choices=TopicKind.choices)
    topic = models.CharField(max_length=110)
    preparer = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="study_lines")
    mode = models.CharField(max_length=8, choices=StudyMode.choices)
    point = models.ForeignKey(
        "taskforces.DifficultPoint", on_delete=models.PROTECT, null=True, related_name="study_lines"
    )
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.LISTED)
    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="study_line")
    held_on = models.DateField(null=True)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_line"
        indexes = [models.Index("programme", "month", name="exchange_line_month")]
        constraints = [
            models.UniqueConstraint(
                "programme", "point", condition=Q(point__isnull=False) & ~Q(state=LineState.DROPPED),
                name="exchange_line_point_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.PLANNED, LineState.HELD]) | Q(activity__isnull=False),
                name="exchange_line_planned_somewhen",
            ),
            models.CheckConstraint(
                condition=~Q(state=LineState.HELD) | Q(held_on__isnull=False), name="exchange_line_held_on_a_day"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.month} {self.topic}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(TopicKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(LineState(self.state).label)

    def get_mode_display(self) -> str:  # type: ignore[no-redef]
        return str(StudyMode(self.mode).label)


class StudyQuestion(models.Model):
    """What somebody wants to know before a study, and the answer."""

    line = models.ForeignKey(StudyLine, on_delete=models.PROTECT, related_name="questions")
    text = models.CharField(max_length=300)
    asked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=600, default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_question"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="exchange_question_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.line_id}"


class StudyMaterial(models.Model):
    """A picture or PDF to read before the study."""

    line = models.ForeignKey(StudyLine, on_delete=models.PROTECT, related_name="materials")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_material"
        constraints = [models.UniqueConstraint("line", "file", name="exchange_material_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
