"""A permit: main, start order or special, with the people, hazards, measures, isolations and permits that belong to it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from ronghe.domain.permits.enums import ISSUED, MeasureState, PartRole, PermitKind, PermitState, StopReason


class Permit(models.Model):
    """One permit. `grade` and the profile's `mark` are what was worked out when it was last changed.

    `digest` is that of everything that is signed; a change makes another one, and signatures under the old one no longer
    stand. `extended_until` is no part of it: an extension is approved by itself (PC-04). Places are decimetres on the plan.
    """

    site = models.ForeignKey("permits.PermitSite", on_delete=models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=8, choices=PermitKind.choices)
    operation = models.CharField(max_length=32)
    grade = models.CharField(max_length=16)
    graded_for = models.CharField(max_length=120, default="")
    """By which reasons it was upgraded, or could have been without a change, joined by commas."""
    profile = models.CharField(max_length=32)
    mark = models.CharField(max_length=16)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    """The main permit that it hangs on (PC-02)."""
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    contractor = models.ForeignKey("org.AdminUnit", on_delete=models.PROTECT, null=True, related_name="permits")
    """The unit that does the work, where it is not the site's own."""
    what = models.CharField(max_length=120)
    place = models.CharField(max_length=120)
    area = models.CharField(max_length=60, default="")
    """How the area was called when it was asked for; `risk_area` is it, where the register marked it out."""
    risk_area = models.ForeignKey("risks.RiskArea", on_delete=models.PROTECT, null=True, related_name="permits")
    x_dm = models.IntegerField(null=True)
    y_dm = models.IntegerField(null=True)
    reach_dm = models.PositiveIntegerField(default=0)
    space = models.CharField(max_length=32, default="")
    pipe = models.CharField(max_length=32, default="")
    bund = models.CharField(max_length=32, default="")
    plan_ref = models.CharField(max_length=80, default="")
    values = models.JSONField(default=dict)
    """What its operation asks, by the ids of the profile."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    extended_until = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=PermitState.choices, default=PermitState.DRAFT)
    digest = models.CharField(max_length=64)
    has_film = models.BooleanField(default=False)
    is_guardian_here = models.BooleanField(default=False)
    guardian_seen_at = models.DateTimeField(null=True)
    """To which moment the last word on it belongs, so that one that comes late does not undo a later one."""
    coordinator = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    applicant = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="requested_permits")
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=12, choices=StopReason.choices, default="")
    completed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    keep_until = models.DateField(null=True)
    """Not before this day may it be thrown away (PW-09)."""
    closing_note = models.CharField(max_length=400, default="")

    class Meta:
        db_table = "permits_permit"
        indexes = [
            models.Index(fields=("-requested_at", "-id"), name="permits_permit_newest"),
            models.Index("site", "state", "ends_at", name="permits_permit_site_state"),
            models.Index("state", "ends_at", name="permits_permit_state"),
            models.Index("applicant", "requested_at", name="permits_permit_applicant"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="permits_permit_in_order"),
            models.CheckConstraint(
                condition=Q(extended_until=None) | Q(extended_until__gt=F("ends_at")), name="permits_permit_extended"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ISSUED)) | Q(issued_at__isnull=False), name="permits_permit_issued_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=PermitState.ACTIVE) | Q(activated_at__isnull=False, is_guardian_here=True)
                | (~Q(kind=PermitKind.SPECIAL) & Q(activated_at__isnull=False)),
                name="permits_permit_active_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=PermitState.SUSPENDED) | (Q(suspended_at__isnull=False) & ~Q(stop_reason="")),
                name="permits_permit_suspended_why",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(kind=PermitKind.MAIN), name="permits_permit_main_stands_alone"
            ),
            models.CheckConstraint(
                condition=(Q(x_dm=None) & Q(y_dm=None)) | Q(x_dm__isnull=False, y_dm__isnull=False),
                name="permits_permit_both_coordinates",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.what}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(PermitState(self.state).label)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(PermitKind(self.kind).label)

    @property
    def valid_until(self) -> datetime:
        return self.extended_until or self.ends_at

    @property
    def number(self) -> str:
        """What is said over the radio and stands on the paper."""
        return f"{self.kind[0].upper()}{self.pk:06d}"


class PermitPart(models.Model):
    """Somebody named on a permit; a guardian's certificate stands beside the name (PW-06)."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="parts")
    role = models.CharField(max_length=12, choices=PartRole.choices)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="permit_parts")
    card = models.CharField(max_length=40, default="")
    card_until = models.DateField(null=True)

    class Meta:
        db_table = "permits_part"
        indexes = [models.Index("person", "permit", name="permits_part_person")]
        constraints = [
            models.UniqueConstraint("permit", "role", "person", name="permits_part_once"),
            models.UniqueConstraint(
                "permit", "role", condition=~Q(role__in=[PartRole.WORKER, PartRole.GAS_TESTER]), name="permits_part_one"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role}"

    def get_role_display(self) -> str:  # type: ignore[no-redef]
        return str(PartRole(self.role).label)


class RiskLine(models.Model):
    """One line of the job safety analysis (JSA): what may happen, and what is done about it (PW-02)."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="risks")
    place = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=80, default="")
    hazard = models.CharField(max_length=200)
    measure = models.CharField(max_length=200, default="")
    is_known = models.BooleanField(default=False)
    """Taken over from the risks and open hazards of the area."""
    known_as = models.CharField(max_length=32, default="")
    """Which of them: `risk:12`."""

    class Meta:
        db_table = "permits_risk_line"
        constraints = [models.UniqueConstraint("permit", "place", name="permits_risk_line_place")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.hazard}"


class Measure(models.Model):
    """A line of the checklist; whether it was seen to is no part of what is signed."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="measures")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=MeasureState.choices, default=MeasureState.OPEN)
    checked_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "permits_measure"
        constraints = [
            models.UniqueConstraint("permit", "place", name="permits_measure_place"),
            models.CheckConstraint(
                condition=Q(state=MeasureState.OPEN) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="permits_measure_checked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.text}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(MeasureState(self.state).label)


class Isolation(models.Model):
    """A point of energy that is cut off: which, how, with which lock; put in place and taken away by somebody."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="isolations")
    place = models.PositiveSmallIntegerField()
    point = models.CharField(max_length=80)
    method = models.CharField(max_length=120)
    lock_no = models.CharField(max_length=40, default="")
    placed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permits_isolation"
        constraints = [
            models.UniqueConstraint("permit", "place", name="permits_isolation_place"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(placed_at__isnull=False), name="permits_isolation_placed_first"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.point}"


class PermitLink(models.Model):
    """Two permits of one job (PW-04); the one with the lower number first."""

    first = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="links_up")
    second = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="links_down")

    class Meta:
        db_table = "permits_link"
        constraints = [
            models.UniqueConstraint("first", "second", name="permits_link_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="permits_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.first_id} {self.second_id}"
