"""公文: closed lists, and the steps of a paper."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class PaperKind(models.TextChoices):
    NOTICE = "notice", _("通知")
    BULLETIN = "bulletin", _("简报")


class PaperState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("已印发")
    WITHDRAWN = "withdrawn", _("已撤回")


PAPER_FLOW = Flow(
    "state",
    {
        "issue": Step({PaperState.DRAFT}, PaperState.ISSUED),
        "withdraw": Step({PaperState.ISSUED}, PaperState.WITHDRAWN),
    },
)
