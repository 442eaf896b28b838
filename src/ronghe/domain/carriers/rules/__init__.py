"""先锋载体: who may do what, and what kind of item a promise is."""

from ronghe.domain.carriers.rules.promises import PROMISE
from ronghe.domain.carriers.rules.rights import (
    AMEND,
    ANSWER_CALL,
    CALL_UP,
    COMMAND,
    DECIDE,
    END,
    MANAGE,
    PROPOSE,
    REVIEW,
    SEE_CALL,
    SEE_CARRIER,
    SEND_TEAM,
    TAKE_PART,
    VERIFY_CALL,
)

__all__ = [
    "AMEND",
    "ANSWER_CALL",
    "CALL_UP",
    "COMMAND",
    "DECIDE",
    "END",
    "MANAGE",
    "PROMISE",
    "PROPOSE",
    "REVIEW",
    "SEE_CALL",
    "SEE_CARRIER",
    "SEND_TEAM",
    "TAKE_PART",
    "VERIFY_CALL",
]
