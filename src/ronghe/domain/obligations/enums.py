"""The states of an obligation, computed from dates and never stored, and those of a request to be let off."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class ObligationState(models.TextChoices):
    UPCOMING = "upcoming", _("未到期")
    DUE = "due", _("待办")
    DONE = "done", _("已办")
    LATE = "late", _("迟办")
    MISSED = "missed", _("漏办")
    WAIVED = "waived", _("免办")


class RequestState(models.TextChoices):
    ASKED = "asked", _("待答复")
    GRANTED = "granted", _("同意免办")
    REFUSED = "refused", _("不同意免办")
    WITHDRAWN = "withdrawn", _("已撤回")


REQUEST_FLOW = Flow(
    "state",
    {
        "grant": Step({RequestState.ASKED}, RequestState.GRANTED),
        "refuse": Step({RequestState.ASKED}, RequestState.REFUSED),
        "withdraw": Step({RequestState.ASKED}, RequestState.WITHDRAWN),
    },
)
