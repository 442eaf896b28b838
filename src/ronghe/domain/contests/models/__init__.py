"""劳动竞赛: what the room keeps."""

from ronghe.domain.contests.models.contests import (
    Contest,
    ContestEntry,
    ContestHead,
    ContestJudge,
    ContestMark,
    ContestScore,
)

__all__ = ["Contest", "ContestEntry", "ContestHead", "ContestJudge", "ContestMark", "ContestScore"]
