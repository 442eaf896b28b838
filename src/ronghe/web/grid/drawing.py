"""The coverage map as rectangles: width by employees, one row a level, folded where a body would be too narrow to read.

Everything is placed here in the units of one drawing of `WIDTH`, so that the page needs no inline style; colours are
classes of `pages/grid.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from ronghe.domain.grid.calc.coverage import Cell, Node
from ronghe.kernel.words import listed

Thing = TypeVar("Thing")

WIDTH, LABELS = 1136, 112
GAP = 4
ROWS = {"root": (0, 44), "upper": (54, 44), "branch": (108, 62), "cell": (180, 96), "mark": (292, 16)}
"""Row → top and height."""
HEIGHT = 316
LIFT = 126
"""How much higher the units of a single branch stand, which has no rows between."""
NARROWEST_BRANCH, NARROWEST_CELL, NAMED_CELL = 30, 9, 60
LEAST, LEAST_PART = 24, 0.35
"""Every one of several things has so much room, or this part of an even share; the rest goes by weight."""
CHARACTER = 13
"""About how wide a character is."""


@dataclass(frozen=True, slots=True)
class Block:
    """One rectangle. `words` fit into it; `title` says everything, for the pointer and for readers."""

    x: float
    y: int
    width: float
    height: int
    look: str
    title: str
    words: str = ""
    note: str = ""
    href: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def left(self) -> float:
        return round(self.x + 12, 1)

    @property
    def right(self) -> float:
        return round(self.x + self.width - 12, 1)

    @property
    def baseline(self) -> int:
        return self.y + self.height // 2 + 5

    @property
    def mark_x(self) -> float:
        return round(self.middle - 7, 1)

    @property
    def mark_y(self) -> int:
        return self.y + self.height // 2 - 7


@dataclass(frozen=True, slots=True)
class Mark:
    """How a station is manned."""

    x: float
    look: str
    title: str


@dataclass(slots=True)
class Drawing:
    """The whole map."""

    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    levels: list[tuple[int, str, str]] = field(default_factory=list)
    """Baseline, name of the level, what it holds."""
    is_folded: bool = False
    lift: int = 0
    width: int = WIDTH

    @property
    def height(self) -> int:
        return HEIGHT - self.lift

    @property
    def mark_y(self) -> int:
        return ROWS["mark"][0] + 8 - self.lift

    def top_of(self, row: str) -> int:
        return ROWS[row][0] - (self.lift if row in {"cell", "mark"} else 0)


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of the second row with the branches under it; a bar without a body holds those right below the root."""

    node: Node | None
    branches: Sequence[Node]
    cells: Sequence[Cell]
    """Units that belong to the column itself and to no branch."""
    name: str
    members: int
    weight: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the same map as a list, for phones and for readers."""

    name: str
    depth: int
    members: int
    employees: int
    gaps: int
    href: str
    look: str
    is_unit: bool = False


def draw(root: Node, *, counts: dict[str, str]) -> Drawing:
    """Return the map below `root`; `counts` say under each level's name how many it has."""
    drawing = Drawing()
    if root.body.is_branch:
        drawing.lift = LIFT
    has_general = not any(node.body.kind == "committee" for node in root.nodes)
    x, width = LABELS, WIDTH - LABELS
    drawing.levels = [
        (drawing.top_of(row) + ROWS[row][1] // 2, name, counts.get(counted, ""))
        for row, counted, name in _level_names(is_branch=root.body.is_branch, has_general=has_general)
    ]
    drawing.blocks.append(
        _block("root", x, width, "root", root.body.name, members=root.members, employees=root.employees)
    )
    if root.body.is_branch:
        _draw_cells(drawing, [*root.cells, *_loose_below(root)], x, width, "")
        return drawing
    columns = columns_of(root)
    for column, left, wide in _shared(columns, [column.weight for column in columns], x, width, GAP + 2):
        _draw_column(drawing, column, left, wide)
    return drawing


def _level_names(*, is_branch: bool, has_general: bool) -> list[tuple[str, str, str]]:
    """Return row, what is counted under its name, and the name."""
    units = [("cell", "cell", _("党员用网")), ("mark", "mark", _("员工在网"))]
    if is_branch:
        return [("root", "branch", _("支部管网")), *units]
    upper = _("总支统网") if has_general else _("下级党委")
    return [("root", "root", _("党委建网")), ("upper", "upper", upper), ("branch", "branch", _("支部管网")), *units]


def columns_of(root: Node) -> list[Column]:
    """Return the bars of the second row: upper bodies, then what hangs right below the root."""
    columns = []
    direct: list[Node] = []
    for node in root.nodes:
        if node.body.is_branch:
            direct.append(node)
        else:
            columns.append(
                Column(node, list(_branches(node)), list(_loose(node)), node.body.name, node.members, node.weight)
            )
    if direct or root.cells:
        members = sum(node.members for node in direct)
        weight = sum(node.weight for node in direct) + sum(cell.unit.employees for cell in root.cells)
        columns.append(Column(None, direct, root.cells, _("直属"), members, max(weight, 1)))
    return columns


def lines_of(root: Node, *, deep: int = 2) -> list[Line]:
    """Return the map as an indented list, `deep` levels below the root; a branch shows its units."""
    return list(_lines(root, 0, deep))


def _lines(node: Node, depth: int, deep: int) -> Iterator[Line]:
    href = _page(node) if depth else ""
    yield Line(node.body.name, depth, node.members, node.employees, node.gaps, href, node.worst)
    if depth >= deep:
        return
    for cell in node.cells if not depth or node.body.is_branch else ():
        look = "nobody" if cell.is_empty else "lacking" if cell.lacks_party_part else ""
        yield Line(cell.name, depth + 1, cell.unit.members, cell.unit.employees, 0, "", look, is_unit=True)
    for child in node.nodes:
        yield from _lines(child, depth + 1, deep if not child.body.is_branch else depth + 1)


def _branches(node: Node) -> Iterator[Node]:
    for child in node.nodes:
        if child.body.is_branch:
            yield child
        else:
            yield from _branches(child)


def _loose(node: Node) -> Iterator[Cell]:
    """The units of a body and of the upper bodies below it that belong to no branch."""
    yield from node.cells
    for child in node.nodes:
        if not child.body.is_branch:
            yield from _loose(child)


def _draw_column(drawing: Drawing, column: Column, x: float, width: float) -> None:
    bar = _block("upper", x, width, "upper", column.name, members=column.members,
                 href=_page(column.node) if column.node is not None else "")  # fmt: skip
    drawing.blocks.append(bar)
    loose = sum(cell.unit.employees for cell in column.cells)
    parts: list[Node | None] = [*column.branches, *([None] if column.cells else [])]
    weights = [part.weight if part is not None else max(loose, 1) for part in parts]
    href = _page(column.node) if column.node is not None else ""
    if not parts:
        return
    if width / len(parts) < NARROWEST_BRANCH:
        drawing.is_folded = True
        number = len(column.branches)
        words = _("%(number)s 个支部") % {"number": number}
        drawing.blocks.append(_block("branch", x, width, "branch folded", words, members=column.members, href=href))
        drawing.blocks.append(_block("cell", x, width, "cell folded", _("点开"), href=href))
        return
    for part, left, wide in _shared(parts, weights, x, width, 2):
        if part is None:
            looks = _block("branch", left, wide, "branch loose", _("没有支部"))
            drawing.blocks.append(looks)
            _draw_cells(drawing, column.cells, left, wide, href)
        else:
            look = f"branch {part.worst}".strip()
            drawing.blocks.append(
                _block("branch", left, wide, look, part.body.name, members=part.members, href=_page(part))
            )
            _draw_cells(drawing, [*part.cells, *_loose_below(part)], left, wide, _page(part))


def _loose_below(node: Node) -> Iterator[Cell]:
    for child in node.nodes:
        yield from child.cells


def _draw_cells(drawing: Drawing, cells: Sequence[Cell], x: float, width: float, href: str) -> None:
    if not cells:
        return
    if width / len(cells) < NARROWEST_CELL:
        drawing.is_folded = True
        words = _("%(number)s 个班站") % {"number": len(cells)}
        folded = _block("cell", x, width, "cell folded", words, href=href)
        drawing.blocks.append(replace(folded, y=drawing.top_of("cell")))
        return
    for cell, left, wide in _shared(cells, [max(cell.unit.employees, 1) for cell in cells], x, width, 2):
        unit = cell.unit
        title = _("%(name)s：职工 %(employees)s 人，党员 %(members)s 人") % {
            "name": cell.name, "employees": unit.employees, "members": unit.members,
        }  # fmt: skip
        look = "cell nobody" if cell.is_empty else f"cell share-{_shade(cell.share)}"
        words = "" if cell.is_empty else str(unit.members)
        top, height = drawing.top_of("cell"), ROWS["cell"][1]
        name = _cut(cell.name, wide - 8) if wide >= NAMED_CELL else ""
        shown = words if wide >= CHARACTER else ""
        drawing.blocks.append(Block(left, top, wide, height, look, title, shown, name, href))
        if unit.kind == "station":
            look, said = _manning(cell)
            drawing.marks.append(
                Mark(round(left + wide / 2, 1), look, _("%(name)s：%(said)s") % {"name": cell.name, "said": said})
            )


def _manning(cell: Cell) -> tuple[str, str]:
    if cell.lacks_party_part:
        return "lacking", _("有人值守，缺“党建”职责")
    words = {
        "attended": _("有人值守"), "sparse": _("少人值守"), "unattended": _("无人值守"), None: _("值守方式没有登记"),
    }  # fmt: skip
    return cell.unit.staffing or "unknown", words[cell.unit.staffing]


def _shade(share: int) -> int:
    """Return how dark a unit is drawn: below 20, from 20, from 33, from 50 of a hundred are Party members."""
    return sum(share >= limit for limit in (20, 33, 50))


def _block(
    row: str, x: float, width: float, look: str, name: str, *, members: int | None = None,
    employees: int | None = None, href: str = "",
) -> Block:  # fmt: skip
    top, height = ROWS[row]
    said = [] if members is None else [_("党员 %(number)s 人") % {"number": members}]
    if employees is not None:
        said.append(_("职工 %(number)s 人") % {"number": employees})
    note = listed(said)
    room = width - 24 - (len(note) * CHARACTER if row in {"root", "upper"} else 0)
    shown = note
    if row == "upper" and room < CHARACTER * 3:
        shown, room = "", width - 16
    if row == "branch":
        shown = note if width >= len(note) * CHARACTER else str(members) if members is not None else ""
        room = width - 6
    title = _("%(name)s：%(said)s") % {"name": name, "said": note} if said else name
    return Block(round(x, 1), top, round(width, 1), height, look, title, _cut(name, room), shown, href)


def _cut(text: str, room: float) -> str:
    """Return as much of the text as there is room for."""
    fits = int(room // CHARACTER)
    if len(text) <= fits:
        return text
    return text[: fits - 1] + "…" if fits > 2 else ""


def _shared(
    things: Sequence[Thing], weights: Iterable[int], x: float, width: float, gap: float
) -> Iterator[tuple[Thing, float, float]]:
    """Share the width among things by weight, none narrower than a little, with a gap between them."""
    gap = gap if width / max(len(things), 1) > gap * 3 else 1
    room = width - gap * (len(things) - 1)
    least = min(room / max(len(things), 1) * LEAST_PART, LEAST)
    wanted = [max(weight, 1) for weight in weights]
    total = sum(wanted)
    for thing, weight in zip(things, wanted, strict=True):
        wide = least + (room - least * len(things)) * weight / total
        yield thing, round(x, 1), round(wide, 1)
        x += wide + gap


def _page(node: Node) -> str:
    return f"{reverse('web:grid')}?body={node.body.pk}"
