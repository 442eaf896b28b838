"""公文: what the room keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.papers.enums import PaperKind, PaperState


class Paper(models.Model):
    """A notice or a bulletin of a body. Once issued its words, number and day stay; a mistake is withdrawn and issued anew.

    `text` is plain: a line that begins like 一、 or （一） is a heading, every other line a paragraph. `revision` counts
    the saves of the draft, so that nobody overwrites what somebody else wrote meanwhile.
    """

    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="papers")
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="papers")
    """The gathering that a notice calls to."""
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    """The days that a bulletin tells of, half-open."""
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000)
    copies_to = models.CharField(max_length=400, default="")
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=PaperState.choices, default=PaperState.DRAFT)
    code = models.CharField(max_length=24, default="")
    """发文机关代字; a bulletin has none."""
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    dated = models.DateField(null=True)
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="papers_drafted")
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="papers_issued")
    issued_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "papers_paper"
        indexes = [
            models.Index(fields=("-drafted_at", "-id"), name="papers_paper_drafted"),
            models.Index("body", "kind", "year", name="papers_paper_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "kind", "code", "year", "serial", condition=Q(serial__isnull=False), name="papers_paper_number"
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.DRAFT, serial=None, issued_at=None)
                | ~Q(state=PaperState.DRAFT)
                & Q(serial__isnull=False, year__isnull=False, dated__isnull=False, issued_at__isnull=False),
                name="papers_paper_issued_complete",
            ),
            models.CheckConstraint(
                condition=Q(from_on=None, until_on=None) | Q(until_on__gt=F("from_on")), name="papers_paper_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class PaperRecipient(models.Model):
    """A body that a paper goes to (主送), and who received it there."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="recipients")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="papers_received")
    received_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="papers_received")
    received_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "papers_recipient"
        constraints = [
            models.UniqueConstraint("paper", "body", name="papers_recipient_once"),
            models.CheckConstraint(
                condition=Q(received_by=None, received_at=None)
                | Q(received_by__isnull=False, received_at__isnull=False),
                name="papers_recipient_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.paper_id} {self.body_id}"
