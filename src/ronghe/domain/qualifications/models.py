"""Certificates and their reviews, lessons, breaks and violations, and the sealed compartment of health."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.qualifications.enums import BreakKind, CertificateState, LessonLevel, ReviewKind
from ronghe.kernel.db.append_only import append_only


class Certificate(models.Model):
    """A certificate that somebody holds (PC-14, PC-17). Its number is mostly an identity number: sealed, its end shown.

    `due_on` is the nearer of the next review and the end, `warn_from` the first day of the warning; both follow the dates.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=40)
    """A kind of the unit's book (`calc/qualifications.yaml`)."""
    number_sealed = models.TextField()
    number_digest = models.CharField(max_length=64)
    number_end = models.CharField(max_length=4)
    issuer = models.CharField(max_length=80, default="")
    issued_on = models.DateField()
    review_on = models.DateField(null=True)
    expires_on = models.DateField()
    due_on = models.DateField()
    warn_from = models.DateField()
    is_long_service = models.BooleanField(default=False)
    """Ten years in the trade and lawful: the review may wait until the sixth year (PC-14)."""
    state = models.CharField(max_length=12, choices=CertificateState.choices, default=CertificateState.HELD)
    withdrawn_reason = models.CharField(max_length=200, default="")
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "qualifications_certificate"
        indexes = [
            models.Index("due_on", name="qualifications_cert_due"),
            models.Index("person", "kind", name="qualifications_cert_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                "kind", "number_digest", condition=Q(state=CertificateState.HELD), name="qualifications_cert_once"
            ),
            models.CheckConstraint(condition=Q(expires_on__gte=F("issued_on")), name="qualifications_cert_dates"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def number_shown(self) -> str:
        return f"****{self.number_end}"


class CertificateReview(models.Model):
    """A review, or a practical exam after a time away, passed or not (PC-14 to PC-16)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, choices=ReviewKind.choices)
    held_on = models.DateField()
    passed = models.BooleanField()
    hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    """Hours of training before it (PC-15)."""
    review_on = models.DateField(null=True)
    """When the next one is due, where this one was passed."""
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("qualifications_certificate_review")
        constraints = [
            models.UniqueConstraint("certificate", "kind", "held_on", name="qualifications_review_once_a_day")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.certificate_id} {self.kind}"


class Lesson(models.Model):
    """So many hours of training of one level on one day, with the exam where there was one (PC-11, PC-12, PC-19)."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="safety_lessons")
    level = models.CharField(max_length=12, choices=LessonLevel.choices)
    topic = models.CharField(max_length=80, default="")
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    passed = models.BooleanField(null=True)
    """Nothing where there was no exam."""
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    """Noted by mistake."""

    class Meta:
        db_table = "qualifications_lesson"
        indexes = [models.Index("person", "held_on", name="qualifications_lesson_person")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="qualifications_lesson_hours")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.level}"


class WorkBreak(models.Model):
    """A change of post, or a time away from work: after long ones something is learnt again (PC-12, PC-15)."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="work_breaks")
    kind = models.CharField(max_length=12, choices=BreakKind.choices)
    began_on = models.DateField()
    ended_on = models.DateField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("qualifications_work_break")
        constraints = [
            models.UniqueConstraint("person", "kind", "began_on", name="qualifications_break_once"),
            models.CheckConstraint(condition=Q(ended_on__gte=F("began_on")), name="qualifications_break_dates"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.kind}"


class ProvenViolation(models.Model):
    """A violation that was proven; two since the last review, or one with grave results, bar the next (PC-16)."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="proven_violations")
    happened_on = models.DateField()
    is_grave = models.BooleanField(default=False)
    reference = models.CharField(max_length=80)
    """The paper that proves it."""
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("qualifications_proven_violation")
        constraints = [models.UniqueConstraint("person", "reference", name="qualifications_violation_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.happened_on}"


class HealthRestriction(models.Model):
    """What a doctor says that somebody must not do (PW-11). Why, and which work, cannot be told from the database."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="health_restrictions")
    text_sealed = models.TextField()
    noted_on = models.DateField()
    lifted_on = models.DateField(null=True)
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "qualifications_health_restriction"
        indexes = [models.Index("person", "lifted_on", name="qualifications_health_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("noted_on")), name="qualifications_health_dates"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HealthBar(models.Model):
    """One kind of work that a restriction bars, as the keyed digest of person and operation."""

    restriction = models.ForeignKey(HealthRestriction, on_delete=models.PROTECT, related_name="bars")
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "qualifications_health_bar"
        indexes = [models.Index("digest", name="qualifications_bar_digest")]
        constraints = [models.UniqueConstraint("restriction", "digest", name="qualifications_bar_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
