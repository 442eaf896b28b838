"""The wall of lectures, who wants one, what listeners thought, and a lecturer's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from ronghe.domain.exchange.calc.ratings import CHANGEABLE, LEAST_SHOWN, Means, may_change, means_from, means_of
from ronghe.domain.exchange.enums import LectureState, SessionState
from ronghe.domain.exchange.models import Lecture, LectureRating, LectureSession, LectureWish
from ronghe.domain.exchange.rules import SEE_LECTURE
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import AttendanceStatus
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

ORDERS = {"newest": ("-offered_at",), "wanted": ("-wanted", "-offered_at"), "given": ("-times", "-offered_at")}


def lectures_seen_by(actor: Person, at: datetime) -> QuerySet[Lecture]:
    """Return the lectures that `actor` may see: to be cut to one or a few."""
    rows = SEE_LECTURE.narrow(actor, Lecture.objects.all(), at=at, walk=True)
    return rows.select_related("lecturer__unit", "body").order_by("-offered_at", "-pk")


def list_lectures(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", order: str = "newest", withdrawn: bool = False,
    page: int = 1, size: int = 20,
) -> Listed[Lecture]:  # fmt: skip
    """Return one page of the wall; each has `wanted`, `times` given and whether `actor` wants it (`mine`)."""
    rows = Lecture.objects.filter(state=LectureState.WITHDRAWN if withdrawn else LectureState.OFFERED)
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(outline__icontains=words) | Q(lecturer__name__icontains=words)
            | Q(audience__icontains=words)
        )  # fmt: skip
    if kind:
        rows = rows.filter(kind=kind)
    given = Q(sessions__state=SessionState.GIVEN)
    rows = rows.annotate(
        wanted=Count("wishes", distinct=True),
        times=Count("sessions", filter=given, distinct=True),
        mine=Exists(LectureWish.objects.filter(lecture=OuterRef("pk"), person=actor)),
    )
    rows = rows.select_related("lecturer__unit", "body")
    return list_seen(
        SEE_LECTURE, actor, rows, order_by=ORDERS.get(order, ORDERS["newest"]), at=at, page=page, size=size
    )


def means_by_lecture(lectures: Iterable[Lecture]) -> dict[int, Means]:
    """Return the means of all ratings of each lecture, in one read; hidden below three."""
    rows = LectureRating.objects.filter(session__lecture__in=list(lectures)).order_by()
    sums = rows.values("session__lecture_id").annotate(n=Count("pk"), useful=Sum("usefulness"), clear=Sum("clarity"))
    return {row["session__lecture_id"]: means_from(row["n"], row["useful"], row["clear"]) for row in sums}


@dataclass(slots=True)
class SessionView:
    """One time that the lecture is or was given; `words` without names, `own` is the reader's rating."""

    session: LectureSession
    means: Means
    words: list[str] = field(default_factory=list)
    own: LectureRating | None = None
    may_rate: bool = False


@dataclass(slots=True)
class LectureView:
    """A lecture with all that its page shows. `wishers` are empty below three."""

    lecture: Lecture
    wanted: int
    is_wanted: bool
    wishers: list[Person]
    means: Means
    taught: int
    sessions: list[SessionView] = field(default_factory=list)


def lecture_view(lecture: Lecture, actor: Person, at: datetime) -> LectureView:
    """Return a lecture with its sessions and ratings, as `actor` may read them: five reads."""
    wishes = list(lecture.wishes.select_related("person").order_by("person__name", "pk"))
    sessions = list(lecture.sessions.select_related("activity__body", "lecture").order_by("-activity__day", "-pk"))
    ratings: dict[int, list[LectureRating]] = {session.pk: [] for session in sessions}
    for rating in LectureRating.objects.filter(session__in=sessions).order_by("word", "usefulness", "clarity"):
        ratings[rating.session_id].append(rating)
    came = Attendance.objects.filter(activity__in=[one.activity_id for one in sessions], person=actor)
    heard = set(came.filter(status=AttendanceStatus.PRESENT).values_list("activity_id", flat=True))
    every = [(one.usefulness, one.clarity) for rows in ratings.values() for one in rows]
    taught = sum(session.listeners for session in sessions)
    wishers = [wish.person for wish in wishes] if len(wishes) >= LEAST_SHOWN else []
    is_wanted = any(wish.person_id == actor.pk for wish in wishes)
    view = LectureView(lecture, len(wishes), is_wanted, wishers, means_of(every), taught)
    for session in sessions:
        rows = ratings[session.pk]
        means = means_of([(one.usefulness, one.clarity) for one in rows])
        own = next((one for one in rows if one.person_id == actor.pk), None)
        is_open = own is None or may_change(own.rated_at, at)
        may_rate = (
            session.state == SessionState.GIVEN and session.activity_id in heard and lecture.lecturer_id != actor.pk
        )
        words = [one.word for one in rows if one.word] if means.is_shown else []
        view.sessions.append(SessionView(session, means, words, own, may_rate and is_open))
    return view


@dataclass(frozen=True, slots=True)
class LecturerRecord:
    """What a lecturer has taught: times, people, and the means over all ratings."""

    times: int
    people: int
    minutes: int
    means: Means


def record_of(lecturer: Person, *, year: int | None = None) -> LecturerRecord:
    """Return what somebody has taught, in all or in one year: two reads."""
    rows = LectureSession.objects.filter(lecture__lecturer=lecturer, state=SessionState.GIVEN)
    if year is not None:
        rows = rows.filter(activity__day__year=year)
    sums = rows.order_by().aggregate(n=Count("pk"), people=Sum("listeners"), minutes=Sum("lecture__minutes"))
    rated = LectureRating.objects.filter(session__in=rows).order_by()
    marks = rated.aggregate(n=Count("pk"), useful=Sum("usefulness"), clear=Sum("clarity"))
    means = means_from(marks["n"], marks["useful"] or 0, marks["clear"] or 0)
    return LecturerRecord(sums["n"], sums["people"] or 0, sums["minutes"] or 0, means)


def bodies_to_lecture_in(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies of the Party tree in which `actor` may plan an activity, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return PLAN_ACTIVITY.narrow(actor, rows, at=at).order_by("name", "pk")


def lectures_to_rate(actor: Person, at: datetime) -> QuerySet[LectureSession]:
    """Return the lectures of the last week that `actor` heard and has not rated."""
    rated = LectureRating.objects.filter(session=OuterRef("pk"), person=actor)
    heard = Attendance.objects.filter(activity=OuterRef("activity"), person=actor, status=AttendanceStatus.PRESENT)
    rows = LectureSession.objects.filter(
        ~Exists(rated), Exists(heard), state=SessionState.GIVEN, given_at__gt=at - CHANGEABLE
    )
    return rows.exclude(lecture__lecturer=actor)


def wishes_of(actor: Person) -> QuerySet[LectureWish]:
    """Return what `actor` wants to hear, the latest first."""
    rows = LectureWish.objects.filter(person=actor, lecture__state=LectureState.OFFERED)
    return rows.select_related("lecture__lecturer").order_by("-wished_at", "-pk")
