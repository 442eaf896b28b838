"""Words on how it goes on, changed words and deadlines, people with a part, and two items that are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.facts import ITEM_CHANGED, ITEM_MERGED, ITEM_NOTED, PERSON_JOINED, PERSON_LEFT
from ronghe.domain.items.models import ItemNote, ItemPerson, ItemStep, WorkItem
from ronghe.domain.items.rules import ADD_NOTE, SEE_ITEM, kind_of
from ronghe.domain.items.services.filling import filled
from ronghe.domain.items.services.raising import TitleMissing
from ronghe.domain.items.services.showing import RecordOf, show_with
from ronghe.domain.items.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, prepare_file
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.words import N_, _

LONGEST_NOTE = 1000


class ItemClosed(DomainError):
    code = "item_closed"
    sentence = N_("“%(title)s”已经办结，不能再改。")


class NoteEmpty(DomainError):
    code = "item_note_empty"
    sentence = N_("请写明进展，或附上照片、PDF。")
    status = 422


class NotesElsewhere(DomainError):
    code = "item_notes_elsewhere"
    sentence = N_("“%(kind)s”的话写在它自己的页面上，请到那里写。")


class OtherKind(DomainError):
    code = "item_other_kind"
    sentence = N_("只能并入同一类的事项，而且不能并入自己或者已经并入别处的事项。")
    status = 422


class NoSuchPart(DomainError):
    code = "item_no_such_part"
    sentence = N_("这类事项没有“%(part)s”这个角色。")
    status = 422


class AlreadyInIt(DomainError):
    code = "item_already_in_it"
    sentence = N_("%(name)s已经在里面。")


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to stand there; `None` leaves it as it is."""

    title: str | None = None
    text: str | None = None
    values: Mapping[str, object] | None = None
    due_at: datetime | None = None
    place: str | None = None


def add_note(
    *, item: WorkItem, text: str, actor: Person, at: datetime, percent: int | None = None,
    uploads: Sequence[Upload] = (), records: Sequence[RecordOf] = (),
) -> ItemNote:  # fmt: skip
    """Say how an item goes on; `percent` (0 to 100) is how much is done, and only its owner says that.

    :raises NoteEmpty: neither words nor anything that shows something
    :raises ItemClosed: it was settled
    :raises NotesElsewhere: the kind keeps words of its own
    """
    ADD_NOTE.require(actor, item, at=at)
    if not kind_of(item).takes_notes:
        raise NotesElsewhere(kind=_(kind_of(item).title))
    if item.is_closed:
        raise ItemClosed(title=item.title)
    if not text.strip() and not uploads and not records:
        raise NoteEmpty
    if percent is not None and item.owner_id != actor.pk:
        raise NotAllowed
    is_private = item.visibility == Visibility.INVOLVED
    files = [prepare_file(upload, is_private=is_private) for upload in uploads]
    with transaction.atomic():
        note = ItemNote.objects.create(item=item, text=text.strip()[:LONGEST_NOTE], percent=percent, by=actor, at=at)
        show_with(item, files, records, actor, at, note=note)
        if percent is not None:
            WorkItem.objects.filter(pk=item.pk, closed_at=None).update(percent=percent)
            item.percent = percent
        tell(item, ITEM_NOTED, actor, at, percent=percent)
    return note


@transaction.atomic
def change_item(*, item: WorkItem, changed: Changed, actor: Person, at: datetime, reason: str = "") -> WorkItem:
    """Change words, fields or the deadline of an open item; what stood there before is kept.

    What somebody signed stays signed as it was: the page shows that the words were changed since.

    :raises ItemClosed: it was settled
    :raises DeadlinePast: the new deadline is not after `at`
    """
    kind = kind_of(item)
    kind.edit_right.require(actor, item, at=at)
    if item.is_closed:
        raise ItemClosed(title=item.title)
    if changed.due_at is not None and changed.due_at <= at:
        raise DeadlinePast(due_at=f"{local_day(changed.due_at)}")
    if changed.title is not None and not changed.title.strip():
        raise TitleMissing
    new: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name in ("title", "text", "due_at", "place")
        if (value := getattr(changed, name)) is not None
    }
    if changed.values is not None:
        specs = [kind.field_by_id[name] for name in changed.values if name in kind.field_by_id]
        given = filled(specs, changed.values)
        kept = {name: value for name, value in item.values.items() if name not in changed.values}
        new["values"] = {**kept, **given}
    before = {name: _plain(getattr(item, name)) for name, value in new.items() if getattr(item, name) != value}
    if not before:
        return item
    if not WorkItem.objects.filter(pk=item.pk, closed_at=None, state=item.state).update(**new):
        raise Stale
    for name, value in new.items():
        setattr(item, name, value)
    ItemStep.objects.create(
        item=item, step="change", from_state=item.state, to_state=item.state, by=actor, at=at, note=reason.strip(),
        owner=item.owner, due_at=item.due_at, round=item.round, values=before,
    )  # fmt: skip
    due_on = local_day(item.due_at) if item.due_at is not None and "due_at" in before else None
    tell(item, ITEM_CHANGED, actor, at, due_on=due_on)
    return item


@transaction.atomic
def let_in(*, item: WorkItem, person: Person, part: str, actor: Person, at: datetime, duty: str = "") -> ItemPerson:
    """Give a person a part in an open item.

    :raises NoSuchPart: the kind knows no such part
    :raises AlreadyInIt: the person has it
    """
    kind = kind_of(item)
    kind.edit_right.require(actor, item, at=at)
    if item.is_closed:
        raise ItemClosed(title=item.title)
    if part not in kind.parts:
        raise NoSuchPart(part=part)
    try:
        with transaction.atomic():
            row = ItemPerson.objects.create(item=item, person=person, part=part, duty=duty.strip(), since=at)
    except IntegrityError as error:
        raise AlreadyInIt(name=person.name) from error
    tell(item, PERSON_JOINED, actor, at, about=person, part=part)
    return row


@transaction.atomic
def let_go(*, row: ItemPerson, actor: Person, at: datetime) -> None:
    """Take a part back; oneself may always leave."""
    if row.person_id != actor.pk:
        kind_of(row.item).edit_right.require(actor, row.item, at=at)
    if not ItemPerson.objects.filter(pk=row.pk, until=None).update(until=at):
        raise Stale
    tell(row.item, PERSON_LEFT, actor, at, about=row.person, part=row.part)


@transaction.atomic
def merge_item(*, item: WorkItem, into: WorkItem, step: str, actor: Person, at: datetime) -> WorkItem:
    """Close `item` as a double of `into` by the kind's own `step`; whoever raised it follows the other one from now on.

    :raises OtherKind: of another kind, itself, or one that was merged away
    """
    from ronghe.domain.items.services.steps import Said, go

    # Both rows are held in one order and read again: two who merge them into each other at once would leave a circle.
    held = {
        row.pk: row for row in WorkItem.objects.select_for_update().filter(pk__in=(item.pk, into.pk)).order_by("pk")
    }
    gone = held[into.pk].merged_into_id is not None or held[item.pk].merged_into_id is not None
    if into.kind != item.kind or into.pk == item.pk or gone:
        raise OtherKind
    SEE_ITEM.require(actor, into, at=at)
    spec = kind_of(item).step_by_id[step]
    note = _("并入：%(title)s") % {"title": into.title}
    go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note))
    WorkItem.objects.filter(pk=item.pk).update(merged_into=into)
    item.merged_into = into
    WorkItem.objects.filter(merged_into=item).update(merged_into=into)
    follower = {"item": into, "person_id": item.raised_by_id, "part": "follower", "until": None}
    if into.raised_by_id != item.raised_by_id and not ItemPerson.objects.filter(**follower).exists():
        ItemPerson.objects.create(**follower, since=at)
    tell(item, ITEM_MERGED, actor, at)
    return item


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
