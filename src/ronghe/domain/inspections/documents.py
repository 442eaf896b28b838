"""督查报告: what a group found at a body, item by item, with marks, vetoes and what was to be put right."""

from __future__ import annotations

from datetime import date

from ronghe.domain.inspections.calc.marking import percentage
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.selectors.inspections import Judged, VisitRecord
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table, chinese_date

COLUMNS = (
    Column("序号", share=6), Column("内容", share=34, align="left"), Column("认定", share=14), Column("得分", share=12),
    Column("说明", share=34, align="left"),
)  # fmt: skip


def inspection_document(visit: Inspection, record: VisitRecord, *, printed_on: date) -> OfficialDocument:
    """Return the report of a visit; what was not looked at yet stays open in it."""
    sheet = visit.sheet
    names = "、".join(one.person.name for one in record.group)
    blocks: list[Block] = [
        Labelled("督查组", names),
        Labelled("时间", f"{chinese_date(visit.planned_on)}至{chinese_date(visit.until_on)}"),
        Labelled("检查表", sheet.names["zh"]),
    ]
    if visit.mark is not None and visit.full is not None:
        blocks.append(Labelled("得分", f"{visit.mark}/{visit.full}（{percentage(visit.mark, visit.full)}%）"))
    for name, grade in (("建议等级", visit.proposed), ("定级", visit.grade)):
        if grade:
            blocks.append(Labelled(name, _grade(visit, grade)))
    if visit.words:
        blocks += [Heading("总体评价"), *(Paragraph(line) for line in visit.words.splitlines() if line.strip())]
    for part, rows in record.dimensions:
        blocks += [
            Heading(part.names["zh"]),
            Table(COLUMNS, tuple(_row(place, one) for place, one in enumerate(rows, 1))),
        ]
    if record.vetoes:
        vetoes = tuple(_row(place, one) for place, one in enumerate(record.vetoes, 1))
        blocks += [Heading("一票否决"), Table(COLUMNS, vetoes)]
    return OfficialDocument(
        title=f"{visit.body.name}\n{visit.get_form_display()}报告", blocks=tuple(blocks), issuer="督查组",
        dated=printed_on,
    )  # fmt: skip


def _grade(visit: Inspection, grade: str) -> str:
    return next((one.names["zh"] for one in visit.sheet.grades if one.id == grade), grade)


def _row(place: int, one: Judged) -> tuple[str, ...]:
    row = one.verdict
    if row is None:
        return (f"{place}", one.item.names["zh"], "—", "—", "")
    said = ("有" if row.verdict == "not_met" else "没有") if one.item.is_veto else row.get_verdict_display()
    mark = "—" if one.item.is_veto or row.verdict == "not_applicable" else f"{row.mark}/{one.item.full}"
    return (f"{place}", one.item.names["zh"], str(said), mark, row.words)
