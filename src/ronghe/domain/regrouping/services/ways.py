"""How long the ways between stations are: typed, brought in as a table, or guessed from their order along the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from django.db import transaction

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.regrouping.enums import TravelSource
from ronghe.domain.regrouping.facts import TRAVEL_SET
from ronghe.domain.regrouping.models import Regrouping, TravelTime
from ronghe.domain.regrouping.rules import DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.crew import crew_of
from ronghe.domain.regrouping.selectors.travel import GUESSED_LEG
from ronghe.domain.regrouping.services.drafting import refuse_settled
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell
from ronghe.kernel.words import N_

MOST_MINUTES = 600


class NotAStationHere(DomainError):
    code = "not_a_station_here"
    sentence = N_("“%(name)s”不是这次划分里的站场。请照架构里的站名写。")
    status = 422


class MinutesOutOfRange(DomainError):
    code = "minutes_out_of_range"
    sentence = N_("%(a)s到%(b)s的路程“%(minutes)s”看不懂，请写 1 到 600 的整数分钟。")
    status = 422


class NoWaysInTable(DomainError):
    code = "no_ways_in_table"
    sentence = N_("表里没有路程。请按三列填写：站场、站场、分钟，每段一行。")
    status = 422


@dataclass(frozen=True, slots=True)
class Way:
    a: str
    b: str
    minutes: str


@transaction.atomic
def set_ways(*, regrouping: Regrouping, ways: Sequence[Way], source: TravelSource, actor: Person, at: datetime) -> int:
    """Say how long ways are, stations by name, the same in both directions; return how many.

    :raises NotAStationHere, MinutesOutOfRange: a row that cannot be read; nothing is written then
    :raises NoWaysInTable: there is no row
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    refuse_settled(regrouping)
    if not ways:
        raise NoWaysInTable
    units = crew_of(regrouping.body, regrouping.unit, regrouping.as_of).units
    keys = {unit.name: pk for pk, unit in units.items()}
    for way in ways:
        a, b = _station(keys, way.a), _station(keys, way.b)
        minutes = int(way.minutes) if way.minutes.isascii() and way.minutes.isdigit() else 0
        if a == b or not 1 <= minutes <= MOST_MINUTES:
            raise MinutesOutOfRange(a=way.a, b=way.b, minutes=way.minutes)
        _keep(a, b, minutes, source)
    record(Draft(TRAVEL_SET, at, actor, body=regrouping.body_id, attributes={"ways": len(ways)}, source=regrouping))
    return len(ways)


def import_ways(*, regrouping: Regrouping, file: Path, name: str, actor: Person, at: datetime) -> int:
    """Bring ways in from a table of three columns: station, station, minutes. A row without a number is a head.

    :raises Unreadable: the file is no table
    :raises NoWaysInTable, NotAStationHere, MinutesOutOfRange: what is in it cannot be used
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    return set_ways(
        regrouping=regrouping, ways=list(_ways_in(file, name)), source=TravelSource.IMPORTED, actor=actor, at=at
    )


@transaction.atomic
def guess_along_line(
    *, regrouping: Regrouping, stations: Sequence[AdminUnit], actor: Person, at: datetime, minutes: int = GUESSED_LEG
) -> int:
    """Guess the ways from the order of the stations along the line; what was said stays. Returns how many were guessed."""
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    refuse_settled(regrouping)
    guessed = 0
    for here, there in pairwise(stations):
        a, b = sorted((here.pk, there.pk))
        if a != b:
            _row, made = TravelTime.objects.get_or_create(
                a_id=a, b_id=b, defaults={"minutes": minutes, "source": TravelSource.GUESSED}
            )
            guessed += made
    record(Draft(TRAVEL_SET, at, actor, body=regrouping.body_id, attributes={"ways": guessed}, source=regrouping))
    return guessed


def _keep(a: int, b: int, minutes: int, source: TravelSource) -> None:
    low, high = sorted((a, b))
    TravelTime.objects.update_or_create(a_id=low, b_id=high, defaults={"minutes": minutes, "source": source})


def _station(keys: dict[str, int], name: str) -> int:
    if name not in keys:
        raise NotAStationHere(name=name)
    return keys[name]


def _ways_in(file: Path, name: str) -> Iterable[Way]:
    for sheet in open_tables(file, name=name).sheets:
        for _number, cells in sheet.rows():
            a, b, minutes = [*map(_text, cells[:3]), "", "", ""][:3]
            if a and b and any(sign.isdigit() for sign in minutes):
                yield Way(a, b, minutes)


def _text(cell: Cell) -> str:
    """Return what stands in a cell; a whole number without the point that a table gives it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
