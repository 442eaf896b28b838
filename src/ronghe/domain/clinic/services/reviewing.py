"""Somebody else reads a piece of knowledge before everybody does; later it may be marked as outdated."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.facts import PIECE_OUTDATED, PIECE_PUBLISHED, PIECE_RETURNED, PIECE_UPDATED
from ronghe.domain.clinic.models import Piece, PieceVersion
from ronghe.domain.clinic.rules import MARK_OUTDATED, REVIEW
from ronghe.domain.clinic.services.proposing import title_initials
from ronghe.domain.clinic.services.telling import tell_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LONGEST_NOTE, LONGEST_WHY = 400, 200


class NothingToReview(DomainError):
    code = "clinic_nothing_to_review"
    sentence = N_("没有等审核的稿子，可能刚有人审过，请刷新后再看。")


class ReviewNoteMissing(DomainError):
    code = "clinic_review_note_missing"
    sentence = N_("请写明要怎么改，最多 %(most)s 个字。")
    status = 422


class WhyMissing(DomainError):
    code = "clinic_why_missing"
    sentence = N_("请写明为什么过时、现在该怎么办，最多 %(most)s 个字。")
    status = 422


class NotPublished(DomainError):
    code = "clinic_not_published"
    sentence = N_("只有已发布的知识才能这样做。")


@transaction.atomic
def publish_piece(*, piece: Piece, actor: Person, at: datetime) -> Piece:
    """Publish the version that waits; the expert has the credit once, later versions are told as such.

    :raises NothingToReview: no version waits
    :raises Stale: the piece was taken down a moment ago
    """
    version = _settled(piece, VersionState.PUBLISHED, actor, at)
    is_first = piece.number == 0
    changes = {
        "state": PieceState.PUBLISHED, "title": version.title, "question": version.question, "answer": version.answer,
        "initials": title_initials(version.title), "number": version.number,
        "published_at": at, "outdated_at": None, "outdated_why": "", "outdated_by": None,
    }  # fmt: skip
    if not Piece.objects.filter(pk=piece.pk, state=piece.state, agreed_at__isnull=False).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(piece, name, value)
    kind = PIECE_PUBLISHED if is_first else PIECE_UPDATED
    tell_of(piece, kind, actor, at, body=piece.body_id, about=piece.expert, version=version.number)
    return piece


@transaction.atomic
def return_piece(*, piece: Piece, note: str, actor: Person, at: datetime) -> Piece:
    """Send the version that waits back to whoever wrote it.

    :raises ReviewNoteMissing: without what is to be changed
    :raises NothingToReview: no version waits
    """
    said = note.strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        REVIEW.require(actor, piece, at=at)
        raise ReviewNoteMissing(most=LONGEST_NOTE)
    version = _settled(piece, VersionState.RETURNED, actor, at, note=said)
    if piece.number == 0:
        Piece.objects.filter(pk=piece.pk, state=PieceState.REVIEW).update(state=PieceState.RETURNED)
        piece.state = PieceState.RETURNED
    tell_of(piece, PIECE_RETURNED, actor, at, body=piece.body_id, version=version.number)
    return piece


@transaction.atomic
def mark_outdated(*, piece: Piece, why: str, actor: Person, at: datetime) -> Piece:
    """Say that a published piece holds no more; it stays to be read, last in every list.

    :raises WhyMissing: without what holds now
    :raises NotPublished: it is not published, or marked already
    """
    MARK_OUTDATED.require(actor, piece, at=at)
    said = why.strip()
    if not 0 < len(said) <= LONGEST_WHY:
        raise WhyMissing(most=LONGEST_WHY)
    return _mark(piece, actor, at, outdated_at=at, outdated_why=said, outdated_by=actor)


@transaction.atomic
def mark_current(*, piece: Piece, actor: Person, at: datetime) -> Piece:
    """Take back that a piece is outdated.

    :raises NotPublished: it is not published, or not marked
    """
    MARK_OUTDATED.require(actor, piece, at=at)
    return _mark(piece, actor, at, outdated_at=None, outdated_why="", outdated_by=None)


def _mark(piece: Piece, actor: Person, at: datetime, **changes: object) -> Piece:
    is_outdated = changes["outdated_at"] is not None
    rows = Piece.objects.filter(pk=piece.pk, state=PieceState.PUBLISHED, outdated_at__isnull=is_outdated)
    if not rows.update(**changes):
        raise NotPublished
    for name, value in changes.items():
        setattr(piece, name, value)
    tell_of(piece, PIECE_OUTDATED, actor, at, body=piece.body_id, outdated=is_outdated)
    return piece


def _settled(piece: Piece, state: VersionState, actor: Person, at: datetime, *, note: str = "") -> PieceVersion:
    REVIEW.require(actor, piece, at=at)
    version = piece.versions.filter(state=VersionState.REVIEW).first()
    waiting = piece.versions.filter(state=VersionState.REVIEW)
    if version is None or not waiting.update(state=state, reviewed_by=actor, reviewed_at=at, review_note=note):
        raise NothingToReview
    return version
