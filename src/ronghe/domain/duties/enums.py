"""四方责任: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What a side does in a row."""

    LEAD = "lead", _("主责")
    HELP = "help", _("配合")
    SUPERVISE = "supervise", _("监督")
    INFORM = "inform", _("知会")


NEEDS_PERSON = frozenset({Part.LEAD, Part.HELP, Part.SUPERVISE})
"""Whoever is only informed need not be named."""


class RowSource(models.TextChoices):
    """Where a row lives; the sheet never keeps its words a second time."""

    LINE = "line", _("责任清单")
    CLAUSE = "clause", _("安全协议")
    POINT = "point", _("攻关难点")
    ITEM = "item", _("工作事项")


class RowKind(models.TextChoices):
    QHSE = "qhse", _("QHSE")
    PROJECT = "project", _("项目")
    PARTY = "party", _("党建")


class Rhythm(models.TextChoices):
    """How often a row falls due; the values are those of `PeriodKind`."""

    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季")
    HALF = "half", _("每半年")
    YEAR = "year", _("每年")


class Standing(models.TextChoices):
    """How a row stands by its records."""

    NONE = "none", _("没有记录")
    WAITING = "waiting", _("待确认")
    DUE = "due", _("办理中")
    DONE = "done", _("已办")
    OVERDUE = "overdue", _("超期")


class Verdict(models.TextChoices):
    AGREED = "agreed", _("已确认")
    OBJECTED = "objected", _("有异议")


class AcceptState(models.TextChoices):
    """Where a unit stands with its side's rows."""

    NOTHING = "nothing", _("没有条目")
    WAITING = "waiting", _("待确认")
    AGREED = "agreed", _("已确认")
    VOID = "void", _("已失效")
    """It agreed, and rows of its side read otherwise now."""
    OBJECTED = "objected", _("有异议")


class GapKind(models.TextChoices):
    NO_LEAD = "no_lead", _("没有主责方")
    NO_PERSON = "no_person", _("没有定人")
    PERSON_GONE = "person_gone", _("责任人已离开")
    NO_UNIT = "no_unit", _("这一方没有单位")
    SOURCE_OVER = "source_over", _("来处已停用")
