"""Measures are seen to, energy is cut off and put back, the camera runs, the gas is tested: each by somebody, at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.gas import judge, read
from ronghe.domain.permits.enums import MeasureState, PermitState, StopReason
from ronghe.domain.permits.facts import GAS_TESTED, SECURED
from ronghe.domain.permits.models import GasTest, Isolation, Measure, Permit
from ronghe.domain.permits.rules import LEAD_PERMIT, SIGN_PERMIT, TEST_GAS
from ronghe.domain.permits.selectors.permits import picture_of
from ronghe.domain.permits.services.telling import locked, note_step, tell
from ronghe.domain.permits.services.working import stop
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

WORKABLE = frozenset(
    {PermitState.SUBMITTED, PermitState.COSIGNED, PermitState.VERIFIED, PermitState.APPROVED, PermitState.BRIEFED,
     PermitState.ACTIVE, PermitState.SUSPENDED}
)  # fmt: skip
OLDEST = timedelta(hours=24)


class NotWorkable(DomainError):
    code = "permit_not_workable"
    sentence = N_("这张票的状态是“%(state)s”，现在不能记现场情况。")


class NotNeededWhy(DomainError):
    code = "permit_not_needed_why"
    sentence = N_("“%(text)s”不涉及，请写一句为什么（PW-02）。")
    status = 422


class LockMissing(DomainError):
    code = "permit_lock_missing"
    sentence = N_("请写锁具或挂牌编号。")
    status = 422


class NotPlaced(DomainError):
    code = "permit_not_placed"
    sentence = N_("“%(point)s”还没有隔离，没有可恢复的。")


class StillWorking(DomainError):
    code = "permit_still_working"
    sentence = N_("作业还没有完工，隔离不能恢复（PW-10）。")


class SampleTimeWrong(DomainError):
    code = "permit_sample_time"
    sentence = N_("取样时间不对：不能晚于现在，也不能早于 24 小时前。")
    status = 422


class NoGasHere(DomainError):
    code = "permit_no_gas"
    sentence = N_("%(operation)s票不用气体检测。")


class SamplePlaceMissing(DomainError):
    code = "permit_sample_place"
    sentence = N_("请写明取样点，例如：人孔下 1 米。")
    status = 422


@transaction.atomic
def check_measure(*, measure: Measure, state: MeasureState, actor: Person, at: datetime, note: str = "") -> Measure:
    """Tick a measure as seen to, as not needed here (with why), or take the tick back.

    :raises NotAllowed: the actor is neither named on the permit nor holds an office at the site
    :raises NotNeededWhy: not needed, without words
    :raises NotWorkable: it is not a time for it
    """
    permit = measure.permit
    SIGN_PERMIT.require(actor, permit, at=at)
    fresh = _workable(permit)
    row = fresh.measures.get(pk=measure.pk)
    if state == MeasureState.NOT_NEEDED and not note.strip():
        raise NotNeededWhy(text=row.text)
    row.state, row.note = state, note.strip()[:120]
    # Who took a tick back, and when, stays: a word that comes late must not undo it.
    row.checked_by, row.checked_at = actor, at
    row.save()
    tell(fresh, SECURED, actor, at, source=row, what=f"measure_{state}")
    return row


@transaction.atomic
def place_isolation(*, isolation: Isolation, lock_no: str, actor: Person, at: datetime) -> Isolation:
    """Say that a point is cut off, with the number of its lock or tag.

    :raises NotAllowed, NotWorkable: as for a measure
    :raises LockMissing: no number
    """
    permit = isolation.permit
    SIGN_PERMIT.require(actor, permit, at=at)
    fresh = _workable(permit)
    row = fresh.isolations.get(pk=isolation.pk)
    if not lock_no.strip() and not row.lock_no:
        raise LockMissing
    row.lock_no = lock_no.strip()[:40] or row.lock_no
    row.placed_by, row.placed_at, row.removed_by, row.removed_at = actor, at, None, None
    row.save()
    tell(fresh, SECURED, actor, at, source=row, what="isolated")
    return row


@transaction.atomic
def remove_isolation(*, isolation: Isolation, actor: Person, at: datetime) -> Isolation:
    """Say that a point is put back after the work (PW-10).

    :raises NotAllowed: as for a measure
    :raises StillWorking: the work is not done
    :raises NotPlaced: it was never cut off
    """
    permit = isolation.permit
    SIGN_PERMIT.require(actor, permit, at=at)
    fresh = locked(permit)
    row = fresh.isolations.get(pk=isolation.pk)
    if fresh.state in WORKABLE:
        raise StillWorking
    if row.placed_at is None:
        raise NotPlaced(point=row.point)
    if row.removed_at is None:
        row.removed_by, row.removed_at = actor, at
        row.save()
        tell(fresh, SECURED, actor, at, source=row, what="restored")
    return row


@transaction.atomic
def confirm_film(*, permit: Permit, actor: Person, at: datetime) -> Permit:
    """Say that the camera and the monitor run for the whole of special hot work (PW-20); the film is kept 30 days (PW-09).

    :raises NotAllowed: the actor neither leads nor guards the job
    :raises NotWorkable: it is not a time for it
    """
    LEAD_PERMIT.require(actor, permit, at=at)
    fresh = _workable(permit)
    if not fresh.has_film:
        fresh.has_film = True
        fresh.save(update_fields=["has_film"])
        tell(fresh, SECURED, actor, at, what="film")
    return fresh


@transaction.atomic
def record_gas_test(
    *, permit: Permit, readings: Sequence[Mapping[str, Any]], place: str, actor: Person, at: datetime,
    taken_at: datetime | None = None, instrument: str = "", received_at: datetime | None = None,
) -> GasTest:  # fmt: skip
    """Record a test, each reading held against its limit; one that is not fit stops the work at once (PW-21, PW-22).

    `at` is when it was written down; `received_at` is later where that was done without signal. The work stops then.

    :raises NotAllowed: the actor tests no gas here
    :raises NoGasHere, NotWorkable: no gas is tested for this, or not now
    :raises SampleTimeWrong, SamplePlaceMissing: when and where the sample was taken
    :raises NothingRead, SubstanceUnknown, UnitUnfit, ReadingUnfit: a reading
    """
    TEST_GAS.require(actor, permit, at=at)
    fresh = _workable(permit)
    now = received_at or at
    picture = picture_of(fresh, now)
    if picture.operation.gas is None:
        raise NoGasHere(operation=picture.operation.title)
    moment = taken_at or at
    if not at - OLDEST <= moment <= at:
        raise SampleTimeWrong
    if not place.strip():
        raise SamplePlaceMissing
    profile = picture.profile
    judged = [
        judge(profile, one, is_enriched=fresh.values.get("oxygen_enriched") is True) for one in read(profile, readings)
    ]
    rows = [
        {"substance": one.reading.substance, "title": profile.substances[one.reading.substance].names["zh"],
         "value": str(one.reading.value), "unit": one.reading.unit, "limit": one.limit, "rule": one.rule,
         "is_fit": one.is_fit}
        for one in judged
    ]  # fmt: skip
    test = GasTest.objects.create(
        permit=fresh, taken_at=moment, place=place.strip()[:80], instrument=instrument.strip()[:40], readings=rows,
        is_fit=all(one.is_fit for one in judged), mark=profile.mark, by=actor, at=now,
    )  # fmt: skip
    tell(fresh, GAS_TESTED, actor, at, source=test, is_fit=test.is_fit)
    note_step(fresh, "gas", actor, now, waited_for="gas_tester")
    if not test.is_fit and fresh.state == PermitState.ACTIVE:
        stop(fresh, StopReason.GAS, actor, now)
    return test


def _workable(permit: Permit) -> Permit:
    fresh = locked(permit)
    if fresh.state not in WORKABLE:
        raise NotWorkable(state=fresh.get_state_display())
    return fresh
