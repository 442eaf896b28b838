"""A carrier with its people, promises, reviews, results, and what was decided about it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.carriers.calc.types import TYPES, TypeSpec
from ronghe.domain.carriers.enums import (
    OPEN_CARRIERS,
    PUBLISHED,
    CarrierState,
    CarrierStep,
    CarrierType,
    EndReason,
    Part,
    ReviewGrade,
)
from ronghe.kernel.db.append_only import append_only


class Carrier(models.Model):
    """A team, post, area or brand project of honour (PP-07) in which members show what they promised.

    `values` are the fields that its type asks for (`calc.types`). `lead` is its head now; whoever was is in `members`.
    """

    type = models.CharField(max_length=16, choices=CarrierType.choices)
    name = models.CharField(max_length=60)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="carriers")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="carriers")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, related_name="carriers")
    force = models.ForeignKey("taskforces.TaskForce", on_delete=models.PROTECT, null=True, related_name="carriers")
    place = models.CharField(max_length=80, default="")
    values = models.JSONField(default=dict)
    lead = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="led_carriers")
    state = models.CharField(max_length=12, choices=CarrierState.choices, default=CarrierState.PROPOSED)
    from_on = models.DateField()
    until_on = models.DateField()
    review_on = models.DateField(null=True)
    """When it is to be reviewed next; set while it is active."""
    proposed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, default="")
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason.choices, null=True)
    end_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "carriers_carrier"
        indexes = [
            models.Index("body", "state", name="carriers_carrier_body"),
            models.Index("state", "type", name="carriers_carrier_state"),
            models.Index(fields=("-proposed_at", "-id"), name="carriers_carrier_newest"),
            models.Index("until_on", "id", name="carriers_carrier_until"),
            models.Index("name", "id", name="carriers_carrier_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "name", condition=Q(state__in=sorted(OPEN_CARRIERS)), name="carriers_carrier_name_once"
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="carriers_carrier_days"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(PUBLISHED)) | Q(decided_at__isnull=False),
                name="carriers_carrier_approved_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=CarrierState.ENDED) | Q(ended_on__isnull=False, end_reason__isnull=False),
                name="carriers_carrier_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(CarrierState(self.state).label)

    def get_type_display(self) -> str:  # type: ignore[no-redef]
        return str(CarrierType(self.type).label)

    @property
    def spec(self) -> TypeSpec:
        return TYPES[self.type]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CARRIERS

    @property
    def is_active(self) -> bool:
        return self.state == CarrierState.ACTIVE


class CarrierMember(models.Model):
    """Somebody in a carrier, from a day until (not including) a day."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="carrier_parts")
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.MEMBER)
    duty = models.CharField(max_length=120, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "carriers_member"
        indexes = [models.Index("person", "valid_until", "carrier", name="carriers_member_person")]
        constraints = [
            models.UniqueConstraint("carrier", "person", condition=Q(valid_until=None), name="carriers_member_once"),
            models.UniqueConstraint(
                "carrier", condition=Q(valid_until=None, part=Part.LEAD), name="carriers_member_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="carriers_member_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.carrier_id} {self.person_id}"

    def get_part_display(self) -> str:  # type: ignore[no-redef]
        return str(Part(self.part).label)


class PromiseLine(models.Model):
    """A promise of a carrier; its life is that of a work item of the kind `promise`."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="promises")
    item = models.OneToOneField("items.WorkItem", on_delete=models.PROTECT, related_name="promise_line")
    number = models.PositiveSmallIntegerField()

    class Meta:
        db_table = append_only("carriers_promise")
        constraints = [models.UniqueConstraint("carrier", "number", name="carriers_promise_number")]

    def __str__(self) -> str:
        return f"#{self.carrier_id} {self.number}"


class CarrierAct(models.Model):
    """What was decided about a carrier, by whom and why; only added."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="acts")
    step = models.CharField(max_length=12, choices=CarrierStep.choices)
    note = models.CharField(max_length=400, default="")
    until_on = models.DateField(null=True)
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("carriers_act")
        indexes = [models.Index("carrier", "at", name="carriers_act_carrier")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.carrier_id} {self.step}"

    def get_step_display(self) -> str:  # type: ignore[no-redef]
        return str(CarrierStep(self.step).label)


class CarrierReview(models.Model):
    """What the branch found when it looked at a carrier, with how its promises stood on that day; only added."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="reviews")
    grade = models.CharField(max_length=8, choices=ReviewGrade.choices)
    text = models.CharField(max_length=400)
    kept = models.PositiveSmallIntegerField()
    not_kept = models.PositiveSmallIntegerField()
    still_open = models.PositiveSmallIntegerField()
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = append_only("carriers_review")
        indexes = [models.Index("carrier", "at", name="carriers_review_carrier")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.carrier_id} {self.grade}"

    def get_grade_display(self) -> str:  # type: ignore[no-redef]
        return str(ReviewGrade(self.grade).label)


class CarrierResult(models.Model):
    """What a carrier brought about, with a figure where it can be measured; one taken back keeps its row."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="results")
    text = models.CharField(max_length=400)
    figure = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    unit = models.CharField(max_length=12, default="")
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    fact = models.BigIntegerField()
    taken_back_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "carriers_result"
        indexes = [models.Index("carrier", "at", name="carriers_result_carrier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="carriers_result_taken_back_whole",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.carrier_id}"


class ResultRecord(models.Model):
    """A record of the platform that shows a result."""

    result = models.ForeignKey(CarrierResult, on_delete=models.PROTECT, related_name="records")
    source_type = models.CharField(max_length=48)
    source_id = models.BigIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        db_table = append_only("carriers_result_record")
        constraints = [
            models.UniqueConstraint("result", "source_type", "source_id", name="carriers_result_record_once")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"
