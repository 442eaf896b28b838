"""隐患和违章: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingGrade(models.TextChoices):
    """A hazard is general or major (IN-04), a violation general or serious."""

    GENERAL = "general", _("一般")
    MAJOR = "major", _("重大")
    SERIOUS = "serious", _("严重")


HAZARD_GRADES = (FindingGrade.GENERAL, FindingGrade.MAJOR)
VIOLATION_GRADES = (FindingGrade.GENERAL, FindingGrade.SERIOUS)


class ViolationSort(models.TextChoices):
    """The three sorts of violation."""

    COMMAND = "command", _("违章指挥")
    OPERATION = "operation", _("违章作业")
    DISCIPLINE = "discipline", _("违反劳动纪律")
