"""工作事项: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Who reads an item beyond those who have a part in it."""

    INVOLVED = "involved", _("当事人")
    BODY = "body", _("本组织")
    EVERYONE = "everyone", _("全单位")
