"""精准问需: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HelpWay(models.TextChoices):
    REMOTE = "remote", _("远程帮扶")
    ON_SITE = "on_site", _("上门帮扶")


class NeedTag(models.TextChoices):
    """What a need aims at (D2)."""

    EFFICIENCY = "efficiency", _("提升工作效率")
    MANAGEMENT = "management", _("变革管理模式")
    DATA = "data", _("数据深度应用")
