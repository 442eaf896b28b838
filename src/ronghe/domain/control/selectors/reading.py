"""A structure of acceptance as a unit keeps it in Excel, looked through before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.calc.table import HEADS, REQUIRED, ReadRow, Who, read_row, refuse_doubles
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.headed import Headed, HeadedTable
from ronghe.kernel.words import N_, _, listed

TOLD = 8
"""Problems that a refusal names."""


class ControlHeadsMissing(DomainError):
    code = "control_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的空表填写后再导入。")
    status = 422


class ControlTableTooLong(DomainError):
    code = "control_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请分几次导入。")
    status = 422


class ControlTableEmpty(DomainError):
    code = "control_table_empty"
    sentence = N_("“%(name)s”里没有工序，请在表头下面一行一道填写。")
    status = 422


class ControlRowsRefused(DomainError):
    code = "control_rows_refused"
    sentence = N_("有 %(count)s 处不能导入，没有改动任何内容：%(problems)s")
    status = 422


TABLE = HeadedTable(
    heads=HEADS, required=REQUIRED, missing=ControlHeadsMissing, too_long=ControlTableTooLong, empty=ControlTableEmpty,
    most_rows=2000, longest_cell=500,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, named as Excel names it: C5."""

    cell: str
    head: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows of a table looked through; `columns` gives for each head the letters of its column."""

    rows: Sequence[ReadRow]
    columns: Mapping[str, str]

    @property
    def problems(self) -> list[Problem]:
        return [
            Problem(f"{self.columns.get(key) or _('表头')}{row.number}", _(HEADS[key]), why)
            for row in self.rows
            for key, why in row.problems.items()
        ]

    def plan(self) -> list[PlanRow]:
        """Return what is to be written.

        :raises ControlRowsRefused: a cell that cannot be taken over; the first ones are named
        """
        found = self.problems
        if found:
            told = listed(f"{one.cell} {one.head}{one.why}" for one in found[:TOLD])
            raise ControlRowsRefused(count=len(found), problems=told)
        return [row.plan for row in self.rows if row.plan is not None]

    def packed(self) -> str:
        """Return the typed cells, to be looked through again when they are taken over."""
        return TABLE.pack(Headed([(row.number, dict(row.cells)) for row in self.rows], dict(self.columns)))


def read_structure(path: Path, name: str, actor: Person, at: datetime) -> Preview:
    """Return the rows of the first sheet that has the heads; people are looked for among those whom `actor` sees.

    :raises ControlHeadsMissing, ControlTableEmpty, ControlTableTooLong: no table of a structure
    :raises Unreadable: the file is no table
    """
    found = TABLE.read(path, name)
    return look_through(found.lines, found.letters, actor, at)


def unpack(text: str, actor: Person, at: datetime) -> Preview:
    """Return what `Preview.packed` gave away, looked through anew: it came back from the reader's browser.

    :raises ControlTableEmpty: it is no such text
    """
    found = TABLE.unpack(text)
    return look_through(found.lines, found.letters, actor, at)


def look_through(
    lines: Iterable[tuple[int, Mapping[str, str]]], letters: Mapping[str, str], actor: Person, at: datetime
) -> Preview:
    """Return the rows read, doubles marked."""
    who, today = _finder(actor, at), local_day(at)
    rows = [read_row(number, cells, who=who, today=today) for number, cells in lines]
    refuse_doubles(rows)
    return Preview(rows, letters)


def _finder(actor: Person, at: datetime) -> Who:
    """Return who finds people by staff number or name; the people are read when the first one is asked for."""
    by_name: dict[str, list[int]] = {}
    by_number: dict[str, int] = {}

    def read() -> None:
        for pk, name, number in people_seen_by(actor, at).order_by("pk").values_list("pk", "name", "staff_number"):
            by_name.setdefault(name, []).append(pk)
            if number:
                by_number[number] = pk

    def who(text: str) -> tuple[int | None, str]:
        if not by_name:
            read()
        if text in by_number:
            return by_number[text], ""
        same = by_name.get(text, [])
        if len(same) == 1:
            return same[0], ""
        return None, _("同名的不止一人，请写员工号") if same else _("没有找到“%(who)s”") % {"who": text[:20]}

    return who
