"""观摩、对标、走出去请进来: the visit, who went, what was measured against whom, and what was taken home."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.exchange.calc.figures import plain
from ronghe.domain.exchange.enums import Better, PracticeState, VisitDirection, VisitState

_DIGITS, _PLACES = 14, 4
"""Of every figure."""


class LearningVisit(models.Model):
    """One visit, kept by `body`: it goes out to a host, or (请进来) has a guest come.

    The other side is a body, a unit, or an outside organization or expert by name; the name stands in each case.
    """

    direction = models.CharField(max_length=12, choices=VisitDirection.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="learning_visits")
    host_body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="hosted_visits")
    host_unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="+")
    host_name = models.CharField(max_length=80)
    """The other side by name: where one goes, or who is invited."""
    day = models.DateField()
    place = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120)
    to_see = models.CharField(max_length=400, default="")
    lead = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=VisitState.choices, default=VisitState.PLANNED)
    activity = models.OneToOneField(
        "rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="learning_visit"
    )
    seen = models.CharField(max_length=1000, default="")
    """What was seen and heard."""
    thanks = models.CharField(max_length=400, default="")
    """What the host side says of it."""
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_visit"
        indexes = [
            models.Index(fields=("-day", "-id"), name="exchange_visit_day"),
            models.Index("body", "state", name="exchange_visit_body"),
            models.Index("host_body", "state", name="exchange_visit_host"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=VisitState.HELD) | Q(held_at__isnull=False), name="exchange_visit_held"
            ),
            models.CheckConstraint(
                condition=Q(thanks="") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="exchange_visit_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.purpose}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(VisitState(self.state).label)

    def get_direction_display(self) -> str:  # type: ignore[no-redef]
        return str(VisitDirection(self.direction).label)


class VisitPerson(models.Model):
    """Somebody who went, or sat with the guest."""

    visit = models.ForeignKey(LearningVisit, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="learning_visits")

    class Meta:
        db_table = "exchange_visit_person"
        indexes = [models.Index("person", "visit", name="exchange_visit_person_of")]
        constraints = [models.UniqueConstraint("visit", "person", name="exchange_visit_person_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.visit_id} {self.person_id}"


class BenchmarkLine(models.Model):
    """One indicator side by side; the gap is computed, never typed. `actual` is where it came to later."""

    visit = models.ForeignKey(LearningVisit, on_delete=models.PROTECT, related_name="benchmarks")
    indicator = models.CharField(max_length=60)
    unit = models.CharField(max_length=12, default="")
    better = models.CharField(max_length=4, choices=Better.choices)
    ours = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    theirs = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    target = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    due_on = models.DateField(null=True)
    measure = models.CharField(max_length=200, default="")
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    actual = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    followed_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_benchmark"
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None) | Q(due_on__isnull=False, owner__isnull=False),
                name="exchange_benchmark_target_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.indicator}"

    def get_better_display(self) -> str:  # type: ignore[no-redef]
        return str(Better(self.better).label)


class Practice(models.Model):
    """What was taken home: somebody answers for it and says by `due_on` whether it is used, with a figure or a reason."""

    visit = models.ForeignKey(LearningVisit, on_delete=models.PROTECT, related_name="practices")
    shown_to = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    """Who may read it once it is offered: everybody in this body or below it."""
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=600, default="")
    owner = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="practices")
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=PracticeState.choices, default=PracticeState.OPEN)
    figure = models.CharField(max_length=40, default="")
    unit = models.CharField(max_length=12, default="")
    before = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    after = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    said = models.CharField(max_length=400, default="")
    """What came of it, or why it is not used."""
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    is_offered = models.BooleanField(default=False)
    taken_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_practice"
        indexes = [
            models.Index(fields=("-taken_at", "-id"), name="exchange_practice_newest"),
            models.Index("owner", "state", "due_on", name="exchange_practice_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PracticeState.OPEN) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="exchange_practice_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PracticeState.PARTLY, PracticeState.NOT_ADOPTED]) | ~Q(said=""),
                name="exchange_practice_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_offered=False) | Q(state__in=[PracticeState.ADOPTED, PracticeState.PARTLY]),
                name="exchange_practice_offered_when_used",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def change(self) -> str:
        """The figure before and after in words, "" where there is none."""
        if self.before is None or self.after is None:
            return ""
        return f"{self.figure} {plain(self.before)} → {plain(self.after)} {self.unit}".strip()

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(PracticeState(self.state).label)
