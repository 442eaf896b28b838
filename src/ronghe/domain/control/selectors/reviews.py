"""Design reviews as an actor may see them, with their clocks and comments, and what many say together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.control.calc.hours import Spread, in_days, spread
from ronghe.domain.control.enums import WAITS_FOR, ReviewState
from ronghe.domain.control.models import DesignReview, Reviewer, ReviewFile, ReviewOpinion, ReviewTurn
from ronghe.domain.control.rules import COMMENT, DESIGN, ISSUE, MANAGE, SEE_CONTROL
from ronghe.domain.control.rules.kinds import REVIEW_SOURCE
from ronghe.domain.control.selectors.clocks import Clock, clock_of
from ronghe.domain.control.selectors.standards import ReviewPace, pace_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project

UNFINISHED = sorted(WAITS_FOR)


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One review whole: seats with their opinions, comments, files of all rounds, turns and the clock."""

    seats: list[Reviewer]
    comments: list[WorkItem]
    files: list[ReviewFile]
    turns: list[ReviewTurn]
    clock: Clock
    pace: ReviewPace


@dataclass(frozen=True, slots=True)
class Pace:
    """What issued reviews say together: working seconds, and the same in days of the body's hours, against its baseline."""

    spread: Spread
    baseline: ReviewPace

    def days(self, seconds: int | None) -> Decimal | None:
        return None if seconds is None else in_days(seconds, self.baseline.hours)

    @property
    def median_days(self) -> Decimal | None:
        return self.days(self.spread.median)

    @property
    def ninetieth_days(self) -> Decimal | None:
        return self.days(self.spread.ninetieth)

    @property
    def longest_days(self) -> Decimal | None:
        return self.days(self.spread.longest)


def reviews_seen_by(actor: Person, at: datetime) -> QuerySet[DesignReview]:
    """Return the reviews that `actor` may see: of the projects that he sees, and those in which he has a seat."""
    projects = SEE_CONTROL.narrow(actor, Project.objects.all(), at=at).order_by().values("pk")
    mine = Reviewer.objects.filter(Q(person=actor) | Q(deputy=actor)).order_by().values("review_id")
    rows = DesignReview.objects.filter(Q(project__in=projects) | Q(pk__in=mine))
    return rows.select_related("project__body", "project__unit", "submitted_by", "issued_by")


def reviews_of(
    project: Project, *, state: str = "", words: str = "", late_at: datetime | None = None
) -> QuerySet[DesignReview]:
    """Return the reviews of a project, those under way first, with how many comments are open (`open_comments`)."""
    rows = DesignReview.objects.filter(project=project)
    if state in ReviewState.values:
        rows = rows.filter(state=state)
    elif state == "open":
        rows = rows.filter(state__in=UNFINISHED)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words))
    if late_at is not None:
        rows = rows.filter(state__in=UNFINISHED, due_at__lt=late_at)
    comments = WorkItem.objects.filter(
        kind=COMMENT.id, source_type=REVIEW_SOURCE, source_id=OuterRef("pk"), closed_at=None
    )
    counted = comments.order_by().values("source_id").annotate(n=Count("pk")).values("n")
    rows = rows.annotate(open_comments=Coalesce(Subquery(counted), 0))
    return rows.select_related("submitted_by", "issued_by").order_by(
        F("issued_at").desc(nulls_first=True), "due_at", "pk"
    )


def review_record(review: DesignReview, now: datetime) -> ReviewRecord:
    """Return everything about one review, in seven statements whatever its length."""
    opinions = Prefetch("opinions", ReviewOpinion.objects.select_related("by").order_by("round", "pk"))
    seats = review.reviewers.select_related("person__unit", "deputy").prefetch_related(opinions).order_by("pk")
    turns = list(review.turns.order_by("began_at", "pk"))
    pace = pace_of(review.project.body_id, local_day(now))
    return ReviewRecord(
        seats=list(seats),
        comments=list(comments_of(review)),
        files=list(review.files.select_related("file").order_by("round", "pk")),
        turns=turns,
        clock=clock_of(review, turns, pace, now),
        pace=pace,
    )


def comments_of(review: DesignReview) -> QuerySet[WorkItem]:
    """Return the comments of a review in the order in which they were made."""
    rows = WorkItem.objects.filter(kind=COMMENT.id, source_type=REVIEW_SOURCE, source_id=review.pk)
    return rows.select_related("raised_by", "owner").order_by("raised_at", "pk")


def pace_of_project(project: Project, day: date) -> Pace:
    """Return how long the issued reviews of a project took, against the baseline of its body."""
    seconds = DesignReview.objects.filter(project=project, state=ReviewState.ISSUED).order_by()
    taken = [one for one in seconds.values_list("worked_seconds", flat=True) if one is not None]
    return Pace(spread(taken), pace_of(project.body_id, day))


def issued_seconds(projects: Collection[int]) -> dict[int, list[int]]:
    """Return the working seconds of the issued reviews of each project; one statement."""
    rows = DesignReview.objects.filter(project__in=list(projects), state=ReviewState.ISSUED).order_by()
    found: dict[int, list[int]] = {}
    for project, seconds in rows.values_list("project_id", "worked_seconds"):
        found.setdefault(project, []).append(seconds or 0)
    return found


def reviews_open(projects: Collection[int]) -> dict[int, int]:
    """Return how many reviews of each project are under way; one statement."""
    rows = DesignReview.objects.filter(project__in=list(projects), state__in=UNFINISHED).order_by()
    return dict(rows.values_list("project_id").annotate(n=Count("pk")))


def reviews_to_give(actor: Person, at: datetime) -> QuerySet[DesignReview]:  # noqa: ARG001 - as every inbox
    """Return the reviews in which `actor`, oneself or as a deputy, has not said anything in this round; the soonest first."""
    mine = Reviewer.objects.filter(
        Q(person=actor) | Q(deputy=actor), review=OuterRef("pk"), given_round__lt=OuterRef("round")
    )
    rows = DesignReview.objects.filter(state=ReviewState.REVIEWING)
    return rows.filter(Exists(mine)).select_related("project", "submitted_by").order_by("due_at", "pk")


def reviews_to_answer(actor: Person, at: datetime) -> QuerySet[DesignReview]:
    """Return the reviews that wait for the designer's side of which `actor` is."""
    rows = DESIGN.narrow(actor, DesignReview.objects.filter(state=ReviewState.ANSWERING), at=at)
    return rows.select_related("project", "submitted_by").order_by("due_at", "pk")


def reviews_to_issue(actor: Person, at: datetime) -> QuerySet[DesignReview]:
    """Return the agreed reviews that `actor` may issue."""
    rows = ISSUE.narrow(actor, DesignReview.objects.filter(state=ReviewState.AGREED), at=at)
    return rows.select_related("project", "submitted_by").order_by("due_at", "pk")


def reviews_late(actor: Person, at: datetime) -> QuerySet[DesignReview]:
    """Return the overdue reviews that went up a level, of the projects that `actor` manages."""
    projects = MANAGE.narrow(actor, Project.objects.all(), at=at).order_by().values("pk")
    rows = DesignReview.objects.filter(state__in=UNFINISHED, level__gte=1, project__in=projects)
    return rows.select_related("project", "submitted_by").order_by("due_at", "pk")


def seats_of(review: DesignReview, actor: Person) -> Sequence[Reviewer]:
    """Return the seats for which `actor` may still speak in this round."""
    if review.state != ReviewState.REVIEWING:
        return []
    rows = review.reviewers.filter(Q(person=actor) | Q(deputy=actor), given_round__lt=review.round)
    return list(rows.select_related("person", "deputy").order_by("pk"))
