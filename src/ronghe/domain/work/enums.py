"""Closed lists of the work room, and the steps of a task."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronghe.kernel.workflow import Flow, Step


class TaskState(models.TextChoices):
    OPEN = "open", _("待办")
    SUBMITTED = "submitted", _("待验收")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已验收")
    CANCELLED = "cancelled", _("已取消")


UNFINISHED = frozenset({TaskState.OPEN, TaskState.RETURNED})
"""The assignee has something to do."""

TASK_FLOW = Flow(
    "state",
    {
        "submit": Step(UNFINISHED, TaskState.SUBMITTED),
        "accept": Step({TaskState.SUBMITTED}, TaskState.ACCEPTED),
        "return": Step({TaskState.SUBMITTED}, TaskState.RETURNED),
        "cancel": Step(UNFINISHED, TaskState.CANCELLED),
    },
)


class MediaType(models.TextChoices):
    """What may be evidence, told from the bytes and never from the name of the file."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"
    PDF = "application/pdf", "PDF"


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP})
