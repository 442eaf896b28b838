"""Roll-outs: what is handed on, its pilots with before and after, the review, and the units that take it up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind, RolloutState
from ronghe.kernel.db.append_only import append_only


class Rollout(models.Model):
    """A playbook version on its way from one unit to others."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="rollouts", db_index=False)
    """The body that hands it on."""
    kind = models.CharField(max_length=12, choices=RolloutKind.choices)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=400, default="")
    version = models.ForeignKey("playbooks.PlaybookVersion", on_delete=models.PROTECT, related_name="rollouts")
    state = models.CharField(max_length=12, choices=RolloutState.choices, default=RolloutState.DRAFT)
    drafted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    rolled_out_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rollouts_rollout"
        indexes = [models.Index("body", "drafted_at", name="rollouts_rollout_body")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class Pilot(models.Model):
    """Some bodies try it over a span of days. What was before is the same number of days before the span."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="pilots", db_index=False)
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()
    """Not included."""
    started_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    findings = models.CharField(max_length=2000, default="")
    concluded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    bodies = models.ManyToManyField("org.PartyOrg", related_name="pilots", db_table="rollouts_pilot_body")

    class Meta:
        db_table = "rollouts_pilot"
        constraints = [
            models.UniqueConstraint("rollout", "number", name="rollouts_pilot_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="rollouts_pilot_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.rollout_id}.{self.number}"


class PilotMeasure(models.Model):
    """One indicator of a pilot. The counts are taken when the pilot is concluded and stay as they were.

    A share is `part` of `whole`; a count has no whole.
    """

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="measures", db_index=False)
    measure = models.CharField(max_length=16, choices=Measure.choices)
    before_part = models.PositiveIntegerField(null=True)
    before_whole = models.PositiveIntegerField(null=True)
    after_part = models.PositiveIntegerField(null=True)
    after_whole = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "rollouts_pilot_measure"
        constraints = [models.UniqueConstraint("pilot", "measure", name="rollouts_pilot_measure_once")]

    def __str__(self) -> str:
        return f"#{self.pilot_id} {self.measure}"


class Review(models.Model):
    """What a committee decided about a pilot, and why; never changed."""

    pilot = models.OneToOneField(Pilot, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reasons = models.CharField(max_length=1000)
    document = models.CharField(max_length=120, default="")
    """The meeting or paper in which it was decided."""
    reviewed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        db_table = append_only("rollouts_review")

    def __str__(self) -> str:
        return f"#{self.pilot_id} {self.decision}"


class Target(models.Model):
    """A body that is to take it up by a day. Whether it did is read from its adoptions, not written here."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="targets", db_index=False)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="rollout_targets")
    due_on = models.DateField()
    named_at = models.DateTimeField()
    reason = models.CharField(max_length=400, default="")
    """Why it has not taken it up yet."""
    reason_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rollouts_target"
        constraints = [models.UniqueConstraint("rollout", "body", name="rollouts_target_once")]

    def __str__(self) -> str:
        return f"#{self.rollout_id} {self.body_id}"


class Effect(models.Model):
    """What came of it in one unit, told back by the unit (SD-08); a later one does not take away an earlier."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="effects")
    text = models.CharField(max_length=1000)
    told_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        db_table = append_only("rollouts_effect")

    def __str__(self) -> str:
        return f"#{self.target_id} {self.told_at:%Y-%m-%d}"
