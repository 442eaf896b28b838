"""Groups, who is in them, what they answer for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.structure.calc.placing import may_stand_below
from ronghe.domain.taskforces.enums import OPEN_POINTS, ForceState, MemberPart, OutcomeKind, PointState
from ronghe.domain.taskforces.models import ForceMember, Outcome, PointPerson, TaskForce, TrackingEntry
from ronghe.domain.taskforces.rules import DECIDE_TASK_FORCE, PROPOSE_TASK_FORCE, SEE_TASK_FORCE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

_PARTS = tuple(MemberPart)


def forces_seen_by(actor: Person, at: datetime) -> QuerySet[TaskForce]:
    """Return the groups that `actor` may see, the latest first."""
    rows = SEE_TASK_FORCE.narrow(actor, TaskForce.objects.all(), at=at)
    return rows.select_related("project", "parent", "body", "agreement", "zone").order_by("-proposed_at", "-pk")


def list_forces(
    actor: Person, at: datetime, *, words: str = "", state: str = "", project: int | None = None, page: int = 1,
    size: int = 50, order_by: Collection[str] = ("-proposed_at",),
) -> Listed[TaskForce]:  # fmt: skip
    """Return one page of the groups that `actor` may see; `words` occur in the name, the project's or the brand."""
    rows = TaskForce.objects.select_related("project", "parent")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(project__name__icontains=words) | Q(brand__icontains=words))
    if state:
        rows = rows.filter(state=state)
    if project is not None:
        rows = rows.filter(project=project)
    return list_seen(SEE_TASK_FORCE, actor, rows, order_by=tuple(order_by), at=at, page=page, size=size)


def forces_to_decide(actor: Person, at: datetime) -> QuerySet[TaskForce]:
    """Return the groups that wait for `actor` to approve them, oldest first."""
    rows = DECIDE_TASK_FORCE.narrow(actor, TaskForce.objects.filter(state=ForceState.PROPOSED), at=at)
    return rows.select_related("project", "parent").order_by("proposed_at", "pk")


def members_on(force: TaskForce, day: date) -> QuerySet[ForceMember]:
    """Return who is in the group on `day`, the leader first, then by name."""
    rows = force.members.filter(on_day(day)).select_related("person__unit", "home")
    return rows.order_by("person__name", "pk")


def leader_of(force: TaskForce) -> Person | None:
    """Return who leads the group now."""
    row = force.members.filter(part=MemberPart.LEADER, valid_until=None).select_related("person").first()
    return row.person if row is not None else None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A member with what is answered for: no ranking, only who stands for what (亮身份、做表率、当先锋)."""

    member: ForceMember
    in_charge_of: int
    takes_part_in: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in the group, the leader first, then the guide, then by name; and who was."""

    lines: list[RosterLine]
    left: list[ForceMember]


def roster_of(force: TaskForce) -> Roster:
    """Return the roster with the points that each answers for; two reads. Of a closed group, as it was at the end."""
    rows = list(force.members.select_related("person__unit", "home").order_by("person__name", "pk"))
    last = max((row.valid_until for row in rows if row.valid_until is not None), default=None)
    is_over = bool(rows) and all(row.valid_until is not None for row in rows)
    inside = [row for row in rows if row.valid_until is None or (is_over and row.valid_until == last)]
    charge, part, resolved = Counter[int](), Counter[int](), Counter[int]()
    for answered in PointPerson.objects.filter(point__task_force=force).select_related("point").order_by("pk"):
        (charge if answered.is_in_charge else part)[answered.person_id] += 1
        resolved[answered.person_id] += answered.point.state == PointState.RESOLVED
    inside.sort(key=lambda row: _PARTS.index(MemberPart(row.part)))
    lines = [RosterLine(row, charge[row.person_id], part[row.person_id], resolved[row.person_id]) for row in inside]
    return Roster(lines, [row for row in rows if row not in inside])


def may_be_asked(bodies: Collection[int], at: datetime) -> QuerySet[Person]:
    """Return the Party members at home in these branches or below them, by name: whom a group may take in."""
    day = local_day(at)
    below = PartyOrg.links().filter(on_day(day), ancestor_id__in=bodies).order_by().values("descendant_id")
    home = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body_id__in=below).order_by()
    rows = Person.objects.filter(pk__in=home.values("person_id"), political_status__in=PARTY_MEMBERS)
    return rows.select_related("unit").order_by("name", "pk")


def parents_to_choose(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies below which `actor` may propose a group, by name."""
    kinds = [kind for kind in PartyOrgKind if may_stand_below(PartyOrgKind.TEMPORARY_PARTY_GROUP, kind)]
    rows = PROPOSE_TASK_FORCE.narrow(actor, PartyOrg.objects.filter(valid_until=None, kind__in=kinds), at=at)
    return rows.order_by("name", "pk")


def tracking_of(force: TaskForce) -> QuerySet[TrackingEntry]:
    """Return what was seen and advised on the way, the latest first."""
    return force.tracking.select_related("by").order_by("-day", "-pk")


def outcomes_of(force: TaskForce) -> dict[OutcomeKind, Outcome | None]:
    """Return the three outcomes in their order, `None` where one is not written yet."""
    rows = force.outcomes.select_related("written_by").prefetch_related("figures")
    written = {row.kind: row for row in rows.order_by("pk")}
    return {kind: written.get(kind) for kind in OutcomeKind}


def open_points_of(force: TaskForce) -> int:
    """Return how many difficult points are neither resolved nor handed over."""
    return force.points.filter(state__in=sorted(OPEN_POINTS)).count()
