"""The file of results: one row a subject, in the order in which people read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one node of the sheet gave: points in 1/10,000."""

    id: str
    score: int | None
    applicable: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One subject's result. `score` is in 1/10,000, `None` for who is left out or to whom nothing applies.

    `grade` and `vetoes` are ids of the sheet, `notes` sentences for people.
    """

    subject: int
    body: int | None
    category: str | None
    score: int | None
    rank: int | None
    grade: str | None
    vetoes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    items: tuple[ItemScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows somebody may see: all, or those about `subjects` or lying in `bodies`."""

    everything: bool = False
    subjects: frozenset[int] = frozenset()
    bodies: frozenset[int] = field(default=frozenset())

    def allows(self, subject: int, body: int | None) -> bool:
        """Tell whether the row of `subject` in `body` is among them."""
        return self.everything or subject in self.subjects or (body is not None and body in self.bodies)

    @property
    def is_empty(self) -> bool:
        return not (self.everything or self.subjects or self.bodies)


NOTHING, EVERYTHING = Cut(), Cut(everything=True)


def results_schema() -> pa.Schema:
    """Return the columns of the file of results."""
    import pyarrow as pa

    item = pa.struct([("id", pa.string()), ("score", pa.int64()), ("applicable", pa.bool_())])
    return pa.schema(
        [
            ("subject", pa.int64()), ("body", pa.int64()), ("category", pa.string()), ("score", pa.int64()),
            ("rank", pa.int32()), ("grade", pa.string()), ("vetoes", pa.list_(pa.string())),
            ("notes", pa.list_(pa.string())), ("items", pa.list_(item)),
        ]
    )  # fmt: skip


def rows_of(table: pa.Table) -> Iterator[ResultRow]:
    """Yield the rows of a table of results, in its order."""
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            yield _row(row)


def each_row(path: Path) -> Iterator[ResultRow]:
    """Yield every row of the file, batch by batch."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=10_000):
            for row in batch.to_pylist():
                yield _row(row)


def cut_rows(path: Path, cut: Cut, *, start: int = 0, limit: int = 50) -> tuple[list[ResultRow], int]:
    """Return a page of the rows that `cut` allows, in the order of the file, and how many it allows in all."""
    import pyarrow.parquet as pq

    if cut.is_empty:
        return [], 0
    keys = pq.read_table(path, columns=["subject", "body"])
    wanted = _places(keys, cut)
    count = keys.num_rows if wanted is None else len(wanted)
    page = range(start, min(start + limit, count))
    places: Sequence[int] = page if wanted is None else [wanted[number] for number in page]
    return _at(path, places), count


def row_of(path: Path, subject: int) -> ResultRow | None:
    """Return the row of one subject."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, filters=[("subject", "=", subject)])
    return next(rows_of(table), None)


def grade_counts(path: Path, cut: Cut) -> dict[str | None, int]:
    """Return how many of the rows that `cut` allows have each grade."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["subject", "body", "grade"])
    wanted = _places(table, cut)
    grades = (table if wanted is None else table.take(wanted))["grade"].value_counts().to_pylist()
    return {found["values"]: found["counts"] for found in grades}


def words(found: Iterable[str]) -> str:
    """Return words as they are stored in a row of the database."""
    return json.dumps(list(found), ensure_ascii=False)


def _places(table: pa.Table, cut: Cut) -> list[int] | None:
    """The numbers of the allowed rows; `None` for all of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cut.everything:
        return None
    mine = pc.is_in(table["subject"], value_set=pa.array(sorted(cut.subjects), pa.int64()))
    below = pc.is_in(table["body"], value_set=pa.array(sorted(cut.bodies), pa.int64()))
    found: list[int] = pc.indices_nonzero(pc.or_(mine, below)).to_pylist()
    return found


def _at(path: Path, places: Sequence[int]) -> list[ResultRow]:
    """Read the rows at these places (ascending) without reading the others' lists."""
    import pyarrow.parquet as pq

    rows: list[ResultRow] = []
    with pq.ParquetFile(path) as file:
        begin = 0
        for group in range(file.num_row_groups):
            end = begin + file.metadata.row_group(group).num_rows
            inside = [place - begin for place in places if begin <= place < end]
            if inside:
                rows += rows_of(file.read_row_group(group).take(inside))
            begin = end
    return rows


def _row(row: dict[str, Any]) -> ResultRow:
    return ResultRow(
        subject=row["subject"],
        body=row["body"],
        category=row["category"],
        score=row["score"],
        rank=row["rank"],
        grade=row["grade"],
        vetoes=tuple(row["vetoes"] or ()),
        notes=tuple(row["notes"] or ()),
        items=tuple(ItemScore(item["id"], item["score"], item["applicable"]) for item in row["items"] or ()),
    )
