"""荣誉: what the room keeps."""

from ronghe.domain.honours.models.banner import BannerOffice, BannerRound
from ronghe.domain.honours.models.register import Honour, HonourTitle
from ronghe.domain.honours.models.selection import (
    CallObjection,
    HonourCall,
    Nomination,
    NominationEvidence,
    Vetting,
)

__all__ = [
    "BannerOffice",
    "BannerRound",
    "CallObjection",
    "Honour",
    "HonourCall",
    "HonourTitle",
    "Nomination",
    "NominationEvidence",
    "Vetting",
]
