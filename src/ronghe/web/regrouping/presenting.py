"""A proposal as the arrange page shows it: columns, capabilities, bars, consequences, the line of stations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from ronghe.domain.regrouping.calc.comparing import figures_of
from ronghe.domain.regrouping.calc.effects import Effect, Level, effect_of_move, moved
from ronghe.domain.regrouping.calc.judging import GroupFigures, Judgement
from ronghe.domain.regrouping.calc.model import Dimension, Member, NeedKind, Standing
from ronghe.domain.regrouping.calc.reasons import MEASURE_NAMES
from ronghe.domain.regrouping.selectors.proposals import Arrangement
from ronghe.ui.formats import exact

STATES = {Level.BAD: "failed", Level.WARN: "attention", Level.GOOD: "done"}
SHOWN_BROKEN = 4
MANY_TRADES = 9


@dataclass(frozen=True, slots=True)
class Capability:
    """How many a group has of something; `short`: fewer than it must."""

    name: str
    have: int
    short: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    pk: int
    name: str
    trade: str
    note: str
    is_leader: bool
    may_lead: bool
    is_probationary: bool
    is_no_member: bool
    moved_in: bool
    pinned: bool
    trying: bool
    """Stands here only on trial."""


@dataclass(frozen=True, slots=True)
class Column:
    """One group. `short`: what it lacks in a few words, "" where it can run its region alone."""

    at: int
    name: str
    region: str
    stations: int
    alone: bool
    short: str
    capabilities: tuple[Capability, ...]
    people: tuple[PersonRow, ...]
    figures: GroupFigures
    party_years: str
    left_from: str
    """Who is on trial in another group, "" for nobody."""


@dataclass(frozen=True, slots=True)
class Bar:
    count: int
    percent: int
    off: bool


@dataclass(frozen=True, slots=True)
class BarRow:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A station on the line of a region, with the minutes from the one before."""

    name: str
    is_hub: bool
    staffing: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Line:
    at: int
    name: str
    stops: tuple[Stop, ...]
    short: bool


@dataclass(frozen=True, slots=True)
class Said:
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Swap:
    """`value` is what the form sends: on trial both people, after the drop the other one and the group left."""

    name: str
    value: str
    cost: int


@dataclass(frozen=True, slots=True)
class Move:
    """A move on trial, or the last one that was made."""

    person: str
    member: int
    to: int
    to_name: str
    on_trial: bool
    said: tuple[Said, ...]
    swaps: tuple[Swap, ...]
    breaks: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Board:
    columns: tuple[Column, ...]
    bars: tuple[BarRow, ...]
    lines: tuple[Line, ...]
    broken: tuple[str, ...]
    more_broken: int
    move: Move | None
    compared: tuple[ComparedRow, ...]
    pinned: int
    unplaced: tuple[str, ...]
    short_groups: str


def board_of(opened: Arrangement, today: Arrangement | None, *, trying: tuple[int, int] | None = None) -> Board:
    """Return everything that the arrange page shows of a proposal; `trying` is a move looked at before it is made.

    :raises KeyError: the move names a person or a group that is not there
    """
    effect = effect_of_move(opened.problem, opened.assignment, *trying) if trying else None
    shown = _Shown(opened, effect)
    names = group_names(opened)
    judged = shown.judged
    columns = tuple(shown.column(at, name, trying) for at, name in enumerate(names))
    told = [one for one in judged.broken if one.code != "unplaced"]
    broken = tuple(dict.fromkeys(opened.say(one) for one in told))
    return Board(
        columns=columns,
        bars=tuple(_bars(judged)),
        lines=tuple(_lines(opened, columns)),
        broken=broken[:SHOWN_BROKEN],
        more_broken=max(0, len(broken) - SHOWN_BROKEN),
        move=_trial(opened, effect, trying, names) if effect and trying else _last(opened, names),
        compared=tuple(_compared(today.judgement if today else None, judged)),
        pinned=len(opened.problem.pins),
        unplaced=tuple(one.name for one in opened.problem.members if shown.where.get(one.id) is None),
        short_groups=_("、").join(column.name for column in columns if not column.alone),
    )


def group_names(opened: Arrangement) -> list[str]:
    """Return what the groups are called: a group of today by its name, a new one by its number."""
    return [
        group.name
        if (group := opened.group_today(area.continues)) is not None
        else _("第 %(n)s 组（新设）") % {"n": at}
        for at, area in enumerate(opened.assignment.areas, start=1)
    ]


class _Shown:
    """The grouping as it is, or as it would be after the move on trial."""

    def __init__(self, opened: Arrangement, effect: Effect | None) -> None:
        self.opened = opened
        self.judged: Judgement = effect.after if effect else opened.judgement
        grouping = effect.assignment if effect else opened.assignment
        self.where, self.before, self.grouping = grouping.where, opened.assignment.where, grouping
        self.pinned = {pin.member for pin in opened.problem.pins}
        self.trades = sorted({one.trade for one in opened.problem.members if one.trade})
        self.people: dict[int, list[Member]] = {at: [] for at in range(len(grouping.areas))}
        for member in opened.problem.members:
            if (group := self.where.get(member.id)) is not None:
                self.people[group].append(member)

    def column(self, at: int, name: str, trying: tuple[int, int] | None) -> Column:
        figures = self.judged.groups[at]
        leader, moved_in = figures.leader, set(figures.moved_in)
        members = sorted(
            self.people[at],
            key=lambda one: (one.id != leader, self._order(one.trade), one.standing is Standing.NONE, one.id),
        )
        capabilities = tuple(self._capabilities(figures))
        gone = trying is not None and self.before.get(trying[0]) == at and self.where.get(trying[0]) != at
        return Column(
            at=at,
            name=name,
            region=self.opened.names.stations.get(figures.hub, "") if figures.hub is not None else "",
            stations=len(figures.stations),
            alone=figures.alone,
            short=self._short(figures),
            capabilities=capabilities,
            people=tuple(self._row(one, leader, moved_in, trying) for one in members),
            figures=figures,
            party_years=tenths(figures.party_years_e1),
            left_from=self.opened.people[trying[0]].name if gone and trying else "",
        )

    def _order(self, trade: str) -> int:
        return self.trades.index(trade) if trade in self.trades else len(self.trades)

    def _row(self, member: Member, leader: int | None, moved_in: set[int], trying: tuple[int, int] | None) -> PersonRow:
        further = _("、").join(sorted(member.further_trades))
        home = self.opened.names.stations.get(member.home_station, "") if member.home_station is not None else ""
        return PersonRow(
            pk=member.id,
            name=member.name,
            trade=member.trade or _("没有工种"),
            note=" · ".join(part for part in (member.broad_post, further, home) if part),
            is_leader=member.id == leader,
            may_lead=member.can_lead,
            is_probationary=member.standing is Standing.PROBATIONARY,
            is_no_member=member.standing is Standing.NONE,
            moved_in=member.id in moved_in,
            pinned=member.id in self.pinned,
            trying=trying is not None and member.id == trying[0],
        )

    def _capabilities(self, figures: GroupFigures) -> Iterator[Capability]:
        """Every need with what there is of it, then the main trades that nobody asked about."""
        asked = set()
        for need in figures.needs:
            asked.add((need.kind, need.name))
            yield Capability(need.name, need.have, short=not need.met)
        for trade in self.trades[:MANY_TRADES]:
            if (NeedKind.TRADE, trade) not in asked:
                yield Capability(trade, figures.main_trades.get(trade, 0), short=False)

    def _short(self, figures: GroupFigures) -> str:
        if figures.alone:
            return ""
        for need in figures.needs:
            if not need.met:
                return _("缺%(name)s %(count)s 人") % {"name": need.name, "count": need.minimum - need.have}
        return _("缺组长人选") if figures.leader is None else _("人数不够")


def _bars(judged: Judgement) -> Iterator[BarRow]:
    """One row an amount of people: size, Party members, trades, posts, women, older."""
    for spread in judged.spreads:
        if spread.name in {"years", "party_years"}:
            continue
        most = max(*spread.amounts, 1)
        yield BarRow(
            _(MEASURE_NAMES[spread.name]) if spread.name in MEASURE_NAMES else spread.name,
            tuple(
                Bar(amount, round(amount * 100 / most), off=not spread.low <= amount <= spread.high)
                for amount in spread.amounts
            ),
        )


def _lines(opened: Arrangement, columns: Sequence[Column]) -> Iterator[Line]:
    known = {station.id: station for station in opened.problem.stations}
    for column in columns:
        if not column.figures.stations:
            continue
        order = _along(opened, column.figures.stations)
        ways = [None, *(opened.problem.travel.between(here, there) for here, there in pairwise(order))]
        stops = tuple(
            Stop(known[pk].name, pk == column.figures.hub, known[pk].staffing, minutes)
            for pk, minutes in zip(order, ways, strict=True)
        )
        yield Line(column.at, column.region, stops, short=not column.alone)


def _along(opened: Arrangement, stations: Sequence[int]) -> list[int]:
    """Order stations along the way: from the one farthest from the others on to the nearest each time."""
    far = opened.problem.travel.between
    here = max(stations, key=lambda one: (sum(far(one, other) for other in stations), one))
    rest, order = [one for one in stations if one != here], [here]
    while rest:
        here = min(rest, key=lambda one: (far(order[-1], one), one))
        rest.remove(here)
        order.append(here)
    return order


def _said(opened: Arrangement, effect: Effect) -> tuple[Said, ...]:
    return tuple(Said(STATES[one.level], opened.say(one.reason)) for one in effect.consequences)


def _trial(opened: Arrangement, effect: Effect, trying: tuple[int, int], names: Sequence[str]) -> Move:
    member, to = trying
    return Move(
        person=opened.people[member].name,
        member=member,
        to=to,
        to_name=names[to],
        on_trial=True,
        said=_said(opened, effect),
        swaps=tuple(Swap(opened.people[one.other].name, f"{member}:{one.other}", one.cost) for one in effect.swaps),
        breaks=effect.breaks,
    )


def _last(opened: Arrangement, names: Sequence[str]) -> Move | None:
    """What the last move by hand did, told from the grouping before it; nothing for an exchange, which broke nothing."""
    last = opened.proposal.last_move
    if last is None or last.get("other") is not None or last["from"] is None:
        return None
    member, to = last["member"], last["to"]
    before = moved(opened.problem, opened.assignment, member, last["from"])
    effect = effect_of_move(opened.problem, before, member, to)
    return Move(
        person=opened.people[member].name,
        member=member,
        to=to,
        to_name=names[to],
        on_trial=False,
        said=_said(opened, effect),
        swaps=tuple(
            Swap(opened.people[one.other].name, f"{one.other}:{last['from']}", one.cost) for one in effect.swaps
        ),
        breaks=effect.breaks,
    )


def _compared(before: Judgement | None, after: Judgement) -> Iterator[ComparedRow]:
    """The figures of today's grouping beside this one's."""
    new = figures_of(after)
    old = figures_of(before) if before is not None else None
    yield ComparedRow(_("能单独管一片的组"), str(old.alone) if old else "—", str(new.alone))
    for dimension, name in ((Dimension.TRADES, _("工种偏差")), (Dimension.POSTS, _("岗位偏差"))):
        if dimension in new.uneven_e4:
            was = percent(old.uneven_e4.get(dimension, 0)) if old else "—"
            yield ComparedRow(name, was, percent(new.uneven_e4[dimension]))
    yield ComparedRow(_("人均路程（分）"), tenths(old.minutes_e1) if old else "—", tenths(new.minutes_e1))
    yield ComparedRow(_("要换组的人"), "—", str(new.moves))


def tenths(value_e1: int | None) -> str:
    """Return tenths as a number with one place; a dash where there is none."""
    return exact(None if value_e1 is None else Decimal(value_e1) / 10, 1)


def percent(value_e4: int) -> str:
    """Return 1/10,000 as percent with one place: 8.3 %."""
    return f"{value_e4 / 100:.1f}%"
