"""The states of an obligation, as people read them. They are computed from dates, never stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObligationState(models.TextChoices):
    UPCOMING = "upcoming", _("未到期")
    DUE = "due", _("待办")
    DONE = "done", _("已办")
    LATE = "late", _("迟办")
    MISSED = "missed", _("漏办")
    WAIVED = "waived", _("免办")
