"""The record of the branch committee on its groups, with the table of the proposal (PO-08, PM-14).

Printed in Chinese whatever the reader's language: a record is one text.
"""

from __future__ import annotations

from datetime import date

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.regrouping.calc.model import Dimension, Standing
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.calc.proposals import Relaxed
from ronghe.domain.regrouping.enums import RegroupingState
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.selectors.proposals import Arrangement, open_proposal
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    chinese_date,
)
from ronghe.kernel.documents.numbering import chinese_number
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

COMMITTEE = (
    PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER,
    PostRole.DISCIPLINE_MEMBER, PostRole.COMMITTEE_MEMBER,
)  # fmt: skip
GROUPS = (
    Column("党小组", share=9), Column("区域", share=11), Column("组长", share=7), Column("人数", share=5),
    Column("党员", share=5), Column("其中正式", share=6), Column("大工种", share=15, align="left"),
)  # fmt: skip
PEOPLE = (
    Column("序号", share=4), Column("姓名", share=7), Column("岗位", share=9), Column("大工种", share=9),
    Column("政治面貌", share=9), Column("所在站场", share=11), Column("备注", share=7),
)  # fmt: skip
STANDINGS = {Standing.FULL: "正式党员", Standing.PROBATIONARY: "预备党员", Standing.NONE: "职工"}


class NothingToPrint(DomainError):
    code = "nothing_to_print"
    sentence = N_("还没有报支委会研究，没有记录可打印。")


def grouping_record(regrouping: Regrouping) -> OfficialDocument:
    """Return 支委会研究划分党小组的记录 with the proposal as two tables; before the meeting its result is left open.

    :raises NothingToPrint: nothing was submitted
    """
    opened = open_proposal(regrouping.chosen) if regrouping.chosen is not None else None
    if opened is None or regrouping.submitted_at is None:
        raise NothingToPrint
    decided = regrouping.approved_on
    day = decided or local_day(regrouping.submitted_at)
    committee = _committee(regrouping, day)
    names = _group_names(opened)
    blocks: list[Block] = [
        Labelled("时间", chinese_date(decided) if decided else "　　　　年　　月　　日"),
        Labelled("地点", ""),
        Labelled("应到", "、".join(committee) or "支委会委员"),
        Labelled("议题", f"研究划分{regrouping.body.name}党小组"),
        Heading("方案"),
        Paragraph(_method(regrouping, opened)),
        Paragraph(_balance(opened)),
        _groups_table(opened, names),
    ]
    for group, name in enumerate(names):
        blocks.append(_people_table(opened, group, name))
    blocks += [
        Heading("研究意见"),
        Paragraph(_resolution(regrouping, opened), lead="决议："),
        Paragraph("党小组由支委会研究划分，不必报批，报上级党组织知晓。"),
        Signatures(
            (Signature("主持人签名"), Signature("记录人签名"), *(Signature("委员签名", name) for name in committee))
        ),
    ]
    return OfficialDocument(
        title=f"{regrouping.body.name}支委会\n研究划分党小组的记录",
        blocks=tuple(blocks),
        dated=day,
        show_date=False,
        keywords=("会议记录", "党小组"),
    )


def _committee(regrouping: Regrouping, day: date) -> list[str]:
    posts = PostHolding.objects.held_on(day).filter(body=regrouping.body_id, role__in=COMMITTEE)
    rows = sorted(posts.select_related("person"), key=lambda post: (COMMITTEE.index(PostRole(post.role)), post.pk))
    return list(dict.fromkeys(post.person.name for post in rows))


def _group_names(opened: Arrangement) -> list[str]:
    return [
        group.name if (group := opened.group_today(area.continues)) is not None else f"新设第{chinese_number(at)}组"
        for at, area in enumerate(opened.assignment.areas, start=1)
    ]


def _method(regrouping: Regrouping, opened: Arrangement) -> str:
    people, groups = len(opened.assignment.where), len(opened.assignment.areas)
    basis = "按中心站区域、大岗位、大工种" if opened.problem.stations else "按大岗位、大工种"
    return (
        f"以{chinese_date(regrouping.as_of)}的名册为准，{basis}，将{people}人划分为{groups}个党小组，"
        "使每组具备单独管理一片区域的功能和能力；每组不少于"
        f"{opened.problem.requirements.min_members}名党员，其中至少{opened.problem.requirements.min_formal}名正式党员，"
        "组长由能兼任班组长的正式党员担任。"
    )


def _balance(opened: Arrangement) -> str:
    judged = opened.judgement
    relaxed = [from_plain(Relaxed, one) for one in opened.proposal.outcome.get("relaxed", ())]
    trades = judged.uneven_e4.get(Dimension.TRADES, 0)
    text = (
        f"能单独管一片的组{judged.alone}个；大工种平均偏差{trades / 100:.1f}%；"
        f"人均单程路程{judged.minutes_e1 / 10:.1f}分钟；需要换组{len(judged.moves)}人。"
    )
    return text + ("按顺序放宽：" + "；".join(opened.say(one.reason) for one in relaxed) + "。" if relaxed else "")


def _groups_table(opened: Arrangement, names: list[str]) -> Table:
    rows = []
    for at, (name, figures) in enumerate(zip(names, opened.judgement.groups, strict=True)):
        leader = opened.assignment.leader_of(at)
        hub = opened.names.stations.get(figures.hub, "") if figures.hub is not None else "—"
        trades = "、".join(f"{trade}{count}" for trade, count in figures.main_trades.items())
        rows.append((
            name, hub, opened.people[leader].name if leader is not None else "—", str(figures.size),
            str(figures.party), str(figures.formal), trades,
        ))  # fmt: skip
    return Table(GROUPS, tuple(rows), caption="党小组划分方案")


def _people_table(opened: Arrangement, group: int, name: str) -> Table:
    judged = opened.judgement.groups[group]
    leader, moved = opened.assignment.leader_of(group), set(judged.moved_in)
    members = [one for one in opened.problem.members if opened.assignment.where.get(one.id) == group]
    members.sort(key=lambda one: (one.id != leader, one.standing is Standing.NONE, one.trade, one.id))
    rows = [
        (
            str(number), one.name, one.broad_post or "—", one.trade or "—", STANDINGS[one.standing],
            opened.names.stations.get(one.home_station, "—") if one.home_station is not None else "—",
            "组长" if one.id == leader else "调入" if one.id in moved else "",
        )
        for number, one in enumerate(members, start=1)
    ]  # fmt: skip
    return Table(PEOPLE, tuple(rows), caption=f"{name}成员")


def _resolution(regrouping: Regrouping, opened: Arrangement) -> str:
    if regrouping.state not in {RegroupingState.APPROVED, RegroupingState.CARRIED_OUT, RegroupingState.UNDONE}:
        return "　　　　　　　　　　　　　　　　"
    leaders = "、".join(
        f"{name}{opened.people[leader].name}"
        for at, name in enumerate(_group_names(opened))
        if (leader := opened.assignment.leader_of(at)) is not None
    )
    day = chinese_date(regrouping.effective_on) if regrouping.effective_on else ""
    return f"同意以上方案，自{day}起执行。党小组组长：{leaders}。"
