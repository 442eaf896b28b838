"""Closed lists of paired groups and teams, and the steps of a proposal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class PowerWay(models.TextChoices):
    """How a power is used, which decides what a use has to say."""

    DAILY = "daily", _("按天登记")
    """Once for each day: attendance. The people named are those who did not come."""
    ORDER = "order", _("随时安排")
    """A day and what is to be done; the people named do it."""
    PROPOSAL = "proposal", _("提出建议")
    """Goes to the branch, which adopts it or returns it; the people named are whom it is about."""


class ShippedPower(models.TextChoices):
    """The powers that every unit may grant (PP-11); a unit adds its own as `OwnPower`."""

    ATTENDANCE = "attendance", _("考勤")
    DAILY_ASSIGNMENT = "daily_assignment", _("日常派工")
    BONUS_PROPOSAL = "bonus_proposal", _("奖金分配建议")
    HONOUR_PROPOSAL = "honour_proposal", _("评先荣誉推荐")


SHIPPED_WAYS = {
    ShippedPower.ATTENDANCE: PowerWay.DAILY,
    ShippedPower.DAILY_ASSIGNMENT: PowerWay.ORDER,
    ShippedPower.BONUS_PROPOSAL: PowerWay.PROPOSAL,
    ShippedPower.HONOUR_PROPOSAL: PowerWay.PROPOSAL,
}


class ProposalState(models.TextChoices):
    """Of a leader proposed to the committee's office, which alone appoints."""

    OPEN = "open", _("待任命")
    APPOINTED = "appointed", _("已任命")
    DECLINED = "declined", _("未采纳")


class UseState(models.TextChoices):
    RECORDED = "recorded", _("已登记")
    PROPOSED = "proposed", _("待支部研究")
    ADOPTED = "adopted", _("已采纳")
    RETURNED = "returned", _("已退回")


USE_FLOW = Flow(
    "state",
    {
        "adopt": Step({UseState.PROPOSED}, UseState.ADOPTED),
        "return": Step({UseState.PROPOSED}, UseState.RETURNED),
    },
)

LEADER_PROPOSAL_FLOW = Flow(
    "state",
    {
        "appoint": Step({ProposalState.OPEN}, ProposalState.APPOINTED),
        "decline": Step({ProposalState.OPEN}, ProposalState.DECLINED),
    },
)
