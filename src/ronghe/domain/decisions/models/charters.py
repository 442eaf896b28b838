"""The Party-building clauses of a charter (党建入章程), by version, and what each governs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.decisions.enums import Edition, Governs


class Charter(models.Model):
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="charters")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=Edition.choices, default=Edition.DRAFT)
    title = models.CharField(max_length=120)
    document = models.CharField(max_length=120, default="")
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    adopted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_charter"
        constraints = [
            models.UniqueConstraint("body", "number", name="decisions_charter_number"),
            models.UniqueConstraint("body", condition=Q(state=Edition.DRAFT), name="decisions_charter_one_draft"),
            models.UniqueConstraint("body", condition=Q(state=Edition.IN_FORCE), name="decisions_charter_one_in_force"),
            models.CheckConstraint(
                condition=Q(state=Edition.DRAFT) | Q(adopted_at__isnull=False, adopted_by__isnull=False),
                name="decisions_charter_adopted_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title} v{self.number}"


class CharterClause(models.Model):
    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="clauses")
    place = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=24)
    """As the charter numbers it: 第三十一条."""
    text = models.CharField(max_length=800)

    class Meta:
        db_table = "decisions_charter_clause"
        constraints = [models.UniqueConstraint("charter", "label", name="decisions_clause_label")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.label}"


class ClauseLink(models.Model):
    """What a clause governs: `reference` is the key of a list entry, or the id of a mechanism; nothing for the rules."""

    clause = models.ForeignKey(CharterClause, on_delete=models.CASCADE, related_name="links")
    governs = models.CharField(max_length=12, choices=Governs.choices)
    reference = models.CharField(max_length=60, default="")

    class Meta:
        db_table = "decisions_clause_link"
        constraints = [models.UniqueConstraint("clause", "governs", "reference", name="decisions_clause_link_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.governs} {self.reference}"
