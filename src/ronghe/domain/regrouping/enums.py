"""Closed lists of regrouping, and the steps of a regrouping from drafting to carrying out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class RegroupingState(models.TextChoices):
    DRAFTING = "drafting", _("拟方案")
    SUBMITTED = "submitted", _("报支委会研究")
    APPROVED = "approved", _("已研究通过")
    CARRIED_OUT = "carried_out", _("已执行")
    UNDONE = "undone", _("已撤回执行")
    DROPPED = "dropped", _("不再办理")


REGROUPING_FLOW = Flow(
    "state",
    {
        "submit": Step({RegroupingState.DRAFTING}, RegroupingState.SUBMITTED),
        "return": Step({RegroupingState.SUBMITTED, RegroupingState.APPROVED}, RegroupingState.DRAFTING),
        "approve": Step({RegroupingState.SUBMITTED}, RegroupingState.APPROVED),
        "carry_out": Step({RegroupingState.APPROVED}, RegroupingState.CARRIED_OUT),
        "undo": Step({RegroupingState.CARRIED_OUT}, RegroupingState.UNDONE),
        "drop": Step(
            {RegroupingState.DRAFTING, RegroupingState.SUBMITTED, RegroupingState.APPROVED}, RegroupingState.DROPPED
        ),
    },
)


class ProposalSource(models.TextChoices):
    TODAY = "today", _("现状")
    SOLVER = "solver", _("系统拟")
    HAND = "hand", _("人工调整")


class SolvingState(models.TextChoices):
    """Where the search for a proposal is. What was not searched is `done` from the start."""

    WAITING = "waiting", _("排队")
    RUNNING = "running", _("求解中")
    DONE = "done", _("已拟好")
    IMPOSSIBLE = "impossible", _("无解")
    FAILED = "failed", _("求解中断")


SEARCHING = frozenset({SolvingState.WAITING, SolvingState.RUNNING})


class TravelSource(models.TextChoices):
    TYPED = "typed", _("填报")
    IMPORTED = "imported", _("表格导入")
    GUESSED = "guessed", _("按管线顺序估计")
