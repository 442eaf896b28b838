"""The sheet on paper: who does what on the four sides of a zone, and the signatures under it; as a workbook likewise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from ronghe.domain.duties.calc.shares import SIDES, Share
from ronghe.domain.duties.calc.table import HEADS, SIDE_HEADS, cell_of
from ronghe.domain.duties.enums import AcceptState, Standing
from ronghe.domain.duties.selectors.accepting import Acceptance
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.duties.selectors.sheets import DutyView
from ronghe.domain.zones.enums import SheetTopic
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    chinese_date,
)
from ronghe.kernel.tabular.writing import OutCell
from ronghe.kernel.words import _

PART_WORDS = {"lead": "主责", "help": "配合", "supervise": "监督", "inform": "知会"}
KIND_WORDS = {"qhse": "QHSE", "project": "项目", "party": "党建"}
STANDING_WORDS = {
    Standing.NONE: "—",
    Standing.WAITING: "待确认",
    Standing.DUE: "办理中",
    Standing.DONE: "已办",
    Standing.OVERDUE: "超期",
}
COLUMNS = (
    Column("序", share=3),
    Column("类别", share=6),
    Column("责任事项", share=28, align="left"),
    *(Column(f"{word}方", share=7) for word in SIDE_HEADS.values()),
    Column("时限", share=7),
    Column("依据", share=9),
    Column("状态", share=6),
)


def sheet_document(view: DutyView, *, printed_on: date) -> OfficialDocument:
    """Return the sheet as its reader sees it, with who signed for which side (D9); for a page lying on its side."""
    zone, latest = view.sheet.zone, view.latest
    blocks: list[Block] = [Labelled("协作区", zone.name)]
    blocks.append(Labelled("版次", f"第 {latest.number} 版" if latest is not None else "起草中，未发布"))
    if view.changed and latest is not None:
        blocks.append(Labelled("改动", f"发布后又改了 {len(view.changed)} 条，以下是改后的内容"))
    if not view.is_whole:
        sides = "、".join(SIDE_HEADS[side] for side in SIDES if side in view.mine)
        blocks.append(Labelled("范围", f"{sides}方的条目和各方共担的条目"))
    blocks.append(Table(COLUMNS, tuple(_row(row, view) for row in view.rows)))
    if latest is not None:
        blocks.append(Paragraph("各方签字均对应本方条目的摘要；条目改动后，该方的确认即失效。"))
        blocks.append(Labelled("全文摘要", " ".join(wrap(latest.digest, 8))))
        signing = [one for one in view.acceptances if one.state is not AcceptState.NOTHING]
        blocks.append(Signatures(tuple(_signature(one) for one in signing)))
    dated = day_of(latest.issued_at) if latest is not None else printed_on
    issuer = zone.body.name if zone.body is not None else zone.sponsor.name
    return OfficialDocument(title=f"{zone.name}\n四方责任清单", blocks=tuple(blocks), issuer=issuer, dated=dated)


def table_heads() -> list[str]:
    """Return the heads of the workbook: those of the table that is imported, then where a row lives and how it stands."""
    return [*import_heads(), _("来处"), _("状态")]


def import_heads() -> list[str]:
    """Return the heads of the table that is filled in and imported."""
    return [_(head) for head in HEADS.values()]


def table_rows(view: DutyView, rows: Sequence[SheetRow]) -> list[list[OutCell]]:
    """Return `rows` of the view as a workbook has them, in the order of `table_heads`."""
    return [
        [_topic(row), row.title, row.text, *(cell_of(row.shares.get(side)) for side in SIDES), row.due_on or "",
         "" if row.due_on else row.cadence, row.basis, str(row.source.label),
         str(view.records[row.row.pk].standing.label)]
        for row in rows
    ]  # fmt: skip


def _topic(row: SheetRow) -> str:
    """A line's topic as it is imported again; other rows say their kind."""
    return str((SheetTopic(row.row.line.topic) if row.row.line is not None else row.kind).label)


def _row(row: SheetRow, view: DutyView) -> tuple[str, ...]:
    record = view.records[row.row.pk]
    counts = f"\n{record.done}/{record.of}" if record.of > 1 else ""
    when = chinese_date(row.due_on) if row.due_on is not None else row.cadence or "—"
    words = f"{row.title}：{row.text}" if row.text and row.text != row.title else row.title
    return (
        f"{row.row.number}", KIND_WORDS[row.kind], words, *(_share(row.shares.get(side)) for side in SIDES), when,
        row.basis or "—", STANDING_WORDS[record.standing] + counts,
    )  # fmt: skip


def _share(share: Share | None) -> str:
    return f"{PART_WORDS[share.part]}\n{share.name}".strip() if share is not None else "—"


def _signature(one: Acceptance) -> Signature:
    role = f"{SIDE_HEADS[one.side]}方（{one.unit.name}）"
    if one.state is not AcceptState.AGREED or one.word is None:
        return Signature(role)
    return Signature(role, one.word.person.name, chinese_date(day_of(one.word.said_at)))
