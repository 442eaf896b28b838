"""A need is raised, from a form or out of another record, and joined with one that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import merge_item
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.needs.enums import NeedTag
from ronghe.domain.needs.rules import NEED
from ronghe.domain.needs.selectors import targets_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

DAY_ENDS = time(18)


class DoubleClosed(DomainError):
    code = "need_double_closed"
    sentence = N_("“%(title)s”已经结束，不能并入；请选一个还在办的需求。")


class TakenUp(DomainError):
    code = "need_taken_up"
    sentence = N_("“%(title)s”已经从这里提过，不必再提。")


@dataclass(frozen=True, slots=True)
class NeedText:
    """What is needed, where, and what it aims at (one tag at least). `hides_name` keeps it between asker and helpers."""

    title: str
    tags: Sequence[NeedTag | str]
    place: str = ""
    text: str = ""
    hides_name: bool = False
    zone: CollaborationZone | None = None
    source: RecordOf | None = None


def raise_need(
    *, text: NeedText, body: PartyOrg, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:
    """Raise a need for `body`; it is to be answered within the body's target of working days.

    :raises NotAllowed: the actor neither belongs to the body nor works in a unit that it serves
    :raises TitleMissing, ValuesUnfit: not filled in
    :raises TakenUp: an open need of the same words came from the same record
    """
    if text.source is not None and _is_taken(text.title, text.source):
        raise TakenUp(title=text.title.strip())
    _triage, answer_days = targets_of(body, at)
    due_on = add_working_days(statutory_calendar(), local_day(at), answer_days)
    given = ItemText(
        title=text.title, text=text.text, values={"tags": [str(tag) for tag in text.tags]}, place=text.place,
        due_at=datetime.combine(due_on, DAY_ENDS, tzinfo=SHANGHAI), unit=actor.unit, zone=text.zone,
        visibility=Visibility.INVOLVED if text.hides_name else None, source=text.source,
    )  # fmt: skip
    return raise_item(kind=NEED, text=given, body=body, actor=actor, at=at, uploads=uploads)


def merge_need(*, item: WorkItem, into: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Join a need with an open one that says the same; who raised it follows that one.

    :raises DoubleClosed: the other one is settled
    :raises OtherKind, NotAllowed, StepNotAllowed: as `merge_item`
    """
    if into.is_closed:
        raise DoubleClosed(title=into.title)
    return merge_item(item=item, into=into, step="merge", actor=actor, at=at)


def _is_taken(title: str, source: RecordOf) -> bool:
    rows = WorkItem.objects.filter(kind=NEED.id, source_type=source.source_type, source_id=source.source_id)
    return rows.filter(title=title.strip()).exclude(state__in=("withdrawn", "refused")).exists()
