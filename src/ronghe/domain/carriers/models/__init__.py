"""先锋载体: what the room keeps."""

from ronghe.domain.carriers.models.calls import (
    CallAnswer,
    CallNeed,
    CallPerson,
    CallTeam,
    CallUp,
    LogLine,
    LogPicture,
)
from ronghe.domain.carriers.models.carriers import (
    Carrier,
    CarrierAct,
    CarrierMember,
    CarrierResult,
    CarrierReview,
    PromiseLine,
    ResultRecord,
)
from ronghe.domain.carriers.models.shifts import Shift, ShiftPerson

__all__ = [
    "CallAnswer",
    "CallNeed",
    "CallPerson",
    "CallTeam",
    "CallUp",
    "Carrier",
    "CarrierAct",
    "CarrierMember",
    "CarrierResult",
    "CarrierReview",
    "LogLine",
    "LogPicture",
    "PromiseLine",
    "ResultRecord",
    "Shift",
    "ShiftPerson",
]
