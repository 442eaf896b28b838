"""回头看: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Head(models.TextChoices):
    """Where a cause hangs: one of the whys, or a head of the fishbone."""

    WHY = "why", _("为什么")
    PEOPLE = "people", _("人")
    MACHINE = "machine", _("机")
    MATERIAL = "material", _("料")
    METHOD = "method", _("法")
    SETTING = "setting", _("环")
    MEASURING = "measuring", _("测")


BONES = (Head.PEOPLE, Head.MACHINE, Head.MATERIAL, Head.METHOD, Head.SETTING, Head.MEASURING)
"""The heads of the fishbone in their customary order."""


class Lapse(models.TextChoices):
    """What did not go jointly, as the records show it."""

    MISSED = "missed", _("漏办的应办事项")
    LATE = "late", _("迟办的应办事项")
    TASK = "task", _("超期没办的任务")
    RETURNED = "returned", _("被退回的任务")
    ITEM = "item", _("超期没办的事项")
    RECURRED = "recurred", _("反复发生的问题")
