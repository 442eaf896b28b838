"""A run on files alone: one playbook, one or several files of facts, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ronghe.domain.appraisal.calc.obligations import derived_obligations
from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed
from ronghe.scoring.files import read_facts, read_subjects
from ronghe.scoring.period import SHANGHAI, Period
from ronghe.scoring.run import RunResult, run_sheet

if TYPE_CHECKING:
    import pyarrow as pa


class SheetNotNamed(DomainError):
    code = "sheet_not_named"
    sentence = N_("范本里没有评分表“%(sheet)s”。请用 --sheet 从这些里选一张：%(known)s。")
    status = 422


def run_on_files(
    playbook: Playbook, *, sheet_id: str | None, period: str, facts: Sequence[Path], subjects: Path | None = None,
    obligations: Path | None = None, previous: Path | None = None,
) -> RunResult:  # fmt: skip
    """Return the run of one sheet over files; without `obligations` they are derived where the sheet asks about them.

    :raises SheetNotNamed: no such sheet, or several and none named
    :raises SheetWrong: the sheet has mistakes
    :raises PeriodUnknown: the period cannot be read
    :raises PeriodNotMeant: the sheet is for other periods
    :raises Unreadable: a file cannot be read
    """
    content: dict[str, Any] = json.loads(canonical_text(playbook.content))
    sheet = _sheet(content, sheet_id)
    gathered = facts_of(facts)
    known = read_subjects(subjects) if subjects is not None else None
    owed: Any = obligations
    if obligations is None and known is not None:
        owed = derived_obligations(playbook, sheet, subjects=known, facts=gathered, window=Period.parse(period))
    return run_sheet(
        content, sheet["id"], period=period, facts=gathered, subjects=known, obligations=owed, previous=previous
    )


def facts_of(paths: Sequence[Path]) -> Any:
    """Return the facts of all files as one table for scoring.

    Ids that several files use (a fact without one is known by its line) are told apart by the file's name.
    """
    found = [read_facts(path) for path in paths]
    if len(found) == 1:
        return found[0]
    tables = [_plain(table) for table in found]
    seen: set[str] = set()
    for number, (path, table) in enumerate(zip(paths, tables, strict=True)):
        ids = set(table["id"].to_pylist())
        if ids & seen:
            tables[number] = _told_apart(table, f"{path.stem}:")
        seen |= ids
    import pyarrow as pa

    return pa.concat_tables(tables)


def _sheet(content: Mapping[str, Any], sheet_id: str | None) -> dict[str, Any]:
    sheets = {sheet["id"]: sheet for sheet in content.get("sheets", ())}
    if sheet_id is None and len(sheets) == 1:
        return dict(next(iter(sheets.values())))
    if sheet_id not in sheets:
        raise SheetNotNamed(sheet=sheet_id or "—", known=listed(sheets) or "—")
    return dict(sheets[sheet_id])


_TEXTS = ("id", "kind", "subject", "body", "home", "reverses")
_KNOWN = frozenset({*_TEXTS, "occurred_at", "quantity", "quantity_e4", "attributes", "seq"})


def _plain(given: Any) -> pa.Table:
    """Bring a table, or a Parquet file ready for scoring, to the columns that a file of lines is read to."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(given) if isinstance(given, str | Path) else given
    size = table.num_rows
    columns: dict[str, Any] = {}
    for name in _TEXTS:
        columns[name] = table[name].cast(pa.string()) if name in table.column_names else pa.nulls(size, pa.string())
    if "id" not in table.column_names:
        columns["id"] = pa.array([str(line) for line in range(1, size + 1)], pa.string())
    columns["occurred_at"] = _moments(table["occurred_at"])
    columns["quantity_e4"] = _quantities(table)
    columns["attributes"] = _attributes(table)
    return pa.table(columns)


def _moments(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type.tz is None:
        column = pc.assume_timezone(column.cast(pa.timestamp("us")), str(SHANGHAI))
    return column.cast(pa.timestamp("us", "UTC"))


def _quantities(table: pa.Table) -> Any:
    """In 1/10,000; a fact without a quantity counts as one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "quantity_e4" in table.column_names:
        return pc.fill_null(table["quantity_e4"].cast(pa.int64()), 10_000)
    if "quantity" not in table.column_names:
        return pa.array([10_000] * table.num_rows, pa.int64())
    exact = table["quantity"].cast(pa.decimal128(23, 4))
    return pc.fill_null(pc.multiply(exact, pa.scalar(10_000, pa.int64())).cast(pa.int64()), 10_000)


def _attributes(table: pa.Table) -> Any:
    import pyarrow as pa

    extra = [name for name in table.column_names if name not in _KNOWN]
    held = table["attributes"].to_pylist() if "attributes" in table.column_names else [None] * table.num_rows
    if not extra:
        return pa.array(held, pa.string())
    rows = table.select(extra).to_pylist()
    merged = [
        {**json.loads(text or "{}"), **{key: value for key, value in row.items() if value is not None}}
        for text, row in zip(held, rows, strict=True)
    ]
    return pa.array([json.dumps(row, ensure_ascii=False, sort_keys=True, default=str) for row in merged], pa.string())


def _told_apart(table: pa.Table, prefix: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in ("id", "reverses"):
        place = table.column_names.index(name)
        named = pc.binary_join_element_wise(pa.scalar(prefix), table[name], "")
        table = table.set_column(place, name, named)
    return table
