"""联创共建合作意向书: closed lists and the steps of an agreement."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class AgreementKind(models.TextChoices):
    LETTER_OF_INTENT = "letter_of_intent", _("联创共建合作意向书")
    """Branches solve a project's difficult points together; no task force without it (SD-02)."""
    SAFETY = "safety", _("安全管理协议")
    """Two or more units work in one area; it names the dedicated safety officer (PC-08)."""


class AgreementState(models.TextChoices):
    NEGOTIATING = "negotiating", _("协商中")
    SIGNING = "signing", _("待签字")
    IN_FORCE = "in_force", _("生效")
    ENDED = "ended", _("已终止")
    CALLED_OFF = "called_off", _("已取消")


AGREEMENT_FLOW = Flow(
    "state",
    {
        "agree": Step({AgreementState.NEGOTIATING}, AgreementState.SIGNING),
        "reopen": Step({AgreementState.SIGNING}, AgreementState.NEGOTIATING),
        "come_into_force": Step({AgreementState.SIGNING}, AgreementState.IN_FORCE),
        "end": Step({AgreementState.IN_FORCE}, AgreementState.ENDED),
        "call_off": Step({AgreementState.NEGOTIATING, AgreementState.SIGNING}, AgreementState.CALLED_OFF),
    },
)

OPEN_TEXT = frozenset({AgreementState.NEGOTIATING, AgreementState.SIGNING, AgreementState.CALLED_OFF})
"""States in which the text is the parties' own business yet."""
BINDING = frozenset({AgreementState.IN_FORCE, AgreementState.ENDED})
"""States in which everybody in the parties' branches reads it."""


class GoalHead(models.TextChoices):
    """The three heads under which goals are joined (目标融合)."""

    PARTY_BUILDING = "party_building", _("党的建设")
    PROJECT = "project", _("项目攻关")
    IDEOLOGY = "ideology", _("政治思想")


class Better(models.TextChoices):
    UP = "up", _("越高越好")
    DOWN = "down", _("越低越好")


class SigningRole(models.TextChoices):
    SECRETARY = "secretary", _("党支部书记")
    AUTHORIZED = "authorized", _("授权签字人")


class Verdict(models.TextChoices):
    """What a review finds of one goal."""

    REACHED = "reached", _("已达到")
    ON_TRACK = "on_track", _("按计划")
    BEHIND = "behind", _("落后")
    UNKNOWN = "unknown", _("无法判断")


class EndingKind(models.TextChoices):
    TERM_OVER = "term_over", _("期满")
    BOTH_AGREE = "both_agree", _("各方同意终止")
    BROKEN_OFF = "broken_off", _("单方终止")


class EndingState(models.TextChoices):
    PROPOSED = "proposed", _("待各方同意")
    DONE = "done", _("已终止")
    DECLINED = "declined", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


ENDING_FLOW = Flow(
    "state",
    {
        "finish": Step({EndingState.PROPOSED}, EndingState.DONE),
        "decline": Step({EndingState.PROPOSED}, EndingState.DECLINED),
        "withdraw": Step({EndingState.PROPOSED}, EndingState.WITHDRAWN),
    },
)
