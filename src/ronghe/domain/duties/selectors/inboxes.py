"""What waits for somebody on a sheet of four sides, told to 今日."""

from __future__ import annotations

from ronghe.domain.duties.selectors.accepting import sheets_to_agree
from ronghe.kernel.inbox import Inbox, Says, Topic, declare_inbox
from ronghe.kernel.words import N_

TO_AGREE = declare_inbox(
    Inbox("duty_sheets", N_("四方责任等您确认"), "duties", sheets_to_agree, Topic.SIGNING,
          Says(what="zone__name", since="issued_at"), page="duty_sheet")
)  # fmt: skip
