"""项目攻关临时党小组: closed lists, and the steps of a group and of a difficult point."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ForceState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    APPROVED = "approved", _("已批准，待启动")
    UNDER_WAY = "under_way", _("攻关中")
    CLOSING = "closing", _("收尾总结")
    CLOSED = "closed", _("已结束")
    CALLED_OFF = "called_off", _("已取消")


WITHOUT_BODY = frozenset({ForceState.PROPOSED, ForceState.RETURNED, ForceState.WITHDRAWN})
"""Before it is approved the group is on paper only."""
DRAFTS = frozenset({ForceState.PROPOSED, ForceState.RETURNED})
"""What is proposed may still be changed as a whole."""
RUNNING = frozenset({ForceState.UNDER_WAY, ForceState.CLOSING})
"""Points, notes and tracking are written."""
OPEN_FORCES = frozenset({ForceState.PROPOSED, ForceState.RETURNED, ForceState.APPROVED}) | RUNNING

FORCE_FLOW = Flow(
    "state",
    {
        "return": Step({ForceState.PROPOSED}, ForceState.RETURNED),
        "submit": Step({ForceState.RETURNED}, ForceState.PROPOSED),
        "withdraw": Step(DRAFTS, ForceState.WITHDRAWN),
        "approve": Step({ForceState.PROPOSED}, ForceState.APPROVED),
        "start": Step({ForceState.APPROVED}, ForceState.UNDER_WAY),
        "call_off": Step({ForceState.APPROVED}, ForceState.CALLED_OFF),
        "wind_up": Step({ForceState.UNDER_WAY}, ForceState.CLOSING),
        "resume": Step({ForceState.CLOSING}, ForceState.UNDER_WAY),
        "close": Step({ForceState.CLOSING}, ForceState.CLOSED),
    },
)


class WindUpReason(models.TextChoices):
    """Why a group sums up: asked for by its leaders, or because what it stood for has ended."""

    BY_HAND = "by_hand", _("攻关任务完成")
    PROJECT_COMPLETED = "project_completed", _("项目已完工")
    PROJECT_CALLED_OFF = "project_called_off", _("项目已取消")
    ZONE_DISSOLVED = "zone_dissolved", _("协作区已撤销")
    BODY_DISSOLVED = "body_dissolved", _("党小组已撤销")


class MemberPart(models.TextChoices):
    """What somebody is in the group."""

    LEADER = "leader", _("组长")
    GUIDE = "guide", _("跟踪指导人")
    MEMBER = "member", _("组员")


class DifficultyKind(models.TextChoices):
    """What a difficulty is about; the clock from raised to resolved is kept for each."""

    TECHNICAL = "technical", _("技术难题")
    CONSTRUCTION = "construction", _("施工组织")
    SAFETY = "safety", _("安全环保")
    QUALITY = "quality", _("质量")
    MATERIAL = "material", _("物资设备")
    COORDINATION = "coordination", _("协调配合")
    PEOPLE = "people", _("人员力量")
    OTHER = "other", _("其他")


class PointState(models.TextChoices):
    RAISED = "raised", _("已提出")
    FIXED = "fixed", _("四定已齐")
    RESOLVED = "resolved", _("已解决")
    HANDED_OVER = "handed_over", _("已移交")


OPEN_POINTS = frozenset({PointState.RAISED, PointState.FIXED})

POINT_FLOW = Flow(
    "state",
    {
        "fix": Step(OPEN_POINTS, PointState.FIXED),
        "unfix": Step(OPEN_POINTS, PointState.RAISED),
        "resolve": Step({PointState.FIXED}, PointState.RESOLVED),
        "reopen": Step({PointState.RESOLVED}, PointState.FIXED),
        "hand_over": Step(OPEN_POINTS, PointState.HANDED_OVER),
    },
)


class OutcomeKind(models.TextChoices):
    """一个项目锻炼一个团队、收获一份经验、树立一个品牌: a group closes with all three."""

    TEAM = "team", _("锻炼的团队")
    EXPERIENCE = "experience", _("收获的经验")
    BRAND = "brand", _("树立的品牌")
