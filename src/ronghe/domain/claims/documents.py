"""The claim list on paper: by difficult point, the three duties, the four fixes, and the signatures."""

from __future__ import annotations

from datetime import date, datetime
from textwrap import wrap

from ronghe.domain.claims.models import ClaimLine, ClaimSheet
from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.claims.selectors import SheetView, SideSignature
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Signature,
    Signatures,
    Table,
    chinese_date,
)

COLUMNS = (
    Column("序", share=3),
    Column("任务", share=9, align="left"),
    Column("QHSE 职责", share=10, align="left"),
    Column("项目职责", share=10, align="left"),
    Column("党员职责", share=10, align="left"),
    Column("人员", share=7),
    Column("目标", share=8, align="left"),
    Column("责任", share=8, align="left"),
    Column("时限", share=8),
    Column("签字", share=8),
    Column("状态", share=7),
)


def sheet_document(view: SheetView, *, printed_on: date) -> OfficialDocument:
    """Return the claim list as it stands, with who claimed and signed what (SD-03, SD-04); for a page lying on its side."""
    sheet = view.sheet
    blocks: list[Block] = []
    if sheet.project is not None:
        blocks.append(Labelled("项目", sheet.project.name))
    if sheet.force is not None:
        blocks.append(Labelled("攻关党小组", sheet.force.name))
    blocks.append(Labelled("版次", f"第 {sheet.version} 版" if sheet.version else "起草中"))
    blocks.append(Labelled("进度", _progress(view)))
    for part in view.points:
        blocks.append(Heading(part.point.title if part.point is not None else "其他任务"))
        blocks.append(Table(COLUMNS, tuple(_row(line, view) for line in part.lines)))
    if view.versions:
        blocks.append(Labelled("内容摘要", " ".join(wrap(view.versions[0].digest, 8))))
        blocks.append(Signatures(tuple(_signature(side) for side in view.sides)))
    dated = day_of(sheet.published_at) if sheet.published_at is not None else printed_on
    return OfficialDocument(title=_title(sheet), blocks=tuple(blocks), issuer=sheet.body.name, dated=dated)


def _title(sheet: ClaimSheet) -> str:
    return f"{sheet.title}\n项目攻关任务领办清单"


def _progress(view: SheetView) -> str:
    counts = view.counts
    return (
        f"任务 {counts.total} 项，已验收 {counts.accepted} 项，攻关中 {counts.running} 项，待验收 {counts.submitted} 项，"
        f"待领办 {counts.unclaimed} 项，超期 {counts.overdue} 项"
    )


def _row(line: ClaimLine, view: SheetView) -> tuple[str, ...]:
    item, values = line.item, line.item.values
    pledge = view.pledged.get(item.pk)
    return (
        f"{line.number}",
        item.title,
        *(str(values.get(name, "")) for name in _DUTY_FIELDS),
        item.owner.name if item.owner is not None else "待领办",
        item.text,
        str(values.get("responsibility", "")),
        _day(item.due_at) if item.due_at is not None else "",
        f"{pledge.person.name}\n{_day(pledge.signed_at)}" if pledge is not None else "—",
        CLAIM_TASK.state_by_id[item.state].title,
    )


def _day(moment: datetime) -> str:
    """A day without its year, which stands at the foot: a narrow column has room for no more."""
    day = day_of(moment)
    return f"{day.month}月{day.day}日"


def _signature(side: SideSignature) -> Signature:
    signed = side.signature
    return Signature(
        side.body.name,
        name=signed.person.name if signed is not None else "",
        note=chinese_date(day_of(signed.signed_at)) if signed is not None else "",
    )


_DUTY_FIELDS = ("qhse_duty", "project_duty", "member_duty")
