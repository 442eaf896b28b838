"""The words of a sheet as a version freezes them, the digest that each side signs, and what differs between two versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ronghe.domain.duties.calc.shares import SIDES, Share

FIELDS = ("title", "text", "when", "basis")
"""What a row says besides who does what."""


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says. `key` names it in every version; `when` is a day (ISO) or how often, in words."""

    key: int
    number: int
    kind: str
    title: str
    text: str
    when: str
    basis: str
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One thing in a row that reads otherwise: a name of `FIELDS`, or a side."""

    field: str
    before: str | Share | None
    after: str | Share | None


@dataclass(frozen=True, slots=True)
class RowDiff:
    """A row that is `added`, `removed` or `changed`; `row` is the newer reading, of a removed one the last."""

    kind: str
    row: RowWords
    fields: tuple[FieldDiff, ...] = ()


def written(rows: Iterable[RowWords]) -> str:
    """Return the one spelling of the rows: JSON with sorted keys, rows by key."""
    data = [asdict(row) for row in sorted(rows, key=lambda row: row.key)]
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> list[RowWords]:
    """Return the rows that `written` spelled, by number."""
    data: list[dict[str, Any]] = json.loads(text)
    rows = [
        RowWords(**{**row, "shares": {side: Share(**row["shares"][side]) for side in SIDES if side in row["shares"]}})
        for row in data
    ]
    return sorted(rows, key=lambda row: row.number)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a spelling, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def of_side(rows: Iterable[RowWords], side: str) -> list[RowWords]:
    """Return the rows in which `side` has a part: what it answers for with its signature."""
    return [row for row in rows if side in row.shares]


def side_digests(rows: Sequence[RowWords]) -> dict[str, str]:
    """Return for each side the digest of its rows, empty where it has none."""
    by_side = {side: of_side(rows, side) for side in SIDES}
    return {side: digest_of(written(mine)) if mine else "" for side, mine in by_side.items()}


def differences(before: Iterable[RowWords], after: Iterable[RowWords]) -> list[RowDiff]:
    """Return what differs, by number; rows that read the same are left out."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    found = [RowDiff("added", row) for key, row in new.items() if key not in old]
    found += [RowDiff("removed", row) for key, row in old.items() if key not in new]
    for key in old.keys() & new.keys():
        if fields := _fields(old[key], new[key]):
            found.append(RowDiff("changed", new[key], fields))
    return sorted(found, key=lambda diff: diff.row.number)


def _fields(before: RowWords, after: RowWords) -> tuple[FieldDiff, ...]:
    told = [
        FieldDiff(name, getattr(before, name), getattr(after, name))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    told += [
        FieldDiff(side, before.shares.get(side), after.shares.get(side))
        for side in SIDES
        if before.shares.get(side) != after.shares.get(side)
    ]
    return tuple(told)
