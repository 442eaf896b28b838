"""What bodies owe, what met it, and what was waived."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Q, Value, When

from ronghe.domain.obligations.enums import ObligationState, RequestState
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.kernel.db.append_only import append_only
from ronghe.kernel.words import _

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
        return self.unsettled().filter(window_from__lte=day, grace_until__gt=day)

    def missed_on(self, day: date) -> ObligationQuerySet:
        return self.unsettled().filter(grace_until__lte=day)

    def unsettled(self) -> ObligationQuerySet:
        """Neither met nor waived: what the partial indexes hold, however long the history."""
        return self.filter(is_settled=False)

    def chosen(self, choice: str, day: date) -> ObligationQuerySet:
        """What a filter's word stands for: `open`, `missed`, `met`, `waived`, anything else is all."""
        chosen = {
            "open": lambda: self.open_on(day),
            "missed": lambda: self.missed_on(day),
            "met": lambda: self.filter(MET),
            "waived": lambda: self.filter(WAIVED),
        }
        return chosen.get(choice, lambda: self)()

    def counting_in(self, from_on: date, until_on: date) -> ObligationQuerySet:
        """Whose period-deciding day lies in the half-open span."""
        return self.filter(counts_on__gte=from_on, counts_on__lt=until_on)


class Obligation(models.Model):
    """One occurrence of a mechanism, owed by one body. `occurrence` names it in every recomputation.

    A record counts from `window_from` up to, not including, `grace_until`; after `due_on` it is late. `revision` counts
    how often its days were changed, so that a calendar elsewhere knows the newer one. `is_settled` says that a match or a
    waiver stands beside it; `services.settling` alone writes it, in the transaction that writes those.
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
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_settled = models.BooleanField(default=False, db_default=False)
    grade = models.ForeignKey("obligations.BodyGrade", on_delete=models.SET_NULL, null=True, related_name="brought")
    """The final grade that brings it (RT-03), where one does."""

    objects: ClassVar[models.Manager[Obligation]] = ObligationQuerySet.as_manager()

    class Meta:
        db_table = "obligations_obligation"
        indexes = [
            # What a body owes, earliest due first; also the walk of a long list within one body.
            models.Index("body", "due_on", name="obligations_body_due"),
            # The walk of everybody's list in order of due day; what is over or not yet begun is passed over in the index.
            models.Index("due_on", "id", "grace_until", "window_from", name="obligations_due"),
            # What is missed or open costs what is missed or open: these hold nothing that was met or waived.
            models.Index(
                "due_on", "id", "grace_until", "window_from", "body",
                condition=Q(is_settled=False), name="obligations_unsettled_due",
            ),
            models.Index(
                "body", "grace_until", "window_from", "mechanism",
                condition=Q(is_settled=False), name="obligations_unsettled_body",
            ),
        ]  # fmt: skip
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

    @property
    def why_owed(self) -> str:
        """Say which grade, period and run bring it: `2026Q3 党支部季度评星为二星（第 12 号考评定稿）`; "" where none does."""
        wanted = self.definition.for_grade
        if self.grade is None or wanted is None:
            return ""
        return _("%(period)s %(sheet)s为%(grade)s（第 %(run)s 号考评定稿）") % {
            "period": self.grade.period, "sheet": wanted.title.here, "grade": wanted.title_of(self.grade.grade),
            "run": self.grade.run,
        }  # fmt: skip


class BodyGrade(models.Model):
    """A final grade of a body as far as it decides what the body owes: on which days, by which run.

    Kept from the facts `appraisal.graded`, which alone say what a grade is; `fact` and `run` are their keys. It decides from
    the first day of the period after `period` on which it was known, and until that period ends or another replaces it.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="grades", db_index=False)
    playbook = models.CharField(max_length=60)
    sheet = models.CharField(max_length=60)
    grade = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    run = models.BigIntegerField()
    fact = models.BigIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()
    """Not included."""

    class Meta:
        db_table = "obligations_body_grade"
        indexes = [models.Index("body", "from_on", name="obligations_grade_body")]
        constraints = [
            models.UniqueConstraint("fact", name="obligations_grade_once"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="obligations_grade_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.body_id} {self.sheet} {self.period}: {self.grade}"


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


class ObligationMove(models.Model):
    """The day that a cadence names was moved for one body, with the reason (PM-05).

    Named as its obligation is, not by its key: what lapses with a shut-down and comes back finds its moves again.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="obligation_moves", db_index=False)
    mechanism = models.CharField(max_length=60)
    occurrence = models.CharField(max_length=72)
    was = models.DateField()
    now = models.DateField()
    reason = models.CharField(max_length=120)
    moved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="obligation_moves")
    moved_at = models.DateTimeField()

    class Meta:
        db_table = append_only("obligations_move")
        indexes = [models.Index("body", "mechanism", "occurrence", "id", name="obligations_move_of")]
        constraints = [models.CheckConstraint(condition=~Q(was=F("now")), name="obligations_move_moves")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.mechanism} {self.occurrence} {self.was} → {self.now}"


class WaiverRequest(models.Model):
    """A body asks its superior to be let off some of its obligations, with one reason for all of them."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="waiver_requests")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.ASKED)
    asked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="waiver_requests")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=200, default="")
    answered_by = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="answered_waiver_requests"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "obligations_waiver_request"
        indexes = [models.Index(fields=("state", "-asked_at"), name="obligations_request_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.GRANTED, RequestState.REFUSED])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="obligations_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(RequestState(self.state).label)


class WaiverRequestItem(models.Model):
    """One of the obligations that a request names; `is_open` while the request waits, so that each is asked for once."""

    request = models.ForeignKey(WaiverRequest, on_delete=models.CASCADE, related_name="items")
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="requested")
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "obligations_waiver_request_item"
        constraints = [
            models.UniqueConstraint("request", "obligation", name="obligations_request_item_once"),
            models.UniqueConstraint("obligation", condition=Q(is_open=True), name="obligations_request_item_open_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.request_id} {self.obligation_id}"
