"""Closed lists of qualifications, and the steps of a certificate. Kinds of certificates are data (`calc/qualifications.yaml`)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class CertificateState(models.TextChoices):
    HELD = "held", _("在册")
    WITHDRAWN = "withdrawn", _("已注销")


class CertificateFilter(models.TextChoices):
    """What a list of certificates is asked for."""

    HELD = "held", _("在册")
    DUE = "due", _("快到期")
    OVER = "over", _("已过期")
    WITHDRAWN = "withdrawn", _("已注销")


class LessonLevel(models.TextChoices):
    """The three levels of safety training, and what else is learnt (PC-11, PC-12)."""

    COMPANY = "company", _("公司级")
    PROJECT = "project", _("项目级")
    TEAM = "team", _("班组级")
    YEARLY = "yearly", _("年度再培训")
    SPECIAL = "special", _("四新专项培训")
    REVIEW = "review", _("复审前培训")
    MANAGER = "manager", _("负责人、安全管理人员培训")


class BreakKind(models.TextChoices):
    TRANSFER = "transfer", _("转岗")
    LEAVE = "leave", _("离岗")


class ReviewKind(models.TextChoices):
    REVIEW = "review", _("复审")
    PRACTICE = "practice", _("实操考试")


CERTIFICATE_FLOW = Flow("state", {"withdraw": Step({CertificateState.HELD}, CertificateState.WITHDRAWN)})
