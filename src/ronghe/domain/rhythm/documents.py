"""The record of an activity as an official document: a plain 会议记录, or the red-headed 纪要 of a joint meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils import timezone

from ronghe.domain.rhythm.enums import (
    ActivityState,
    ActivityType,
    AttendanceWay,
    CheckAnswer,
    ItemOrigin,
    LeaveKind,
    Matter,
    VoteOutcome,
)
from ronghe.domain.rhythm.models import AgendaItem, Attendance
from ronghe.domain.rhythm.selectors import ActivityRecord, SheetRow
from ronghe.domain.rhythm.selectors.forms import CheckLine, is_written
from ronghe.kernel import documents
from ronghe.kernel.documents import Attendee, Heading, OfficialDocument, Paragraph, Speech, Vote
from ronghe.kernel.documents.model import Block, Column, Labelled, Table
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

CHECK_COLUMNS = (
    Column("序号", share=5),
    Column("检查项目", share=24, align="left"),
    Column("结果", share=8),
    Column("说明", share=22, align="left"),
)


class RecordNotReady(DomainError):
    code = "record_not_ready"
    sentence = N_("还没有开始，没有记录可打印。")


class NotSummedUp(DomainError):
    code = "not_summed_up"
    sentence = N_("纪要用于结束了的联席会议；碰头和其他会议请印会议记录。")


SUMMED_UP = frozenset({ActivityType.JOINT_CONFERENCE})
"""Whose outcome goes out as a red-headed 纪要; everything else is a plain record."""


def record_document(record: ActivityRecord) -> OfficialDocument:
    """Return the 会议记录 with every element of PM-14: attendance as a table, who was ticked by whom beside the name.

    :raises RecordNotReady: nothing has begun
    """
    activity = record.activity
    if activity.opened_at is None:
        raise RecordNotReady
    came = [_attendee(row) for row in record.attended]
    document = documents.meeting_record(
        title=f"{activity.body.name}{activity.get_activity_type_display()}记录",
        held_from=timezone.localtime(activity.opened_at),
        held_until=timezone.localtime(activity.closed_at) if activity.closed_at else None,
        place=activity.place,
        chair=activity.chair.name if activity.chair else "",
        recorder=activity.recorder.name if activity.recorder else "",
        attendees=[*came, *(_absent(row) for row in record.away if not _is_off_shift(row, record))],
        observers=[row.person.name for row in record.guests],
        items=[_item(item, record) for item in record.agenda if _is_printed(item)],
        organization=activity.body.name,
    )
    *blocks, attendance, signatures = document.blocks
    return replace(document, blocks=(*blocks, *_form_blocks(record), attendance, signatures))


def summary_document(record: ActivityRecord, *, number: str, issued_on: date) -> OfficialDocument:
    """Return the red-headed 纪要 of a joint meeting, without a seal (DL-06); what was decided stands under each topic.

    :raises NotSummedUp: it is no joint conference, or not over
    """
    activity = record.activity
    if activity.activity_type not in SUMMED_UP or activity.state != ActivityState.CLOSED:
        raise NotSummedUp
    body: list[Heading | Paragraph] = []
    for item in record.agenda:
        body.append(Heading(item.topic))
        body += [Paragraph(text) for text in (item.notes, item.decision or "") if text]
        if item.task is not None:
            due = documents.chinese_date(timezone.localdate(item.task.due_at))
            body.append(Paragraph(f"由{item.task.assignee.name}负责，{due}前完成。"))
    return documents.meeting_summary(
        mark=f"{activity.body.name}{activity.get_activity_type_display()}纪要",
        number=number,
        title=activity.get_activity_type_display(),
        issuer=activity.body.name,
        issued_on=issued_on,
        body=body,
        attended=[row.person.name for row in record.attended],
        on_leave=[row.person.name for row in record.away if row.attendance is not None and row.attendance.leave_kind],
        observers=[row.person.name for row in record.guests],
    )


def _attendee(row: Attendance) -> Attendee:
    by = row.recorded_by.name
    ways = {AttendanceWay.TICKED: f"{by}代记", AttendanceWay.CARD: "凭卡", AttendanceWay.ONLINE: "线上"}
    marks = [ways.get(AttendanceWay(row.way), "") if row.way else "", "迟到" if row.is_late else ""]
    marks.append("提前离会" if row.left_at else "")
    note = "，".join(mark for mark in marks if mark)
    return Attendee(row.person.name, unit=row.person.unit.name if row.person.unit else "", note=note)


def _absent(row: SheetRow) -> Attendee:
    leave = row.attendance
    reason = ""
    if leave is not None and leave.leave_kind:
        reason = leave.reason or _(str(leave.get_leave_kind_display()))
    return Attendee(
        row.person.name, unit=row.person.unit.name if row.person.unit else "", present=False, reason=reason or "缺席"
    )


def _is_off_shift(row: SheetRow, record: ActivityRecord) -> bool:
    """A huddle does not expect people off shift, so they are not among 应到; a vote leaves nobody out."""
    leave = row.attendance
    return record.activity.is_huddle and leave is not None and leave.leave_kind == LeaveKind.OFF_SHIFT


def _is_printed(item: AgendaItem) -> bool:
    """What a form proposes and nobody spoke of is no part of the record."""
    return is_written(item) or item.origin == ItemOrigin.FOLLOW_UP


def _item(item: AgendaItem, record: ActivityRecord) -> documents.AgendaItem:
    resolution = item.decision or ""
    if item.task is not None:
        due = documents.chinese_date(timezone.localdate(item.task.due_at))
        resolution += f"{'；' if resolution else ''}由{item.task.assignee.name}负责，{due}前完成。"
    lead = "办理情况" if item.origin == ItemOrigin.FOLLOW_UP else "讨论"
    speeches = [Speech(row.person.name, row.text) for row in item.speeches.all()]
    speeches += [Speech(lead, item.notes)] if item.notes else []
    speeches += [Speech(f"{row.person.name}（保留意见）", row.text) for row in item.dissents.all()]
    return documents.AgendaItem(
        item.topic, speeches=tuple(speeches), vote=_vote(item, record) if item.vote_method else None,
        resolution=resolution,
    )  # fmt: skip


def _vote(item: AgendaItem, record: ActivityRecord) -> Vote:
    """Return how was voted, written opinions among the votes, and what it came to where a rule counts the matter."""
    entitled = item.vote_entitled if item.vote_entitled is not None else record.tally.signed
    return Vote(
        item.get_vote_method_display(), entitled, (item.votes_for or 0) + item.written_for,
        (item.votes_against or 0) + item.written_against, (item.votes_abstained or 0) + item.written_abstained,
        outcome=_outcome(item),
    )  # fmt: skip


def _outcome(item: AgendaItem) -> str:
    written = item.written_for + item.written_against + item.written_abstained
    said = f"含会前书面意见{written}份，" if written else ""
    if item.vote_outcome == VoteOutcome.NO_QUORUM:
        short = "未超过半数" if item.matter == Matter.ADMISSION else "不足半数"
        return f"{said}有表决权的到会{item.vote_present}人，{short}，表决无效"
    return f"{said}{VoteOutcome(item.vote_outcome).label}" if item.vote_outcome else said.rstrip("，")


def _form_blocks(record: ActivityRecord) -> list[Block]:
    """Return the form of the mechanism as it was filled in: the checklist as a table, figures and outcome as lines."""
    activity, blocks = record.activity, list[Block]()
    if record.checks:
        rows = tuple(
            (str(number), line.title, _answer(line), line.answer.note if line.answer else "")
            for number, line in enumerate(record.checks, start=1)
        )
        blocks.append(Table(CHECK_COLUMNS, rows, caption="检查情况表"))
    blocks += [
        Labelled(line.title, f"{line.value.normalize():f}{line.unit}")
        for line in record.figures
        if line.value is not None
    ]
    if activity.result:
        amount = activity.result_figure
        figure = f"（{amount.normalize():f}{activity.result_unit}）" if amount is not None else ""
        blocks.append(Labelled("完成的工作", f"{activity.result}{figure}"))
    if activity.next_step:
        blocks.append(Labelled("下一步怎么做", activity.next_step))
    return blocks


def _answer(line: CheckLine) -> str:
    return str(CheckAnswer(line.answer.answer).label) if line.answer else "未检查"
