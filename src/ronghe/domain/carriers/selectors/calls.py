"""Call-ups: lists, one with its roster, shifts, log and needs, what waits for whom, who is on too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.carriers.calc.shifts import Span, hours_of, longest_row
from ronghe.domain.carriers.calc.types import TEAMS
from ronghe.domain.carriers.enums import Answer, CallState, CarrierState, NeedState, TeamState
from ronghe.domain.carriers.models import (
    CallNeed,
    CallPerson,
    CallTeam,
    CallUp,
    Carrier,
    LogLine,
    LogPicture,
    Shift,
    ShiftPerson,
)
from ronghe.domain.carriers.rules import COMMAND, SEE_CALL, SEND_TEAM, VERIFY_CALL
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import keys_of
from ronghe.domain.pools.models import SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM
from ronghe.kernel.access.listing import Listed, list_seen

LIMITS = ("callup_hours_in_row", "callup_hours_warned", "callup_rest_hours")
LOOKED_AROUND = timedelta(days=3)
"""How far before and after a shift other shifts of the same people can stand in a row with it."""
NEIGHBOURS = 20
_ORDER = (Answer.ARRIVED, Answer.COMING, Answer.NONE, Answer.CANNOT)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long somebody may be on in a row (hours), from where it is pointed out, and which gap is a rest."""

    most: int
    warned: int
    rest: int


@dataclass(slots=True)
class Counts:
    """How a roster stands: how many are called, came, are coming, cannot, and have not answered."""

    called: int = 0
    arrived: int = 0
    coming: int = 0
    cannot: int = 0
    silent: int = 0

    @property
    def answered(self) -> int:
        return self.called - self.silent


@dataclass(slots=True)
class TeamRoster:
    """A team of a call-up with its people: who is there first, then who is coming, who is silent, who cannot."""

    team: CallTeam
    rows: list[CallPerson] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OnShift:
    """Somebody on a shift, and how long without a rest, counting every shift around it."""

    part: ShiftPerson
    in_row: Decimal
    is_warned: bool


@dataclass(frozen=True, slots=True)
class CallView:
    """A call-up with everything that its page and its report show; constant statements."""

    call: CallUp
    teams: list[TeamRoster]
    counts: Counts
    shifts: list[tuple[Shift, list[OnShift]]]
    log: list[LogLine]
    needs: list[CallNeed]
    limits: Limits
    hours: list[tuple[CallPerson, Decimal]]
    """Who held shifts, for how long, most first."""

    @property
    def roster(self) -> list[CallPerson]:
        return [row for team in self.teams for row in team.rows]

    @property
    def current(self) -> Shift | None:
        """The first shift that is not closed."""
        return next((shift for shift, _people in self.shifts if not shift.is_closed), None)

    @property
    def total_hours(self) -> Decimal:
        return sum((hours for _row, hours in self.hours), Decimal(0))


def calls_seen_by(actor: Person, at: datetime) -> QuerySet[CallUp]:
    """Return the call-ups that `actor` may see, the newest first: to be cut to one or a few."""
    rows = SEE_CALL.narrow(actor, CallUp.objects.all(), at=at, walk=True)
    return rows.select_related("body", "zone", "commander", "called_by", "ended_by", "verified_by").order_by(
        "-called_at", "-pk"
    )


def calls_filtered(
    *, words: str = "", occasion: str = "", state: str = "", body: int | None = None
) -> QuerySet[CallUp]:
    """Return call-ups by these filters, whoever may see them; `words` occur in what, place or body."""
    rows = CallUp.objects.select_related("body", "commander")
    if words:
        rows = rows.filter(Q(what__contains=words) | Q(place__contains=words) | Q(body__name__contains=words))
    if occasion:
        rows = rows.filter(occasion=occasion)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(body=body) if body is not None else rows


def list_calls(
    actor: Person, at: datetime, rows: QuerySet[CallUp], *, order_by: Sequence[Any] = ("-called_at",), page: int = 1,
    size: int = 20,
) -> Listed[CallUp]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_CALL, actor, rows, order_by=order_by, at=at, page=page, size=size)


def counts_of(calls: Collection[int]) -> dict[int, Counts]:
    """Return how the rosters of several call-ups stand; one statement."""
    rows: Any = CallPerson.objects.filter(call__in=calls).order_by().values("call_id", "answer").annotate(n=Count("pk"))
    found: dict[int, Counts] = {key: Counts() for key in calls}
    for row in rows:
        counts = found[row["call_id"]]
        counts.called += row["n"]
        name = {Answer.NONE: "silent"}.get(row["answer"], row["answer"])
        setattr(counts, str(name), row["n"])
    return found


def calls_of(person: Person) -> QuerySet[CallPerson]:
    """Return the person's place in every call-up under way, the latest first: what stands at the top of the day."""
    rows = CallPerson.objects.filter(person=person, call__state=CallState.RUNNING)
    return rows.select_related("call__body", "call__commander", "team__carrier").order_by("-call__called_at", "-pk")


def calls_to_run(actor: Person, at: datetime) -> QuerySet[CallUp]:
    """Return the call-ups under way that `actor` commands, the latest first."""
    rows = COMMAND.narrow(actor, CallUp.objects.filter(state__in=[CallState.RUNNING, CallState.DISPUTED]), at=at)
    return rows.select_related("body", "commander").order_by("-called_at", "-pk")


def calls_to_verify(actor: Person, at: datetime) -> QuerySet[CallUp]:
    """Return the call-ups that wait for `actor` to verify what was brought about, the longest waiting first."""
    rows = VERIFY_CALL.narrow(actor, CallUp.objects.filter(state=CallState.STOOD_DOWN), at=at)
    return rows.select_related("body").order_by("ended_at", "pk")


def teams_to_send(actor: Person, at: datetime) -> QuerySet[CallTeam]:
    """Return the requests for help that wait for `actor`'s answer, the longest waiting first."""
    rows = CallTeam.objects.filter(state=TeamState.ASKED, call__state=CallState.RUNNING)
    return SEND_TEAM.narrow(actor, rows, at=at).select_related("call__body", "carrier").order_by("asked_at", "pk")


def neighbouring_teams(call: CallUp) -> list[Carrier]:
    """Return the free teams that may be asked for help: of the own body, then of those beside it, then of all others."""
    busy = CallTeam.objects.filter(carrier=OuterRef("pk")).filter(
        Q(is_busy=True) | Q(call=call, state__in=[TeamState.CALLED, TeamState.ASKED])
    )
    rows = Carrier.objects.filter(~Exists(busy), type__in=TEAMS, state=CarrierState.ACTIVE)
    beside = PartyOrg.objects.filter(pk=call.body_id).order_by().values("parent_id")
    near = rows.filter(Q(body=call.body_id) | Q(body__parent_id__in=beside))
    found = list(near.select_related("body", "lead").order_by("name", "pk")[:NEIGHBOURS])
    if len(found) < NEIGHBOURS:
        known = [team.pk for team in found]
        others = rows.exclude(pk__in=known).select_related("body", "lead").order_by("name", "pk")
        found += others[: NEIGHBOURS - len(found)]
    return sorted(found, key=lambda team: team.body_id != call.body_id)


def items_to_book(call: CallUp, actor: Person, at: datetime) -> QuerySet[SharedItem]:
    """Return what the shared pool of the call-up's zone offers and `actor` may book, by title."""
    rows = SharedItem.objects.filter(withdrawn_at=None, zone=call.zone_id)
    return BOOK_ITEM.narrow(actor, rows, at=at).select_related("unit").order_by("title", "pk")


def limits_of(call: CallUp, at: datetime) -> Limits:
    """Return how long people may be on in a row, as the body's playbook says."""
    found = keys_of(LIMITS, call.body_id, local_day(at))
    return Limits(*(found[name] for name in LIMITS))


def spans_of(people: Collection[int], from_at: datetime, until_at: datetime) -> dict[int, list[tuple[int, Span]]]:
    """Return the shifts of these people near a time, by person: key of the row and span; those not held are left out.

    Whoever is called twice is on in both: shifts of every call-up count. One statement.
    """
    rows = ShiftPerson.objects.filter(
        row__person__in=people, starts_at__lt=until_at + LOOKED_AROUND, ends_at__gt=from_at - LOOKED_AROUND
    ).exclude(is_held=False)
    found: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    for part in rows.select_related("row").order_by("starts_at", "pk"):
        found[part.row.person_id].append((part.pk, part.span))
    return found


def view_of(call: CallUp, now: datetime) -> CallView:
    """Return a call-up with roster, shifts, log and needs; ten statements whatever its size."""
    teams = {
        team.pk: TeamRoster(team)
        for team in call.teams.select_related("carrier__body", "carrier__lead", "answered_by").order_by(
            "asked_at", "pk"
        )
    }
    counts = Counts()
    for row in call.roster.select_related("person__unit", "answered_by", "arrived_by").order_by("person__name", "pk"):
        teams[row.team_id].rows.append(row)
        counts.called += 1
        name = "silent" if row.answer == Answer.NONE else row.answer
        setattr(counts, name, getattr(counts, name) + 1)
    for team in teams.values():
        team.rows.sort(key=lambda row: _ORDER.index(Answer(row.answer)))
    limits = limits_of(call, now)
    shifts = _shifts(call, limits)
    return CallView(
        call=call, teams=list(teams.values()), counts=counts, shifts=shifts, log=log_of(call), needs=_needs(call),
        limits=limits, hours=_hours(teams.values(), shifts),
    )  # fmt: skip


def log_of(call: CallUp) -> list[LogLine]:
    """Return the log in order of time, each line with its `shown` pictures; two statements."""
    lines = list(call.log.select_related("by", "corrects").order_by("happened_at", "pk"))
    pictures: dict[int, list[LogPicture]] = defaultdict(list)
    for picture in LogPicture.objects.filter(line__call=call).select_related("file").order_by("pk"):
        pictures[picture.line_id].append(picture)
    corrected = {line.corrects_id for line in lines}
    for line in lines:
        line.shown = pictures[line.pk]  # type: ignore[attr-defined]
        line.is_corrected = line.pk in corrected  # type: ignore[attr-defined]
    return lines


def pictures_seen_by(actor: Person, at: datetime) -> QuerySet[LogPicture]:
    """Return the pictures of the logs that `actor` may see: to be cut to one file."""
    seen = SEE_CALL.narrow(actor, CallUp.objects.all(), at=at, walk=True).order_by()
    return LogPicture.objects.filter(line__call__in=seen.values("pk"))


def _needs(call: CallUp) -> list[CallNeed]:
    rows = call.needs.select_related("by", "settled_by", "booking__item", "team__carrier").order_by("at", "pk")
    return sorted(rows, key=lambda need: need.state != NeedState.OPEN)


def _shifts(call: CallUp, limits: Limits) -> list[tuple[Shift, list[OnShift]]]:
    shifts = list(call.shifts.select_related("handed_by", "taken_by").order_by("number"))
    parts: dict[int, list[ShiftPerson]] = defaultdict(list)
    rows = ShiftPerson.objects.filter(shift__call=call).select_related("row__person", "row__team__carrier")
    for part in rows.order_by("-is_lead", "row__person__name", "pk"):
        parts[part.shift_id].append(part)
    if not shifts:
        return []
    people = {part.row.person_id for some in parts.values() for part in some}
    spans = spans_of(people, shifts[0].starts_at, shifts[-1].ends_at)
    return [(shift, [_on(part, spans[part.row.person_id], limits) for part in parts[shift.pk]]) for shift in shifts]


def _on(part: ShiftPerson, spans: Sequence[tuple[int, Span]], limits: Limits) -> OnShift:
    """Say how long somebody is on in the row of shifts that ends with this one."""
    before = [span for _key, span in spans if span.starts_at <= part.starts_at]
    minutes = longest_row(_row_ending_with(part.span, before, limits.rest), rest_hours=limits.rest)
    return OnShift(part, hours_of(minutes), minutes > limits.warned * 60)


def _row_ending_with(last: Span, spans: Sequence[Span], rest_hours: int) -> list[Span]:
    """Return the spans that stand in a row with `last`, going back until there was a rest."""
    row, begins = [last], last.starts_at
    for span in sorted(spans, reverse=True):
        if begins - span.ends_at >= timedelta(hours=rest_hours):
            break
        row.append(span)
        begins = min(begins, span.starts_at)
    return row


def _hours(
    teams: Collection[TeamRoster], shifts: Sequence[tuple[Shift, list[OnShift]]]
) -> list[tuple[CallPerson, Decimal]]:
    minutes: dict[int, int] = defaultdict(int)
    for _shift, people in shifts:
        for on in people:
            minutes[on.part.row_id] += on.part.minutes
    rows = [row for team in teams for row in team.rows if minutes[row.pk]]
    return [(row, hours_of(minutes[row.pk])) for row in sorted(rows, key=lambda row: -minutes[row.pk])]
