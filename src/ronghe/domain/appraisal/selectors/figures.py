"""Figures as somebody may see them, the indicators that sheets take, and rows looked through before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.appraisal.calc.figure_table import (
    HEADS,
    REQUIRED,
    FigureRow,
    read_figure_row,
    refuse_double_rows,
)
from ronghe.domain.appraisal.models import Figure
from ronghe.domain.appraisal.rules import ENTER_FIGURE, ENTER_UNIT_FIGURE, SEE_FIGURE
from ronghe.domain.appraisal.selectors.playbooks import playbooks_with_sheets
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row, column_letter
from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.period import Period

HEAD_ROWS = 10
MOST_ROWS = 5000
LONGEST_CELL = 200


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One row ready to be written, if it has no problems; `body` or `unit` is whose it is."""

    row: FigureRow
    item: str
    body: PartyOrg | None
    unit: AdminUnit | None
    corrects: Figure | None

    @property
    def problems(self) -> Mapping[str, str]:
        return self.row.problems


@dataclass(frozen=True, slots=True)
class FigurePreview:
    """Rows looked through."""

    entries: Sequence[Entry]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Where, under which head, and why not."""
        return [(one.row.place, _(HEADS[key]), why) for one in self.entries for key, why in one.problems.items()]


def figure_titles() -> dict[str, str]:
    """Return the indicators that sheets take from elsewhere, with the title of the first item that does, by name."""
    found: dict[str, str] = {}
    for playbook in playbooks_with_sheets():
        for sheet in playbook.sheets:
            for name, title in _figures_in(sheet["root"]):
                found.setdefault(name, in_language(title))
    return found


def figures_seen_by(actor: Person, at: datetime) -> QuerySet[Figure]:
    rows = Figure.objects.select_related("body", "unit", "entered_by", "correction")
    return SEE_FIGURE.narrow(actor, rows, at=at).order_by("-entered_at", "-pk")


def list_figures(
    actor: Person, at: datetime, *, period: str = "", item: str = "", text: str = "", only_current: bool = True,
    page: int = 1, size: int = 50,
) -> Listed[Figure]:  # fmt: skip
    """Return a page of figures, the latest first; by default without those that were corrected."""
    rows = Figure.objects.select_related("body", "unit", "entered_by", "correction")
    for name, value in (("period", period), ("item", item)):
        rows = rows.filter(**{name: value}) if value else rows
    if text:
        rows = rows.filter(Q(body__name__icontains=text) | Q(unit__name__icontains=text) | Q(source__icontains=text))
    if only_current:
        rows = rows.filter(is_current=True)
    return list_seen(SEE_FIGURE, actor, rows, order_by=["-entered_at"], at=at, page=page, size=size)


def figure_seen_by(actor: Person, pk: int, at: datetime) -> Figure:
    """Return one figure.

    :raises NotFound: there is none, or the actor may not see it
    """
    found = figures_seen_by(actor, at).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def bodies_to_enter_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    rows = PartyOrg.objects.filter(on_day(local_day(at)))
    return ENTER_FIGURE.narrow(actor, rows, at=at).order_by("name", "pk")


def units_to_enter_for(actor: Person, at: datetime) -> QuerySet[AdminUnit]:
    rows = AdminUnit.objects.filter(on_day(local_day(at)))
    return ENTER_UNIT_FIGURE.narrow(actor, rows, at=at).order_by("name", "pk")


def read_figures(path: Path, name: str, actor: Person, at: datetime) -> FigurePreview:
    """Return the rows of the first sheet that has the heads, looked through.

    :raises FigureHeadsMissing, FigureTableEmpty, FigureTableTooLong: no table of figures
    :raises Unreadable: the file is no table
    """
    known = {word: key for key, head in HEADS.items() for word in (head, _(head))}
    for sheet in open_tables(path, name=name).sheets:
        rows = iter(sheet.rows())
        for row in islice(rows, HEAD_ROWS):
            columns = {place: known[text] for place, text in enumerate(map(_text, row[1])) if text in known}
            if set(REQUIRED) <= set(columns.values()):
                lines = list(islice(_lines(rows, columns), MOST_ROWS + 1))
                if len(lines) > MOST_ROWS:
                    raise FigureTableTooLong(name=name, most=MOST_ROWS)
                if not lines:
                    raise FigureTableEmpty(name=name)
                letter = column_letter(min(columns) + 1)
                return look_through([(f"{letter}{number}", cells) for number, cells in lines], actor, at)
    raise FigureHeadsMissing(name=name, heads=listed([_(HEADS[key]) for key in REQUIRED]))


def look_through(lines: Iterable[tuple[str, Mapping[str, str]]], actor: Person, at: datetime) -> FigurePreview:
    """Return rows with whose they are, and everything that is wrong with them; a constant number of reads."""
    rows = [read_figure_row(place, cells) for place, cells in lines]
    titles = figure_titles()
    by_title = {title: name for name, title in titles.items()}
    for row in rows:
        item = row.cells.get("item", "")
        if item and "item" not in row.problems and item not in titles and item not in by_title:
            row.problems["item"] = _("没有评分表取用“%(item)s”") % {"item": item[:30]}
        if row.period and (last := Period.parse(row.period).day_until - DAY) >= local_day(at):
            row.problems["period"] = _("%(period)s 到 %(last_on)s 才结束") % {"period": row.period, "last_on": last}
    refuse_double_rows(rows)
    bodies, units = _named(bodies_to_enter_for(actor, at)), _named(units_to_enter_for(actor, at))
    corrected = figures_seen_by(actor, at).in_bulk([row.corrects for row in rows if row.corrects])
    entries = [_entry(row, bodies, units, corrected, by_title) for row in rows]
    _refuse_known(entries)
    return FigurePreview(entries)


def _entry(
    row: FigureRow, bodies: Mapping[str, list[Any]], units: Mapping[str, list[Any]], corrected: Mapping[int, Figure],
    by_title: Mapping[str, str],
) -> Entry:  # fmt: skip
    whose = row.cells.get("whose", "")
    found = bodies.get(whose) or units.get(whose) or []
    if whose and "whose" not in row.problems and len(found) != 1:
        row.problems["whose"] = (
            _("同名的不止一个，请写编号") if found else _("没有找到“%(whose)s”，或您不能替它填") % {"whose": whose[:30]}
        )
    one = found[0] if len(found) == 1 else None
    said = row.cells.get("item", "")
    entry = Entry(
        row, by_title.get(said, said), one if isinstance(one, PartyOrg) else None, one if isinstance(one, AdminUnit) else None,
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
    elif (old.item, old.period) != (entry.item, row.period) or (
        (old.body_id, old.unit_id) != (entry.body.pk if entry.body else None, entry.unit.pk if entry.unit else None)
    ):
        row.problems["corrects"] = _("编号 %(number)s 是 %(whose)s %(period)s 的%(item)s，对不上") % {
            "number": old.pk, "whose": old.whose, "period": old.period, "item": old.item,
        }  # fmt: skip


def _refuse_known(entries: Sequence[Entry]) -> None:
    """Refuse a figure that is there already, by name and place, unless the row names it as what it corrects."""
    fresh = [one for one in entries if not one.problems and one.corrects is None]
    rows = Figure.objects.filter(is_current=True, period__in={one.row.period for one in fresh})
    rows = rows.filter(Q(body__in=[one.body for one in fresh if one.body])
                       | Q(unit__in=[one.unit for one in fresh if one.unit]))  # fmt: skip
    known = {(old.item, old.body_id, old.unit_id, old.period): old for old in rows}
    for one in fresh:
        key = (
            one.item, one.body.pk if one.body else None, one.unit.pk if one.unit else None, one.row.period
        )  # fmt: skip
        if key in known:
            old = known[key]
            one.row.problems["item"] = _(
                "%(whose)s %(period)s 的“%(item)s”已经有了（编号 %(number)s，来自%(source)s）；要更正，请在“更正编号”里写 %(number)s"
            ) % {"whose": one.row.cells["whose"], "period": old.period, "item": one.row.cells["item"], "number": old.pk,
                 "source": old.source}  # fmt: skip


def _named(rows: QuerySet[Any]) -> dict[str, list[Any]]:
    """Return what may be named by name or number."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
        if isinstance(row, PartyOrg):
            found.setdefault(f"#{row.pk}", []).append(row)
    return found


def _figures_in(content: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the figures that a node and those below it take, with the node's title."""
    title = content.get("title", {})
    for key, value in content.items():
        if key == "items":
            for item in value:
                yield from _figures_in(item)
        else:
            for name in _measured(value):
                yield name, title


def _measured(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("figure"), str):
            yield value["figure"]
        for inner in value.values():
            yield from _measured(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _measured(inner)


def _lines(rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        values = {key: _text(cells[place]) for place, key in columns.items() if place < len(cells)}
        if any(values.values()):
            yield number, values


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return format(round(cell, 6), "f").rstrip("0")
    return " ".join(str(cell).replace("\x00", "").split())[:LONGEST_CELL] if cell is not None else ""
