"""The record of a hearing and one reporter's result on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.hearings.calc.marks import grades_from
from ronghe.domain.hearings.models import Hearing, HearingReporter, Remark
from ronghe.domain.hearings.selectors import ReporterView, distribution_of
from ronghe.kernel.calendar.moments import SHANGHAI, day_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
    chinese_time,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

RESULT_COLUMNS = (
    Column("序号", share=4),
    Column("述职人", share=8),
    Column("党组织", share=20, align="left"),
    Column("得分", share=8),
    Column("等次", share=6),
    Column("问题", share=6),
)
HIDDEN = "人数太少，不公布"


class NotCountedYet(DomainError):
    code = "hearing_not_counted"
    sentence = N_("还没有计分，没有结果可打印。")


def hearing_document(
    hearing: Hearing, reporters: Sequence[ReporterView], remarks: Sequence[Remark], *, printed_on: date
) -> OfficialDocument:
    """Return the record: when and where, who chaired, what was said to each, and the grades in the order of speaking.

    :raises NotCountedYet: no marks were counted
    """
    if hearing.counted_at is None:
        raise NotCountedYet
    begun = hearing.starts_at.astimezone(SHANGHAI)
    blocks: list[Block] = [
        Labelled("时间", f"{chinese_date(begun.date())}{chinese_time(begun)}"),
        Labelled("地点", hearing.place),
        Labelled("主持", hearing.chair.name),
    ]
    if hearing.field:
        blocks.append(Labelled("分管领域", hearing.field))
    blocks.append(Heading("测评结果"))
    blocks.append(Table(RESULT_COLUMNS, tuple(_row(view) for view in reporters)))
    blocks.append(Paragraph("等次按各组测评加权计分；人数太少的组不公布也不计入，其权重归其他组。"))
    blocks.append(Heading("提问和点评"))
    for view in reporters:
        own = [remark for remark in remarks if remark.reporter_id == view.reporter.pk]
        lines = "\n".join(f"{remark.said_by.name}（{remark.get_kind_display()}）：{remark.text}" for remark in own)
        blocks.append(Labelled(view.reporter.person.name, lines or "无"))
    return OfficialDocument(
        title=f"{hearing.title}记录", blocks=tuple(blocks), issuer=hearing.body.name, dated=printed_on
    )


def result_document(reporter: HearingReporter, remarks: Sequence[Remark], *, printed_on: date) -> OfficialDocument:
    """Return one reporter's own result: score, grade, what each group marked, and the comments.

    :raises NotCountedYet: no marks were counted
    """
    result = getattr(reporter, "result", None)
    if result is None:
        raise NotCountedYet
    hearing = reporter.hearing
    grades = grades_from(hearing.grades)
    title = next((grade.title for grade in grades if grade.code == result.grade), "")
    columns = (Column("测评组", share=10), *(Column(grade.title, share=6) for grade in grades), Column("权重", share=8))
    rows = []
    for line in distribution_of(result):
        counts = [str(count) for count in line.counts] if line.counts is not None else ["—"] * len(grades)
        share = f"{line.share.normalize():f}%" if line.counts is not None else HIDDEN
        rows.append((line.title, *counts, share))
    blocks: list[Block] = [
        Labelled("述职人", reporter.person.name),
        Labelled("党组织", reporter.body.name),
        Labelled("得分", f"{result.score:f}" if result.score is not None else "没有可计的测评"),
        Labelled("等次", title),
        Table(columns, tuple(rows)),
    ]
    if remarks:
        blocks.append(Heading("提问和点评"))
        blocks += [Paragraph(remark.text, lead=f"{remark.said_by.name}：") for remark in remarks]
    dated = day_of(hearing.counted_at) if hearing.counted_at is not None else printed_on
    return OfficialDocument(
        title=f"{hearing.title}\n个人测评结果", blocks=tuple(blocks), issuer=hearing.body.name, dated=dated
    )


def _row(view: ReporterView) -> tuple[str, ...]:
    result = view.result
    score = f"{result.score:f}" if result is not None and result.score is not None else "—"
    return (
        f"{view.reporter.place}", view.reporter.person.name, view.reporter.body.name, score,
        view.grade.title if view.grade is not None else "—", f"{view.problems}",
    )  # fmt: skip
