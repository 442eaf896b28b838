"""What waits for somebody in the control of projects, told to 今日. Comments, points, losses and approvals are items, told by those."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ronghe.domain.control.enums import ProcessState
from ronghe.domain.control.models import WorkProcess
from ronghe.domain.control.selectors.reviews import (
    reviews_late,
    reviews_to_answer,
    reviews_to_give,
    reviews_to_issue,
)
from ronghe.domain.control.selectors.structure import processes_to_accept, processes_to_check
from ronghe.domain.org.models import Person
from ronghe.kernel.inbox import Inbox, Row, Says, Telling, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _

_PROCESS = Says(what="name", where="project__name", since="since")
_REVIEW = Says(what="title", where="project__name", due_at="due_at")


def _begun(actor: Person, at: datetime) -> QuerySet[WorkProcess]:
    """What has begun and waits for a check; what could be begun is on the site's own list."""
    return processes_to_check(actor, at).exclude(state=ProcessState.WAITING)


def _tell_checks(row: Row, _actor: Person, _at: datetime) -> Telling:
    return Telling(_("%(count)s 道工序等您检查") % {"count": row.count}, _("您那一方在建的工序"), "due")


INBOXES = (
    Inbox("process_accepting", N_("工序报验，等您验收"), "control", processes_to_accept, Topic.DECIDING, _PROCESS,
          page="control_process", weight=Weight.HEAVY, is_named=False),
    Inbox("process_checking", N_("工序等您检查"), "control", _begun, Topic.WORK, is_summed=True, tell=_tell_checks),
    Inbox("reviews_giving", N_("图纸等您审查"), "control", reviews_to_give, Topic.DECIDING, _REVIEW,
          page="control_review", is_named=False),
    Inbox("reviews_answering", N_("审图意见等设计答复"), "control", reviews_to_answer, Topic.WORK, _REVIEW,
          page="control_review", is_named=False),
    Inbox("reviews_issuing", N_("图纸审完，等您签发"), "control", reviews_to_issue, Topic.DECIDING, _REVIEW,
          page="control_review", is_named=False),
    Inbox("reviews_late", N_("审图超期，上报到您"), "control", reviews_late, Topic.KNOWING, _REVIEW,
          page="control_review", is_named=False),
)  # fmt: skip
for one in INBOXES:
    declare_inbox(one)
