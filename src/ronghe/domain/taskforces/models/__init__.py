"""项目攻关临时党小组: what the room keeps."""

from ronghe.domain.taskforces.models.forces import (
    ForceMember,
    ForceSide,
    Outcome,
    OutcomeFigure,
    OutcomeFile,
    TaskForce,
    TrackingEntry,
)
from ronghe.domain.taskforces.models.points import DifficultPoint, PointPerson, ProgressNote

__all__ = [
    "DifficultPoint",
    "ForceMember",
    "ForceSide",
    "Outcome",
    "OutcomeFigure",
    "OutcomeFile",
    "PointPerson",
    "ProgressNote",
    "TaskForce",
    "TrackingEntry",
]
