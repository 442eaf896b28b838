"""The rota of 党史小课堂."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HistoryClass(models.Model):
    """One line of a body's rota: a topic, who tells it and when; `told_on` once its activity is over."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="history_classes")
    topic = models.CharField(max_length=80)
    teller = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="history_classes")
    planned_on = models.DateField()
    material = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    material_name = models.CharField(max_length=120, default="")
    activity = models.OneToOneField(
        "rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="history_class"
    )
    told_on = models.DateField(null=True)
    dropped_at = models.DateTimeField(null=True)
    listed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()

    class Meta:
        db_table = "partylife_history_class"
        indexes = [
            models.Index(fields=("-planned_on", "-id"), name="partylife_class_day"),
            models.Index(fields=("body", "planned_on"), name="partylife_class_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "planned_on", "topic", condition=Q(dropped_at=None), name="partylife_class_once"
            ),
            models.CheckConstraint(
                condition=Q(told_on=None) | Q(activity__isnull=False), name="partylife_class_told_in_activity"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.topic}"
