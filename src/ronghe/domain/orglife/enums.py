"""组织生活会与民主评议: closed lists, and the steps of a year's session."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class MeetingForm(models.TextChoices):
    """How the organization-life meeting is held (PM-06)."""

    GENERAL = "general", _("党员大会")
    COMMITTEE = "committee", _("支委会")
    GROUP = "group", _("党小组会")


class MeetingPart(models.TextChoices):
    """What a sitting of the session is for; in one sitting the first is for both (PM-07)."""

    LIFE = "life", _("组织生活会")
    REVIEW = "review", _("民主评议党员")


class SessionState(models.TextChoices):
    PREPARING = "preparing", _("筹备中")
    HELD = "held", _("会已开")
    MARKING = "marking", _("正在测评")
    OPINION = "opinion", _("支委会评定")
    TOLD = "told", _("已告知本人")
    CLOSED = "closed", _("已办结")
    CALLED_OFF = "called_off", _("已取消")


SESSION_FLOW = Flow(
    "state",
    {
        "hold": Step({SessionState.PREPARING}, SessionState.HELD),
        "mark": Step({SessionState.PREPARING, SessionState.HELD}, SessionState.MARKING),
        "stop_marks": Step({SessionState.MARKING}, SessionState.HELD),
        "count": Step({SessionState.MARKING}, SessionState.OPINION),
        "tell": Step({SessionState.OPINION}, SessionState.TOLD),
        "close_meeting": Step({SessionState.HELD}, SessionState.CLOSED),
        "close": Step({SessionState.TOLD}, SessionState.CLOSED),
        "call_off": Step({SessionState.PREPARING}, SessionState.CALLED_OFF),
    },
)
OVER = frozenset({SessionState.CLOSED, SessionState.CALLED_OFF})
BEFORE_MARKS = frozenset({SessionState.PREPARING, SessionState.HELD})


class ReviewGrade(models.TextChoices):
    """The four grades of the democratic review, from good to poor (PM-08)."""

    EXCELLENT = "excellent", _("优秀")
    QUALIFIED = "qualified", _("合格")
    BASIC = "basic", _("基本合格")
    UNQUALIFIED = "unqualified", _("不合格")


POOR = frozenset({ReviewGrade.BASIC, ReviewGrade.UNQUALIFIED})
"""Grades that want help or disposal."""


class MemberStanding(models.TextChoices):
    """What a participant was on the day the session was set up; probationary members get no grade (PM-08)."""

    FULL = "full", _("正式党员")
    PROBATIONARY = "probationary", _("预备党员")


class Exemption(models.TextChoices):
    """Why somebody does not take part this year."""

    FLOATING = "floating", _("流动在外")
    SICK = "sick", _("长期病假")
    AWAY = "away", _("长期外出")
    OLD_AGE = "old_age", _("年老体弱")
    NEW_HERE = "new_here", _("转来不久，在原支部评议")
    OTHER = "other", _("其他原因")


class Preparation(models.TextChoices):
    """What is done before the meeting (PM-06)."""

    STUDY = "study", _("集中学习")
    OPINIONS = "opinions", _("征求意见")
    TALKS = "talks", _("谈心谈话")
    STATEMENTS = "statements", _("对照检查材料")
    LAST_YEAR = "last_year", _("上年整改情况通报")
    PLAN_FILED = "plan_filed", _("会议方案报上级")


class ListLevel(models.TextChoices):
    """Whose line of the list of corrections it is."""

    BRANCH = "branch", _("支部")
    COMMITTEE = "committee", _("支委会")
    MEMBER = "member", _("党员个人")


class MeasureKind(models.TextChoices):
    """What follows a poor grade."""

    HELP = "help", _("帮助教育")
    CORRECT = "correct", _("限期改正")
    REFER = "refer", _("提请组织处置")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


OBJECTION_FLOW = Flow(
    "state",
    {
        "uphold": Step({ObjectionState.OPEN}, ObjectionState.UPHELD),
        "dismiss": Step({ObjectionState.OPEN}, ObjectionState.DISMISSED),
    },
)
