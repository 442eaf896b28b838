"""Closed lists of the roll-outs' room, and the way from an idea to a model that others work by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class RolloutKind(models.TextChoices):
    """What is handed on (account C): 标杆变标准、示范变规范、经验变制度."""

    BENCHMARK = "benchmark", _("标杆变标准")
    MODEL = "model", _("示范变规范")
    CASE = "case", _("经验变制度")


class RolloutState(models.TextChoices):
    DRAFT = "draft", _("起草")
    PILOT = "pilot", _("试点中")
    CONCLUDED = "concluded", _("待评审")
    REVIEWED = "reviewed", _("评审通过")
    ROLLED_OUT = "rolled_out", _("推广中")
    ENDED = "ended", _("已结束")
    CALLED_OFF = "called_off", _("不再推广")


class Decision(models.TextChoices):
    """What a committee makes of a pilot."""

    APPROVED = "approved", _("同意推广")
    AGAIN = "again", _("再试一次")
    REFUSED = "refused", _("不推广")


class Measure(models.TextChoices):
    """What a pilot is measured by; each is counted from what was recorded, of the bodies of the pilot."""

    ON_TIME = "on_time", _("按时办结率")
    MET = "met", _("应办事项办结率")
    HELD = "held", _("会议和活动")
    PRESENT = "present", _("到会率")
    TASKS_DONE = "tasks_done", _("任务办结")
    TASKS_ON_TIME = "tasks_on_time", _("任务按期率")


SHARES = frozenset({Measure.ON_TIME, Measure.MET, Measure.PRESENT, Measure.TASKS_ON_TIME})
"""Measures that are a part of a whole; the others are counts."""

ROLLOUT_FLOW = Flow(
    "state",
    {
        "pilot": Step({RolloutState.DRAFT}, RolloutState.PILOT),
        "call_back": Step({RolloutState.PILOT}, RolloutState.DRAFT),
        "conclude": Step({RolloutState.PILOT}, RolloutState.CONCLUDED),
        "approved": Step({RolloutState.CONCLUDED}, RolloutState.REVIEWED),
        "again": Step({RolloutState.CONCLUDED}, RolloutState.DRAFT),
        "refused": Step({RolloutState.CONCLUDED}, RolloutState.CALLED_OFF),
        "roll_out": Step({RolloutState.REVIEWED}, RolloutState.ROLLED_OUT),
        "end": Step({RolloutState.ROLLED_OUT}, RolloutState.ENDED),
        "call_off": Step({RolloutState.DRAFT, RolloutState.REVIEWED}, RolloutState.CALLED_OFF),
    },
)
