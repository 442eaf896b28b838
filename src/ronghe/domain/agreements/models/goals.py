"""Goals of an agreement in force, their readings over time, and the reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.agreements.calc.content import spelled
from ronghe.domain.agreements.enums import Better, GoalHead, Verdict
from ronghe.domain.agreements.models.agreements import Agreement
from ronghe.kernel.db.append_only import append_only

DIGITS, PLACES = 14, 4
"""Of every measured value."""


class AgreementGoal(models.Model):
    """A measurable goal: from `baseline` to `target` in `unit`, to be reached by `due_on`; `final` is noted at the end.

    Rows are written when the agreement comes into force; before that goals are part of the versions.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="goals")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=16, choices=GoalHead.choices)
    title = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    better = models.CharField(max_length=4, choices=Better.choices)
    baseline = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    target = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    due_on = models.DateField()
    final = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)

    class Meta:
        db_table = "agreements_goal"
        constraints = [models.UniqueConstraint("agreement", "key", name="agreements_goal_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def baseline_text(self) -> str:
        return spelled(self.baseline)

    @property
    def target_text(self) -> str:
        return spelled(self.target)

    @property
    def final_text(self) -> str:
        return spelled(self.final) if self.final is not None else ""


class GoalReading(models.Model):
    """What a goal stood at on a day. A wrong one stays and is corrected by another."""

    goal = models.ForeignKey(AgreementGoal, on_delete=models.PROTECT, related_name="readings")
    day = models.DateField()
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    evidence = models.CharField(max_length=300, default="")
    """Where the figure comes from: a report, a record, a count."""
    read_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        db_table = append_only("agreements_goal_reading")
        indexes = [models.Index("goal", "day", name="agreements_goal_reading_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.goal_id} {self.day}"

    @property
    def value_text(self) -> str:
        return spelled(self.value)


class AgreementReview(models.Model):
    """A review of the agreement by the sides; what it found goal by goal lies in `findings`."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    conclusion = models.CharField(max_length=1000)
    next_on = models.DateField(null=True)
    """When the next one is due; none where the term is over by then."""
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("agreements_review")
        constraints = [models.UniqueConstraint("agreement", "held_on", name="agreements_review_once_a_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.agreement_id} {self.held_on}"


class ReviewFinding(models.Model):
    """What a review found of one goal, with the value it stood at."""

    review = models.ForeignKey(AgreementReview, on_delete=models.PROTECT, related_name="findings")
    goal = models.ForeignKey(AgreementGoal, on_delete=models.PROTECT, related_name="findings")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)
    text = models.CharField(max_length=400, default="")

    class Meta:
        db_table = append_only("agreements_review_finding")
        constraints = [
            models.UniqueConstraint("review", "goal", name="agreements_review_finding_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(verdict=Verdict.UNKNOWN), name="agreements_finding_has_value"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.goal_id} {self.verdict}"

    @property
    def value_text(self) -> str:
        return spelled(self.value) if self.value is not None else ""
