"""无记名投票: closed lists, and the steps of a ballot."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step

YES_NO_ABSTAIN = (N_("赞成"), N_("反对"), N_("弃权"))
"""What a matter is voted on with; choice 1 agrees, 2 is against, 3 abstains."""


class BallotState(models.TextChoices):
    OPEN = "open", _("正在投票")
    CLOSED = "closed", _("已计票")
    VOIDED = "voided", _("已作废")


BALLOT_FLOW = Flow(
    "state",
    {
        "close": Step({BallotState.OPEN}, BallotState.CLOSED),
        "void": Step({BallotState.OPEN}, BallotState.VOIDED),
    },
)


class VoterWay(models.TextChoices):
    """How somebody on the list voted: that is known, what is not."""

    WAITING = "waiting", _("未投")
    PHONE = "phone", _("手机投票")
    PAPER = "paper", _("纸票")
