"""The compartment of health: what somebody must not do is kept sealed, and each look is recorded (PW-11, PI-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.facts import HEALTH_LIFTED, HEALTH_NOTED
from ronghe.domain.qualifications.models import HealthBar, HealthRestriction
from ronghe.domain.qualifications.rules import KEEP_HEALTH, OPEN_HEALTH
from ronghe.domain.qualifications.selectors.fitness import bar_digest, operation_called
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_

COMPARTMENT = "health"


class RestrictionUnclear(DomainError):
    code = "restriction_unclear"
    sentence = N_("请写明医学意见，并选出不宜从事的作业，至少一种（PW-11）。")
    status = 422


class RestrictionDay(DomainError):
    code = "restriction_day"
    sentence = N_("日期 %(on)s 不在登记以后、今天以前，请改日期。")
    status = 422


@transaction.atomic
def note_restriction(
    *, person: Person, text: str, operations: Sequence[str], on: date, actor: Person, at: datetime
) -> HealthRestriction:
    """Keep a doctor's word that somebody must not do some kinds of work, from the day `on`.

    :raises RestrictionUnclear: without words, or without a kind of work
    :raises RestrictionDay: the day lies ahead
    """
    KEEP_HEALTH.require(actor, person, at=at)
    chosen = [operation_called(name).id for name in dict.fromkeys(operations)]
    if not text.strip() or not chosen:
        raise RestrictionUnclear
    if on > local_day(at):
        raise RestrictionDay(on=on)
    row = HealthRestriction.objects.create(
        person=person, text_sealed=seal_text(text.strip()), noted_on=on, noted_by=actor
    )
    HealthBar.objects.bulk_create(HealthBar(restriction=row, digest=bar_digest(person.token, name)) for name in chosen)
    record(Draft(HEALTH_NOTED, at, actor))
    return row


@transaction.atomic
def lift_restriction(*, restriction: HealthRestriction, on: date, actor: Person, at: datetime) -> HealthRestriction:
    """End a restriction: from the day `on` the work is open again.

    :raises RestrictionDay: before it was noted, or ahead
    :raises Stale: it was lifted before
    """
    KEEP_HEALTH.require(actor, restriction.person, at=at)
    if not restriction.noted_on <= on <= local_day(at):
        raise RestrictionDay(on=on)
    if not HealthRestriction.objects.filter(pk=restriction.pk, lifted_on=None).update(lifted_on=on):
        raise Stale
    restriction.lifted_on = on
    record(Draft(HEALTH_LIFTED, at, actor))
    return restriction


def open_restriction(*, restriction: HealthRestriction, actor: Person, at: datetime) -> str:
    """Return the doctor's words in clear; the look is on record before they are shown."""
    OPEN_HEALTH.require(actor, restriction.person, at=at)
    record_look(by=actor, about=restriction.person, compartment=COMPARTMENT, at=at)
    return open_text(restriction.text_sealed)
