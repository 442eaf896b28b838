"""What the rhythm keeps: activities with their records, and visits."""

from ronghe.domain.rhythm.models.activities import (
    Activity,
    ActivityChange,
    ActivityHost,
    ActivityPhoto,
    AgendaItem,
    Attendance,
    Correction,
)
from ronghe.domain.rhythm.models.details import (
    ActivityBooking,
    ActivityCheck,
    ActivityFigure,
    AgendaDissent,
    AgendaSpeech,
)
from ronghe.domain.rhythm.models.visits import (
    ProblemAnswer,
    Visit,
    VisitCorrection,
    VisitFinding,
    VisitPhoto,
    VisitProblem,
)

__all__ = [
    "Activity",
    "ActivityBooking",
    "ActivityChange",
    "ActivityCheck",
    "ActivityFigure",
    "ActivityHost",
    "ActivityPhoto",
    "AgendaDissent",
    "AgendaItem",
    "AgendaSpeech",
    "Attendance",
    "Correction",
    "ProblemAnswer",
    "Visit",
    "VisitCorrection",
    "VisitFinding",
    "VisitPhoto",
    "VisitProblem",
]
