"""Closed lists of the calendar's room: what stands in it, and how it is looked at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What an entry is, whichever subject gave it."""

    DUTY = "duty", _("应办")
    ACTIVITY = "activity", _("活动")
    AGREEMENT = "agreement", _("意向书")
    PROJECT = "project", _("项目")
    POINT = "point", _("难点")


class CalendarView(models.TextChoices):
    MONTH = "month", _("月")
    WEEK = "week", _("周")
    LIST = "list", _("列表")
    BARS = "bars", _("横道")
