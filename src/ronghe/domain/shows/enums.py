"""三亮四比一创建: what a bearer may let others read behind the badge's code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BadgePart(models.TextChoices):
    """Branch and status are shown with any of them; nothing is shown without consent."""

    NAME = "name", _("姓名")
    POSTS = "posts", _("职务")
    STANDARDS = "standards", _("岗位标准")
    PROMISES = "promises", _("承诺和兑现情况")
    STARS = "stars", _("星级")


class BadgeState(models.TextChoices):
    """What the code of a badge leads to."""

    SHOWN = "shown", _("已公开")
    HIDDEN = "hidden", _("本人没有同意公开")
    STOPPED = "stopped", _("已停用")


class PromiseState(models.TextChoices):
    """How a promise stands on the board; one that was let off is not on it."""

    OPEN = "open", _("践诺中")
    OVERDUE = "overdue", _("过期没兑现")
    REPORTED = "reported", _("待评")
    KEPT = "kept", _("已兑现")
    NOT_KEPT = "not_kept", _("没有兑现")


class WallOrder(models.TextChoices):
    DUE = "due", _("按期限")
    STATE = "state", _("按兑现情况")
    BODY = "body", _("按组织")
    LATEST = "latest", _("最近评的在前")
