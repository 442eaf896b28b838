"""Closed lists of what phones do without signal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ActKind(models.TextChoices):
    """What may be done without signal: acts of the rhythm's room and of permits, and the voided place in the queue."""

    OPEN_HUDDLE = "open_huddle", _("开碰头会")
    OPEN_ACTIVITY = "open_activity", _("开始活动")
    SIGN_IN = "sign_in", _("签到")
    SIGN_IN_CARD = "sign_in_card", _("扫党员卡签到")
    TICK = "tick", _("代记到会")
    UNTICK = "untick", _("撤回代记")
    LEAVE = "leave", _("记请假")
    AGENDA_ADD = "agenda_add", _("记议题")
    AGENDA_EDIT = "agenda_edit", _("改议题记录")
    CLOSE = "close", _("结束活动")
    PERMIT_SIGN = "permit_sign", _("签作业票")
    PERMIT_GAS = "permit_gas", _("气体检测")
    PERMIT_MEASURE = "permit_measure", _("核对措施")
    PERMIT_LEAVE = "permit_leave", _("监护人离开")
    PERMIT_STOP = "permit_stop", _("叫停作业")
    VOID = "void", _("上报前作废")


PERMIT_KINDS = frozenset(
    {ActKind.PERMIT_SIGN, ActKind.PERMIT_GAS, ActKind.PERMIT_MEASURE, ActKind.PERMIT_LEAVE, ActKind.PERMIT_STOP}
)
STOPS = frozenset({ActKind.PERMIT_LEAVE, ActKind.PERMIT_STOP})
"""Words that stop work wait for nothing and are never too late."""


class ActState(models.TextChoices):
    WAITING = "waiting", _("待前一项")
    TAKEN = "taken", _("已收下")
    REFUSED = "refused", _("没有收下")
    VOIDED = "voided", _("已作废")


ACT_FLOW = Flow(
    "state",
    {
        "take": Step({ActState.WAITING, ActState.REFUSED}, ActState.TAKEN),
        "refuse": Step({ActState.WAITING}, ActState.REFUSED),
        "void": Step({ActState.WAITING, ActState.REFUSED}, ActState.VOIDED),
    },
)


class MinutesChoice(models.TextChoices):
    """What becomes of two texts of one item; the one who came second looks at both and chooses."""

    MINE = "mine", _("用我写的")
    BOTH = "both", _("两段都留")
    THEIRS = "theirs", _("留已有的")
