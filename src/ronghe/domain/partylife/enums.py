"""组织生活: closed lists and steps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class TalkKind(models.TextChoices):
    """Between whom (PM-09); with somebody who is no member a talk is an ordinary one and meets no pair."""

    COMMITTEE = "committee", _("委员之间")
    LEADER_MEMBER = "leader_member", _("委员与党员")
    MEMBERS = "members", _("党员之间")
    ORDINARY = "ordinary", _("与职工群众")


class TalkTopic(models.TextChoices):
    THOUGHT = "thought", _("思想")
    WORK = "work", _("工作")
    LIFE = "life", _("生活")
    FAMILY = "family", _("家庭困难")
    BEFORE_MEETING = "before_meeting", _("组织生活会会前")
    POST_CHANGE = "post_change", _("岗位变动")
    SAFETY = "safety", _("安全")
    STUDY = "study", _("学习成长")


class TalkState(models.TextChoices):
    RECORDED = "recorded", _("对方未确认")
    CONFIRMED = "confirmed", _("双方已确认")
    DECLINED = "declined", _("对方不认可")
    VOIDED = "voided", _("已作废")


COUNTING = frozenset({TalkState.RECORDED, TalkState.CONFIRMED})
"""These count as held; whoever does not agree takes the talk out."""

TALK_FLOW = Flow(
    "state",
    {
        "confirm": Step({TalkState.RECORDED}, TalkState.CONFIRMED),
        "decline": Step({TalkState.RECORDED}, TalkState.DECLINED),
        "void": Step({TalkState.RECORDED, TalkState.CONFIRMED}, TalkState.VOIDED),
    },
)


class TalkDoubt(models.TextChoices):
    """Why a talk does not count: a closed list, for words about a talk would tell of it."""

    NOT_HELD = "not_held", _("没有谈过")
    WRONG_PERSON = "wrong_person", _("记错了人")
    WRONG_DAY = "wrong_day", _("记错了日期")
    TWICE = "twice", _("重复记录")
    OTHER = "other", _("其他原因")


class BirthdayWay(models.TextChoices):
    CARD = "card", _("送政治生日贺卡")
    TOGETHER = "together", _("集体过政治生日")
    OATH = "oath", _("重温入党誓词")
    BOOK = "book", _("赠书")
    TALK = "talk", _("书记谈心寄语")
    SHARING = "sharing", _("分享入党故事")


class OathKind(models.TextChoices):
    ADMISSION = "admission", _("入党宣誓")
    RENEWAL = "renewal", _("重温入党誓词")


class SiteKind(models.TextChoices):
    MEMORIAL = "memorial", _("纪念馆、纪念碑")
    FORMER_SITE = "former_site", _("革命旧址")
    MARTYRS = "martyrs", _("烈士陵园")
    BASE = "base", _("教育基地")
    ENTERPRISE = "enterprise", _("企业精神展馆")
    MUSEUM = "museum", _("博物馆、展览馆")
    OTHER = "other", _("其他")


class StudyForm(models.TextChoices):
    """How an hour was studied; each is converted in its own way (PS-03)."""

    TOGETHER = "together", _("集中学习")
    LECTURE = "lecture", _("讲座")
    OFF_JOB = "off_job", _("脱产培训")
    ONLINE = "online", _("线上学习")


class EntryState(models.TextChoices):
    WAITING = "waiting", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未认定")
    WITHDRAWN = "withdrawn", _("已撤回")


ENTRY_FLOW = Flow(
    "state",
    {
        "confirm": Step({EntryState.WAITING}, EntryState.CONFIRMED),
        "refuse": Step({EntryState.WAITING, EntryState.CONFIRMED}, EntryState.REFUSED),
        "withdraw": Step({EntryState.WAITING}, EntryState.WITHDRAWN),
    },
)


class DisputeState(models.TextChoices):
    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")
