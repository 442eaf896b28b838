"""议事决策: what the room keeps."""

from ronghe.domain.decisions.models.charters import Charter, CharterClause, ClauseLink
from ronghe.domain.decisions.models.lists import DecisionList, ListEntry, ProcedureRules
from ronghe.domain.decisions.models.matters import (
    Matter,
    MatterAvoidance,
    MatterDeparture,
    MatterLine,
    MatterPaper,
    MatterReport,
    Sitting,
)
from ronghe.domain.decisions.models.sheets import LineRecord, ResponsibilitySheet, SheetLine

__all__ = [
    "Charter",
    "CharterClause",
    "ClauseLink",
    "DecisionList",
    "LineRecord",
    "ListEntry",
    "Matter",
    "MatterAvoidance",
    "MatterDeparture",
    "MatterLine",
    "MatterPaper",
    "MatterReport",
    "ProcedureRules",
    "ResponsibilitySheet",
    "SheetLine",
    "Sitting",
]
