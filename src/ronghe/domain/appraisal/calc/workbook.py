"""A run's results as an Excel workbook: the result, how it is scored, and what it is sealed with.

A4 landscape, one page wide, heads repeated. Text that a spreadsheet would take for a formula is stored as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ronghe.kernel.tabular.writing import CELL_CHARACTERS, is_dangerous
from ronghe.kernel.words import _, listed
from ronghe.scoring.exact import UNIT, text
from ronghe.scoring.nodes.base import Node
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import Window
from ronghe.scoring.sheets import Sheet

TITLE = Font(bold=True, size=16)
HEAD = Font(bold=True)
QUIET = Font(color="66707B", size=10)
HEAD_FILL = PatternFill("solid", fgColor="EDF1F5")
FAILED_FILL = PatternFill("solid", fgColor="FDEADF")
LINE = Side(style="thin", color="C4CAD1")
RULED = Border(top=LINE, bottom=LINE, left=LINE, right=LINE)

POINTS = "0.00##"
"""Two places, up to four where a score has them: what is shown is what was computed."""

MARGIN = 0.55
"""Inches, about 14 mm, on all sides."""


@dataclass(frozen=True, slots=True)
class Line:
    """One subject's line. Scores are in 1/10,000; `items` by node id, `None` where a node does not apply."""

    name: str
    place: str
    category: str
    score: int | None
    rank: int | None
    grade: str
    vetoes: tuple[str, ...]
    notes: tuple[str, ...]
    items: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the workbook says besides the lines: title, facts about the run, the seal."""

    title: str
    about: Sequence[tuple[str, str]]
    sheet: Sheet
    window: Window
    sealed: Sequence[tuple[str, str]]
    language: str = "zh"


def write_results_workbook(target: Path | IO[bytes], report: Report, lines: Iterable[Line]) -> None:
    """Write the workbook row by row; memory does not grow with the lines."""
    workbook = Workbook(write_only=True)
    _write_lines(workbook.create_sheet(_("考评结果")), report, lines)
    _write_rules(workbook.create_sheet(_("计分办法")), report)
    _write_sealed(workbook.create_sheet(_("依据与封存")), report)
    workbook.save(target)


def top_items(sheet: Sheet) -> list[Node]:
    """Return the nodes that get a column of their own: those right below the root, or the root if it has none."""
    root = sheet.root.piece if isinstance(sheet.root, Fold) else sheet.root
    return list(root.items) or [sheet.root]


def _write_lines(page: Any, report: Report, lines: Iterable[Line]) -> None:
    items = top_items(report.sheet)
    is_ranked = report.sheet.rank != "off"
    heads = [_("位次")] if is_ranked else [_("序号")]
    heads += [_("对象"), _("所在"), _("类别"), _("总分"), _("等次")]
    heads += [f"{_title(node, report)}\n{_full(node, report)}" for node in items]
    heads += [_("一票否决"), _("说明")]
    widths = [6, 24, 22, 10, 10, 10, *([11] * len(items)), 20, 40]
    _set_up(page, report, widths, head_row=4)
    page.append([_cell(page, report.title, font=TITLE)])
    page.append(
        [
            _cell(
                page,
                "    ".join(
                    _("%(label)s：%(words)s") % {"label": name, "words": value} for name, value in report.about
                ),
                font=QUIET,
            )
        ]
    )
    page.append([])
    page.append([_head(page, text) for text in heads])
    for number, line in enumerate(lines, start=1):
        fill = FAILED_FILL if line.vetoes else None
        cells = [
            _cell(page, line.rank if is_ranked else number, fill=fill),
            _cell(page, line.name, fill=fill),
            _cell(page, line.place, fill=fill),
            _cell(page, line.category, fill=fill),
            _points(page, line.score, fill=fill, bold=True),
            _cell(page, line.grade or "—", fill=fill),
            *(_points(page, line.items.get(node.id), fill=fill) for node in items),
            _cell(page, listed(line.vetoes), fill=fill, wrap=True),
            _cell(page, "\n".join(line.notes), fill=fill, wrap=True),
        ]
        page.append(cells)


def _write_rules(page: Any, report: Report) -> None:
    _set_up(page, report, [44, 12, 70], head_row=2)
    page.append([_cell(page, report.sheet.title[report.language], font=TITLE)])
    page.append([_head(page, word) for word in (_("项目"), _("满分"), _("计分办法"))])
    _append_node(page, report, report.sheet.root, 0)
    if report.sheet.vetoes:
        page.append([])
        page.append([_head(page, word) for word in (_("一票否决"), "", _("后果"))])
        for veto in report.sheet.vetoes:
            page.append(
                [_cell(page, veto.title[report.language]), "", _cell(page, _consequence(veto, report), wrap=True)]
            )
    if report.sheet.grades:
        page.append([])
        page.append([_head(page, word) for word in (_("等次"), "", _("条件"))])
        for band in report.sheet.grades.bands:
            words = band.condition.words() if band.condition else _("其余")
            page.append([_cell(page, band.title[report.language]), "", _cell(page, words, wrap=True)])


def _append_node(page: Any, report: Report, node: Node, depth: int) -> None:
    name = f"{'　' * depth}{node.title[report.language]}"
    page.append([_cell(page, name), _points(page, node.full(report.window)), _cell(page, node.words(), wrap=True)])
    inner = node.piece if isinstance(node, Fold) else node
    for item in inner.items:
        _append_node(page, report, item, depth + 1)


def _write_sealed(page: Any, report: Report) -> None:
    _set_up(page, report, [22, 90], head_row=1)
    page.append([_head(page, _("依据")), _head(page, _("内容"))])
    for name, value in report.sealed:
        page.append([_cell(page, name), _cell(page, value, wrap=True)])


def _consequence(veto: Any, report: Report) -> str:
    found = []
    if veto.grade_at_most and report.sheet.grades:
        place = report.sheet.grades.index(veto.grade_at_most)
        titles = [band.title[report.language] for band in report.sheet.grades.bands]
        found.append(_("等次最高为%(grade)s") % {"grade": titles[place] if place is not None else veto.grade_at_most})
    if veto.bars:
        found.append(_("不得参评：%(honors)s") % {"honors": listed(veto.bars)})
    if veto.zero:
        titles_of = {node.id: node.title[report.language] for node in report.sheet.nodes}
        found.append(_("记零分：%(items)s") % {"items": listed(titles_of.get(item, item) for item in veto.zero)})
    return _("；").join(found) or "—"


def _title(node: Node, report: Report) -> str:
    return node.title[report.language]


def _full(node: Node, report: Report) -> str:
    return _("加减分") if node.extra else _("满分 %(full)s") % {"full": text(node.full(report.window))}


def _set_up(page: Any, report: Report, widths: Sequence[int], *, head_row: int) -> None:
    """A4 landscape, as wide as one page, the head on every page, numbered at the foot."""
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.freeze_panes = f"A{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right", "top", "bottom"):
        setattr(page.page_margins, side, MARGIN)
    page.oddFooter.left.text = report.title.replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"


def _head(page: Any, words: str) -> Any:
    cell = _cell(page, words, font=HEAD, wrap=True)
    cell.fill, cell.border = HEAD_FILL, RULED
    return cell


def _points(page: Any, score: int | None, *, fill: Any = None, bold: bool = False) -> Any:
    if score is None:
        return _cell(page, "—", fill=fill, ruled=True, right=True)
    cell = _cell(page, Decimal(score) / UNIT, fill=fill, ruled=True, font=HEAD if bold else None)
    cell.number_format = POINTS
    return cell


def _cell(
    page: Any, value: Any, *, font: Any = None, fill: Any = None, wrap: bool = False, ruled: bool = False,
    right: bool = False,
) -> Any:  # fmt: skip
    cell = WriteOnlyCell(page, value=None)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_CHARACTERS]
        cell.data_type = "s"
        cell.quotePrefix = is_dangerous(value)
    else:
        cell.value = value
    if font is not None:
        cell.font = font
    if fill is not None:
        cell.fill = fill
    if ruled:
        cell.border = RULED
    if wrap or right:
        cell.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal="right" if right else None)
    return cell
