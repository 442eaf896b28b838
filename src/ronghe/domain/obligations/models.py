"""What bodies owe, what met it, and what was waived."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.playbooks.calc.model import Mechanism

MET = Q(match__isnull=False)
WAIVED = Q(waiver__isnull=False)


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def with_state(self, day: date) -> ObligationQuerySet:
        """Add `state`, the state on `day`: the same reading of dates as `calc.states.state_on`."""
        state = Case(
            When(WAIVED, then=Value(ObligationState.WAIVED)),
            When(MET & Q(match__met_on__lte=F("due_on")), then=Value(ObligationState.DONE)),
            When(MET, then=Value(ObligationState.LATE)),
            When(window_from__gt=day, then=Value(ObligationState.UPCOMING)),
            When(grace_until__gt=day, then=Value(ObligationState.DUE)),
            default=Value(ObligationState.MISSED),
            output_field=models.CharField(),
        )
        return self.annotate(state=state)

    def open_on(self, day: date) -> ObligationQuerySet:
        """Due and not yet met: what a page of today asks for, on indexed dates."""
        return self._unsettled().filter(window_from__lte=day, grace_until__gt=day)

    def missed_on(self, day: date) -> ObligationQuerySet:
        return self._unsettled().filter(grace_until__lte=day)

    def chosen(self, choice: str, day: date) -> ObligationQuerySet:
        """What a filter's word stands for: `open`, `missed`, `met`, `waived`, anything else is all."""
        chosen = {
            "open": lambda: self.open_on(day),
            "missed": lambda: self.missed_on(day),
            "met": lambda: self.filter(MET),
            "waived": lambda: self.filter(WAIVED),
        }
        return chosen.get(choice, lambda: self)()

    def _unsettled(self) -> ObligationQuerySet:
        """Neither met nor waived, as `NOT EXISTS`: of a left join without a partner PostgreSQL expects one row."""
        match = ObligationMatch.objects.filter(obligation=OuterRef("pk"))
        waiver = Waiver.objects.filter(obligation=OuterRef("pk"))
        return self.filter(~Exists(match), ~Exists(waiver))

    def counting_in(self, from_on: date, until_on: date) -> ObligationQuerySet:
        """Whose period-deciding day lies in the half-open span."""
        return self.filter(counts_on__gte=from_on, counts_on__lt=until_on)


class Obligation(models.Model):
    """One occurrence of a mechanism, owed by one body. `occurrence` names it in every recomputation.

    A record counts from `window_from` up to, not including, `grace_until`; after `due_on` it is late.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="obligations", db_index=False)
    version = models.ForeignKey(
        "playbooks.PlaybookVersion", on_delete=models.PROTECT, related_name="obligations", db_index=False
    )
    mechanism = models.CharField(max_length=60)
    occurrence = models.CharField(max_length=72)
    sitting = models.CharField(max_length=60, null=True)
    window_from = models.DateField()
    due_on = models.DateField()
    grace_until = models.DateField()
    planned_on = models.DateField(null=True)
    counts_on = models.DateField()
    starts_at = models.TimeField(null=True)
    is_provisional = models.BooleanField()

    objects: ClassVar[models.Manager[Obligation]] = ObligationQuerySet.as_manager()

    class Meta:
        db_table = "obligations_obligation"
        indexes = [
            # What a body owes, earliest due first; also the walk of a long list within one body.
            models.Index("body", "due_on", name="obligations_body_due"),
            # The walk of everybody's list in order of due day; what is over or not yet begun is passed over in the index.
            models.Index("due_on", "id", "grace_until", "window_from", name="obligations_due"),
            # Counting what bodies have open: what is over is not touched.
            models.Index("body", "grace_until", "window_from", name="obligations_body_open"),
        ]
        constraints = [
            models.UniqueConstraint("body", "mechanism", "occurrence", name="obligations_obligation_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.mechanism} {self.occurrence}"

    @property
    def definition(self) -> Mechanism:
        """The mechanism as the adopted version says it; `version` should be joined."""
        return self.version.playbook.mechanism(self.mechanism)

    @property
    def title(self) -> str:
        """What is owed, in the reader's language: the sitting where there are several a day, else the mechanism."""
        mechanism = self.definition
        sitting = next((one for one in mechanism.sittings if one.id == self.sitting), None)
        return (sitting or mechanism).title.here


class ObligationMatch(models.Model):
    """The record that met an obligation. `fact` is an id of `kernel_fact`, which no foreign key points at."""

    obligation = models.OneToOneField(Obligation, on_delete=models.CASCADE, related_name="match")
    fact = models.BigIntegerField()
    met_on = models.DateField()

    class Meta:
        db_table = "obligations_match"
        indexes = [models.Index("fact", name="obligations_match_fact")]

    def __str__(self) -> str:
        return f"#{self.obligation_id} met by fact #{self.fact}"


class Waiver(models.Model):
    """An obligation need not be met, with the reason and who decided it."""

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="waiver")
    reason = models.CharField(max_length=200)
    waived_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="waivers")
    waived_at = models.DateTimeField()

    class Meta:
        db_table = "obligations_waiver"

    def __str__(self) -> str:
        return f"#{self.obligation_id} waived"
