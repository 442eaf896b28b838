"""效益账: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """What a reckoning says: what is hoped for, or what came of it."""

    ESTIMATE = "estimate", _("估算")
    ACTUAL = "actual", _("实际")


class EntryKind(models.TextChoices):
    VERIFIED = "verified", _("核定入账")
    REVERSED = "reversed", _("冲回")
