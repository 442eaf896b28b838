"""Closed lists of the zones' room, and the steps of a zone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ZoneMode(models.TextChoices):
    """SD-15."""

    PROJECT_BASED = "project_based", _("项目共建")
    AREA_BASED = "area_based", _("区域联建")


class ZoneState(models.TextChoices):
    PROPOSED = "proposed", _("拟建")
    AGREED = "agreed", _("各方已同意")
    APPROVED = "approved", _("已批准")
    RUNNING = "running", _("运行中")
    EVALUATED = "evaluated", _("已评估")
    DISSOLVED = "dissolved", _("已解散")
    WITHDRAWN = "withdrawn", _("已撤回")


FOUNDING = frozenset({ZoneState.PROPOSED, ZoneState.AGREED, ZoneState.APPROVED})
"""On the way to the start."""
LIVING = frozenset({ZoneState.RUNNING, ZoneState.EVALUATED})
"""Started and not dissolved: an evaluated zone works on until its last day."""

ZONE_FLOW = Flow(
    "state",
    {
        "agree": Step({ZoneState.PROPOSED}, ZoneState.AGREED),
        "return": Step({ZoneState.AGREED, ZoneState.APPROVED}, ZoneState.PROPOSED),
        "withdraw": Step(FOUNDING, ZoneState.WITHDRAWN),
        "approve": Step({ZoneState.AGREED}, ZoneState.APPROVED),
        "start": Step({ZoneState.APPROVED}, ZoneState.RUNNING),
        "evaluate": Step({ZoneState.RUNNING}, ZoneState.EVALUATED),
        "dissolve": Step({ZoneState.EVALUATED}, ZoneState.DISSOLVED),
    },
)


class ParticipantRole(models.TextChoices):
    """What a participating unit is in the project (PJ-01); one unit may be several things."""

    OWNER = "owner", _("建设方")
    HOST_SITE = "host_site", _("属地方")
    PMC = "pmc", _("项目管理方")
    CONSTRUCTOR = "constructor", _("施工方")
    SUPERVISOR = "supervisor", _("监理方")
    INSPECTOR = "inspector", _("检测方")
    DESIGNER = "designer", _("设计方")
    EPC_CONTRACTOR = "epc_contractor", _("总承包（EPC）")


WORKING_ROLES = frozenset(
    {ParticipantRole.HOST_SITE, ParticipantRole.CONSTRUCTOR, ParticipantRole.EPC_CONTRACTOR, ParticipantRole.INSPECTOR}
)
"""Whoever has people at work in the area itself (PC-08)."""


class SheetSide(models.TextChoices):
    """The four views of a responsibility sheet."""

    TERRITORY = "territory", _("属地")
    BUILDER = "builder", _("施工")
    SUPERVISION = "supervision", _("监理")
    MANAGEMENT = "management", _("管理")


SIDE_OF: Mapping[str, SheetSide] = MappingProxyType(
    {
        ParticipantRole.HOST_SITE: SheetSide.TERRITORY,
        ParticipantRole.CONSTRUCTOR: SheetSide.BUILDER,
        ParticipantRole.EPC_CONTRACTOR: SheetSide.BUILDER,
        ParticipantRole.SUPERVISOR: SheetSide.SUPERVISION,
        ParticipantRole.INSPECTOR: SheetSide.SUPERVISION,
        ParticipantRole.OWNER: SheetSide.MANAGEMENT,
        ParticipantRole.PMC: SheetSide.MANAGEMENT,
        ParticipantRole.DESIGNER: SheetSide.MANAGEMENT,
    }
)
"""In which view a unit of a role finds its lines."""


class SheetTopic(models.TextChoices):
    SAFETY = "safety", _("安全")
    QUALITY = "quality", _("质量")
    PROGRESS = "progress", _("进度")
    PARTY = "party", _("党建")


class LineChangeKind(models.TextChoices):
    ADDED = "added", _("写入")
    CHANGED = "changed", _("修改")
    ENDED = "ended", _("停用")


class AdviceParameter(models.TextChoices):
    """The figures behind the advice on modes (SD-15); the shipped ones are ours (source D), a committee sets its own."""

    LARGE_WAN_YUAN = "large_wan_yuan", _("大型项目的投资（万元）")
    LONG_DAYS = "long_days", _("工期长的天数")
    SEVERAL_PROJECTS = "several_projects", _("算多个项目的个数")
    BRANCH_MEMBERS = "branch_members", _("能建联合党支部的正式党员数")
    SAFETY_BLOCKS_START = "safety_blocks_start", _("安全协议未签不得启动（1 是，0 否）")


SHIPPED_PARAMETERS: Mapping[str, int] = MappingProxyType(
    {
        AdviceParameter.LARGE_WAN_YUAN: 5000,
        AdviceParameter.LONG_DAYS: 365,
        AdviceParameter.SEVERAL_PROJECTS: 2,
        AdviceParameter.BRANCH_MEMBERS: 3,
        AdviceParameter.SAFETY_BLOCKS_START: 0,
    }
)
