"""The record of an activity as an official document: a plain 会议记录, or the red-headed 纪要 of a joint meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ronghe.domain.elections.calc.general import GeneralMatter, MoreVotesThanPresent, decide_general
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceWay, LeaveKind
from ronghe.domain.rhythm.models import AgendaItem, Attendance
from ronghe.domain.rhythm.selectors import ActivityRecord, SheetRow
from ronghe.kernel import documents
from ronghe.kernel.documents import Attendee, Heading, OfficialDocument, Paragraph, Speech, Vote
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _


class RecordNotReady(DomainError):
    code = "record_not_ready"
    sentence = N_("还没有开始，没有记录可打印。")


class NotSummedUp(DomainError):
    code = "not_summed_up"
    sentence = N_("纪要用于结束了的联席会议；碰头和其他会议请印会议记录。")


VOTING_MEETINGS = frozenset({ActivityType.GENERAL_MEETING, ActivityType.GROUP_MEETING})
"""Where all members with a vote are expected; a committee counts its own members."""
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
    voters = _voters(record)
    return documents.meeting_record(
        title=f"{activity.body.name}{activity.get_activity_type_display()}记录",
        held_from=timezone.localtime(activity.opened_at),
        held_until=timezone.localtime(activity.closed_at) if activity.closed_at else None,
        place=activity.place,
        chair=activity.chair.name if activity.chair else "",
        recorder=activity.recorder.name if activity.recorder else "",
        attendees=[*came, *(_absent(row) for row in record.away if not _is_off_shift(row, record))],
        observers=[row.person.name for row in record.guests],
        items=[_item(item, voters) for item in record.agenda],
        organization=activity.body.name,
    )


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
    note = f"{by}代记" if row.way == AttendanceWay.TICKED else ("凭卡" if row.way == AttendanceWay.CARD else "")
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


@dataclass(frozen=True, slots=True)
class _Voters:
    """How many were entitled to vote and how many of them signed in themselves; `is_ruled` where PM-11 counts the vote."""

    entitled: int
    present: int
    is_ruled: bool


def _voters(record: ActivityRecord) -> _Voters:
    """Return who could vote: where the members of a body meet, those with a vote (PE-08); elsewhere whoever signed in."""
    activity = record.activity
    if activity.activity_type in VOTING_MEETINGS and any(item.vote_method for item in record.agenda):
        voters = set(voters_of(activity.body, activity.day).values_list("pk", flat=True))
        if voters:
            signed = {row.person_id for row in record.attended if row.counts_as_signature}
            return _Voters(len(voters), len(voters & signed), is_ruled=True)
    return _Voters(record.tally.signed, record.tally.signed, is_ruled=False)


def _item(item: AgendaItem, voters: _Voters) -> documents.AgendaItem:
    resolution = item.decision or ""
    if item.task is not None:
        due = documents.chinese_date(timezone.localdate(item.task.due_at))
        resolution += f"{'；' if resolution else ''}由{item.task.assignee.name}负责，{due}前完成。"
    vote = None
    if item.vote_method:
        yes, no, abstained = item.votes_for or 0, item.votes_against or 0, item.votes_abstained or 0
        matter = GeneralMatter(voters.entitled, voters.present, yes, no, abstained)
        outcome = _outcome(matter) if voters.is_ruled else ""
        vote = Vote(item.get_vote_method_display(), voters.entitled, yes, no, abstained, outcome=outcome)
    return documents.AgendaItem(
        item.topic, speeches=(Speech("讨论", item.notes),) if item.notes else (), vote=vote, resolution=resolution
    )


def _outcome(matter: GeneralMatter) -> str:
    """Return what a vote came to (PM-11)."""
    try:
        decision = decide_general(matter)
    except MoreVotesThanPresent:
        return f"票数多于有表决权的到会{matter.present}人，须核对"
    if not decision.is_valid:
        return f"有表决权的到会{matter.present}人，不足半数，表决无效"
    return "通过" if decision.is_carried else "未通过"
