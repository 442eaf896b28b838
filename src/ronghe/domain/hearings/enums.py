"""述职评议: closed lists, and the steps of a hearing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class HearingState(models.TextChoices):
    PLANNED = "planned", _("筹备中")
    VOTING = "voting", _("正在测评")
    COUNTED = "counted", _("已计分")
    CLOSED = "closed", _("已办结")
    CALLED_OFF = "called_off", _("已取消")


HEARING_FLOW = Flow(
    "state",
    {
        "open_vote": Step({HearingState.PLANNED}, HearingState.VOTING),
        "count": Step({HearingState.VOTING}, HearingState.COUNTED),
        "reopen": Step({HearingState.VOTING}, HearingState.PLANNED),
        "close": Step({HearingState.COUNTED}, HearingState.CLOSED),
        "call_off": Step({HearingState.PLANNED}, HearingState.CALLED_OFF),
    },
)


class GroupKind(models.TextChoices):
    """Who marks (AP-04): each group votes apart and has its weight."""

    LEADERS = "leaders", _("领导班子")
    PEERS = "peers", _("同级书记")
    MEMBERS = "members", _("党员代表")
    EMPLOYEES = "employees", _("职工代表")


class RemarkKind(models.TextChoices):
    QUESTION = "question", _("提问")
    COMMENT = "comment", _("点评")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


OBJECTION_FLOW = Flow(
    "state",
    {
        "uphold": Step({ObjectionState.OPEN}, ObjectionState.UPHELD),
        "dismiss": Step({ObjectionState.OPEN}, ObjectionState.DISMISSED),
    },
)
