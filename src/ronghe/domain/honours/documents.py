"""The certificate of an honour and the public notice of a selection on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.honours.enums import CallState, HonourState, NominationState
from ronghe.domain.honours.models import Honour, HonourCall, Nomination
from ronghe.kernel.documents import (
    Addressees,
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class WithdrawnHonour(DomainError):
    code = "withdrawn_honour"
    sentence = N_("这项荣誉已撤销，不再出具证书。")


class NotOnNotice(DomainError):
    code = "not_on_notice"
    sentence = N_("还没有公示，没有可打印的名单。")


def certificate_document(honour: Honour) -> OfficialDocument:
    """Return the certificate of an honour, dated on the day of the award.

    :raises WithdrawnHonour: it was withdrawn
    """
    if honour.state != HonourState.VALID:
        raise WithdrawnHonour
    holder = honour.holder_name
    if holder != honour.body.name:
        words = f"{honour.body.name}{holder}被授予{honour.year}年度“{honour.title.name}”（{honour.title.get_level_display()}）。"
    else:
        words = f"你单位被授予{honour.year}年度“{honour.title.name}”（{honour.title.get_level_display()}）。"
    blocks: list[Block] = [Addressees(holder), Paragraph(words), Paragraph("特发此证，以资鼓励。")]
    if honour.document_number:
        blocks.append(Labelled("文号", honour.document_number))
    if honour.ends_on is not None:
        blocks.append(Labelled("有效期至", chinese_date(honour.ends_on)))
    return OfficialDocument(
        title="荣誉证书", blocks=tuple(blocks), issuer=honour.issuer, dated=honour.awarded_on,
        keywords=(honour.title.name,),
    )  # fmt: skip


def notice_document(call: HonourCall, nominations: Sequence[Nomination]) -> OfficialDocument:
    """Return the public notice: who is to be honoured, how it came about, until when and how to object (PD-11).

    :raises NotOnNotice: nobody was put on notice
    """
    if call.state not in (CallState.NOTICE, CallState.AWARDED) or call.notice_from is None or call.notice_until is None:
        raise NotOnNotice
    shown = [row for row in nominations if row.state in (NominationState.PROPOSED, NominationState.AWARDED)]
    columns = (Column("序号", share=3), Column("拟表彰对象", share=12), Column("所在党组织", share=16, align="left"))
    rows = tuple((f"{place}", row.holder_name, row.body.name) for place, row in enumerate(shown, start=1))
    span = f"{chinese_date(call.notice_from)}至{chinese_date(call.notice_until)}"
    blocks: list[Block] = [
        Paragraph(
            f"经提名、审查和{call.get_way_display()}，现将{call.year}年度“{call.title.name}”拟表彰对象公示如下。"
        ),
        Table(columns, rows),
        Heading("公示时间"),
        Paragraph(f"{span}，共{call.notice_days}个工作日。"),
        Heading("异议的提出"),
        Paragraph("对公示对象有异议的，请在公示期内在本平台该次评选的页面提出，写明内容和依据，由他人核查答复。"),
    ]
    return OfficialDocument(
        title=f"{call.year}年度{call.title.name}\n拟表彰对象公示", blocks=tuple(blocks), issuer=call.body.name,
        dated=call.notice_from,
    )  # fmt: skip


def register_document(rows: Sequence[Honour], *, issuer: str, printed_on: date) -> OfficialDocument:
    """Return the register, or the part of it that a filter leaves, as a table."""
    columns = (
        Column("获得者", share=10), Column("荣誉", share=12), Column("级别", share=8), Column("年度", share=5),
        Column("授予单位", share=14, align="left"), Column("文号", share=10),
    )  # fmt: skip
    table = tuple(
        (
            row.holder_name,
            row.title.name,
            row.title.get_level_display(),
            f"{row.year}",
            row.issuer,
            row.document_number or "—",
        )
        for row in rows
    )
    return OfficialDocument(title="荣誉台账", blocks=(Table(columns, table),), issuer=issuer, dated=printed_on)
