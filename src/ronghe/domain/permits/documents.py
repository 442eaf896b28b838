"""作业票 on paper: what is done, hazards, measures, isolations, gas, who signed when, as it is kept with the work."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import translation

from ronghe.domain.permits.enums import MeasureState, PermitKind
from ronghe.domain.permits.models import GasTest, Measure, PermitSignature
from ronghe.domain.permits.selectors.permits import PermitView
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table
from ronghe.kernel.language import in_language
from ronghe.kernel.words import SOURCE_LANGUAGE

GRADES = {
    "special": {"zh": "特级", "en": "Special grade"}, "grade_1": {"zh": "一级", "en": "Grade 1"},
    "grade_2": {"zh": "二级", "en": "Grade 2"}, "grade_3": {"zh": "三级", "en": "Grade 3"},
    "grade_4": {"zh": "四级", "en": "Grade 4"}, "none": {"zh": "不分级", "en": "No grades"},
}  # fmt: skip
RISKS = (Column("序号", share=3), Column("工序", share=8, align="left"), Column("危害", share=14, align="left"),
         Column("措施", share=15, align="left"))  # fmt: skip
MEASURES = (Column("序号", share=3), Column("措施", share=22, align="left"), Column("落实", share=6), Column("确认人", share=6),
            Column("时间", share=7))  # fmt: skip
ISOLATIONS = (Column("隔离点", share=12, align="left"), Column("方式", share=12, align="left"), Column("锁具号", share=6),
              Column("隔离", share=8), Column("恢复", share=8))  # fmt: skip
GAS = (Column("取样时间", share=8), Column("取样点", share=8, align="left"), Column("读数（限值）", share=18, align="left"),
       Column("结论", share=5), Column("分析人", share=6))  # fmt: skip
SIGNATURES = (Column("签字", share=12, align="left"), Column("姓名", share=8), Column("时间", share=8),
              Column("方式", share=10), Column("现场", share=4))  # fmt: skip


def grade_words(grade: str, operation: str = "") -> str:
    """Return a grade in words; of work at height in Roman numbers, as the standard writes them."""
    if operation == "work_at_height" and grade.startswith("grade_"):
        roman = "ⅠⅡⅢⅣ"[int(grade[-1]) - 1]
        return in_language({"zh": f"{roman}级", "en": f"Grade {roman}"})
    return in_language(GRADES[grade])


def permit_document(view: PermitView, *, printed_on: date) -> OfficialDocument:
    """Return the sheet of a permit as it stands, in Chinese for every reader; what is signed is named by its digest."""
    with translation.override(SOURCE_LANGUAGE):
        return _document(view, printed_on)


def _document(view: PermitView, printed_on: date) -> OfficialDocument:
    permit, picture = view.permit, view.picture
    operation, profile = picture.operation, picture.profile
    blocks: list[Block] = [
        Labelled("票号", permit.number),
        Labelled("作业内容", permit.what),
        Labelled("地点", f"{permit.site.name}，{permit.place}" + (f"（区域 {permit.area}）" if permit.area else "")),
        Labelled("级别", grade_words(permit.grade, permit.operation)),
        Labelled("时间", f"{_moment(permit.starts_at)}至{_moment(permit.valid_until)}" + ("（已延期）" if permit.extended_until else "")),
    ]  # fmt: skip
    if permit.contractor is not None:
        blocks.append(Labelled("作业单位", permit.contractor.name))
    for field in operation.facts:
        value = permit.values.get(field.id)
        if value in (None, "", False):
            continue
        said = dict(field.choices).get(str(value)) or ("是" if value is True else f"{value}{field.unit}")
        blocks.append(Labelled(field.title, said))
    people = "，".join(
        f"{row.get_role_display()} {row.person.name}" + (f"（证 {row.card}）" if row.card else "") for row in view.parts
    )
    blocks += [Labelled("人员", people or "无"), Labelled("规则", f"{profile.title}（{profile.standard}）")]
    if view.links:
        blocks.append(Labelled("关联票", "，".join(f"{one.number} {one.what}" for one in view.links)))
    rows = tuple((f"{row.place}", row.step, row.hazard, row.measure) for row in view.risks)
    blocks += [Heading("作业危害分析"), Table(RISKS, rows)]
    if view.measures:
        blocks += [Heading("安全措施"), Table(MEASURES, tuple(_measure(row) for row in view.measures))]
    if view.isolations:
        isolated = tuple(
            (row.point, row.method, row.lock_no, _moment(row.placed_at), _moment(row.removed_at))
            for row in view.isolations
        )
        blocks += [Heading("能量隔离"), Table(ISOLATIONS, isolated)]
    if view.tests:
        blocks += [Heading("气体检测"), Table(GAS, tuple(_test(row) for row in reversed(view.tests)))]
    signed = tuple(_signed(row, profile.offices) for row in view.standing)
    blocks += [Heading("签字"), Table(SIGNATURES, signed)]
    if permit.issued_at is not None:
        office = operation.approver[permit.grade]
        blocks.append(Paragraph(f"由{profile.offices[office]}于{_moment(permit.issued_at)}签发。"))
    lost = sum(row.is_void for row in view.voided)
    if len(view.voided) > lost:
        blocks.append(Paragraph(f"另有 {len(view.voided) - lost} 个签字因内容更改作废。"))
    if lost:
        blocks.append(Paragraph(f"另有 {lost} 个签字因手机报失作废（PM-15）。"))
    blocks.append(Paragraph(f"签字内容摘要 {permit.digest}。"))
    title = operation.title if permit.kind != PermitKind.SPECIAL else f"{operation.title}票"
    return OfficialDocument(title=title, blocks=tuple(blocks), issuer=permit.site.body.name, dated=printed_on)


def _measure(row: Measure) -> tuple[str, ...]:
    state = row.get_state_display() + (f"：{row.note}" if row.note else "")
    if row.state == MeasureState.OPEN:
        return (f"{row.place}", row.text, state, "", "")
    return (f"{row.place}", row.text, state, row.checked_by.name if row.checked_by else "", _moment(row.checked_at))


def _test(row: GasTest) -> tuple[str, ...]:
    read = "，".join(f"{one['title']} {Decimal(one['value'])}{one['unit']}（{one['limit']}）" for one in row.readings)
    return (_moment(row.taken_at), row.place, read, "合格" if row.is_fit else "不合格", row.by.name)


def _signed(row: PermitSignature, offices: dict[str, str] | object) -> tuple[str, ...]:
    office = offices.get(row.office, "") if isinstance(offices, dict) else ""
    role = str(row.get_role_display()) + (f"（{office}）" if office else "")
    return (role, row.person.name, _moment(row.signed_at), str(row.get_way_display()), "是" if row.is_on_site else "")


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment is not None else ""
