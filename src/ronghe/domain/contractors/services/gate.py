"""The gate: in with everything in order, refused with reasons and rules, out always; every attempt stays on record."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.contractors.enums import Direction, Way
from ronghe.domain.contractors.facts import GATE_PASSED
from ronghe.domain.contractors.models import GatePassage, Presence, Worker
from ronghe.domain.contractors.rules import WORK_GATE
from ronghe.domain.contractors.selectors.people import bars_to_enter, is_untrained
from ronghe.domain.contractors.services.workers import PassRefused, worker_of_pass
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

OTHER_SITE = N_("入场证是“%(body)s”的，不能在这里进场（PC-19）")
INSIDE = N_("已在场内，先登记出场")
NOT_INSIDE = N_("不在场内，没有进场记录")


@transaction.atomic
def pass_gate(*, code: str, body: PartyOrg, direction: Direction, actor: Person, at: datetime) -> GatePassage:
    """Let the bearer of a pass in or out, or refuse with what is missing and its rules (PC-06, PC-07, PC-11, PC-19).

    A refusal is a row like any other and no error: it must stay on record, and the guard reads its reasons off it.

    :raises PassRefused: the code is no pass of this platform
    """
    WORK_GATE.require(actor, body, at=at)
    worker, is_scanned = worker_of_pass(code)
    reasons = _entering(worker, body, at) if direction == Direction.IN else _leaving(worker, body)
    passage = GatePassage.objects.create(
        worker=worker, body=body, direction=direction, way=Way.SCANNED if is_scanned else Way.TYPED,
        passed=not reasons, reasons=reasons, happened_at=at, kept_by=actor,
    )  # fmt: skip
    said = {
        "contractor": worker.contractor_id, "direction": direction, "passed": passage.passed, "way": passage.way,
        "untrained": direction == Direction.IN and bool(reasons) and is_untrained(worker, local_day(at)),
    }  # fmt: skip
    record(
        Draft(GATE_PASSED, at, actor, about=worker.person, body=body.pk, unit=worker.contractor.unit_id,
              attributes=said, source=passage)
    )  # fmt: skip
    return passage


def _entering(worker: Worker, body: PartyOrg, at: datetime) -> list[str]:
    reasons = bars_to_enter([worker], local_day(at))[worker.pk]
    if worker.contractor.body_id != body.pk:
        reasons = [_(OTHER_SITE) % {"body": worker.contractor.body.name}, *reasons]
    if reasons:
        return reasons
    try:
        with transaction.atomic():
            Presence.objects.create(worker=worker, body=body, since=at)
    except IntegrityError:
        return [_(INSIDE)]
    return []


def _leaving(worker: Worker, body: PartyOrg) -> list[str]:
    gone, _rows = Presence.objects.filter(worker=worker, body=body).delete()
    return [] if gone else [_(NOT_INSIDE)]


__all__ = ["PassRefused", "pass_gate"]
