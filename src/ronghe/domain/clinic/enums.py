"""专家门诊: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HelpKind(models.TextChoices):
    """What somebody comes to an expert for, one to one."""

    POST = "post", _("岗位帮扶")
    SKILL = "skill", _("技能带动")
    CARE = "care", _("连心关爱")


class SlotWay(models.TextChoices):
    ON_SITE = "on_site", _("见面")
    REMOTE = "remote", _("远程")


class ExpertState(models.TextChoices):
    INVITED = "invited", _("等本人同意")
    APPLIED = "applied", _("等组织同意")
    ACTIVE = "active", _("坐诊中")
    DECLINED = "declined", _("没有同意")
    ENDED = "ended", _("不再坐诊")


class VisitState(models.TextChoices):
    BOOKED = "booked", _("已约好")
    HELD = "held", _("见过面")
    MISSED = "missed", _("没见成")
    CALLED_OFF = "called_off", _("已取消")


class MessageKind(models.TextChoices):
    """What a line of a thread tells; most carry words, all of them tell who and when."""

    QUESTION = "question", _("提问")
    WORD = "word", _("留言")
    ADDRESSED = "addressed", _("请专家看")
    TAKEN = "taken", _("接诊")
    DECLINED = "declined", _("转回")
    ANSWER = "answer", _("答复")
    ASKED_ON = "asked_on", _("还没解决")
    SOLVED = "solved", _("已解决")
    LAPSED = "lapsed", _("没有回应，结束")
    WITHDRAWN = "withdrawn", _("撤回")
    BOOKED = "booked", _("约好时间")
    MOVED = "moved", _("改了时间")
    CALLED_OFF = "called_off", _("取消预约")
    HELD = "held", _("见过面")
    MISSED = "missed", _("没见成")
    LET_IN = "let_in", _("请人一起看")
    EXPERT_ENDED = "expert_ended", _("专家不再坐诊")


class PieceState(models.TextChoices):
    CONSENT = "consent", _("等提问人同意")
    REVIEW = "review", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    REFUSED = "refused", _("提问人没有同意")
    TAKEN_DOWN = "taken_down", _("已撤下")


class VersionState(models.TextChoices):
    WAITING = "waiting", _("等提问人同意")
    REVIEW = "review", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    DROPPED = "dropped", _("作废")
