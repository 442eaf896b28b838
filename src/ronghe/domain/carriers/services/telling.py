"""One way to record what happened to a carrier or in a call-up, and to hold a row while it is changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models

from ronghe.domain.carriers.calc.shifts import hours_of
from ronghe.domain.carriers.enums import CarrierStep
from ronghe.domain.carriers.facts import STOOD_DOWN
from ronghe.domain.carriers.models import CallUp, Carrier, CarrierAct
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse


def tell(
    carrier: Carrier, /, kind: FactKind, actor: Person | None, at: datetime, *, about: Person | None = None,
    source: models.Model | None = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of a carrier."""
    return record(
        Draft(
            kind, at, actor, about=about, body=carrier.body_id, zone=carrier.zone_id, project=carrier.project_id,
            attributes={"type": carrier.type, **attributes}, source=source or carrier,
        )
    )  # fmt: skip


def tell_of(
    call: CallUp, kind: FactKind, actor: Person | None, at: datetime, *, about: Person | None = None,
    body: int | None = None, quantity: Decimal | None = None, source: models.Model | None = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of a call-up; `body` is a team's where it is not the one that the call-up belongs to."""
    return record(
        Draft(
            kind, at, actor, about=about, body=body or call.body_id, zone=call.zone_id, project=call.project_id,
            quantity=quantity, attributes={"occasion": call.occasion, **attributes}, source=source or call,
        )
    )  # fmt: skip


def tell_end(call: CallUp, actor: Person, at: datetime) -> None:
    """Record that a call-up was stood down, with its figures as they are now; what was told before is reversed."""
    take_back(call.fact, actor, at)
    fact = tell_of(
        call, STOOD_DOWN, actor, at, quantity=hours_of(call.minutes or 0), people=call.people,
        shifts=call.shifts.filter(closed_at__isnull=False).count(), injuries=call.injuries,
    )  # fmt: skip
    call.fact = fact.pk
    CallUp.objects.filter(pk=call.pk).update(fact=fact.pk, minutes=call.minutes)


def take_back(fact: int | None, actor: Person, at: datetime) -> None:
    """Reverse a fact by its key; nothing where there is none."""
    if fact is not None:
        reverse(Fact.objects.get(pk=fact), by=actor, at=at)


def note_act(
    carrier: Carrier, step: CarrierStep, actor: Person | None, at: datetime, *, note: str = "",
    until_on: date | None = None,
) -> CarrierAct:  # fmt: skip
    """Keep what was decided about a carrier in its history."""
    return CarrierAct.objects.create(carrier=carrier, step=step, note=note.strip(), until_on=until_on, by=actor, at=at)


def locked(carrier: Carrier) -> Carrier:
    """Return the carrier as it is now, held until the transaction ends, so that no two acts change it at once."""
    rows = Carrier.objects.select_for_update(of=("self",)).select_related("body", "zone", "project", "lead")
    found = rows.filter(pk=carrier.pk).first()
    if found is None:
        raise NotFound
    return found


def locked_call(call: CallUp) -> CallUp:
    """Return the call-up as it is now, held until the transaction ends."""
    rows = CallUp.objects.select_for_update(of=("self",)).select_related("body", "zone", "commander")
    found = rows.filter(pk=call.pk).first()
    if found is None:
        raise NotFound
    return found
