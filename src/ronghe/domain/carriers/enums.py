"""先锋载体: closed lists, and the steps of a carrier and of a call-up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class CarrierType(models.TextChoices):
    """PP-07 without the red flag, which is awarded and not set up: it comes with the appraisal."""

    AREA = "area", _("党员责任区")
    MODEL_POST = "model_post", _("党员示范岗")
    PIONEER_POST = "pioneer_post", _("党员先锋岗")
    PIONEER_TEAM = "pioneer_team", _("党员先锋队")
    COMMANDO_TEAM = "commando_team", _("党员突击队")
    BRAND = "brand", _("党员品牌项目")


class CarrierState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    ACTIVE = "active", _("创建中")
    ENDED = "ended", _("已结束")


DRAFTS = frozenset({CarrierState.PROPOSED, CarrierState.RETURNED})
OPEN_CARRIERS = DRAFTS | {CarrierState.ACTIVE}
PUBLISHED = frozenset({CarrierState.ACTIVE, CarrierState.ENDED})
"""What was approved is shown to everybody (亮承诺)."""

CARRIER_FLOW = Flow(
    "state",
    {
        "return": Step({CarrierState.PROPOSED}, CarrierState.RETURNED),
        "submit": Step({CarrierState.RETURNED}, CarrierState.PROPOSED),
        "withdraw": Step(DRAFTS, CarrierState.WITHDRAWN),
        "approve": Step({CarrierState.PROPOSED}, CarrierState.ACTIVE),
        "renew": Step({CarrierState.ACTIVE}, CarrierState.ACTIVE),
        "end": Step({CarrierState.ACTIVE}, CarrierState.ENDED),
    },
)


class CarrierStep(models.TextChoices):
    """What was decided about a carrier, as its history tells it."""

    PROPOSED = "proposed", _("提出")
    RETURNED = "returned", _("退回")
    SUBMITTED = "submitted", _("重新提交")
    WITHDRAWN = "withdrawn", _("撤回")
    APPROVED = "approved", _("批准")
    RENEWED = "renewed", _("续期")
    ENDED = "ended", _("结束")


class Part(models.TextChoices):
    LEAD = "lead", _("负责人")
    DEPUTY = "deputy", _("副手")
    MEMBER = "member", _("成员")


HEADS = frozenset({Part.LEAD, Part.DEPUTY})


class ReviewGrade(models.TextChoices):
    GOOD = "good", _("好")
    FAIR = "fair", _("一般")
    POOR = "poor", _("差")


class EndReason(models.TextChoices):
    DONE = "done", _("任务完成")
    TERM_OVER = "term_over", _("期满")
    NOT_KEPT = "not_kept", _("没有起到作用")
    REGROUPED = "regrouped", _("人员或岗位调整")
    BODY_DISSOLVED = "body_dissolved", _("党组织已撤销")


class Direction(models.TextChoices):
    """Which way a promised number is to go."""

    AT_LEAST = "at_least", _("不低于")
    AT_MOST = "at_most", _("不超过")


class Occasion(models.TextChoices):
    FLOOD = "flood", _("抗洪救灾")
    WINTER = "winter", _("冬季保供")
    RESCUE = "rescue", _("抢险")
    OTHER = "other", _("其他")


class CallState(models.TextChoices):
    RUNNING = "running", _("集结中")
    STOOD_DOWN = "stood_down", _("已解除，待核实")
    DISPUTED = "disputed", _("成效退回改正")
    VERIFIED = "verified", _("已核实")
    CALLED_OFF = "called_off", _("已取消")


WRITABLE = frozenset({CallState.RUNNING, CallState.STOOD_DOWN, CallState.DISPUTED})
"""The log is still written: what happened is often put down after the work."""

CALL_FLOW = Flow(
    "state",
    {
        "call_off": Step({CallState.RUNNING}, CallState.CALLED_OFF),
        "stand_down": Step({CallState.RUNNING, CallState.DISPUTED}, CallState.STOOD_DOWN),
        "resume": Step({CallState.STOOD_DOWN, CallState.DISPUTED}, CallState.RUNNING),
        "verify": Step({CallState.STOOD_DOWN}, CallState.VERIFIED),
        "dispute": Step({CallState.STOOD_DOWN}, CallState.DISPUTED),
    },
)


class TeamState(models.TextChoices):
    CALLED = "called", _("已集结")
    ASKED = "asked", _("已请求支援")
    DECLINED = "declined", _("不能支援")


TEAM_FLOW = Flow(
    "state",
    {
        "send": Step({TeamState.ASKED}, TeamState.CALLED),
        "decline": Step({TeamState.ASKED}, TeamState.DECLINED),
        "ask_again": Step({TeamState.DECLINED}, TeamState.ASKED),
        "call_again": Step({TeamState.DECLINED}, TeamState.CALLED),
    },
)


class Answer(models.TextChoices):
    NONE = "none", _("没有应答")
    COMING = "coming", _("来")
    CANNOT = "cannot", _("来不了")
    ARRIVED = "arrived", _("已到")


class NeedKind(models.TextChoices):
    PEOPLE = "people", _("人员")
    EQUIPMENT = "equipment", _("设备")
    SUPPLIES = "supplies", _("物资")


class NeedState(models.TextChoices):
    OPEN = "open", _("待解决")
    MET = "met", _("已到位")
    DROPPED = "dropped", _("不再需要")


NEED_FLOW = Flow(
    "state",
    {
        "meet": Step({NeedState.OPEN}, NeedState.MET),
        "drop": Step({NeedState.OPEN}, NeedState.DROPPED),
        "reopen": Step({NeedState.MET, NeedState.DROPPED}, NeedState.OPEN),
    },
)
