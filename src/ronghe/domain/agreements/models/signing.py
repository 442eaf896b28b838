"""Who may sign for a side, who did, and who would not. What is signed is only added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.agreements.enums import SigningRole
from ronghe.domain.agreements.models.agreements import AgreementParty
from ronghe.domain.agreements.models.negotiation import AgreementVersion
from ronghe.kernel.db.append_only import append_only


class SigningAuthorization(models.Model):
    """A person whom a side named in writing to sign for it; `document` says by which paper."""

    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="authorizations")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="signing_authorizations")
    document = models.CharField(max_length=120)
    given_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreements_authorization"
        indexes = [models.Index("person", "party", name="agreements_authorized")]
        constraints = [
            models.UniqueConstraint("party", condition=Q(withdrawn_at=None), name="agreements_one_authorization")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.party_id} {self.person_id}"


class AgreementSignature(models.Model):
    """A side's signature under one version: `digest` is what was signed, `authorization` the paper where not by post."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="agreement_signatures")
    role = models.CharField(max_length=12, choices=SigningRole.choices)
    authorization = models.ForeignKey(SigningAuthorization, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("agreements_signature")
        constraints = [
            models.UniqueConstraint("version", "party", name="agreements_signature_of_a_side"),
            models.UniqueConstraint("version", "signer", name="agreements_signature_for_one_side"),
            models.CheckConstraint(
                condition=Q(role=SigningRole.SECRETARY, authorization=None)
                | Q(role=SigningRole.AUTHORIZED, authorization__isnull=False),
                name="agreements_signature_by_right",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.party_id}"


class AgreementRefusal(models.Model):
    """A side would not sign a version, and why; the sides negotiate again."""

    version = models.OneToOneField(AgreementVersion, on_delete=models.PROTECT, related_name="refusal")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="refusals")
    refused_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    refused_at = models.DateTimeField()

    class Meta:
        db_table = append_only("agreements_refusal")

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id}"
