"""A table of figures as people keep it: its heads, and what is wrong with one row before anybody is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from ronghe.kernel.words import N_, _
from ronghe.scoring.period import Period, PeriodUnknown

HEADS = {
    "item": N_("指标"),
    "whose": N_("对象"),
    "period": N_("期间"),
    "value": N_("数值"),
    "source": N_("数据来源"),
    "vouched_by": N_("担保人"),
    "corrects": N_("更正编号"),
}
REQUIRED = ("item", "whose", "period", "value", "source", "vouched_by")
LARGEST = Decimal(10) ** 9
"""What a sheet must be able to bear (`scoring.measures.base.MOST_QUANTITY`)."""
PLACES = 4
LENGTHS = {"source": 120, "vouched_by": 60, "period": 20, "item": 60}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row as it was typed, what it means, and what is wrong with it, by head."""

    place: str
    cells: Mapping[str, str]
    value: Decimal | None
    period: str
    corrects: int | None
    problems: dict[str, str] = field(default_factory=dict)


def read_figure_row(place: str, cells: Mapping[str, str]) -> FigureRow:
    """Read one row of a table; `place` says where it stands."""
    problems = {key: _("没有填") for key in REQUIRED if not cells.get(key)}
    for key, most in LENGTHS.items():
        if len(cells.get(key, "")) > most:
            problems[key] = _("太长，至多 %(most)s 个字") % {"most": most}
    value = _number(cells.get("value", ""), problems)
    period = _period(cells.get("period", ""), problems)
    named = cells.get("corrects", "").lstrip("#")
    corrects = int(named) if named.isdigit() and len(named) < 19 else None
    if named and corrects is None:
        problems["corrects"] = _("要写被更正那一条的编号")
    return FigureRow(place, cells, value, period, corrects, problems)


def refuse_double_rows(rows: list[FigureRow]) -> None:
    """Mark a row that says the same indicator, unit and period as one above it."""
    first: dict[tuple[str, str, str], str] = {}
    for row in rows:
        key = (row.cells.get("item", ""), row.cells.get("whose", ""), row.period)
        if all(key) and (above := first.setdefault(key, row.place)) != row.place:
            row.problems.setdefault("item", _("和 %(place)s 重复") % {"place": above})


def _number(text: str, problems: dict[str, str]) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(normalize("NFKC", text).replace(",", ""))
        exponent = value.as_tuple().exponent
    except InvalidOperation:
        problems["value"] = _("“%(text)s”不是数") % {"text": text[:20]}
        return None
    if not isinstance(exponent, int):
        problems["value"] = _("“%(text)s”不是数") % {"text": text[:20]}
    elif exponent < -PLACES:
        problems["value"] = _("至多 %(places)s 位小数") % {"places": PLACES}
    elif abs(value) > LARGEST:
        problems["value"] = _("太大，请换大一些的计量单位")
    else:
        return value
    return None


def _period(text: str, problems: dict[str, str]) -> str:
    if not text or "period" in problems:
        return ""
    try:
        return Period.parse(text).name
    except PeriodUnknown:
        problems["period"] = _("“%(text)s”不是期间，请写 2026、2026Q3 或 2026-08") % {"text": text[:20]}
        return ""
