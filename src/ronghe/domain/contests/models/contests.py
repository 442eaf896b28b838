"""A contest with what is compared, who competes, who judges and, once it is closed, what each reached."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.contests.enums import ContestState, EntryKind


class Contest(models.Model):
    """A contest of a body over a span of days. `title` is what the first `awards` places are honoured with, if at all."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="contests")
    name = models.CharField(max_length=60)
    entry_kind = models.CharField(max_length=8, choices=EntryKind.choices, default=EntryKind.BODY)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """The last day that counts."""
    title = models.ForeignKey("honours.HonourTitle", on_delete=models.PROTECT, null=True, related_name="contests")
    awards = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ContestState.choices, default=ContestState.OPEN)
    reason = models.CharField(max_length=400, default="", blank=True)
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contests_contest"
        indexes = [models.Index(fields=("-opened_at", "id"), name="contests_contest_opened")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contests_contest_span"),
            models.CheckConstraint(condition=Q(awards__gte=1), name="contests_contest_awards"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ContestState(self.state).label)

    def get_entry_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(EntryKind(self.entry_kind).label)


class ContestHead(models.Model):
    """What is compared (比干劲 …): counted by `figure` of the catalogue, or judged where that is empty."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="heads")
    place = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=40)
    figure = models.CharField(max_length=24, default="", blank=True)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "contests_head"
        constraints = [
            models.UniqueConstraint("contest", "place", name="contests_head_place"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="contests_head_weight"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.words}"


class ContestEntry(models.Model):
    """Who competes: `person`, else the team `unit`, else `body`. `total` and `rank` are written when the contest is closed."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="entries")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="contest_entries")
    """The body itself, the one that the team belongs to, or the person's home."""
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="contest_entries")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="contest_entries")
    name = models.CharField(max_length=80)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    honour = models.ForeignKey("honours.Honour", on_delete=models.PROTECT, null=True, related_name="contest_entries")

    class Meta:
        db_table = "contests_entry"
        constraints = [
            models.UniqueConstraint(
                fields=("contest", "body"), condition=Q(unit=None, person=None), name="contests_entry_body"
            ),
            models.UniqueConstraint(
                fields=("contest", "unit"), condition=Q(unit__isnull=False), name="contests_entry_unit"
            ),
            models.UniqueConstraint(
                fields=("contest", "person"), condition=Q(person__isnull=False), name="contests_entry_person"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ContestJudge(models.Model):
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="judges")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="contests_judged")

    class Meta:
        db_table = "contests_judge"
        constraints = [models.UniqueConstraint("contest", "person", name="contests_judge_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ContestMark(models.Model):
    """What one judge gave an entry under a head, 0 to 100; two of them and no more (`seat`)."""

    entry = models.ForeignKey(ContestEntry, on_delete=models.PROTECT, related_name="marks")
    head = models.ForeignKey(ContestHead, on_delete=models.PROTECT, related_name="marks")
    judge = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "contests_mark"
        constraints = [
            models.UniqueConstraint("entry", "head", "judge", name="contests_mark_once"),
            models.UniqueConstraint("entry", "head", "seat", name="contests_mark_seat"),
            models.CheckConstraint(condition=Q(seat__gte=1, seat__lte=2), name="contests_mark_two"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="contests_mark_points"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ContestScore(models.Model):
    """What an entry reached under a head when the contest was closed."""

    entry = models.ForeignKey(ContestEntry, on_delete=models.PROTECT, related_name="scores")
    head = models.ForeignKey(ContestHead, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=14, decimal_places=4)
    points = models.DecimalField(max_digits=8, decimal_places=4)

    class Meta:
        db_table = "contests_score"
        constraints = [models.UniqueConstraint("entry", "head", name="contests_score_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
