"""What waits for somebody here: certificates to be reviewed or renewed, warned of in time (PC-15, PC-17)."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.domain.qualifications.selectors.records import certificates_due
from ronghe.kernel.inbox import Inbox, Row, Says, Telling, Topic, declare_inbox
from ronghe.kernel.words import N_, _


def _tell(row: Row, _person: Person, at: datetime) -> Telling:
    kind = current_book().kinds.get(row.code)
    title = _("%(name)s的“%(kind)s”证件") % {"name": row.who, "kind": kind.title if kind is not None else row.code}
    if row.due_on is not None and row.due_on < local_day(at):
        return Telling(title, _("已过期，不能再上票"), "failed")
    return Telling(title, _("快到复审或换证的日子"), "attention")


INBOXES = (
    Inbox("certificates_due", N_("证件该复审或换证"), "qualifications", certificates_due, Topic.KNOWING,
          Says(who="person__name", where="person__unit__name", due_on="due_on", code="kind"),
          page="certificate_detail", tell=_tell, is_steady=True),
)  # fmt: skip
for _inbox in INBOXES:
    declare_inbox(_inbox)
