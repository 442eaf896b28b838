"""揭榜挂帅: terms, bids with their people, the panel with its scores, milestones, payments, and what a failure was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.challenges.enums import BidState, Criterion, Finding
from ronghe.kernel.db.append_only import append_only

_DIGITS, _PLACES = 14, 2
"""Of money: yuan, to the fen."""


class ChallengeTerms(models.Model):
    """What is offered and wanted; set before it is published and not changed after."""

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="challenge_terms")
    bids_until = models.DateTimeField()
    reward = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    reward_text = models.CharField(max_length=400, default="")
    """What there is besides money."""
    acceptance = models.CharField(max_length=1000)
    """By what it is told that the problem is solved."""
    tolerance = models.CharField(max_length=400, default="")
    """In which case a failure is honest."""
    weights = models.JSONField(default=dict)
    """Weight of each criterion in percent."""

    class Meta:
        db_table = "challenges_terms"
        constraints = [models.CheckConstraint(condition=Q(reward__gte=0), name="challenges_reward_not_negative")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}"


class Bid(models.Model):
    """A team's offer to solve it: its plan, its time, what it costs."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="bids")
    leader = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="bids_led")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    """The leader's home on that day."""
    plan = models.CharField(max_length=2000)
    days = models.PositiveSmallIntegerField()
    cost = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    state = models.CharField(max_length=12, choices=BidState.choices, default=BidState.SUBMITTED)
    made_at = models.DateTimeField()
    decided_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "challenges_bid"
        indexes = [models.Index("leader", "state", name="challenges_bid_leader")]
        constraints = [
            models.UniqueConstraint(
                "item", "leader", condition=~Q(state=BidState.WITHDRAWN), name="challenges_bid_once_a_leader"
            ),
            models.UniqueConstraint("item", condition=Q(state=BidState.SELECTED), name="challenges_bid_one_selected"),
            models.CheckConstraint(condition=Q(days__gte=1), name="challenges_bid_takes_time"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="challenges_bid_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(BidState(self.state).label)


class BidMember(models.Model):
    """Somebody in a bidding team besides its leader."""

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="bids_joined")

    class Meta:
        db_table = "challenges_bid_member"
        constraints = [models.UniqueConstraint("bid", "person", name="challenges_bid_member_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.bid_id}"


class Panelist(models.Model):
    """Somebody who scores the bids, once it is said to which of them there is an interest."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="panel")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="panels")
    named_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "challenges_panelist"
        indexes = [models.Index("person", "declared_at", name="challenges_panelist_of")]
        constraints = [models.UniqueConstraint("item", "person", name="challenges_panelist_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id}"


class ConflictOfInterest(models.Model):
    """A panelist's interest in one bid: he does not score it. Only added."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="conflicts")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="conflicts")
    note = models.CharField(max_length=120)

    class Meta:
        db_table = append_only("challenges_conflict")
        constraints = [models.UniqueConstraint("panelist", "bid", name="challenges_conflict_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.panelist_id}"


class BidScore(models.Model):
    """A panelist's points (0 to 100) for one bid on each criterion."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="scores")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores")
    points = models.JSONField()
    comment = models.CharField(max_length=200, default="")
    scored_at = models.DateTimeField()

    class Meta:
        db_table = append_only("challenges_score")
        constraints = [models.UniqueConstraint("panelist", "bid", name="challenges_score_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.bid_id}"


class Milestone(models.Model):
    """A step of the solution with its day and its share of the reward; checked by somebody outside the team."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    share = models.PositiveSmallIntegerField()
    """Of the reward, in percent; all of them make 100."""
    reached_at = models.DateTimeField(null=True)
    reached_note = models.CharField(max_length=400, default="")
    checked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "challenges_milestone"
        constraints = [
            models.UniqueConstraint("item", "number", name="challenges_milestone_number"),
            models.CheckConstraint(condition=Q(share__lte=100), name="challenges_milestone_share"),
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(reached_at__isnull=False, checked_by__isnull=False),
                name="challenges_milestone_checked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def is_on_time(self) -> bool | None:
        """Whether it was reached by its day, `None` while it was not."""
        from ronghe.kernel.calendar.moments import day_of

        return None if self.reached_at is None else day_of(self.reached_at) <= self.due_on


class Payout(models.Model):
    """What was paid of the reward; never more than the terms offer. Only added."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="payouts")
    amount = models.DecimalField(max_digits=_DIGITS, decimal_places=_PLACES)
    paid_on = models.DateField()
    note = models.CharField(max_length=200, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("challenges_payout")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="challenges_payout_positive")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.amount}"


class FailureFinding(models.Model):
    """Whether a challenge that was not met failed in spite of due care (容错), and why it was found so."""

    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="failure")
    finding = models.CharField(max_length=16, choices=Finding.choices)
    reasons = models.CharField(max_length=1000)
    learnt = models.CharField(max_length=1000, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("challenges_failure")

    def __str__(self) -> str:
        return f"#{self.pk} {self.finding}"

    def get_finding_display(self) -> str:  # type: ignore[no-redef]
        return str(Finding(self.finding).label)


DEFAULT_WEIGHTS = {
    Criterion.PLAN.value: 40,
    Criterion.ABILITY.value: 25,
    Criterion.TIME.value: 20,
    Criterion.PRICE.value: 15,
}
"""No source names weights; whoever posts a challenge sets its own."""
