"""作业许可: what the room keeps."""

from ronghe.domain.permits.models.keeping import (
    GasTest,
    Handover,
    PermitSignature,
    PermitStep,
    SignatureVoid,
)
from ronghe.domain.permits.models.permits import Isolation, Measure, Permit, PermitLink, PermitPart, RiskLine
from ronghe.domain.permits.models.sites import (
    ClockBaseline,
    PermitSite,
    SiteActivity,
    SiteNotice,
    SiteOffice,
    SiteSetting,
)

__all__ = [
    "ClockBaseline",
    "GasTest",
    "Handover",
    "Isolation",
    "Measure",
    "Permit",
    "PermitLink",
    "PermitPart",
    "PermitSignature",
    "PermitSite",
    "PermitStep",
    "RiskLine",
    "SignatureVoid",
    "SiteActivity",
    "SiteNotice",
    "SiteOffice",
    "SiteSetting",
]
