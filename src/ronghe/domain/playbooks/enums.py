"""Closed lists of the playbooks' room, and the ways through them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class DraftState(models.TextChoices):
    OPEN = "open", _("起草中")
    PUT_FORWARD = "put_forward", _("已定为版本")
    DISCARDED = "discarded", _("已丢弃")


class RevisionWay(models.TextChoices):
    """How a text came to be kept."""

    BEGUN = "begun", _("开始")
    AUTOSAVED = "autosaved", _("自动存")
    SAVED = "saved", _("存下")
    RESTORED = "restored", _("回到旧稿")
    ASIDE = "aside", _("同时改动，另存")
    """Somebody else had saved in the meantime: the text is kept beside, never lost."""


class CheckState(models.TextChoices):
    """What came of looking at a mechanism after the document that it stands on got a new version."""

    OPEN = "open", _("待核对")
    CHECKED = "checked", _("核对过")
    TO_CHANGE = "to_change", _("需改")


class BatchState(models.TextChoices):
    RUNNING = "running", _("正在采用")
    DONE = "done", _("已办完")


DRAFT_FLOW = Flow(
    "state",
    {
        "put_forward": Step({DraftState.OPEN}, DraftState.PUT_FORWARD),
        "discard": Step({DraftState.OPEN}, DraftState.DISCARDED),
        "take_back": Step({DraftState.DISCARDED}, DraftState.OPEN),
    },
)
CHECK_FLOW = Flow(
    "state",
    {
        "check": Step({CheckState.OPEN, CheckState.TO_CHANGE}, CheckState.CHECKED),
        "change": Step({CheckState.OPEN}, CheckState.TO_CHANGE),
        "reopen": Step({CheckState.CHECKED, CheckState.TO_CHANGE}, CheckState.OPEN),
    },
)
