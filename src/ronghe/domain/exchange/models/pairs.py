"""传帮带: the programme of a mentor pair, the agreement that both and the witness sign, notes and reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.exchange.enums import Better, NoteKind, PairOutcome, PairRole, PairState
from ronghe.kernel.db.append_only import append_only

_DIGITS, _PLACES = 14, 4
"""Of every figure."""


class PairProgramme(models.Model):
    """What a mentor pair sets out to do, kept by `body` and witnessed by somebody who leads there."""

    pair = models.OneToOneField("members.MentorPair", on_delete=models.PROTECT, related_name="programme")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="witnessed_pairs")
    state = models.CharField(max_length=8, choices=PairState.choices, default=PairState.DRAFT)
    starts_on = models.DateField()
    until_on = models.DateField()
    """The last day."""
    review_months = models.PositiveSmallIntegerField(default=3)
    text = models.CharField(max_length=2000, default="")
    """What both promise each other, in their words."""
    review_on = models.DateField(null=True)
    """When the next review is due."""
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_pair_programme"
        indexes = [
            models.Index("witness", "state", name="exchange_pair_witness"),
            models.Index("state", "review_on", name="exchange_pair_next"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("starts_on")), name="exchange_pair_in_order"),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, review_months__lte=24), name="exchange_pair_rhythm"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PairState.PASSED, PairState.ENDED]) | Q(concluded_at__isnull=False),
                name="exchange_pair_concluded",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.pair_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(PairState(self.state).label)


class PairGoal(models.Model):
    """One goal: a figure from `baseline` to `target` in `unit`, or, without a target, a yes or no."""

    programme = models.ForeignKey(PairProgramme, on_delete=models.CASCADE, related_name="goals")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=80)
    unit = models.CharField(max_length=12, default="")
    better = models.CharField(max_length=4, choices=Better.choices, default=Better.UP)
    baseline = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    target = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    due_on = models.DateField()

    class Meta:
        db_table = "exchange_pair_goal"
        constraints = [models.UniqueConstraint("programme", "number", name="exchange_pair_goal_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.what}"

    @property
    def is_measured(self) -> bool:
        return self.target is not None


class PairText(models.Model):
    """A version of the agreement as it was laid before them: `content` in its one spelling, and its digest."""

    programme = models.ForeignKey(PairProgramme, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("exchange_pair_text")
        constraints = [models.UniqueConstraint("programme", "number", name="exchange_pair_text_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.programme_id} {self.number}"


class PairSignature(models.Model):
    """One of the three under one version; the digest is what was signed."""

    text = models.ForeignKey(PairText, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=12, choices=PairRole.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("exchange_pair_signature")
        constraints = [
            models.UniqueConstraint("text", "role", name="exchange_pair_signature_role"),
            models.UniqueConstraint("text", "person", name="exchange_pair_signature_person"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(PairRole(self.role).label)


class PairNote(models.Model):
    """Work done together, or a side's word for the next review; only added."""

    programme = models.ForeignKey(PairProgramme, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=8, choices=NoteKind.choices)
    text = models.CharField(max_length=300)
    day = models.DateField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("exchange_pair_note")
        indexes = [models.Index("programme", "noted_at", name="exchange_pair_note_when")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(NoteKind(self.kind).label)


class PairReview(models.Model):
    """How the pair stands: both sides' words, what comes next, and the conclusion; only added."""

    programme = models.ForeignKey(PairProgramme, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    mentor_word = models.CharField(max_length=400)
    apprentice_word = models.CharField(max_length=400)
    next_step = models.CharField(max_length=300, default="")
    outcome = models.CharField(max_length=12, choices=PairOutcome.choices)
    until_on = models.DateField(null=True)
    """The new last day, where it was extended."""
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("exchange_pair_review")
        constraints = [
            models.UniqueConstraint("programme", "number", name="exchange_pair_review_number"),
            models.CheckConstraint(
                condition=Q(outcome=PairOutcome.EXTENDED, until_on__isnull=False)
                | ~Q(outcome=PairOutcome.EXTENDED) & Q(until_on=None),
                name="exchange_pair_review_until",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.outcome}"

    def get_outcome_display(self) -> str:  # type: ignore[no-redef]
        return str(PairOutcome(self.outcome).label)


class PairGoalMark(models.Model):
    """Where one goal stood at a review: the figure reached, or yes or no; neither where it was not looked at."""

    review = models.ForeignKey(PairReview, on_delete=models.PROTECT, related_name="marks")
    goal = models.ForeignKey(PairGoal, on_delete=models.PROTECT, related_name="marks")
    value = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES, null=True)
    is_met = models.BooleanField(default=False)

    class Meta:
        db_table = append_only("exchange_pair_goal_mark")
        constraints = [models.UniqueConstraint("review", "goal", name="exchange_pair_goal_mark_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.goal_id} {self.value}"
