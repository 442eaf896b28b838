"""Versions of governing documents, and the mechanisms to be looked at again after one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.playbooks.enums import CheckState


class GoverningDocument(models.Model):
    """A new version of a document that mechanisms cite, as a committee's office took note of it."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="governing_documents")
    document = models.CharField(max_length=60)
    """The id by which playbooks cite it."""
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=80, default="")
    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    note = models.CharField(max_length=400, default="")
    """What is new in it."""
    registered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "playbooks_document"
        constraints = [models.UniqueConstraint("body", "document", "version", name="playbooks_document_once")]

    def __str__(self) -> str:
        return f"{self.document}@{self.version}"


class DocumentCheck(models.Model):
    """One mechanism of one playbook that the new version touches: looked at, or to be changed."""

    document = models.ForeignKey(GoverningDocument, on_delete=models.CASCADE, related_name="checks", db_index=False)
    playbook = models.CharField(max_length=80)
    """`id@version`, shipped or kept."""
    mechanism = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=CheckState.choices, default=CheckState.OPEN)
    note = models.CharField(max_length=200, default="")
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "playbooks_document_check"
        constraints = [
            models.UniqueConstraint("document", "playbook", "mechanism", name="playbooks_document_check_once"),
            models.CheckConstraint(
                condition=Q(state=CheckState.OPEN) | Q(settled_by__isnull=False),
                name="playbooks_document_check_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.playbook} {self.mechanism}"
