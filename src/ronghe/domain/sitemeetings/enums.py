"""现场三会: the order of the meetings, and how far a chain has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.workflow import Flow, Step


class Meeting(models.TextChoices):
    """The three, in their order (SD-05)."""

    GROUP = "group", _("党小组会")
    SAFETY = "safety", _("安全交底会")
    TECHNICAL = "technical", _("技术交底会")


ORDER = (Meeting.GROUP, Meeting.SAFETY, Meeting.TECHNICAL)
ACTIVITY_OF = {
    Meeting.GROUP: ActivityType.SITE_GROUP_MEETING,
    Meeting.SAFETY: ActivityType.SAFETY_BRIEFING,
    Meeting.TECHNICAL: ActivityType.TECHNICAL_BRIEFING,
}
MEETING_OF = {kind: meeting for meeting, kind in ACTIVITY_OF.items()}


class ChainStage(models.TextChoices):
    """How far the chain has come: one word for all three meetings, so that no two of them can disagree."""

    BEGUN = "begun", _("未开会")
    GROUP_OPEN = "group_open", _("党小组会进行中")
    GROUP_CLOSED = "group_closed", _("党小组会已结束")
    SAFETY_OPEN = "safety_open", _("安全交底会进行中")
    SAFETY_CLOSED = "safety_closed", _("安全交底会已结束")
    TECHNICAL_OPEN = "technical_open", _("技术交底会进行中")
    CLOSED = "closed", _("三会已开完")
    CALLED_OFF = "called_off", _("已取消")


OPEN_STAGE = {
    Meeting.GROUP: ChainStage.GROUP_OPEN,
    Meeting.SAFETY: ChainStage.SAFETY_OPEN,
    Meeting.TECHNICAL: ChainStage.TECHNICAL_OPEN,
}
BEFORE_STAGE = {
    Meeting.GROUP: ChainStage.BEGUN,
    Meeting.SAFETY: ChainStage.GROUP_CLOSED,
    Meeting.TECHNICAL: ChainStage.SAFETY_CLOSED,
}
AFTER_STAGE = {
    Meeting.GROUP: ChainStage.GROUP_CLOSED,
    Meeting.SAFETY: ChainStage.SAFETY_CLOSED,
    Meeting.TECHNICAL: ChainStage.CLOSED,
}
UNFINISHED = frozenset(ChainStage) - {ChainStage.CLOSED, ChainStage.CALLED_OFF}

CHAIN_FLOW = Flow(
    "stage",
    {
        **{f"open_{one}": Step({BEFORE_STAGE[one]}, OPEN_STAGE[one]) for one in ORDER},
        **{f"close_{one}": Step({OPEN_STAGE[one]}, AFTER_STAGE[one]) for one in ORDER},
        **{f"undo_{one}": Step({OPEN_STAGE[one]}, BEFORE_STAGE[one]) for one in ORDER},
        "call_off": Step({ChainStage.BEGUN, ChainStage.GROUP_CLOSED, ChainStage.SAFETY_CLOSED}, ChainStage.CALLED_OFF),
    },
)
"""SD-05: a meeting opens from the stage in which the one before it is closed, and from no other."""


class SignatureWay(models.TextChoices):
    """Nobody signs for somebody else (PM-15): a tap on the own phone, or the own card held out."""

    OWN_PHONE = "own_phone", _("本人扫码")
    OWN_TAP = "own_tap", _("本人签字")
    CARD = "card", _("出示党员卡")


class SignatureRole(models.TextChoices):
    """PC-18: both sides sign, who briefs and who is briefed."""

    BRIEFER = "briefer", _("交底人")
    BRIEFED = "briefed", _("被交底人")
