"""On paper: the summary of grades, the annex to the meeting's record, the list of corrections, a member's own sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ronghe.domain.orglife.enums import ListLevel, ReviewGrade
from ronghe.domain.orglife.models import Correction, LifeSession, SessionMeeting, SessionMember
from ronghe.domain.orglife.selectors.members import GRADES, MemberView, Shares, marks_of
from ronghe.domain.orglife.selectors.reading import Personal
from ronghe.domain.orglife.selectors.sessions import PreparationLine
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
    chinese_time,
)
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

NOT_SHOWN = "不公布"


class NotToldYet(DomainError):
    code = "life_not_told_yet"
    sentence = N_("评议结果还没有告知本人，汇总表还不能打印。")


class NotHeldYet(DomainError):
    code = "life_not_held_yet"
    sentence = N_("组织生活会还没有开，没有记录可打印。")


def summary_document(session: LifeSession, views: Sequence[MemberView], shares: Shares) -> OfficialDocument:
    """Return the summary that goes to the body above: each member's ratings, marks and grade, and the shares (PM-08).

    :raises NotToldYet: the results were not told
    """
    if session.told_at is None:
        raise NotToldYet
    columns = (
        Column("序号", share=3), Column("姓名", share=5, align="left"), Column("党员类别", share=6),
        Column("自评", share=5), Column("民主测评", share=9), Column("评定等次", share=6), Column("知悉", share=4),
    )  # fmt: skip
    rows = tuple(_summary_row(view) for view in views)
    counts = "，".join(f"{grade.label} {shares.counts[grade]} 人" for grade in GRADES)
    exempt = [view.member for view in views if view.member.exemption]
    blocks: list[Block] = [
        Labelled("应到实到", f"应到 {session.should_count} 人，实到 {session.present_count} 人"),
        Labelled("等次", f"党员 {shares.members} 人，其中{counts}"),
        Labelled("优秀比例", f"最多 {shares.most} 人（不超过 {session.share_of}/{session.share_in}）"),
        Table(columns, rows),
        Paragraph("民主测评按优秀、合格、基本合格、不合格的票数列出；投票人太少的不公布。预备党员参加评议，不定等次。"),
    ]
    if exempt:
        blocks.append(Heading("免参加的党员"))
        blocks += [
            Labelled(
                row.person.name, "，".join(part for part in (row.get_exemption_display(), row.exempt_note) if part)
            )
            for row in exempt
        ]
    blocks.append(Signatures((Signature("支部书记"), Signature("组织委员"))))
    return OfficialDocument(
        title=f"{session.body.name}\n{session.year}年度民主评议党员汇总表", blocks=tuple(blocks), issuer=session.body.name,
        dated=day_of(session.told_at),
    )  # fmt: skip


def annex_document(
    session: LifeSession, members: Sequence[SessionMember], preparations: Sequence[PreparationLine],
    meetings: Sequence[SessionMeeting], corrections: Sequence[Correction], *, printed_on: date,
) -> OfficialDocument:  # fmt: skip
    """Return the annex to the record: how the meeting was prepared, who took part, and what is put right.

    :raises NotHeldYet: no sitting began
    """
    if session.opened_at is None:
        raise NotHeldYet
    begun = session.opened_at.astimezone(SHANGHAI)
    blocks: list[Block] = [
        Labelled("时间", f"{chinese_date(begun.date())}{chinese_time(begun)}"),
        Labelled("地点", session.place),
        Labelled("主持", session.chair.name),
        Labelled("形式", session.get_form_display()),
        Labelled("主题", session.theme),
        Heading("会前准备"),
    ]
    for line in preparations:
        count = "" if line.count is None else f"{line.count}" if line.of is None else f"{line.count}/{line.of}"
        parts = ["已办" if line.is_done else "没有办", count, line.row.note if line.row else ""]
        blocks.append(Labelled(line.title, "，".join(part for part in parts if part)))
    blocks.append(Heading("会议"))
    blocks += [
        Labelled(
            meeting.get_part_display(),
            f"{meeting.body.name}，{chinese_date(meeting.activity.day)}，应到 {meeting.activity.expected_count or 0} 人，"
            f"实到 {meeting.activity.present_count or 0} 人",
        )
        for meeting in meetings
    ]
    blocks.append(Heading("参加党员"))
    columns = (
        Column("序号", share=3), Column("姓名", share=6, align="left"), Column("类别", share=6),
        Column("对照检查", share=6), Column("备注", share=9, align="left"),
    )  # fmt: skip
    blocks.append(
        Table(columns, tuple(
            (f"{row.place}", row.person.name, f"{row.get_standing_display()}",
             "已交" if row.statement_version else "没有交", f"{row.get_exemption_display()}{row.exempt_note}")
            for row in members
        ))
    )  # fmt: skip
    blocks += [Heading("整改清单"), _list_table(corrections)]
    return OfficialDocument(
        title=f"{session.body.name}\n{session.year}年度组织生活会记录附件", blocks=tuple(blocks), issuer=session.body.name,
        dated=printed_on,
    )  # fmt: skip


def corrections_document(
    session: LifeSession, rows: Sequence[Correction], earlier: Sequence[Correction], *, printed_on: date
) -> OfficialDocument:
    """Return the list of corrections, last year's state first (PM-06)."""
    blocks: list[Block] = []
    if earlier:
        blocks += [Heading("上年整改情况"), _list_table(earlier)]
    for level in ListLevel:
        own = [row for row in rows if row.level == level]
        if own:
            blocks += [Heading(f"{level.label}"), _list_table(own)]
    if not rows:
        blocks.append(Paragraph("还没有列出整改。"))
    if session.review_note:
        blocks += [Heading("一季度后回顾"), Paragraph(session.review_note)]
    return OfficialDocument(
        title=f"{session.body.name}\n{session.year}年度组织生活会整改清单", blocks=tuple(blocks), issuer=session.body.name,
        dated=printed_on,
    )  # fmt: skip


def member_document(row: SessionMember, statement: str, personal: Personal, *, printed_on: date) -> OfficialDocument:
    """Return one member's own sheet of the review, for the file; `printed_on` dates it where nothing was told yet."""
    session = row.session
    marks = marks_of(row)
    votes = (
        "，".join(f"{grade.label} {votes}" for grade, votes in zip(GRADES, marks, strict=True)) if marks else NOT_SHOWN
    )
    blocks: list[Block] = [
        Labelled("姓名", row.person.name),
        Labelled("党员类别", row.get_standing_display()),
        Labelled("所在组织", session.body.name + (f" {row.group.name}" if row.group else "")),
        Heading("个人自评"),
        Labelled("自评等次", row.get_self_grade_display() or "没有自评"),
        Paragraph(personal.self_text or "没有自评。"),
        Heading("对照检查"),
        Paragraph(statement or "没有提交。"),
        Heading("民主测评"),
        Paragraph(votes),
        Heading("支委会评定意见"),
        Labelled("等次", row.get_grade_display() or "不定等次"),
        Paragraph(personal.reasons or "无。"),
    ]
    if personal.objection:
        blocks += [Heading("异议和答复"), Paragraph(personal.objection, lead="异议："),
                   Paragraph(personal.answer or "待答复。", lead="答复：")]  # fmt: skip
    known = chinese_date(day_of(row.acknowledged_at)) if row.acknowledged_at else ""
    blocks.append(Signatures((Signature("本人", row.person.name if known else "", known), Signature("支部书记"))))
    return OfficialDocument(
        title=f"{session.year}年度民主评议党员登记表", blocks=tuple(blocks), issuer=session.body.name,
        dated=day_of(session.told_at) if session.told_at else printed_on,
    )  # fmt: skip


def _summary_row(view: MemberView) -> tuple[str, ...]:
    row = view.member
    marks = "/".join(f"{count}" for count in view.marks) if view.marks else NOT_SHOWN if row.takes_grade else "—"
    grade = f"{ReviewGrade(row.grade).label}" if row.grade else "免参加" if row.exemption else "不定等次"
    return (
        f"{row.place}", row.person.name, f"{row.get_standing_display()}", row.get_self_grade_display() or "—", marks,
        grade, "已知悉" if row.acknowledged_at else "—",
    )  # fmt: skip


def _list_table(rows: Sequence[Correction]) -> Table:
    columns = (
        Column("序号", share=3), Column("问题", share=10, align="left"), Column("整改措施", share=11, align="left"),
        Column("责任人", share=5), Column("时限", share=6), Column("情况", share=6),
    )  # fmt: skip
    return Table(columns, tuple(
        (f"{place}", row.task.title, row.measure, row.task.assignee.name, f"{day_of(row.task.due_at)}",
         "转入下一年" if row.carried_at else f"{row.task.get_state_display()}")
        for place, row in enumerate(rows, start=1)
    ))  # fmt: skip
