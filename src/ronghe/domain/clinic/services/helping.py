"""“帮到我了”: counted once a person, without keeping whom it helped.

No fact either: its moment would lead to the person.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.clinic.enums import PieceState
from ronghe.domain.clinic.models import HelpedMark, Piece
from ronghe.domain.clinic.rules import SEE_PIECE
from ronghe.domain.clinic.selectors.pieces import mark_of
from ronghe.domain.clinic.services.reviewing import NotPublished
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class OwnPiece(DomainError):
    code = "clinic_own_piece"
    sentence = N_("这是您自己答复的，由别人来说帮没帮到。")


@transaction.atomic
def say_helped(*, piece: Piece, actor: Person, at: datetime) -> int:
    """Count the actor among those whom a published piece helped, once; returns how many they are.

    :raises OwnPiece: the actor has the credit for it
    :raises NotPublished: it is not published
    """
    SEE_PIECE.require(actor, piece, at=at)
    if piece.expert_id == actor.pk:
        raise OwnPiece
    if piece.state != PieceState.PUBLISHED:
        raise NotPublished
    HelpedMark.objects.get_or_create(piece=piece, mark=mark_of(piece, actor))
    return piece.helped.count()


@transaction.atomic
def unsay_helped(*, piece: Piece, actor: Person, at: datetime) -> int:
    """Count the actor no more; returns how many are left."""
    SEE_PIECE.require(actor, piece, at=at)
    HelpedMark.objects.filter(piece=piece, mark=mark_of(piece, actor)).delete()
    return piece.helped.count()
