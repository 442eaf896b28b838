"""Lines of a thread and facts of the room, in one place: words are sealed where the case is, and no fact has any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from ronghe.domain.clinic.enums import MessageKind
from ronghe.domain.clinic.models import CaseMessage, CaseSeen
from ronghe.domain.items.models import ItemEvidence, WorkItem
from ronghe.domain.items.services.showing import show_with
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.files import PreparedFile, Upload, prepare_file
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_

LONGEST = 2000


class WordsMissing(DomainError):
    code = "clinic_words_missing"
    sentence = N_("请写几句话，或附上照片。")
    status = 422


class WordsTooLong(DomainError):
    code = "clinic_words_too_long"
    sentence = N_("最多写 %(most)s 个字，现在有 %(length)s 个，请分几次写。")
    status = 422


class PicturesUnsealed(DomainError):
    code = "clinic_pictures_unsealed"
    sentence = N_("连心关爱只有两个人看得到，照片没法加密保存，请不要附照片，当面给专家看。")
    status = 422


def words_checked(words: str, *, files: Sequence[Upload] = (), is_required: bool = True) -> str:
    """Return the words without space around them.

    :raises WordsMissing: neither words nor pictures, where some are required
    :raises WordsTooLong: more than fit into one line of a thread
    """
    said = words.strip()
    if is_required and not said and not files:
        raise WordsMissing
    if len(said) > LONGEST:
        raise WordsTooLong(most=LONGEST, length=len(said))
    return said


def pictures_prepared(uploads: Sequence[Upload], *, is_sealed: bool) -> list[PreparedFile]:
    """Return pictures ready to be kept, outside any transaction.

    :raises PicturesUnsealed: for a sealed case
    """
    if uploads and is_sealed:
        raise PicturesUnsealed
    return [prepare_file(upload) for upload in uploads]


def say(
    item: WorkItem, kind: MessageKind, actor: Person, at: datetime, *, words: str = "",
    pictures: Sequence[PreparedFile] = (), visit_at: datetime | None = None,
) -> CaseMessage:  # fmt: skip
    """Add a line to a thread; whoever adds one has read what stood before."""
    is_sealed = item.case_sheet.is_sealed
    message = CaseMessage.objects.create(
        item=item, kind=kind, text="" if is_sealed else words,
        sealed=seal_text(words) if is_sealed and words else None, visit_at=visit_at, by=actor, at=at,
    )  # fmt: skip
    if pictures:
        show_with(item, pictures, (), actor, at)
        kept = ItemEvidence.objects.filter(item=item, file__sha256__in=[one.sha256 for one in pictures])
        message.pictures.set(kept.order_by("pk"))
    note_seen(item, actor, at)
    return message


def note_seen(item: WorkItem, person: Person, at: datetime) -> None:
    """Keep that a person has read a thread up to `at`."""
    CaseSeen.objects.update_or_create(item=item, person=person, defaults={"seen_at": at})


def tell_of(
    source: Model, kind: FactKind, actor: Person, at: datetime, *, body: int, about: Person | None = None,
    **attributes: object,
) -> None:  # fmt: skip
    """Record a fact of the room."""
    record(Draft(kind, at, actor, about=about, body=body, attributes=attributes, source=source))


def take_back(source: Model, kind: FactKind, actor: Person, at: datetime) -> None:
    """Reverse the latest fact of a kind that came from `source`, where there is one."""
    label = source._meta.label_lower  # noqa: SLF001 - as facts name their sources
    rows = Fact.objects.filter(kind=kind.name, source_type=label, source_id=source.pk, reverses=None)
    fact = rows.order_by("-pk").first()
    if fact is not None:
        reverse(fact, by=actor, at=at)
