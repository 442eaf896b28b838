"""督查与达标: closed lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class InspectionForm(models.TextChoices):
    """Why a group comes: to accept a grade (RT-02), to look into one matter, to help, or as every half-year."""

    ACCEPTANCE = "acceptance", _("达标验收")
    SPECIAL = "special", _("专项督察")
    SUPPORT = "support", _("帮扶指导")
    ROUTINE = "routine", _("日常督导")


class InspectionState(models.TextChoices):
    PLANNED = "planned", _("待督查")
    UNDER_WAY = "under_way", _("督查中")
    SEALED = "sealed", _("已完成")
    CALLED_OFF = "called_off", _("已取消")


class Verdict(models.TextChoices):
    """What was found at one item; of a veto only whether there is none of it or one."""

    MEETS = "meets", _("符合")
    PARTLY = "partly", _("部分符合")
    NOT_MET = "not_met", _("不符合")
    NOT_APPLICABLE = "not_applicable", _("不适用")


BELOW = (Verdict.PARTLY, Verdict.NOT_MET)
"""What makes a finding."""
