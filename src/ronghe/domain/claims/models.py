"""任务领办清单: a sheet, the tasks on it, its published versions and who signed them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.claims.enums import SheetState
from ronghe.kernel.db.append_only import append_only


class ClaimSheet(models.Model):
    """The list of what is to be done about the difficult points of one effort; `body` answers for it."""

    title = models.CharField(max_length=120)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="claim_sheets")
    force = models.ForeignKey("taskforces.TaskForce", on_delete=models.PROTECT, null=True, related_name="claim_sheets")
    zone = models.ForeignKey(
        "zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="claim_sheets"
    )
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="claim_sheets")
    state = models.CharField(max_length=12, choices=SheetState.choices, default=SheetState.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)
    """How often it was published."""
    drawn_up_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "claims_sheet"
        indexes = [
            models.Index("body", "state", name="claims_sheet_body"),
            models.Index(fields=("-drawn_up_at", "-id"), name="claims_sheet_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                "force", condition=~Q(state=SheetState.CLOSED) & Q(force__isnull=False), name="claims_sheet_one_a_force"
            ),
            models.CheckConstraint(
                condition=Q(state=SheetState.DRAFT) | Q(published_at__isnull=False, version__gte=1),
                name="claims_sheet_published_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=SheetState.CLOSED) | Q(closed_at__isnull=False), name="claims_sheet_closed_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(SheetState(self.state).label)


class ClaimLine(models.Model):
    """A task on a sheet, under the difficult point that it was split from."""

    sheet = models.ForeignKey(ClaimSheet, on_delete=models.PROTECT, related_name="lines")
    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="claim_line")
    point = models.ForeignKey(
        "taskforces.DifficultPoint", on_delete=models.PROTECT, null=True, related_name="claim_lines"
    )
    number = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "claims_line"
        constraints = [models.UniqueConstraint("sheet", "number", name="claims_line_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number}"


class SheetVersion(models.Model):
    """What a sheet said when it was published: its words, bound by their digest."""

    sheet = models.ForeignKey(ClaimSheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    digest = models.CharField(max_length=64)
    changed = models.PositiveSmallIntegerField(default=0)
    """How many tasks are new or read otherwise than in the version before."""
    published_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        db_table = append_only("claims_version")
        constraints = [models.UniqueConstraint("sheet", "number", name="claims_version_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.sheet_id} {self.number}"


class SheetSignature(models.Model):
    """A secretary's signature under one version; a newer version leaves it standing and wants another."""

    version = models.ForeignKey(SheetVersion, on_delete=models.PROTECT, related_name="signatures")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    """For which side."""
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("claims_signature")
        constraints = [models.UniqueConstraint("version", "body", name="claims_signature_once_a_side")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.body_id}"
