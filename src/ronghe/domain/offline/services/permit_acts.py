"""What each kind of act says on a permit, and what becomes of it when the permit is no longer as the phone knew it.

- a signature binds the text that the phone knew: another text, or a permit that is over, and it is refused (PW-08)
- a signature that comes before the one it follows is refused and tried again by itself when that one is there
- a reading is kept as long as readings are; one that is not fit stops the work when it comes (PW-20)
- a check of a measure does not undo what somebody said of it later
- a word that stops work is always taken: it stops what goes on, or is noted (PW-06)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ronghe.domain.offline.enums import ActKind
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.org.models import Person
from ronghe.domain.permits.calc.grading import parties_of
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.domain.permits.enums import (
    OVER,
    SIGNED_IN,
    MeasureState,
    PermitState,
    SignRole,
    SignWay,
    StopReason,
)
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.rules import SIGN_PERMIT, TEST_GAS
from ronghe.domain.permits.services.late import check_measure_late, stop_late
from ronghe.domain.permits.services.securing import record_gas_test
from ronghe.domain.permits.services.signing import NotYourSignature, TextChanged, sign_permit
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

LATE = timedelta(minutes=2)
"""What took longer to come was signed without signal."""
_WAY = (
    PermitState.DRAFT, PermitState.ANALYSED, PermitState.SUBMITTED, PermitState.COSIGNED, PermitState.VERIFIED,
    PermitState.APPROVED, PermitState.BRIEFED, PermitState.ACTIVE, PermitState.SUSPENDED, PermitState.COMPLETED,
)  # fmt: skip


class OtherText(DomainError):
    code = "permit_other_text"
    sentence = N_("票的内容在您看过之后改了，这个签字作废（PW-08）。请看过新的内容，再签一次。")


class PermitOver(DomainError):
    code = "permit_over"
    sentence = N_("报来时这张票已是“%(state)s”，签字没有收下（PW-08）。")


class NotNamedHere(DomainError):
    code = "permit_not_named"
    sentence = N_("%(name)s不在这张票上，也不是这个现场登记的签字人，没有收下（PM-15）。")
    status = 403


class SignedEarly(DomainError):
    code = "permit_signed_early"
    sentence = N_("票还在“%(state)s”，轮不到签“%(role)s”（PW-07）。前面的签字报来后自动再收。")


def apply_permit_act(act: ReceivedAct, *, at: datetime, now: datetime) -> None:
    """Do what the act says on its permit: as of `at`, with its effects from `now` on.

    :raises NotFound: no such permit
    :raises DomainError: it cannot be done
    """
    what = act.payload or {}
    permit = Permit.objects.select_related("site__body").filter(pk=what["permit"]).first()
    if permit is None:
        raise NotFound
    _DOING[ActKind(act.kind)](act, what, permit, at, now)


def _sign(act: ReceivedAct, what: dict[str, Any], permit: Permit, at: datetime, now: datetime) -> None:
    actor = act.person
    if what["role"] not in SignRole.values:
        raise NotFound
    role = SignRole(what["role"])
    _require(SIGN_PERMIT.allows(actor, permit, at=at), actor)
    _known(permit, role, what["office"])
    way = SignWay.SHARED_PHONE if what["way"] == SignWay.SHARED_PHONE else SignWay.OWN_PHONE
    try:
        sign_permit(
            permit=permit, role=role, actor=actor, at=at, digest=what["digest"], office=what["office"], code=what["code"],
            place=what["place"], way=SignWay.OFFLINE if now - at > LATE else way, proof=act.signature,
            signing_key=act.device.key, received_at=now,
        )  # fmt: skip
    except TextChanged as error:
        raise OtherText from error
    except NotYourSignature as error:
        fresh = Permit.objects.get(pk=permit.pk)
        if fresh.state in OVER:
            raise PermitOver(state=fresh.get_state_display()) from error
        if fresh.state in _WAY and _WAY.index(fresh.state) < _WAY.index(SIGNED_IN[role]):
            raise SignedEarly(state=fresh.get_state_display(), role=_(str(role.label))) from error
        raise


def _known(permit: Permit, role: SignRole, office: str) -> None:
    """Refuse an office that the permit's operation does not ask, before it is looked up by its name."""
    operation = profile_called(permit.profile).operation(permit.operation)
    if (role == SignRole.CO_SIGNER) != bool(office):
        raise NotFound
    if office and office not in parties_of(operation, permit.grade).co_signers:
        raise NotFound


def _gas(act: ReceivedAct, what: dict[str, Any], permit: Permit, at: datetime, now: datetime) -> None:
    _require(TEST_GAS.allows(act.person, permit, at=at), act.person)
    record_gas_test(
        permit=permit, readings=what["readings"], place=what["place"], instrument=what["instrument"], actor=act.person,
        at=at, taken_at=at - timedelta(minutes=what["minutes"]), received_at=now,
    )  # fmt: skip


def _measure(act: ReceivedAct, what: dict[str, Any], permit: Permit, at: datetime, _now: datetime) -> None:
    if what["state"] not in MeasureState.values:
        raise NotFound
    _require(SIGN_PERMIT.allows(act.person, permit, at=at), act.person)
    check_measure_late(
        permit=permit, measure=what["measure"], state=MeasureState(what["state"]), actor=act.person, at=at,
        note=what["note"],
    )  # fmt: skip


def _leave(act: ReceivedAct, what: dict[str, Any], permit: Permit, at: datetime, now: datetime) -> None:
    stop_late(
        permit=permit,
        actor=act.person,
        at=at,
        received_at=now,
        reason=StopReason.GUARDIAN,
        note=what["note"],
        leaves=True,
    )


def _stop(act: ReceivedAct, what: dict[str, Any], permit: Permit, at: datetime, now: datetime) -> None:
    # An unknown reason is still somebody who wants the work to stop.
    reason = StopReason(what["reason"]) if what["reason"] in StopReason.values else StopReason.DANGER
    stop_late(permit=permit, actor=act.person, at=at, received_at=now, reason=reason, note=what["note"])


def _require(may: bool, actor: Person) -> None:
    if not may:
        raise NotNamedHere(name=actor.name)


_DOING: dict[ActKind, Callable[[ReceivedAct, dict[str, Any], Permit, datetime, datetime], None]] = {
    ActKind.PERMIT_SIGN: _sign,
    ActKind.PERMIT_GAS: _gas,
    ActKind.PERMIT_MEASURE: _measure,
    ActKind.PERMIT_LEAVE: _leave,
    ActKind.PERMIT_STOP: _stop,
}
