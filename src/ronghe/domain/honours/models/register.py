"""荣誉台账: the catalogue of titles, and who was given which of them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from ronghe.domain.honours.enums import HolderKind, HonourLevel, HonourState


class HonourTitle(models.Model):
    """A title that is given to bodies, to people or to teams; a unit keeps its own catalogue.

    `aspects` says what is vetted when it is selected; `term_months` is empty where it is given for good.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="honour_titles")
    """Which body keeps it in the catalogue."""
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=HonourLevel.choices)
    goes_to = models.CharField(max_length=8, choices=HolderKind.choices)
    term_months = models.PositiveSmallIntegerField(null=True)
    aspects = models.JSONField(default=list)
    is_retired = models.BooleanField(default=False)
    kept_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "honours_title"
        constraints = [models.UniqueConstraint("name", "level", name="honours_title_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def get_level_display(self) -> str:  # type: ignore[no-redef]
        return str(HonourLevel(self.level).label)

    def get_goes_to_display(self) -> str:  # type: ignore[no-redef]
        return str(HolderKind(self.goes_to).label)


class Honour(models.Model):
    """One title given once. The holder is `person`, else the team named, else `body` itself.

    `body` is the holder's body, by which the register is kept; `holder_name` is the name of that day.
    """

    title = models.ForeignKey(HonourTitle, on_delete=models.PROTECT, related_name="honours")
    year = models.PositiveSmallIntegerField()
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="honours")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="honours")
    team = models.CharField(max_length=80, default="", blank=True)
    holder_name = models.CharField(max_length=80)
    issuer = models.CharField(max_length=80)
    document_number = models.CharField(max_length=60, default="", blank=True)
    awarded_on = models.DateField()
    ends_on = models.DateField(null=True)
    proof = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="honours")
    proof_name = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=12, choices=HonourState.choices, default=HonourState.VALID)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        db_table = "honours_honour"
        indexes = [
            models.Index(fields=("-awarded_on", "id"), name="honours_honour_awarded"),
            models.Index("body", "state", name="honours_honour_body"),
            models.Index("person", "state", name="honours_honour_person"),
        ]
        constraints = [
            # A name of a team is part of the key; bodies and people have none.
            models.UniqueConstraint(
                fields=("title", "year", "body", "team"),
                condition=Q(state=HonourState.VALID, person=None),
                name="honours_honour_body_once",
            ),
            models.UniqueConstraint(
                fields=("title", "year", "person"),
                condition=Q(state=HonourState.VALID, person__isnull=False),
                name="honours_honour_person_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("awarded_on")), name="honours_honour_term"
            ),
            models.CheckConstraint(
                condition=~Q(state=HonourState.WITHDRAWN) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="honours_honour_withdrawn_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.holder_name}"

    @property
    def kind(self) -> HolderKind:
        if self.person_id is not None:
            return HolderKind.PERSON
        return HolderKind.TEAM if self.team else HolderKind.BODY

    def has_ended(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on <= day
