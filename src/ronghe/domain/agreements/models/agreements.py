"""An agreement and its sides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.agreements.enums import BINDING, AgreementKind, AgreementState, EndingKind


class Agreement(models.Model):
    """What two or more sides agree to do on a project.

    The text lies in versions; title, term and `review_months` repeat the current one, so that lists need not read texts.
    In force from `valid_from` until (not including) `valid_until`, which is the day after the last day of the term.
    """

    kind = models.CharField(max_length=20, choices=AgreementKind.choices)
    state = models.CharField(max_length=12, choices=AgreementState.choices, default=AgreementState.NEGOTIATING)
    title = models.CharField(max_length=120)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="agreements")
    supplements = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supplementary")
    """The agreement in force that this one adds to or amends."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    review_months = models.PositiveSmallIntegerField(default=3)
    current = models.PositiveSmallIntegerField(default=1)
    """Number of the version that is on the table, or was signed."""
    playbook = models.CharField(max_length=64, default="")
    """Reference of the playbook whose form it was drafted from."""
    safety_officer = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    """The dedicated safety officer who checks and coordinates (PC-08)."""
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    review_on = models.DateField(null=True)
    """When the next review is due."""
    ended_as = models.CharField(max_length=12, choices=EndingKind.choices, default="", blank=True)
    summary = models.CharField(max_length=2000, default="")
    """What came of it, written at the end."""

    class Meta:
        db_table = "agreements_agreement"
        indexes = [
            models.Index("title", "id", name="agreements_agreement_title"),
            models.Index("project", "state", name="agreements_agreement_project"),
            models.Index("ends_on", "id", name="agreements_agreement_ends"),
            models.Index(fields=["-drafted_at", "id"], name="agreements_agreement_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreements_agreement_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(BINDING)) | Q(valid_from__isnull=False, valid_until__isnull=False),
                name="agreements_agreement_binds_from_until",
            ),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.ENDED) | ~Q(ended_as=""), name="agreements_agreement_ended_somehow"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sides(self) -> list[AgreementParty]:
        """The sides, 甲方 first; read once where they were read along with a list."""
        return sorted(self.parties.all(), key=lambda side: side.position)

    @property
    def is_binding(self) -> bool:
        return self.state in BINDING


class AgreementParty(models.Model):
    """One side: a Party body; of a safety agreement the unit that carries it, too. `position` 1 is 甲方."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="agreement_parts")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="agreement_parts")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "agreements_party"
        indexes = [models.Index("body", "agreement", name="agreements_party_body")]
        constraints = [
            models.UniqueConstraint("agreement", "body", name="agreements_party_once"),
            models.UniqueConstraint("agreement", "position", name="agreements_party_position"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.agreement_id} {self.body_id}"

    @property
    def name(self) -> str:
        """What the side is called in the text."""
        return self.unit.name if self.unit is not None else self.body.name
