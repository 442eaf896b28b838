"""Promises: made with a carrier, published with it, reported by who made them, shown by records that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from ronghe.domain.carriers.enums import DRAFTS, CarrierState, Direction
from ronghe.domain.carriers.models import Carrier, PromiseLine
from ronghe.domain.carriers.rules import AMEND, MANAGE, PROMISE
from ronghe.domain.carriers.selectors.promises import records_offered
from ronghe.domain.carriers.services.telling import locked
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, StepEvidenceMissing, go
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

END_OF_DAY = time(23, 59)
MOST_PROMISES = 12
MOST_OFFERED = 200


class PromiseWordless(DomainError):
    code = "promise_wordless"
    sentence = N_("请写明承诺什么，以及怎样算兑现，好让别人能对照。")
    status = 422


class PromiseTooLate(DomainError):
    code = "promise_too_late"
    sentence = N_("承诺的期限 %(due_on)s 在载体的期限 %(until_on)s 之后，请改到期限以内。")
    status = 422


class TooManyPromises(DomainError):
    code = "too_many_promises"
    sentence = N_("一个载体最多写 %(most)s 项承诺，写得少、做得到。")
    status = 422


class CarrierClosed(DomainError):
    code = "carrier_closed"
    sentence = N_("“%(name)s”的状态是“%(state)s”，不能这样做。")


class RecordUnseen(DomainError):
    code = "carrier_record_unseen"
    sentence = N_("选的记录不是这个载体的人在期限内办成的事，或者您看不到。请从列出的记录里选。")
    status = 422


@dataclass(frozen=True, slots=True)
class Promised:
    """One line of a promise: what, how it is told whether it was kept, by when (the day included), and the number."""

    title: str
    measure: str
    due_on: date
    target: Decimal | None = None
    unit: str = ""
    direction: str = Direction.AT_LEAST.value
    owner: Person | None = None
    """The carrier's head unless told."""

    @property
    def values(self) -> dict[str, object]:
        if self.target is None:
            return {}
        return {"target": str(self.target), "unit": self.unit, "direction": self.direction}


@transaction.atomic
def add_promise(*, carrier: Carrier, promised: Promised, actor: Person, at: datetime) -> PromiseLine:
    """Add a promise to a proposed carrier, or to an active one: then it is public at once.

    :raises NotAllowed: the actor neither drew the proposal up nor leads here
    :raises CarrierClosed: withdrawn or ended
    :raises PromiseWordless, PromiseTooLate, TooManyPromises, ValuesUnfit, DeadlinePast: not written as a promise is
    """
    (AMEND if carrier.state in DRAFTS else MANAGE).require(actor, carrier, at=at)
    fresh = locked(carrier)
    if not fresh.is_open:
        raise CarrierClosed(name=fresh.name, state=fresh.get_state_display())
    line = put_promise(fresh, promised, actor, at)
    if fresh.state == CarrierState.ACTIVE:
        publish(line.item, actor, at)
    return line


@transaction.atomic
def drop_promise(*, line: PromiseLine, actor: Person, at: datetime) -> WorkItem:
    """Strike a promise from a proposal; a published one is judged or waived instead.

    :raises NotAllowed: the actor may not change the proposal
    :raises StepNotAllowed: it was published
    """
    AMEND.require(actor, line.carrier, at=at)
    return go(item=line.item, spec=PROMISE.step_by_id["drop"], actor=actor, at=at)


def report_promise(
    *, item: WorkItem, note: str, actor: Person, at: datetime, actual: Decimal | str | None = None,
    records: Sequence[RecordOf] = (), uploads: Sequence[Upload] = (),
) -> WorkItem:  # fmt: skip
    """Report that a promise was kept, or what came of it; with records that are there already, or pictures.

    :raises NotAllowed: it is somebody else's
    :raises StepEvidenceMissing: nothing shows it
    :raises RecordUnseen: a record is none of those that were offered
    :raises StepNoteMissing, ValuesUnfit, StepNotAllowed, Stale: as any step; the number is asked for where one was promised
    """
    spec = PROMISE.step_by_id["report"]
    spec.right.require(actor, item, at=at)
    if PROMISE.flow.allows(item, spec.id):
        if not records and not uploads and not item.evidence.exists():
            raise StepEvidenceMissing(step=_(spec.title))
        if item.values.get("target") is not None and actual in (None, ""):
            raise ActualMissing
    known = known_records(item.promise_line.carrier, records, actor, at)
    said = Said(note=note, values={"actual": "" if actual is None else str(actual)}, records=known, uploads=uploads)
    return go(item=item, spec=spec, actor=actor, at=at, said=said)


class ActualMissing(DomainError):
    code = "promise_actual_missing"
    sentence = N_("承诺里有数，请填实际的数。")
    status = 422


def put_promise(carrier: Carrier, promised: Promised, actor: Person, at: datetime) -> PromiseLine:
    """Write one promise of a carrier that the caller holds; the caller asked the right.

    :raises PromiseWordless, PromiseTooLate, TooManyPromises, ValuesUnfit, DeadlinePast: see `add_promise`
    """
    if not promised.title.strip() or not promised.measure.strip():
        raise PromiseWordless
    if promised.due_on > carrier.until_on:
        raise PromiseTooLate(due_on=promised.due_on, until_on=carrier.until_on)
    last = carrier.promises.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_PROMISES:
        raise TooManyPromises(most=MOST_PROMISES)
    text = ItemText(
        title=promised.title, text=promised.measure, values=promised.values, owner=promised.owner or carrier.lead,
        due_at=moment_of(promised.due_on, END_OF_DAY), zone=carrier.zone, project=carrier.project, force=carrier.force,
        place=carrier.place, visibility=Visibility.BODY,
        source=RecordOf("carriers.carrier", carrier.pk, carrier.name),
    )  # fmt: skip
    item = put_up(kind=PROMISE, text=text, body=carrier.body, actor=actor, at=at)
    return PromiseLine.objects.create(carrier=carrier, item=item, number=last + 1)


def publish(item: WorkItem, actor: Person, at: datetime) -> None:
    """Let a promise be read by everybody from now on."""
    go(item=item, spec=PROMISE.step_by_id["publish"], actor=actor, at=at)
    WorkItem.objects.filter(pk=item.pk).update(visibility=Visibility.EVERYONE)


def known_records(carrier: Carrier, wanted: Sequence[RecordOf], actor: Person, at: datetime) -> list[RecordOf]:
    """Return the wanted records as they are called.

    :raises RecordUnseen: one is none of those that may be offered
    """
    if not wanted:
        return []
    offered = {(one.source_type, one.source_id): one for one in records_offered(carrier, actor, at, most=MOST_OFFERED)}
    found = [offered.get((one.source_type, one.source_id)) for one in wanted]
    if None in found:
        raise RecordUnseen
    return [one for one in found if one is not None]
