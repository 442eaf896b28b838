"""党建联盟: closed lists, and the steps of a difficulty."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step

OUTSIDE = "outside_partner"
"""`Person.employment` of whoever came in by an invitation: no unit, no post, and nothing to see but the shared list."""


class AllianceKind(models.TextChoices):
    LOCAL_GOVERNMENT = "local_government", _("与地方政府")
    PRODUCTION_UNIT = "production_unit", _("与采油单位")
    BROTHER_UNIT = "brother_unit", _("与兄弟单位")
    MIXED = "mixed", _("多方联盟")
    INNOVATION = "innovation", _("创新联盟")


class ContactForm(models.TextChoices):
    CONSULTATION = "consultation", _("会商")
    VISIT = "visit", _("走访")
    PHONE = "phone", _("电话")
    ON_SITE = "on_site", _("现场")


class DifficultyState(models.TextChoices):
    """Of a difficulty, or of a topic of an innovation alliance."""

    RAISED = "raised", _("待双方认领")
    CLAIMED = "claimed", _("双方已认领")
    UNDER_WAY = "under_way", _("推进中")
    RESOLVED = "resolved", _("已解决")
    SHELVED = "shelved", _("已搁置")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = frozenset({DifficultyState.RAISED, DifficultyState.CLAIMED, DifficultyState.UNDER_WAY})
WORKING_STATES = frozenset({DifficultyState.CLAIMED, DifficultyState.UNDER_WAY})

DIFFICULTY_FLOW = Flow(
    "state",
    {
        "withdraw": Step({DifficultyState.RAISED}, DifficultyState.WITHDRAWN),
        "progress": Step(WORKING_STATES, DifficultyState.UNDER_WAY),
        "resolve": Step(WORKING_STATES, DifficultyState.RESOLVED),
        "shelve": Step(WORKING_STATES, DifficultyState.SHELVED),
        "resume": Step({DifficultyState.SHELVED}, DifficultyState.UNDER_WAY),
    },
)
"""Claiming is no step of this table: each side claims for itself, and the second claim makes it `claimed`."""


class Side(models.TextChoices):
    """For whom a difficulty waits, and who made a move."""

    OURS = "ours", _("我方")
    THEIRS = "theirs", _("对方")
    BOTH = "both", _("双方")
    NOBODY = "nobody", _("不用等")


class MoveKind(models.TextChoices):
    RAISED = "raised", _("提出")
    CLAIMED = "claimed", _("认领")
    COMMENT = "comment", _("留言")
    PROGRESS = "progress", _("推进")
    TASKED = "tasked", _("转为任务")
    RESOLVED = "resolved", _("解决")
    SHELVED = "shelved", _("搁置")
    RESUMED = "resumed", _("重新推进")
    WITHDRAWN = "withdrawn", _("撤回")
