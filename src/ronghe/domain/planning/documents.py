"""The four-together check of a quarter on paper: a table of items and four checks, signed by both heads."""

from __future__ import annotations

from datetime import date

from ronghe.domain.planning.calc.contents import as_data
from ronghe.domain.planning.enums import CheckState
from ronghe.domain.planning.models import PlanItem
from ronghe.domain.planning.selectors.matrix import Matrix
from ronghe.domain.planning.selectors.plans import text_of
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

COLUMNS = (
    Column("序号", share=4),
    Column("计划内容", share=18, align="left"),
    Column("类别", share=5),
    Column("目标", share=14, align="left"),
    Column("生产负责人", share=8),
    Column("党建负责人", share=8),
    Column("时限", share=8),
    *(Column(str(word), share=7) for word in ("同谋划", "同部署", "同实施", "同考核")),
)
MARKS = {
    CheckState.NONE: "× 缺",
    CheckState.PROPOSED: "○ 待认定",
    CheckState.CONFIRMED: "√",
    CheckState.CONTESTED: "△ 异议",
    CheckState.NOT_APPLICABLE: "— 不适用",
}
KINDS = {"production": "生产", "party": "党建"}


def check_document(matrix: Matrix, *, printed_on: date, secretary: str = "") -> OfficialDocument:
    """Return the 四同检查表 of a quarter; of a closed one as it was closed."""
    plan, counts = matrix.plan, matrix.counts
    share = f"{counts.percent}%" if counts.percent is not None else "—"
    blocks: list[Block] = [
        Labelled("党组织", plan.body.name),
        Labelled("期间", matrix.quarter.label),
        Labelled("结果", f"应查 {counts.items} 条，四项都同的 {counts.joint} 条（{share}），短板 {counts.gaps} 处"),
    ]
    if matrix.round is not None and matrix.round.closed_at is not None and matrix.round.closed_by is not None:
        closed = chinese_date(day_of(matrix.round.closed_at))
        blocks.append(Labelled("检查人", f"{matrix.round.closed_by.name}，{closed}结束"))
    blocks.append(Table(COLUMNS, tuple(_row(line.item, [cell.state for cell in line.cells]) for line in matrix.lines)))
    reasons = [
        f"第 {line.item.number} 条{cell.title}：{cell.check.reason}"
        for line in matrix.lines
        for cell in line.cells
        if cell.check is not None and cell.check.reason
    ]
    if reasons:
        blocks.append(Paragraph("\n".join(reasons), lead="说明："))
    head = plan.production_head.name if plan.production_head is not None else ""
    blocks.append(Signatures((Signature("党组织书记", secretary), Signature("行政负责人", head))))
    return OfficialDocument(
        title=f"{plan.body.name}四同检查表", blocks=tuple(blocks), issuer=plan.body.name, dated=printed_on
    )


def _row(item: PlanItem, states: list[CheckState]) -> tuple[str, ...]:
    return (
        str(item.number), item.title, KINDS[item.kind], goal_words(item), item.production_owner.name,
        item.party_owner.name, f"{item.due_on:%m-%d}", *(MARKS[state] for state in states),
    )  # fmt: skip


def goal_words(item: PlanItem) -> str:
    """Return what is to be achieved as one text: the figure with its unit, then the words."""
    figure = as_data(item.number, text_of(item), is_dropped=False)["figure"]
    parts = [f"{figure}{item.unit}" if figure is not None else "", item.goal]
    return "，".join(part for part in parts if part)


def matrix_rows(matrix: Matrix) -> tuple[list[str], list[list[OutCell]]]:
    """Return heads and rows of the matrix for a workbook, in the reader's language."""
    heads = [_("序号"), _("计划内容"), _("类别"), _("目标"), _("生产负责人"), _("党建负责人"), _("完成时限"), _("完成日期"),
             _("同谋划"), _("同部署"), _("同实施"), _("同考核"), _("短板"), _("说明")]  # fmt: skip
    rows: list[list[OutCell]] = [
        [line.item.number, line.item.title, line.item.get_kind_display(), goal_words(line.item),
         line.item.production_owner.name, line.item.party_owner.name, line.item.due_on, line.item.done_on,
         *(cell.word for cell in line.cells), line.gaps,
         "；".join(f"{cell.title}：{cell.check.reason}" for cell in line.cells if cell.check and cell.check.reason)]
        for line in matrix.lines
    ]  # fmt: skip
    return heads, rows
