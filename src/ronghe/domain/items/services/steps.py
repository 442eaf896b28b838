"""One step of an item, of whatever kind: the right, the state, what must be filled in, and one winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.domain.items.calc.clocks import hours_between
from ronghe.domain.items.calc.fields import FieldProblem
from ronghe.domain.items.calc.pledges import digest_of, pledged_text
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.facts import ITEM_MOVED, ITEM_PLEDGED
from ronghe.domain.items.models import ItemPledge, ItemStep, WorkItem
from ronghe.domain.items.rules import Gives, ItemKind, Need, StepSpec, kind_of
from ronghe.domain.items.services.filling import ValuesUnfit, filled
from ronghe.domain.items.services.raising import DeadlineMissing
from ronghe.domain.items.services.showing import RecordOf, show_with
from ronghe.domain.items.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import PreparedFile, Upload, prepare_file
from ronghe.domain.work.services.tasks import DeadlinePast
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _


class StepNoteMissing(DomainError):
    code = "item_note_missing"
    sentence = N_("请写明“%(label)s”。")
    status = 422


class StepEvidenceMissing(DomainError):
    code = "item_evidence_missing"
    sentence = N_("“%(step)s”要附上照片、PDF 或者平台里的记录。")
    status = 422


class OwnerMissing(DomainError):
    code = "item_owner_missing"
    sentence = N_("请选由谁来办。")
    status = 422


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a step: words, fields, files, records, and the next owner and deadline where the step asks."""

    note: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    uploads: Sequence[Upload] = ()
    records: Sequence[RecordOf] = ()
    owner: Person | None = None
    due_at: datetime | None = None


NOTHING_SAID = Said()


def take_step(*, item: WorkItem, step: str, actor: Person, at: datetime, said: Said = NOTHING_SAID) -> WorkItem:
    """Take a step of the item's kind.

    :raises NotFound: the kind has no such step, or only a service of the kind's own takes it
    :raises NotAllowed: the actor may not
    :raises StepNotAllowed: not from this state
    :raises Stale: somebody else was first
    :raises ValuesUnfit, StepNoteMissing, StepEvidenceMissing, OwnerMissing, DeadlineMissing, DeadlinePast: not filled in
    """
    spec = kind_of(item).step_by_id.get(step)
    if spec is None or spec.is_inner:
        raise NotFound
    return go(item=item, spec=spec, actor=actor, at=at, said=said)


def go(*, item: WorkItem, spec: StepSpec, actor: Person, at: datetime, said: Said = NOTHING_SAID) -> WorkItem:
    """Take a step, an inner one too: for the kind's own services.

    :raises: as `take_step`, but for `NotFound`
    """
    kind = kind_of(item)
    spec.right.require(actor, item, at=at)
    if kind.flow.allows(item, spec.id):  # what is missing is asked for only where the step could be taken
        _refuse_unsaid(item, spec, said, at)
        if spec.check is not None:
            spec.check(item, actor, at)
    values = filled([kind.field_by_id[name] for name in spec.asks], said.values, required=spec.requires)
    if spec.fits is not None and (wrong := spec.fits(values)):
        raise ValuesUnfit([FieldProblem(kind.field_by_id[name], why) for name, why in wrong])
    is_private = item.visibility == Visibility.INVOLVED
    files = [prepare_file(upload, is_private=is_private) for upload in said.uploads]
    return _move(item, kind, spec, actor, at, said, values, files)


def steps_open_to(item: WorkItem, actor: Person, at: datetime) -> list[StepSpec]:
    """Return the steps that `actor` may take now, in the kind's order: for the page that offers them."""
    kind = kind_of(item)
    return [
        step
        for step in kind.steps
        if not step.is_inner and kind.flow.allows(item, step.id) and step.right.allows(actor, item, at=at)
    ]


@transaction.atomic
def _move(
    item: WorkItem, kind: ItemKind, spec: StepSpec, actor: Person, at: datetime, said: Said,
    values: Mapping[str, Any], files: Sequence[PreparedFile],
) -> WorkItem:  # fmt: skip
    before, target = item.state, kind.state_by_id[spec.target]
    changes: dict[str, Any] = {"since": at, "level": 0, "closed_at": at if target.is_final else None}
    if values:
        changes["values"] = {**item.values, **values}
    if spec.gives == Gives.ACTOR:
        changes["owner"] = actor
    elif spec.gives == Gives.CHOSEN:
        changes["owner"] = said.owner
    elif spec.gives == Gives.NOBODY:
        changes["owner"] = None
    if said.due_at is not None and spec.due != Need.NONE:
        changes["due_at"] = said.due_at
    if spec.hands_in:
        changes["round"] = item.round + 1
    if spec.judges:
        changes["settled_by"] = actor
    if target.is_success:
        changes["percent"] = 100
    doer = item.owner
    kind.flow.advance(item, spec.id, **changes)
    row = ItemStep.objects.create(
        item=item, step=spec.id, from_state=before, to_state=item.state, by=actor, at=at, note=said.note.strip(),
        owner=item.owner, due_at=item.due_at, round=item.round, values=values,
    )  # fmt: skip
    shown = show_with(item, files, said.records, actor, at, step=row)
    if spec.signs:
        pledge(item, actor, at)
    tell(
        item, ITEM_MOVED, actor, at, about=item.owner or doer, step=spec.id, from_state=before, to_state=item.state,
        is_closed=target.is_final, on_time=item.due_at is None or at <= item.due_at,
        hours=hours_between(item.raised_at, at), round=item.round, evidence=shown,
    )  # fmt: skip
    return item


def pledge(item: WorkItem, person: Person, at: datetime) -> ItemPledge:
    """Let `person` sign the words of the item as they stand; the same words are signed once."""
    words = pledged_text(item.title, item.text, item.values, item.due_at)
    signed, is_new = ItemPledge.objects.get_or_create(
        item=item, person=person, digest=digest_of(words), defaults={"words": words, "signed_at": at}
    )
    if is_new:
        tell(item, ITEM_PLEDGED, person, at, about=person)
    return signed


def _refuse_unsaid(item: WorkItem, spec: StepSpec, said: Said, at: datetime) -> None:
    if spec.note == Need.REQUIRED and not said.note.strip():
        raise StepNoteMissing(label=_(spec.note_label) if spec.note_label else _("说明"))
    if spec.evidence == Need.REQUIRED and not said.uploads and not said.records and not _is_shown(item, spec):
        raise StepEvidenceMissing(step=_(spec.title))
    if spec.gives == Gives.CHOSEN and said.owner is None:
        raise OwnerMissing
    if spec.due == Need.REQUIRED and said.due_at is None and item.due_at is None:
        raise DeadlineMissing
    if said.due_at is not None and spec.due != Need.NONE and said.due_at <= at:
        raise DeadlinePast(due_at=f"{local_day(said.due_at)}")


def _is_shown(item: WorkItem, spec: StepSpec) -> bool:
    rows = item.evidence.filter(added_at__gt=item.since) if spec.is_shown_anew else item.evidence.all()
    return rows.exists()
