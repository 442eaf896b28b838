"""Closed lists of floating members, and the steps of a stay."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class StayDirection(models.TextChoices):
    INCOMING = "incoming", _("流入")
    OUTGOING = "outgoing", _("流出")


class StaySource(models.TextChoices):
    """How a floating member was found (PF-01, PF-03)."""

    ROSTER = "roster", _("花名册")
    CONTRACTOR_ENTRY = "contractor_entry", _("承包商入场登记")
    BY_HAND = "by_hand", _("人工登记")
    AWAY = "away", _("外出六个月以上")


class StayState(models.TextChoices):
    FOUND = "found", _("待核实")
    VERIFIED = "verified", _("已核实")
    ATTACHED = "attached", _("已编入")
    AWAY = "away", _("外出中")
    LEFT = "left", _("已离场")
    DISMISSED = "dismissed", _("不属于流动党员")


OPEN_STATES = frozenset({StayState.FOUND, StayState.VERIFIED, StayState.ATTACHED, StayState.AWAY})
"""A person has one stay in one of these at most."""

STAY_FLOW = Flow(
    "state",
    {
        "verify": Step({StayState.FOUND}, StayState.VERIFIED),
        "attach": Step({StayState.VERIFIED}, StayState.ATTACHED),
        "leave": Step({StayState.ATTACHED, StayState.AWAY}, StayState.LEFT),
        "dismiss": Step({StayState.FOUND, StayState.VERIFIED}, StayState.DISMISSED),
    },
)
