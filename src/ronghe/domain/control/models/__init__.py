"""项目管控: what the room keeps."""

from ronghe.domain.control.models.quality import (
    ProcessLink,
    ProcessRecord,
    RatingRule,
    RecordPicture,
    WorkPart,
    WorkProcess,
)
from ronghe.domain.control.models.register import (
    ApprovalStage,
    IdleCause,
    IdleClaim,
    OutsideApproval,
)
from ronghe.domain.control.models.reviews import (
    DesignReview,
    ReviewBaseline,
    Reviewer,
    ReviewFile,
    ReviewOpinion,
    ReviewTurn,
)
from ronghe.domain.control.models.site import AspectCheck, Incident, Readiness
from ronghe.domain.control.models.templates import ProcessTemplate, TemplateLine

__all__ = [
    "ApprovalStage",
    "AspectCheck",
    "DesignReview",
    "IdleCause",
    "IdleClaim",
    "Incident",
    "OutsideApproval",
    "ProcessLink",
    "ProcessRecord",
    "ProcessTemplate",
    "RatingRule",
    "Readiness",
    "RecordPicture",
    "ReviewBaseline",
    "ReviewFile",
    "ReviewOpinion",
    "ReviewTurn",
    "Reviewer",
    "TemplateLine",
    "WorkPart",
    "WorkProcess",
]
