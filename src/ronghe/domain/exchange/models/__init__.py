"""学习交流: tables."""

from ronghe.domain.exchange.models.lectures import Lecture, LectureRating, LectureSession, LectureWish
from ronghe.domain.exchange.models.pairs import (
    PairGoal,
    PairGoalMark,
    PairNote,
    PairProgramme,
    PairReview,
    PairSignature,
    PairText,
)
from ronghe.domain.exchange.models.study import (
    ProgrammeSide,
    StudyLine,
    StudyMaterial,
    StudyProgramme,
    StudyQuestion,
)
from ronghe.domain.exchange.models.visits import BenchmarkLine, LearningVisit, Practice, VisitPerson

__all__ = [
    "BenchmarkLine",
    "LearningVisit",
    "Lecture",
    "LectureRating",
    "LectureSession",
    "LectureWish",
    "PairGoal",
    "PairGoalMark",
    "PairNote",
    "PairProgramme",
    "PairReview",
    "PairSignature",
    "PairText",
    "Practice",
    "ProgrammeSide",
    "StudyLine",
    "StudyMaterial",
    "StudyProgramme",
    "StudyQuestion",
    "VisitPerson",
]
