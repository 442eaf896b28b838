"""联创共建合作意向书: what the room keeps."""

from ronghe.domain.agreements.models.agreements import Agreement, AgreementParty
from ronghe.domain.agreements.models.ending import AgreementEnding, EndingConsent
from ronghe.domain.agreements.models.goals import (
    DIGITS,
    PLACES,
    AgreementGoal,
    AgreementReview,
    GoalReading,
    ReviewFinding,
)
from ronghe.domain.agreements.models.negotiation import AgreementComment, AgreementConsent, AgreementVersion
from ronghe.domain.agreements.models.signing import AgreementRefusal, AgreementSignature, SigningAuthorization

__all__ = [
    "DIGITS",
    "PLACES",
    "Agreement",
    "AgreementComment",
    "AgreementConsent",
    "AgreementEnding",
    "AgreementGoal",
    "AgreementParty",
    "AgreementRefusal",
    "AgreementReview",
    "AgreementSignature",
    "AgreementVersion",
    "EndingConsent",
    "GoalReading",
    "ReviewFinding",
    "SigningAuthorization",
]
