"""A visit as its page shows it: what is held of each item in front, the verdict to tap behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ronghe.domain.inspections.enums import BELOW, InspectionState, Verdict
from ronghe.domain.inspections.models import Inspection, ItemVerdict
from ronghe.domain.inspections.selectors.evidence import Held
from ronghe.domain.inspections.selectors.inspections import Judged, VisitRecord
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.words import _
from ronghe.web.sources import held_as, href_of

SHAPES = {
    InspectionState.PLANNED: "due", InspectionState.UNDER_WAY: "running", InspectionState.SEALED: "done",
    InspectionState.CALLED_OFF: "waived",
}  # fmt: skip
VERDICT_SHAPES = {
    Verdict.MEETS: "done", Verdict.PARTLY: "attention", Verdict.NOT_MET: "failed", Verdict.NOT_APPLICABLE: "waived",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A record that shows something: its words, its day, its page."""

    title: str
    on: date
    href: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the checklist on the page. `ways` are verdict, word, and whether it is the one that stands."""

    item: Any
    verdict: ItemVerdict | None
    word: str
    shape: str
    held: Held | None
    records: list[HeldLine]
    ways: list[tuple[str, str, bool]]
    makes_finding: bool
    visits: bool
    words: str
    mark: str
    refused: str


def shape_of(visit: Inspection, day: date) -> tuple[str, str]:
    """Return the word and the drawn shape of a visit's state; one that is not made in time is late."""
    if visit.state in (InspectionState.PLANNED, InspectionState.UNDER_WAY) and visit.until_on < day:
        return _("已超期"), "failed"
    if visit.state == InspectionState.SEALED and visit.proposed and not visit.grade:
        return _("待定级"), "attention"
    return str(InspectionState(visit.state).label), SHAPES[InspectionState(visit.state)]


def lines_of(record: VisitRecord, held: Mapping[str, Held], *, visits: bool) -> list[tuple[str, bool, list[ItemLine]]]:
    """Return the items by dimension, with whether they are vetoes; those come last."""
    parts = [
        (part.title, False, [line_of(one, held.get(one.item.id), visits=visits) for one in rows])
        for part, rows in record.dimensions
    ]
    if record.vetoes:
        rows = [line_of(one, held.get(one.item.id), visits=visits) for one in record.vetoes]
        parts.append((_("一票否决"), True, rows))
    return parts


def line_of(
    judged: Judged, held: Held | None, *, visits: bool, refused: str = "", typed: Mapping[str, Any] | None = None
) -> ItemLine:
    """Return one item; what was typed and refused stays where it was typed."""
    row = judged.verdict
    chosen = (typed or {}).get("verdict") or (row.verdict if row else "")
    said = {Verdict.MEETS: _("没有"), Verdict.NOT_MET: _("有")} if judged.item.is_veto else dict(Verdict.choices)
    mark = (typed or {}).get("mark", f"{row.mark.normalize():f}" if row and row.verdict == Verdict.PARTLY else "")
    return ItemLine(
        judged.item, row, str(said[Verdict(row.verdict)]) if row else "", VERDICT_SHAPES[Verdict(row.verdict)] if row else "",
        held, [_held_line(one) for one in held.latest] if held else [],
        [(str(value), str(word), str(value) == chosen) for value, word in said.items()],
        visits and row is not None and row.verdict in BELOW and row.finding_id is None, visits,
        (typed or {}).get("words", row.words if row else ""), mark, refused,
    )  # fmt: skip


def _held_line(one: Any) -> HeldLine:
    kind = declared_kinds().get(one.kind)
    title = held_as(one.values) or (_(kind.title) if kind is not None else one.kind)
    return HeldLine(title, one.on, href_of(one.source_type, one.source_id))
