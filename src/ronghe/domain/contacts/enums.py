"""Closed lists of the contact points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactKind(models.TextChoices):
    FIXED_POINT = "fixed_point", _("定点帮扶")
    SAFETY = "safety", _("安全联系")
    CARE = "care", _("连心关爱")


class Cadence(models.TextChoices):
    """How often a visit is asked for: once in each of these periods of the calendar."""

    MONTH = "month", _("每月一次")
    QUARTER = "quarter", _("每季度一次")
    HALF = "half", _("每半年一次")
    YEAR = "year", _("每年一次")


class DueState(models.TextChoices):
    """Where a contact stands on a day; computed from its dates, never stored."""

    OVERDUE = "overdue", _("已超期")
    DUE = "due", _("本期待访")
    VISITED = "visited", _("已走访")
    ENDED = "ended", _("已结束")
