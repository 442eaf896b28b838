"""四同检查: closed lists, and the steps of a plan and of a check."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class PlanKind(models.TextChoices):
    """How long a plan runs; the values are those of `PeriodKind`."""

    YEAR = "year", _("年度")
    HALF = "half", _("半年")
    QUARTER = "quarter", _("季度")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("编制中")
    OFFERED = "offered", _("待确认")
    AGREED = "agreed", _("执行中")
    CLOSED = "closed", _("已结束")


PLAN_FLOW = Flow(
    "state",
    {
        "offer": Step({PlanState.DRAFT}, PlanState.OFFERED),
        "take_back": Step({PlanState.OFFERED}, PlanState.DRAFT),
        "agree": Step({PlanState.OFFERED}, PlanState.AGREED),
        "close": Step({PlanState.AGREED}, PlanState.CLOSED),
        "reopen": Step({PlanState.CLOSED}, PlanState.AGREED),
    },
)


class ItemKind(models.TextChoices):
    PRODUCTION = "production", _("生产")
    PARTY = "party", _("党建")


class Side(models.TextChoices):
    """The two sides whose people do a thing together (SD-12)."""

    PARTY = "party", _("党务")
    PRODUCTION = "production", _("生产")


class Aspect(models.TextChoices):
    """The four of 四同 (SD-12), in their order."""

    PLANNED = "planned", _("同谋划")
    ASSIGNED = "assigned", _("同部署")
    CARRIED_OUT = "carried_out", _("同实施")
    APPRAISED = "appraised", _("同考核")


STANDING = frozenset({Aspect.PLANNED, Aspect.ASSIGNED})
"""Asked once for the whole plan; the other two are asked anew each quarter."""


class CheckState(models.TextChoices):
    NONE = "none", _("没有依据")
    PROPOSED = "proposed", _("待认定")
    CONFIRMED = "confirmed", _("已认定")
    CONTESTED = "contested", _("有异议")
    NOT_APPLICABLE = "not_applicable", _("不适用")


SETTLED = frozenset({CheckState.CONFIRMED, CheckState.NOT_APPLICABLE})
"""No gap any more."""

CHECK_FLOW = Flow(
    "state",
    {
        "propose": Step({CheckState.NONE}, CheckState.PROPOSED),
        "withdraw": Step({CheckState.PROPOSED}, CheckState.NONE),
        "confirm": Step(
            {CheckState.NONE, CheckState.PROPOSED, CheckState.CONTESTED, CheckState.NOT_APPLICABLE},
            CheckState.CONFIRMED,
        ),
        "contest": Step({CheckState.PROPOSED, CheckState.CONFIRMED, CheckState.NOT_APPLICABLE}, CheckState.CONTESTED),
        "waive": Step({CheckState.NONE, CheckState.PROPOSED, CheckState.CONTESTED}, CheckState.NOT_APPLICABLE),
        "take_back": Step({CheckState.CONFIRMED, CheckState.CONTESTED, CheckState.NOT_APPLICABLE}, CheckState.NONE),
    },
)


class CheckDecision(models.TextChoices):
    """What somebody may decide of a check: the steps of `CHECK_FLOW` that are a person's."""

    CONFIRM = "confirm", _("认定")
    CONTEST = "contest", _("提出异议")
    WAIVE = "waive", _("记为不适用")
    TAKE_BACK = "take_back", _("撤回")


class RoundState(models.TextChoices):
    OPEN = "open", _("检查中")
    CLOSED = "closed", _("已结束")


ROUND_FLOW = Flow("state", {"close": Step({RoundState.OPEN}, RoundState.CLOSED)})
