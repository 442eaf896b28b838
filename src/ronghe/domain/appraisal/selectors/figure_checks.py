"""Rows of figures looked through before they are written: whose they are, and everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Q

from ronghe.domain.appraisal.calc.figure_table import (
    HEADS,
    REQUIRED,
    FigureRow,
    read_figure_row,
    refuse_double_rows,
)
from ronghe.domain.appraisal.models import Figure
from ronghe.domain.appraisal.selectors.figures import (
    BODY,
    PERSON,
    TOLD,
    UNIT,
    Indicator,
    Whose,
    bodies_to_enter_for,
    figures_seen_by,
    indicators,
    members_to_enter_for,
    told_to_enter_for,
    units_to_enter_for,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.errors import DomainError
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.tabular.headed import HeadedTable
from ronghe.kernel.words import N_, _
from ronghe.scoring.period import Period

OF_A_MEMBER = re.compile(r"member#(\d{1,18})")
"""How a row names a member by the number that results show."""


class FigureHeadsMissing(DomainError):
    code = "figure_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的空表填写后再导入。")
    status = 422


class FigureTableTooLong(DomainError):
    code = "figure_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请分几次导入。")
    status = 422


class FigureTableEmpty(DomainError):
    code = "figure_table_empty"
    sentence = N_("“%(name)s”里没有数，请在表头下面一行一个填写。")
    status = 422


TABLE = HeadedTable(
    heads=HEADS, required=REQUIRED, missing=FigureHeadsMissing, too_long=FigureTableTooLong, empty=FigureTableEmpty,
    most_rows=5000, longest_cell=200, day_format="%Y-%m", also={"单位": "whose"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One row ready to be written, if it has no problems."""

    row: FigureRow
    item: str
    whose: Whose | None
    corrects: Figure | None

    @property
    def problems(self) -> Mapping[str, str]:
        return self.row.problems

    @property
    def key(self) -> tuple[object, ...]:
        return (self.item, self.row.period, self.whose.key if self.whose else None)


@dataclass(frozen=True, slots=True)
class FigurePreview:
    """Rows looked through."""

    entries: Sequence[Entry]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Where, under which head, and why not."""
        return [(one.row.place, _(HEADS[key]), why) for one in self.entries for key, why in one.problems.items()]


def read_figures(path: Path, name: str, actor: Person, at: datetime) -> FigurePreview:
    """Return the rows of the first sheet that has the heads, looked through.

    :raises FigureHeadsMissing, FigureTableEmpty, FigureTableTooLong: no table of figures
    :raises Unreadable: the file is no table
    """
    found = TABLE.read(path, name)
    letter = min(found.letters.values(), key=lambda letters: (len(letters), letters))
    return look_through([(f"{letter}{number}", cells) for number, cells in found.lines], actor, at)


def look_through(lines: Iterable[tuple[str, Mapping[str, str]]], actor: Person, at: datetime) -> FigurePreview:
    """Return rows with whose they are, and everything that is wrong with them; a constant number of reads."""
    rows = [read_figure_row(place, cells) for place, cells in lines]
    known = indicators()
    by_title = {one.title: name for name, one in known.items()}
    for row in rows:
        item = row.cells.get("item", "")
        if item and "item" not in row.problems and item not in known and item not in by_title:
            row.problems["item"] = _("没有评分表取用“%(item)s”") % {"item": item[:30]}
        if row.period and (last := Period.parse(row.period).day_until - DAY) >= local_day(at):
            row.problems["period"] = _("%(period)s 到 %(last_on)s 才结束") % {"period": row.period, "last_on": last}
    refuse_double_rows(rows)
    finder = _Finder(rows, known, by_title, actor, at)
    corrected = figures_seen_by(actor, at).in_bulk([row.corrects for row in rows if row.corrects])
    entries = [_entry(row, finder, corrected) for row in rows]
    _refuse_known(entries)
    return FigurePreview(entries)


class _Finder:
    """Finds whom a row names, by name, staff number or number, among those whom the indicator's sheets score."""

    def __init__(
        self, rows: Sequence[FigureRow], known: Mapping[str, Indicator], by_title: Mapping[str, str], actor: Person,
        at: datetime,
    ) -> None:  # fmt: skip
        self._known, self._by_title = known, by_title
        asked = [known[name] for name in {self.item(row) for row in rows} if name in known]
        words = {row.cells.get("whose", "") for row in rows}
        kinds = {kind for one in asked for kind in one.kinds}
        levels = sorted({level for one in asked for level in one.levels if declared_subjects(level)})
        self._places: dict[str, dict[str, list[Whose]]] = {
            BODY: _by_name(Whose(body.name, body=body) for body in bodies_to_enter_for(actor, at)),
            UNIT: _by_name(Whose(unit.name, unit=unit) for unit in units_to_enter_for(actor, at)),
            TOLD: _by_name(one for level in levels for one in told_to_enter_for(level, actor, at)),
            PERSON: _people(words, actor, at) if PERSON in kinds else {},
        }

    def item(self, row: FigureRow) -> str:
        """Return the name of the indicator, where a row may say its title."""
        said = row.cells.get("item", "")
        return self._by_title.get(said, said)

    def whose(self, row: FigureRow) -> list[Whose]:
        """Return who is called so: one, none, or several of one kind."""
        one = self._known.get(self.item(row))
        for kind in one.kinds if one else (BODY, UNIT):
            if found := self._places[kind].get(row.cells.get("whose", "")):
                return found
        return []


def _entry(row: FigureRow, finder: _Finder, corrected: Mapping[int, Figure]) -> Entry:
    said = row.cells.get("whose", "")
    found = finder.whose(row)
    if said and "whose" not in row.problems and len(found) != 1:
        row.problems["whose"] = (
            _("同名的不止一个，请写编号") if found else _("没有找到“%(whose)s”，或您不能替它填") % {"whose": said[:30]}
        )
    entry = Entry(
        row, finder.item(row), found[0] if len(found) == 1 else None,
        corrected.get(row.corrects) if row.corrects else None,
    )  # fmt: skip
    if row.corrects and "corrects" not in row.problems:
        _check_correction(entry)
    return entry


def _check_correction(entry: Entry) -> None:
    row, old = entry.row, entry.corrects
    if old is None:
        row.problems["corrects"] = _("没有编号 %(number)s 的数") % {"number": row.corrects}
    elif not old.is_current:
        row.problems["corrects"] = _("编号 %(number)s 已经更正过，请更正最新的一条") % {"number": row.corrects}
    elif figure_key(old) != entry.key:
        row.problems["corrects"] = _("编号 %(number)s 是 %(whose)s %(period)s 的%(item)s，对不上") % {
            "number": old.pk, "whose": old.whose, "period": old.period, "item": old.item,
        }  # fmt: skip


def figure_key(figure: Figure) -> tuple[object, ...]:
    """Return what tells a figure from others: indicator, period, and whose it is."""
    return (
        figure.item, figure.period, (figure.body_id, figure.unit_id, figure.person_id, figure.subject),
    )  # fmt: skip


def _refuse_known(entries: Sequence[Entry]) -> None:
    """Refuse a figure that is there already, by name and place, unless the row names it as what it corrects."""
    fresh = [one for one in entries if not one.problems and one.corrects is None and one.whose is not None]
    whose = [one.whose for one in fresh if one.whose is not None]
    rows = Figure.objects.filter(is_current=True, period__in={one.row.period for one in fresh})
    rows = rows.filter(Q(body__in=[one.body for one in whose if one.body])
                       | Q(unit__in=[one.unit for one in whose if one.unit]))  # fmt: skip
    known = {figure_key(old): old for old in rows}
    for one in fresh:
        if one.key in known:
            old = known[one.key]
            said = {"whose": one.whose.name if one.whose else "", "period": old.period,
                    "item": one.row.cells["item"], "number": old.pk, "source": old.source}  # fmt: skip
            one.row.problems["item"] = (
                _(
                    "%(whose)s %(period)s 的“%(item)s”已经有了（编号 %(number)s，来自%(source)s）；要更正，请在“更正编号”里写 %(number)s"
                )
                % said
            )


def whose_of(figure: Figure) -> Whose:
    """Return whom a figure is about."""
    return Whose(
        figure.whose, figure.body, figure.unit, figure.person, level=figure.level, subject=figure.subject
    )  # fmt: skip


def reference_of(whose: Whose) -> str:
    """Return how a row names exactly this one, whatever else is called the same."""
    if whose.person is not None:
        return f"member#{whose.person.token}"
    if whose.subject is not None:
        return f"{whose.level}#{whose.subject}"
    return f"unit#{whose.unit.pk}" if whose.unit is not None else f"#{whose.body.pk}" if whose.body else ""


def _people(words: Iterable[str], actor: Person, at: datetime) -> dict[str, list[Whose]]:
    words = set(words)
    tokens = [int(said[1]) for word in words if (said := OF_A_MEMBER.fullmatch(word))]
    rows = members_to_enter_for(actor, at).filter(
        Q(person__name__in=words) | Q(person__staff_number__in=words - {""}) | Q(person__token__in=tokens)
    )
    found: dict[str, list[Whose]] = {}
    for row in rows:
        one = Whose(row.person.name, body=row.body, person=row.person)
        for word in {row.person.name, row.person.staff_number, reference_of(one)} - {"", None}:
            found.setdefault(str(word), []).append(one)
    return found


def _by_name(rows: Iterable[Whose]) -> dict[str, list[Whose]]:
    """Return what may be named by name or number."""
    found: dict[str, list[Whose]] = {}
    for row in rows:
        for word in (row.name, reference_of(row)):
            found.setdefault(word, []).append(row)
    return found
