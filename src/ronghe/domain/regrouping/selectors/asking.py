"""What is asked of the solver: the stored question put together with what is on file today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.regrouping.calc.model import (
    RELAXING_ORDER,
    Dimension,
    Member,
    Need,
    NeedKind,
    Pin,
    Problem,
    Requirements,
    Settings,
    Weights,
)
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.selectors.crew import Crew, crew_of
from ronghe.domain.regrouping.selectors.travel import Ways, ways_between
from ronghe.kernel.words import N_, _, listed

TIME_LIMIT_MS = 20_000
USUAL_MINIMUM = 2
"""So many of a broad trade a group gets where there are enough: one on duty and one to relieve."""
NAMED = 3
"""So many names a gap tells."""


@dataclass(frozen=True, slots=True)
class Question:
    """A regrouping as it would be asked now."""

    problem: Problem
    crew: Crew
    ways: Ways
    settings: Settings
    hubs: tuple[int, ...]


def question_of(regrouping: Regrouping) -> Question:
    """Return the question of a regrouping on its day, from what is on file."""
    crew = crew_of(regrouping.body, regrouping.unit, regrouping.as_of, regrouping.leading)
    ways = ways_between([station.id for station in crew.stations])
    known = {member.id for member in crew.members}
    places = {group.pk: at for at, group in enumerate(crew.groups)}
    sites = {station.id for station in crew.stations}
    problem = Problem(
        members=crew.members,
        stations=crew.stations,
        travel=ways.travel,
        requirements=from_plain(Requirements, regrouping.requirements),
        pins=pins_of(regrouping, known, places, sites),
        apart=pairs_of(regrouping, known),
        weights=from_plain(Weights, regrouping.weights),
    )
    settings = Settings(
        seed=regrouping.seed,
        time_limit_ms=TIME_LIMIT_MS,
        order=tuple(Dimension(one) for one in regrouping.bands) or RELAXING_ORDER,
    )
    return Question(problem, crew, ways, settings, tuple(hub for hub in regrouping.hubs if hub in sites))


def pins_of(regrouping: Regrouping, known: set[int], places: Mapping[int, int], sites: set[int]) -> tuple[Pin, ...]:
    """Return the pins of people and places that are there; a group of today is stored by its key, asked by its place."""
    found = []
    for pin in regrouping.pins:
        member, hub, group = pin["member"], pin.get("hub"), pin.get("group")
        if member in known and hub in sites:
            found.append(Pin(member, hub=hub))
        elif member in known and group in places:
            found.append(Pin(member, group=places[group]))
    return tuple(found)


def pairs_of(regrouping: Regrouping, known: set[int]) -> tuple[tuple[int, int], ...]:
    """Return the pairs to be kept apart, of people who are there."""
    return tuple((first, second) for first, second in regrouping.apart if {first, second} <= known)


def usual_requirements(members: Sequence[Member], groups: int) -> Requirements:
    """Return what each group must have unless somebody says otherwise.

    Two of each broad trade, or as many as there are for everybody; safety officers where there are enough.
    """
    trades = Counter(name for one in members for name in {one.trade, *one.further_trades} if name)
    duties = Counter(name for one in members for name in one.duties if name == SAFETY)
    needs = [
        Need(kind, name, min(USUAL_MINIMUM if kind is NeedKind.TRADE else 1, have // groups))
        for kind, counts in ((NeedKind.TRADE, trades), (NeedKind.DUTY, duties))
        for name, have in sorted(counts.items())
        if have >= groups
    ]
    return Requirements(needs=tuple(needs))


SAFETY = N_("安全管理")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not on file; solving works without it. `code` says where it is filled in."""

    code: str
    count: int
    sentence: str


def gaps_of(question: Question) -> list[Gap]:
    """Return what is missing, the heaviest first, in words."""
    members, crew = question.problem.members, question.crew
    people: list[tuple[str, str, list[Member]]] = [
        ("trade", N_("%(count)s 人没有工种：%(names)s"), [one for one in members if not one.trade]),
        ("post", N_("%(count)s 人没有岗位：%(names)s"), [one for one in members if not one.broad_post]),
        (
            "station",
            N_("%(count)s 人不在站场，路程按零计：%(names)s"),
            [one for one in members if one.home_station is None] if crew.stations else [],
        ),
        ("age", N_("%(count)s 人没有出生日期：%(names)s"), [one for one in members if one.age is None]),
        ("gender", N_("%(count)s 人没有性别：%(names)s"), [one for one in members if not one.gender]),
        (
            "party",
            N_("%(count)s 名党员没有入党时间：%(names)s"),
            [one for one in members if one.is_party and one.party_months is None],
        ),
    ]
    gaps = [
        Gap(
            code, len(who), _(sentence) % {"count": len(who), "names": _some([crew.people[one.id].name for one in who])}
        )
        for code, sentence, who in people
        if who
    ]
    if crew.unmanned:
        names = _some([crew.units[pk].name for pk in sorted(crew.unmanned)])
        gaps.append(
            Gap(
                "staffing",
                len(crew.unmanned),
                _("%(count)s 个站场没有定值守方式：%(names)s") % {"count": len(crew.unmanned), "names": names},
            )
        )
    if question.ways.guessed:
        gaps.append(
            Gap("travel", question.ways.guessed, _("%(count)s 段路程是估计的") % {"count": question.ways.guessed})
        )
    if not crew.stations:
        gaps.append(Gap("stations", 0, _("没有站场，不按区域划分，只求均衡。")))
    return gaps


def _some(names: Sequence[str]) -> str:
    shown = listed(names[:NAMED])
    return shown if len(names) <= NAMED else _("%(names)s等") % {"names": shown}
