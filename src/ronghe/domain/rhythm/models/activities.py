"""Activities, who came, what was on the agenda, and what was corrected afterwards."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import AttendanceWay as FormWay
from ronghe.domain.playbooks.calc.vocabulary import Signs
from ronghe.domain.rhythm.enums import (
    HUDDLES,
    NOT_HELD,
    OWN_PRESENCE,
    SIGNATURE_WAYS,
    ActivityState,
    ActivityType,
    AttendanceStatus,
    AttendanceWay,
    ChangeKind,
    CorrectionKind,
    ItemOrigin,
    LeaveKind,
    Matter,
    VoteMethod,
    VoteOutcome,
)
from ronghe.kernel.db.append_only import append_only


class ActivityQuerySet(models.QuerySet["Activity"]):
    def open(self) -> ActivityQuerySet:
        return self.filter(state=ActivityState.OPEN)

    def on_day(self, day: date) -> ActivityQuerySet:
        return self.filter(day=day)


class Activity(models.Model):
    """One huddle or meeting of a body. `day` is the day in Shanghai on which it was opened or is planned.

    The counts are those of the moment it was closed; corrections stand beside them and do not change them.
    """

    activity_type = models.CharField(max_length=32, choices=ActivityType.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="activities")
    zone = models.ForeignKey("zones.CollaborationZone", on_delete=models.PROTECT, null=True, related_name="activities")
    day = models.DateField()
    place = models.CharField(max_length=80)
    scheduled_from = models.DateTimeField(null=True)
    scheduled_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=ActivityState.choices, default=ActivityState.PLANNED)
    chair = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="chaired_activities")
    recorder = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="recorded_activities")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="closed_activities")
    expected_count = models.PositiveIntegerField(null=True)
    present_count = models.PositiveIntegerField(null=True)
    version = models.ForeignKey(
        "playbooks.PlaybookVersion", on_delete=models.PROTECT, null=True, related_name="activities"
    )
    """The adopted version whose mechanism this is a sitting of; its form is filled in here."""
    mechanism = models.CharField(max_length=60, null=True)
    allows_online = models.BooleanField(default=False)
    result = models.CharField(max_length=200, default="")
    """The work that was done, where it was held as work on site."""
    result_figure = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    result_unit = models.CharField(max_length=16, default="")
    next_step = models.CharField(max_length=200, default="")
    """下一步怎么做: what will be done after a study."""
    missing = models.JSONField(default=list)
    """Codes of what its mechanism requires and it was closed without (`calc.pieces.Piece`)."""
    missing_reason = models.CharField(max_length=120, default="")

    objects: ClassVar[models.Manager[Activity]] = ActivityQuerySet.as_manager()

    class Meta:
        db_table = "rhythm_activity"
        indexes = [
            models.Index(fields=("-day", "-id"), name="rhythm_activity_day"),
            models.Index(fields=("body", "-day"), name="rhythm_activity_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "activity_type", "day",
                condition=Q(activity_type__in=sorted(HUDDLES)) & ~Q(state=ActivityState.CALLED_OFF),
                name="rhythm_activity_one_huddle_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(NOT_HELD)) | Q(opened_at__isnull=False, chair__isnull=False),
                name="rhythm_activity_open_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.CLOSED)
                | Q(closed_at__isnull=False, closed_by__isnull=False, expected_count__isnull=False,
                    present_count__isnull=False),
                name="rhythm_activity_closed_complete",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.activity_type} {self.day}"

    # Django's own builds and translates every choice for each of these; a list asks for them a hundred times.

    def get_activity_type_display(self) -> str:  # type: ignore[no-redef]
        return str(ActivityType(self.activity_type).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ActivityState(self.state).label)

    @cached_property
    def host_rows(self) -> list[ActivityHost]:
        """The bodies that hold it together with the main body, by name: read once an instance, of a huddle never."""
        if self.is_huddle or self.pk is None:
            return []
        return list(self.hosts.select_related("body").order_by("body__name", "pk"))

    @property
    def is_huddle(self) -> bool:
        return self.activity_type in HUDDLES

    @cached_property
    def form(self) -> Mechanism | None:
        """The mechanism as the body adopted it when this was planned or opened; `version` should be joined."""
        if self.version is None or self.mechanism is None:
            return None
        return self.version.playbook.mechanism(self.mechanism)

    @property
    def allows_ticking(self) -> bool:
        """Whether the lead may tick somebody present: not for the three meetings and the lecture (PM-15).

        Nor where the mechanism leaves ticking out of the ways of signing in that count, or has everybody sign the record.
        """
        if self.activity_type in OWN_PRESENCE:
            return False
        if self.form is None:
            return True
        ways = self.form.attendance.ways
        return self.form.signs != Signs.EVERYONE and (not ways or FormWay.TICKED in ways)


class ActivityHost(models.Model):
    """A body that holds an activity together with its main body, and what the activity is called there.

    There is one record and one sign-in sheet; each host's duties and lists take it as `counts_as`.
    """

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="hosts")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="hosted_activities")
    counts_as = models.CharField(max_length=32, choices=ActivityType.choices)

    class Meta:
        db_table = "rhythm_activity_host"
        indexes = [models.Index("body", "activity", name="rhythm_activity_host_body")]
        constraints = [models.UniqueConstraint("activity", "body", name="rhythm_activity_host_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.activity_id} {self.body_id}"

    def get_counts_as_display(self) -> str:  # type: ignore[no-redef]
        return str(ActivityType(self.counts_as).label)


class ActivityChange(models.Model):
    """A plan that was moved or called off, with the reason: only added, so that nobody wonders later (PM-05)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    reason = models.CharField(max_length=120)
    was_from = models.DateTimeField(null=True)
    now_from = models.DateTimeField(null=True)
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="activity_changes")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("rhythm_activity_change")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.CALLED_OFF, now_from=None)
                | Q(kind=ChangeKind.MOVED, was_from__isnull=False, now_from__isnull=False),
                name="rhythm_activity_change_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"


class Attendance(models.Model):
    """One person at one activity. `recorded_by` held the phone: the person for the own phone, else the lead."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=8, choices=AttendanceStatus.choices)
    way = models.CharField(max_length=12, choices=AttendanceWay.choices, null=True)
    signed_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="recorded_attendances")
    recorded_at = models.DateTimeField()
    is_guest = models.BooleanField(default=False)
    """Not expected but came (列席)."""
    leave_kind = models.CharField(max_length=16, choices=LeaveKind.choices, null=True)
    reason = models.CharField(max_length=120, null=True)
    is_late = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True)
    """Left before the end; whoever has left does not vote any more."""

    class Meta:
        db_table = "rhythm_attendance"
        indexes = [models.Index("person", "activity", name="rhythm_attendance_person")]
        constraints = [
            models.UniqueConstraint("activity", "person", name="rhythm_attendance_once"),
            models.CheckConstraint(
                condition=Q(status=AttendanceStatus.PRESENT, way__isnull=False, signed_at__isnull=False)
                | ~Q(status=AttendanceStatus.PRESENT) & Q(way=None, signed_at=None),
                name="rhythm_attendance_present_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status=AttendanceStatus.LEAVE) | Q(leave_kind__isnull=False),
                name="rhythm_attendance_leave_has_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.activity_id} {self.person_id} {self.status}"

    @property
    def counts_as_signature(self) -> bool:
        """Whether the person took part in signing in: it then counts for the three meetings and a vote (PM-15)."""
        return self.way in SIGNATURE_WAYS


class AgendaItem(models.Model):
    """One topic: what was said, how it was voted on, what was decided, which task came of it (PM-14)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="agenda_items")
    number = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=120)
    notes = models.TextField(default="")
    """Speeches and discussion."""
    decision = models.CharField(max_length=400, null=True)
    vote_method = models.CharField(max_length=16, choices=VoteMethod.choices, null=True)
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    votes_abstained = models.PositiveIntegerField(null=True)
    origin = models.CharField(max_length=12, choices=ItemOrigin.choices, default=ItemOrigin.OWN)
    matter = models.CharField(max_length=12, choices=Matter.choices, default=Matter.OTHER)
    applicant = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="admission_items")
    """Whom an admission is about: one a line, so that several are discussed and voted on one by one (PM-12)."""
    written_for = models.PositiveIntegerField(default=0)
    written_against = models.PositiveIntegerField(default=0)
    written_abstained = models.PositiveIntegerField(default=0)
    """Opinions that absent members handed in before the meeting (PM-12)."""
    vote_entitled = models.PositiveIntegerField(null=True)
    vote_present = models.PositiveIntegerField(null=True)
    vote_outcome = models.CharField(max_length=12, choices=VoteOutcome.choices, null=True)
    """What the vote came to by the rule of its matter; nothing where no rule counts it."""
    ballot = models.OneToOneField("ballots.Ballot", on_delete=models.PROTECT, null=True, related_name="agenda_item")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="agenda_item")

    class Meta:
        db_table = "rhythm_agenda_item"
        constraints = [
            models.UniqueConstraint("activity", "number", name="rhythm_agenda_item_number"),
            models.UniqueConstraint(
                "activity", "applicant", condition=Q(applicant__isnull=False), name="rhythm_agenda_item_one_by_one"
            ),
            models.CheckConstraint(
                condition=Q(vote_method=None, votes_for=None, votes_against=None, votes_abstained=None)
                | Q(vote_method__isnull=False, votes_for__isnull=False, votes_against__isnull=False,
                    votes_abstained__isnull=False),
                name="rhythm_agenda_item_vote_complete",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.number} {self.topic}"

    @property
    def has_vote(self) -> bool:
        return self.vote_method is not None


class ActivityPhoto(models.Model):
    """A picture or PDF of the activity."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, related_name="activity_photos")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="activity_photos")
    added_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    """When the camera says that it was taken; where it was is not kept."""

    class Meta:
        db_table = "rhythm_activity_photo"
        constraints = [models.UniqueConstraint("activity", "file", name="rhythm_activity_photo_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"


class Correction(models.Model):
    """What was put right after closing. Corrections are only added; the record itself stays (PM-14)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=16, choices=CorrectionKind.choices)
    text = models.CharField(max_length=400)
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="corrections_about")
    made_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="corrections")
    made_at = models.DateTimeField()

    class Meta:
        db_table = append_only("rhythm_correction")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.TEXT, person=None)
                | ~Q(kind=CorrectionKind.TEXT) & Q(person__isnull=False),
                name="rhythm_correction_about_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
