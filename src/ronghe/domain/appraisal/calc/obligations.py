"""What was owed in a period, derived: the playbook's mechanisms × the subjects × the calendar, met by the facts.

For runs on files alone, and for bodies that adopted nothing on the platform. What nobody met counts as missed: a run is
about a period that is over, and the same files give the same result on any day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ronghe.domain.obligations.calc.matching import Key, Record
from ronghe.domain.obligations.calc.occurrences import Calendars
from ronghe.domain.obligations.calc.table import BODY_KIND_OF_LEVEL, Owing, obligation_table
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.scoring.period import SHANGHAI, Window

if TYPE_CHECKING:
    import pyarrow as pa

WHEN_ALL_IS_OVER = date.max


def derived_obligations(
    playbook: Playbook, sheet: Mapping[str, Any], *, subjects: Any, facts: Any, window: Window,
    calendars: Mapping[str, Calendars] | None = None, waived: frozenset[Key] = frozenset(),
    today: date = WHEN_ALL_IS_OVER,
) -> pa.Table:  # fmt: skip
    """Return what the bodies among the subjects owed in `window` as it stands on `today`, by the sheet's mechanisms.

    `subjects` and `facts` are tables as scoring takes them (Arrow, or a path of Parquet). `calendars` are by body; the
    others have the default ones. Columns: `mechanism, occurrence, body, due_until, state, record`.
    """
    mechanisms = asked_mechanisms(playbook, sheet)
    kinds = _bodies(subjects, str(sheet["level"]), window)
    if not mechanisms or not kinds:
        return _empty()
    known = calendars or {}
    table = obligation_table(
        replace(playbook, mechanisms=mechanisms),
        [Owing(body, kind, calendars=known.get(body)) for body, kind in kinds.items()],
        DaySpan(window.day_from, window.day_until),
        today=today,
        records=_records(facts, {way.kind for one in mechanisms for way in _ways(one)}, kinds),
        waived=waived,
    )
    return table.select(["mechanism", "occurrence", "body", "due_until", "state", "record"])


def asked_mechanisms(playbook: Playbook, sheet: Mapping[str, Any]) -> tuple[Mechanism, ...]:
    """Return the mechanisms that the sheet asks about, and those that may take a record from them (SD-06)."""
    wanted = set(_due(sheet))
    by_id = {mechanism.id: mechanism for mechanism in playbook.mechanisms}
    while more := {
        other.id
        for other in by_id.values()
        if other.id not in wanted
        and (other.not_with & wanted or any(other.id in by_id[one].not_with for one in wanted & by_id.keys()))
    }:
        wanted |= more
    return tuple(mechanism for mechanism in playbook.mechanisms if mechanism.id in wanted)


def _due(content: Any) -> Iterator[str]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            if name == "due":
                yield from (value,) if isinstance(value, str) else value
            else:
                yield from _due(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _due(value)


def _ways(mechanism: Mechanism) -> Iterator[Any]:
    yield from mechanism.satisfied_by
    for sitting in mechanism.sittings:
        yield from sitting.satisfied_by


def _bodies(subjects: Any, level: str, window: Window) -> dict[str, BodyKind]:
    """Return the kind of every body that is there on the last day of the window, by id in order."""
    found = {}
    for row in _rows(subjects, ["subject", "level", "from", "until"]):
        own = row.get("level") or level
        if own in BODY_KIND_OF_LEVEL and _is_there(row, window.day_until):
            found[str(row["subject"])] = BODY_KIND_OF_LEVEL[own]
    return dict(sorted(found.items()))


def _is_there(row: Mapping[str, Any], until: date) -> bool:
    begun = row.get("from") is None or row["from"] < until
    return begun and (row.get("until") is None or row["until"] >= until)


def _records(facts: Any, kinds: Iterable[str], bodies: Iterable[str]) -> Iterator[Record]:
    """Yield the facts that may meet something, without those that were reversed."""
    wanted, known = set(kinds), set(bodies)
    rows = list(_rows(facts, None, kinds=sorted(wanted)))
    reversed_ones = {row["reverses"] for row in rows if row.get("reverses") is not None}
    for row in rows:
        body = row.get("body")
        if body is None or str(body) not in known or row.get("reverses") is not None or row.get("id") in reversed_ones:
            continue
        at = row["occurred_at"]
        yield Record(
            id=str(row["id"]),
            kind=row["kind"],
            occurred_at=at if at.tzinfo else at.replace(tzinfo=SHANGHAI),
            bodies=frozenset({str(body)}),
            attributes=_attributes(row),
        )


_NOT_ATTRIBUTES = frozenset(
    {"seq", "id", "kind", "occurred_at", "subject", "body", "home", "quantity", "quantity_e4", "reverses", "attributes"}
)


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if name not in _NOT_ATTRIBUTES and value is not None}
    return {**found, **(json.loads(row["attributes"]) if row.get("attributes") else {})}


def _rows(given: Any, columns: list[str] | None, *, kinds: list[str] | None = None) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if isinstance(given, str | Path):
        filters = [("kind", "in", kinds)] if kinds else None
        given = pq.read_table(given, filters=filters)
    elif not isinstance(given, pa.Table):
        given = pa.Table.from_pylist(list(given))
    if kinds is not None:
        given = given.filter(pc.is_in(given["kind"], value_set=pa.array(kinds, pa.string())))
    if columns is not None:
        given = given.select([name for name in columns if name in given.column_names])
    for batch in given.to_batches(max_chunksize=50_000):
        yield from batch.to_pylist()


def _empty() -> pa.Table:
    import pyarrow as pa

    texts = [(name, pa.string()) for name in ("mechanism", "occurrence", "body", "state", "record")]
    return pa.schema([*texts, ("due_until", pa.date32())]).empty_table()
