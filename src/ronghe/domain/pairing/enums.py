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
