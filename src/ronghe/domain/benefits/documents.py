"""效益账 on paper: sums by month and every idea of a book, on a page laid on its side; and one idea with its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.benefits.enums import EntryKind
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.benefits.selectors.book import Book, Idea, Sums, Told, in_yuan
from ronghe.domain.items.services.filling import in_words
from ronghe.kernel.documents import Block, Column, Heading, Labelled, OfficialDocument, Paragraph, Table

MONTHS = (
    Column("月份", share=8), Column("估算", share=10, align="right"), Column("审核通过", share=10, align="right"),
    Column("实际", share=10, align="right"), Column("核定入账", share=10, align="right"),
    Column("冲回", share=10, align="right"), Column("净额", share=10, align="right"),
)  # fmt: skip
IDEAS = (
    Column("序号", share=4), Column("效益点", share=18, align="left"), Column("原做法", share=12, align="left"),
    Column("新做法", share=12, align="left"), Column("估算", share=10, align="right"),
    Column("入账", share=10, align="right"), Column("节约工期", share=7, align="right"), Column("状态", share=7),
)  # fmt: skip
LINES = (
    Column("项目", share=14, align="left"), Column("原数量", share=8, align="right"),
    Column("原单价", share=9, align="right"), Column("现数量", share=8, align="right"),
    Column("现单价", share=9, align="right"), Column("节约", share=10, align="right"),
)  # fmt: skip


def book_document(book: Book, ideas: Sequence[Idea], *, printed_on: date) -> OfficialDocument:
    """Return the 效益账 of a zone, a body or a project. Money in yuan."""
    whose = book.scope.whose
    name = getattr(whose, "name", "")
    year = f"{book.scope.year}年" if book.scope.year is not None else ""
    rows = [(f"{month:%Y-%m}", *_sums(sums)) for month, sums in book.months]
    blocks: list[Block] = [
        Paragraph("金额单位：元。一个效益点不论几人出力，只入账一次；冲回记在冲回的当月。"),
        Heading("分月汇总"),
        Table(MONTHS, (*rows, ("合计", *_sums(book.total)))),
        Labelled("节约工期", _days(book)),
        *(_gain(gain.project.name, gain.days, is_verified=gain.verified_at is not None) for gain in book.gains),
        Heading("效益点明细"),
    ]
    blocks.append(Table(IDEAS, tuple(_row(place, idea) for place, idea in enumerate(ideas, start=1))))
    return OfficialDocument(title=f"{name}{year}效益账", blocks=tuple(blocks), issuer=name, dated=printed_on)


def idea_document(idea: Idea, *, printed_on: date) -> OfficialDocument:
    """Return one idea: what is done otherwise, how it was reckoned, who verified it and who shares the merit."""
    item = idea.item
    blocks: list[Block] = [
        Labelled("提出人", item.raised_by.name),
        Labelled("组织", item.body.name),
        *([Labelled("项目", item.project.name)] if item.project is not None else []),
        *([Labelled("说明", item.text)] if item.text else []),
        *(Labelled(spec.title, words) for spec, words in in_words(BENEFIT, item.values)),
    ]
    for title, told in (("估算", idea.estimate), ("实际", idea.actual)):
        if told is not None:
            blocks += _told(title, told)
    for entry in idea.entries:
        word = "核定入账" if entry.kind == EntryKind.VERIFIED else "冲回"
        reason = f"，原因：{entry.reason}" if entry.reason else ""
        blocks.append(
            Labelled(
                word, f"{in_yuan(entry.fen)}元，{entry.days}天，{entry.by.name}，{entry.booked_on:%Y.%m.%d}{reason}"
            )
        )
    if idea.shares:
        people = "，".join(f"{share.person.name} {share.percent.normalize():f}%" for share, _fen in idea.shares)
        blocks.append(Labelled("功劳份额", people))
    return OfficialDocument(
        title=f"效益点测算表\n{item.title}", blocks=tuple(blocks), issuer=item.body.name, dated=printed_on
    )


def _told(title: str, told: Told) -> list[Block]:
    reckoning = told.reckoning
    rows = [
        (
            f"{line.what}（{line.unit}）" if line.unit else line.what, _number(line.before_quantity),
            in_yuan(int(line.before_price * 100)), _number(line.after_quantity), in_yuan(int(line.after_price * 100)),
            in_yuan(line.fen),
        )
        for line in told.lines
    ]  # fmt: skip
    blocks: list[Block] = [Heading(title)]
    if rows:
        blocks.append(Table(LINES, (*rows, ("合计", "", "", "", "", in_yuan(reckoning.fen)))))
    if reckoning.days_before or reckoning.days_after:
        days = f"原{reckoning.days_before}天，现{reckoning.days_after}天，节约{reckoning.days}天"
        blocks.append(Labelled("工期", days))
    blocks.append(Labelled("依据", reckoning.basis))
    blocks.append(Labelled("测算人", f"{reckoning.by.name}，{reckoning.at:%Y.%m.%d}"))
    return blocks


def _sums(sums: Sums) -> tuple[str, ...]:
    return tuple(
        in_yuan(fen) for fen in (sums.estimated, sums.approved, sums.realised, sums.verified, sums.reversed, sums.net)
    )


def _days(book: Book) -> str:
    apart = f"；另有{book.days.apart}个效益点的天数可能重叠，分列不相加" if book.days.apart else ""
    return f"{book.days.sum}天{apart}"


def _gain(project: str, days: int, *, is_verified: bool) -> Labelled:
    return Labelled(f"{project}工期", f"核定共节约{days}天" if is_verified else f"登记节约{days}天，待核定")


def _row(place: int, idea: Idea) -> tuple[str, ...]:
    values = idea.item.values
    estimate = in_yuan(idea.estimate.reckoning.fen) if idea.estimate is not None else "—"
    net = in_yuan(idea.net) if idea.net is not None else "—"
    days = f"{idea.days}天" if idea.days else "—"
    state = BENEFIT.state_by_id[idea.item.state].title
    return (
        f"{place}", idea.item.title, f"{values.get('way_before', '')}", f"{values.get('way_after', '')}", estimate, net,
        days, state,
    )  # fmt: skip


def _number(value: object) -> str:
    return f"{value:,f}".rstrip("0").rstrip(".")
