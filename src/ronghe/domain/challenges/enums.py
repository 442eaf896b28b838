"""揭榜挂帅: closed lists and the steps of a bid."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class BidState(models.TextChoices):
    SUBMITTED = "submitted", _("已揭榜")
    WITHDRAWN = "withdrawn", _("已撤回")
    SELECTED = "selected", _("中选")
    NOT_SELECTED = "not_selected", _("未中选")


BID_FLOW = Flow(
    "state",
    {
        "withdraw": Step({BidState.SUBMITTED}, BidState.WITHDRAWN),
        "select": Step({BidState.SUBMITTED}, BidState.SELECTED),
        "pass_over": Step({BidState.SUBMITTED}, BidState.NOT_SELECTED),
    },
)


class Criterion(models.TextChoices):
    """What the panel scores; each has its weight in the terms."""

    PLAN = "plan", _("方案")
    ABILITY = "ability", _("能力和把握")
    TIME = "time", _("时间")
    PRICE = "price", _("费用")


class Finding(models.TextChoices):
    """What the panel finds where a challenge was not met (容错)."""

    HONEST = "honest", _("尽职未成，予以容错")
    NOT_DILIGENT = "not_diligent", _("未尽职，不予容错")
