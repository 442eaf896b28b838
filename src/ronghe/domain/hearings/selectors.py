"""述职评议: hearings as an actor may see them, who reports and who marks, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.contacts.selectors import contacts_of
from ronghe.domain.hearings.calc.marks import Grade, default_grades, grades_from, ranks_of
from ronghe.domain.hearings.enums import GroupKind, HearingState
from ronghe.domain.hearings.models import Evaluator, EvaluatorGroup, Hearing, HearingReporter, ReporterResult
from ronghe.domain.hearings.rules import LEADING_GROUP, PLAN_HEARING, SEE_HEARING, SEE_REPORTER
from ronghe.domain.obligations.selectors.lists import states_by_body
from ronghe.domain.org.enums import PARTY_KINDS, PARTY_MEMBERS, PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.keys import key_default
from ronghe.domain.playbooks.selectors.adoptions import adoptions_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import descendants, on_day

DEFAULT_WEIGHTS = {
    GroupKind.LEADERS: Decimal(40),
    GroupKind.PEERS: Decimal(20),
    GroupKind.MEMBERS: Decimal(20),
    GroupKind.EMPLOYEES: Decimal(20),
}
"""A default that each hearing may change; no source names weights."""
OF_BRANCHES = frozenset(
    {PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER, PostRole.DISCIPLINE_MEMBER,
     PostRole.COMMITTEE_MEMBER, PostRole.GROUP_LEADER}
)  # fmt: skip
OF_EMPLOYEES = frozenset({PostRole.UNION_GROUP_LEADER, PostRole.UNION_MEMBER, PostRole.TEAM_LEADER})
HOLDERS = frozenset({PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL_BRANCH})
"""Below whom there are secretaries to hear; a branch has groups."""
SETTLED = ("accepted", "cancelled")
"""States of a task in which a problem needs nothing more."""


def hearings_seen_by(actor: Person, at: datetime) -> QuerySet[Hearing]:
    """Return the hearings that `actor` may see: to be cut to one or a few."""
    rows = SEE_HEARING.narrow(actor, Hearing.objects.all(), at=at, walk=True)
    return rows.select_related("body", "chair", "activity").order_by("-starts_at", "-pk")


def list_hearings(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[Hearing]:
    """Return one page of the hearings that `actor` may see, the latest first; each with how many report and have handed in."""
    rows = Hearing.objects.filter(filters or Q()).select_related("body", "chair")
    rows = rows.annotate(
        size=Count("reporters", distinct=True),
        handed_in=Count("reporters", filter=Q(reporters__version__gt=0), distinct=True),
    )
    return list_seen(SEE_HEARING, actor, rows, order_by=("-planned_at",), at=at, page=page, size=size)


def bodies_to_plan_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the committees and general branches with bodies below them in which `actor` may plan a hearing, by name."""
    day = local_day(at)
    parents = PartyOrg.objects.filter(on_day(day), kind__in=PARTY_KINDS, parent__isnull=False)
    rows = PartyOrg.objects.filter(on_day(day), kind__in=HOLDERS, pk__in=parents.order_by().values("parent_id"))
    return PLAN_HEARING.narrow(actor, rows, at=at).order_by("name", "pk")


def reporters_seen_by(actor: Person, at: datetime) -> QuerySet[HearingReporter]:
    """Return the reporters of whom `actor` may see report, remarks and result."""
    seen = SEE_REPORTER.narrow(actor, HearingReporter.objects.all(), at=at, walk=True)
    return seen.select_related("hearing__body", "hearing__chair", "person", "body", "file")


def reports_to_hand_in(actor: Person, at: datetime) -> QuerySet[HearingReporter]:  # noqa: ARG001 - as every inbox is asked
    """Return the reports that wait for `actor`: nothing handed in, and the hearing is being prepared."""
    return HearingReporter.objects.filter(person=actor, version=0, hearing__state=HearingState.PLANNED)


def secretaries_below(body: PartyOrg, day: date) -> list[PostHolding]:
    """Return the secretaries of the bodies right below a body, each person once, by the body's name."""
    children = PartyOrg.objects.filter(on_day(day), parent=body, kind__in=PARTY_KINDS)
    posts = PostHolding.objects.held_on(day).filter(role=PostRole.SECRETARY, body__in=children)
    by_body: dict[int | None, PostHolding] = {}
    for post in posts.select_related("person", "body").order_by("body__name", "pk"):
        by_body.setdefault(post.body_id, post)
    by_person: dict[int, PostHolding] = {}
    for post in by_body.values():
        by_person.setdefault(post.person_id, post)
    return list(by_person.values())


def reporters_proposed(body: PartyOrg, chair: Person | None, day: date) -> list[PostHolding]:
    """Return whose reports are heard: of the bodies that the chair keeps contact with, else of all right below."""
    every = secretaries_below(body, day)
    if chair is None:
        return every
    in_charge = set(contacts_of(chair, day).values_list("to_body_id", flat=True))
    own = [post for post in every if post.body_id in in_charge]
    return [post for post in own or every if post.person_id != chair.pk]


def chairs_for(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may chair: whoever leads the body, by name."""
    posts = PostHolding.objects.held_on(day).filter(body=body, role__in=LEADING_GROUP)
    return Person.objects.filter(pk__in=posts.order_by().values("person_id")).order_by("name", "pk")


def people_below(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may mark: whoever belongs to the body or below it, holds a post there, or works in a unit of it, by name."""
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    found = Q(memberships__body_id__in=below) | Q(posts__body_id__in=below) | Q(unit_id__in=units)
    rows = Person.objects.filter(found).filter(on_day(day)).order_by()
    return Person.objects.filter(pk__in=rows.values("pk")).select_related("unit").order_by("name", "pk")


def evaluators_proposed(body: PartyOrg, reporters: Sequence[PostHolding], day: date) -> dict[GroupKind, list[Person]]:
    """Return who might mark in each group, nobody twice: leaders, secretaries, officers of the branches, foremen and union."""
    taken: set[int] = set()

    def take(posts: QuerySet[PostHolding]) -> list[Person]:
        people = {post.person_id: post.person for post in posts.select_related("person").order_by("pk")}
        new = [person for pk, person in people.items() if pk not in taken]
        taken.update(person.pk for person in new)
        return new

    held = PostHolding.objects.held_on(day)
    reporting = [post.person_id for post in reporters]
    of_reporters = descendants(PartyOrg, [post.body_id for post in reporters if post.body_id], day=day)
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    workers = held.filter(Q(body__in=below) | Q(unit__in=units), role__in=OF_EMPLOYEES)
    return {
        GroupKind.LEADERS: take(held.filter(body=body, role__in=LEADING_GROUP).exclude(person__in=reporting)),
        GroupKind.PEERS: take(held.filter(body__parent=body, role=PostRole.SECRETARY)),
        GroupKind.MEMBERS: take(held.filter(body__in=of_reporters, role__in=OF_BRANCHES)),
        GroupKind.EMPLOYEES: take(workers.exclude(person__political_status__in=PARTY_MEMBERS)),
    }


def grades_for(body: PartyOrg, day: date) -> tuple[Grade, ...]:
    """Return the four grades as the body's playbook words them, else the shipped ones (AP-04)."""
    words = _words(key_default("report_grades"))
    for adoption in adoptions_of(body, day):
        own = adoption.version.playbook.keys.get("report_grades")
        if own is not None and len(own) == len(words):
            words = _words(own)
    return default_grades(words)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with who marks in it, and how many have."""

    group: EvaluatorGroup
    people: list[Person]
    cast: int = 0


def groups_of(hearing: Hearing) -> list[GroupView]:
    """Return the groups in the order of their kinds: three reads."""
    order = list(GroupKind.values)
    voted = Count("ballot__voters", filter=~Q(ballot__voters__way="waiting"))
    rows: list[Any] = list(hearing.groups.select_related("ballot").annotate(voted=voted))
    people: dict[int, list[Person]] = {group.pk: [] for group in rows}
    for row in Evaluator.objects.filter(hearing=hearing).select_related("person__unit").order_by("person__name", "pk"):
        people[row.group_id].append(row.person)
    rows.sort(key=lambda row: order.index(row.kind))
    return [GroupView(group, people[group.pk], group.voted) for group in rows]


@dataclass(slots=True)
class ReporterView:
    """One reporter; `result`, `grade` and `rank` as far as the reader may see them."""

    reporter: HearingReporter
    is_seen: bool
    result: ReporterResult | None = None
    grade: Grade | None = None
    rank: int | None = None
    problems: int = 0
    problems_open: int = 0

    @property
    def is_late(self) -> bool:
        handed = self.reporter.handed_in_at
        return handed is not None and local_day(handed) > self.reporter.hearing.reports_due_on


def reporters_of(hearing: Hearing, actor: Person, at: datetime) -> list[ReporterView]:
    """Return the reporters in their order; of those whom `actor` may not see there is the name alone.

    Ranks are there only where the hearing shows them, and then only for those who see every result.
    """
    rows = hearing.reporters.select_related("person", "body", "result", "hearing").annotate(
        n_problems=Count("problems", distinct=True),
        n_open=Count("problems", filter=~Q(problems__task__state__in=SETTLED), distinct=True),
    )
    seen = set(SEE_REPORTER.narrow(actor, hearing.reporters.all(), at=at).order_by().values_list("pk", flat=True))
    grades = {grade.code: grade for grade in grades_from(hearing.grades)}
    views: list[ReporterView] = []
    for row in rows.order_by("place"):
        view = ReporterView(row, row.pk in seen)
        if view.is_seen:
            counts: Any = row
            view.result = getattr(row, "result", None)
            view.grade = grades.get(view.result.grade) if view.result is not None else None
            view.problems, view.problems_open = counts.n_problems, counts.n_open
        views.append(view)
    if hearing.shows_rank and all(view.is_seen for view in views):
        ranks = ranks_of({view.reporter.pk: view.result.score for view in views if view.result is not None})
        for view in views:
            view.rank = ranks.get(view.reporter.pk)
    return views


@dataclass(frozen=True, slots=True)
class Earlier:
    """The result of an earlier hearing."""

    year: int
    grade: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the records say of the reporter's body in the year, so that the report rests on them; earlier results."""

    done: int
    late: int
    missed: int
    due: int
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def owed(self) -> int:
        """What could be asked for by today."""
        return self.done + self.late + self.missed


def facts_beside(reporter: HearingReporter, day: date) -> Beside:
    """Return what the obligations of the body in the hearing's year came to, and the person's earlier results."""
    year = reporter.hearing.year
    span = DaySpan(date(year, 1, 1), date(year + 1, 1, 1))
    states = states_by_body(day, span, [reporter.body_id]).get(reporter.body_id, {})
    rows = ReporterResult.objects.filter(reporter__person=reporter.person_id, reporter__hearing__year__lt=year)
    earlier = []
    for row in rows.select_related("reporter__hearing").order_by("-reporter__hearing__year", "-pk")[:5]:
        titles = {grade.code: grade.title for grade in grades_from(row.reporter.hearing.grades)}
        earlier.append(Earlier(row.reporter.hearing.year, titles.get(row.grade, ""), row.score))
    return Beside(states.get("done", 0), states.get("late", 0), states.get("missed", 0), states.get("due", 0), earlier)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one group marked, in words; `counts` in the order of the grades, `None` where too few marked."""

    title: str
    weight: Decimal
    share: Decimal
    cast: int
    counts: list[int] | None


def distribution_of(result: ReporterResult) -> list[GroupResult]:
    """Return what each group marked, in the order of the groups."""
    return [
        GroupResult(
            str(GroupKind(row["kind"]).label), Decimal(row["weight"]), Decimal(row["share"]), int(row["cast"]),
            row["counts"],
        )
        for row in result.groups
    ]  # fmt: skip


def _words(entries: Any) -> list[tuple[str, str]]:
    return [(entry.id, entry.title.zh) for entry in entries]
