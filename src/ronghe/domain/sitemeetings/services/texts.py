"""What is said at a meeting, in versions; a new version leaves the signatures under the old one standing and void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.services.agenda import edit_agenda_item
from ronghe.domain.sitemeetings.calc.briefings import digest_of, lines_of
from ronghe.domain.sitemeetings.enums import ChainStage, Meeting
from ronghe.domain.sitemeetings.facts import TEXT_WRITTEN
from ronghe.domain.sitemeetings.models import BriefingText, ChainMeeting, SiteChain
from ronghe.domain.sitemeetings.rules import RUN_CHAIN, WRITE_BRIEFING
from ronghe.domain.sitemeetings.selectors import people_to_note
from ronghe.domain.sitemeetings.selectors.boards import state_of
from ronghe.domain.sitemeetings.services.telling import locked, record
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

MOST_LINES, LONGEST = 60, 4000
HEADINGS = {Meeting.GROUP: "", Meeting.SAFETY: N_("今日危害与措施"), Meeting.TECHNICAL: N_("今日技术要点")}


class TextEmpty(DomainError):
    code = "briefing_empty"
    sentence = N_("请写明%(meeting)s的内容，一行一条。")
    status = 422


class TextTooLong(DomainError):
    code = "briefing_too_long"
    sentence = N_("%(meeting)s的内容最多 %(most)s 条，请只留今天用得着的。")
    status = 422


class StudyItemMissing(DomainError):
    code = "study_item_missing"
    sentence = N_("请写明党小组会的学习内容。")
    status = 422


class HazardWithoutMeasure(DomainError):
    code = "hazard_without_measure"
    sentence = N_("“%(hazard)s”没有写措施。请写成“危害：措施”，一行一条。")
    status = 422


class ChainOff(DomainError):
    code = "chain_called_off"
    sentence = N_("这次现场三会已取消，不能再改。")


class BrieferUnknown(DomainError):
    code = "briefer_unknown"
    sentence = N_("%(name)s不在现场人员之中，不能定为交底人。请先记到场，或另选。")
    status = 422


@dataclass(frozen=True, slots=True)
class DraftText:
    """What somebody typed: a heading (of the group meeting the study item), and one line a thing."""

    heading: str
    text: str


@transaction.atomic
def write_text(
    *, chain: SiteChain, meeting: Meeting, heading: str, text: str, actor: Person, at: datetime
) -> BriefingText:
    """Write what a meeting says, before it, during it, or after it when things have changed on the site.

    What reads the same stays the same version. Otherwise every signature so far is void, and is given again: at the open
    meeting by a tap, after a closed one once the person was told.

    :raises StudyItemMissing, TextEmpty, TextTooLong, HazardWithoutMeasure: what it lacks
    :raises ChainOff: the chain is called off
    :raises ChainDayOver: its day has passed
    """
    WRITE_BRIEFING.require(actor, chain, at=at)
    fresh = locked(chain, at=at)
    if fresh.stage == ChainStage.CALLED_OFF:
        raise ChainOff
    row = fresh.meetings.select_related("activity").get(meeting=meeting)
    before = row.texts.order_by("-number").first()
    draft = cleaned(meeting, DraftText(heading, text))
    if before is not None and before.digest == digest_of(meeting, draft.heading, draft.text):
        return before
    voided = before.signatures.count() if before is not None else 0
    written = _write(row, draft, (before.number if before else 0) + 1, actor, at)
    activity = row.activity
    if activity is not None and activity.state == ActivityState.OPEN:
        item = activity.agenda_items.filter(topic=before.heading).order_by("number").last() if before else None
        if item is not None and RUN_CHAIN.allows(actor, fresh, at=at):
            edit_agenda_item(
                item=item, topic=written.heading, notes=written.text, decision=item.decision, actor=actor, at=at
            )
    record(TEXT_WRITTEN, fresh, actor, at, source=written, meeting=meeting, version=written.number, voided=voided)
    return written


@transaction.atomic
def set_briefer(*, chain: SiteChain, meeting: Meeting, briefer: Person, actor: Person, at: datetime) -> ChainMeeting:
    """Say who briefs at a meeting that has not been opened yet.

    :raises BrieferUnknown: somebody whom the site does not know
    :raises ChainOff: the meeting is open or closed, or the chain called off
    """
    RUN_CHAIN.require(actor, chain, at=at)
    fresh = locked(chain, at=at)
    if fresh.stage == ChainStage.CALLED_OFF or state_of(fresh.stage, meeting) in ("open", "closed"):
        raise ChainOff
    if briefer != actor and not people_to_note(fresh.body, local_day(at)).filter(pk=briefer.pk).exists():
        raise BrieferUnknown(name=briefer.name)
    row = fresh.meetings.get(meeting=meeting)
    row.briefer = briefer
    row.save(update_fields=["briefer"])
    return row


def write_first(row: ChainMeeting, draft: DraftText, actor: Person, at: datetime) -> BriefingText:
    """Write the first version of what a meeting says."""
    return _write(row, cleaned(Meeting(row.meeting), draft), 1, actor, at)


def cleaned(meeting: Meeting, draft: DraftText) -> DraftText:
    """Return the text as it is kept: a heading is always there, of a safety briefing every hazard has its measure.

    :raises StudyItemMissing, TextEmpty, TextTooLong, HazardWithoutMeasure: what it lacks
    """
    heading, text = draft.heading.strip() or _(HEADINGS[meeting]), draft.text.strip()
    if not heading:
        raise StudyItemMissing
    lines = lines_of(text, in_pairs=meeting == Meeting.SAFETY)
    if not lines and meeting != Meeting.GROUP:
        raise TextEmpty(meeting=_(str(meeting.label)))
    if len(lines) > MOST_LINES or len(text) > LONGEST:
        raise TextTooLong(meeting=_(str(meeting.label)), most=MOST_LINES)
    if meeting == Meeting.SAFETY:
        for line in lines:
            if not line.measure or not line.what:
                raise HazardWithoutMeasure(hazard=line.what or line.measure)
    return DraftText(heading[:80], text)


def _write(row: ChainMeeting, draft: DraftText, number: int, actor: Person, at: datetime) -> BriefingText:
    return BriefingText.objects.create(
        meeting=row, number=number, heading=draft.heading, text=draft.text,
        digest=digest_of(row.meeting, draft.heading, draft.text), written_by=actor, written_at=at,
    )  # fmt: skip
