"""劳动竞赛: who competes, and the steps of a contest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.domain.honours.enums import HolderKind
from ronghe.kernel.workflow import Flow, Step


class EntryKind(models.TextChoices):
    """People compete only where the contest says so, and then each enters for themselves."""

    BODY = "body", _("党支部")
    TEAM = "team", _("班组")
    PERSON = "person", _("个人（自愿报名）")


HOLDER_OF = {EntryKind.BODY: HolderKind.BODY, EntryKind.TEAM: HolderKind.TEAM, EntryKind.PERSON: HolderKind.PERSON}
"""Which titles of the register fit which contest."""


class ContestState(models.TextChoices):
    OPEN = "open", _("竞赛中")
    CLOSED = "closed", _("已排名")
    AWARDED = "awarded", _("已表彰")
    CALLED_OFF = "called_off", _("已取消")


CONTEST_FLOW = Flow(
    "state",
    {
        "close": Step({ContestState.OPEN}, ContestState.CLOSED),
        "award": Step({ContestState.CLOSED}, ContestState.AWARDED),
        "call_off": Step({ContestState.OPEN}, ContestState.CALLED_OFF),
    },
)
