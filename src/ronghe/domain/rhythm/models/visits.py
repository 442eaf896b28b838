"""Visits: who went where, what was seen, what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.rhythm.enums import AnswerRating, Seen, VisitCorrectionKind, VisitKind
from ronghe.kernel.db.append_only import append_only


class Visit(models.Model):
    """Somebody went and looked: at a contact's place or person, or at a body or unit without one.

    `body` answers for what was found. Of a care visit everything that was said lies in `sealed` (JSON with `seen`,
    `notes`, `note`) and nothing of it beside it. A voided visit stays and does not count.
    """

    kind = models.CharField(max_length=16, choices=VisitKind.choices)
    contact = models.ForeignKey("contacts.ContactPoint", on_delete=models.PROTECT, null=True, related_name="visits")
    visitor = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="visits_made")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="visits")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="visits_received")
    """Who was visited, where the visit was to a person."""
    met = models.ManyToManyField("org.Person", related_name="visits_met", db_table="rhythm_visit_met")
    day = models.DateField()
    place = models.CharField(max_length=80)
    note = models.CharField(max_length=400, default="")
    sealed = models.TextField(null=True)
    entry = models.CharField(max_length=36, null=True, unique=True)
    """What the form was given when it was opened: sent twice, it is one visit."""
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rhythm_visit"
        indexes = [
            models.Index(fields=("-day", "-id"), name="rhythm_visit_day"),
            models.Index(fields=("body", "-day"), name="rhythm_visit_body"),
            models.Index(fields=("unit", "-day"), name="rhythm_visit_unit"),
            models.Index(fields=("contact", "-day"), name="rhythm_visit_contact"),
            models.Index(fields=("visitor", "-day"), name="rhythm_visit_visitor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=VisitKind.CARE, sealed__isnull=False, note="")
                | ~Q(kind=VisitKind.CARE) & Q(sealed=None),
                name="rhythm_visit_care_sealed",
            ),
            models.CheckConstraint(condition=Q(unit=None) | Q(person=None), name="rhythm_visit_one_target"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.day}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(VisitKind(self.kind).label)

    @property
    def is_care(self) -> bool:
        return self.kind == VisitKind.CARE


class VisitFinding(models.Model):
    """What was seen on one question of the visit's kind."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    question = models.CharField(max_length=24)
    seen = models.CharField(max_length=8, choices=Seen.choices)
    note = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "rhythm_visit_finding"
        constraints = [models.UniqueConstraint("visit", "question", name="rhythm_visit_finding_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.question} {self.seen}"


class VisitProblem(models.Model):
    """A problem that a visit found; it is a task, and its answer is read by those who were visited."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="problems")
    number = models.PositiveSmallIntegerField()
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="visit_problem")
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="raised_problems")
    """Who among those met brought it up, and so gets the answer; `SEE_RAISER` says who reads the name."""

    class Meta:
        db_table = "rhythm_visit_problem"
        indexes = [models.Index(fields=("raised_by", "-id"), name="rhythm_visit_problem_raiser")]
        constraints = [models.UniqueConstraint("visit", "number", name="rhythm_visit_problem_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number}"


class ProblemAnswer(models.Model):
    """What the one who raised a problem is told once its task was accepted, and what he says to it.

    A problem has as many answers as its solutions were accepted: 不满意 opens `follow_up`, which is answered in its turn.
    """

    problem = models.ForeignKey(VisitProblem, on_delete=models.PROTECT, related_name="answers")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="problem_answer")
    round = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400, default="")
    """The words of the solution, as whoever solved it handed it in."""
    answered_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    """Working days from the visit until the first answer, and from the word on the last one until each further one."""
    allowed_days = models.PositiveSmallIntegerField()
    """Within how many it was to be given, by the playbook of the body (`visit_answer_days`) on that day."""
    rating = models.CharField(max_length=12, choices=AnswerRating.choices, null=True)
    words = models.CharField(max_length=200, default="")
    rated_at = models.DateTimeField(null=True)
    follow_up = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="reopens_answer")

    class Meta:
        db_table = "rhythm_problem_answer"
        constraints = [
            models.UniqueConstraint("problem", "round", name="rhythm_problem_answer_round"),
            models.CheckConstraint(
                condition=Q(rating=None, rated_at=None, follow_up=None, words="")
                | Q(rating=AnswerRating.SATISFIED, rated_at__isnull=False, follow_up=None)
                | Q(rating=AnswerRating.UNSATISFIED, rated_at__isnull=False, follow_up__isnull=False),
                name="rhythm_problem_answer_rated_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.round}"


class VisitPhoto(models.Model):
    """A picture or PDF taken on a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="visit_photos")
    name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rhythm_visit_photo"
        constraints = [models.UniqueConstraint("visit", "file", name="rhythm_visit_photo_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class VisitCorrection(models.Model):
    """What was put right about a visit. Corrections are only added; what is said of a care visit is sealed here too."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=8, choices=VisitCorrectionKind.choices)
    text = models.CharField(max_length=400, default="")
    sealed = models.TextField(null=True)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="visit_corrections")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("rhythm_visit_correction")
        constraints = [
            models.UniqueConstraint(
                "visit", condition=Q(kind=VisitCorrectionKind.VOID), name="rhythm_visit_correction_void_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
