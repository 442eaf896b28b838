"""隐患和违章: what the item cannot hold because it is searched and counted — area, grade, who, and what was confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.hazards.enums import FindingGrade


class Finding(models.Model):
    """One for each hazard and each violation. Grade is what the reporter said until somebody assessed or confirmed it.

    Of a certificate only a keyed digest and the masked number are kept: its number holds that of the identity card, and
    nobody has to read it here, only to find it again (decision 0007).
    """

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="finding")
    area = models.ForeignKey("risks.RiskArea", on_delete=models.PROTECT, null=True, related_name="findings")
    risk = models.ForeignKey("risks.Risk", on_delete=models.PROTECT, null=True, related_name="findings")
    grade = models.CharField(max_length=8, choices=FindingGrade.choices)
    is_by_machine = models.BooleanField(default=False)
    """Seen by a camera: suspected until a person confirms it (IN-05)."""
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="violations")
    certificate_digest = models.CharField(max_length=64, default="")
    certificate_mask = models.CharField(max_length=40, default="")
    is_serious_harm = models.BooleanField(default=False)
    """It had serious consequences (PC-16)."""
    settled_on = models.DateField(null=True)
    """When it was assessed or confirmed."""
    fact = models.BigIntegerField(null=True)
    overturned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hazards_finding"
        indexes = [
            models.Index("area", "grade", name="hazards_finding_area"),
            models.Index("person", "settled_on", name="hazards_finding_person"),
            models.Index("certificate_digest", "settled_on", name="hazards_finding_certificate"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(certificate_digest="", certificate_mask="")
                | ~Q(certificate_digest="") & ~Q(certificate_mask="") & Q(person__isnull=False),
                name="hazards_finding_certificate_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(overturned_at=None) | Q(settled_on__isnull=False), name="hazards_finding_overturned_later"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.grade}"
