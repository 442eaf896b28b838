"""Terms of office, and the elections by which one follows the other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.elections.enums import (
    RUNNING,
    CandidateStage,
    ElectionKind,
    ElectionState,
    Electorate,
    RoundKind,
)
from ronghe.domain.org.enums import PostRole


class Term(models.Model):
    """A body's 届: from `started_on` until `ends_on`, or until `ended_on` once the next one has begun (not included).

    `regular_end` is what the rule of its kind gives (PE-04); `ends_on` differs from it by an approved shift (PE-05).
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    regular_end = models.DateField()
    ends_on = models.DateField()
    ended_on = models.DateField(null=True)
    approval_ref = models.CharField(max_length=80, null=True)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="recorded_terms")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "elections_term"
        indexes = [models.Index("ended_on", "ends_on", name="elections_term_running_out")]
        constraints = [
            models.UniqueConstraint("body", "number", name="elections_term_once"),
            models.UniqueConstraint("body", condition=Q(ended_on=None), name="elections_term_one_now"),
            models.CheckConstraint(condition=Q(number__gte=1), name="elections_term_number"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("started_on")), name="elections_term_dates"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("started_on")), name="elections_term_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id}/{self.number}"

    @property
    def is_shifted(self) -> bool:
        return self.ends_on != self.regular_end


class TermShift(models.Model):
    """One approved change of the day on which a term ends (PE-05)."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="shifts")
    from_day = models.DateField()
    to_day = models.DateField()
    approval_ref = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="decided_term_shifts")
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "elections_term_shift"
        indexes = [models.Index("term", "decided_at", name="elections_shift_term")]
        constraints = [
            models.CheckConstraint(condition=~Q(from_day=F("to_day")), name="elections_shift_moves"),
            models.CheckConstraint(condition=~Q(approval_ref=""), name="elections_shift_approved"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.term_id} → {self.to_day}"


class Election(models.Model):
    """One 换届 or 补选 of one body, from its preparation until its result is filed above (PE-11)."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="elections")
    kind = models.CharField(max_length=16, choices=ElectionKind.choices)
    state = models.CharField(max_length=12, choices=ElectionState.choices, default=ElectionState.PREPARING)
    assembly = models.CharField(max_length=16, choices=Electorate.choices, default=Electorate.GENERAL_MEETING)
    is_dispersed = models.BooleanField(default=False)
    """The members live far apart, so that delegates may meet though there are fewer than 500 of them (PE-07)."""
    planned_on = models.DateField()
    started_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="started_elections")
    started_at = models.DateTimeField()
    approval_ref = models.CharField(max_length=80, null=True)
    """The 批复 on the candidates."""
    approved_by = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="approved_elections"
    )
    approved_at = models.DateTimeField(null=True)
    held_on = models.DateField(null=True)
    """The day of the last vote: posts and the term begin on it."""
    leaves_places = models.BooleanField(default=False)
    """It was reported with places left empty."""
    reported_by = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="reported_elections"
    )
    reported_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=200, null=True)
    filing_ref = models.CharField(max_length=80, null=True)
    filed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="filed_elections")
    filed_at = models.DateTimeField(null=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, related_name="elections")
    """The term that a 换届 began, or to which a 补选 belongs; set when it is filed."""
    cancelled_reason = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "elections_election"
        indexes = [
            models.Index("body", "started_at", name="elections_election_body"),
            models.Index("planned_on", "id", name="elections_election_planned"),
        ]
        constraints = [
            models.UniqueConstraint("body", condition=Q(state__in=RUNNING), name="elections_election_one_running"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.kind}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


class Contest(models.Model):
    """What is elected: so many places of one role, by one electorate (PE-11)."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="contests")
    role = models.CharField(max_length=24, choices=PostRole.choices)
    seats = models.PositiveSmallIntegerField()
    electorate = models.CharField(max_length=16, choices=Electorate.choices)

    class Meta:
        db_table = "elections_contest"
        constraints = [
            models.UniqueConstraint("election", "role", name="elections_contest_once"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="elections_contest_seats"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.election_id} {self.role} × {self.seats}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(PostRole(self.role).label)


class Candidate(models.Model):
    """A person who stands, or was written in, for a contest; `duty` is the work taken on in the committee (PE-01)."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="candidacies")
    stage = models.CharField(max_length=12, choices=CandidateStage.choices, default=CandidateStage.NOMINATED)
    duty = models.CharField(max_length=24, choices=PostRole.choices)
    named_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="named_candidates")
    named_at = models.DateTimeField()

    class Meta:
        db_table = "elections_candidate"
        constraints = [models.UniqueConstraint("contest", "person", name="elections_candidate_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.contest_id} {self.person_id}"

    def get_duty_display(self) -> str:  # type: ignore[no-redef]
        return str(PostRole(self.duty).label)


class BallotRound(models.Model):
    """One vote of a contest, in totals: who voted what is written nowhere (secret ballot)."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=RoundKind.choices)
    seats = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    entitled = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    issued = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    invalid = models.PositiveIntegerField()
    others = models.PositiveIntegerField(default=0)
    """Votes for people who are not among the candidates and got too few to be named."""
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="recorded_ballots")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "elections_ballot_round"
        constraints = [
            models.UniqueConstraint("contest", "number", name="elections_round_once"),
            models.CheckConstraint(condition=Q(present__lte=F("entitled")), name="elections_round_present"),
            models.CheckConstraint(condition=Q(issued__lte=F("present")), name="elections_round_issued"),
            models.CheckConstraint(condition=Q(returned__lte=F("issued")), name="elections_round_returned"),
            models.CheckConstraint(condition=Q(returned=F("valid") + F("invalid")), name="elections_round_sums"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.contest_id}/{self.number}"


class CandidateCount(models.Model):
    """What one candidate got in one vote, and whether that was enough by the rules of that day."""

    round = models.ForeignKey(BallotRound, on_delete=models.PROTECT, related_name="counts")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="counts")
    votes_for = models.PositiveIntegerField()
    votes_against = models.PositiveIntegerField()
    votes_abstained = models.PositiveIntegerField()
    is_elected = models.BooleanField()
    is_tied = models.BooleanField()
    """Equal votes for the last places: voted on again."""

    class Meta:
        db_table = "elections_candidate_count"
        constraints = [models.UniqueConstraint("round", "candidate", name="elections_count_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.candidate_id}: {self.votes_for}"


class Designation(models.Model):
    """A post that was given from above where nobody was elected (PE-11, PO-05), with the paper that says so."""

    post = models.OneToOneField("org.PostHolding", on_delete=models.PROTECT, related_name="designation")
    approval_ref = models.CharField(max_length=80)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="decided_designations")
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "elections_designation"
        constraints = [models.CheckConstraint(condition=~Q(approval_ref=""), name="elections_designation_approved")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.post_id}"
