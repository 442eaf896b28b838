"""任务领办清单: closed lists and the steps of a sheet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class SheetState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已办结")


SHEET_FLOW = Flow(
    "state",
    {
        "publish": Step({SheetState.DRAFT}, SheetState.PUBLISHED),
        "publish_again": Step({SheetState.PUBLISHED}, SheetState.PUBLISHED),
        "close": Step({SheetState.PUBLISHED}, SheetState.CLOSED),
    },
)
