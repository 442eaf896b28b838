"""Rosters on their way in, and the certificates that come out of them."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from ronghe.domain.org.enums import DifferenceKind, DifferenceState, RosterState


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


class RosterComparison(models.Model):
    """One or two lists of people held against what is on file below a body; nothing is written by comparing.

    What the lists say lies sealed in `people_sealed` and in each difference, until the comparison is closed.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="roster_comparisons")
    compared_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField()
    file_names = models.JSONField(default=dict)
    """"a" and "b" → names of the files of that list."""
    is_full = models.BooleanField()
    """The lists name everybody there is, so that whoever is missing in them may have left."""
    counts = models.JSONField(default=dict)
    people_sealed = models.TextField(null=True)
    """The people of the lists about whom something is to be settled, by number."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "org_roster_comparison"
        indexes = [models.Index("body", "compared_at", name="org_roster_comparison_body")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class RosterDifference(models.Model):
    """One thing about one person that the sides say differently, to be taken over or dismissed with a reason."""

    comparison = models.ForeignKey(RosterComparison, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=12, choices=DifferenceKind.choices)
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, null=True, related_name="roster_differences")
    """Who it is about, as far as on file; for a doubt who it may be."""
    field = models.CharField(max_length=24, default="")
    entries = models.JSONField(default=dict)
    """"a" and "b" → number of the person in `people_sealed`."""
    said_sealed = models.TextField(null=True)
    """The name, and what each side says."""
    state = models.CharField(max_length=12, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    side = models.CharField(max_length=1, default="")
    """The list that was taken over."""
    reason = models.CharField(max_length=200, default="")
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    undo = models.JSONField(null=True)
    """What ending the person changed, so that it can be taken back."""

    class Meta:
        db_table = "org_roster_difference"
        indexes = [models.Index("comparison", "state", "kind", name="org_roster_difference_state")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.field}"


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
