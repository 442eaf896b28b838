"""An answered case becomes knowledge: proposed, agreed to by whoever asked, written again, taken down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.clinic.calc.anonymous import names_in, without_people
from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.facts import (
    PIECE_AGREED,
    PIECE_PROPOSED,
    PIECE_PUBLISHED,
    PIECE_TAKEN_DOWN,
)
from ronghe.domain.clinic.models import Piece, PieceVersion
from ronghe.domain.clinic.rules import AGREE, PROPOSE, WRITE_PIECE
from ronghe.domain.clinic.selectors.cases import Line, answer_of, words_of
from ronghe.domain.clinic.services.telling import take_back, tell_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.models.people import initials_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_, listed

ANSWERED = ("answered", "closed", "lapsed")
LONGEST = {"title": 120, "question": 2000, "answer": 4000}
OPEN = (VersionState.WAITING, VersionState.REVIEW, VersionState.RETURNED)


class NotAnswered(DomainError):
    code = "clinic_not_answered"
    sentence = N_("这件事还没有答复，答复以后才能推荐成知识。")


class AlreadyProposed(DomainError):
    code = "clinic_already_proposed"
    sentence = N_("这件事已经推荐过了，不用再推荐。")


class PieceUnfit(DomainError):
    code = "clinic_piece_unfit"
    sentence = N_("题目、问题、答复都要写；题目最多 %(title)s 个字，问题 %(question)s 个字，答复 %(answer)s 个字。")
    status = 422


class PersonTold(DomainError):
    code = "clinic_person_told"
    sentence = N_("里面还能看出是谁：%(names)s。请改成“某班组”“一名员工”这样的说法，号码请删掉。")
    status = 422


class PieceGone(DomainError):
    code = "clinic_piece_gone"
    sentence = N_("提问人没有同意，或者已经撤下，不能再改。")


@dataclass(frozen=True, slots=True)
class PieceText:
    """What is told to everybody, without who asked."""

    title: str
    question: str
    answer: str


def draft_of(item: WorkItem, lines: list[Line]) -> PieceText:
    """Return what a case says as a first draft, the asker and numbers of people taken out."""
    names = [item.raised_by.name]
    asked = lines[0].words if lines else ""
    return PieceText(
        title=without_people(words_of(item).title, names),
        question=without_people(asked, names) or without_people(words_of(item).title, names),
        answer=without_people(answer_of(lines), names)[: LONGEST["answer"]],
    )


@transaction.atomic
def propose_piece(*, item: WorkItem, text: PieceText, actor: Person, at: datetime) -> Piece:
    """Propose a case as knowledge. Proposed by the asker it goes to review at once, else the asker is asked first.

    :raises NotAllowed: neither who asked nor who answered, or a sealed case
    :raises NotAnswered: not answered yet
    :raises PieceUnfit, PersonTold: the words
    :raises AlreadyProposed: once is enough, whatever came of it
    """
    PROPOSE.require(actor, item, at=at)
    if item.state not in ANSWERED or item.owner is None or item.case_sheet.field is None:
        raise NotAnswered
    words = _checked(text, item.raised_by)
    is_own = actor.pk == item.raised_by_id
    try:
        with transaction.atomic():
            piece = Piece.objects.create(
                item=item, field=item.case_sheet.field, body=item.body, expert=item.owner, asker=item.raised_by,
                state=PieceState.REVIEW if is_own else PieceState.CONSENT, written_by=actor, proposed_at=at,
                agreed_at=at if is_own else None, **_columns(words),
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyProposed from error
    _write(piece, words, VersionState.REVIEW if is_own else VersionState.WAITING, actor, at)
    return piece


@transaction.atomic
def answer_consent(*, piece: Piece, agrees: bool, actor: Person, at: datetime) -> Piece:
    """Say whether the own case may be told; without that nobody else reads the piece.

    :raises Stale: it was answered before
    """
    AGREE.require(actor, piece, at=at)
    state = PieceState.REVIEW if agrees else PieceState.REFUSED
    rows = Piece.objects.filter(pk=piece.pk, state=PieceState.CONSENT)
    if not rows.update(state=state, agreed_at=at if agrees else None):
        raise Stale
    piece.state, piece.agreed_at = state, at if agrees else None
    following = VersionState.REVIEW if agrees else VersionState.DROPPED
    piece.versions.filter(state=VersionState.WAITING).update(state=following)
    tell_of(piece, PIECE_AGREED, actor, at, body=piece.body_id, agreed=agrees)
    return piece


@transaction.atomic
def take_piece_down(*, piece: Piece, actor: Person, at: datetime) -> Piece:
    """Take back that the own case is told: nobody finds it any more, and it counts no more.

    :raises Stale: it was taken down or never agreed to
    """
    AGREE.require(actor, piece, at=at)
    was_published = piece.state == PieceState.PUBLISHED
    rows = Piece.objects.filter(pk=piece.pk, state=piece.state, agreed_at__isnull=False)
    if piece.state == PieceState.TAKEN_DOWN or not rows.update(state=PieceState.TAKEN_DOWN, agreed_at=None):
        raise Stale
    piece.state, piece.agreed_at = PieceState.TAKEN_DOWN, None
    piece.versions.filter(state__in=OPEN).update(state=VersionState.DROPPED)
    if was_published:
        take_back(piece, PIECE_PUBLISHED, actor, at)
    tell_of(piece, PIECE_TAKEN_DOWN, actor, at, body=piece.body_id)
    return piece


@transaction.atomic
def rewrite_piece(*, piece: Piece, text: PieceText, actor: Person, at: datetime) -> PieceVersion:
    """Write another version; what is published stands until the new one was reviewed.

    :raises PieceUnfit, PersonTold: the words
    :raises PieceGone: the asker refused, or it was taken down
    :raises Stale: somebody else wrote or reviewed a moment ago
    """
    WRITE_PIECE.require(actor, piece, at=at)
    words = _checked(text, piece.asker)
    if piece.state in (PieceState.REFUSED, PieceState.TAKEN_DOWN):
        raise PieceGone
    changes: dict[str, object] = {"written_by": actor}
    if piece.number == 0:
        changes |= _columns(words)
        changes["state"] = PieceState.CONSENT if piece.agreed_at is None else PieceState.REVIEW
    if not Piece.objects.filter(pk=piece.pk, state=piece.state).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(piece, name, value)
    piece.versions.filter(state__in=OPEN).update(state=VersionState.DROPPED)
    return _write(piece, words, VersionState.WAITING if piece.agreed_at is None else VersionState.REVIEW, actor, at)


def _write(piece: Piece, text: PieceText, state: VersionState, actor: Person, at: datetime) -> PieceVersion:
    number = piece.versions.count() + 1
    try:
        with transaction.atomic():
            version = PieceVersion.objects.create(
                piece=piece, number=number, title=text.title, question=text.question, answer=text.answer, state=state,
                written_by=actor, written_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    tell_of(piece, PIECE_PROPOSED, actor, at, body=piece.body_id, version=number)
    return version


def _checked(text: PieceText, asker: Person) -> PieceText:
    found = PieceText(text.title.strip(), text.question.strip(), text.answer.strip())
    for name, most in LONGEST.items():
        if not 0 < len(getattr(found, name)) <= most:
            raise PieceUnfit(**LONGEST)
    told = names_in(f"{found.title} {found.question} {found.answer}", [asker.name])
    if told:
        raise PersonTold(names=listed(told))
    return found


def _columns(text: PieceText) -> dict[str, object]:
    return {
        "title": text.title,
        "question": text.question,
        "answer": text.answer,
        "initials": title_initials(text.title),
    }


def title_initials(title: str) -> str:
    """Return the pinyin initials of a title, by which a piece is found."""
    return "".join(initials_of(title[start : start + 16]) for start in range(0, len(title), 16))[:120]
