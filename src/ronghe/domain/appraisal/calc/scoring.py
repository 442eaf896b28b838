"""From the kept tables of a run to its file of results, and from a result to its explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ronghe.domain.appraisal.calc.keeping import Keeper, Kept
from ronghe.domain.appraisal.calc.results import ResultRow, results_schema
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.scoring.exact import text
from ronghe.scoring.explain import ExplanationDiffers, evidence_of, explain
from ronghe.scoring.inputs import Inputs
from ronghe.scoring.period import Period
from ronghe.scoring.run import Question, RunResult, run_sheet
from ronghe.scoring.what_if import WhatIf

if TYPE_CHECKING:
    import pyarrow as pa

    from ronghe.scoring.records import Evidence
    from ronghe.scoring.sheets import Sheet

FACTS, SUBJECTS, OBLIGATIONS, PREVIOUS = "facts.parquet", "subjects.parquet", "obligations.parquet", "previous.parquet"

ROWS_AT_A_TIME = 20_000


class NobodyToScore(DomainError):
    code = "nobody_to_score"
    sentence = N_("这里期末没有要考评的对象。请核对组织和评分表的级别。")


def run_over(playbook: Mapping[str, Any], sheet_id: str, period: str, tables: Mapping[str, Any]) -> RunResult:
    """Return the run over tables by the names that scoring gives them (`facts, subjects, obligations, previous`)."""
    return run_sheet(playbook, sheet_id, period=period, **tables)


def write_results(run: RunResult, target: Path) -> tuple[int, list[Question]]:
    """Write the results in the order in which people read them; return how many, and what is to be settled first.

    Ranked sheets stand best first, others by body: an order by score would be a rank by another name. Rows pass
    through in batches, so a million people fit.

    :raises NobodyToScore: there is no subject
    """
    import pyarrow.parquet as pq

    count = 0
    asked: list[dict[str, Any]] = []
    with TemporaryDirectory(dir=target.parent) as folder:
        wide = Path(folder) / "wide.parquet"
        run.to_parquet(wide)
        with pq.ParquetWriter(target, results_schema(), compression="zstd") as writer:
            for rows in _ordered(wide, ranked=run.sheet.rank != "off"):
                writer.write_table(_table(_part(run, rows)), row_group_size=ROWS_AT_A_TIME)
                asked += [row for row in rows if any(value for name, value in row.items() if name.startswith("ask_"))]
                count += len(rows)
    if not count:
        raise NobodyToScore
    return count, _part(run, asked).questions if asked else []


def explain_kept(kept: Kept, sheet_id: str, period: str, row: ResultRow) -> dict[str, Any]:
    """Return the tree of one result from the kept tables (see `ronghe.scoring.explain`).

    :raises ExplanationDiffers: the tree does not come to the score of the result
    """
    tree = explain(_run_around(kept, sheet_id, period, row), str(row.subject))
    shown = text(row.score) if row.score is not None else None
    if shown is not None and tree["value"] != shown:
        raise ExplanationDiffers(subject=row.subject, total=shown, recomputed=tree["value"])
    return tree


def what_if_over(kept: Kept, sheet_id: str, period: str) -> WhatIf:
    """Return the leaves of a run, measured from the kept tables, ready for what-if."""
    sheets = kept.json("rules.json")["playbook"]["sheets"]
    doc = next(sheet for sheet in sheets if sheet["id"] == sheet_id)
    paths = {"obligations": OBLIGATIONS, "previous": PREVIOUS}
    more = {name: str(kept.path(file)) for name, file in paths.items() if kept.has(file)}
    inputs = Inputs(str(kept.path(FACTS)), str(kept.path(SUBJECTS)), **more)
    return WhatIf(doc, Period.parse(period), inputs)


def evidence_kept(kept: Kept, sheet_id: str, period: str, row: ResultRow) -> tuple[Sheet, Evidence]:
    """Return the sheet of a run and what counted for one subject, from the kept tables."""
    run = _run_around(kept, sheet_id, period, row)
    return run.sheet, evidence_of(run.inputs, run.sheet, run.period, row.subject, row.category)


def keep_subjects(keeper: Keeper, rows: list[dict[str, Any]]) -> pa.Table:
    """Keep the table of subjects and return it."""
    import pyarrow as pa

    schema = pa.schema(
        [
            ("subject", pa.int64()), ("level", pa.string()), ("body", pa.int64()), ("category", pa.string()),
            ("from", pa.date32()), ("until", pa.date32()),
        ]
    )  # fmt: skip
    table = pa.Table.from_pylist(rows, schema)
    keeper.table(SUBJECTS, table)
    return table


def keep_obligations(keeper: Keeper, rows: Iterator[dict[str, Any]]) -> pa.Table:
    """Keep the table of obligations and return it; `rows` come in a fixed order."""
    import pyarrow as pa

    schema = pa.schema(
        [
            ("mechanism", pa.string()), ("occurrence", pa.string()), ("body", pa.int64()),
            ("due_until", pa.date32()), ("state", pa.string()), ("record", pa.int64()),
        ]
    )  # fmt: skip
    table = pa.Table.from_pylist(list(rows), schema)
    keeper.table(OBLIGATIONS, table)
    return table


def keep_previous(keeper: Keeper, rows: Iterator[tuple[int, int | None, str | None]]) -> pa.Table:
    """Keep the result before: subject, score in 1/10,000 (kept as a decimal of four places), grade."""
    from decimal import Decimal

    import pyarrow as pa

    schema = pa.schema([("subject", pa.int64()), ("total", pa.decimal128(18, 4)), ("grade", pa.string())])
    found = [
        {"subject": subject, "total": Decimal(score).scaleb(-4), "grade": grade}
        for subject, score, grade in rows
        if score is not None
    ]
    table = pa.Table.from_pylist(found, schema)
    keeper.table(PREVIOUS, table)
    return table


def _ordered(wide: Path, *, ranked: bool) -> Iterator[list[dict[str, Any]]]:
    import duckdb

    order = "rank NULLS LAST, total DESC NULLS LAST, subject" if ranked else "body NULLS LAST, subject"
    with duckdb.connect() as engine:
        statement = f"SELECT * FROM read_parquet(?) ORDER BY {order}"  # noqa: S608 - one of two constants
        found = engine.sql(statement, params=[str(wide)])
        for batch in found.to_arrow_reader(ROWS_AT_A_TIME):
            yield batch.to_pylist()


def _part(run: RunResult, rows: list[dict[str, Any]]) -> RunResult:
    """The same run with only these rows computed: it words results and questions without holding all of them."""
    part = RunResult(run.playbook, run.sheet, run.period, run.inputs)
    part.__dict__["rows"] = rows
    return part


def _table(part: RunResult) -> pa.Table:
    import pyarrow as pa

    rows = [
        {
            "subject": result.subject, "body": row["body"], "category": row["category"], "score": result.total,
            "rank": result.rank, "grade": result.grade, "vetoes": list(result.vetoes),
            "notes": [note.sentence for note in result.notes],
            "items": [{"id": i.id, "score": i.score, "applicable": i.applicable} for i in result.items],
        }
        for row, result in zip(part.rows, part.results, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, results_schema())


def _run_around(kept: Kept, sheet_id: str, period: str, row: ResultRow) -> RunResult:
    """The run over the kept tables, of which one subject is asked about."""
    playbook = kept.json("rules.json")["playbook"]
    tables: dict[str, Any] = {"facts": str(kept.path(FACTS)), "subjects": _around(kept, row)}
    for name, file in (("obligations", OBLIGATIONS), ("previous", PREVIOUS)):
        if kept.has(file):
            tables[name] = _read(kept.path(file))
    return run_over(playbook, sheet_id, period, tables)


def _around(kept: Kept, row: ResultRow) -> pa.Table:
    """The subject and who belongs to it: an explanation needs nobody else, unless peers steady a share."""
    import pyarrow.compute as pc

    table = _read(kept.path(SUBJECTS))
    if '"steady"' in kept.path("rules.json").read_text(encoding="utf-8"):
        return table
    mine = pc.or_(pc.equal(table["subject"], row.subject), pc.equal(table["body"], row.subject))
    return table.filter(pc.fill_null(mine, fill_value=False))


def _read(path: Path) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(path)
