"""Closed lists of the rhythm's room, and the steps of an activity."""

from __future__ import annotations

from django.db import models

from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step


class ActivityType(models.TextChoices):
    """What kind of gathering; the words that a playbook's `activity_type` uses."""

    MORNING_HUDDLE = "morning_huddle", N_("早碰头")
    EVENING_HUDDLE = "evening_huddle", N_("晚碰头")
    DAILY_HUDDLE = "daily_huddle", N_("日碰头")
    WEEKLY_MEETING = "weekly_meeting", N_("周例会")
    MONTHLY_ANALYSIS = "monthly_analysis", N_("月分析")
    JOINT_CONFERENCE = "joint_conference", N_("联席会议")
    TWO_PLUS_ONE_APPRAISAL = "two_plus_one_appraisal", N_("“2+1”考核")
    SUBCONTRACTOR_SAFETY_CHECK = "subcontractor_safety_check", N_("分包商及外雇工安全检查")
    CONTRACTOR_SAFETY_CHECK = "contractor_safety_check", N_("承包商安全检查")
    THEME_PARTY_DAY = "theme_party_day", N_("主题党日")
    GENERAL_MEETING = "general_meeting", N_("支部党员大会")
    COMMITTEE_MEETING = "committee_meeting", N_("支委会会议")
    GROUP_MEETING = "group_meeting", N_("党小组会")
    PARTY_LECTURE = "party_lecture", N_("党课")
    ORG_LIFE_MEETING = "org_life_meeting", N_("组织生活会")


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
    PLANNED = "planned", N_("已安排")
    OPEN = "open", N_("进行中")
    CLOSED = "closed", N_("已结束")


ACTIVITY_FLOW = Flow(
    "state",
    {
        "open": Step({ActivityState.PLANNED}, ActivityState.OPEN),
        "close": Step({ActivityState.OPEN}, ActivityState.CLOSED),
    },
)


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", N_("已到")
    LEAVE = "leave", N_("请假")
    ABSENT = "absent", N_("缺席")


class AttendanceWay(models.TextChoices):
    OWN_PHONE = "own_phone", N_("本人扫码")
    CARD = "card", N_("出示党员卡")
    TICKED = "ticked", N_("负责人代为勾选")


SIGNATURE_WAYS = frozenset({AttendanceWay.OWN_PHONE, AttendanceWay.CARD})
"""The person took part in signing in; ticked by the lead is attendance and never a signature (PM-15)."""


class LeaveKind(models.TextChoices):
    OFF_SHIFT = "off_shift", N_("轮休")
    BUSINESS_TRIP = "business_trip", N_("出差")
    TRAINING = "training", N_("培训")
    SICK = "sick", N_("病假")
    OTHER = "other", N_("其他")


class VoteMethod(models.TextChoices):
    SHOW_OF_HANDS = "show_of_hands", N_("举手表决")
    SECRET_BALLOT = "secret_ballot", N_("无记名投票")
    ORAL = "oral", N_("口头表决")


class CorrectionKind(models.TextChoices):
    TEXT = "text", N_("文字更正")
    CAME = "came", N_("补记到会")
    DID_NOT_COME = "did_not_come", N_("更正为未到")
