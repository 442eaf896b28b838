"""The text in its versions, what is said about it and who agreed to which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.agreements.models.agreements import Agreement, AgreementParty
from ronghe.kernel.db.append_only import append_only


class AgreementVersion(models.Model):
    """One numbered state of text, goals and term; never changed. `content` is the canonical text that `digest` is of."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, default="")
    """What was changed and why, as the side says."""
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="versions")
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("agreements_version")
        indexes = [models.Index("digest", name="agreements_version_digest")]
        constraints = [models.UniqueConstraint("agreement", "number", name="agreements_version_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.agreement_id}.{self.number}"


class AgreementConsent(models.Model):
    """A side agrees to one version; worth nothing for the next."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="consents")
    given_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_consent"
        constraints = [models.UniqueConstraint("version", "party", name="agreements_consent_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.version_id} {self.party_id}"


class AgreementComment(models.Model):
    """A remark on a section (`""`: the whole) as it read in a version, or a reply to one; settled once it is dealt with."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveSmallIntegerField()
    """Of the version that was on the table."""
    section = models.CharField(max_length=40, default="")
    text = models.CharField(max_length=600)
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="comments")
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "agreements_comment"
        constraints = [
            models.CheckConstraint(
                condition=Q(reply_to=None) | Q(settled_at=None), name="agreements_comment_settled_at_its_head"
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="agreements_comment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.agreement_id} {self.section}"
