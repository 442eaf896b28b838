"""事故事件: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccidentKind(models.TextChoices):
    ACCIDENT = "accident", _("安全事故")
    POLLUTION = "pollution", _("环境污染")
    EVENT = "event", _("未遂事件")
    """Nobody was hurt and nothing was spilt, though it might have been: it sets no counter back and is told inside."""


COUNTED = frozenset({AccidentKind.ACCIDENT, AccidentKind.POLLUTION})
