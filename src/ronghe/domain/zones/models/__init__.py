"""The zones' tables."""

from ronghe.domain.zones.models.endings import EvaluationComment, ZoneDissolution, ZoneEvaluation
from ronghe.domain.zones.models.sheet import LineChange, ResponsibilityLine
from ronghe.domain.zones.models.zones import CollaborationZone, ModeParameter, ParticipatingUnit, ShutDown, ZoneProject

__all__ = [
    "CollaborationZone",
    "EvaluationComment",
    "LineChange",
    "ModeParameter",
    "ParticipatingUnit",
    "ResponsibilityLine",
    "ShutDown",
    "ZoneDissolution",
    "ZoneEvaluation",
    "ZoneProject",
]
