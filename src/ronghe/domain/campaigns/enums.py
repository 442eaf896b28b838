"""主题活动、专项活动: closed lists and steps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class Theme(models.TextChoices):
    """The four themes of “党建+”; a unit's playbook may add its own, whose codes are not among these."""

    LEARNING = "learning", _("学习")
    PRODUCTION = "production", _("生产")
    CULTURE = "culture", _("文体")
    INTEGRITY = "integrity", _("廉洁")


class StageState(models.TextChoices):
    """How a stage stands on a day (`calc.stages.Standing`): computed, never stored."""

    SKIPPED = "skipped", _("没有参加")
    UPCOMING = "upcoming", _("未开始")
    RUNNING = "running", _("进行中")
    OWED = "owed", _("待小结")
    LATE = "late", _("小结逾期")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("已停止")


class RunState(models.TextChoices):
    """How a campaign stands on a day: computed from its days."""

    UPCOMING = "upcoming", _("未开始")
    RUNNING = "running", _("进行中")
    OVER = "over", _("已结束")
    STOPPED = "stopped", _("提前结束")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("在写")
    HANDED_IN = "handed_in", _("待审阅")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已审阅")


REPORT_FLOW = Flow(
    "state",
    {
        "hand_in": Step({ReportState.DRAFT, ReportState.RETURNED}, ReportState.HANDED_IN),
        "take_back": Step({ReportState.HANDED_IN}, ReportState.DRAFT),
        "accept": Step({ReportState.HANDED_IN}, ReportState.ACCEPTED),
        "return": Step({ReportState.HANDED_IN}, ReportState.RETURNED),
    },
)


class ReportStep(models.TextChoices):
    """What happened to a report, in the order of its history."""

    HANDED_IN = "handed_in", _("交出")
    TAKEN_BACK = "taken_back", _("撤回")
    RETURNED = "returned", _("退回")
    ACCEPTED = "accepted", _("审阅通过")
