"""无记名投票: what the room keeps. No row says, or lets anybody work out, who voted what (docs/decisions/0012)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.kernel.db.append_only import append_only


class Ballot(models.Model):
    """One secret vote on one or several items with the same choices, by the people on its list.

    `body` is there where the ballot stands by itself; opened from another subject's matter it may have none.
    `voters_count`, `cast_count` and `paper_count` are those of the moment of closing.
    """

    title = models.CharField(max_length=120)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="ballots")
    choices = models.JSONField()
    """Words, in their order; a choice is named by its place from 1."""
    least_shown = models.PositiveSmallIntegerField(default=3)
    """Fewer votes than this are never shown nor kept."""
    blank_choice = models.PositiveSmallIntegerField(null=True)
    """The choice that says nothing of an item (不了解, 不评): an item of which fewer than `least_shown` said anything is hidden."""
    state = models.CharField(max_length=8, choices=BallotState.choices, default=BallotState.OPEN)
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="opened_ballots")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=120, default="")
    voters_count = models.PositiveIntegerField(null=True)
    cast_count = models.PositiveIntegerField(null=True)
    paper_count = models.PositiveIntegerField(null=True)

    objects: ClassVar[models.Manager[Ballot]] = models.Manager()

    class Meta:
        db_table = "ballots_ballot"
        indexes = [
            models.Index(fields=("-opened_at", "-id"), name="ballots_ballot_opened"),
            models.Index(fields=("body", "-opened_at"), name="ballots_ballot_body"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(least_shown__gte=1), name="ballots_ballot_least"),
            models.CheckConstraint(
                condition=~Q(state=BallotState.CLOSED)
                | Q(closed_at__isnull=False, voters_count__isnull=False, cast_count__isnull=False,
                    paper_count__isnull=False),
                name="ballots_ballot_closed_complete",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(BallotState(self.state).label)


class BallotItem(models.Model):
    """What is voted on: one line of the paper."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)

    class Meta:
        db_table = "ballots_item"
        constraints = [models.UniqueConstraint("ballot", "number", name="ballots_item_number")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.title}"


class BallotVoter(models.Model):
    """One person on the list, and whether and how the vote was given: without a time, and with nothing of what it said."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="voters")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="ballots_to_vote")
    way = models.CharField(max_length=8, choices=VoterWay.choices, default=VoterWay.WAITING)

    class Meta:
        db_table = "ballots_voter"
        indexes = [models.Index("person", "way", name="ballots_voter_person")]
        constraints = [models.UniqueConstraint("ballot", "person", name="ballots_voter_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.ballot_id} {self.person_id}"


class BallotUrn(models.Model):
    """The running sums of an open ballot, sealed anew as a whole with every vote; gone once it is counted."""

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, primary_key=True, related_name="urn")
    sealed = models.TextField()

    class Meta:
        db_table = "ballots_urn"

    def __str__(self) -> str:
        return f"#{self.ballot_id}"


class BallotPapers(models.Model):
    """The counted papers of a mixed vote: one person counts, another one checks; the sums are sealed, then gone."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, primary_key=True, related_name="papers")
    sealed = models.TextField(null=True)
    teller = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="told_papers")
    told_at = models.DateTimeField()
    checker = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="checked_papers")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ballots_papers"
        constraints = [
            models.CheckConstraint(condition=~Q(checker=models.F("teller")), name="ballots_papers_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"#{self.ballot_id}"


class BallotTally(models.Model):
    """The sum of one choice for one item, of phones and papers together; written once, at closing."""

    item = models.ForeignKey(BallotItem, on_delete=models.PROTECT, related_name="tallies")
    choice = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField()

    class Meta:
        db_table = append_only("ballots_tally")
        constraints = [models.UniqueConstraint("item", "choice", name="ballots_tally_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id}/{self.choice}: {self.votes}"
