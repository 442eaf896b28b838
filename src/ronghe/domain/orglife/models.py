"""组织生活会与民主评议: what the room keeps. Texts about a person are sealed; what anybody voted is kept nowhere."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ronghe.domain.orglife.enums import (
    BEFORE_MARKS,
    Exemption,
    ListLevel,
    MeasureKind,
    MeetingForm,
    MeetingPart,
    MemberStanding,
    ObjectionState,
    Preparation,
    ReviewGrade,
    SessionState,
)
from ronghe.kernel.db.append_only import append_only


class LifeSession(models.Model):
    """A body's organization-life meeting of a year, with the review of its members or without (PM-06, PM-07).

    `share_of` / `share_in` is the most that may be excellent (PM-08), `objection_days` are working days.
    """

    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="life_sessions")
    year = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=12, choices=MeetingForm.choices)
    theme = models.CharField(max_length=120)
    has_review = models.BooleanField(default=True)
    is_combined = models.BooleanField(default=True)
    """Meeting and review in one sitting (PM-07)."""
    peers_by_group = models.BooleanField(default=False)
    """Members rate those of their own Party group only, where there are many (PM-07)."""
    chair = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="chaired_life_sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.PREPARING)
    study = models.ForeignKey("rhythm.Activity", on_delete=models.PROTECT, null=True, related_name="+")
    """The concentrated study before the meeting."""
    share_of = models.PositiveSmallIntegerField(default=1)
    share_in = models.PositiveSmallIntegerField(default=3)
    least_shown = models.PositiveSmallIntegerField(default=3)
    objection_days = models.PositiveSmallIntegerField(default=5)
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    call_off_reason = models.CharField(max_length=120, default="")
    opened_at = models.DateTimeField(null=True)
    """The first sitting began: from now on the members read each other's statements."""
    held_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    should_count = models.PositiveSmallIntegerField(null=True)
    present_count = models.PositiveSmallIntegerField(null=True)
    """Who should be and was there when the marking was opened; at least half (PM-07)."""
    counted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    objections_until = models.DateField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)
    """When the list of corrections is looked at again: a quarter after the meeting."""
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=400, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orglife_session"
        indexes = [
            models.Index(fields=("-planned_at", "-id"), name="orglife_session_planned"),
            models.Index(fields=("body", "-year"), name="orglife_session_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                "body", "year", condition=~Q(state=SessionState.CALLED_OFF), name="orglife_session_yearly"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="orglife_session_window"),
            models.CheckConstraint(
                condition=Q(share_of__gte=1, share_in__gte=F("share_of")), name="orglife_session_share"
            ),
            models.CheckConstraint(condition=Q(least_shown__gte=3), name="orglife_session_least"),
            models.CheckConstraint(
                condition=~Q(state=SessionState.TOLD) | Q(told_at__isnull=False, objections_until__isnull=False),
                name="orglife_session_told_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.body_id} {self.year}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(SessionState(self.state).label)

    def get_form_display(self) -> str:  # type: ignore[no-redef]
        return str(MeetingForm(self.form).label)

    @property
    def takes_papers(self) -> bool:
        """Whether members still write statements and ratings."""
        return self.state in BEFORE_MARKS


class SessionMeeting(models.Model):
    """A sitting of the session; held in Party groups there is one a group."""

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="meetings")
    part = models.CharField(max_length=8, choices=MeetingPart.choices)
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, related_name="life_meeting")

    class Meta:
        db_table = "orglife_meeting"
        indexes = [models.Index("session", "part", name="orglife_meeting_session")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.part}"

    def get_part_display(self) -> str:  # type: ignore[no-redef]
        return str(MeetingPart(self.part).label)


class PreparationDone(models.Model):
    """One thing before the meeting that is done, with what shows it."""

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="preparations")
    item = models.CharField(max_length=12, choices=Preparation.choices)
    note = models.CharField(max_length=200)
    file = models.ForeignKey("work.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=120, default="")
    done_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        db_table = "orglife_preparation"
        constraints = [models.UniqueConstraint("session", "item", name="orglife_preparation_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.item}"


class SessionMember(models.Model):
    """A member in a session: the own statement and appraisal, and the grade in the end.

    Sealed texts open through the services, which record each look. `place` is the order by name and the line on the ballot.
    """

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="life_sessions")
    standing = models.CharField(max_length=12, choices=MemberStanding.choices)
    group = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.PositiveSmallIntegerField()
    exemption = models.CharField(max_length=12, choices=Exemption.choices, default="", blank=True)
    exempt_note = models.CharField(max_length=120, default="")
    statement_sealed = models.TextField(default="")
    statement_version = models.PositiveSmallIntegerField(default=0)
    statement_at = models.DateTimeField(null=True)
    self_grade = models.CharField(max_length=12, choices=ReviewGrade.choices, default="", blank=True)
    self_sealed = models.TextField(default="")
    self_at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=12, choices=ReviewGrade.choices, default="", blank=True)
    reasons_sealed = models.TextField(default="")
    graded_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    graded_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orglife_member"
        indexes = [models.Index("person", "session", name="orglife_member_person")]
        constraints = [
            models.UniqueConstraint("session", "person", name="orglife_member_once"),
            models.UniqueConstraint("session", "place", name="orglife_member_place"),
            models.CheckConstraint(
                condition=Q(grade="") | Q(standing=MemberStanding.FULL),
                name="orglife_member_graded_full",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.session_id} {self.person_id}"

    @property
    def takes_grade(self) -> bool:
        """Whether the review gives this member a grade: full members who are not exempt (PM-08)."""
        return self.standing == MemberStanding.FULL and not self.exemption

    def get_standing_display(self) -> str:  # type: ignore[no-redef]
        return str(MemberStanding(self.standing).label)

    def get_exemption_display(self) -> str:  # type: ignore[no-redef]
        return str(Exemption(self.exemption).label) if self.exemption else ""

    def get_grade_display(self) -> str:  # type: ignore[no-redef]
        return str(ReviewGrade(self.grade).label) if self.grade else ""

    def get_self_grade_display(self) -> str:  # type: ignore[no-redef]
        return str(ReviewGrade(self.self_grade).label) if self.self_grade else ""


class PeerSheet(models.Model):
    """How one member rated the others, sealed as a whole; sums and comments alone come out of it, without names."""

    member = models.OneToOneField(SessionMember, on_delete=models.PROTECT, related_name="peer_sheet")
    sealed = models.TextField()
    rated = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "orglife_peer_sheet"

    def __str__(self) -> str:
        return f"#{self.pk} {self.member_id}"


class Opinion(models.Model):
    """An opinion asked for before the meeting, on the committee or one member; given without a name, it has none."""

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="opinions")
    about = models.ForeignKey(SessionMember, on_delete=models.PROTECT, null=True, related_name="opinions")
    author = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    sealed = models.TextField()

    class Meta:
        db_table = append_only("orglife_opinion")
        indexes = [models.Index("session", "about", name="orglife_opinion_session")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.session_id}"


class Criticism(models.Model):
    """What was said to a member in the meeting, in short."""

    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="criticisms")
    said_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()
    noted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = append_only("orglife_criticism")

    def __str__(self) -> str:
        return f"#{self.pk} {self.member_id}"


class SessionBallot(models.Model):
    """A secret ballot on the members from place `first` to `last`; one unless there are more than fit on one."""

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="ballots")
    ballot = models.OneToOneField("ballots.Ballot", on_delete=models.PROTECT, related_name="life_session")
    members = models.JSONField()
    """Ids of the members in the order of the items."""

    class Meta:
        db_table = "orglife_ballot"

    def __str__(self) -> str:
        return f"#{self.pk} {self.ballot_id}"


class MemberMarks(models.Model):
    """What the secret ballot came to for one member, written at counting; `counts` by grade, `null` where too few voted."""

    member = models.OneToOneField(SessionMember, on_delete=models.PROTECT, related_name="marks")
    counts = models.JSONField(null=True)
    abstained = models.PositiveSmallIntegerField(default=0)
    cast = models.PositiveSmallIntegerField()

    class Meta:
        db_table = append_only("orglife_marks")

    def __str__(self) -> str:
        return f"#{self.pk} {self.member_id}"


class Measure(models.Model):
    """Help or disposal after a poor grade: reasons sealed, a term, who helps, and the task that it became."""

    member = models.OneToOneField(SessionMember, on_delete=models.PROTECT, related_name="measure")
    kind = models.CharField(max_length=8, choices=MeasureKind.choices)
    sealed = models.TextField()
    until = models.DateField(null=True)
    helper = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, null=True, related_name="life_measure")
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "orglife_measure"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=MeasureKind.REFER) | Q(until__isnull=False), name="orglife_measure_term"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(MeasureKind(self.kind).label)


class GradeObjection(models.Model):
    """A member's objection to the own grade, once; somebody else answers. Words are sealed."""

    member = models.OneToOneField(SessionMember, on_delete=models.PROTECT, related_name="objection")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer_sealed = models.TextField(default="")
    answered_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orglife_objection"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="orglife_objection_answered_complete",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(ObjectionState(self.state).label)


class Correction(models.Model):
    """A line of the list of corrections; the task says who, by when and how far. Carried over, it goes on next year."""

    session = models.ForeignKey(LifeSession, on_delete=models.PROTECT, related_name="corrections")
    level = models.CharField(max_length=12, choices=ListLevel.choices)
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, null=True, related_name="corrections")
    measure = models.CharField(max_length=300)
    task = models.OneToOneField("work.Task", on_delete=models.PROTECT, related_name="life_correction")
    listed_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    carried_reason = models.CharField(max_length=200, default="")
    carried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orglife_correction"
        indexes = [models.Index("session", "level", name="orglife_correction_session")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=ListLevel.MEMBER, member__isnull=False) | ~Q(level=ListLevel.MEMBER) & Q(member=None),
                name="orglife_correction_of_member",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.level}"

    def get_level_display(self) -> str:  # type: ignore[no-redef]
        return str(ListLevel(self.level).label)
