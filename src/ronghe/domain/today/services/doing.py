"""What one tap on 今日 does: the act of the room whose row it is, by the room's own service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.inbox import Done, declared_inboxes


def do_act(*, inbox: str, record: int, act: str, person: Person, at: datetime) -> Done:
    """Do `act` on a row that waits for `person`, or take one back with the act that its `Done` named.

    :raises NotFound: there is no such inbox, row or act
    :raises: what the room's service refuses with
    """
    known = declared_inboxes().get(inbox)
    if known is None or known.do is None or (known.acts and act not in {one.id for one in known.acts}):
        raise NotFound
    return known.do(record, act, person, at)


def found(rows: Any, pk: int) -> Any:
    """Return the row with this key.

    :raises NotFound: it is not among `rows`: it waits no longer, or never did
    """
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
