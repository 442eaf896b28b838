"""Members of a session: what waits for one, what each may see of each, sums of ratings and of marks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.calc.shares import leaning, most_excellent
from ronghe.domain.orglife.enums import BEFORE_MARKS, ObjectionState, ReviewGrade, SessionState
from ronghe.domain.orglife.models import LifeSession, MemberMarks, PeerSheet, SessionMember
from ronghe.domain.orglife.rules import ANSWER_OBJECTION, SEE_GRADE
from ronghe.kernel.sealed import open_text

GRADES = tuple(ReviewGrade)


def members_of(session: LifeSession) -> list[SessionMember]:
    """Return the members in the order of their places: one read."""
    rows = session.members.select_related("person", "group", "marks", "measure", "objection", "graded_by")
    return list(rows.order_by("place"))


def member_of(session: LifeSession, person: Person) -> SessionMember | None:
    """Return the person's place in the session, none for whoever takes no part."""
    return session.members.filter(person=person).select_related("session__body", "person").first()


def people_here(session: LifeSession) -> QuerySet[Person]:
    """Return the people who take part, by name: who answers for a correction, who helps, who said something."""
    rows = session.members.order_by().values("person_id")
    return Person.objects.filter(pk__in=rows).select_related("unit").order_by("name", "pk")


@dataclass(slots=True)
class PeerSum:
    """How others rated a member: by grade, with what they said; both hidden where too few did."""

    counts: list[int] = field(default_factory=lambda: [0] * len(GRADES))
    comments: list[str] = field(default_factory=list)

    @property
    def rated(self) -> int:
        return sum(self.counts)

    def shown(self, least: int) -> list[int] | None:
        return self.counts if self.rated >= least else None


def peer_sums(session: LifeSession) -> dict[int, PeerSum]:
    """Return the ratings of each member, by its id, without who gave them: one read, and each sheet opened once."""
    sums: dict[int, PeerSum] = defaultdict(PeerSum)
    sheets = PeerSheet.objects.filter(member__session=session, member__exemption="").values_list("sealed", flat=True)
    for sealed in sheets:
        for key, (grade, comment) in json.loads(open_text(sealed)).items():
            sums[int(key)].counts[GRADES.index(ReviewGrade(grade))] += 1
            if comment:
                sums[int(key)].comments.append(comment)
    for one in sums.values():
        one.comments.sort()  # their order tells nothing of who gave them
    return sums


def to_rate(member: SessionMember) -> QuerySet[SessionMember]:
    """Return whom a member rates: the others who get a grade, of the own Party group where it is held in groups (PM-07)."""
    rows = member.session.members.filter(exemption="", standing="full").exclude(pk=member.pk)
    if member.session.peers_by_group:
        rows = rows.filter(group=member.group_id)
    return rows.select_related("person", "group").order_by("place")


def own_sheet(member: SessionMember) -> dict[int, tuple[str, str]]:
    """Return what the member gave: for the member alone."""
    sheet = PeerSheet.objects.filter(member=member).first()
    if sheet is None:
        return {}
    return {int(key): (value[0], value[1]) for key, value in json.loads(open_text(sheet.sealed)).items()}


@dataclass(slots=True)
class MemberView:
    """A member as the reader may see it; grade and marks are hidden from those who may not."""

    member: SessionMember
    is_seen: bool
    peers: list[int] | None = None
    marks: list[int] | None = None
    suggested: ReviewGrade | None = None

    @property
    def peers_leaning(self) -> str:
        place = leaning(self.peers) if self.peers else None
        return str(GRADES[place].label) if place is not None else ""


def views_of(session: LifeSession, members: list[SessionMember], actor: Person, at: datetime) -> list[MemberView]:
    """Return the members with what `actor` may see: two reads more."""
    seen = set(SEE_GRADE.narrow(actor, session.members.all(), at=at).order_by().values_list("pk", flat=True))
    sums = peer_sums(session) if session.has_review and len(seen) > 1 else {}
    views = []
    for member in members:
        view = MemberView(member, member.pk in seen)
        if view.is_seen:
            one = sums.get(member.pk)
            view.peers = one.shown(session.least_shown) if one is not None else None
            view.marks = marks_of(member)
            place = leaning(view.marks) if view.marks else None
            view.suggested = GRADES[place] if place is not None else None
        views.append(view)
    return views


def marks_of(member: SessionMember) -> list[int] | None:
    """Return what the secret ballot came to for the member, by grade; `None` where it is hidden or not counted."""
    marks: MemberMarks | None = getattr(member, "marks", None)
    return list(marks.counts) if marks is not None and marks.counts is not None else None


@dataclass(frozen=True, slots=True)
class Shares:
    """How the grades stand: members altogether, how many have which, how many may be excellent (PM-08)."""

    members: int
    counts: dict[ReviewGrade, int]
    most: int
    ungraded: int

    @property
    def excellent(self) -> int:
        return self.counts[ReviewGrade.EXCELLENT]

    @property
    def is_over(self) -> bool:
        return self.excellent > self.most


def shares_of(session: LifeSession, members: Iterable[SessionMember] | None = None) -> Shares:
    """Return how the grades stand; all members of the body are counted, whoever is exempt or on probation too (PM-08)."""
    rows = list(members) if members is not None else list(session.members.all())
    counts = {grade: sum(1 for row in rows if row.grade == grade) for grade in GRADES}
    most = most_excellent(len(rows), of=session.share_of, out_of=session.share_in)
    return Shares(len(rows), counts, most, sum(1 for row in rows if row.takes_grade and not row.grade))


def self_appraisals_waiting(actor: Person, at: datetime) -> QuerySet[SessionMember]:  # noqa: ARG001 - as every inbox is asked
    """Return the places of `actor` in sessions with a review whose own appraisal is not written."""
    return SessionMember.objects.filter(
        person=actor, exemption="", self_at=None, session__has_review=True, session__state__in=sorted(BEFORE_MARKS)
    )


def ratings_waiting(actor: Person, at: datetime) -> QuerySet[SessionMember]:  # noqa: ARG001
    """Return the places of `actor` in sessions with a review who has not rated the others."""
    return SessionMember.objects.filter(
        person=actor, exemption="", peer_sheet=None, session__has_review=True, session__state__in=sorted(BEFORE_MARKS)
    )


def statements_waiting(actor: Person, at: datetime) -> QuerySet[SessionMember]:  # noqa: ARG001
    """Return the places of `actor` in sessions being prepared whose statement is not handed in."""
    return SessionMember.objects.filter(
        person=actor, exemption="", statement_version=0, session__state=SessionState.PREPARING
    )


def results_waiting(actor: Person, at: datetime) -> QuerySet[SessionMember]:  # noqa: ARG001
    """Return the grades of `actor` that were told and not acknowledged."""
    told = [SessionState.TOLD, SessionState.CLOSED]
    return SessionMember.objects.filter(person=actor, acknowledged_at=None, session__state__in=told).exclude(grade="")


def objections_waiting(actor: Person, at: datetime) -> QuerySet[SessionMember]:
    """Return the members whose objection waits for an answer of `actor`; never the own."""
    rows = SessionMember.objects.filter(objection__state=ObjectionState.OPEN).exclude(person=actor)
    return ANSWER_OBJECTION.narrow(actor, rows, at=at)


def acknowledged_in(session: LifeSession) -> tuple[int, int]:
    """Return how many have acknowledged, of how many who were graded."""
    counted = session.members.exclude(grade="").aggregate(
        told=Count("pk"), known=Count("pk", filter=Q(acknowledged_at__isnull=False))
    )
    return counted["known"], counted["told"]


def grades_of_person(person: Person) -> QuerySet[SessionMember]:
    """Return the person's grades of all years that were told, the latest first."""
    told = [SessionState.TOLD, SessionState.CLOSED]
    rows = SessionMember.objects.filter(person=person, session__state__in=told).exclude(grade="")
    return rows.select_related("session__body").order_by("-session__year", "-pk")
