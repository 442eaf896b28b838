"""Files in, a roster out: what was understood, who is in it, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from ronghe.domain.org.calc.roster.checks import (
    DEFAULT_RULES,
    RosterRules,
    certificates_expired,
    check_people,
    counts_of,
)
from ronghe.domain.org.calc.roster.cleaning import Cleaner
from ronghe.domain.org.calc.roster.days import Day
from ronghe.domain.org.calc.roster.gathering import Gathered, gather
from ronghe.domain.org.calc.roster.heads import SEARCHED_ROWS, Head
from ronghe.domain.org.calc.roster.people import PeopleColumns
from ronghe.domain.org.calc.roster.problems import Problem, Severity
from ronghe.domain.org.calc.roster.text import plain
from ronghe.domain.org.calc.roster.vocabulary import title_of, vocabulary
from ronghe.kernel.errors import Unreadable
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.reading import DEFAULT_LIMITS, open_tables
from ronghe.kernel.tabular.sheets import Sheet, column_letter
from ronghe.kernel.words import N_, _


class NoRoster(Unreadable):
    code = "no_roster"
    sentence = N_("“%(name)s”里没有找到花名册。表头至少要有“姓名”和另外一列，例如“身份证号”。")


class SmellsClassified(Unreadable):
    code = "smells_classified"
    sentence = N_(
        "“%(name)s”里有“%(word)s”字样（%(place)s）。党内统计、年报和标有密级的资料只能在规定的网络里处理，不能装入本平台（PI-06）。"
        "确实不涉密的，请去掉这些字样后再传。"
    )


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read; `name` is what its owner calls it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What one column of a sheet was taken for; `column` is None where it is not used."""

    letter: str
    head: str
    column: str | None
    title: str
    filled: int
    by: str


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What one sheet was taken for. `skipped` says why, where it is no roster; `head` is None then."""

    file: str
    sheet: str
    rows: int
    skipped: str
    head: Head | None = None
    as_of: Day | None = None
    reported_by: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    columns: tuple[ColumnReading, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheet": self.sheet,
            "rows": self.rows,
            "skipped": self.skipped,
            "head_rows": [self.head.first_row, self.head.last_row] if self.head else [],
            "as_of": self.as_of.first.isoformat() if self.as_of else None,
            "left_out": self.left_out,
            "columns": [
                {
                    "letter": c.letter,
                    "head": c.head,
                    "column": c.column,
                    "title": c.title,
                    "filled": c.filled,
                    "by": c.by,
                }
                for c in self.columns
            ],
        }


@dataclass(slots=True)
class Roster:
    """All that one import read. `problems` are in the order of files, sheets and rows."""

    files: tuple[str, ...]
    sheets: list[SheetReading]
    people: PeopleColumns
    problems: list[Problem]
    counts: dict[str, int]
    encodings: dict[str, str]
    _report: Callable[..., None]
    _sorted: Callable[[], list[Problem]]

    def report(self, code: str, at: int, column: str, **values: Any) -> None:
        """Add a finding at the row with index `at`; `sort_problems` puts the new ones in their places."""
        self._report(code, at, column, **values)

    def sort_problems(self) -> None:
        self.problems = self._sorted()

    def open_problems(self, accepted: frozenset[str] = frozenset()) -> list[Problem]:
        """Return the errors, and the warnings whose code was not accepted with a reason."""
        return [
            p
            for p in self.problems
            if p.severity == Severity.ERROR.value or (p.severity == Severity.WARNING.value and p.code not in accepted)
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the report whose keys other programs rely on, and what was understood of each sheet."""
        return {
            "files": list(self.files),
            **self.counts,
            "problems": [p.as_json() for p in self.problems],
            "encodings": self.encodings,
            "sheets": [s.as_json() for s in self.sheets],
        }


def read_roster(
    files: Sequence[SourceFile],
    *,
    today: date,
    as_of: date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    rules: RosterRules = DEFAULT_RULES,
) -> Roster:
    """Read all `files` as one roster.

    A sheet stands for the day it states ("填报时间：2026年3月"), else for `as_of`, else for `today`; that day decides
    about probation. Rows of one person in several files count as one person.

    :raises Unreadable: a file cannot be read, or holds no roster; nothing of any file is used then
    :raises SmellsClassified: names or title rows of a file say that it does not belong here (PI-06)
    """
    reader = _Reader(files, today, as_of, limits)
    for source in files:
        reader.read(source)
    return reader.roster(rules)


class _Reader:
    def __init__(self, files: Sequence[SourceFile], today: date, as_of: date | None, limits: Limits) -> None:
        self.names = tuple(source.name for source in files)
        self.today, self.as_of, self.limits = today, as_of, limits
        self.people = PeopleColumns()
        self.sheets: list[SheetReading] = []
        self.cleaners: dict[int, Cleaner] = {}
        self.starts: dict[int, int] = {}
        self.encodings: dict[str, str] = {}

    def read(self, source: SourceFile) -> None:
        _refuse_classified(source.name, source.name, _("文件名"))
        tables = open_tables(source.path, name=source.name, limits=self.limits)
        if tables.encoding:
            self.encodings[source.name] = tables.encoding
        # The reader's own copy of a sheet is as large as all that is made of it: it goes before the cleaning starts.
        found = [
            (sheet.name, sheet.is_hidden, sheet.uncomputed, _gathered(source.name, sheet)) for sheet in tables.sheets
        ]
        if not any(gathered for _name, _hidden, _uncomputed, gathered in found):
            raise NoRoster(name=source.name)
        for name, is_hidden, uncomputed, gathered in found:
            if gathered is None:
                why = N_("隐藏的工作表，没有读取。") if is_hidden else N_("没有找到表头，按说明页略过。")
                self.sheets.append(SheetReading(source.name, name, 0, _(why)))
            else:
                self._take(source.name, gathered, uncomputed)

    def _take(self, file: str, gathered: Gathered, uncomputed: frozenset[tuple[int, int]]) -> None:
        position = len(self.sheets)
        cleaner = Cleaner(gathered, file=file, position=position)
        self.cleaners[position], self.starts[position] = cleaner, len(self.people.place)
        self.people.extend(cleaner.people())
        cleaner.uncomputed(uncomputed)
        self.sheets.append(_understood(file, gathered))
        gathered.columns.clear()  # the cells are no longer needed; the values are

    def roster(self, rules: RosterRules) -> Roster:
        default = Day(self.as_of or self.today, self.as_of or self.today)
        check_people(
            self.people,
            as_of=[sheet.as_of or default for sheet in self.sheets],
            today=self.today,
            known=[frozenset(s.head.used) if s.head else frozenset() for s in self.sheets],
            report=self._report,
            where=lambda position: self.sheets[position].sheet or self.sheets[position].file,
            rules=rules,
        )
        counts = counts_of(self.people) | {
            "certificates": sum(map(len, self.people.certificates)),
            "certificates_expired": certificates_expired(self.people, self.as_of or self.today),
        }
        return Roster(
            self.names, self.sheets, self.people, self._sorted(), counts, self.encodings, self._report, self._sorted
        )  # fmt: skip

    def _sorted(self) -> list[Problem]:
        return [p for cleaner in self.cleaners.values() for p in cleaner.sorted_problems()]

    def _report(self, code: str, at: int, column: str, **values: Any) -> None:
        position = self.people.place[at].sheet
        self.cleaners[position].report(code, at - self.starts[position], column, **values)


def _gathered(file: str, sheet: Sheet) -> Gathered | None:
    """Return the people of a sheet, after its name and what stands above them were looked at (PI-06)."""
    _refuse_classified(file, sheet.name, sheet.name)
    gathered = gather(sheet)
    last = gathered.head.last_row if gathered is not None else SEARCHED_ROWS
    for number, cells in islice(sheet.rows(), SEARCHED_ROWS):
        if number <= last:
            line = " ".join(plain(cell) for cell in cells)
            _refuse_classified(file, line, _("第 %(row)s 行") % {"row": number})
    return gathered


def _refuse_classified(file: str, text: str, place: str) -> None:
    word = vocabulary().classified_in(text)
    if word:
        raise SmellsClassified(name=file, word=word, place=place)


def _understood(file: str, gathered: Gathered) -> SheetReading:
    columns = tuple(
        ColumnReading(
            letter=column_letter(head.number),
            head=head.text,
            column=head.column,
            title=title_of(head.column) if head.column else "",
            filled=sum(1 for cell in gathered.columns[head.column] if plain(cell)) if head.column else 0,
            by=head.by if head.column else "",
        )
        for head in gathered.head.columns
    )
    return SheetReading(
        file, gathered.sheet, len(gathered.rows), "", gathered.head, gathered.as_of, gathered.reported_by,
        gathered.left_out, columns,
    )  # fmt: skip
