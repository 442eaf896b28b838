"""Closed lists of the zones' room, and the steps of a zone."""

from __future__ import annotations

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


ZONE_FLOW = Flow(
    "state",
    {
        "agree": Step({ZoneState.PROPOSED}, ZoneState.AGREED),
        "approve": Step({ZoneState.AGREED}, ZoneState.APPROVED),
        "start": Step({ZoneState.APPROVED}, ZoneState.RUNNING),
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
