"""The site stops and resumes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from ronghe.domain.org.models import Person
from ronghe.domain.zones.facts import SHUT_DOWN_LIFTED, SHUT_DOWN_PLANNED
from ronghe.domain.zones.models import CollaborationZone, ShutDown
from ronghe.domain.zones.rules import RUN_ZONE
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ShutDownEmpty(DomainError):
    code = "shut_down_empty"
    sentence = N_("停工结束日期要晚于开始日期。")
    status = 422


class ShutDownOverlaps(DomainError):
    code = "shut_down_overlaps"
    sentence = N_("%(from_on)s 至 %(until_on)s 已安排停工，请先改那一段。")


class NotShutDown(DomainError):
    code = "not_shut_down"
    sentence = N_("这段停工已在 %(until_on)s 结束，不用再提前复工。")


@transaction.atomic
def plan_shut_down(
    *, zone: CollaborationZone, from_on: date, until_on: date, reason: str, actor: Person, at: datetime
) -> ShutDown:
    """Plan days without work from `from_on` up to, not including, `until_on`.

    :raises ShutDownEmpty: no day lies between
    :raises ShutDownOverlaps: some of these days are planned already
    """
    RUN_ZONE.require(actor, zone, at=at)
    if until_on <= from_on:
        raise ShutDownEmpty
    # The row lock lets two who plan at once see each other; on SQLite the transaction itself does.
    CollaborationZone.objects.select_for_update().filter(pk=zone.pk).values_list("pk").get()
    planned = zone.shut_downs.filter(Q(from_on__lt=until_on, until_on__gt=from_on)).order_by("from_on").first()
    if planned is not None:
        raise ShutDownOverlaps(from_on=planned.from_on, until_on=planned.until_on)
    shut_down = ShutDown.objects.create(zone=zone, from_on=from_on, until_on=until_on, reason=reason)
    _record_shut_down(shut_down, SHUT_DOWN_PLANNED, actor, at, from_on=from_on, until_on=until_on)
    return shut_down


@transaction.atomic
def lift_shut_down(*, shut_down: ShutDown, resume_on: date, actor: Person, at: datetime) -> ShutDown:
    """Let work resume on `resume_on`; a day before the shut-down begins calls it off.

    :raises NotShutDown: it would end no sooner than it does anyway
    """
    RUN_ZONE.require(actor, shut_down.zone, at=at)
    until_on = max(resume_on, shut_down.from_on)
    earlier = ShutDown.objects.filter(pk=shut_down.pk, until_on__gt=until_on)
    if not earlier.update(until_on=until_on):
        raise NotShutDown(until_on=shut_down.until_on)
    shut_down.until_on = until_on
    _record_shut_down(shut_down, SHUT_DOWN_LIFTED, actor, at, until_on=until_on)
    return shut_down


def _record_shut_down(shut_down: ShutDown, kind: FactKind, actor: Person, at: datetime, **days: date) -> None:
    zone = shut_down.zone
    record(Draft(kind, at, actor, body=zone.body_id, zone=zone.pk, attributes=days, source=shut_down))
