"""三亮四比一创建 on paper: badges, the board of promises for a wall, a campaign's quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ronghe.domain.shows.enums import PromiseState
from ronghe.domain.shows.models import Badge
from ronghe.domain.shows.selectors.badges import BadgeFace
from ronghe.domain.shows.selectors.campaigns import CampaignQuarter
from ronghe.domain.shows.selectors.wall import WallLine, WallSums
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.documents import Block, Column, Heading, OfficialDocument, Paragraph, Table
from ronghe.kernel.documents.badges import PrintedBadge, render_badges

HEAD = "共产党员"
NOTE = "扫码看岗位和承诺"
WALL = (
    Column("承诺", share=20, align="left"), Column("承诺人", share=7), Column("载体", share=12, align="left"),
    Column("组织", share=12, align="left"), Column("期限", share=8), Column("评定人", share=7), Column("兑现情况", share=8),
)  # fmt: skip
RATIOS = (
    Column("组织", share=20, align="left"),
    Column("兑现", share=6),
    Column("没有兑现", share=6),
    Column("兑现率", share=6),
)


def badges_pdf(
    badges: Sequence[Badge], faces: Mapping[int, BadgeFace], addresses: Mapping[int, str], *, at: datetime, single: bool
) -> bytes:
    """Return badges as PDF, in card size or ten a sheet; `addresses` is by badge where its code leads."""
    printed = [
        PrintedBadge(
            HEAD, faces[badge.person_id].name, faces[badge.person_id].body, faces[badge.person_id].posts,
            addresses[badge.pk], NOTE,
        )
        for badge in badges
    ]  # fmt: skip
    return render_badges(printed, title="亮身份胸牌", made_at=at, single=single)


def wall_document(
    lines: Sequence[WallLine], sums: WallSums, *, whose: str, printed_on: date, is_cut: bool
) -> OfficialDocument:
    """Return the board of promises for a page lying on its side: who promised what, who judges it, what was kept."""
    ratio = sums.ratio
    share = f"，兑现率 {ratio.percent}%" if ratio.percent is not None else ""
    told = (
        f"践诺中 {sums.open} 项，过期没兑现 {sums.overdue} 项，待评 {sums.reported} 项；"
        f"一年来评定 {ratio.judged} 项，兑现 {ratio.kept} 项{share}。"
    )
    blocks: list[Block] = [Paragraph(told), Table(WALL, tuple(_line(one) for one in lines))]
    if is_cut:
        blocks.append(Paragraph(f"只印前 {len(lines)} 项，其余请按组织分开印。"))
    return OfficialDocument(title="承诺墙", blocks=tuple(blocks), issuer=whose, dated=printed_on)


def campaign_document(found: CampaignQuarter, *, printed_on: date) -> OfficialDocument:
    """Return how a campaign stands in a quarter: what is created, each contest's places, promises by branch."""
    campaign = found.campaign
    blocks: list[Block] = [Heading("一创建"), Paragraph(campaign.creates), Heading("四比")]
    if not found.contests:
        blocks.append(Paragraph("这个季度没有竞赛。"))
    for contest, table in found.contests:
        columns = (
            Column("名次", share=4), Column("参赛者", share=14, align="left"),
            *(Column(head.words, share=7, align="right") for head in table.heads), Column("总分", share=6, align="right"),
        )  # fmt: skip
        rows = tuple(
            (f"{line.place}", line.entry.name, *("—" if cell.points is None else f"{cell.points:.2f}" for cell in line.cells),
             f"{line.total}")
            for line in table.lines
        )  # fmt: skip
        blocks += [Paragraph(f"{contest.name}（{contest.get_state_display()}），各项为得分。"), Table(columns, rows)]
    blocks.append(Heading("践承诺"))
    if found.branches:
        rows = tuple(
            (one.body.name, f"{one.ratio.kept}", f"{one.ratio.not_kept}", f"{one.ratio.percent}%")
            for one in found.branches
        )
        blocks.append(Table(RATIOS, rows))
    else:
        blocks.append(Paragraph("这个季度没有评定过承诺。"))
    title = f"{campaign.name}\n{found.quarter.span.from_on.year} 年第 {found.quarter.label[-1]} 季度"
    return OfficialDocument(title=title, blocks=tuple(blocks), issuer=campaign.body.name, dated=printed_on)


def _line(one: WallLine) -> tuple[str, ...]:
    item, carrier = one.line.item, one.line.carrier
    due = f"{day_of(item.due_at):%Y.%m.%d}" if item.due_at is not None else ""
    owner = item.owner.name if item.owner is not None else ""
    return (
        item.title,
        owner,
        carrier.name,
        carrier.body.name,
        due,
        one.judge or "上级党组织",
        str(PromiseState(one.state).label),
    )
