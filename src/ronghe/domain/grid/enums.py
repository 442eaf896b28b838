"""Closed lists of the grid, and the steps of a request."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class GridLevel(models.TextChoices):
    """Where a request is, from the named member up (SD-09)."""

    MEMBER = "member", _("联系党员")
    BRANCH = "branch", _("党支部")
    GENERAL_BRANCH = "general_branch", _("党总支")
    COMMITTEE = "committee", _("党委")


class RequestKind(models.TextChoices):
    """What a request is about."""

    PRODUCTION = "production", _("生产工作")
    SAFETY = "safety", _("安全环保")
    LIVING = "living", _("生活后勤")
    WELFARE = "welfare", _("待遇福利")
    TRAINING = "training", _("学习成长")
    HARDSHIP = "hardship", _("家庭困难")
    ADVICE = "advice", _("意见建议")


class RequestState(models.TextChoices):
    WAITING = "waiting", _("待答复")
    ANSWERED = "answered", _("已答复")
    SOLVED = "solved", _("已解决")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = frozenset({RequestState.WAITING, RequestState.ANSWERED})

REQUEST_FLOW = Flow(
    "state",
    {
        "answer": Step({RequestState.WAITING}, RequestState.ANSWERED),
        "pass_up": Step({RequestState.WAITING}, RequestState.WAITING),
        "rise": Step({RequestState.WAITING}, RequestState.WAITING),
        "task": Step({RequestState.WAITING}, RequestState.WAITING),
        "confirm": Step({RequestState.ANSWERED}, RequestState.SOLVED),
        "reopen": Step({RequestState.ANSWERED}, RequestState.WAITING),
        "withdraw": Step(OPEN_STATES, RequestState.WITHDRAWN),
    },
)


class RequestAct(models.TextChoices):
    """What a line of a request's story says."""

    RAISED = "raised", _("提出")
    PASSED_UP = "passed_up", _("转上一级")
    RISEN = "risen", _("超期上行")
    ANSWERED = "answered", _("答复")
    SOLVED = "solved", _("确认解决")
    REOPENED = "reopened", _("没有解决")
    WITHDRAWN = "withdrawn", _("撤回")
    TASKED = "tasked", _("转为任务")


class GapPlace(models.TextChoices):
    """What kind of thing a gap stands at."""

    BODY = "body", _("党组织")
    UNIT = "unit", _("行政单位")
    ZONE = "zone", _("协作区")
