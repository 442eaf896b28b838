"""项目: what the room keeps."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from ronghe.domain.projects.enums import Difficulty, ProjectKind, ProjectState


class Project(models.Model):
    """An engineering project: `unit` runs it, `body` is the Party body that answers for joining there.

    `ends_on` is the planned last day. Money is in whole yuan, not known as null.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=ProjectKind.choices)
    difficulty = models.CharField(max_length=12, choices=Difficulty.choices, default=Difficulty.ORDINARY)
    state = models.CharField(max_length=12, choices=ProjectState.choices, default=ProjectState.PLANNED)
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="projects")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="projects")
    place = models.CharField(max_length=80, default="")
    investment_yuan = models.BigIntegerField(null=True)
    is_epc = models.BooleanField(default=False)
    """Design, purchase and construction under one contract (PJ-02)."""
    summary = models.CharField(max_length=400, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    started_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "projects_project"
        indexes = [
            models.Index("name", "id", name="projects_project_name"),
            models.Index("body", "name", name="projects_project_body"),
        ]
        constraints = [
            models.UniqueConstraint("unit", "name", name="projects_project_name_in_unit"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="projects_project_in_order"),
            models.CheckConstraint(
                condition=Q(investment_yuan=None) | Q(investment_yuan__gte=0),
                name="projects_project_money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def investment_wan(self) -> Decimal | None:
        """Money in 万元, as people say it."""
        return None if self.investment_yuan is None else Decimal(self.investment_yuan) / 10_000
