"""风险台账: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskGrade(models.IntegerChoices):
    """风险分级: the four colours of the field, the worst the largest, so that rows are ordered by it."""

    BLUE = 1, _("蓝（低风险）")
    YELLOW = 2, _("黄（一般风险）")
    ORANGE = 3, _("橙（较大风险）")
    RED = 4, _("红（重大风险）")

    @property
    def code(self) -> str:
        """The word of the grade for programs, facts and parameters: `red`."""
        return self.name.lower()


GRADE_BY_CODE = {grade.code: grade for grade in RiskGrade}


class VersionKind(models.TextChoices):
    """Why a risk reads otherwise from a day on."""

    ENTERED = "entered", _("登记")
    CHANGED = "changed", _("更改")
    RAISED = "raised", _("升级")
    REVIEWED = "reviewed", _("复评")
