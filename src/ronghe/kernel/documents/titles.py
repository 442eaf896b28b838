"""Where a long title breaks: lines like a trapezoid or a diamond, words kept whole (DL-03)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations, pairwise

from ronghe.kernel.documents.layout import POINTS_PER_MM, PageLayout

NEVER_FIRST = frozenset("，。、；：？！）〕》」』】”’…—·%℃的了和与及之等号")
"""Characters that look wrong at the head of a line: closing marks, and words that lean on what stands before."""
NEVER_LAST = frozenset("（〔《「『【“‘第和与及")
"""Characters that look wrong at the end of a line: opening marks, and words that lean on what follows."""
WORDS = (
    "关于", "进一步", "加强", "开展", "推动", "推进", "落实", "贯彻", "安排", "会议", "联席", "例会", "纪要", "记录", "通知", "报告",
    "请示", "批复", "方案", "办法", "意见", "决定", "项目", "工程", "改造", "扩建", "联合站", "党建", "协作区", "党支部", "党总支",
    "党委", "委员会", "党员", "先锋岗", "责任区", "突击队", "工作", "建设", "管理", "油田", "公司", "中心", "作业区", "采油厂", "生产",
    "经营", "深度", "融合", "标准化", "规范化", "安全", "施工", "期间", "动火", "受限空间", "作业", "监护", "情况", "实施",
)  # fmt: skip
"""Words common in the titles of such documents; a line is not broken inside them."""
UNITS_KEPT = re.compile("|".join([r"[0-9A-Za-zⅠ-Ⅻ.\-/]+年?", "《[^》]{1,12}》", "“[^”]{1,10}”", *WORDS]))
"""Runs that stay on one line: numbers and Latin words, short quotations, common words."""
GOOD_AFTER = frozenset("的》”，、）")


def text_width(text: str) -> float:
    """Return the width in full characters: a Han character is 1, a Latin letter or digit about half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.55 for letter in text)


def balanced_lines(title: str, widest: float) -> list[str]:
    """Return the lines of a title none wider than `widest` characters, as few as possible, in a trapezoid or diamond.

    A line feed in the title is obeyed. Equal lines (a rectangle) and a waist (an hourglass) are avoided where the
    words allow it.
    """
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    count = 1
    while text_width(title) > widest * count:
        count += 1
    if count == 1:
        return [title]
    found = [best for lines in (count, count + 1) if (best := _best_breaking(title, lines, widest))]
    shapely = [lines for lines in found if _is_shapely(lines)]
    if shapely or found:
        return (shapely or found)[0]
    return _cut_anywhere(title, widest)


def mark_lines(mark: str, layout: PageLayout) -> list[str]:
    """Return the organization mark on one line where it fits in its smallest size, else on balanced lines (DL-06)."""
    return balanced_lines(mark, layout.type_width * POINTS_PER_MM / layout.smallest_mark_pt)


def _best_breaking(title: str, count: int, widest: float) -> list[str] | None:
    return min(_breakings(title, count, widest), key=lambda lines: _cost(lines, widest), default=None)


def _breakings(title: str, count: int, widest: float) -> Iterator[list[str]]:
    allowed = _break_places(title)
    ideal = len(title) / count
    near = [
        [place for place in allowed if abs(place - ideal * number) <= max(4.0, ideal / 2)] for number in range(1, count)
    ]
    if count > 4 or not all(near):
        return
    pool = sorted({place for places in near for place in places})
    for places in combinations(pool, count - 1):
        lines = [title[start:end] for start, end in pairwise((0, *places, len(title)))]
        if all(text_width(line) <= widest for line in lines):
            yield lines


def _break_places(title: str) -> list[int]:
    inside = {place for match in UNITS_KEPT.finditer(title) for place in range(match.start() + 1, match.end())}
    return [
        place
        for place in range(2, len(title) - 1)
        if place not in inside and title[place] not in NEVER_FIRST and title[place - 1] not in NEVER_LAST
    ]


def _is_shapely(lines: list[str]) -> bool:
    """Tell whether the lines are neither a rectangle nor an hourglass."""
    widths = [text_width(line) for line in lines]
    steps = [after - before for before, after in pairwise(widths)]
    hourglass = any(before < 0 < after for before, after in pairwise(steps))
    return not hourglass and any(abs(step) >= 0.9 for step in steps)


def _cost(lines: list[str], widest: float) -> float:
    """Weigh even lines, a good shape and breaks after a pause against each other; the unit is one character."""
    widths = [text_width(line) for line in lines]
    mean = sum(widths) / len(widths)
    spread = sum(abs(width - mean) for width in widths)
    shape = 0 if _is_shapely(lines) else 12
    pauses = sum(1.5 for line in lines[:-1] if line[-1] in GOOD_AFTER)
    stubs = sum(5 for width in widths if width < widest * 0.3)
    return spread + shape + stubs - pauses


def _cut_anywhere(title: str, widest: float) -> list[str]:
    """Return full lines for a title that no rule can break, such as one endless word."""
    lines = [""]
    for letter in title:
        if lines[-1] and text_width(lines[-1] + letter) > widest:
            lines.append("")
        lines[-1] += letter
    return lines
