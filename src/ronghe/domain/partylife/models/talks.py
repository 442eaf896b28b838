"""Talks between two people, talks to come, and the year in which a body talked with everybody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.partylife.enums import TalkDoubt, TalkKind, TalkState


class Talk(models.Model):
    """A talk of `by`, who recorded it, with `other`; it counts for `body`. What was said is sealed and for the two alone."""

    kind = models.CharField(max_length=16, choices=TalkKind.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="talks")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="talks_recorded")
    other = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="talks_with")
    day = models.DateField()
    topics = models.JSONField(default=list)
    """Codes of `TalkTopic`; shown to the two alone, for a topic may tell enough."""
    sealed = models.TextField(null=True)
    state = models.CharField(max_length=12, choices=TalkState.choices, default=TalkState.RECORDED)
    doubt = models.CharField(max_length=16, choices=TalkDoubt.choices, default="")
    """Why it does not count: as the other says (declined) or as whoever recorded it says (voided)."""
    task = models.ForeignKey("work.Task", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partylife_talk"
        indexes = [
            models.Index(fields=("-day", "-id"), name="partylife_talk_day"),
            models.Index(fields=("body", "-day"), name="partylife_talk_body"),
            models.Index(fields=("other", "state"), name="partylife_talk_other"),
            models.Index(fields=("by", "-day"), name="partylife_talk_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("other")), name="partylife_talk_of_two"),
            models.UniqueConstraint(
                "by", "other", "day", condition=Q(state__in=[TalkState.RECORDED, TalkState.CONFIRMED]),
                name="partylife_talk_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TalkState.RECORDED, TalkState.CONFIRMED]) | ~Q(doubt=""),
                name="partylife_talk_taken_back_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.by_id} {self.other_id} {self.day}"

    @property
    def counts(self) -> bool:
        return self.state in (TalkState.RECORDED, TalkState.CONFIRMED)


class PlannedTalk(models.Model):
    """A talk that somebody means to have; nobody else sees it. Done when a talk with that person is recorded."""

    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="talks_planned")
    other = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    talk = models.OneToOneField(Talk, on_delete=models.PROTECT, null=True, related_name="plan")
    dropped_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()

    class Meta:
        db_table = "partylife_planned_talk"
        indexes = [models.Index(fields=("by", "planned_on"), name="partylife_planned_by")]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("other")), name="partylife_planned_of_two"),
            models.UniqueConstraint(
                "by", "other", condition=Q(talk=None, dropped_at=None), name="partylife_planned_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.planned_on}"


class TalkYear(models.Model):
    """A body's year in which every pair of PM-09 has talked, as long as that holds."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="talk_years")
    year = models.PositiveSmallIntegerField()
    pairs = models.PositiveIntegerField()
    completed_at = models.DateTimeField(null=True)
    """Nothing while a talk that was taken back leaves a pair open again."""
    fact_id = models.BigIntegerField(null=True)
    """The fact that tells of it, to be reversed."""

    class Meta:
        db_table = "partylife_talk_year"
        constraints = [models.UniqueConstraint("body", "year", name="partylife_talk_year_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.year}"
