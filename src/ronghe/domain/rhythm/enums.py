"""Closed lists of the rhythm's room, and the steps of an activity."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ActivityType(models.TextChoices):
    """What kind of gathering; the words that a playbook's `activity_type` uses."""

    MORNING_HUDDLE = "morning_huddle", _("早碰头")
    EVENING_HUDDLE = "evening_huddle", _("晚碰头")
    DAILY_HUDDLE = "daily_huddle", _("日碰头")
    WEEKLY_MEETING = "weekly_meeting", _("周例会")
    MONTHLY_ANALYSIS = "monthly_analysis", _("月分析")
    JOINT_CONFERENCE = "joint_conference", _("联席会议")
    TWO_PLUS_ONE_APPRAISAL = "two_plus_one_appraisal", _("“2+1”考核")
    SUBCONTRACTOR_SAFETY_CHECK = "subcontractor_safety_check", _("分包商及外雇工安全检查")
    CONTRACTOR_SAFETY_CHECK = "contractor_safety_check", _("承包商安全检查")
    THEME_PARTY_DAY = "theme_party_day", _("主题党日")
    GENERAL_MEETING = "general_meeting", _("支部党员大会")
    COMMITTEE_MEETING = "committee_meeting", _("支委会会议")
    GROUP_MEETING = "group_meeting", _("党小组会")
    PARTY_LECTURE = "party_lecture", _("党课")
    ORG_LIFE_MEETING = "org_life_meeting", _("组织生活会")
    DEMOCRATIC_APPRAISAL = "democratic_appraisal", _("民主评议党员")
    HEART_TO_HEART_TALKS = "heart_to_heart_talks", _("谈心谈话")


HUDDLES = frozenset({ActivityType.MORNING_HUDDLE, ActivityType.EVENING_HUDDLE, ActivityType.DAILY_HUDDLE})
"""Short, daily, once a body and day; people off shift are not expected."""

OWN_PRESENCE = frozenset(
    {
        ActivityType.GENERAL_MEETING,
        ActivityType.COMMITTEE_MEETING,
        ActivityType.GROUP_MEETING,
        ActivityType.PARTY_LECTURE,
    }
)
"""三会一课: nobody signs in for somebody else (PM-15)."""


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


ACTIVITY_FLOW = Flow(
    "state",
    {
        "open": Step({ActivityState.PLANNED}, ActivityState.OPEN),
        "close": Step({ActivityState.OPEN}, ActivityState.CLOSED),
    },
)


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("已到")
    LEAVE = "leave", _("请假")
    ABSENT = "absent", _("缺席")


class AttendanceWay(models.TextChoices):
    OWN_PHONE = "own_phone", _("本人扫码")
    CARD = "card", _("出示党员卡")
    TICKED = "ticked", _("负责人代为勾选")


SIGNATURE_WAYS = frozenset({AttendanceWay.OWN_PHONE, AttendanceWay.CARD})
"""The person took part in signing in; ticked by the lead is attendance and never a signature (PM-15)."""


class LeaveKind(models.TextChoices):
    OFF_SHIFT = "off_shift", _("轮休")
    BUSINESS_TRIP = "business_trip", _("出差")
    TRAINING = "training", _("培训")
    SICK = "sick", _("病假")
    OTHER = "other", _("其他")


class VoteMethod(models.TextChoices):
    SHOW_OF_HANDS = "show_of_hands", _("举手表决")
    SECRET_BALLOT = "secret_ballot", _("无记名投票")
    ORAL = "oral", _("口头表决")


class CorrectionKind(models.TextChoices):
    TEXT = "text", _("文字更正")
    CAME = "came", _("补记到会")
    DID_NOT_COME = "did_not_come", _("更正为未到")
