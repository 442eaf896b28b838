"""Words from the field that come late: work that is to stop is stopped or the word is noted, a later check stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.permits.enums import MeasureState, PartRole, PermitState, StopReason
from ronghe.domain.permits.facts import SECURED
from ronghe.domain.permits.models import Measure, Permit
from ronghe.domain.permits.rules import STOP_PERMIT
from ronghe.domain.permits.services.securing import check_measure
from ronghe.domain.permits.services.telling import locked, note_step, tell
from ronghe.domain.permits.services.working import stop
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _


class MeasureSeenLater(DomainError):
    code = "permit_measure_seen_later"
    sentence = N_("“%(text)s”后来由%(name)s改记为“%(state)s”（PW-02），这一条没有覆盖它。")


@transaction.atomic
def stop_late(
    *, permit: Permit, actor: Person, at: datetime, received_at: datetime, reason: StopReason, note: str = "",
    leaves: bool = False,
) -> bool:  # fmt: skip
    """Take a word said at `at` that the work stops, and return whether it stopped work; where it does not, it is noted.

    Work that goes on is stopped, whatever came between: a stop too many costs a look, one too few a person. A guardian who
    left (`leaves`) and was seen there later, or whose part another took over, stops nothing any more (PW-06).

    :raises NotAllowed: the actor saw the permit neither then nor now
    """
    if not STOP_PERMIT.allows(actor, permit, at=received_at):
        STOP_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    words = _("%(time)s 在现场说的，%(received)s 收到。%(note)s") % {
        "time": f"{timezone.localtime(at):%m-%d %H:%M}", "received": f"{timezone.localtime(received_at):%m-%d %H:%M}",
        "note": note.strip(),
    }  # fmt: skip
    counts = True
    if leaves:
        is_guardian = fresh.parts.filter(role=PartRole.GUARDIAN, person=actor).exists()
        counts = is_guardian and (fresh.guardian_seen_at is None or fresh.guardian_seen_at <= at)
    stops = counts and fresh.state == PermitState.ACTIVE
    if stops:
        stop(fresh, reason, actor, received_at, note=words)
        # The break began when it was said, not when it was heard: a longer break asks for more before work goes on.
        fresh.suspended_at = at
        fresh.save(update_fields=["suspended_at"])
    else:
        note_step(fresh, "late_stop", actor, received_at, note=words)
        tell(fresh, SECURED, actor, at, what="late_stop")
    if leaves and counts:
        fresh.is_guardian_here, fresh.guardian_seen_at = False, at
        fresh.save(update_fields=["is_guardian_here", "guardian_seen_at"])
    return stops


@transaction.atomic
def check_measure_late(
    *, permit: Permit, measure: int, state: MeasureState, actor: Person, at: datetime, note: str = ""
) -> Measure:  # fmt: skip
    """Take a check of a measure made at `at`; what somebody said of it later stands.

    :raises NotFound: it is no measure of this permit
    :raises MeasureSeenLater: another word on it is younger
    :raises NotAllowed, NotNeededWhy, NotWorkable: as for a check
    """
    fresh = locked(permit)
    row = fresh.measures.select_related("permit__site", "checked_by").filter(pk=measure).first()
    if row is None:
        raise NotFound
    if row.checked_at is not None and row.checked_at > at and row.checked_by is not None and row.state != state:
        raise MeasureSeenLater(text=row.text, name=row.checked_by.name, state=row.get_state_display())
    if row.checked_at is not None and row.checked_at > at:
        return row
    return check_measure(measure=row, state=state, actor=actor, at=at, note=note)
