"""A chain as its page and its record show it: each meeting with its text and signatures, everybody with how they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.sitemeetings.calc.briefings import Line, lines_of
from ronghe.domain.sitemeetings.calc.standing import Signed, Standing, standing
from ronghe.domain.sitemeetings.enums import (
    AFTER_STAGE,
    BEFORE_STAGE,
    OPEN_STAGE,
    ORDER,
    ChainStage,
    Meeting,
    SignatureRole,
)
from ronghe.domain.sitemeetings.models import BriefingSignature, BriefingText, ChainPerson, LateBriefing, SiteChain
from ronghe.domain.zones.models import CollaborationZone

_STAGES = [
    ChainStage.BEGUN,
    ChainStage.GROUP_OPEN,
    ChainStage.GROUP_CLOSED,
    ChainStage.SAFETY_OPEN,
    ChainStage.SAFETY_CLOSED,
    ChainStage.TECHNICAL_OPEN,
    ChainStage.CLOSED,
]


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A signature, with the version it stands under; `is_void` where what was signed has been changed since."""

    signature: BriefingSignature
    version: int
    is_void: bool

    @property
    def is_briefer(self) -> bool:
        return self.signature.role == SignatureRole.BRIEFER


@dataclass(slots=True)
class MeetingPart:
    """One of the three: its state (`closed`, `open`, `next`, `locked`), its text, who briefs and who signed."""

    meeting: Meeting
    state: str
    briefer: Person
    activity: Activity | None
    text: BriefingText | None = None
    signed: list[SignedLine] = field(default_factory=list)
    late: list[LateBriefing] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.meeting.label)

    @property
    def before(self) -> Meeting | None:
        """The meeting that opens this one by being closed (SD-05)."""
        place = ORDER.index(self.meeting)
        return ORDER[place - 1] if place else None

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.text.text, in_pairs=self.meeting == Meeting.SAFETY) if self.text else []

    @property
    def has_briefer_signed(self) -> bool:
        return any(row.is_briefer and not row.is_void for row in self.signed)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on the site, with what each meeting says of them and whether they may go to work."""

    row: ChainPerson
    standing: Standing
    to_be_briefed: tuple[Meeting, ...]
    """Closed meetings whose current text the person has neither signed nor been told."""
    to_sign_late: tuple[Meeting, ...]
    """Closed meetings that the person was told about and has not signed yet."""

    @property
    def may_work(self) -> bool:
        return self.standing.may_work

    @property
    def is_late(self) -> bool:
        return self.row.missed > 0


@dataclass(slots=True)
class Board:
    """A chain as a whole; people in the order in which they came."""

    chain: SiteChain
    parts: list[MeetingPart]
    people: list[PersonLine]

    @property
    def now(self) -> MeetingPart | None:
        """The meeting that is open, else the one to open next."""
        return next((part for part in self.parts if part.state in ("open", "next")), None)

    @property
    def on_site(self) -> list[PersonLine]:
        return [line for line in self.people if line.row.left_at is None]

    @property
    def may_work(self) -> int:
        return sum(1 for line in self.people if line.may_work)

    def part(self, meeting: Meeting) -> MeetingPart:
        return next(part for part in self.parts if part.meeting == meeting)

    def line_of(self, person: Person) -> PersonLine | None:
        return next((line for line in self.people if line.row.person_id == person.pk), None)

    def unsigned(self, meeting: Meeting) -> list[PersonLine]:
        """Return who is on the site and has not signed what the meeting says now."""
        signed = {row.signature.person_id for row in self.part(meeting).signed if not row.is_void}
        return [line for line in self.on_site if line.row.person_id not in signed]


def board_of(chain: SiteChain) -> Board:
    """Return the chain as a whole; five reads, however many people."""
    rows = {
        row.meeting: row for row in chain.meetings.select_related("briefer__unit", "activity__version").order_by("pk")
    }
    parts = {
        meeting: MeetingPart(meeting, state_of(chain.stage, meeting), rows[meeting].briefer, rows[meeting].activity)
        for meeting in ORDER
    }
    texts: dict[int, BriefingText] = {}
    of_text = BriefingText.objects.filter(meeting__chain=chain).select_related("meeting", "written_by")
    for text in of_text.order_by("number", "pk"):
        texts[text.pk] = text
        parts[Meeting(text.meeting.meeting)].text = text
    signatures = BriefingSignature.objects.filter(text__in=list(texts)).select_related("person__unit", "recorded_by")
    for signature in signatures.order_by("signed_at", "pk"):
        text = texts[signature.text_id]
        part = parts[Meeting(text.meeting.meeting)]
        part.signed.append(SignedLine(signature, text.number, is_void=text != part.text))
    told = LateBriefing.objects.filter(text__in=list(texts)).select_related("person", "briefed_by")
    for late in told.order_by("briefed_at", "pk"):
        parts[Meeting(texts[late.text_id].meeting.meeting)].late.append(late)
    people = chain.people.select_related("person__unit", "noted_by").order_by("came_at", "pk")
    return Board(chain, list(parts.values()), [_person_line(row, chain, parts) for row in people])


def state_of(stage: str, meeting: Meeting) -> str:
    """Return how a meeting stands when the chain has come to `stage`: `closed`, `open`, `next` or `locked` (SD-05)."""
    if stage == ChainStage.CALLED_OFF:
        return "locked"
    place = _STAGES.index(ChainStage(stage))
    if place >= _STAGES.index(AFTER_STAGE[meeting]):
        return "closed"
    if stage == OPEN_STAGE[meeting]:
        return "open"
    return "next" if stage == BEFORE_STAGE[meeting] else "locked"


def _person_line(row: ChainPerson, chain: SiteChain, parts: dict[Meeting, MeetingPart]) -> PersonLine:
    closed = [meeting for meeting in ORDER if parts[meeting].state == "closed"]
    signed = [
        Signed(meeting, one.version)
        for meeting in ORDER
        for one in parts[meeting].signed
        if one.signature.person_id == row.person_id
    ]
    versions = {str(meeting): part.text.number if part.text else 0 for meeting, part in parts.items()}
    stands = standing(ORDER, closed, versions, signed, has_left=row.left_at is not None)
    owed = [meeting for meeting in closed if meeting in stands.missing or meeting in stands.voided]
    if chain.stage == ChainStage.CALLED_OFF or row.left_at is not None:
        owed = []
    told = {
        meeting
        for meeting in owed
        for late in parts[meeting].late
        if late.person_id == row.person_id and late.text_id == getattr(parts[meeting].text, "pk", None)
    }
    return PersonLine(
        row,
        stands,
        to_be_briefed=tuple(meeting for meeting in owed if meeting not in told),
        to_sign_late=tuple(meeting for meeting in owed if meeting in told),
    )


def briefed_today(person: Person, place: PartyOrg | CollaborationZone, day: date) -> bool:
    """Tell whether `person` may go to work at a body's or zone's site on `day`: all three meetings closed and signed.

    A signature under a text that was changed since does not count, nor does having left.
    """
    body_id = place.body_id if isinstance(place, CollaborationZone) else place.pk
    if body_id is None:
        return False
    rows = SiteChain.objects.filter(body_id=body_id, day=day, stage=ChainStage.CLOSED, people__person=person)
    for chain in rows.order_by("pk"):
        line = board_of(chain).line_of(person)
        if line is not None and line.may_work:
            return True
    return False


def minutes_between(begun_at: datetime, closed_at: datetime) -> int:
    """Return the whole minutes that a chain took."""
    return max(0, int((closed_at - begun_at).total_seconds())) // 60
