"""The problem report as a workbook: every finding, and the rows it is about, marked where it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from ronghe.domain.org.calc.roster.problems import SEVERITY_WORDS, Problem, Severity
from ronghe.domain.org.calc.roster.reading import Roster, SheetReading, SourceFile
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.reading import DEFAULT_LIMITS, open_tables
from ronghe.kernel.tabular.sheets import Cell
from ronghe.kernel.tabular.writing import Marked, OutCell, SheetOut, write_workbook
from ronghe.kernel.words import _

ORDER = [severity.value for severity in Severity]
MOST_ROWS = 100_000
"""Rows of one sheet in the report; a file with more faulty rows has one fault that a few rows show."""

PRINTABLE = 1_000_000
"""Findings that fit on one sheet of a workbook."""


def write_report(
    target: Path | IO[bytes], roster: Roster, files: Sequence[SourceFile], *, limits: Limits = DEFAULT_LIMITS,
) -> None:  # fmt: skip
    """Write the report of `roster` as .xlsx; the files are read a second time for the rows as they stand there.

    Each faulty row keeps its cells; the ones in question are colored and carry the sentence as a remark. Whole
    identity numbers stay in it, as in the file it came from: whoever may see that file may see this report.
    """
    write_workbook(target, _sheets(roster, files, limits))


def _sheets(roster: Roster, files: Sequence[SourceFile], limits: Limits) -> Iterator[SheetOut]:
    yield SheetOut(
        title=_("问题清单"),
        head=[_("文件"), _("工作表"), _("行"), _("列"), _("程度"), _("问题"), _("代码")],
        rows=(_line(p) for p in roster.problems[:PRINTABLE]),
        widths=(24, 16, 8, 16, 10, 72, 24),
    )
    wanted: dict[tuple[str, str], dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for found in roster.problems:
        wanted[found.file, found.sheet][found.row].append(found)
    readings = {(s.file, s.sheet): s for s in roster.sheets if s.head}
    titles: set[str] = set()
    for source in files:
        for sheet in open_tables(source.path, name=source.name, limits=limits).sheets:
            rows = wanted.get((source.name, sheet.name))
            reading = readings.get((source.name, sheet.name))
            if rows and reading:
                yield SheetOut(
                    title=_title(sheet.name or source.name, titles),
                    head=[_("原表行号"), *_heads(reading), _("问题")],
                    rows=_marked(sheet.rows(), rows, reading),
                    widths=(10, *[16] * len(_heads(reading)), 72),
                )


def _line(found: Problem) -> list[OutCell]:
    word = _(SEVERITY_WORDS[found.severity])
    return [
        found.file, found.sheet, found.row, found.column, Marked(word, found.severity), found.message, found.code,
    ]  # fmt: skip


def _heads(reading: SheetReading) -> list[str]:
    heads = {c.number: c.text for c in (reading.head.columns if reading.head else ())}
    return [heads.get(number, "") for number in range(1, max(heads, default=0) + 1)]


def _marked(
    rows: Iterator[tuple[int, list[Cell]]], wanted: dict[int, list[Problem]], reading: SheetReading,
) -> Iterator[list[OutCell]]:  # fmt: skip
    numbers = {c.text: c.number for c in (reading.head.columns if reading.head else ()) if c.column}
    width = len(_heads(reading))
    left = min(len(wanted), MOST_ROWS)
    for number, cells in rows:
        if number not in wanted:
            continue
        line: list[OutCell] = [value if value != "" else None for value in cells[:width]]
        line.extend([None] * (width - len(line)))
        by_column: dict[int, list[Problem]] = defaultdict(list)
        for found in wanted[number]:
            by_column[numbers.get(found.column, 0)].append(found)
        for column, found_here in by_column.items():
            if column:
                tone = min((p.severity for p in found_here), key=ORDER.index)
                value = cells[column - 1] if len(cells) >= column else ""
                line[column - 1] = Marked(value, tone, "\n".join(p.message for p in found_here))
        yield [number, *line, " ".join(p.message for p in wanted[number])]
        left -= 1
        if not left:
            return


def _title(name: str, taken: set[str]) -> str:
    title, count = name[:28], 1
    while title.lower() in taken or title == _("问题清单"):
        count += 1
        title = f"{name[:25]}_{count}"
    taken.add(title.lower())
    return title
