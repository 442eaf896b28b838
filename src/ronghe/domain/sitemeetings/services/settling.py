"""The gate: what must be there before a meeting counts as closed. It holds whichever way the activity is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import AttendanceStatus
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.sitemeetings.enums import AFTER_STAGE, CHAIN_FLOW, MEETING_OF, OPEN_STAGE, ChainStage, Meeting
from ronghe.domain.sitemeetings.facts import CHAIN_CLOSED, MEETING_CLOSED, MEETING_UNDONE
from ronghe.domain.sitemeetings.models import BriefingSignature, ChainMeeting, SiteChain
from ronghe.domain.sitemeetings.selectors.boards import Board, board_of, minutes_between
from ronghe.domain.sitemeetings.services.telling import locked, record
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _, listed

NAMED = 8
"""Names written into a refusal at most."""


class Unsigned(DomainError):
    code = "meeting_unsigned"
    sentence = N_("还有 %(count)s 人没有签字：%(names)s。请本人签字，或记离场。")


class BrieferUnsigned(DomainError):
    """PC-18: both sides sign."""

    code = "briefer_unsigned"
    sentence = N_("交底人%(name)s还没有签字，不能结束（PC-18）。")


class MindsUnsaid(DomainError):
    code = "minds_unsaid"
    sentence = N_("还有 %(count)s 人没有确认三定，不能结束党小组会（SD-05）。请点“全部三定”，或逐人确认。")


class OnlyInChain(DomainError):
    """SD-05."""

    code = "only_in_chain"
    sentence = N_("%(meeting)s要在“现场三会”里按顺序开（SD-05），不能单独开始。")


def refuse_outside(activity_id: int, activity_type: str) -> None:
    """Return where an opened activity belongs to a chain, or is of no kind that a chain holds.

    :raises OnlyInChain: one of the three, opened by itself
    """
    meeting = MEETING_OF.get(activity_type)  # type: ignore[call-overload]
    if meeting is not None and not ChainMeeting.objects.filter(activity=activity_id).exists():
        raise OnlyInChain(meeting=_(str(meeting.label)))


@transaction.atomic
def settle_closing(activity_id: int, body_id: int | None, actor: Person | None) -> None:
    """Close the chain's meeting of an activity that is being closed; nothing where no chain holds it.

    :raises Unsigned: somebody on the site, or signed in at the activity, has not signed what it says now
    :raises BrieferUnsigned: who briefs has not (PC-18)
    :raises MindsUnsaid: of somebody 三定 is not noted (the group meeting)
    :raises Stale: somebody else closed it a moment ago
    """
    row = ChainMeeting.objects.filter(activity=activity_id).select_related("chain", "activity", "briefer").first()
    if row is None or row.activity is None or row.chain.body_id != body_id:
        return  # a body that holds it together with the chain's is told the same closing once more
    meeting, chain = Meeting(row.meeting), locked(row.chain)
    if chain.stage != OPEN_STAGE[meeting]:
        return
    board, at = board_of(chain), row.activity.closed_at or chain.begun_at
    signed = _refuse_unfinished(board, meeting, row)
    changes: dict[str, object] = {"closed_at": at} if AFTER_STAGE[meeting] == ChainStage.CLOSED else {}
    CHAIN_FLOW.advance(chain, f"close_{meeting}", **changes)
    settled = sum(1 for line in board.on_site if line.row.is_settled)
    record(
        MEETING_CLOSED, chain, actor, at, source=row, meeting=meeting, day=chain.day, present=len(board.on_site),
        signed=signed, settled=settled if meeting == Meeting.GROUP else None,
    )  # fmt: skip
    if chain.stage == ChainStage.CLOSED:
        _tell_closed(chain, board, actor, at)


@transaction.atomic
def settle_calling_off(activity_id: int, actor: Person | None, at: datetime) -> None:
    """Take back the opening of the chain's meeting whose activity was called off; nothing where no chain holds it."""
    row = ChainMeeting.objects.filter(activity=activity_id).select_related("chain").first()
    if row is None:
        return
    meeting, chain = Meeting(row.meeting), locked(row.chain)
    if chain.stage == OPEN_STAGE[meeting]:
        CHAIN_FLOW.advance(chain, f"undo_{meeting}")
        ChainMeeting.objects.filter(pk=row.pk).update(activity=None)
        record(MEETING_UNDONE, chain, actor, at, source=row, meeting=meeting)


def _refuse_unfinished(board: Board, meeting: Meeting, row: ChainMeeting) -> int:
    """Return how many signatures count, where nothing is missing."""
    part = board.part(meeting)
    valid = {one.signature.person_id for one in part.signed if not one.is_void}
    there: dict[int, str] = {line.row.person_id: line.row.person.name for line in board.on_site}
    present = Attendance.objects.filter(activity=row.activity_id, status=AttendanceStatus.PRESENT)
    gone = {line.row.person_id for line in board.people if line.row.left_at is not None}
    for person_id, name in present.order_by("pk").values_list("person_id", "person__name"):
        if person_id not in gone:
            there.setdefault(person_id, name)
    missing = [name for person_id, name in there.items() if person_id not in valid]
    if missing:
        raise Unsigned(count=len(missing), names=listed(missing[:NAMED]))
    if row.briefer_id not in valid:
        raise BrieferUnsigned(name=row.briefer.name)
    unsaid = sum(1 for line in board.on_site if line.row.is_settled is None)
    if meeting == Meeting.GROUP and unsaid:
        raise MindsUnsaid(count=unsaid)
    return len(valid)


def _tell_closed(chain: SiteChain, board: Board, actor: Person | None, at: datetime) -> None:
    record(
        CHAIN_CLOSED, chain, actor, at, day=chain.day, people=len(board.on_site),
        late=sum(1 for line in board.on_site if line.is_late),
        signatures=BriefingSignature.objects.filter(text__meeting__chain=chain).count(),
        minutes=minutes_between(chain.begun_at, at),
    )  # fmt: skip
