"""Somebody raises an item, alone or out of another record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from ronghe.domain.items.calc.clocks import RAISE
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.facts import ITEM_RAISED
from ronghe.domain.items.models import ItemPerson, ItemStep, WorkItem
from ronghe.domain.items.rules import ItemKind, Need
from ronghe.domain.items.services.filling import filled
from ronghe.domain.items.services.showing import RecordOf, show_with
from ronghe.domain.items.services.telling import tell
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.work.services.files import Upload, prepare_file
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class TitleMissing(DomainError):
    code = "item_title_missing"
    sentence = N_("请写明是什么事。")
    status = 422


class DeadlineMissing(DomainError):
    code = "item_deadline_missing"
    sentence = N_("请定一个期限，好让大家知道什么时候要办完。")
    status = 422


@dataclass(frozen=True, slots=True)
class ItemText:
    """What is raised: words, fields and where it belongs. `people` have a part each, in the kind's words."""

    title: str
    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    due_at: datetime | None = None
    place: str = ""
    unit: AdminUnit | None = None
    zone: CollaborationZone | None = None
    project: Project | None = None
    force: TaskForce | None = None
    owner: Person | None = None
    people: Sequence[tuple[Person, str, str]] = ()
    """Person, part, duty."""
    visibility: Visibility | None = None
    part_of: WorkItem | None = None
    source: RecordOf | None = None


def raise_item(
    *, kind: ItemKind, text: ItemText, body: PartyOrg, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:
    """Raise an item of `kind` for `body`.

    :raises NotAllowed: the actor may not raise this kind there
    :raises TitleMissing: without a title
    :raises ValuesUnfit: fields that the kind wants are missing or do not fit
    :raises DeadlineMissing: the kind wants a deadline
    :raises DeadlinePast: it is not after `at`
    """
    kind.raise_right.require(actor, body, at=at)
    return put_up(kind=kind, text=text, body=body, actor=actor, at=at, uploads=uploads)


def put_up(
    *, kind: ItemKind, text: ItemText, body: PartyOrg, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:
    """Raise an item that follows from another act, whose own right was asked.

    :raises TitleMissing, ValuesUnfit, DeadlineMissing, DeadlinePast: as `raise_item`
    """
    if not text.title.strip():
        raise TitleMissing
    if text.due_at is None and kind.due == Need.REQUIRED:
        raise DeadlineMissing
    if text.due_at is not None and text.due_at <= at:
        raise DeadlinePast(due_at=f"{local_day(text.due_at)}")
    values = filled(kind.raised_with, text.values)
    is_private = (text.visibility or kind.visibility) == Visibility.INVOLVED
    files = [prepare_file(upload, is_private=is_private) for upload in uploads]
    with transaction.atomic():
        item = WorkItem.objects.create(
            kind=kind.id, title=text.title.strip(), text=text.text.strip(), state=kind.first.id, since=at,
            visibility=text.visibility or kind.visibility, body=body, unit=text.unit, zone=text.zone,
            project=text.project, force=text.force, place=text.place, owner=text.owner, raised_by=actor, raised_at=at,
            due_at=text.due_at, values=values, part_of=text.part_of,
            source_type=text.source.source_type if text.source else None,
            source_id=text.source.source_id if text.source else None,
        )  # fmt: skip
        step = ItemStep.objects.create(
            item=item, step=RAISE, from_state="", to_state=item.state, by=actor, at=at, owner=text.owner,
            due_at=text.due_at, values=values,
        )  # fmt: skip
        ItemPerson.objects.bulk_create(
            ItemPerson(item=item, person=person, part=part, duty=duty, since=at) for person, part, duty in text.people
        )
        show_with(item, files, (), actor, at, step=step)
        due_on = local_day(text.due_at) if text.due_at is not None else None
        tell(item, ITEM_RAISED, actor, at, due_on=due_on)
    return item
