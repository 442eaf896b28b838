"""Signing: a tap of one's own or one's own card, under what the meeting says now; and what makes up for coming late."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.codes import person_of_card, sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card, sign_in_with_code
from ronghe.domain.sitemeetings.enums import ORDER, ChainStage, Meeting, SignatureRole, SignatureWay
from ronghe.domain.sitemeetings.facts import CAME, LATE_BRIEFED, LEFT, SIGNED
from ronghe.domain.sitemeetings.models import BriefingSignature, ChainPerson, LateBriefing, SiteChain
from ronghe.domain.sitemeetings.rules import RUN_CHAIN, SIGN_CHAIN, WRITE_BRIEFING
from ronghe.domain.sitemeetings.selectors import board_of, current_texts, people_to_note
from ronghe.domain.sitemeetings.selectors.boards import state_of
from ronghe.domain.sitemeetings.services.codes import is_pass
from ronghe.domain.sitemeetings.services.telling import locked, record
from ronghe.domain.sitemeetings.services.texts import ChainOff
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_, _, listed


class NotOpenToSign(DomainError):
    code = "meeting_not_open_to_sign"
    sentence = N_("%(meeting)s还没有开，不能签字。")


class NotBriefed(DomainError):
    code = "not_briefed"
    sentence = N_("%(meeting)s已结束，要先由交底人补交底，再签字。")


class NothingToSign(DomainError):
    code = "nothing_to_sign"
    sentence = N_("现在没有要签的：没有在开的会，也没有补过的交底。")


class HasLeft(DomainError):
    code = "person_has_left"
    sentence = N_("%(name)s已记离场。请负责人先记到场，再签字。")


class NobodyToNote(DomainError):
    code = "person_not_for_site"
    sentence = N_("%(name)s不在这个工地的人员之中，请本人扫码或出示党员卡。")
    status = 422


class BriefedByOneself(DomainError):
    """PM-15, PC-18: there are two sides to a briefing."""

    code = "briefed_by_oneself"
    sentence = N_("不能自己给自己补交底，请其他交底人或负责人来办。")


class NothingMissed(DomainError):
    code = "nothing_missed"
    sentence = N_("%(name)s没有要补的交底。")


@transaction.atomic
def sign_meeting(
    *, chain: SiteChain, meeting: Meeting, actor: Person, at: datetime, entry: str = ""
) -> BriefingSignature:
    """Sign for oneself what a meeting says now; a second time gives the first signature back.

    Whoever belongs to the body, briefs, or was noted on the site taps; anybody else brings `entry`, the pass that
    reading the code gave. At a closed meeting, only once one was told what it said.

    :raises NotAllowed: neither of the site nor with a pass
    :raises NotOpenToSign: the meeting is still to come
    :raises NotBriefed: it is closed, and nobody has told the actor what it says now
    :raises HasLeft: the actor was noted as gone
    :raises ChainDayOver: the chain's day has passed
    """
    with_code = bool(entry) and is_pass(entry, chain, actor, at=at)
    if not with_code and not SIGN_CHAIN.allows(actor, chain, at=at):
        raise NotAllowed(permission=SIGN_CHAIN.name)
    way = SignatureWay.OWN_PHONE if with_code else SignatureWay.OWN_TAP
    return _sign(chain, meeting, actor, way, actor, at, card="")


@transaction.atomic
def sign_with_card(*, chain: SiteChain, meeting: Meeting, card: str, actor: Person, at: datetime) -> BriefingSignature:
    """Let somebody sign whose card the leader scanned; both names are kept, and no name can be typed (PM-15).

    :raises CardRefused: the card was not made here
    :raises NotOpenToSign, NotBriefed, HasLeft, ChainDayOver: as for a tap
    """
    RUN_CHAIN.require(actor, chain, at=at)
    return _sign(chain, meeting, person_of_card(card), SignatureWay.CARD, actor, at, card=card)


@transaction.atomic
def sign_due_with_card(*, chain: SiteChain, card: str, actor: Person, at: datetime) -> list[BriefingSignature]:
    """Let somebody sign everything that waits for them with one scan: the open meeting, and what they were told late.

    :raises CardRefused: the card was not made here
    :raises NothingToSign: no meeting is open, and nobody has told them anything
    """
    RUN_CHAIN.require(actor, chain, at=at)
    board, person = board_of(locked(chain, at=at)), person_of_card(card)
    line = board.line_of(person)
    due = [*(line.to_sign_late if line is not None else ())]
    due += [part.meeting for part in board.parts if part.state == "open"]
    if not due:
        raise NothingToSign
    return [sign_with_card(chain=chain, meeting=meeting, card=card, actor=actor, at=at) for meeting in due]


@transaction.atomic
def sign_late(*, chain: SiteChain, actor: Person, at: datetime) -> list[BriefingSignature]:
    """Sign everything that the actor was told afterwards, in one tap.

    :raises NothingToSign: nobody has told the actor anything
    """
    line = board_of(chain).line_of(actor)
    if line is None or not line.to_sign_late:
        raise NothingToSign
    return [sign_meeting(chain=chain, meeting=meeting, actor=actor, at=at) for meeting in line.to_sign_late]


@transaction.atomic
def note_came(*, chain: SiteChain, person: Person, actor: Person, at: datetime) -> ChainPerson:
    """Note that somebody is on the site; it is presence and never a signature (PM-15). Noted as gone, they are back.

    :raises NobodyToNote: somebody whom the body's site does not know
    :raises ChainOff, ChainDayOver: the chain is called off, or its day has passed
    """
    RUN_CHAIN.require(actor, chain, at=at)
    fresh = locked(chain, at=at)
    if fresh.stage == ChainStage.CALLED_OFF:
        raise ChainOff
    known = fresh.people.filter(person=person).first()
    if known is None and not people_to_note(fresh.body, fresh.day).filter(pk=person.pk).exists():
        raise NobodyToNote(name=person.name)
    if known is not None and known.left_at is not None:
        known.left_at = None
        known.save(update_fields=["left_at"])
        record(CAME, fresh, actor, at, about=person, source=known, missed=known.missed)
    return known or _came(fresh, person, actor, at)


@transaction.atomic
def note_left(*, chain: SiteChain, person: Person, actor: Person, at: datetime) -> ChainPerson:
    """Note that somebody left the site; nobody waits for their signature any more, and they may not work."""
    RUN_CHAIN.require(actor, chain, at=at)
    fresh = locked(chain, at=at)
    row = fresh.people.get(person=person)
    if row.left_at is None:
        row.left_at = at
        row.save(update_fields=["left_at"])
        record(LEFT, fresh, actor, at, about=person, source=row)
    return row


@transaction.atomic
def brief_late(*, chain: SiteChain, person: Person, actor: Person, at: datetime) -> list[LateBriefing]:
    """Say that the actor told somebody what the closed meetings say now, all that they missed or that changed since.

    The own signature comes on top; until then they may not go to work.

    :raises BriefedByOneself: the actor is that person
    :raises NothingMissed: the person owes nothing, is not on the site, or has been told
    """
    WRITE_BRIEFING.require(actor, chain, at=at)
    if person == actor:
        raise BriefedByOneself
    fresh = locked(chain, at=at)
    line = board_of(fresh).line_of(person)
    if line is None or not line.to_be_briefed:
        raise NothingMissed(name=person.name)
    texts = current_texts([fresh.pk]).get(fresh.pk, {})
    told = []
    for meeting in line.to_be_briefed:
        row = LateBriefing.objects.create(text=texts[meeting], person=person, briefed_by=actor, briefed_at=at)
        record(LATE_BRIEFED, fresh, actor, at, about=person, source=row, meeting=meeting)
        told.append(row)
    return told


def briefed_in_words(told: list[LateBriefing]) -> str:
    """Return the meetings that somebody was told about, for the message after it."""
    return listed(_(str(Meeting(row.text.meeting.meeting).label)) for row in told)


def _sign(
    chain: SiteChain,
    meeting: Meeting,
    person: Person,
    way: SignatureWay,
    recorded_by: Person,
    at: datetime,
    *,
    card: str,
) -> BriefingSignature:
    fresh = locked(chain, at=at)
    state = state_of(fresh.stage, meeting)
    if state not in ("open", "closed"):
        raise NotOpenToSign(meeting=_(str(meeting.label)))
    row = fresh.meetings.select_related("activity").get(meeting=meeting)
    text = row.texts.order_by("-number")[0]  # what is open or closed says something
    known = text.signatures.filter(person=person).first()
    if known is not None:
        return known
    there = fresh.people.filter(person=person).first()
    if there is not None and there.left_at is not None:
        raise HasLeft(name=person.name)
    if state == "closed" and not text.late_briefings.filter(person=person).exists():
        raise NotBriefed(meeting=_(str(meeting.label)))
    if there is None:
        _came(fresh, person, recorded_by, at)
    if state == "open" and row.activity is not None:
        _attend(row.activity, person, way, recorded_by, at, card)
    role = SignatureRole.BRIEFER if person.pk == row.briefer_id else SignatureRole.BRIEFED
    try:
        with transaction.atomic():
            signature = BriefingSignature.objects.create(
                text=text, person=person, role=role, way=way, digest=text.digest, is_late=state == "closed",
                recorded_by=recorded_by, signed_at=at,
            )  # fmt: skip
    except IntegrityError:
        return BriefingSignature.objects.get(text=text, person=person)
    record(
        SIGNED, fresh, recorded_by, at, about=person, source=signature, meeting=meeting, role=role, way=way,
        is_late=signature.is_late,
    )  # fmt: skip
    return signature


def _attend(
    activity: Activity, person: Person, way: SignatureWay, recorded_by: Person, at: datetime, card: str
) -> None:
    """Sign in at the rhythm's activity as well: one act on the phone, one presence in the records."""
    if way == SignatureWay.CARD:
        sign_in_with_card(activity=activity, card=card, actor=recorded_by, at=at)
    else:
        sign_in_with_code(code=sign_in_code(activity, at=at), actor=person, at=at)


def _came(chain: SiteChain, person: Person, noted_by: Person, at: datetime) -> ChainPerson:
    missed = sum(1 for meeting in ORDER if state_of(chain.stage, meeting) == "closed")
    row, is_new = ChainPerson.objects.get_or_create(
        chain=chain, person=person, defaults={"missed": missed, "came_at": at, "noted_by": noted_by}
    )
    if is_new:
        record(CAME, chain, noted_by, at, about=person, source=row, missed=missed)
    return row
