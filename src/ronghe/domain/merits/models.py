"""What an application for points has besides its item: whose points by which rule, who decided, how long the notice is."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from ronghe.kernel.facts.models import POINT
from ronghe.kernel.language import in_language


class MeritCase(models.Model):
    """An application as the sheet of that day read it. The rule's words are kept: the sheet may change later."""

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="merit")
    member = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="merit_cases")
    rule = models.CharField(max_length=60)
    """Id of the sheet's node."""
    rule_zh = models.CharField(max_length=120)
    rule_en = models.CharField(max_length=120)
    points_e4 = models.BigIntegerField()
    sheet = models.CharField(max_length=60)
    playbook = models.CharField(max_length=80)
    done_on = models.DateField()
    """When it was done: in whose quarter it counts."""
    checked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    notice_from = models.DateField(null=True)
    notice_last_on = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField(null=True)
    """Working days."""
    fact = models.BigIntegerField(null=True)
    """The fact that counts, once the notice is over."""

    class Meta:
        db_table = "merits_case"
        indexes = [
            models.Index("member", "done_on", name="merits_case_member"),
            models.Index("notice_last_on", condition=Q(fact=None), name="merits_case_notice"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_from=None, notice_last_on=None)
                | Q(notice_from__isnull=False, notice_last_on__gte=F("notice_from")),
                name="merits_case_notice_whole",
            ),
            models.CheckConstraint(
                condition=Q(fact=None) | Q(notice_last_on__isnull=False), name="merits_case_counted_after_notice"
            ),
            models.CheckConstraint(condition=~Q(points_e4=0), name="merits_case_points"),
        ]

    def __str__(self) -> str:
        return f"#{self.item_id} {self.rule}"

    @property
    def points(self) -> Decimal:
        return Decimal(self.points_e4) / POINT

    @property
    def rule_title(self) -> str:
        return in_language({"zh": self.rule_zh, "en": self.rule_en})
