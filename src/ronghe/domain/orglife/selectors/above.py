"""The view from above: which bodies held theirs, shares of grades, corrections; who of the leading group attended both (PM-10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from ronghe.domain.org.enums import GROUP_KINDS, HOME_KINDS, PartyOrgKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.calc.shares import most_excellent
from ronghe.domain.orglife.enums import ReviewGrade, SessionState
from ronghe.domain.orglife.models import LifeSession
from ronghe.domain.orglife.rules import COMMITTEE, SEE_LEADERS, SEE_OVERVIEW
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.facts.models import Fact

ABOVE = frozenset({PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL_BRANCH})
ATTENDED = "rhythm.attended"
HELD = frozenset(
    {SessionState.HELD, SessionState.MARKING, SessionState.OPINION, SessionState.TOLD, SessionState.CLOSED}
)
TOLD = frozenset({SessionState.TOLD, SessionState.CLOSED})


def bodies_above(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the committees and general branches whose bodies below `actor` may look over, the highest first."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=ABOVE)
    return SEE_OVERVIEW.narrow(actor, rows, at=at).order_by("pk")


@dataclass(slots=True)
class BodyLine:
    """One body below: its session of the year, the grades, the corrections."""

    body: PartyOrg
    session: LifeSession | None = None
    members: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def is_held(self) -> bool:
        return self.session is not None and self.session.state in HELD

    @property
    def is_told(self) -> bool:
        return self.session is not None and self.session.has_review and self.session.state in TOLD

    @property
    def is_late(self) -> bool:
        """Planned for a moment that is over, and not held."""
        return self.session is not None and self.session.state == SessionState.PREPARING

    @property
    def percent(self) -> int | None:
        return self.done * 100 // self.listed if self.listed else None

    @property
    def most(self) -> int:
        return (
            most_excellent(self.members, of=self.session.share_of, out_of=self.session.share_in) if self.session else 0
        )


def overview(body: PartyOrg, year: int, at: datetime) -> list[BodyLine]:
    """Return every branch below a body with its session of a year, by name: three reads."""
    below = descendants(PartyOrg, [body.pk], day=local_day(at))
    bodies = PartyOrg.objects.filter(on_day(local_day(at)), pk__in=below, kind__in=HOME_KINDS).order_by("name", "pk")
    lines = {row.pk: BodyLine(row) for row in bodies}
    sessions = LifeSession.objects.filter(body_id__in=below, year=year).exclude(state=SessionState.CALLED_OFF)
    counted = sessions.select_related("body").annotate(
        size=Count("members", distinct=True),
        **{
            f"n_{grade}": Count("members", filter=Q(members__grade=grade.value), distinct=True) for grade in ReviewGrade
        },
    )
    for row in counted:
        line = lines.setdefault(row.body_id, BodyLine(row.body))
        line.session, line.members = row, row.size
        line.grades = {grade.value: getattr(row, f"n_{grade}") for grade in ReviewGrade} if line.is_told else {}
    corrections = sessions.annotate(
        listed=Count("corrections", filter=~Q(corrections__task__state=TaskState.CANCELLED), distinct=True),
        done=Count("corrections", filter=Q(corrections__task__state=TaskState.ACCEPTED), distinct=True),
        overdue=Count(
            "corrections",
            filter=Q(corrections__task__state__in=sorted(UNFINISHED), corrections__task__due_at__lt=at),
            distinct=True,
        ),
    )
    for body_id, listed, done, overdue in corrections.values_list("body_id", "listed", "done", "overdue"):
        line = lines[body_id]
        line.listed, line.done, line.overdue = listed, done, overdue
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class OverviewSum:
    """All lines together."""

    bodies: int
    held: int
    told: int
    reported: int
    members: int
    grades: dict[str, int]
    listed: int
    done: int
    overdue: int

    @property
    def graded(self) -> int:
        return sum(self.grades.values())

    @property
    def percent(self) -> int | None:
        return self.done * 100 // self.listed if self.listed else None


def summed(lines: list[BodyLine]) -> OverviewSum:
    grades = {grade.value: sum(line.grades.get(grade.value, 0) for line in lines) for grade in ReviewGrade}
    return OverviewSum(
        len(lines), sum(line.is_held for line in lines), sum(line.is_told for line in lines),
        sum(1 for line in lines if line.session is not None and line.session.reported_at is not None),
        sum(line.members for line in lines if line.is_told), grades, sum(line.listed for line in lines),
        sum(line.done for line in lines), sum(line.overdue for line in lines),
    )  # fmt: skip


@dataclass(slots=True)
class LeaderLine:
    """A leading cadre and the days of both kinds of meeting in the year; a day with the body where it was (PM-10)."""

    person: Person
    posts: list[str]
    home: PartyOrg | None = None
    leading: list[date] = field(default_factory=list)
    home_days: list[date] = field(default_factory=list)

    @property
    def is_double(self) -> bool:
        return bool(self.leading and self.home_days)


def committees_for_leaders(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the committees whose leading groups `actor` may look over."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind=PartyOrgKind.COMMITTEE)
    return SEE_LEADERS.narrow(actor, rows, at=at).order_by("pk")


def leader_lines(committee: PartyOrg, year: int, at: datetime, *, only: Person | None = None) -> list[LeaderLine]:
    """Return who led in the year, each with the meetings attended; what was reversed does not count: five reads.

    The leading group's criticism meeting counts where the committee held it; the organization-life meeting where the home
    branch of that very day, or one of its groups, held it, as the fact was stamped.
    """
    day = min(local_day(at), date(year, 12, 31))
    posts = PostHolding.objects.filter(body=committee, role__in=COMMITTEE, valid_from__lte=day).filter(
        Q(valid_until=None) | Q(valid_until__gt=date(year, 1, 1))
    )
    if only is not None:
        posts = posts.filter(person=only)
    lines: dict[int, LeaderLine] = {}
    for post in posts.select_related("person").order_by("person__name", "person_id", "pk"):
        line = lines.setdefault(post.person_id, LeaderLine(post.person, []))
        line.posts.append(post.get_role_display())
    homes = Membership.objects.filter(on_day(day), kind="home", person_id__in=lines).select_related("body")
    for row in homes:
        lines[row.person_id].home = row.body
    _add_meetings(committee, year, lines)
    return list(lines.values())


def _add_meetings(committee: PartyOrg, year: int, lines: dict[int, LeaderLine]) -> None:
    tokens = {line.person.token: line for line in lines.values()}
    since, until = (datetime(y, 1, 1, tzinfo=SHANGHAI) for y in (year, year + 1))
    wanted = (ActivityType.CRITICISM_MEETING.value, ActivityType.ORG_LIFE_MEETING.value)
    facts = [
        (fact, fact.values.get("activity_type"))
        for fact in Fact.objects.filter(
            Q(attributes__contains=wanted[0]) | Q(attributes__contains=wanted[1]),
            kind=ATTENDED, subject__in=list(tokens), occurred_at__gte=since, occurred_at__lt=until,
        ).order_by("occurred_at", "pk")
    ]  # fmt: skip
    undone = {fact.reverses for fact, _type in facts}
    standing = [(f, kind) for f, kind in facts if f.reverses is None and f.pk not in undone and kind in wanted]
    bodies = {fact.body for fact, _kind in standing if fact.body is not None}
    groups = dict(PartyOrg.objects.filter(pk__in=bodies, kind__in=GROUP_KINDS).values_list("pk", "parent_id"))
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    for fact, kind in standing:
        if fact.subject is None or fact.body is None:
            continue
        if (kind == wanted[0] and fact.body == committee.pk) or (
            kind == wanted[1] and fact.home_body in (fact.body, groups.get(fact.body))
        ):
            days[fact.subject, kind].add(local_day(fact.occurred_at))
    for token, line in tokens.items():
        line.leading = sorted(days[token, wanted[0]])
        line.home_days = sorted(days[token, wanted[1]])


def own_double_life(person: Person, at: datetime) -> list[tuple[PartyOrg, LeaderLine]]:
    """Return the person's own line in each committee whose leading group the person belongs to: none for everybody else."""
    day = local_day(at)
    posts = PostHolding.objects.filter(
        on_day(day), person=person, role__in=COMMITTEE, body__kind=PartyOrgKind.COMMITTEE
    ).select_related("body")
    found: dict[int, PartyOrg] = {post.body_id: post.body for post in posts if post.body is not None and post.body_id}
    return [(body, line) for body in found.values() for line in leader_lines(body, day.year, at, only=person)]
