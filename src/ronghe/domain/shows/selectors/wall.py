"""The board of promises (承诺墙): one line a promise, who judges it, and how much of what was judged was kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from ronghe.domain.carriers.enums import PUBLISHED
from ronghe.domain.carriers.models import Carrier, CarrierMember, PromiseLine
from ronghe.domain.carriers.rules import SEE_CARRIER
from ronghe.domain.carriers.rules.promises import JUDGES
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.enums import PromiseState, WallOrder
from ronghe.domain.shows.selectors.cards import SEEN_STATES, state_of
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.tree import descendants, on_day

SIZE = 30
MOST_PRINTED = 300
_FIRST = (
    PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.DISCIPLINE_MEMBER, PostRole.ZONE_LEAD,
    PostRole.COMMITTEE_CLERK,
)  # fmt: skip
assert set(_FIRST) == JUDGES
_ORDERS: dict[str, tuple[str, ...]] = {
    WallOrder.DUE: ("item__due_at",),
    WallOrder.STATE: ("place", "item__due_at"),
    WallOrder.BODY: ("carrier__body__name", "item__due_at"),
    WallOrder.LATEST: ("is_open", "-item__closed_at"),
}


@dataclass(frozen=True, slots=True)
class WallAsked:
    """Which promises; `body` and `unit` reach below themselves, `unit` asks where who promised works."""

    words: str = ""
    state: str = ""
    body: int | None = None
    zone: int | None = None
    unit: int | None = None
    carrier: int | None = None
    order: str = WallOrder.DUE


@dataclass(frozen=True, slots=True)
class WallLine:
    """A promise; `judges` is who judged it, or would: nobody who is in its carrier."""

    line: PromiseLine
    state: PromiseState
    judge: str


@dataclass(frozen=True, slots=True)
class WallSums:
    """How many stand where now, and what was judged within a year of today."""

    open: int
    overdue: int
    reported: int
    ratio: Ratio


def promises_on_wall(actor: Person, at: datetime, asked: WallAsked) -> QuerySet[PromiseLine]:
    """Return the promises asked for, as far as `actor` sees their carriers, in the order asked for."""
    seen = SEE_CARRIER.narrow(actor, Carrier.objects.filter(state__in=PUBLISHED), at=at)
    rows = PromiseLine.objects.filter(carrier__in=seen.order_by().values("pk"), item__state__in=SEEN_STATES)
    rows = _placed(rows, asked, local_day(at))
    if asked.words:
        words = asked.words
        rows = rows.filter(
            Q(item__title__contains=words) | Q(carrier__name__contains=words) | Q(item__owner__name__contains=words)
            | Q(carrier__body__name__contains=words)
        )  # fmt: skip
    if asked.state:
        rows = rows.filter(_in_state(asked.state, at))
    whens = [When(_in_state(state, at), then=Value(place)) for place, state in enumerate(PromiseState.values)]
    is_open: Any = Case(When(item__closed_at=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.annotate(place=Case(*whens, default=Value(9), output_field=IntegerField()), is_open=is_open)
    return rows.order_by(*_ORDERS.get(asked.order, _ORDERS[WallOrder.DUE]), "pk")


def wall(
    actor: Person, at: datetime, asked: WallAsked, *, page: int = 1, size: int = SIZE
) -> tuple[Listed[PromiseLine], list[WallLine]]:  # fmt: skip
    """Return a page of the board, and its promises as they are told; four statements, however many there are."""
    rows = promises_on_wall(actor, at, asked)
    count = rows.order_by().count()
    page = min(max(page, 1), max(1, -(-count // size)))
    chosen = rows.select_related("item__owner", "item__settled_by", "carrier__body", "carrier__zone")
    found = list(chosen[(page - 1) * size : page * size])
    return Listed(found, count, page, size), told(found, at)


def told(rows: Sequence[PromiseLine], at: datetime) -> list[WallLine]:
    """Return the promises with their state and who judges them; two statements."""
    judges = _judges({row.carrier_id: row.carrier.body_id for row in rows}, local_day(at))
    return [
        WallLine(row, state_of(row, at), row.item.settled_by.name if row.item.settled_by is not None
                 and row.item.closed_at is not None else judges[row.carrier_id])
        for row in rows
    ]  # fmt: skip


def sums(actor: Person, at: datetime, asked: WallAsked) -> WallSums:
    """Return how the promises asked for stand, whatever state was asked for; one statement."""
    everything = WallAsked(asked.words, "", asked.body, asked.zone, asked.unit, asked.carrier)
    rows = promises_on_wall(actor, at, everything).order_by()
    judged = Q(item__closed_at__gte=moment_of(year_before(local_day(at))))
    found = rows.aggregate(
        open=Count("pk", filter=_in_state(PromiseState.OPEN, at)),
        overdue=Count("pk", filter=_in_state(PromiseState.OVERDUE, at)),
        reported=Count("pk", filter=_in_state(PromiseState.REPORTED, at)),
        kept=Count("pk", filter=judged & Q(item__state="kept")),
        not_kept=Count("pk", filter=judged & Q(item__state="not_kept")),
    )
    return WallSums(found["open"], found["overdue"], found["reported"], Ratio(found["kept"], found["not_kept"]))


def ratios_by_body(bodies: Collection[int], from_at: datetime, until_at: datetime) -> dict[int, Ratio]:
    """Return by body what was judged in a span of what its own carriers promised; one statement."""
    rows = PromiseLine.objects.filter(
        carrier__state__in=PUBLISHED, carrier__body__in=bodies, item__closed_at__gte=from_at,
        item__closed_at__lt=until_at,
    )  # fmt: skip
    found = rows.order_by().values("carrier__body_id").annotate(
        kept=Count("pk", filter=Q(item__state="kept")), not_kept=Count("pk", filter=Q(item__state="not_kept"))
    )  # fmt: skip
    return {row["carrier__body_id"]: Ratio(row["kept"], row["not_kept"]) for row in found}


def year_before(day: date) -> date:
    """Return the day a year ago; of 29 February the day before it."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _placed(rows: QuerySet[PromiseLine], asked: WallAsked, day: date) -> QuerySet[PromiseLine]:
    if asked.body is not None:
        rows = rows.filter(carrier__body__in=descendants(PartyOrg, [asked.body], day=day))
    if asked.zone is not None:
        rows = rows.filter(carrier__zone=asked.zone)
    if asked.unit is not None:
        rows = rows.filter(item__owner__unit__in=descendants(AdminUnit, [asked.unit], day=day))
    return rows if asked.carrier is None else rows.filter(carrier=asked.carrier)


def _in_state(state: str, at: datetime) -> Q:
    if state == PromiseState.OVERDUE:
        return Q(item__state="running", item__due_at__lt=at)
    if state == PromiseState.OPEN:
        return Q(item__state="running") & ~Q(item__due_at__lt=at)
    return Q(item__state=state)


def _judges(bodies: dict[int, int], day: date) -> dict[int, str]:
    """Return by carrier who would judge: the first of its body who may and is not in it; "" where it falls to those above."""
    inside: dict[int, set[int]] = {carrier: set() for carrier in bodies}
    rows = CarrierMember.objects.filter(on_day(day), carrier__in=bodies).order_by()
    for carrier, person in rows.values_list("carrier_id", "person_id"):
        inside[carrier].add(person)
    posts = PostHolding.objects.filter(on_day(day), body__in=set(bodies.values()), role__in=_FIRST)
    held = sorted(posts.select_related("person").order_by("pk"), key=lambda post: _FIRST.index(PostRole(post.role)))
    return {
        carrier: next((p.person.name for p in held if p.body_id == body and p.person_id not in inside[carrier]), "")
        for carrier, body in bodies.items()
    }
