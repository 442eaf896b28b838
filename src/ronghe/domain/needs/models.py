"""精准问需: what a need has beyond other items — moments of help that were agreed, and how fast a body wants to be."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.needs.enums import HelpWay


class HelpMoment(models.Model):
    """A time agreed for help: at a place, or by call with where to join. It is called off, never deleted."""

    item = models.ForeignKey("items.WorkItem", on_delete=models.PROTECT, related_name="help_moments")
    way = models.CharField(max_length=8, choices=HelpWay.choices)
    helper = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="help_moments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=80, default="")
    link = models.CharField(max_length=200, default="")
    """Telephone number or address of the meeting."""
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "needs_help_moment"
        indexes = [
            models.Index(fields=("item", "starts_at"), name="needs_moment_item"),
            models.Index(fields=("helper", "starts_at"), name="needs_moment_helper"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="needs_moment_in_order"),
            models.CheckConstraint(
                condition=Q(way=HelpWay.ON_SITE) & ~Q(place="") | Q(way=HelpWay.REMOTE), name="needs_moment_has_place"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item_id} {self.starts_at}"

    def get_way_display(self) -> str:  # type: ignore[no-redef]
        return str(HelpWay(self.way).label)


class NeedTargets(models.Model):
    """How many working days a body, and those below it without numbers of their own, wants to take."""

    body = models.OneToOneField("org.PartyOrg", on_delete=models.PROTECT, related_name="need_targets")
    triage_days = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "needs_targets"
        constraints = [
            models.CheckConstraint(
                condition=Q(triage_days__gte=1, answer_days__gte=F("triage_days"), answer_days__lte=250),
                name="needs_targets_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.triage_days}/{self.answer_days}"
