"""学习计划, 师徒协议, 师徒评估 and 观摩学习报告 on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.exchange.calc.figures import plain
from ronghe.domain.exchange.calc.pair_text import read
from ronghe.domain.exchange.enums import LineState, NoteKind, PairOutcome, PairRole, PairState, PracticeState
from ronghe.domain.exchange.models import LearningVisit, Practice, StudyProgramme
from ronghe.domain.exchange.selectors.pairs import PairView
from ronghe.domain.exchange.selectors.study import MonthView
from ronghe.domain.exchange.selectors.visits import BenchmarkView
from ronghe.kernel.calendar.moments import SHANGHAI, day_of
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
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LINES = (
    Column("月份", share=7),
    Column("题目", share=20, align="left"),
    Column("类别", share=9),
    Column("谁准备", share=7),
    Column("情况", share=10),
)
GOALS = (
    Column("序号", share=4),
    Column("目标", share=18, align="left"),
    Column("起点", share=6),
    Column("目标值", share=7),
    Column("单位", share=5),
    Column("期限", share=9),
)
STANDS = (
    Column("目标", share=18, align="left"),
    Column("目标值", share=8),
    Column("现在", share=8),
    Column("结果", share=8),
)
BENCHMARKS = (
    Column("指标", share=14, align="left"),
    Column("单位", share=5),
    Column("我们", share=6),
    Column("对方", share=6),
    Column("差距", share=7),
    Column("目标", share=6),
    Column("措施、责任人、期限", share=18, align="left"),
)
PRACTICES = (
    Column("带回的做法", share=18, align="left"),
    Column("责任人", share=7),
    Column("结果", share=8),
    Column("前后变化或原因", share=20, align="left"),
)
ROLES = {PairRole.MENTOR: "师傅", PairRole.APPRENTICE: "徒弟", PairRole.WITNESS: "见证人"}
OUTCOMES = {
    PairOutcome.GOES_ON: "继续",
    PairOutcome.PASSED: "出师",
    PairOutcome.EXTENDED: "延长",
    PairOutcome.ENDED: "结束",
}
USED = {
    PracticeState.OPEN: "待填写",
    PracticeState.ADOPTED: "已采用",
    PracticeState.PARTLY: "部分采用",
    PracticeState.NOT_ADOPTED: "未采用",
}


class PairNotLaidDown(DomainError):
    code = "pair_not_laid_down"
    sentence = N_("还没有送签，没有协议可打印。")


class VisitNotHeld(DomainError):
    code = "visit_not_held"
    sentence = N_("还没有开展，没有报告可打印。")


def programme_document(
    programme: StudyProgramme, months: Sequence[MonthView], sides: Sequence[str], *, printed_on: date
) -> OfficialDocument:
    """Return the programme: who takes part, and the topics month by month with what became of them."""
    rows = []
    for view in months:
        own = [one.line for one in view.lines if one.line.state != LineState.DROPPED]
        rows += [
            (f"{view.month.first:%Y-%m}", line.topic, line.get_kind_display(),
             line.preparer.name if line.preparer is not None else "", line.get_state_display())
            for line in own
        ]  # fmt: skip
        if not own:
            rows.append((f"{view.month.first:%Y-%m}", "—", "", "", ""))
    blocks: list[Block] = [
        Labelled("参加方", "、".join(sides)),
        Labelled("起止", f"{programme.starts_on:%Y-%m} 至 {programme.ends_on:%Y-%m}"),
        Labelled("地点", programme.place),
        Table(LINES, tuple(rows)),
    ]
    for view in months:
        blocks += [Labelled(f"{one.line.topic}：下一步", one.next_step) for one in view.lines if one.next_step]
    return OfficialDocument(title=programme.title, blocks=tuple(blocks), issuer=programme.body.name, dated=printed_on)


def pair_document(view: PairView, *, printed_on: date) -> OfficialDocument:
    """Return the agreement as it was laid before the three; without all signatures it is a draft.

    :raises PairNotLaidDown: it was never laid before them
    """
    if view.text is None or view.programme.state == PairState.DRAFT:
        raise PairNotLaidDown
    content = read(view.text.content)
    is_signed = len(view.signatures) == len(PairRole)
    blocks: list[Block] = [
        Labelled("师傅", content.mentor),
        Labelled("徒弟", content.apprentice),
        Labelled("见证人", content.witness),
        Labelled("管理组织", content.body),
        Labelled("培养内容", content.topic),
        Labelled("培养期", f"{chinese_date(content.starts_on)}至{chinese_date(content.until_on)}"),
        Labelled("评估", f"每 {content.review_months} 个月一次"),
    ]
    if content.text:
        blocks.append(Heading("约定"))
        blocks += [Paragraph(line) for line in content.text.split("\n") if line.strip()]
    blocks.append(Heading("培养目标"))
    rows = tuple(
        (f"{number}", goal.what, plain(goal.baseline) or "—", plain(goal.target) or "做到", goal.unit, f"{goal.due_on}")
        for number, goal in enumerate(content.goals, start=1)
    )
    blocks.append(Table(GOALS, rows))
    digest = view.text.digest
    blocks.append(Labelled("文本摘要（SHA-256）", " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))))
    names = {
        PairRole.MENTOR: content.mentor, PairRole.APPRENTICE: content.apprentice, PairRole.WITNESS: content.witness
    }  # fmt: skip
    lines = []
    for role in PairRole:
        signed = view.signatures.get(role.value)
        day = f"{chinese_date(signed.signed_at.astimezone(SHANGHAI).date())}签" if signed is not None else ""
        lines.append(Signature(ROLES[role], names[role] if signed is not None else "", day))
    blocks.append(Signatures(tuple(lines)))
    dated = max(day_of(row.signed_at) for row in view.signatures.values()) if is_signed else printed_on
    title = "师徒协议" if is_signed else "师徒协议\n（待签稿）"
    return OfficialDocument(title=title, blocks=tuple(blocks), dated=dated)


def review_document(view: PairView, *, printed_on: date) -> OfficialDocument:
    """Return how the pair went: each review with both words, and where the goals stand.

    :raises PairNotLaidDown: there is no review
    """
    if not view.reviews:
        raise PairNotLaidDown
    pair = view.programme.pair
    blocks: list[Block] = [Labelled("师傅", pair.mentor.name), Labelled("徒弟", pair.apprentice.name)]
    blocks.append(Labelled("培养内容", pair.topic))
    rows = tuple(
        (one.goal.what, f"{plain(one.goal.target)}{one.goal.unit}" if one.goal.is_measured else "做到",
         plain(one.now) or "—", "达到" if one.last is not None and one.last.is_met else "未达到")
        for one in view.goals
    )  # fmt: skip
    blocks.append(Table(STANDS, rows))
    for review in view.reviews:
        blocks.append(Heading(f"第{review.number}次评估（{chinese_date(review.held_on)}）"))
        blocks.append(Labelled("师傅", review.mentor_word))
        blocks.append(Labelled("徒弟", review.apprentice_word))
        if review.next_step:
            blocks.append(Labelled("下一步", review.next_step))
        blocks.append(Labelled("结论", OUTCOMES[PairOutcome(review.outcome)]))
    work = [note for note in view.notes if note.kind == NoteKind.WORK]
    if work:
        blocks.append(Heading("一起干的活"))
        blocks += [Paragraph(note.text, lead=f"{note.day}　") for note in work]
    return OfficialDocument(
        title="师徒培养评估表", blocks=tuple(blocks), issuer=view.programme.body.name, dated=printed_on
    )


def visit_document(
    visit: LearningVisit, people: Sequence[str], benchmarks: Sequence[BenchmarkView], practices: Sequence[Practice], *,
    printed_on: date,
) -> OfficialDocument:  # fmt: skip
    """Return the report of a visit: who went where, what was seen, the figures side by side, what was taken home.

    :raises VisitNotHeld: it did not take place yet
    """
    if visit.held_at is None:
        raise VisitNotHeld
    blocks: list[Block] = [
        Labelled("时间", chinese_date(visit.day)),
        Labelled("地点", visit.place),
        Labelled("对方", visit.host_name),
        Labelled("带队", visit.lead.name),
        Labelled("参加人", f"{'、'.join(people)}（{len(people)} 人）"),
        Labelled("目的", visit.purpose),
    ]
    if visit.to_see:
        blocks.append(Labelled("看什么", visit.to_see))
    if visit.seen:
        blocks.append(Heading("看到的、听到的"))
        blocks += [Paragraph(line) for line in visit.seen.split("\n") if line.strip()]
    if benchmarks:
        blocks += [Heading("对标"), Table(BENCHMARKS, tuple(_benchmark(one) for one in benchmarks))]
    blocks.append(Heading("带回的做法"))
    if practices:
        blocks.append(Table(PRACTICES, tuple(_practice(one) for one in practices)))
    else:
        blocks.append(Paragraph("没有列出。"))
    if visit.thanks:
        blocks += [Heading("接待方反馈"), Paragraph(visit.thanks)]
    return OfficialDocument(title="观摩学习报告", blocks=tuple(blocks), issuer=visit.body.name, dated=printed_on)


def _benchmark(view: BenchmarkView) -> tuple[str, ...]:
    line = view.line
    said = "，".join(
        part
        for part in (
            line.measure,
            line.owner.name if line.owner is not None else "",
            f"{line.due_on}" if line.due_on is not None else "",
        )
        if part
    )
    distance = (
        f"落后 {plain(view.distance)}" if view.is_behind else f"领先 {plain(view.distance)}" if view.gap else "持平"
    )
    return (
        line.indicator,
        line.unit,
        plain(line.ours),
        plain(line.theirs),
        distance,
        plain(line.target) or "—",
        said or "—",
    )


def _practice(practice: Practice) -> tuple[str, ...]:
    change = ""
    if practice.before is not None and practice.after is not None:
        change = f"{practice.figure} {plain(practice.before)} → {plain(practice.after)}{practice.unit}；"
    return (practice.title, practice.owner.name, USED[PracticeState(practice.state)], f"{change}{practice.said}" or "—")
