"""What is wrong with a sheet, before anybody is scored by it.

Shape first; what the shape cannot say (names that must exist, numbers that must fit) only on a sheet of right shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.conditions import Compare, Condition, Place
from ronghe.scoring.exact import LARGEST, UNIT, NotExact, units
from ronghe.scoring.measures.base import Measure
from ronghe.scoring.measures.due import Due
from ronghe.scoring.measures.marks import Marks
from ronghe.scoring.measures.part import Part
from ronghe.scoring.measures.steady import Steady
from ronghe.scoring.nodes.base import Node
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.nodes.ratio import Ratio
from ronghe.scoring.period import Period, Window
from ronghe.scoring.problems import Path, Problem
from ronghe.scoring.sheets.duty import duty_problems
from ronghe.scoring.sheets.model import Sheet, read_sheet
from ronghe.scoring.sheets.schema import sheet_schema
from ronghe.scoring.sheets.shape import shape_problems

NUMBER_KEYS = frozenset(
    [
        "full",
        "scale",
        "floor",
        "cap",
        "at_most",
        "points",
        "below",
        "every",
        "target",
        "out_of",
        "late",
        "share",
        "from",
        "at_least",
        "over",
        "under",
        "pay",
    ]
)

A_YEAR = Period.parse("2000")


def check_sheet(doc: Any) -> list[Problem]:
    """Return every mistake in a sheet; none: it can be read and run."""
    problems = list(shape_problems(doc, sheet_schema()))
    if not problems:
        problems = list(_number_problems(doc, ()))
    if problems:
        return problems
    sheet = read_sheet(doc)
    paths = dict(_node_paths(doc["root"], ("root",)))
    return [
        *_name_problems(doc, sheet),
        *_tree_problems(doc["root"], ("root",)),
        *_condition_problems(sheet, paths),
        *_steady_problems(sheet.root, paths),
        *_weight_problems(sheet.root, paths),
        *_size_problems(sheet.root, A_YEAR, paths),
        *_grade_problems(doc, sheet),
        *duty_problems(doc, sheet.root, [band.id for band in sheet.grades.bands] if sheet.grades else []),
    ]


def _number_problems(doc: Any, path: Path) -> Iterator[Problem]:
    pairs = doc.items() if isinstance(doc, dict) else enumerate(doc) if isinstance(doc, list) else ()
    for key, value in pairs:
        here = (*path, key)
        if key == "where":  # names of attributes, not of ours
            continue
        if key in NUMBER_KEYS and isinstance(value, int | float | str):
            try:
                units(value)
            except NotExact:
                yield Problem(here, "too_many_places", _("“%(value)s”应是至多四位小数的数。") % {"value": value})
        else:
            yield from _number_problems(value, here)


def _node_paths(doc: dict[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    yield doc["id"], path
    for index, item in enumerate(doc.get("items", ())):
        yield from _node_paths(item, (*path, "items", index))


def _name_problems(doc: dict[str, Any], sheet: Sheet) -> Iterator[Problem]:
    ids = [name for name, _path in _node_paths(doc["root"], ())]
    for name, path in _node_paths(doc["root"], ("root",)):
        if ids.count(name) > 1:
            yield Problem((*path, "id"), "id_twice", _("“%(id)s”用了两次，每个节点要有自己的 id。") % {"id": name})
    bands = [band.id for band in sheet.grades.bands] if sheet.grades else []
    for index, veto in enumerate(sheet.vetoes):
        for place, name in enumerate(veto.zero):
            if name not in ids:
                yield Problem(("vetoes", index, "zero", place), "id_unknown", _("没有节点“%(id)s”。") % {"id": name})
        if veto.grade_at_most is not None and veto.grade_at_most not in bands:
            where = ("vetoes", index, "grade_at_most")
            yield Problem(where, "id_unknown", _("没有等次“%(id)s”。") % {"id": veto.grade_at_most})
    for name, count in Counter(veto.id for veto in sheet.vetoes).items():
        if count > 1:
            yield Problem(("vetoes",), "id_twice", _("否决项“%(id)s”写了两次。") % {"id": name})


def _tree_problems(doc: dict[str, Any], path: Path, *, folded: bool = False) -> Iterator[Problem]:
    if folded and "per" in doc:
        yield Problem((*path, "per"), "per_twice", _("上级节点已按期间分别计分，这里不能再写 per。"))
    if "per" not in doc:
        for key in ("fold", "at_most"):
            if key in doc:
                yield Problem((*path, key), "per_missing", _("写了 %(key)s，就要同时写 per。") % {"key": key})
    rows = [units(row["from"]) for row in doc.get("table", ())]
    if rows != sorted(set(rows)):
        yield Problem((*path, "table"), "order_wrong", _("表的 from 要从小到大，不能重复。"))
    for key in ("every", "target", "scale"):
        if key in doc and units(doc[key]) <= 0:
            yield Problem((*path, key), "not_positive", _("%(key)s 要大于 0。") % {"key": key})
    for index, item in enumerate(doc.get("items", ())):
        yield from _tree_problems(item, (*path, "items", index), folded=folded or "per" in doc)


def _condition_problems(sheet: Sheet, paths: dict[str, Path]) -> Iterator[Problem]:
    """Refuse questions about points and places where they are not known yet."""
    for node in sheet.nodes:
        for key, condition in (("when", node.when), ("zero_if", node.zero_if)):
            if condition and _asks_for_points(condition):
                yield Problem(
                    (*paths[node.id], key), "too_early", _("计分时还不知道得分和名次，这里只能写 of 或 category。")
                )
    for index, veto in enumerate(sheet.vetoes):
        if any(_asked_in(part) for part in veto.condition.inside()):
            yield Problem(("vetoes", index, "if"), "steady_inside", _("steady 只能直接写在节点的 of 下面。"))
        if _asks_for_points(veto.condition):
            yield Problem(("vetoes", index, "if"), "too_early", _("否决先于计分，这里只能写 of 或 category。"))
    for index, band in enumerate(sheet.grades.bands if sheet.grades else ()):
        for found in band.condition.inside() if band.condition else ():
            if _asked_in(found):
                where = ("grades", "bands", index, "if")
                yield Problem(where, "steady_inside", _("steady 只能直接写在节点的 of 下面。"))
            if isinstance(found, Compare) and found.item is not None and found.item not in paths:
                yield Problem(
                    ("grades", "bands", index, "if"), "id_unknown", _("没有节点“%(id)s”。") % {"id": found.item}
                )


def _asks_for_points(condition: Condition) -> bool:
    return any(
        isinstance(found, Place) or (isinstance(found, Compare) and not found.measure) for found in condition.inside()
    )


def _steady_problems(node: Node, paths: dict[str, Path]) -> Iterator[Problem]:
    """A steadied measure stands alone in a node, and steadies something that is so many of so many."""
    for one in node.walk():
        inner = one.piece if isinstance(one, Fold) else one
        found = [steady for steady in _steadies(inner.of) if steady is not inner.of]
        for condition in (inner.when, inner.zero_if):
            found += [steady for part in (condition.inside() if condition else ()) for steady in _asked_in(part)]
        if found:
            yield Problem(paths[one.id], "steady_inside", _("steady 只能直接写在节点的 of 下面。"))
        if isinstance(inner.of, Steady) and not (
            isinstance(inner.of.inner, Part | Marks) or (isinstance(inner.of.inner, Due) and inner.of.full_at)
        ):
            yield Problem(
                (*paths[one.id], "of"),
                "steady_without_share",
                _("steady 里面要是有分母的：完成率、两数之比、评分或问卷的平均。"),
            )


def _asked_in(condition: Condition) -> list[Measure]:
    return _steadies(condition.measure) if isinstance(condition, Compare) else []


def _steadies(measure: Measure | None) -> list[Measure]:
    """Every steadied measure in a measure, itself included."""
    if measure is None:
        return []
    below = [getattr(measure, name, None) for name in ("part", "whole", "inner")]
    found = [steady for part in below if isinstance(part, Measure) for steady in _steadies(part)]
    return [*([measure] if isinstance(measure, Steady) else []), *found]


def _weight_problems(node: Node, paths: dict[str, Path]) -> Iterator[Problem]:
    if isinstance(node, Ratio) and node.target <= 0:
        yield Problem(paths[node.id], "target_missing", _("这样量出来的数没有天然的满额，要写 target。"))
    inner = node.piece if isinstance(node, Fold) else node
    if inner.kind == "sum":
        for item in inner.items:
            if not item.extra and item.full(A_YEAR) <= 0:
                yield Problem(
                    paths[item.id],
                    "weight_missing",
                    _("看不出这一项满分多少：写上 full 或 cap，只加分、只扣分的项写 extra: true。"),
                )
    for item in inner.items:
        yield from _weight_problems(item, paths)


def _size_problems(node: Node, window: Window, paths: dict[str, Path]) -> Iterator[Problem]:
    """Refuse what could pass 2^53 on the way, in the largest unit that must be borne."""
    measured = node.of.largest if node.of else (0, 0)
    if max(*node.largest(window), *measured) * node.scale // UNIT >= LARGEST:
        yield Problem(
            paths[node.id],
            "too_large",
            _("这一项可能算出过大的数，算不准：给计数加上 at_most，给这一项加上 cap，或减少小数位数。"),
        )
        return
    pieces = node.below(window)
    for below, part in pieces[:1] if isinstance(node, Fold) else pieces:  # every piece of a fold is the same node
        yield from _size_problems(below, part, paths)


def _grade_problems(doc: dict[str, Any], sheet: Sheet) -> Iterator[Problem]:
    if not sheet.grades:
        return
    ids = [band.id for band in sheet.grades.bands]
    for index, name in enumerate(ids):
        if ids.count(name) > 1:
            yield Problem(("grades", "bands", index, "id"), "id_twice", _("等次“%(id)s”写了两次。") % {"id": name})
    for index, name in enumerate(doc["grades"].get("decide", ())):
        if name not in ids:
            yield Problem(("grades", "decide", index), "id_unknown", _("没有等次“%(id)s”。") % {"id": name})
    for index, band in enumerate(sheet.grades.bands):
        if band.quota and band.quota.places is None and not 0 < band.quota.share <= UNIT:
            yield Problem(
                ("grades", "bands", index, "quota", "share"), "share_wrong", _("名额比例要大于 0、不超过 1。")
            )
        if band.quota and index == len(ids) - 1:
            yield Problem(
                ("grades", "bands", index, "quota"), "nowhere_down", _("最后一个等次没有更低的等次可移，不能写名额。")
            )
