"""Design reviews (PJ-08): a document, its rounds, who reviews it, for whom it waited how long, and the unit's baseline."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from ronghe.domain.control.calc.hours import DayHours
from ronghe.domain.control.enums import Discipline, Opinion, ReviewSide, ReviewState
from ronghe.kernel.db.append_only import append_only


class DesignReview(models.Model):
    """A design document under review. `round` counts how often it was submitted; its comments are items of their own.

    `due_at` is when the unit wants it issued, `level` how far up it was reported because it was not.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="design_reviews")
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=40, default="")
    """Of the document, as the designer counts."""
    discipline = models.CharField(max_length=12, choices=Discipline.choices)
    lot = models.CharField(max_length=80, default="")
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.REVIEWING)
    round = models.PositiveSmallIntegerField(default=1)
    submitted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="submitted_reviews")
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    worked_seconds = models.PositiveBigIntegerField(null=True)
    """Working time from submitted to issued, by the hours that held when it was issued."""
    withdrawn_why = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "control_review"
        indexes = [
            models.Index("project", "state", "due_at", name="control_review_project"),
            models.Index("state", "due_at", name="control_review_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReviewState.ISSUED, issued_by__isnull=False, issued_at__isnull=False)
                & Q(worked_seconds__isnull=False)
                | ~Q(state=ReviewState.ISSUED) & Q(issued_by=None, issued_at=None, worked_seconds=None),
                name="control_review_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("submitted_by")), name="control_review_issued_by_another"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("submitted_at")), name="control_review_due_after"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class ReviewFile(models.Model):
    """A drawing or paper of one round; only added."""

    review = models.ForeignKey(DesignReview, on_delete=models.PROTECT, related_name="files")
    round = models.PositiveSmallIntegerField()
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        db_table = append_only("control_review_file")
        constraints = [models.UniqueConstraint("review", "round", "file", name="control_review_file_once")]

    def __str__(self) -> str:
        return f"#{self.review_id} {self.round} {self.name}"


class Reviewer(models.Model):
    """Who reviews beside the others, and the deputy who may act instead. `given_round` is the last round with an opinion."""

    review = models.ForeignKey(DesignReview, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="review_seats")
    deputy = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="deputy_seats")
    duty = models.CharField(max_length=40, default="")
    given_round = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "control_reviewer"
        indexes = [models.Index("deputy", "review", name="control_reviewer_deputy")]
        constraints = [
            models.UniqueConstraint("review", "person", name="control_reviewer_once"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")), name="control_reviewer_deputy_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.review_id} {self.person_id}"


class ReviewOpinion(models.Model):
    """What a reviewer, or the deputy in his place, said in a round; only added."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=12, choices=Opinion.choices)
    comments = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=400, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("control_opinion")
        constraints = [models.UniqueConstraint("reviewer", "round", name="control_opinion_once_a_round")]

    def __str__(self) -> str:
        return f"#{self.reviewer_id} {self.round} {self.opinion}"


class ReviewTurn(models.Model):
    """A stretch in which the review waited for one side; the next one begins where it ends."""

    review = models.ForeignKey(DesignReview, on_delete=models.PROTECT, related_name="turns")
    side = models.CharField(max_length=12, choices=ReviewSide.choices)
    round = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "control_turn"
        constraints = [
            models.UniqueConstraint("review", condition=Q(ended_at=None), name="control_turn_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="control_turn_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.review_id} {self.side} {self.began_at}"


class ReviewBaseline(models.Model):
    """How long reviews used to take in a body and how long they shall take (PJ-08), in its working hours; the newest holds."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="review_baselines")
    old_days = models.DecimalField(max_digits=4, decimal_places=1)
    target_days = models.DecimalField(max_digits=4, decimal_places=1)
    begins = models.TimeField(default=time(8, 30))
    ends = models.TimeField(default=time(18, 0))
    break_from = models.TimeField(default=time(12, 0))
    break_until = models.TimeField(default=time(13, 30))
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = append_only("control_baseline")
        indexes = [models.Index("body", "set_at", name="control_baseline_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(old_days__gt=Decimal(0), target_days__gt=Decimal(0), target_days__lte=F("old_days")),
                name="control_baseline_days",
            ),
            models.CheckConstraint(
                condition=Q(begins__lt=F("break_from"), break_from__lte=F("break_until"), break_until__lt=F("ends")),
                name="control_baseline_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.body_id} {self.old_days} → {self.target_days}"

    @property
    def hours(self) -> DayHours:
        return DayHours(self.begins, self.ends, self.break_from, self.break_until)
