"""Sealed facts as Parquet, kept beside the database and grown by `seq`, so that a run over years reads columns, not rows.

    files/facts/manifest.json
    files/facts/2026Q3/000000000001-000000200000.parquet

A part holds the facts of one span of `seq` that count in one quarter. A reversal counts in the period of what it
reverses, so it lies in that quarter's folder. The manifest is replaced as a whole after its parts are on disk: what it
does not name was never exported, and a process killed half-way leaves nothing behind that anybody reads.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, periods_in
from ronghe.kernel.facts.models import SealedFact
from ronghe.kernel.facts.seal import cutoff_seq

CHUNK = 200_000
"""Facts read and written at a time: about 60 MB."""

COLUMNS = {
    "seq": "int64", "id": "int64", "kind": "string", "occurred_at": "utc", "counts_at": "utc", "subject": "int64",
    "body": "int64", "home_body": "int64", "unit": "int64", "zone": "int64", "project": "int64", "quantity": "int64",
    "measure": "string", "attributes": "string", "reverses": "int64", "source_type": "string", "source_id": "int64",
}  # fmt: skip
"""`counts_at` is when the fact counts: its own moment, or that of the fact it reverses. `quantity` is in 1/10,000."""

_SELECT = """
SELECT s.seq, f.id, f.kind, f.occurred_at, COALESCE(o.occurred_at, f.occurred_at), f.subject, f.body, f.home_body,
       f.unit, f.zone, f.project, f.quantity, f.measure, f.attributes, f.reverses, f.source_type, f.source_id
  FROM kernel_sealed_fact s
  JOIN kernel_fact f ON f.id = s.fact_id
  LEFT JOIN kernel_fact o ON o.id = f.reverses
 WHERE s.seq > {after} AND s.seq <= {until}
 ORDER BY s.seq
"""

Progress = Callable[[int, int], None]
"""Told how many facts are exported and how many there will be."""


@dataclass(frozen=True, slots=True)
class Part:
    """One exported file: the facts of `first_seq` to `last_seq`, both included, that count in `quarter`."""

    path: str
    quarter: str
    first_seq: int
    last_seq: int
    rows: int
    sha256: str
    last_digest: str
    """The sealed digest of the fact at `last_seq`: an export of another database, or of one since restored, is told."""


def export_facts(*, until_seq: int | None = None, progress: Progress | None = None) -> int:
    """Export what was sealed up to `until_seq` (everything unless told) and not exported yet; return the last place."""
    with _locked():
        parts = _own_parts()
        done = max((part.last_seq for part in parts), default=0)
        last = cutoff_seq() if until_seq is None else until_seq
        while done < last:
            until = min(done + CHUNK, last)
            parts += _export_span(done, until)
            _write_manifest(parts)
            done = until
            if progress is not None:
                progress(done, last)
    return done


def exported_parts(span: DaySpan, *, until_seq: int) -> list[Path]:
    """Return the parts with facts that may count in the days of `span`, in order of `seq`.

    The first and last part may hold facts beyond the span or beyond `until_seq`: the reader cuts.
    """
    quarters = {str(period) for period in periods_in(span, PeriodKind.QUARTER)}
    wanted = [part for part in _own_parts() if part.quarter in quarters and part.first_seq <= until_seq]
    return [_folder() / part.path for part in sorted(wanted, key=lambda part: (part.first_seq, part.quarter))]


def schema_of_facts() -> Any:
    """Return the Arrow schema of the exported facts."""
    import pyarrow as pa

    kinds = {"int64": pa.int64(), "string": pa.string(), "utc": pa.timestamp("us", tz="UTC")}
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


def _own_parts() -> list[Part]:
    """Return the parts known so far, or none if they are not of this database as it stands."""
    parts = _manifest()
    if not parts:
        return []
    newest = max(parts, key=lambda part: part.last_seq)
    return parts if _digest_at(newest.last_seq) == newest.last_digest else []


def _digest_at(seq: int) -> str | None:
    found = SealedFact.objects.filter(seq=seq).values_list("digest", flat=True).first()
    return None if found is None else bytes(found).hex()


def _export_span(after: int, until: int) -> list[Part]:
    import pyarrow as pa
    import pyarrow.compute as pc

    table = _read(after, until)
    local = table["counts_at"].cast(pa.timestamp("us", tz=settings.TIME_ZONE))
    number = pc.add(pc.multiply(pc.year(local), 10), pc.quarter(local))
    quarters = sorted(pc.unique(number).to_pylist())
    return [_write_part(table.filter(pc.equal(number, quarter)), quarter, after + 1, until) for quarter in quarters]


def _write_part(rows: Any, quarter: int, first_seq: int, last_seq: int) -> Part:
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(rows, content, compression="zstd")
    label = f"{quarter // 10}Q{quarter % 10}"
    name = f"{label}/{first_seq:012}-{last_seq:012}.parquet"
    _write(_folder() / name, content.getvalue())
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    return Part(name, label, first_seq, last_seq, rows.num_rows, sha256, _digest_at(last_seq) or "")


def _read(after: int, until: int) -> Any:
    """Read one span of the sealed order as an Arrow table."""
    statement = _SELECT.format(after=int(after), until=int(until))
    with connection.cursor() as cursor:
        return _copied(cursor, statement) if connection.vendor == "postgresql" else _fetched(cursor, statement)


def _copied(cursor: Any, statement: str) -> Any:
    """PostgreSQL: COPY hands over text as fast as it is read, and Arrow parses it in columns."""
    import pyarrow as pa
    from pyarrow import csv

    text = io.BytesIO()
    with cursor.cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy:
        for block in copy:
            text.write(block)
    schema = schema_of_facts()
    if not text.tell():
        return schema.empty_table()
    text.seek(0)
    options = csv.ConvertOptions(column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False)
    read = csv.read_csv(
        text,
        read_options=csv.ReadOptions(column_names=list(COLUMNS)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )
    return pa.table(read).cast(schema)


def _fetched(cursor: Any, statement: str) -> Any:
    """SQLite: rows turned into columns; its moments are UTC text, parsed column by column."""
    import pyarrow as pa

    as_text = {name: f"CAST({name} AS TEXT)" for name in ("f.occurred_at", "o.occurred_at")}
    for name, text in as_text.items():  # else each one would become a Python datetime first
        statement = statement.replace(name, text)
    cursor.execute(statement)
    columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(COLUMNS)
    schema = schema_of_facts()
    arrays = [
        pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(field.type)
        if pa.types.is_timestamp(field.type)
        else pa.array(values, field.type)
        for field, values in zip(schema, columns, strict=True)
    ]
    return pa.table(arrays, schema=schema)


def _folder() -> Path:
    folder: Path = settings.HOME.files / "facts"
    return folder


def _manifest() -> list[Part]:
    path = _folder() / "manifest.json"
    return [Part(**part) for part in json.loads(path.read_text())] if path.exists() else []


def _write_manifest(parts: Iterable[Part]) -> None:
    _write(_folder() / "manifest.json", json.dumps([asdict(part) for part in parts], indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


@contextmanager
def _locked() -> Iterator[None]:
    """One exporter at a time; the lock goes with the process that held it."""
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
