"""Runs on files alone: facts, subjects, obligations and the result before as JSON Lines, JSON, CSV or Parquet.

Every bad line is told with file, line and what to do; nothing of a bad file is used.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ronghe.kernel.errors import Unreadable
from ronghe.kernel.words import _, listed
from ronghe.scoring.exact import UNIT, NotExact, units
from ronghe.scoring.period import SHANGHAI
from ronghe.scoring.records import COUNTED_STATES, KEY_OF_LEVEL, OPEN, WAIVED

STATES = (*COUNTED_STATES, WAIVED, OPEN, "upcoming", "due")

FACT_COLUMNS = ("id", "kind", "occurred_at", "subject", "body", "home", "quantity", "reverses", "attributes")

PLACES = 4
"""Decimal places that are kept."""

SHOWN_PROBLEMS = 10
"""How many bad lines one error names."""


def tables_of(**given: Any) -> dict[str, Any]:
    """Return tables for `Inputs`: paths are read, everything else is passed on.

    :raises Unreadable: a file is missing, of an unknown type or has bad lines
    """
    readers: dict[str, Callable[[Path], Any]] = {
        "facts": read_facts,
        "subjects": read_subjects,
        "obligations": read_obligations,
        "previous": read_previous,
    }
    return {
        name: readers[name](Path(table)) if isinstance(table, str | Path) else table for name, table in given.items()
    }


def read_facts(path: Path) -> Any:
    """Return the facts of a file as an Arrow table; a fact without an id is known by its line.

    A Parquet file whose columns already are what `Inputs` reads (`quantity_e4`, moments) is passed on as it is.
    """
    if path.suffix.lower() == ".parquet" and _has_exact_numbers(path):
        return str(path)
    return _arrow(_read(path, _fact), FACT_SCHEMA)


def read_subjects(path: Path) -> Any:
    """Return the subjects of a file as an Arrow table; a Parquet file that needs no reading of days is passed on."""
    if path.suffix.lower() == ".parquet" and _has_days(path):
        return str(path)
    return _arrow(_read(path, _subject), SUBJECT_SCHEMA)


def read_obligations(path: Path) -> Any:
    """Return the obligations of a file as an Arrow table."""
    return _arrow(_read(path, _obligation), OBLIGATION_SCHEMA)


def read_previous(path: Path) -> Any:
    """Return the result before from a file; the JSON that a run prints is one, too."""
    return _arrow(_read(path, _before), PREVIOUS_SCHEMA)


FACT_SCHEMA = {
    "id": "string",
    "kind": "string",
    "occurred_at": "moment",
    "subject": "string",
    "body": "string",
    "home": "string",
    "quantity_e4": "int64",
    "reverses": "string",
    "attributes": "string",
}
SUBJECT_SCHEMA = {
    "subject": "string", "level": "string", "body": "string", "category": "string", "from": "date", "until": "date",
}  # fmt: skip
OBLIGATION_SCHEMA = {
    "mechanism": "string", "subject": "string", "body": "string", "due_until": "date", "state": "string", "record": "string",
}  # fmt: skip
PREVIOUS_SCHEMA = {"subject": "string", "total": "decimal", "grade": "string"}

Row = dict[str, Any]


class BadLine(ValueError):
    """One line cannot be used; the text says why."""


def _fact(row: Row, line: int) -> Row:
    attributes = row.get("attributes")
    if isinstance(attributes, str) and attributes.strip():
        try:
            attributes = json.loads(attributes)
        except ValueError as error:
            raise BadLine(_("attributes 不是 JSON")) from error
    extra = {key: value for key, value in row.items() if key not in FACT_COLUMNS and not _empty(value)}
    attributes = {**(attributes or {}), **extra}
    return {
        "id": _text(row.get("id")) or f"#{line}",
        "kind": _needed(row, "kind"),
        "occurred_at": _moment(_needed(row, "occurred_at")),
        "subject": _text(row.get("subject")),
        "body": _text(row.get("body")),
        "home": _text(row.get("home")),
        "quantity_e4": _number(row.get("quantity"), "quantity", UNIT),
        "reverses": _text(row.get("reverses")),
        "attributes": json.dumps(
            {key: _plain(value) for key, value in attributes.items()}, ensure_ascii=False, sort_keys=True
        ),
    }


def _subject(row: Row, line: int) -> Row:  # noqa: ARG001
    level = _text(row.get("level")) or "member"
    if level not in KEY_OF_LEVEL:
        raise BadLine(_("不认识级别“%(level)s”，可以写：%(known)s") % {"level": level, "known": listed(KEY_OF_LEVEL)})
    return {
        "subject": _needed(row, "subject"),
        "level": level,
        "body": _text(row.get("body")),
        "category": _text(row.get("category")),
        "from": _day(row.get("from"), "from"),
        "until": _day(row.get("until"), "until"),
    }


def _obligation(row: Row, line: int) -> Row:  # noqa: ARG001
    state = _needed(row, "state")
    if state not in STATES:
        raise BadLine(_("不认识状态“%(state)s”，可以写：%(known)s") % {"state": state, "known": listed(STATES)})
    return {
        "mechanism": _needed(row, "mechanism"),
        "subject": _text(row.get("subject")),
        "body": _text(row.get("body")),
        "due_until": _day(_needed(row, "due_until"), "due_until"),
        "state": state,
        "record": _text(row.get("record")),
    }


def _before(row: Row, line: int) -> Row:  # noqa: ARG001
    total = _number(row.get("total"), "total", 0)
    from decimal import Decimal

    return {"subject": _needed(row, "subject"), "total": Decimal(total) / UNIT, "grade": _text(row.get("grade"))}


# Values


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124 - NaN


def _text(value: Any) -> str | None:
    return None if _empty(value) else str(value).strip()


def _needed(row: Row, column: str) -> str:
    value = row.get(column)
    if _empty(value):
        raise BadLine(_("缺少 %(column)s") % {"column": column})
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _number(value: Any, column: str, default: int) -> int:
    if _empty(value):
        return default
    try:
        found = units(value.strip() if isinstance(value, str) else value)
    except NotExact as error:
        raise BadLine(_("%(column)s “%(value)s”不是至多四位小数的数") % {"column": column, "value": value}) from error
    if abs(found) >= 2**53:
        raise BadLine(_("%(column)s “%(value)s”过大") % {"column": column, "value": value})
    return found


def _moment(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value.replace("/", "-"))
    except ValueError as error:
        raise BadLine(_("occurred_at “%(value)s”不是时间，请写成 2026-07-01 08:30") % {"value": value}) from error
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _day(value: Any, column: str) -> date | None:
    if _empty(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip().replace("/", "-")).date()
    except ValueError as error:
        raise BadLine(
            _("%(column)s “%(value)s”不是日期，请写成 2026-07-01") % {"column": column, "value": value}
        ) from error


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else value if isinstance(value, bool | int | str) else str(value)
    )


# Files


def _read(path: Path, of_row: Callable[[Row, int], Row]) -> list[Row]:
    rows, problems = [], []
    for line, row in _rows(path):
        try:
            if isinstance(row, BadLine):
                raise row
            rows.append(of_row(row, line))
        except BadLine as problem:
            problems.append(f"{path.name}:{line} {problem}")
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        said = _("；").join(problems[:SHOWN_PROBLEMS])
        raise Unreadable(reason=said + (_("；另有 %(count)s 行") % {"count": more} if more > 0 else ""))
    return rows


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    suffix = path.suffix.lower()
    reader = {
        ".jsonl": _json_lines, ".ndjson": _json_lines, ".json": _json, ".csv": _csv, ".parquet": _parquet,
    }.get(suffix)  # fmt: skip
    if reader is None:
        raise Unreadable(reason=_("%(file)s 不是 .jsonl、.csv 或 .parquet 文件") % {"file": path.name})
    try:
        yield from reader(path)
    except FileNotFoundError as error:
        raise Unreadable(reason=_("没有文件 %(file)s") % {"file": path}) from error
    except IsADirectoryError as error:
        raise Unreadable(reason=_("%(file)s 是文件夹") % {"file": path}) from error


def _decoded(path: Path) -> str:
    """Read UTF-8, with or without a mark, else GB 18030."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(reason=_("%(file)s 既不是 UTF-8 也不是 GB 18030 文字") % {"file": path.name})


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for line, content in enumerate(_decoded(path).split("\n"), 1):
        if not content.strip():
            continue
        try:
            row = json.loads(content, parse_float=str)
        except ValueError:
            yield line, BadLine(_("不是 JSON"))
            continue
        yield line, row if isinstance(row, dict) else BadLine(_("不是 JSON 对象"))


def _json(path: Path) -> Iterator[tuple[int, Any]]:
    content = _decoded(path)
    try:
        document = json.loads(content, parse_float=str)
    except ValueError:
        yield from _json_lines(path)
        return
    rows = document.get("results", [document]) if isinstance(document, dict) else document
    for number, row in enumerate(rows, 1):
        yield number, row if isinstance(row, dict) else BadLine(_("不是 JSON 对象"))


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(_decoded(path), newline=""))
    for row in reader:
        extra = row.pop(None, None)
        cells = {str(key).strip(): value for key, value in row.items()}
        yield reader.line_num, BadLine(_("比表头多出单元格")) if extra else cells


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    table = _opened(path).read()
    yield from enumerate(table.to_pylist(), 1)


def _opened(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise Unreadable(reason=_("%(file)s 不是 Parquet 文件，或已损坏") % {"file": path.name}) from error


def _has_exact_numbers(path: Path) -> bool:
    """Whether moments and quantities are what the plan reads, so that millions of rows need not pass through Python."""
    import pyarrow as pa

    types = _types(path)
    if not pa.types.is_timestamp(types.get("occurred_at", pa.null())):
        return False
    quantity = types.get("quantity_e4", types.get("quantity", pa.int64()))
    return bool(pa.types.is_integer(quantity) or (pa.types.is_decimal(quantity) and quantity.scale <= PLACES))


def _has_days(path: Path) -> bool:
    import pyarrow as pa

    types = _types(path)
    return "subject" in types and all(pa.types.is_date(types[name]) for name in ("from", "until") if name in types)


def _types(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise Unreadable(reason=_("没有文件 %(file)s") % {"file": path})
    return {field.name: field.type for field in _opened(path).schema_arrow}


def _arrow(rows: list[Row], schema: dict[str, str]) -> Any:
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "int64": pa.int64(),
        "moment": pa.timestamp("us", "UTC"),
        "date": pa.date32(),
        "decimal": pa.decimal128(18, 4),
    }
    return pa.Table.from_pylist(rows, pa.schema([(name, kinds[kind]) for name, kind in schema.items()]))
