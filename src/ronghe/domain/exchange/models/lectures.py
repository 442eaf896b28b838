"""党员上讲台: what members offer to teach, who wants it, when it was given, and what those who came thought of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ronghe.domain.exchange.enums import LectureKind, LectureState, SessionState


class Lecture(models.Model):
    """An offer: it may be given several times. Everybody in or below `shown_to` sees it on the wall."""

    lecturer = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="lectures")
    body = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="lectures")
    """The lecturer's own body."""
    shown_to = models.ForeignKey("org.PartyOrg", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=LectureKind.choices)
    minutes = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=80)
    outline = models.CharField(max_length=1000, default="")
    state = models.CharField(max_length=12, choices=LectureState.choices, default=LectureState.OFFERED)
    offered_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_lecture"
        indexes = [
            models.Index(fields=("-offered_at", "-id"), name="exchange_lecture_newest"),
            models.Index("lecturer", "state", name="exchange_lecture_of"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="exchange_lecture_length"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(LectureKind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(LectureState(self.state).label)


class LectureWish(models.Model):
    """Somebody wants to hear it; below three nobody learns who."""

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="wishes")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    wished_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_lecture_wish"
        constraints = [models.UniqueConstraint("lecture", "person", name="exchange_lecture_wish_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.lecture_id}"


class LectureSession(models.Model):
    """The lecture once, as an activity of a body; `listeners` are those who came, without the lecturer."""

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="sessions")
    activity = models.OneToOneField("rhythm.Activity", on_delete=models.PROTECT, related_name="lecture_session")
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.PLANNED)
    listeners = models.PositiveIntegerField(default=0)
    planned_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_lecture_session"
        indexes = [models.Index("lecture", "state", name="exchange_session_lecture")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SessionState.GIVEN) | Q(given_at__isnull=False), name="exchange_session_given"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.lecture_id}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(SessionState(self.state).label)


class LectureRating(models.Model):
    """What one listener thought, from 1 to 5; its giver alone sees whose it is, and may change it for a week."""

    session = models.ForeignKey(LectureSession, on_delete=models.PROTECT, related_name="ratings")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    usefulness = models.PositiveSmallIntegerField()
    clarity = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=100, default="")
    rated_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_lecture_rating"
        constraints = [
            models.UniqueConstraint("session", "person", name="exchange_rating_once"),
            models.CheckConstraint(
                condition=Q(usefulness__gte=1, usefulness__lte=5, clarity__gte=1, clarity__lte=5),
                name="exchange_rating_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.session_id}"
