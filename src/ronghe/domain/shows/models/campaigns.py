"""三亮四比一创建 as a body runs it: the unit's own words for the fourth competition and for what is created."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ShowCompeteCampaign(models.Model):
    """What a body compares and creates (PP-09): the sources leave the fourth 比 and 一创建 open, so the unit says them."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="show_campaigns")
    name = models.CharField(max_length=60)
    fourth = models.CharField(max_length=40)
    creates = models.CharField(max_length=400)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    """The last day; none while it goes on."""
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "shows_campaign"
        indexes = [models.Index(fields=("-opened_at", "id"), name="shows_campaign_opened")]
        constraints = [
            models.UniqueConstraint("body", condition=Q(ends_on=None), name="shows_campaign_one_now"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="shows_campaign_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
