"""A day's chain as a record: the three parts in their order, what was said, who signed what and how."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.sitemeetings.enums import Meeting, SignatureRole, SignatureWay
from ronghe.domain.sitemeetings.selectors import Board, MeetingPart, PersonLine, SignedLine
from ronghe.kernel.documents import (
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

_WAYS = {SignatureWay.OWN_PHONE: "本人扫码", SignatureWay.OWN_TAP: "本人签字", SignatureWay.CARD: "凭卡"}
_TITLES = {Meeting.GROUP: "党小组会", Meeting.SAFETY: "安全交底会", Meeting.TECHNICAL: "技术交底会"}
_SIGNED = (
    Column("姓名", share=8),
    Column("单位", share=16, align="left"),
    Column("身份", share=10),
    Column("签字方式", share=9),
    Column("签字时间", share=12),
    Column("版次", share=7),
)
_PEOPLE = (Column("姓名", share=8), Column("单位", share=16, align="left"), Column("到场", share=10), Column("结果", share=16, align="left"))  # fmt: skip


class ChainNotReady(DomainError):
    code = "chain_not_ready"
    sentence = N_("党小组会还没有结束，没有记录可打印。")


def chain_document(board: Board) -> OfficialDocument:
    """Return the record of a chain, of what was closed so far. Of 三定 it says that everybody was asked, and no more.

    :raises ChainNotReady: not even the group meeting is closed
    """
    chain = board.chain
    closed = [part for part in board.parts if part.state == "closed"]
    if not closed:
        raise ChainNotReady
    begun = timezone.localtime(chain.begun_at)
    blocks: list[Block] = [
        Labelled("组织", chain.body.name),
        Labelled("时间", f"{chinese_date(chain.day)}，{begun:%H:%M}开始"),
        Labelled("地点", chain.place),
        Labelled("负责人", chain.leader.name),
    ]
    for part in closed:
        blocks += _part(part, board)
    blocks += [Heading("人员上岗情况"), Table(_PEOPLE, tuple(_person(line) for line in board.people))]
    return OfficialDocument(
        title=f"{chain.body.name}\n现场三会记录", blocks=tuple(blocks), dated=chain.day, show_date=False,
        keywords=("会议记录", "现场三会"),
    )  # fmt: skip


def _part(part: MeetingPart, board: Board) -> list[Block]:
    found: list[Block] = [Heading(_TITLES[part.meeting])]
    if part.activity is not None and part.activity.opened_at and part.activity.closed_at:
        opened, closed = timezone.localtime(part.activity.opened_at), timezone.localtime(part.activity.closed_at)
        found.append(Labelled("时间", f"{opened:%H:%M}至{closed:%H:%M}"))
    found.append(Labelled("主持" if part.meeting == Meeting.GROUP else "交底人", part.briefer.name))
    if part.text is not None:
        label = "学习内容" if part.meeting == Meeting.GROUP else "题目"
        found.append(Labelled(label, part.text.heading))
        found += _lines(part)
        found.append(Labelled("校验值", part.text.digest[:16]))
    if part.meeting == Meeting.GROUP:
        asked = sum(1 for line in board.people if line.row.is_settled is not None)
        found.append(Labelled("三定", f"思想稳定、信念坚定、目标确定，已逐人确认{asked}人"))
    found.append(Table(_SIGNED, tuple(_signature(part, row) for row in part.signed), caption="签字表"))
    for late in part.late:
        told = timezone.localtime(late.briefed_at)
        found.append(Paragraph(f"{late.briefed_by.name}于{told:%H:%M}向{late.person.name}补交底。"))
    return found


def _lines(part: MeetingPart) -> list[Block]:
    if part.meeting == Meeting.SAFETY:
        rows = tuple((str(number), line.what, line.measure) for number, line in enumerate(part.lines, start=1))
        return [Table((Column("序号", share=3), Column("危害", share=12, align="left"), Column("措施", share=20, align="left")), rows)]  # fmt: skip
    return [Paragraph(f"{number}. {line.what}") for number, line in enumerate(part.lines, start=1)]


def _signature(part: MeetingPart, row: SignedLine) -> tuple[str, ...]:
    person, signature = row.signature.person, row.signature
    role = ("主持人" if part.meeting == Meeting.GROUP else "交底人") if row.is_briefer else "参加人"
    if signature.role == SignatureRole.BRIEFED and part.meeting != Meeting.GROUP:
        role = "被交底人"
    version = f"第{row.version}版" + ("，已失效" if row.is_void else "")
    signed = timezone.localtime(signature.signed_at)
    return (
        person.name, person.unit.name if person.unit else "", role, _WAYS[SignatureWay(signature.way)],
        f"{signed:%H:%M}" + ("（补）" if signature.is_late else ""), version,
    )  # fmt: skip


def _person(line: PersonLine) -> tuple[str, ...]:
    person, came = line.row.person, timezone.localtime(line.row.came_at)
    if line.row.left_at is not None:
        result = f"{timezone.localtime(line.row.left_at):%H:%M}离场"
    elif line.may_work:
        result = "可以上岗"
    else:
        missing = "、".join(_TITLES[Meeting(one)] for one in (*line.standing.missing, *line.standing.voided))
        result = f"未交底：{missing}"
    return (person.name, person.unit.name if person.unit else "", f"{came:%H:%M}", result)
