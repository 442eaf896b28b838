"""Closed lists of the rhythm's room, and the steps of an activity."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.contacts.enums import ContactKind
from ronghe.domain.org.enums import BodyTree
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
    PARTY_COMMITTEE_MEETING = "party_committee_meeting", _("党委会议")
    CRITICISM_MEETING = "criticism_meeting", _("民主生活会")
    FIRST_TOPIC = "first_topic", _("第一议题学习")
    COMMITTEE_STUDY = "committee_study", _("中心组学习")
    SITE_GROUP_MEETING = "site_group_meeting", _("现场党小组会")
    SAFETY_BRIEFING = "safety_briefing", _("安全交底会")
    TECHNICAL_BRIEFING = "technical_briefing", _("技术交底会")
    JOINT_STUDY = "joint_study", _("联合学习")
    MEMBER_LECTURE = "member_lecture", _("党员上讲台")
    PARTY_HISTORY_CLASS = "party_history_class", _("党史小课堂")
    LEARNING_VISIT = "learning_visit", _("观摩学习")
    THEMED_ACTIVITY = "themed_activity", _("“党建+”主题活动")
    CAMPAIGN_MEETING = "campaign_meeting", _("专项活动会议")
    REPORT_HEARING = "report_hearing", _("述职评议会")
    ALLIANCE_MEETING = "alliance_meeting", _("联盟沟通会")
    UNION_GENERAL_MEETING = "union_general_meeting", _("工会会员大会")
    UNION_COMMITTEE_MEETING = "union_committee_meeting", _("工会委员会会议")
    UNION_GROUP_MEETING = "union_group_meeting", _("工会小组会")
    WORKERS_CONGRESS = "workers_congress", _("职工代表大会")
    WORKERS_CONGRESS_JOINT = "workers_congress_joint", _("职工代表大会联席会")
    NEEDS_SEMINAR = "needs_seminar", _("职工诉求座谈会")
    LABOR_CONTEST = "labor_contest", _("劳动竞赛")
    CULTURE_AND_SPORTS = "culture_and_sports", _("文体活动")
    CARE_ACTIVITY = "care_activity", _("慰问关爱活动")
    WOMEN_ACTIVITY = "women_activity", _("女工活动")
    LEAGUE_GENERAL_MEETING = "league_general_meeting", _("团支部大会")
    LEAGUE_COMMITTEE_MEETING = "league_committee_meeting", _("团支部委员会会议")
    LEAGUE_GROUP_MEETING = "league_group_meeting", _("团小组会")
    LEAGUE_LECTURE = "league_lecture", _("团课")
    THEME_LEAGUE_DAY = "theme_league_day", _("主题团日")
    YOUTH_ACTIVITY = "youth_activity", _("青年突击和志愿活动")


_OF_UNION = {
    ActivityType.UNION_GENERAL_MEETING,
    ActivityType.UNION_COMMITTEE_MEETING,
    ActivityType.UNION_GROUP_MEETING,
    ActivityType.WORKERS_CONGRESS,
    ActivityType.WORKERS_CONGRESS_JOINT,
    ActivityType.WOMEN_ACTIVITY,
}
_OF_LEAGUE = {
    ActivityType.LEAGUE_GENERAL_MEETING,
    ActivityType.LEAGUE_COMMITTEE_MEETING,
    ActivityType.LEAGUE_GROUP_MEETING,
    ActivityType.LEAGUE_LECTURE,
    ActivityType.THEME_LEAGUE_DAY,
    ActivityType.YOUTH_ACTIVITY,
}
_OF_ALL = {
    ActivityType.NEEDS_SEMINAR,
    ActivityType.LABOR_CONTEST,
    ActivityType.CULTURE_AND_SPORTS,
    ActivityType.CARE_ACTIVITY,
}
TYPES_OF_TREE = {
    BodyTree.PARTY: frozenset(ActivityType) - _OF_UNION - _OF_LEAGUE,
    BodyTree.UNION: frozenset(_OF_UNION | _OF_ALL),
    BodyTree.LEAGUE: frozenset(_OF_LEAGUE | _OF_ALL),
}
"""What a body of each tree holds; held together, it counts for each body as one of its own tree's."""

HUDDLES = frozenset({ActivityType.MORNING_HUDDLE, ActivityType.EVENING_HUDDLE, ActivityType.DAILY_HUDDLE})
"""Short, daily, once a body and day; people off shift are not expected."""

SAFETY_CHECKS = frozenset({ActivityType.SUBCONTRACTOR_SAFETY_CHECK, ActivityType.CONTRACTOR_SAFETY_CHECK})
"""Rounds of the safety officer with a list of checks: whoever answers for safety plans and runs these and no others."""

OWN_PRESENCE = frozenset(
    {
        ActivityType.GENERAL_MEETING,
        ActivityType.COMMITTEE_MEETING,
        ActivityType.GROUP_MEETING,
        ActivityType.PARTY_LECTURE,
    }
)
"""三会一课: nobody signs in for somebody else (PM-15)."""

STUDIES = frozenset(
    {
        ActivityType.THEME_PARTY_DAY,
        ActivityType.THEME_LEAGUE_DAY,
        ActivityType.PARTY_LECTURE,
        ActivityType.LEAGUE_LECTURE,
        ActivityType.FIRST_TOPIC,
        ActivityType.COMMITTEE_STUDY,
        ActivityType.JOINT_STUDY,
        ActivityType.MEMBER_LECTURE,
        ActivityType.PARTY_HISTORY_CLASS,
        ActivityType.LEARNING_VISIT,
    }
)
"""Study closes with what will be done (C2)."""

WORKED_ON_SITE = frozenset(
    {
        ActivityType.THEME_PARTY_DAY,
        ActivityType.THEME_LEAGUE_DAY,
        ActivityType.THEMED_ACTIVITY,
        ActivityType.YOUTH_ACTIVITY,
        ActivityType.LABOR_CONTEST,
    }
)
"""May be held as work on site (党日活动+主题实践): the work done is the result (C2)."""


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")
    CALLED_OFF = "called_off", _("已取消")


NOT_HELD = frozenset({ActivityState.PLANNED, ActivityState.CALLED_OFF})
"""Nobody came together, or not yet."""

ACTIVITY_FLOW = Flow(
    "state",
    {
        "open": Step({ActivityState.PLANNED}, ActivityState.OPEN),
        "close": Step({ActivityState.OPEN}, ActivityState.CLOSED),
        "call_off": Step({ActivityState.PLANNED, ActivityState.OPEN}, ActivityState.CALLED_OFF),
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
    ONLINE = "online", _("线上参会")


SIGNATURE_WAYS = frozenset({AttendanceWay.OWN_PHONE, AttendanceWay.CARD})
"""The person took part in signing in; ticked by the lead is attendance and never a signature (PM-15).

Taking part online is on record and no presence for a vote either.
"""


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


class Matter(models.TextChoices):
    """What is voted on: it decides how votes are counted, and the ways are never mixed (PM-13)."""

    OTHER = "other", _("其他事项")
    GENERAL = "general", _("一般事项")
    ADMISSION = "admission", _("接收预备党员、转正")
    COMMITTEE = "committee", _("支委会决定")
    ELECTION = "election", _("选举")


class VoteOutcome(models.TextChoices):
    CARRIED = "carried", _("通过")
    NOT_CARRIED = "not_carried", _("未通过")
    NO_QUORUM = "no_quorum", _("到会人数不够，表决无效")
    HIDDEN = "hidden", _("投票人太少，不公布")


class ItemOrigin(models.TextChoices):
    """Where a line of the agenda comes from."""

    OWN = "own", _("自己加的")
    FORM = "form", _("制度的议程")
    FOLLOW_UP = "follow_up", _("上次议定事项")


class CheckAnswer(models.TextChoices):
    FINE = "fine", _("正常")
    CONCERN = "concern", _("有问题")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class CorrectionKind(models.TextChoices):
    TEXT = "text", _("文字更正")
    CAME = "came", _("补记到会")
    DID_NOT_COME = "did_not_come", _("更正为未到")


class ChangeKind(models.TextChoices):
    """What became of a plan (PM-05: a fixed day may be moved, and the move is seen)."""

    MOVED = "moved", _("改期")
    CALLED_OFF = "called_off", _("取消")


class VisitKind(models.TextChoices):
    """What a visit was for: a contact's purpose, or none but to look."""

    FIXED_POINT = ContactKind.FIXED_POINT.value, ContactKind.FIXED_POINT.label
    SAFETY = ContactKind.SAFETY.value, ContactKind.SAFETY.label
    CARE = ContactKind.CARE.value, ContactKind.CARE.label
    ROUND = "round", _("进站所班组")


class Seen(models.TextChoices):
    """What a visit found on one question."""

    FINE = "fine", _("正常")
    CONCERN = "concern", _("有问题")


class AnswerRating(models.TextChoices):
    """What the one who raised a problem says of its solution."""

    SATISFIED = "satisfied", _("满意")
    UNSATISFIED = "unsatisfied", _("不满意")


class VisitCorrectionKind(models.TextChoices):
    TEXT = "text", _("文字更正")
    VOID = "void", _("作废")
