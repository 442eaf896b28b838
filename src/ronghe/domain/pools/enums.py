"""资源共享、思想共管: closed lists, and the steps of a booking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ItemKind(models.TextChoices):
    ROOM = "room", _("会议室")
    VENUE = "venue", _("场地")
    EQUIPMENT = "equipment", _("设备")
    VEHICLE = "vehicle", _("车辆")
    MATERIAL = "material", _("物料")
    EXPERT = "expert", _("专家")
    COURSE = "course", _("课程")


class BookingState(models.TextChoices):
    REQUESTED = "requested", _("待对方同意")
    APPROVED = "approved", _("已订")
    DECLINED = "declined", _("未同意")
    CANCELLED = "cancelled", _("已取消")
    USED = "used", _("已使用")
    NO_SHOW = "no_show", _("没有来用")


HOLDING = frozenset({BookingState.REQUESTED, BookingState.APPROVED, BookingState.USED})
"""These take their part of the capacity."""

OPEN = frozenset({BookingState.REQUESTED, BookingState.APPROVED})
"""Somebody counts on these."""

BOOKING_FLOW = Flow(
    "state",
    {
        "approve": Step({BookingState.REQUESTED}, BookingState.APPROVED),
        "decline": Step({BookingState.REQUESTED}, BookingState.DECLINED),
        "cancel": Step(OPEN, BookingState.CANCELLED),
        "use": Step({BookingState.APPROVED}, BookingState.USED),
        "miss": Step({BookingState.APPROVED}, BookingState.NO_SHOW),
        # To other hours: at once, or with the contact's consent anew.
        "rebook": Step(OPEN, BookingState.APPROVED),
        "ask_again": Step(OPEN, BookingState.REQUESTED),
    },
)


class MoodLevel(models.TextChoices):
    CALM = "calm", _("平稳")
    UNEASY = "uneasy", _("有波动")
    ATTENTION = "attention", _("需关注")


class MoodTopic(models.TextChoices):
    SAFETY = "safety", _("安全")
    PAY = "pay", _("待遇")
    LIVING = "living", _("生活")
    FAMILY = "family", _("家庭")
    RELATIONS = "relations", _("人际")
    WORKLOAD = "workload", _("工作强度")
    GROWTH = "growth", _("成长")


class FollowUpWay(models.TextChoices):
    TALK = "talk", _("谈心")
    HELP = "help", _("帮扶")
    VISIT = "visit", _("走访")
    REPORT = "report", _("向上反映")
