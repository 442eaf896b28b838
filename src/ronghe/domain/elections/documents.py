"""What goes up on paper: the 请示 on the candidates, and the 报告 of the result with every count."""

from __future__ import annotations

from datetime import date

from ronghe.domain.elections.enums import CandidateStage, ElectionKind, ElectionState, RoundKind
from ronghe.domain.elections.models import Election
from ronghe.domain.elections.selectors.elections import ContestView, RoundView, contests_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    chinese_date,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

KIND_WORDS = {ElectionKind.RE_ELECTION: "换届选举", ElectionKind.BY_ELECTION: "补选"}
ROUND_WORDS = {RoundKind.FIRST: "", RoundKind.TIE: "（票数相等者再投票）", RoundKind.REFILL: "（不足名额另行选举）"}
ELECTORATE_WORDS = {"general_meeting": "党员大会", "congress": "党员代表大会", "committee": "委员会会议"}
CANDIDATES = (
    Column("序号", share=4),
    Column("姓名", share=7),
    Column("单位", share=16, align="left"),
    Column("拟任", share=8),
    Column("入党时间", share=9),
)
COUNTS = (
    Column("姓名", share=8),
    Column("赞成", share=5),
    Column("不赞成", share=5),
    Column("弃权", share=5),
    Column("结果", share=8),
)


class NoCandidatesYet(DomainError):
    code = "no_candidates_yet"
    sentence = N_("还没有候选人预备人选，不能印请示。请先提名。")


class NotCountedYet(DomainError):
    code = "not_counted_yet"
    sentence = N_("还没有投票结果，不能印选举结果报告。请先计票。")


def request_document(election: Election, *, issued_on: date) -> OfficialDocument:
    """Return the 请示 on the election and its candidates to the body above.

    :raises NoCandidatesYet: nobody stands
    """
    views = contests_of(election)
    if not any(view.standing for view in views):
        raise NoCandidatesYet
    kind, body = KIND_WORDS[ElectionKind(election.kind)], election.body
    opening = Paragraph(
        f"根据《中国共产党基层组织选举工作条例》等规定，{body.name}拟于{chinese_date(election.planned_on)}"
        f"召开{_meeting(views)}进行{kind}。现将候选人预备人选报告如下。"
    )
    blocks: list[Block] = [Paragraph(f"{_above(election)}：", lead=""), opening]
    for view in views:
        role = _role(view)
        blocks.append(Heading(f"{role}（应选{view.contest.seats}名，候选人{len(view.standing)}名）"))
        rows = tuple(
            (
                str(number),
                one.person.name,
                one.person.unit.name if one.person.unit else "",
                one.get_duty_display(),
                f"{one.person.joined_party_on:%Y-%m}" if one.person.joined_party_on else "",
            )
            for number, one in enumerate(view.standing, start=1)
        )
        blocks.append(Table(CANDIDATES, rows))
    blocks.append(Paragraph("妥否，请批示。"))
    return OfficialDocument(
        title=f"{body.name}关于{kind}候选人预备人选的请示", blocks=tuple(blocks), issuer=body.name, dated=issued_on,
        keywords=("请示", kind),
    )  # fmt: skip


def report_document(election: Election, *, issued_on: date) -> OfficialDocument:
    """Return the 报告 of the result: each vote with its totals, who is elected, places to sign for those who counted.

    :raises NotCountedYet: nothing was counted
    """
    views = contests_of(election)
    if not any(view.rounds for view in views) or election.held_on is None:
        raise NotCountedYet
    kind, body = KIND_WORDS[ElectionKind(election.kind)], election.body
    blocks: list[Block] = [
        Paragraph(f"{_above(election)}：", lead=""),
        Paragraph(
            f"{body.name}于{chinese_date(election.held_on)}进行{kind}，以无记名投票方式选举，结果如下。"
            + (f"候选人预备人选经{election.approval_ref}批复。" if election.approval_ref else "")
        ),
    ]
    for view in views:
        blocks += _contest_blocks(view)
    if election.state == ElectionState.FILED and election.filing_ref:
        blocks.append(Paragraph(f"本结果已备案，文号{election.filing_ref}。"))
    else:
        blocks.append(Paragraph("请予备案。"))
    blocks.append(Signatures((Signature("总监票人签名"), Signature("总计票人签名"))))
    return OfficialDocument(
        title=f"{body.name}关于{kind}结果的报告", blocks=tuple(blocks), issuer=body.name, dated=issued_on,
        keywords=("报告", kind),
    )  # fmt: skip


def _contest_blocks(view: ContestView) -> list[Block]:
    blocks: list[Block] = [Heading(f"{_role(view)}（应选{view.contest.seats}名，由{_electorate(view)}选举）")]
    for one in view.rounds:
        blocks += [Paragraph(_round_sentence(one)), Table(COUNTS, _rows(one))]
    names = "、".join(one.person.name for one in view.elected) or "无"
    blocks.append(Paragraph(f"{names}。" + (f"空缺{view.open_seats}名。" if view.open_seats else ""), lead="当选："))
    return blocks


def _round_sentence(view: RoundView) -> str:
    held = view.round
    others = f"另选他人{held.others}票。" if held.others else ""
    return (
        f"{chinese_date(held.held_on)}{ROUND_WORDS[RoundKind(held.kind)]}，有选举权的应到{held.entitled}人，"
        f"实到{held.present}人；发出选票{held.issued}张，收回{held.returned}张，其中有效票{held.valid}张、"
        f"无效票{held.invalid}张。{others}"
    )


def _rows(view: RoundView) -> tuple[tuple[str, ...], ...]:
    rows = []
    for count in view.counts:
        result = "当选" if count.is_elected else ("再投票" if count.is_tied else "未当选")
        written_in = "（另选）" if count.candidate.stage == CandidateStage.WRITTEN_IN else ""
        votes = (count.votes_for, count.votes_against, count.votes_abstained)
        rows.append((f"{count.candidate.person.name}{written_in}", *map(str, votes), result))
    return tuple(rows)


def _above(election: Election) -> str:
    return election.body.parent.name if election.body.parent else "上级党组织"


def _role(view: ContestView) -> str:
    return view.contest.get_role_display()


def _electorate(view: ContestView) -> str:
    return ELECTORATE_WORDS[view.contest.electorate]


def _meeting(views: list[ContestView]) -> str:
    kinds = {view.contest.electorate for view in views}
    return ELECTORATE_WORDS["congress" if "congress" in kinds else "general_meeting"]
