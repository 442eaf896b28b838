"""The responsibility sheet and the decision-matter list on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.decisions.enums import Edition, Forum, Layer, Majority, MajorityOf, Rhythm, Share
from ronghe.domain.decisions.models import DecisionList, ListEntry, ResponsibilitySheet
from ronghe.domain.decisions.selectors.sheets import LineStanding
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table
from ronghe.kernel.words import _

SHEET_COLUMNS = (
    Column("责任人", share=8),
    Column("抓什么", share=22, align="left"),
    Column("分管领域", share=12),
    Column("频次或制度", share=14),
    Column("见证材料", share=12),
    Column("办理", share=8),
)
LIST_COLUMNS = (
    Column("序号", share=4),
    Column("事项", share=20, align="left"),
    Column("类别", share=8),
    Column("谁准备", share=8),
    Column("谁决定", share=9),
    Column("到会和票数", share=16),
    Column("依据", share=14, align="left"),
)


def sheet_document(sheet: ResponsibilitySheet, lines: Sequence[LineStanding], *, printed_on: date) -> OfficialDocument:
    """Return the sheet by layers, each line with how much of it is done on the day of printing."""
    blocks: list[Block] = [Paragraph(f"截至{printed_on:%Y年%m月%d日}。第{sheet.number}版，{_edition(sheet.state)}。")]
    for layer in Layer:
        own = [standing for standing in lines if standing.line.layer == layer]
        if own:
            blocks += [Heading(str(layer.label)), Table(SHEET_COLUMNS, tuple(_line(standing) for standing in own))]
    return OfficialDocument(
        title=f"{sheet.body.name}\n{sheet.year}年党建责任清单", blocks=tuple(blocks), issuer=sheet.body.name,
        dated=printed_on,
    )  # fmt: skip


def list_document(of_list: DecisionList, entries: Sequence[ListEntry], *, printed_on: date) -> OfficialDocument:
    """Return the list as a table; a draft says that it is one."""
    rows = tuple(
        (
            f"{place}", entry.title, entry.category_name, entry.preparer, _forum(entry), _rule(entry), entry.basis,
        )
        for place, entry in enumerate(entries, start=1)
    )  # fmt: skip
    blocks: list[Block] = [Labelled("版本", f"第{of_list.number}版，{_edition(of_list.state)}")]
    if of_list.document:
        blocks.append(Labelled("通过", of_list.document))
    blocks.append(Table(LIST_COLUMNS, rows))
    return OfficialDocument(
        title=f"{of_list.body.name}\n决策事项清单", blocks=tuple(blocks), issuer=of_list.body.name, dated=printed_on
    )


def _line(standing: LineStanding) -> tuple[str, ...]:
    line = standing.line
    how_often = standing.mechanism_title or str(Rhythm(line.rhythm).label)
    return (line.person.name, line.title, line.field, how_often, line.evidence, f"{standing.done}/{standing.begun}")


def _forum(entry: ListEntry) -> str:
    name = str(Forum(entry.forum).label)
    return f"{name}（{_('党委会前置研究')}）" if entry.needs_study else name


def _rule(entry: ListEntry) -> str:
    there = Share(entry.quorum).label
    return f"到会{there}，赞成{Majority(entry.majority).label}（{MajorityOf(entry.majority_of).label}）"


def _edition(state: str) -> str:
    return str(Edition(state).label)
