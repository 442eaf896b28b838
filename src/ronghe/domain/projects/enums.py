"""项目: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ProjectKind(models.TextChoices):
    """What is built; old areas and hazards call for another way of building a zone (SD-15)."""

    NEW_BUILD = "new_build", _("新建产能")
    STATION_RENOVATION = "station_renovation", _("站场改造")
    OLD_AREA_RENOVATION = "old_area_renovation", _("老区改造")
    HAZARD_CONTROL = "hazard_control", _("安全隐患治理")
    DIGITAL = "digital", _("数字化转型")
    CLEAN_POWER = "clean_power", _("绿电建设")
    LIVELIHOOD = "livelihood", _("民生工程")
    OTHER = "other", _("其他")


class Difficulty(models.TextChoices):
    """How hard the work is, as the project's owner judges it."""

    ORDINARY = "ordinary", _("一般")
    HARD = "hard", _("较大")
    VERY_HARD = "very_hard", _("很大")


class ProjectState(models.TextChoices):
    PLANNED = "planned", _("未开工")
    UNDER_WAY = "under_way", _("在建")
    COMPLETED = "completed", _("已完工")
    CALLED_OFF = "called_off", _("已取消")


PROJECT_FLOW = Flow(
    "state",
    {
        "start": Step({ProjectState.PLANNED}, ProjectState.UNDER_WAY),
        "complete": Step({ProjectState.UNDER_WAY}, ProjectState.COMPLETED),
        "call_off": Step({ProjectState.PLANNED, ProjectState.UNDER_WAY}, ProjectState.CALLED_OFF),
        "unstart": Step({ProjectState.UNDER_WAY}, ProjectState.PLANNED),
        "reopen": Step({ProjectState.COMPLETED}, ProjectState.UNDER_WAY),
        "plan_again": Step({ProjectState.CALLED_OFF}, ProjectState.PLANNED),
        "go_on": Step({ProjectState.CALLED_OFF}, ProjectState.UNDER_WAY),
    },
)
