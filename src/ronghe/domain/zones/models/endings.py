"""How a zone did, what its sides say to it, and what its end took with it. None of it is ever changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.zones.models.zones import CollaborationZone
from ronghe.kernel.db.append_only import append_only


class ZoneEvaluation(models.Model):
    """What came of the zone. `score` is in 1/10,000 of a point, from the run `score_source` names, null without one."""

    zone = models.OneToOneField(CollaborationZone, on_delete=models.PROTECT, related_name="evaluation")
    score = models.BigIntegerField(null=True)
    grade = models.CharField(max_length=40, default="")
    score_source = models.CharField(max_length=80, default="")
    effects = models.TextField(max_length=2000)
    problems = models.TextField(max_length=2000)
    lessons = models.TextField(max_length=2000)
    evaluated_on = models.DateField()
    evaluated_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    evaluated_at = models.DateTimeField()

    class Meta:
        db_table = append_only("zones_evaluation")

    def __str__(self) -> str:
        return f"#{self.pk} {self.zone_id}"


class EvaluationComment(models.Model):
    """What one side says to the evaluation; once."""

    evaluation = models.ForeignKey(ZoneEvaluation, on_delete=models.PROTECT, related_name="comments")
    unit = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=400)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("zones_evaluation_comment")
        constraints = [models.UniqueConstraint("evaluation", "unit", name="zones_evaluation_comment_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.unit_id}"


class ZoneDissolution(models.Model):
    """The end of a zone: how many things ended with it, and what the archive holds.

    `ended` is {adoptions, participations, posts, units, floating, groups} → count; `archive` a list of
    {kind, count}, the facts of the zone by kind, most first.
    """

    zone = models.OneToOneField(CollaborationZone, on_delete=models.PROTECT, related_name="dissolution")
    reason = models.CharField(max_length=200)
    ended = models.JSONField()
    archive = models.JSONField()
    dissolved_on = models.DateField()
    dissolved_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    dissolved_at = models.DateTimeField()

    class Meta:
        db_table = append_only("zones_dissolution")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="zones_dissolution_says_why")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.zone_id}"
