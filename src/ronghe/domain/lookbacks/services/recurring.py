"""A problem came back: the old look-back opens again, and counts how often."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.services.changing import merge_item
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.lookbacks.facts import RECURRED
from ronghe.domain.lookbacks.models import Recurrence
from ronghe.domain.lookbacks.rules import LOOKBACK
from ronghe.domain.lookbacks.services.telling import tell_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class RecurrenceUntold(DomainError):
    code = "lookback_recurrence_untold"
    sentence = N_("请写明这一次在哪里、怎样又发生了。")
    status = 422


class NotThatKind(DomainError):
    code = "lookback_not_that_kind"
    sentence = N_("旧问题要从回头看的问题里选，已经并入别处、不成立的和它自己不能选。")
    status = 422


@transaction.atomic
def note_recurrence(
    *, item: WorkItem, text: str, actor: Person, at: datetime, source: RecordOf | None = None
) -> Recurrence:
    """Say that a closed problem came back: it opens again for whoever settled it last, to be analysed anew.

    :raises RecurrenceUntold: without words
    :raises StepNotAllowed: it is not closed
    :raises Stale: somebody else was first
    """
    if not text.strip():
        raise RecurrenceUntold
    go(item=item, spec=LOOKBACK.step_by_id["reopen"], actor=actor, at=at, said=Said(note=text))
    return _count(item, text, None, actor, at, source)


@transaction.atomic
def join_old(*, finding: WorkItem, old: WorkItem, actor: Person, at: datetime) -> Recurrence:
    """Say that a new finding is an old problem come back: it goes into the old one, which opens again if it was closed.

    :raises NotThatKind: the old one is itself, of another kind, or was given up
    :raises StepNotAllowed: the finding was settled on its own already
    """
    if old.kind != LOOKBACK.id or finding.kind != LOOKBACK.id or old.pk == finding.pk:
        raise NotThatKind
    if old.state in ("same", "dismissed") or old.merged_into_id is not None:
        raise NotThatKind
    SEE_ITEM.require(actor, old, at=at)
    merge_item(item=finding, into=old, step="same", actor=actor, at=at)
    if old.state == "closed":
        go(item=old, spec=LOOKBACK.step_by_id["reopen"], actor=actor, at=at, said=Said(note=finding.title))
    source = None
    if finding.source_type is not None and finding.source_id is not None:
        source = RecordOf(finding.source_type, finding.source_id, "")
    return _count(old, finding.text or finding.title, finding, actor, at, source)


def _count(
    item: WorkItem, text: str, finding: WorkItem | None, actor: Person, at: datetime, source: RecordOf | None
) -> Recurrence:
    number = Recurrence.objects.filter(item=item).count() + 1
    if item.state == "analysing":  # opened again: the deadline was that of the time before
        WorkItem.objects.filter(pk=item.pk).update(due_at=None)
        item.due_at = None
    try:
        with transaction.atomic():
            made = Recurrence.objects.create(
                item=item, number=number, text=text.strip()[:400], finding=finding, by=actor, at=at,
                source_type=source.source_type if source else None, source_id=source.source_id if source else None,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    tell_of(item, RECURRED, actor, at, times=number)
    return made
