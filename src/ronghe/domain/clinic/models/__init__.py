"""专家门诊: what the room keeps."""

from __future__ import annotations

from ronghe.domain.clinic.models.cases import CaseMessage, CaseSeen, CaseSheet, Visit
from ronghe.domain.clinic.models.experts import ClinicField, Expert, ExpertAway, ExpertHours
from ronghe.domain.clinic.models.pieces import HelpedMark, Piece, PieceVersion

__all__ = [
    "CaseMessage",
    "CaseSeen",
    "CaseSheet",
    "ClinicField",
    "Expert",
    "ExpertAway",
    "ExpertHours",
    "HelpedMark",
    "Piece",
    "PieceVersion",
    "Visit",
]
