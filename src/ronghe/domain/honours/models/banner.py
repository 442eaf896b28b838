"""流动红旗: each quarter the grassroots rate the offices that serve them; the best office holds the banner."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.honours.enums import RoundState


class BannerRound(models.Model):
    """One quarter's rating of the offices of a body. What anybody rated is kept nowhere (docs/decisions/0012).

    `least_votes`: an office that fewer knew is not ranked and its mean not kept.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="banner_rounds")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    least_votes = models.PositiveSmallIntegerField(default=5)
    ballot = models.OneToOneField("ballots.Ballot", on_delete=models.PROTECT, null=True, related_name="banner_round")
    state = models.CharField(max_length=12, choices=RoundState.choices, default=RoundState.RATING)
    cast = models.PositiveIntegerField(null=True)
    winner = models.ForeignKey("honours.BannerOffice", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=400, default="", blank=True)
    """Why this one of several equal ones, or why it was called off."""
    opened_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_banner_round"
        indexes = [models.Index(fields=("-opened_at", "id"), name="honours_banner_round_opened")]
        constraints = [
            models.UniqueConstraint(
                fields=("body", "year", "quarter"), condition=~Q(state="called_off"), name="honours_banner_round_once"
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="honours_banner_round_quarter"),
            models.CheckConstraint(condition=Q(least_votes__gte=3), name="honours_banner_round_least"),
            models.CheckConstraint(
                condition=~Q(state=RoundState.AWARDED) | Q(winner__isnull=False, ended_at__isnull=False),
                name="honours_banner_round_awarded",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.year}Q{self.quarter}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(RoundState(self.state).label)


class BannerOffice(models.Model):
    """An office body that is rated in a round; `place` is its item on the ballot."""

    round = models.ForeignKey(BannerRound, on_delete=models.PROTECT, related_name="offices")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="banner_offices")
    place = models.PositiveSmallIntegerField()
    rated = models.PositiveIntegerField(null=True)
    mean = models.DecimalField(max_digits=6, decimal_places=4, null=True)

    class Meta:
        db_table = "honours_banner_office"
        constraints = [
            models.UniqueConstraint("round", "body", name="honours_banner_office_once"),
            models.UniqueConstraint("round", "place", name="honours_banner_office_place"),
            models.CheckConstraint(condition=Q(mean=None) | Q(rated__gte=1), name="honours_banner_office_mean"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id}"
