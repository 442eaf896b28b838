"""Study hours that no activity tells of, the rules by which hours are counted, and what somebody wants put right."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.partylife.enums import DisputeState, EntryState, StudyForm
from ronghe.kernel.db.append_only import append_only


class StudyRules(models.Model):
    """A version of how hours are converted and how many are wanted, for a body and all below it (PS-01, PS-03).

    Hours are whole quarters kept as decimals. A later version takes over from `valid_from`; the rows are never changed.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="study_rules")
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    member_goal = models.DecimalField(max_digits=6, decimal_places=2)
    leader_goal = models.DecimalField(max_digits=6, decimal_places=2)
    together_hour = models.DecimalField(max_digits=6, decimal_places=2)
    """For an hour of studying together."""
    lecture_half_day = models.DecimalField(max_digits=6, decimal_places=2)
    off_job_day = models.DecimalField(max_digits=6, decimal_places=2)
    online_cap = models.DecimalField(max_digits=6, decimal_places=2)
    """Hours studied online that count in a year at most."""
    kinds = models.JSONField(default=dict)
    """Kind of gathering → form in which it counts as study; whatever is not named is no study."""
    basis = models.CharField(max_length=120)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = append_only("partylife_study_rules")
        constraints = [
            models.UniqueConstraint("body", "version", name="partylife_rules_version"),
            models.CheckConstraint(
                condition=Q(member_goal__gte=0, leader_goal__gte=0, together_hour__gte=0, lecture_half_day__gte=0,
                            off_job_day__gte=0, online_cap__gte=0),
                name="partylife_rules_not_negative",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} v{self.version}"


class StudyEntry(models.Model):
    """Study that is on no activity's sheet, with its proof; it counts once somebody else has confirmed it.

    `amount` is in the form's own measure: hours together and online, half days of lectures, days off the job. `hours` is
    what it came to by the rules of the day on which it was confirmed.
    """

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="study_entries")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="study_entries")
    """The person's home, whose secretary confirms."""
    day = models.DateField()
    title = models.CharField(max_length=80)
    form = models.CharField(max_length=12, choices=StudyForm.choices)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    proof = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    proof_name = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=12, choices=EntryState.choices, default=EntryState.WAITING)
    entered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "partylife_study_entry"
        indexes = [
            models.Index(fields=("person", "day"), name="partylife_entry_person"),
            models.Index(fields=("body", "state"), name="partylife_entry_body"),
            models.Index(fields=("-day", "-id"), name="partylife_entry_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="partylife_entry_amount"),
            models.UniqueConstraint(
                "person", "day", "title", condition=Q(state__in=[EntryState.WAITING, EntryState.CONFIRMED]),
                name="partylife_entry_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=EntryState.REFUSED) | ~Q(reason=""), name="partylife_entry_refused_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class StudyDispute(models.Model):
    """“请更正”: somebody says that an hour of the own year is wrong, and somebody answers."""

    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="study_disputes")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="study_disputes")
    year = models.PositiveSmallIntegerField()
    activity = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=DisputeState.choices, default=DisputeState.OPEN)
    asked_at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=200, default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partylife_study_dispute"
        indexes = [models.Index(fields=("body", "state"), name="partylife_dispute_body")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DisputeState.ANSWERED) | ~Q(answer="") & Q(is_upheld__isnull=False),
                name="partylife_dispute_answered",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.year}"
