"""Where Django looks for the kernel's tables; each lives in the room it belongs to."""

from ronghe.kernel.access.models import Account, ApiToken, Look, OldPassword
from ronghe.kernel.facts.models import Fact, FactKey, Seal, SealedFact
from ronghe.kernel.jobs.models import JobAttempt, Schedule
from ronghe.kernel.printing.models import PrintedPaper

__all__ = [
    "Account",
    "ApiToken",
    "Fact",
    "FactKey",
    "JobAttempt",
    "Look",
    "OldPassword",
    "PrintedPaper",
    "Schedule",
    "Seal",
    "SealedFact",
]
