"""Two kinds ready to use: the plain record of a meeting, and the red-headed summary of one.

Both take plain values; the subject that held the meeting fills them in. The labels are Chinese in every interface
language: a record is one text with one digest, whoever prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ronghe.kernel.documents.model import (
    Block,
    Column,
    Head,
    Heading,
    Imprint,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
)
from ronghe.kernel.documents.numbering import chinese_time

ATTENDANCE_COLUMNS = (
    Column("序号", share=5),
    Column("姓名", share=8),
    Column("单位", share=18, align="left"),
    Column("职务（岗位）", share=13, align="left"),
    Column("到会情况", share=16, align="left"),
)


@dataclass(frozen=True)
class Attendee:
    """Somebody who was expected. `note` says how and when they signed in; `reason` why they did not come."""

    name: str
    unit: str = ""
    post: str = ""
    present: bool = True
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Speech:
    """What somebody said, in short."""

    speaker: str
    text: str


@dataclass(frozen=True)
class Vote:
    """How was voted and what came out; `entitled` is the number the majority is counted from (PM-11 to PM-13)."""

    method: str
    entitled: int
    yes: int
    no: int = 0
    abstained: int = 0
    outcome: str = ""


@dataclass(frozen=True)
class AgendaItem:
    """One item: what was said, how was voted, what was resolved."""

    title: str
    speeches: tuple[Speech, ...] = ()
    vote: Vote | None = None
    resolution: str = ""


def meeting_record(
    *,
    title: str,
    held_from: datetime,
    held_until: datetime | None,
    place: str,
    chair: str,
    recorder: str,
    attendees: Sequence[Attendee],
    observers: Sequence[str] = (),
    items: Sequence[AgendaItem] = (),
    organization: str = "",
    chair_signed: str = "",
    recorder_signed: str = "",
) -> OfficialDocument:
    """Return the record of a meeting with every element of PM-14: no red head, no number, no seal.

    Times are printed in the zone they carry. `attendees` are all who were expected; the table keeps their order.
    `recorder_signed` and `chair_signed` say how they signed electronically; empty leaves a line for the pen.
    """
    present = sum(attendee.present for attendee in attendees)
    absent = [attendee for attendee in attendees if not attendee.present]
    elements = (
        Labelled("时间", _span(held_from, held_until)),
        Labelled("地点", place),
        Labelled("主持", chair),
        Labelled("记录", recorder),
        Labelled("应到", f"{len(attendees)}人"),
        Labelled("实到", f"{present}人"),
        Labelled("缺席", _absences(absent)),
        Labelled("列席", _names(observers)),
        Labelled("议题", _agenda(items)),
    )
    blocks: tuple[Block, ...] = (
        *((Labelled("组织", organization),) if organization else ()),
        *elements,
        *(block for item in items for block in _item_blocks(item)),
        _attendance_table(attendees),
        Signatures((
            Signature("主持人签名", chair if chair_signed else "", chair_signed),
            Signature("记录人签名", recorder if recorder_signed else "", recorder_signed),
        )),
    )  # fmt: skip
    return OfficialDocument(title=title, blocks=blocks, dated=held_from.date(), show_date=False, keywords=("会议记录",))


def meeting_summary(
    *,
    mark: str,
    number: str,
    title: str,
    issuer: str,
    issued_on: date,
    body: Iterable[Block],
    attended: Sequence[str],
    on_leave: Sequence[str] = (),
    observers: Sequence[str] = (),
    attachments: Sequence[str] = (),
    copies_to: Sequence[str] = (),
    printed_by: str = "",
    printed_on: date | None = None,
) -> OfficialDocument:
    """Return a red-headed summary (纪要) of a joint meeting; it carries no seal (DL-06).

    `number` comes from `document_number` (DL-04). The names follow the text: attended, on leave, observers.
    `printed_by` and `printed_on` are the imprint's, by default the issuer and its date (DL-07).
    """
    lists = (("出席", attended), ("请假", on_leave), ("列席", observers))
    names = (Labelled(label, _names(people)) for label, people in lists if people)
    return OfficialDocument(
        title=title,
        head=Head(mark=mark, number=number),
        blocks=(*body, *names),
        issuer=issuer,
        dated=issued_on,
        attachments=tuple(attachments),
        imprint=Imprint(printed_by or issuer, printed_on or issued_on, tuple(copies_to)),
        keywords=("纪要",),
    )


def _span(held_from: datetime, held_until: datetime | None) -> str:
    if held_until is None:
        return chinese_time(held_from)
    if held_until.date() == held_from.date():
        return f"{chinese_time(held_from)}至{held_until.hour}时{held_until.minute:02}分"
    return f"{chinese_time(held_from)}至{chinese_time(held_until)}"


def _absences(absent: Sequence[Attendee]) -> str:
    if not absent:
        return "无"
    people = "；".join(f"{attendee.name}（{attendee.reason or '未说明原因'}）" for attendee in absent)
    return f"{len(absent)}人，{people}"


def _names(people: Sequence[str]) -> str:
    return "、".join(people) if people else "无"


def _agenda(items: Sequence[AgendaItem]) -> str:
    if len(items) <= 1:
        return items[0].title if items else "无"
    return "\n".join(f"{number}. {item.title}" for number, item in enumerate(items, start=1))


def _item_blocks(item: AgendaItem) -> Iterable[Block]:
    yield Heading(item.title)
    for speech in item.speeches:
        yield Paragraph(speech.text, lead=f"{speech.speaker}：")
    if item.vote is not None:
        yield Paragraph(_vote_sentence(item.vote), lead="表决：")
    if item.resolution:
        yield Paragraph(item.resolution, lead="决议：")


def _vote_sentence(vote: Vote) -> str:
    counts = f"应到会有表决权{vote.entitled}人，赞成{vote.yes}票，反对{vote.no}票，弃权{vote.abstained}票"
    return f"{vote.method}，{counts}，{vote.outcome}。" if vote.outcome else f"{vote.method}，{counts}。"


def _attendance_table(attendees: Sequence[Attendee]) -> Table:
    rows = tuple(
        (str(number), attendee.name, attendee.unit, attendee.post, _presence(attendee))
        for number, attendee in enumerate(attendees, start=1)
    )
    return Table(ATTENDANCE_COLUMNS, rows, caption="到会情况表")


def _presence(attendee: Attendee) -> str:
    if attendee.present:
        return f"到会，{attendee.note}" if attendee.note else "到会"
    return f"缺席，{attendee.reason or '未说明原因'}"
