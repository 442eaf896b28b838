"""述职评议: what the room keeps. What anybody marked is kept nowhere: only the sums of each group's ballot."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.hearings.enums import GroupKind, HearingState, ObjectionState, RemarkKind
from ronghe.kernel.db.append_only import append_only


class Hearing(models.Model):
    """Secretaries report to a body on their Party-building work; the leader in charge of their field chairs.

    `grades` are the four grades from good to poor: `code`, `title`, `points` and `least`, the score from which a result is
    of the grade; numbers as text, for they are exact.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="hearings")
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=60, default="")
    chair = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="chaired_hearings")
    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="hearing")
    """The meeting; none until somebody who may call the body together has arranged it."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=HearingState.choices, default=HearingState.PLANNED)
    reports_due_on = models.DateField()
    grades = models.JSONField()
    least_shown = models.PositiveSmallIntegerField(default=3)
    objection_days = models.PositiveSmallIntegerField(default=5)
    """Working days after the count."""
    objections_until = models.DateField(null=True)
    shows_rank = models.BooleanField(default=False)
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hearings_hearing"
        indexes = [
            models.Index(fields=("-planned_at", "-id"), name="hearings_hearing_planned"),
            models.Index(fields=("body", "-year"), name="hearings_hearing_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(least_shown__gte=3), name="hearings_hearing_least"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="hearings_hearing_window"),
            models.CheckConstraint(
                condition=~Q(state__in=[HearingState.COUNTED, HearingState.CLOSED])
                | Q(counted_at__isnull=False, objections_until__isnull=False),
                name="hearings_hearing_counted_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(HearingState(self.state).label)


class HearingReporter(models.Model):
    """A secretary who reports, for one body; `place` is the order of speaking and the item on every ballot."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="reporters")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="hearing_reports")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="hearing_reports")
    place = models.PositiveSmallIntegerField()
    report = models.TextField(default="")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="hearing_reports")
    file_name = models.CharField(max_length=120, default="")
    version = models.PositiveSmallIntegerField(default=0)
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hearings_reporter"
        indexes = [models.Index("person", "hearing", name="hearings_reporter_person")]
        constraints = [
            models.UniqueConstraint("hearing", "person", name="hearings_reporter_once"),
            models.UniqueConstraint("hearing", "place", name="hearings_reporter_place"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.hearing_id} {self.person_id}"


class EvaluatorGroup(models.Model):
    """One group that marks; weights are percent, and those of groups that do not count go to the others."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=12, choices=GroupKind.choices)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    """Percent of the whole."""
    ballot = models.OneToOneField("ballots.Ballot", on_delete=models.PROTECT, null=True, related_name="hearing_group")

    class Meta:
        db_table = "hearings_group"
        constraints = [
            models.UniqueConstraint("hearing", "kind", name="hearings_group_once"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="hearings_group_weight"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(GroupKind(self.kind).label)


class Evaluator(models.Model):
    """Somebody who marks, in one group of the hearing alone."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="evaluators")
    group = models.ForeignKey(EvaluatorGroup, on_delete=models.PROTECT, related_name="evaluators")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="hearing_marks")

    class Meta:
        db_table = "hearings_evaluator"
        constraints = [models.UniqueConstraint("hearing", "person", name="hearings_evaluator_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.hearing_id} {self.person_id}"


class Remark(models.Model):
    """A question or a comment to one reporter, as it was said."""

    reporter = models.ForeignKey(HearingReporter, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=12, choices=RemarkKind.choices)
    text = models.CharField(max_length=600)
    said_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("hearings_remark")

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(RemarkKind(self.kind).label)


class ReporterResult(models.Model):
    """What the marks came to, written once at the count.

    `groups` has a line for each group: `kind`, `weight` (the share it had in the end), `cast`, and `counts` by grade, `null`
    where too few marked. Without any group that counts there is no score.
    """

    reporter = models.OneToOneField(HearingReporter, on_delete=models.PROTECT, related_name="result")
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    grade = models.CharField(max_length=24, default="")
    groups = models.JSONField()

    class Meta:
        db_table = append_only("hearings_result")

    def __str__(self) -> str:
        return f"#{self.pk} {self.reporter_id} {self.score}"


class Objection(models.Model):
    """What a reporter has against the own result, once, and the answer."""

    reporter = models.OneToOneField(HearingReporter, on_delete=models.PROTECT, related_name="objection")
    text = models.CharField(max_length=600)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.CharField(max_length=600, default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hearings_objection"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="hearings_objection_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ObjectionState(self.state).label)


class HearingProblem(models.Model):
    """A problem named in the hearing: a task of the reporter, which somebody else accepts once it is put right."""

    reporter = models.ForeignKey(HearingReporter, on_delete=models.PROTECT, related_name="problems")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="hearing_problem")

    class Meta:
        db_table = "hearings_problem"

    def __str__(self) -> str:
        return f"#{self.pk} {self.reporter_id}"
