"""What waits for somebody here: drafts to look through, remarks and objections to answer, vetoes to review, panels to mark."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import CheckedBelow
from ronghe.domain.appraisal.selectors.panels import panels_to_mark
from ronghe.domain.appraisal.selectors.remarks import remarks_to_answer
from ronghe.domain.appraisal.selectors.vetoes import vetoes_to_review
from ronghe.domain.org.models import Person
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_


def _drafts(person: Person, at: datetime) -> Any:
    """Runs in their self-check in which something of the person's is judged."""
    rows = Run.objects.filter(state=RunState.SELF_CHECK)
    return rows.filter(CheckedBelow().condition(person, at))


INBOXES = (
    Inbox("appraisal_check", N_("考评草稿等您自查"), "runs", _drafts, Topic.KNOWING,
          Says(what="title_zh", where="body__name", due_on="check_until"), page="run_detail"),
    Inbox("appraisal_remarks", N_("考评意见等您答复"), "runs", remarks_to_answer, Topic.DECIDING,
          Says(what="text", where="run__body__name", who="made_by__name", due_on="due_on", args=("run_id",)),
          page="run_detail", weight=Weight.HEAVY),
    Inbox("appraisal_vetoes", N_("一票否决等您复核"), "vetoes", vetoes_to_review, Topic.DECIDING,
          Says(what="title_zh", where="body__name", since="raised_at"), page="veto_detail", weight=Weight.HEAVY),
    Inbox("appraisal_panels", N_("评议等您打分"), "panels", panels_to_mark, Topic.SIGNING,
          Says(what="title", where="body__name", due_on="closes_on"), page="panel_detail"),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
