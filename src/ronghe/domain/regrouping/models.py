"""A regrouping, its proposals, and how long the way between two stations is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.regrouping.enums import ProposalSource, RegroupingState, SolvingState, TravelSource


class Regrouping(models.Model):
    """The splitting of one branch, or of all staff of its operation area, into groups (A4, SD-07, PO-08).

    People, stations and units in the JSON columns are ids; names are read when they are shown.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="regroupings")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="regroupings")
    """The operation area whose whole staff is placed; nothing where only the members of the branch are."""
    state = models.CharField(max_length=12, choices=RegroupingState.choices, default=RegroupingState.DRAFTING)
    as_of = models.DateField()
    """The day of the data."""
    group_count = models.PositiveSmallIntegerField()
    hubs = models.JSONField(default=list)
    """Stations that are hubs in every proposal; the others are chosen."""
    requirements = models.JSONField(default=dict)
    """`calc.model.Requirements`, plain."""
    weights = models.JSONField(default=dict)
    """`calc.model.Weights`, plain."""
    bands = models.JSONField(default=list)
    """The told order in which evenness gives way, first first."""
    pins = models.JSONField(default=list)
    """`calc.model.Pin`, plain; `group` is the key of a Party group of today."""
    apart = models.JSONField(default=list)
    """Pairs of people who must not be in one group."""
    leading = models.JSONField(default=dict)
    """Person → whether the secretary says that they may lead group and team, where it differs from the records."""
    seed = models.PositiveIntegerField(default=1)
    settings_version = models.PositiveIntegerField(default=0)
    """Counts changes of what is asked, so that two secretaries do not overwrite each other."""
    created_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    chosen = models.ForeignKey(
        "regrouping.GroupingProposal", on_delete=models.PROTECT, null=True, related_name="chosen_in"
    )
    submitted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    """The day of the branch committee's meeting."""
    effective_on = models.DateField(null=True)
    carried_out_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    carried_out_at = models.DateTimeField(null=True)
    carried_out = models.JSONField(default=dict)
    """What carrying out wrote (keys of groups, memberships and posts), for undoing within the day."""
    refused_because = models.CharField(max_length=400, null=True)
    """Why the daily job could not carry it out, or why it was returned or dropped."""

    class Meta:
        db_table = "regrouping_regrouping"
        indexes = [models.Index("body", "state", name="regrouping_regrouping_body")]
        constraints = [
            models.UniqueConstraint(
                "body", condition=Q(state__in=["submitted", "approved"]), name="regrouping_regrouping_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(group_count__gte=2) & Q(group_count__lte=12), name="regrouping_regrouping_two_to_twelve"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved", "carried_out"])
                | Q(chosen__isnull=False, submitted_at__isnull=False),
                name="regrouping_regrouping_submitted_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "carried_out"])
                | Q(approved_on__isnull=False, effective_on__isnull=False),
                name="regrouping_regrouping_approved_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} → {self.group_count} ({self.state})"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(RegroupingState(self.state).label)

    @property
    def is_drafting(self) -> bool:
        return self.state == RegroupingState.DRAFTING


class GroupingProposal(models.Model):
    """One way to split: as it is today, as the solver proposes, or as a hand made it of another.

    Everything that a search used is kept, so that it can be repeated. A solver's proposal is never altered: moving
    somebody makes a proposal of a hand, which then changes with each move.
    """

    regrouping = models.ForeignKey(Regrouping, on_delete=models.CASCADE, related_name="proposals")
    letter = models.CharField(max_length=3)
    """`A`, `B`, …; `0` as it is today."""
    source = models.CharField(max_length=8, choices=ProposalSource.choices)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    problem = models.JSONField()
    """`calc.model.Problem`, plain, without names."""
    groups_today = models.JSONField(default=list)
    """Keys of the Party groups that members' `group` counts."""
    settings = models.JSONField(default=dict)
    """`calc.model.Settings`, plain, with the hubs that were fixed."""
    assignment = models.JSONField(null=True)
    """`calc.model.Assignment`, plain; nothing while none is found."""
    outcome = models.JSONField(default=dict)
    """What the search says of it: objective, bound, gap, what gave way, seconds."""
    conflict = models.JSONField(default=list)
    """The smallest set of rules that cannot all be kept: codes and figures."""
    solving = models.CharField(max_length=12, choices=SolvingState.choices, default=SolvingState.DONE)
    stop_asked = models.BooleanField(default=False)
    last_move = models.JSONField(null=True)
    """`{"member", "from", "to"}` of the last move by hand, so that it can be put back."""
    version = models.PositiveIntegerField(default=0)
    """Counts what was found or moved: the page asks for what is newer, and a move names what it saw."""
    created_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "regrouping_grouping_proposal"
        constraints = [
            models.UniqueConstraint("regrouping", "letter", name="regrouping_grouping_proposal_letter"),
            models.UniqueConstraint(
                "regrouping",
                condition=Q(solving__in=["waiting", "running"]),
                name="regrouping_grouping_proposal_one_search",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.regrouping_id} {self.letter} ({self.source})"

    @property
    def is_searching(self) -> bool:
        return self.solving in {SolvingState.WAITING, SolvingState.RUNNING}

    @property
    def is_by_hand(self) -> bool:
        return self.source == ProposalSource.HAND

    @property
    def is_today(self) -> bool:
        return self.source == ProposalSource.TODAY


class TravelTime(models.Model):
    """Minutes between two stations, one way, the same in both directions."""

    a = models.ForeignKey("org.AdminUnit", on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey("org.AdminUnit", on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8, choices=TravelSource.choices)

    class Meta:
        db_table = "regrouping_travel_time"
        constraints = [
            models.UniqueConstraint("a", "b", name="regrouping_travel_time_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="regrouping_travel_time_lower_first"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id}–{self.b_id} {self.minutes}"
