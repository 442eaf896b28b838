"""The rows of people out of one sheet, column by column, without titles, footers, blanks and repeated heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from ronghe.domain.org.calc.roster.days import Day, NotADay, day_of
from ronghe.domain.org.calc.roster.heads import SEARCHED_ROWS, Head, find_head, is_name_head
from ronghe.domain.org.calc.roster.identity import number_of
from ronghe.domain.org.calc.roster.text import plain, proper
from ronghe.domain.org.calc.roster.vocabulary import vocabulary
from ronghe.kernel.tabular.sheets import Cell, Row, Sheet, Span

SECTION = re.compile(r"[（(]?[一二三四五六七八九十百]+[)）、.．]")
TITLE_MONTH = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?")
LONGEST_NAME = 40
LONGEST_HEAD = 8
FEWEST_CELLS = 3
"""A row without name and number is somebody's only when this many other columns say something."""

BESIDE_THE_PERSON = frozenset({"serial", "unit", "department", "team", "branch", "party_group", "remark"})
"""Filled down, pre-printed or left over on blank lines: they do not make a row somebody's."""


@dataclass(slots=True)
class Gathered:
    """What one sheet holds. `columns` has one list per canonical column, aligned with `rows` (numbers as in Excel)."""

    sheet: str
    head: Head
    rows: list[int]
    columns: dict[str, list[Cell]]
    as_of: Day | None = None
    reported_by: str = ""
    title_unit: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why rows were passed over → how many: footer, section, repeated_head, blank."""


def gather(sheet: Sheet) -> Gathered | None:
    """Return the people of `sheet` in columns, or None where the sheet holds no roster (a note, a list of choices)."""
    stream = sheet.rows()
    top = list(islice(stream, SEARCHED_ROWS))
    head = find_head(top, sheet.merged)
    if head is None:
        return None
    above = [cells for number, cells in top if number < head.first_row]
    below = chain((row for row in top if row[0] > head.last_row), stream)
    picker = _Picker(head, sheet.merged)
    rows, picked = picker.pick(below)
    columns: dict[str, list[Cell]] = {
        column: [values[at] for values in picked] for at, column in enumerate(picker.columns)
    }
    lines = [" ".join(text for cell in cells if (text := plain(cell))) for cells in above]
    as_of, reported_by, title_unit = _about(lines, picker.footers)
    return Gathered(sheet.name, head, rows, columns, as_of, reported_by, title_unit, picker.left_out)


class _Picker:
    def __init__(self, head: Head, merged: tuple[Span, ...]) -> None:
        used = head.used
        self.columns = list(used)
        self.at = [used[column].number - 1 for column in self.columns]
        self.width = max(self.at) + 1
        self.name = self.columns.index("name")
        self.number = self.columns.index("identity_number") if "identity_number" in used else None
        self.own = [i for i, column in enumerate(self.columns) if column not in BESIDE_THE_PERSON]
        self.left_out: dict[str, int] = {}
        self.footers: list[str] = []
        self.tall = {
            (span.first_row, column): span
            for span in merged
            if span.last_row > span.first_row > head.last_row
            for column in range(span.first_column, min(span.last_column, self.width) + 1)
        }

    def pick(self, rows: Iterator[Row]) -> tuple[list[int], list[list[Cell]]]:
        """Return the row numbers and the used cells of each row that is somebody's."""
        numbers: list[int] = []
        picked: list[list[Cell]] = []
        held: dict[int, tuple[Cell, int]] = {}
        width, at, name, own_number = self.width, self.at, self.name, self.number
        for number, row in rows:
            cells = row if len(row) >= width else [*row, *[""] * (width - len(row))]
            values = [cells[i] for i in at]
            if self.tall:
                values = self._filled_down(number, values, held)
            first = cells[0]
            who = values[name]
            is_plain = type(who) is str and who != "" and (own_number is None or values[own_number] != "")
            if is_plain and (type(first) is not str or not self._stops(first)) and not is_odd(who):
                pass
            elif (why := self._passed_over(cells, values)) is not None:
                self.left_out[why] = self.left_out.get(why, 0) + 1
                continue
            numbers.append(number)
            picked.append(values)
        return numbers, picked

    def _filled_down(self, number: int, values: list[Cell], held: dict[int, tuple[Cell, int]]) -> list[Cell]:
        for place, column in enumerate(self.at):
            if span := self.tall.get((number, column + 1)):
                held[place] = (values[place], span.last_row)
            elif place in held and values[place] == "" and number <= held[place][1]:
                values[place] = held[place][0]
        return values

    def _passed_over(self, cells: list[Cell], values: list[Cell]) -> str | None:
        """Return why this row is nobody's, or None where it is somebody's after all."""
        texts = [text for cell in cells if (text := plain(cell))]
        if not texts:
            return "blank"
        name = plain(values[self.name])
        number = number_of(values[self.number]) if self.number is not None else ""
        has_number = len(number) >= 15 and number[:6].isdecimal()
        if has_number:
            return None
        if self._stops(texts[0]) or self._stops(name):
            self.footers.append(" ".join(texts))
            return "footer"
        if is_repeated(values[self.name]):
            return "repeated_head"
        if name and not name.isdecimal() and len(name) <= LONGEST_NAME:
            return "section" if len(texts) == 1 and SECTION.match(name) else None
        own = sum(1 for i in self.own if plain(values[i]))
        return None if not name and own >= FEWEST_CELLS else "section" if len(texts) <= 2 else "blank"

    def _stops(self, value: str) -> bool:
        return vocabulary().footer.match(value.replace(" ", "").replace("\u3000", "")) is not None


def is_odd(name: Cell) -> bool:
    """Is this, where a name should be, a number or the head word again?"""
    return type(name) is str and (name.isdecimal() or is_repeated(name))


def is_repeated(name: Cell) -> bool:
    return type(name) is str and len(name) <= LONGEST_HEAD and is_name_head(name)


def _about(above: list[str], footers: list[str]) -> tuple[Day | None, str, str]:
    """Return the day a roster stands for, who reported it, and the unit its title names."""
    words = vocabulary()
    reported_by = next((proper(m[1]) for line in above if (m := words.reported_by.search(line))), "")
    title_unit = next((proper(m[1]) for line in above if (m := words.title_end.match(line))), "")
    for line in [*above, *footers]:
        if found := words.dated_by.search(line):
            day = _try_day(found[1])
            if day:
                return day, reported_by, title_unit
    for line in above:
        if found := TITLE_MONTH.search(line):
            return _try_day(found[0]), reported_by, title_unit
    return None, reported_by, title_unit


def _try_day(text: str) -> Day | None:
    for candidate in (text, *(found[0] for found in TITLE_MONTH.finditer(text))):
        try:
            return day_of(candidate)
        except NotADay:
            continue
    return None
