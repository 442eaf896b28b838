"""The structure in which quality is accepted (PJ-04), its processes (PJ-05), their record, and the rule of excellence (PJ-06)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.enums import PartLevel, Point, ProcessAct, ProcessState
from ronghe.kernel.db.append_only import append_only


class WorkPart(models.Model):
    """A part of a project at one of the four levels. `lot` (标段) stands on a unit work and holds for all below it.

    `place` is the order among the parts of one parent.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="work_parts")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=16, choices=PartLevel.choices)
    name = models.CharField(max_length=80)
    lot = models.CharField(max_length=80, default="")
    place = models.PositiveIntegerField()

    class Meta:
        db_table = "control_part"
        indexes = [models.Index("project", "parent", "place", name="control_part_order")]
        constraints = [
            models.UniqueConstraint(
                "parent", "name", condition=Q(parent__isnull=False), name="control_part_name_in_parent"
            ),
            models.UniqueConstraint("project", "name", condition=Q(parent=None), name="control_part_name_on_top"),
            models.CheckConstraint(
                condition=Q(level=PartLevel.UNIT_WORK) | Q(parent__isnull=False), name="control_part_below_a_unit_work"
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="control_part_not_in_itself"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class ProcessQuerySet(models.QuerySet["WorkProcess"]):
    def blocked(self, at: datetime) -> ProcessQuerySet:
        """Those with a process before them that is not passed at `at`."""
        return self.filter(self._blocking(at))

    def free(self, at: datetime) -> ProcessQuerySet:
        return self.filter(~self._blocking(at))

    def _blocking(self, at: datetime) -> Exists:
        before = ProcessLink.objects.filter(process=OuterRef("pk")).order_by()
        return Exists(before.filter(not_passed("before__", at)))


def not_passed(prefix: str, at: datetime) -> Q:
    """Return the condition that a process is not passed: not accepted, and no witness point whose notice has run out."""
    run_out = Q(
        **{
            f"{prefix}state": ProcessState.SUBMITTED,
            f"{prefix}point": Point.WITNESS,
            f"{prefix}witness_until__lte": at,
        }
    )
    return ~Q(**{f"{prefix}state": ProcessState.ACCEPTED}) & ~run_out


class WorkProcess(models.Model):
    """One process (工序) of an inspection lot, as it stands; how it came there is in its record.

    `round` counts from one, up with every return and reopening. Accepted and excellent are two things (PJ-06): `accepted_at`
    is the acceptance, `is_excellent` the company's rating, unknown as null. Nobody checks, accepts or rates own work.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="work_processes")
    part = models.ForeignKey(WorkPart, on_delete=models.PROTECT, related_name="processes")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    point = models.CharField(max_length=12, choices=Point.choices, default=Point.ORDINARY)
    standard = models.CharField(max_length=400, default="")
    """What is checked, and by which figures."""
    notice_hours = models.PositiveSmallIntegerField(default=24)
    """Of a witness point: how long after being told it is waited for the supervisor."""
    state = models.CharField(max_length=16, choices=ProcessState.choices, default=ProcessState.WAITING)
    since = models.DateTimeField()
    """When it came into its state."""
    round = models.PositiveSmallIntegerField(default=1)
    reworks = models.PositiveSmallIntegerField(default=0)
    measured = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    """Points measured, and those of them within tolerance; of the special check of this round."""
    self_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    mutual_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    special_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    witness_until = models.DateTimeField(null=True)
    stood_by = models.BooleanField(default=False)
    """The supervisor stood by in this round."""
    accepted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    is_unattended = models.BooleanField(default=False)
    """Accepted because the notice of a witness point ran out and nobody came."""
    is_excellent = models.BooleanField(null=True)
    rated_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    rated_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[WorkProcess]] = ProcessQuerySet.as_manager()

    class Meta:
        db_table = "control_process"
        indexes = [
            models.Index("project", "state", "since", name="control_process_project"),
            models.Index("state", "witness_until", name="control_process_witness"),
        ]
        constraints = [
            models.UniqueConstraint("part", "number", name="control_process_number"),
            models.CheckConstraint(condition=Q(passed__lte=F("measured")), name="control_process_passed_of_measured"),
            models.CheckConstraint(
                condition=Q(mutual_by=None) | ~Q(mutual_by=F("self_by")), name="control_process_mutual_by_another"
            ),
            models.CheckConstraint(
                condition=Q(special_by=None) | ~Q(special_by=F("self_by")) & ~Q(special_by=F("mutual_by")),
                name="control_process_special_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None)
                | ~Q(accepted_by=F("self_by")) & ~Q(accepted_by=F("mutual_by")) & ~Q(accepted_by=F("special_by")),
                name="control_process_accepted_by_another",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ProcessState.ACCEPTED, accepted_at__isnull=False)
                    & (Q(is_unattended=True, accepted_by=None) | Q(is_unattended=False, accepted_by__isnull=False))
                )
                | ~Q(state=ProcessState.ACCEPTED) & Q(accepted_at=None, accepted_by=None, is_unattended=False),
                name="control_process_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_unattended=False) | Q(point=Point.WITNESS), name="control_process_only_witness_lapses"
            ),
            models.CheckConstraint(
                condition=Q(is_excellent=None, rated_by=None, rated_at=None)
                | Q(
                    is_excellent__isnull=False,
                    rated_by__isnull=False,
                    rated_at__isnull=False,
                    state=ProcessState.ACCEPTED,
                ),
                name="control_process_rated_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(rated_by=None)
                | (Q(accepted_by=None) | ~Q(rated_by=F("accepted_by")))
                & ~Q(rated_by=F("self_by"))
                & ~Q(rated_by=F("mutual_by"))
                & ~Q(rated_by=F("special_by")),
                name="control_process_rated_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    @property
    def checkers(self) -> frozenset[int]:
        """The ids of those who checked it in this round."""
        return frozenset(pk for pk in (self.self_by_id, self.mutual_by_id, self.special_by_id) if pk is not None)

    def has_run_out(self, at: datetime) -> bool:
        """Tell whether it is a witness point that waits and whose notice has run out at `at`."""
        is_told = self.state == ProcessState.SUBMITTED and self.point == Point.WITNESS
        return is_told and self.witness_until is not None and self.witness_until <= at

    def get_point_display(self) -> str:  # type: ignore[no-redef]
        """The point in words; Django's own translates all of them for each row of a list."""
        return str(Point(self.point).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ProcessState(self.state).label)


class ProcessLink(models.Model):
    """`process` may not be entered before `before` is passed (PJ-05)."""

    process = models.ForeignKey(WorkProcess, on_delete=models.CASCADE, related_name="links")
    before = models.ForeignKey(WorkProcess, on_delete=models.CASCADE, related_name="links_after")

    class Meta:
        db_table = "control_link"
        constraints = [
            models.UniqueConstraint("process", "before", name="control_link_once"),
            models.CheckConstraint(condition=~Q(process=F("before")), name="control_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"#{self.before_id} → #{self.process_id}"


class ProcessRecord(models.Model):
    """One act on a process; only added. `undoes` names the row that it takes back, `fact` what was recorded of it."""

    process = models.ForeignKey(WorkProcess, on_delete=models.PROTECT, related_name="records")
    act = models.CharField(max_length=12, choices=ProcessAct.choices)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    """Nobody where time did it: a notice that ran out."""
    at = models.DateTimeField()
    note = models.CharField(max_length=400, default="")
    measured = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    fact = models.BigIntegerField(null=True)

    class Meta:
        db_table = append_only("control_record")
        indexes = [models.Index("process", "at", name="control_record_process")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act=ProcessAct.UNDO, undoes__isnull=False) | ~Q(act=ProcessAct.UNDO) & Q(undoes=None),
                name="control_record_undoes",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.process_id} {self.act}"

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return getattr(self, "undone_by", None) is not None

    @property
    def who(self) -> str:
        """The name of who did it, "" where time did."""
        return self.by.name if self.by is not None else ""

    def get_act_display(self) -> str:  # type: ignore[no-redef]
        return str(ProcessAct(self.act).label)


class RecordPicture(models.Model):
    """A picture or paper that shows an act on a process; only added."""

    record = models.ForeignKey(ProcessRecord, on_delete=models.PROTECT, related_name="pictures")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="+")
    uploaded_sha256 = models.CharField(max_length=64)
    """Of the bytes as they arrived, before place and camera were taken out of them."""
    name = models.CharField(max_length=120)
    is_reused = models.BooleanField(default=False)
    """The same bytes had shown something else before."""

    class Meta:
        db_table = append_only("control_picture")
        indexes = [models.Index("uploaded_sha256", name="control_picture_uploaded")]
        constraints = [models.UniqueConstraint("record", "file", name="control_picture_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class RatingRule(models.Model):
    """What a body, and those below it without a rule of their own, calls an excellent process; the newest row holds."""

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="rating_rules")
    text = models.CharField(max_length=1000, default="")
    """What else is asked for, in words."""
    least_percent = models.DecimalField(max_digits=4, decimal_places=1)
    forgives_rework = models.BooleanField(default=False)
    needs_measuring = models.BooleanField(default=False)
    set_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = append_only("control_rating_rule")
        indexes = [models.Index("body", "set_at", name="control_rating_rule_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_percent__gte=Decimal(0), least_percent__lte=Decimal(100)),
                name="control_rating_rule_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.body_id} {self.least_percent}%"

    @property
    def terms(self) -> RatingTerms:
        return RatingTerms(self.least_percent, self.forgives_rework, self.needs_measuring)
