"""风险台账: areas, the risks in each as they stand, and every version of a risk with the day from which it holds."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from ronghe.domain.risks.enums import RiskGrade, VersionKind
from ronghe.kernel.db.append_only import append_only


class RiskArea(models.Model):
    """安全区域: a place that permits, hazards and alarms name; `body` answers for it, `unit` is whose place it is."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="risk_areas")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="risk_areas")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="risk_areas")
    name = models.CharField(max_length=60)
    bounds = models.CharField(max_length=200, default="")
    """Where it begins and ends, in words."""
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "risks_area"
        indexes = [models.Index("name", "id", name="risks_area_by_name")]
        constraints = [
            models.UniqueConstraint("body", "name", condition=Q(closed_at=None), name="risks_area_name_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="risks_area_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class RiskQuerySet(models.QuerySet["Risk"]):
    def standing(self) -> RiskQuerySet:
        return self.filter(closed_at=None)

    def due(self, day: date) -> RiskQuerySet:
        """Return what is to be looked at by `day`: raised, or its review date has come."""
        return self.filter(Q(raised_by__isnull=False) | Q(review_on__lte=day), closed_at=None)

    def matching(self, text: str) -> RiskQuerySet:
        words = text.strip()
        return self.filter(
            Q(title__contains=words) | Q(measures__contains=words) | Q(area__name__contains=words)
            | Q(owner__name__contains=words)
        )  # fmt: skip


class Risk(models.Model):
    """One thing that may go wrong in an area, as it stands now: the columns of its latest version.

    While it is raised, `raised_by` is who raised it and `usual_grade` the grade to which it was set before.
    """

    area = models.ForeignKey(RiskArea, on_delete=models.PROTECT, related_name="risks")
    title = models.CharField(max_length=120)
    """危害: what may go wrong."""
    harm = models.CharField(max_length=200, default="")
    """What it would lead to."""
    version = models.PositiveSmallIntegerField(default=1)
    grade = models.PositiveSmallIntegerField(choices=RiskGrade.choices)
    usual_grade = models.PositiveSmallIntegerField(choices=RiskGrade.choices)
    measures = models.CharField(max_length=2000)
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="owned_risks")
    review_on = models.DateField()
    valid_from = models.DateField()
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(max_length=400, default="")

    objects = RiskQuerySet.as_manager()

    class Meta:
        db_table = "risks_risk"
        indexes = [
            models.Index("area", "grade", name="risks_risk_area"),
            models.Index(fields=("-grade", "id"), name="risks_risk_worst"),
            models.Index("review_on", "id", name="risks_risk_review"),
            models.Index("owner", "review_on", name="risks_risk_owner"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=4), name="risks_risk_grade"),
            models.CheckConstraint(
                condition=Q(raised_at=None, raised_by=None, usual_grade=F("grade"))
                | Q(raised_at__isnull=False, raised_by__isnull=False, usual_grade__lte=F("grade")),
                name="risks_risk_raised_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why=""),
                name="risks_risk_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_raised(self) -> bool:
        return self.raised_at is not None

    @property
    def code(self) -> str:
        return RiskGrade(self.grade).code


class RiskVersion(models.Model):
    """What a risk says from `valid_from` on, until the next version; only added.

    A raised one names the record that raised it: the same record raises a risk once.
    """

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=VersionKind.choices)
    valid_from = models.DateField()
    grade = models.PositiveSmallIntegerField(choices=RiskGrade.choices)
    measures = models.CharField(max_length=2000)
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    reason = models.CharField(max_length=400, default="")
    source_type = models.CharField(max_length=48, null=True)
    source_id = models.BigIntegerField(null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("risks_version")
        indexes = [models.Index("risk", "valid_from", "number", name="risks_version_day")]
        constraints = [
            models.UniqueConstraint("risk", "number", name="risks_version_number"),
            models.UniqueConstraint(
                "risk", "source_type", "source_id", condition=Q(kind=VersionKind.RAISED, source_id__isnull=False),
                name="risks_version_raised_once_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(VersionKind.RAISED, VersionKind.REVIEWED)) | ~Q(reason=""),
                name="risks_version_says_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.risk_id} {self.number}"
