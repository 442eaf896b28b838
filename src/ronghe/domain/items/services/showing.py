"""What shows something about an item: files, and records of the platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ronghe.domain.items.models import ItemEvidence, ItemNote, ItemStep, WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.work.models import Evidence
from ronghe.domain.work.services.files import PreparedFile, keep_file, shown_elsewhere


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A record of the platform as evidence: its label in the words of facts, its key, and what it is called."""

    source_type: str
    source_id: int
    name: str


def show_with(
    item: WorkItem, files: Sequence[PreparedFile], records: Sequence[RecordOf], actor: Person, at: datetime, *,
    step: ItemStep | None = None, note: ItemNote | None = None,
) -> int:  # fmt: skip
    """Keep what shows something; the same file or record a second time stays one. Returns how many were given."""
    for file in files:
        stored = keep_file(file, at=at)
        elsewhere = ItemEvidence.objects.filter(_same(file)).exclude(item=item)
        in_tasks = Evidence.objects.filter(_same(file))
        ItemEvidence.objects.get_or_create(
            item=item, file=stored,
            defaults={
                "step": step, "note": note, "uploaded_sha256": file.uploaded_sha256, "name": file.name,
                "is_reused": elsewhere.exists() or in_tasks.exists(), "round": item.round, "added_by": actor,
                "added_at": at,
            },
        )  # fmt: skip
    for record in records:
        ItemEvidence.objects.get_or_create(
            item=item, source_type=record.source_type, source_id=record.source_id, file=None,
            defaults={
                "step": step, "note": note, "name": record.name[:120], "round": item.round, "added_by": actor,
                "added_at": at,
            },
        )  # fmt: skip
    return len(files) + len(records)


def _same(file: PreparedFile) -> Q:
    """The bytes as they arrived, or what was left of them when place and camera were taken out."""
    return Q(uploaded_sha256=file.uploaded_sha256) | Q(file__sha256=file.sha256)


def _shows_an_item(file: PreparedFile) -> bool:
    return ItemEvidence.objects.filter(_same(file)).exists()


shown_elsewhere(_shows_an_item)
