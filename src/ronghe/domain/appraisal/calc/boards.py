"""The barrel: each subject's dimensions as boards beside those of its peers, read from the file of results.

Peers are the subjects of the same category in the same run. A board below the peers' median is short (补短板), the one
that lies deepest below is the shortest; one at or above it is kept (固底板), one at or above the upper quartile may be
made a model of (锻新板).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

SHORT, KEPT, LEADING = "short", "kept", "leading"


@dataclass(frozen=True, slots=True)
class Board:
    """One dimension of one subject; points in 1/10,000. `peers` counts the subject itself too."""

    id: str
    score: int
    full: int
    median: int
    upper: int
    peers: int

    @property
    def gap(self) -> int:
        """Points above (positive) or below the peers' median."""
        return self.score - self.median

    @property
    def kind(self) -> str:
        if self.score < self.median:
            return SHORT
        return LEADING if self.score >= self.upper and self.score > self.median else KEPT


@dataclass(frozen=True, slots=True)
class Shortest:
    """A subject's shortest board."""

    subject: int
    board: Board


@dataclass(frozen=True, slots=True)
class ShortestPage:
    rows: tuple[Shortest, ...]
    count: int
    by_board: Mapping[str, int]
    """How many have their shortest board where, those below their peers only."""


BOARDS = """
WITH long AS (SELECT subject, category, unnest(items) AS item FROM read_parquet($file)),
own AS (SELECT subject, category, item.id AS id, item.score AS score, "full", place
          FROM long JOIN dimensions ON dimensions.id = item.id WHERE item.applicable),
peers AS (SELECT category, id, quantile_disc(score, 0.5) AS median, quantile_disc(score, 0.75) AS upper,
                 count(*) AS peers
            FROM own GROUP BY category, id)
SELECT own.subject, own.id, own.score, own."full", peers.median, peers.upper, peers.peers, own.place,
       ((own.score - peers.median) * 1000000) // own."full" AS depth
  FROM own JOIN peers ON peers.id = own.id AND peers.category IS NOT DISTINCT FROM own.category
"""

SHORTEST = f"""
CREATE TEMP TABLE shortest AS
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY subject ORDER BY depth, place) AS nth FROM ({BOARDS}))
 WHERE nth = 1 AND score < median
"""  # noqa: S608 - constants of this file


def boards_of(file: Path, dimensions: Mapping[str, int], subject: int) -> list[Board]:
    """Return one subject's boards in the order of the sheet; `dimensions` are the full marks by id."""
    import duckdb

    with duckdb.connect() as engine:
        engine.register("dimensions", _table(dimensions))
        statement = f"SELECT * FROM ({BOARDS}) WHERE subject = $subject ORDER BY place"  # noqa: S608
        found = engine.execute(statement, {"file": str(file), "subject": subject}).fetchall()
    return [Board(*row[1:7]) for row in found]


def boards_in(file: Path, dimensions: Mapping[str, int], subjects: Collection[int]) -> dict[tuple[int, str], Board]:
    """Return the boards of some subjects by subject and dimension."""
    import duckdb

    with duckdb.connect() as engine:
        engine.register("dimensions", _table(dimensions))
        statement = f"SELECT * FROM ({BOARDS}) WHERE list_contains($subjects, subject)"  # noqa: S608
        found = engine.execute(statement, {"file": str(file), "subjects": list(subjects)}).fetchall()
    return {(row[0], row[1]): Board(*row[1:7]) for row in found}


def shortest_in(
    file: Path, dimensions: Mapping[str, int], *, board: str = "", start: int = 0, limit: int = 50
) -> ShortestPage:
    """Return the subjects that lie below their peers somewhere, each by its shortest board, the deepest first."""
    import duckdb

    with duckdb.connect() as engine:
        engine.register("dimensions", _table(dimensions))
        engine.execute(SHORTEST, {"file": str(file)})
        counts = dict(engine.execute("SELECT id, count(*) FROM shortest GROUP BY id").fetchall())
        found = engine.execute(
            "SELECT * FROM shortest WHERE $board IN ('', id) ORDER BY depth, subject LIMIT $limit OFFSET $start",
            {"board": board, "limit": limit, "start": start},
        ).fetchall()
    rows = tuple(Shortest(row[0], Board(*row[1:7])) for row in found)
    return ShortestPage(rows, counts.get(board, 0) if board else sum(counts.values()), counts)


def _table(dimensions: Mapping[str, int]) -> pa.Table:
    import pyarrow as pa

    rows: list[dict[str, Any]] = [
        {"id": name, "full": full, "place": place} for place, (name, full) in enumerate(dimensions.items())
    ]
    schema = pa.schema([("id", pa.string()), ("full", pa.int64()), ("place", pa.int32())])
    return pa.Table.from_pylist(rows, schema)
