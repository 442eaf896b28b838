"""How an agreement ends: proposed by a side, agreed to by the others where they are asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.agreements.enums import EndingKind, EndingState
from ronghe.domain.agreements.models.agreements import Agreement, AgreementParty


class AgreementEnding(models.Model):
    """A side ends the agreement or asks the others to; `last_day` is the last day in force.

    `finals` maps goal ids to final values as text, for when it is done.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=12, choices=EndingKind.choices)
    state = models.CharField(max_length=12, choices=EndingState.choices, default=EndingState.PROPOSED)
    last_day = models.DateField()
    reason = models.CharField(max_length=400, default="")
    summary = models.CharField(max_length=2000, default="")
    finals = models.JSONField(default=dict)
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="endings")
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settling_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "agreements_ending"
        constraints = [
            models.UniqueConstraint(
                "agreement", condition=Q(state=EndingState.PROPOSED), name="agreements_one_open_ending"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.agreement_id} {self.kind}"


class EndingConsent(models.Model):
    """A side agrees to ending."""

    ending = models.ForeignKey(AgreementEnding, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_ending_consent"
        constraints = [models.UniqueConstraint("ending", "party", name="agreements_ending_consent_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.ending_id} {self.party_id}"
