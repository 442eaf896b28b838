"""Which pieces of evidence a record still lacks before it is closed (C2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from ronghe.kernel.words import N_


class Piece(StrEnum):
    """What a record may have to carry: the playbook's words for evidence, and what will be done after a study."""

    SIGN_IN = "sign_in"
    MINUTES = "minutes"
    DECISIONS = "decisions"
    VOTES = "votes"
    PHOTOS = "photos"
    SIGNATURES = "signatures"
    CHECKLIST = "checklist"
    MATERIALS = "materials"
    NEXT_STEP = "next_step"


TITLES = {
    Piece.SIGN_IN: N_("签到"),
    Piece.MINUTES: N_("会议记录"),
    Piece.DECISIONS: N_("议定事项"),
    Piece.VOTES: N_("表决"),
    Piece.PHOTOS: N_("照片"),
    Piece.SIGNATURES: N_("本人签到"),
    Piece.CHECKLIST: N_("检查项目"),
    Piece.MATERIALS: N_("材料"),
    Piece.NEXT_STEP: N_("下一步怎么做"),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a record holds so far, in counts; `checks` lines of the form, of which `answered` have an answer."""

    present: int = 0
    signed: int = 0
    written: int = 0
    """Topics on which something was noted, said, decided, voted or given out."""
    decisions: int = 0
    votes: int = 0
    pictures: int = 0
    papers: int = 0
    checks: int = 0
    answered: int = 0
    has_next_step: bool = False
    is_check: bool = False
    """A round with a list of checks, no meeting: its answered form is the record."""

    @property
    def is_form_record(self) -> bool:
        """Tell whether the answered form stands for the minutes: of a check whose every line has an answer."""
        return self.is_check and 0 < self.checks == self.answered


def missing_pieces(required: Collection[str], gathered: Gathered, *, is_study: bool) -> list[Piece]:
    """Return what is required and not there, in the order of `Piece`.

    A checklist that the form does not write out is what was written down. Whoever signed in was present too. The elements
    of minutes (PM-14) are those of meetings; of a safety check the answered form is the record.
    """
    there = {
        Piece.SIGN_IN: gathered.present > 0,
        Piece.MINUTES: gathered.written > 0 or gathered.is_form_record,
        Piece.DECISIONS: gathered.decisions > 0,
        Piece.VOTES: gathered.votes > 0,
        Piece.PHOTOS: gathered.pictures > 0,
        Piece.SIGNATURES: gathered.signed > 0,
        Piece.CHECKLIST: gathered.answered == gathered.checks if gathered.checks else gathered.written > 0,
        Piece.MATERIALS: gathered.papers + gathered.pictures > 0,
        Piece.NEXT_STEP: gathered.has_next_step,
    }
    wanted = set(required) | ({Piece.NEXT_STEP.value} if is_study else set())
    return [piece for piece in Piece if piece.value in wanted and not there[piece]]
