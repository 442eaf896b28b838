"""A unit's own playbook while it is written: the text as it stands, and earlier texts to go back to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.playbooks.enums import DraftState, RevisionWay


class PlaybookDraft(models.Model):
    """A playbook text that somebody writes for a body. `revision` is what a save must have seen."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="playbook_drafts")
    title = models.CharField(max_length=80)
    base = models.CharField(max_length=80, default="")
    """What it was begun from, as `id@version`; empty where from nothing."""
    note = models.CharField(max_length=200, default="")
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.OPEN)
    begun_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    saved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    version = models.OneToOneField(
        "playbooks.PlaybookVersion", on_delete=models.PROTECT, null=True, related_name="draft"
    )
    """The version that it became."""

    class Meta:
        db_table = "playbooks_draft"
        indexes = [models.Index("body", "state", "saved_at", name="playbooks_draft_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=None) | Q(state=DraftState.PUT_FORWARD), name="playbooks_draft_version_when_put"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class DraftRevision(models.Model):
    """One text of a draft as it was saved; autosaves of one sitting replace each other."""

    draft = models.ForeignKey(PlaybookDraft, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    way = models.CharField(max_length=12, choices=RevisionWay.choices)
    saved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "playbooks_draft_revision"
        constraints = [models.UniqueConstraint("draft", "number", name="playbooks_draft_revision_once")]

    def __str__(self) -> str:
        return f"#{self.draft_id}.{self.number} {self.way}"
