"""Matters as an actor may see them, who votes on them, and how far what was decided is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.decisions.calc.voting import Floor, VotingRule, count_matter
from ronghe.domain.decisions.enums import ELSEWHERE, UNDECIDED, Edition, Forum, MajorityOf, MatterState, Outcome
from ronghe.domain.decisions.models import ListEntry, Matter, MatterLine, Sitting
from ronghe.domain.decisions.rules import RAISE_MATTER, RUN_MATTER, SEE_MATTER
from ronghe.domain.elections.calc.checks import Check
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors.expected import committee_of
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.domain.work.models import Task
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

MEETS_AS = {
    Forum.PARTY_COMMITTEE: ActivityType.PARTY_COMMITTEE_MEETING,
    Forum.BRANCH_COMMITTEE: ActivityType.COMMITTEE_MEETING,
    Forum.MEMBERS_MEETING: ActivityType.GENERAL_MEETING,
}
"""The gathering in which each forum meets; the others meet outside the platform's records."""
FORUM_OF = {kind.value: forum for forum, kind in MEETS_AS.items()}


def matters_seen_by(actor: Person, at: datetime) -> QuerySet[Matter]:
    """Return the matters that `actor` may see: to be cut to one or a few."""
    rows = SEE_MATTER.narrow(actor, Matter.objects.all(), at=at, walk=True)
    return rows.select_related("body", "entry__of_list", "raised_by")


def overdue(at: datetime) -> Q:
    """Return the condition on matters of which something is not carried out in time."""
    late = MatterLine.objects.filter(matter=OuterRef("pk"), task__state__in=UNFINISHED, task__due_at__lt=at)
    return Q(Exists(late), state=MatterState.FOLLOWING)


def list_matters(
    actor: Person, at: datetime, *, filters: Q | None = None, order: Sequence[str] = ("-raised_at",), page: int = 1,
    size: int = 20,
) -> Listed[Matter]:  # fmt: skip
    """Return one page of the matters that `actor` may see; each says whether it is overdue, how many lines it has and how many are done."""
    return list_seen(SEE_MATTER, actor, _for_a_list(filters, at), order_by=order, at=at, page=page, size=size)


def matters_for_export(actor: Person, at: datetime, filters: Q) -> QuerySet[Matter]:
    """Return all matters that `actor` may see and the filters leave, the latest first."""
    return SEE_MATTER.narrow(actor, _for_a_list(filters, at), at=at).order_by("-raised_at", "-pk")


def matters_to_run(actor: Person, at: datetime) -> QuerySet[Matter]:
    """Return what waits for `actor`: matters with something overdue in the bodies whose matters the actor runs."""
    return RUN_MATTER.narrow(actor, Matter.objects.filter(overdue(at)), at=at)


def bodies_to_raise_in(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies in which `actor` may raise a matter, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return RAISE_MATTER.narrow(actor, rows, at=at).order_by("name", "pk")


def entries_offered(bodies: QuerySet[PartyOrg]) -> QuerySet[ListEntry]:
    """Return the lines of the lists in force in these bodies, by body and key."""
    rows = ListEntry.objects.filter(of_list__state=Edition.IN_FORCE, of_list__body__in=bodies.order_by().values("pk"))
    return rows.select_related("of_list__body").order_by("of_list__body__name", "key")


def meetings_for(matter: Matter, day: date) -> QuerySet[Activity]:
    """Return the planned and running meetings of the body before which the matter may come, the soonest first."""
    rows = Activity.objects.filter(
        body=matter.body_id, activity_type__in=FORUM_OF, state__in=[ActivityState.PLANNED, ActivityState.OPEN]
    )
    return rows.filter(Q(day__gte=day) | Q(state=ActivityState.OPEN)).order_by("day", "pk")


def meetings_to_report_to(matter: Matter) -> QuerySet[Activity]:
    """Return the meetings of its body, since it was decided, that may have heard how it is carried out."""
    rows = Activity.objects.filter(
        body=matter.body_id, activity_type__in=FORUM_OF, state__in=[ActivityState.OPEN, ActivityState.CLOSED]
    )
    return rows.filter(day__gte=matter.decided_on or local_day(matter.raised_at)).order_by("-day", "-pk")


def members_of(forum: str, body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who has a vote in a forum of a body on a day, by name."""
    if forum == Forum.MEMBERS_MEETING:
        return voters_of(body, day)
    return committee_of(body, ActivityType.PARTY_COMMITTEE_MEETING, day)


def floor_in(matter: Matter, activity: Activity) -> Floor:
    """Return who votes on a matter in a meeting: who is concerned is counted nowhere, who did not sign in himself is absent.

    PM-15: ticked by somebody, online, or gone already is not there for a vote.
    """
    forum = FORUM_OF[activity.activity_type]
    members = set(members_of(forum, matter.body, activity.day).values_list("pk", flat=True))
    avoiding = members & set(matter.avoidances.values_list("person_id", flat=True))
    came = activity.attendances.filter(status=AttendanceStatus.PRESENT, left_at=None, person_id__in=members - avoiding)
    return Floor(len(members), len(avoiding), sum(row.counts_as_signature for row in came))


@dataclass(frozen=True, slots=True)
class LineView:
    """One part of a decision and how it stands at the moment of asking."""

    line: MatterLine
    task: Task
    is_overdue: bool

    @property
    def shape(self) -> str:
        if self.task.state == TaskState.ACCEPTED:
            return "done"
        if self.task.state == TaskState.CANCELLED:
            return "waived"
        return "attention" if self.is_overdue else "running"


@dataclass(frozen=True, slots=True)
class SittingView:
    sitting: Sitting
    checks: Sequence[Check] = field(default=())


def lines_of(matter: Matter, at: datetime) -> list[LineView]:
    """Return the parts of a decision, the soonest due first."""
    rows = matter.lines.select_related("task__assignee").order_by("task__due_at", "pk")
    return [LineView(row, row.task, row.task.is_overdue(at)) for row in rows]


def sittings_of(matter: Matter) -> list[SittingView]:
    """Return the meetings before which the matter lay, in order, each with the checks behind its outcome."""
    rows = matter.sittings.select_related("activity", "settled_by", "item").order_by("pk")
    return [SittingView(row, checks_of(row)) for row in rows]


def checks_of(sitting: Sitting) -> tuple[Check, ...]:
    """Return the checks behind a counted outcome, by the rule as it stood then; nothing where nothing was counted."""
    if sitting.entitled is None or sitting.present is None or not sitting.quorum or sitting.votes_for is None:
        return ()
    rule = VotingRule(Fraction(sitting.quorum), Fraction(sitting.majority), sitting.majority_of == MajorityOf.PRESENT)
    avoided = sitting.avoided or 0
    floor = Floor(sitting.entitled + avoided, avoided, sitting.present)
    return count_matter(
        floor, rule, yes=sitting.votes_for, no=sitting.votes_against or 0, abstained=sitting.votes_abstained or 0
    ).checks


def was_studied(matter: Matter) -> bool:
    """Tell whether the Party committee has studied it and agreed."""
    return matter.sittings.filter(purpose="study", outcome=Outcome.CARRIED).exists()


def is_decided_elsewhere(matter: Matter) -> bool:
    return matter.forum in ELSEWHERE


def _for_a_list(filters: Q | None, at: datetime) -> QuerySet[Matter]:
    late = MatterLine.objects.filter(matter=OuterRef("pk"), task__state__in=UNFINISHED, task__due_at__lt=at)
    rows = Matter.objects.filter(filters or Q()).select_related("body", "entry__of_list", "raised_by")
    return rows.annotate(
        is_late=Exists(late), parts=Count("lines", distinct=True),
        parts_done=Count("lines", filter=Q(lines__task__state=TaskState.ACCEPTED), distinct=True),
    )  # fmt: skip


OPEN_STATES = UNDECIDED | {MatterState.FOLLOWING}
