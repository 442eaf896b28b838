"""Mentor pairs as an actor may see them: with and without a programme, what waits, and how far the goals are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.exchange.calc.figures import plain, way_behind
from ronghe.domain.exchange.enums import PAIRS_OPEN, NoteKind, PairRole, PairState
from ronghe.domain.exchange.models import (
    PairGoal,
    PairGoalMark,
    PairNote,
    PairProgramme,
    PairReview,
    PairSignature,
    PairText,
)
from ronghe.domain.exchange.rules import JUDGE_PAIR, KEEP_PAIR, SEE_PAIR
from ronghe.domain.members.models import MentorPair
from ronghe.domain.members.rules import KEEP_MENTORS
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

WITHOUT, OVERDUE = "without", "overdue"
"""Filters beside the states: pairs without a programme, and those whose review is overdue."""


def pairs_seen_by(actor: Person, at: datetime) -> QuerySet[MentorPair]:
    """Return the pairs that `actor` may see: to be cut to one or a few."""
    rows = SEE_PAIR.narrow(actor, MentorPair.objects.all(), at=at, walk=True)
    return rows.select_related(
        "mentor__unit", "apprentice__unit", "programme__body", "programme__witness", "programme__pair"
    ).order_by("-valid_from", "-pk")


def list_pairs(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", page: int = 1, size: int = 20
) -> Listed[MentorPair]:
    """Return one page of the pairs that `actor` may see, the latest first, with their programmes and `reviewed` times.

    `state` is a state of the programme, `without` or `overdue`; `words` occur in a name or the topic.
    """
    rows = MentorPair.objects.select_related("mentor__unit", "apprentice__unit", "programme__witness")
    if words:
        rows = rows.filter(
            Q(mentor__name__icontains=words) | Q(apprentice__name__icontains=words) | Q(topic__icontains=words)
        )
    if kind:
        rows = rows.filter(kind=kind)
    if state == WITHOUT:
        rows = rows.filter(on_day(local_day(at)), programme=None)
    elif state == OVERDUE:
        rows = rows.filter(programme__state=PairState.RUNNING, programme__review_on__lt=local_day(at))
    elif state:
        rows = rows.filter(programme__state=state)
    rows = rows.annotate(reviewed=Count("programme__reviews", distinct=True))
    return list_seen(SEE_PAIR, actor, rows, order_by=("-valid_from",), at=at, page=page, size=size)


def counts_of(actor: Person, at: datetime) -> dict[str, int]:
    """Return how many pairs are without a programme, waiting for a review, and running: one read."""
    rows = SEE_PAIR.narrow(actor, MentorPair.objects.all(), at=at)
    today = local_day(at)
    running = Q(programme__state=PairState.RUNNING)
    return rows.order_by().aggregate(
        without=Count("pk", filter=on_day(today) & Q(programme=None), distinct=True),
        overdue=Count("pk", filter=running & Q(programme__review_on__lt=today), distinct=True),
        running=Count("pk", filter=running, distinct=True),
        passed=Count("pk", filter=Q(programme__state=PairState.PASSED), distinct=True),
    )


def programme_of(pair: MentorPair) -> PairProgramme | None:
    """Return the pair's programme, read along with it; `None` where it has none."""
    return getattr(pair, "programme", None)


@dataclass(slots=True)
class GoalView:
    """A goal with where it stood at each review."""

    goal: PairGoal
    marks: list[PairGoalMark] = field(default_factory=list)

    @property
    def last(self) -> PairGoalMark | None:
        return self.marks[-1] if self.marks else None

    @property
    def now(self) -> Decimal | None:
        return next((mark.value for mark in reversed(self.marks) if mark.value is not None), None)

    @property
    def texts(self) -> dict[str, str]:
        """The figures as they were typed, without idle zeros."""
        figures = {"baseline": self.goal.baseline, "target": self.goal.target, "now": self.now}
        return {name: plain(value) for name, value in figures.items()}

    @property
    def percent(self) -> int | None:
        return way_behind(self.goal.baseline, self.goal.target, self.now)


@dataclass(slots=True)
class PairView:
    """A pair's programme with all that its page and papers show."""

    programme: PairProgramme
    text: PairText | None
    signatures: dict[str, PairSignature]
    goals: list[GoalView]
    notes: list[PairNote]
    reviews: list[PairReview]

    def words_since(self, person_id: int) -> str:
        """Return somebody's own word since the last review, to be taken into the next one."""
        since = self.reviews[-1].reviewed_at if self.reviews else None
        said = [
            note.text
            for note in self.notes
            if note.kind == NoteKind.WORD and note.noted_by_id == person_id and (since is None or note.noted_at > since)
        ]
        return " ".join(said)[:400]


def pair_view(programme: PairProgramme) -> PairView:
    """Return the programme with text, signatures, goals, notes and reviews: six reads."""
    text = programme.texts.order_by("-number").first()
    signatures = {}
    if text is not None and programme.state != PairState.DRAFT:
        signatures = {row.role: row for row in text.signatures.select_related("person").order_by("pk")}
    goals = {goal.pk: GoalView(goal) for goal in programme.goals.order_by("number")}
    for mark in PairGoalMark.objects.filter(goal__in=list(goals)).select_related("review").order_by("review__number"):
        goals[mark.goal_id].marks.append(mark)
    notes = list(programme.notes.select_related("noted_by").order_by("noted_at", "pk"))
    reviews = list(programme.reviews.select_related("reviewed_by").order_by("number"))
    return PairView(programme, text, signatures, list(goals.values()), notes, reviews)


def role_in(programme: PairProgramme, person: Person) -> PairRole | None:
    """Return as whom somebody signs, `None` where not at all."""
    pair = programme.pair
    roles = {
        programme.witness_id: PairRole.WITNESS, pair.apprentice_id: PairRole.APPRENTICE, pair.mentor_id: PairRole.MENTOR
    }  # fmt: skip
    return roles.get(person.pk)


def pairs_to_sign(actor: Person, at: datetime) -> QuerySet[PairProgramme]:  # noqa: ARG001 - as every inbox is asked
    """Return the agreements that wait for the signature of `actor`."""
    own = Q(pair__mentor=actor) | Q(pair__apprentice=actor) | Q(witness=actor)
    newer = PairText.objects.filter(programme=OuterRef("text__programme"), number__gt=OuterRef("text__number"))
    signed = PairSignature.objects.filter(~Exists(newer), text__programme=OuterRef("pk"), person=actor)
    return PairProgramme.objects.filter(own, ~Exists(signed), state=PairState.SIGNING)


def pairs_to_review(actor: Person, at: datetime) -> QuerySet[MentorPair]:
    """Return the pairs whose review is due and that `actor` keeps as mentor or leader."""
    rows = MentorPair.objects.filter(programme__state=PairState.RUNNING, programme__review_on__lte=local_day(at))
    return KEEP_PAIR.narrow(actor, rows, at=at)


def may_judge(pair: MentorPair, actor: Person, at: datetime) -> bool:
    """Tell whether `actor` may conclude: whoever leads the apprentice and is neither of the two."""
    return actor.pk not in (pair.mentor_id, pair.apprentice_id) and JUDGE_PAIR.allows(actor, pair, at=at)


def people_to_pair(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return whom `actor` may give a mentor, by name."""
    rows = KEEP_MENTORS.narrow(actor, Person.objects.filter(valid_until=None), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def is_overdue(programme: PairProgramme | None, today: date) -> bool:
    """Tell whether the review of a running programme is overdue."""
    if programme is None or programme.state != PairState.RUNNING or programme.review_on is None:
        return False
    return programme.review_on < today


def is_open(programme: PairProgramme) -> bool:
    return programme.state in PAIRS_OPEN
