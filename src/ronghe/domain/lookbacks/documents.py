"""“回头看”问题清单: what a session found, with causes, measures, who and by when, on a page laid on its side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ronghe.domain.items.models import WorkItem
from ronghe.domain.lookbacks.enums import Lapse
from ronghe.domain.lookbacks.models import LookSession
from ronghe.domain.lookbacks.rules import LOOKBACK
from ronghe.domain.lookbacks.selectors import LookRecord
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table, chinese_date

COLUMNS = (
    Column("序号", share=4), Column("问题", share=14, align="left"), Column("问题背后的问题", share=14, align="left"),
    Column("原因", share=14, align="left"), Column("原因背后的原因", share=14, align="left"),
    Column("措施、责任人、期限", share=20, align="left"), Column("情况", share=7), Column("复发", share=5),
)  # fmt: skip


def session_document(
    session: LookSession, findings: Sequence[tuple[WorkItem, LookRecord]], *, printed_on: date
) -> OfficialDocument:
    """Return the list of a session's findings down to the cause behind the cause."""
    last = session.until_on - timedelta(days=1)
    blocks: list[Block] = [
        Labelled("时间段", f"{chinese_date(session.from_on)}至{chinese_date(last)}"),
        Labelled("记录里的情况", _shown(session.shown)),
        Table(COLUMNS, tuple(_row(place, *found) for place, found in enumerate(findings, start=1))),
    ]
    if session.conclusion:
        blocks += [Heading("结论"), *(Paragraph(line) for line in session.conclusion.splitlines() if line.strip())]
    if session.closed_by is not None:
        blocks.append(Labelled("主持", session.closed_by.name))
    return OfficialDocument(
        title=f"{session.body.name}党政融合工作\n“回头看”问题清单", blocks=tuple(blocks), issuer=session.body.name,
        dated=printed_on,
    )  # fmt: skip


def _shown(shown: Mapping[str, int]) -> str:
    words = [f"{Lapse(name).label}{count}项" for name, count in shown.items() if name in Lapse.values]
    return "，".join(words) or "没有未一起办的"


def _row(place: int, item: WorkItem, record: LookRecord) -> tuple[str, ...]:
    why = record.current or next(iter(record.analyses), None)
    measures = [
        f"{measure.task.title}（{measure.task.assignee.name}，{measure.task.due_at:%Y.%m.%d}）"
        for measure in record.measures
        if measure.round == record.round
    ]
    analysis = why.analysis if why is not None else None
    return (
        f"{place}", item.title, analysis.problem_behind if analysis else "—", analysis.cause if analysis else "—",
        analysis.cause_behind if analysis else "—", "\n".join(measures) or "—",
        LOOKBACK.state_by_id[item.state].title, f"{record.times}次" if record.times else "—",
    )  # fmt: skip
