"""Rosters on their way in, and the certificates that come out of them."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from ronghe.domain.org.enums import RosterState


def new_folder() -> str:
    """Return a name for a folder that nobody can guess."""
    return secrets.token_hex(16)


class RosterImport(models.Model):
    """One upload: who declared what about it (PI-06), what was read, and what became of it.

    The files lie sealed in the home until the import is accepted or discarded; `preview_sealed` holds what the page
    shows of them. Both go when it is settled: what stays is counts, reasons and who did it.
    """

    state = models.CharField(max_length=12, choices=RosterState.choices, default=RosterState.PREVIEWED)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="roster_imports")
    uploaded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="roster_imports")
    uploaded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=32, unique=True, default=new_folder)
    """Where the files lie below the home; random, so that no two uploads ever share one."""
    file_names = models.JSONField(default=list)
    as_of = models.DateField(null=True)
    preview_sealed = models.TextField(null=True)
    fingerprint = models.CharField(max_length=64)
    """Of the changes that were shown; an acceptance that would do something else is refused."""
    counts = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    """Code of an accepted warning → the reason given."""

    class Meta:
        db_table = "org_roster_import"
        indexes = [models.Index("body", "uploaded_at", name="org_roster_import_body")]

    def __str__(self) -> str:
        return f"#{self.pk} {', '.join(self.file_names)}"


class OperatorCertificate(models.Model):
    """A certificate a person holds; without `expires_on` it has no end, or none is known."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=80)
    number = models.CharField(max_length=80, default="")
    expires_on = models.DateField(null=True)

    class Meta:
        db_table = "org_operator_certificate"
        indexes = [models.Index("expires_on", name="org_certificate_expiry", condition=Q(expires_on__isnull=False))]
        constraints = [models.UniqueConstraint("person", "kind", "number", name="org_operator_certificate_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
