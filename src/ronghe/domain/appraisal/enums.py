"""Closed lists of the appraisal's room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class RunState(models.TextChoices):
    """Where a run stands. `computing` and `stopped` are drafts whose figures are not there yet, or ask something."""

    COMPUTING = "computing", _("正在计算")
    STOPPED = "stopped", _("待裁定")
    DRAFT = "draft", _("草稿")
    SELF_CHECK = "self_check", _("自查")
    REVIEW = "review", _("复核")
    PUBLIC_NOTICE = "public_notice", _("公示")
    FINAL = "final", _("定稿")
    WITHDRAWN = "withdrawn", _("已撤回")


PUBLISHED = frozenset({RunState.PUBLIC_NOTICE, RunState.FINAL})
"""What everybody below the run's body may see: drafts belong to those who make them."""

CHECKED = frozenset({RunState.SELF_CHECK, RunState.REVIEW})
"""What the judged see of a draft: their own result, to say what is wrong before everybody reads it."""

ENDED = frozenset({RunState.FINAL, RunState.WITHDRAWN})


class RunStage(models.TextChoices):
    """What a running computation is doing, in this order."""

    WAITING = "waiting", _("排队等候")
    SEALING = "sealing", _("封存事实")
    EXPORTING = "exporting", _("取出事实")
    GATHERING = "gathering", _("归集对象和应办事项")
    SCORING = "scoring", _("计分")
    KEEPING = "keeping", _("留存依据")
    DONE = "done", _("算完")
    FAILED = "failed", _("没有算成")


class Level(models.TextChoices):
    """Whom a sheet scores (the words of the sheet language)."""

    MEMBER = "member", _("党员")
    BRANCH = "branch", _("党支部")
    GROUP = "group", _("党小组")
    TEAM = "team", _("班组")
    GENERAL_BRANCH = "general_branch", _("党总支")
    COMMITTEE = "committee", _("党委")
    ZONE = "zone", _("党建协作区")
    UNIT = "unit", _("行政单位")
    CONTRACTOR = "contractor", _("承包商")
    POST = "post", _("示范岗、先锋岗")


RUN_FLOW = Flow(
    "state",
    {
        "finish": Step({RunState.COMPUTING}, RunState.DRAFT),
        "stop": Step({RunState.COMPUTING}, RunState.STOPPED),
        "recompute": Step({RunState.DRAFT, RunState.STOPPED, RunState.REVIEW}, RunState.COMPUTING),
        "open_check": Step({RunState.DRAFT}, RunState.SELF_CHECK),
        "begin_review": Step({RunState.SELF_CHECK}, RunState.REVIEW),
        "publish": Step({RunState.DRAFT, RunState.REVIEW}, RunState.PUBLIC_NOTICE),
        "reopen": Step({RunState.PUBLIC_NOTICE}, RunState.COMPUTING),
        "finalize": Step({RunState.PUBLIC_NOTICE}, RunState.FINAL),
        "withdraw": Step(
            {RunState.STOPPED, RunState.DRAFT, RunState.SELF_CHECK, RunState.REVIEW, RunState.PUBLIC_NOTICE},
            RunState.WITHDRAWN,
        ),
    },
)
"""Draft (→ self-check → review) → public notice → final; an objection that holds leads back. Final has no step onwards: a correction is a new run that names the one it replaces."""


class RemarkKind(models.TextChoices):
    REMARK = "remark", _("自查意见")
    OBJECTION = "objection", _("异议")


class RemarkState(models.TextChoices):
    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("成立")
    REJECTED = "rejected", _("不成立")
    TAKEN_BACK = "taken_back", _("已收回")


ANSWERED = frozenset({RemarkState.UPHELD, RemarkState.REJECTED})

REMARK_FLOW = Flow(
    "state",
    {
        "uphold": Step({RemarkState.OPEN}, RemarkState.UPHELD),
        "reject": Step({RemarkState.OPEN}, RemarkState.REJECTED),
        "take_back": Step({RemarkState.OPEN}, RemarkState.TAKEN_BACK),
    },
)


class VetoState(models.TextChoices):
    RAISED = "raised", _("待复核")
    IN_FORCE = "in_force", _("生效")
    REFUSED = "refused", _("复核未通过")
    LIFTED = "lifted", _("已解除")


VETO_FLOW = Flow(
    "state",
    {
        "confirm": Step({VetoState.RAISED}, VetoState.IN_FORCE),
        "refuse": Step({VetoState.RAISED}, VetoState.REFUSED),
        "lift": Step({VetoState.IN_FORCE}, VetoState.LIFTED),
    },
)


class PanelState(models.TextChoices):
    OPEN = "open", _("评议中")
    COUNTED = "counted", _("已计分")
    VOIDED = "voided", _("已作废")


PANEL_FLOW = Flow(
    "state",
    {
        "count": Step({PanelState.OPEN}, PanelState.COUNTED),
        "void": Step({PanelState.OPEN, PanelState.COUNTED}, PanelState.VOIDED),
    },
)


class OddVerdict(models.TextChoices):
    """What came of looking at something odd."""

    FINE = "fine", _("已看，正常")
    ASKED = "asked", _("已询问本人")
