"""Requests as an actor may see them, and the way that a request goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.grid.calc.levels import Rung, level_of
from ronghe.domain.grid.calc.state import BRANCHES, LEVELS
from ronghe.domain.grid.enums import GridLevel, RequestState
from ronghe.domain.grid.models import GridRequest, GridRequestStep
from ronghe.domain.grid.rules import ANSWER_REQUEST, ANSWERERS, SEE_REQUEST
from ronghe.domain.grid.selectors.liaisons import member_named_for
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

_JOINED = ("raiser", "entered_by", "branch", "body", "handler", "answered_by", "task")


@dataclass(frozen=True, slots=True)
class StepShown:
    """A line of a request's story as the reader may see it; `who` is nobody where the clock did it or the name is kept."""

    step: GridRequestStep
    who: Person | None
    is_hidden: bool


def branch_for(person: Person, day: date) -> PartyOrg | None:
    """Return the body in whose part of the grid `person` stands.

    The home branch, else that of the named member, else the nearest body that carries the unit or one above it.
    """
    home = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person=person).select_related("body")
    found = home.order_by("pk").first()
    if found is not None:
        return found.body
    member = member_named_for(person, day)
    if member is not None:
        home = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person=member).select_related("body")
        found = home.order_by("pk").first()
        if found is not None:
            return found.body
    return _carrier_of(person, day)


def _carrier_of(person: Person, day: date) -> PartyOrg | None:
    if person.unit is None:
        return None
    links = type(person.unit).links().filter(on_day(day), descendant=person.unit_id).order_by()
    depths = dict(links.values_list("ancestor_id", "depth"))
    rows = PartyOrg.objects.filter(on_day(day), kind__in=LEVELS, unit__in=links.values("ancestor_id")).order_by("pk")
    near = sorted(rows, key=lambda body: (depths[body.unit_id], body.kind not in BRANCHES, body.pk))
    return near[0] if near else None


def ladder_of(body: int, day: date) -> list[Rung]:
    """Return the bodies of the grid from `body` up, one read."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body).order_by("depth", "ancestor_id")
    rows = links.values_list("ancestor_id", "ancestor__kind", "depth")
    return [Rung(pk, level_of(kind)) for pk, kind, depth in rows if kind in LEVELS or not depth]


def manned_among(ladder: Sequence[Rung], day: date) -> set[int]:
    """Return the bodies of the ladder in which somebody answers on `day`, one read."""
    posts = PostHolding.objects.filter(on_day(day), body__in=[rung.body for rung in ladder], role__in=ANSWERERS)
    return set(posts.order_by().values_list("body_id", flat=True))


def requests_seen_by(actor: Person, at: datetime) -> QuerySet[GridRequest]:
    """Return the requests that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_REQUEST.narrow(actor, GridRequest.objects.select_related(*_JOINED), at=at, walk=True)
    return rows.order_by("-raised_at", "-pk")


def list_requests(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[GridRequest]:
    """Return one page of the requests that `actor` may see, the latest first; two statements."""
    rows = GridRequest.objects.filter(filters or Q()).select_related(*_JOINED)
    return list_seen(SEE_REQUEST, actor, rows, order_by=("-raised_at",), at=at, page=page, size=size)


def own_requests(person: Person) -> QuerySet[GridRequest]:
    """Return what `person` raised or wrote down for others, the latest first."""
    mine = Q(raiser=person) | Q(entered_by=person)
    return GridRequest.objects.filter(mine).select_related(*_JOINED).order_by("-raised_at", "-pk")


def requests_to_answer(actor: Person, at: datetime) -> QuerySet[GridRequest]:
    """Return what waits for `actor` to answer, the soonest clock first; of the named members' only the own ones."""
    own_or_higher = ~Q(level=GridLevel.MEMBER) | Q(handler=actor)
    waiting = GridRequest.objects.filter(own_or_higher, state=RequestState.WAITING)
    rows = ANSWER_REQUEST.narrow(actor, waiting, at=at)
    return rows.select_related(*_JOINED).order_by("due_on", "pk")


def knows_raiser(request: GridRequest, actor: Person) -> bool:
    """Tell whether `actor` may be told who raised it: with the name kept back, only the raiser's own side."""
    return not request.is_anonymous or actor.pk in {request.raiser_id, request.entered_by_id, request.handler_id}


def raiser_shown(request: GridRequest, actor: Person) -> Person | None:
    """Return who raised it, nobody where the name is kept back from `actor`."""
    return request.raiser if knows_raiser(request, actor) else None


def story_of(request: GridRequest, actor: Person) -> list[StepShown]:
    """Return the lines of a request's story, the oldest first, as `actor` may see them."""
    told = knows_raiser(request, actor)
    hidden = set() if told else {request.raiser_id, request.entered_by_id}
    rows = request.steps.select_related("by", "body").order_by("number", "pk")
    return [
        StepShown(
            step, None if step.by_id in hidden else step.by, is_hidden=step.by_id in hidden and step.by_id is not None
        )
        for step in rows
    ]
