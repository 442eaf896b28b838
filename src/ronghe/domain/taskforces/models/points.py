"""Difficult points with the four fixes, and how they went on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.taskforces.calc.fixes import plain
from ronghe.domain.taskforces.enums import OPEN_POINTS, DifficultyKind, PointState
from ronghe.kernel.db.append_only import append_only

_DIGITS, _PLACES = 14, 4
"""Of every figure."""


class DifficultPoint(models.Model):
    """One hard point of the project. The four fixes (SD-03) are its `people` with their duties, its `goal`, and `due_on`.

    The goal is measured where it can be: from `baseline` to `target` in `unit`; `actual` is where it came to.
    """

    task_force = models.ForeignKey("taskforces.TaskForce", on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=DifficultyKind.choices)
    text = models.CharField(max_length=400, default="")
    state = models.CharField(max_length=12, choices=PointState.choices, default=PointState.RAISED)
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    goal = models.CharField(max_length=200, default="")
    baseline = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    target = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    actual = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    unit = models.CharField(max_length=12, default="")
    due_on = models.DateField(null=True)
    fixed_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=400, default="")
    """How it was resolved, or to whom it was handed over."""

    class Meta:
        db_table = "taskforces_difficult_point"
        indexes = [models.Index("task_force", "state", "due_on", name="taskforces_point_force")]
        constraints = [
            models.UniqueConstraint("task_force", "number", name="taskforces_point_number"),
            models.CheckConstraint(
                condition=~Q(state__in=[PointState.FIXED, PointState.RESOLVED])
                | ~Q(goal="") & Q(due_on__isnull=False, fixed_at__isnull=False),
                name="taskforces_point_four_fixes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_POINTS))
                | ~Q(result="") & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="taskforces_point_settled_complete",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_at__gte=F("raised_at")), name="taskforces_point_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(DifficultyKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(PointState(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_POINTS

    @property
    def baseline_text(self) -> str:
        return plain(self.baseline)

    @property
    def target_text(self) -> str:
        return plain(self.target)


class PointPerson(models.Model):
    """Somebody fixed for a point, with the duty; one is in charge."""

    point = models.ForeignKey(DifficultPoint, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="difficult_points")
    is_in_charge = models.BooleanField(default=False)
    duty = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "taskforces_point_person"
        indexes = [models.Index("person", "point", name="taskforces_point_person_of")]
        constraints = [
            models.UniqueConstraint("point", "person", name="taskforces_point_person_once"),
            models.UniqueConstraint("point", condition=Q(is_in_charge=True), name="taskforces_point_one_in_charge"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.point_id} {self.person_id}"


class ProgressNote(models.Model):
    """How a point went on, with the figure reached where it is measured; only added."""

    point = models.ForeignKey(DifficultPoint, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=400)
    figure = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("taskforces_progress_note")
        indexes = [models.Index("point", "at", name="taskforces_note_point")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.point_id}"

    @property
    def figure_text(self) -> str:
        return plain(self.figure)
