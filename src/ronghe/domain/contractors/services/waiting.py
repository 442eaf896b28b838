"""What waits for somebody here: appeals to decide, and safety agreements that run out (PC-07, PC-20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.contractors.selectors.companies import agreements_ending, appeals_to_decide
from ronghe.domain.org.models import Person
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_

AHEAD = 30
"""Days before an agreement's end."""


def _ending(person: Person, at: datetime) -> Any:
    return agreements_ending(person, at, AHEAD)


INBOXES = (
    Inbox("contractor_appeals", N_("黑名单申诉等您复核"), "contractors", appeals_to_decide, Topic.DECIDING,
          Says(what="change__contractor__name", where="change__contractor__body__name", since="filed_at",
               args=("change__contractor_id",)), page="contractor_detail", weight=Weight.HEAVY),
    Inbox("contractor_agreements", N_("安全协议快到期或已到期"), "contractors", _ending, Topic.WORK,
          Says(what="name", where="body__name"), page="contractor_detail"),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
