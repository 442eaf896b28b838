"""A matter to be decided: its papers, the meetings it lay before, what was decided, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.decisions.enums import Category, Departure, Forum, MatterState, Outcome, Progress, Purpose
from ronghe.domain.rhythm.enums import VoteMethod
from ronghe.kernel.db.append_only import append_only


class Matter(models.Model):
    """One thing that a body has to decide. Raised from an entry of its list, it keeps that entry, and so the version."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="matters")
    entry = models.ForeignKey("decisions.ListEntry", on_delete=models.PROTECT, null=True, related_name="matters")
    title = models.CharField(max_length=120)
    summary = models.TextField(default="")
    category = models.CharField(max_length=12, choices=Category.choices)
    forum = models.CharField(max_length=20, choices=Forum.choices)
    state = models.CharField(max_length=12, choices=MatterState.choices, default=MatterState.RAISED)
    raised_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="raised_matters")
    raised_at = models.DateTimeField()
    legal_opinion = models.CharField(max_length=400, default="")
    legal_checked_by = models.CharField(max_length=60, default="")
    """Who looked at it: a department, a lawyer."""
    consulted_note = models.CharField(max_length=400, default="")
    decided_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    """By when it is to be carried out: the latest line of it."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_matter"
        indexes = [
            models.Index(fields=("-raised_at", "-id"), name="decisions_matter_raised"),
            models.Index(fields=("body", "state", "-raised_at"), name="decisions_matter_body"),
            models.Index(fields=("state", "due_on"), name="decisions_matter_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[MatterState.FOLLOWING, MatterState.DONE, MatterState.UNDONE])
                | Q(decided_on__isnull=False),
                name="decisions_matter_decided_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(MatterState(self.state).label)


class MatterPaper(models.Model):
    """A paper put before the meeting."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="papers")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="matter_papers")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "decisions_matter_paper"
        constraints = [models.UniqueConstraint("matter", "file", name="decisions_paper_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class MatterAvoidance(models.Model):
    """Somebody who is concerned and leaves when the matter is dealt with (回避)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="avoidances")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "decisions_matter_avoidance"
        constraints = [models.UniqueConstraint("matter", "person", name="decisions_avoidance_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.matter_id} {self.person_id}"


class MatterDeparture(models.Model):
    """The matter left the rules here, and why; never taken away."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="departures")
    kind = models.CharField(max_length=16, choices=Departure.choices)
    reason = models.CharField(max_length=200)
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("decisions_matter_departure")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="decisions_departure_reason")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(Departure(self.kind).label)


class Sitting(models.Model):
    """The matter before one meeting. Without `activity` it was dealt with elsewhere, on `held_on`, by `document`.

    The counts are of people with a vote; `entitled` leaves out those who were concerned and left.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="sittings")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    forum = models.CharField(max_length=20, choices=Forum.choices)
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="matter_sittings")
    item = models.OneToOneField("rhythm.AgendaItem", on_delete=models.PROTECT, null=True, related_name="sitting")
    held_on = models.DateField()
    document = models.CharField(max_length=120, default="")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, null=True)
    decision = models.CharField(max_length=400, default="")
    method = models.CharField(max_length=16, choices=VoteMethod.choices, null=True)
    entitled = models.PositiveIntegerField(null=True)
    avoided = models.PositiveIntegerField(null=True)
    present = models.PositiveIntegerField(null=True)
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    votes_abstained = models.PositiveIntegerField(null=True)
    quorum = models.CharField(max_length=4, default="")
    majority = models.CharField(max_length=4, default="")
    majority_of = models.CharField(max_length=8, default="")
    """The rule it was counted by, as it stood."""
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "decisions_sitting"
        constraints = [
            models.UniqueConstraint("matter", condition=Q(outcome=None), name="decisions_sitting_one_open"),
            models.CheckConstraint(
                condition=Q(activity__isnull=False) | ~Q(document=""), name="decisions_sitting_elsewhere_document"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.matter_id} {self.purpose}"


class MatterLine(models.Model):
    """A part of what was decided: a task of one person with a deadline. How it stands, the task says."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="lines")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="matter_line")

    class Meta:
        db_table = "decisions_matter_line"

    def __str__(self) -> str:
        return f"#{self.pk} {self.matter_id} {self.task_id}"


class MatterReport(models.Model):
    """What was reported on carrying out a decision, and to which meeting it was reported back."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reports")
    progress = models.CharField(max_length=8, choices=Progress.choices)
    text = models.CharField(max_length=400)
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="matter_reports")
    reported_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        db_table = append_only("decisions_matter_report")

    def __str__(self) -> str:
        return f"#{self.pk} {self.matter_id} {self.progress}"
