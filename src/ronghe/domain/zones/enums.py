"""Closed lists of the zones' room, and the steps of a zone."""

from __future__ import annotations

from django.db import models

from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step


class ZoneMode(models.TextChoices):
    """SD-15."""

    PROJECT_BASED = "project_based", N_("项目共建")
    AREA_BASED = "area_based", N_("区域联建")


class ZoneState(models.TextChoices):
    PROPOSED = "proposed", N_("拟建")
    AGREED = "agreed", N_("各方已同意")
    APPROVED = "approved", N_("已批准")
    RUNNING = "running", N_("运行中")


ZONE_FLOW = Flow(
    "state",
    {
        "agree": Step({ZoneState.PROPOSED}, ZoneState.AGREED),
        "approve": Step({ZoneState.AGREED}, ZoneState.APPROVED),
        "start": Step({ZoneState.APPROVED}, ZoneState.RUNNING),
    },
)


class PartyRole(models.TextChoices):
    """What a participating unit is in the project (PJ-01); one unit may be several things."""

    OWNER = "owner", N_("建设方")
    HOST_SITE = "host_site", N_("属地方")
    PMC = "pmc", N_("项目管理方")
    CONSTRUCTOR = "constructor", N_("施工方")
    SUPERVISOR = "supervisor", N_("监理方")
    INSPECTOR = "inspector", N_("检测方")
    DESIGNER = "designer", N_("设计方")
    EPC_CONTRACTOR = "epc_contractor", N_("总承包（EPC）")
