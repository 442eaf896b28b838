"""Taking in what phones report: each act once, in the order of its phone, whatever way it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from ronghe.domain.offline.calc.acts import FIRST, Act, ActMisshapen, is_act_id, read_act
from ronghe.domain.offline.calc.times import is_to_come, is_too_old, own_time, shown_time
from ronghe.domain.offline.enums import ACT_FLOW, PERMIT_KINDS, STOPS, ActKind, ActState
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.selectors import is_usable
from ronghe.domain.offline.services.applying import Held, apply_act
from ronghe.domain.offline.services.permit_acts import SignedEarly
from ronghe.domain.permits.models import Permit
from ronghe.kernel.errors import DomainError
from ronghe.kernel.signatures import is_signed_by
from ronghe.kernel.words import N_

MOST_AT_ONCE = 100


class ActUnreadable(DomainError):
    code = "act_unreadable"
    sentence = N_("这一项的格式不对，没有收下。")
    status = 422


class DeviceUnknown(DomainError):
    code = "device_unknown"
    sentence = N_("这部手机没有登记，请登录后重新设口令，再报一次。")
    status = 403


class DeviceRevoked(DomainError):
    code = "device_revoked"
    sentence = N_("这部手机已停用，请登录后重新设口令，再报一次。")
    status = 403


class SignatureWrong(DomainError):
    code = "signature_wrong"
    sentence = N_("签名对不上，没有收下：签名不能挪到别的记录或别人名下（PM-15）。")
    status = 422


class NumberTaken(DomainError):
    code = "number_taken"
    sentence = N_("报过另一项同号的记录，没有收下：一个签名只算一次（PM-15）；请重新设口令，再报一次。")


class ChainBroken(DomainError):
    code = "chain_broken"
    sentence = N_("前一项和手机上记的不一样，没有收下。核对后再报一次。")


class ActToCome(DomainError):
    code = "act_to_come"
    sentence = N_("手机时间比实际快，算出来还没有到。校准手机时间后再报一次。")


class ActTooOld(DomainError):
    code = "act_too_old"
    sentence = N_("已过 %(days)s 天，超过补报期限。请负责人在记录里追加更正。")


class BeforeItLost(DomainError):
    code = "before_it_lost"
    sentence = N_("它前面的一项 %(days)s 天没有报来，不再等。核对后再报一次。")


@dataclass(frozen=True, slots=True)
class SignedText:
    """What the phone sends: the very text it signed, and the signature in base64."""

    text: str
    signature: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one act. What was not even kept has neither activity nor item, and no row of its own."""

    act_id: str
    state: str
    code: str = ""
    reason: str = ""
    activity: int | None = None
    item: int | None = None
    permit: int | None = None


def take_acts(*, acts: Sequence[SignedText], at: datetime) -> list[Answer]:
    """Take in a report and answer each act, in the order of the report; the signature says who acts.

    Each act is a transaction of its own, so a report that breaks off has taken what it answered or would have answered;
    reported again, it is answered the same.
    """
    answers = [_take(one, at) for one in acts[:MOST_AT_ONCE]]
    if any(one.permit is not None for one in answers):
        take_early_signatures(at=at, permits={one.permit for one in answers if one.permit is not None})
    fresh = {row.act_id: row for row in _rows([one.act_id for one in answers])}
    return [answer_of(fresh[one.act_id]) if one.act_id in fresh and not one.code else one for one in answers]


def answers_about(*, key: str, act_ids: Sequence[str]) -> list[Answer]:
    """Return what became of acts that a phone reported before, as things stand now."""
    return [answer_of(row) for row in _rows(act_ids[:MOST_AT_ONCE]) if row.device.key == key]


def answer_of(row: ReceivedAct) -> Answer:
    return Answer(row.act_id, row.state, row.code, row.reason, row.activity_id, row.item_id, row.permit_id)


def _take(signed: SignedText, at: datetime) -> Answer:
    try:
        act = read_act(signed.text)
    except ActMisshapen:
        return _unkept("", ActUnreadable())
    try:
        return _take_read(act, signed, at)
    except DomainError as error:
        return _unkept(act.id, error)


@transaction.atomic
def _take_read(act: Act, signed: SignedText, at: datetime) -> Answer:
    # The lock on the device puts all reports of one phone in a line, over however many connections they come.
    device = (
        Device.objects.select_for_update(of=("self",)).select_related("person__account").filter(key=act.key).first()
    )
    if device is None:
        raise DeviceUnknown
    content = signed.text.encode("utf-8", "surrogatepass")
    if not is_signed_by(device.public_key, device.algorithm, content, signed.signature):
        raise SignatureWrong
    known = ReceivedAct.objects.filter(act_id=act.id).first()
    if known is not None:
        if known.device_id != device.pk or known.signature != signed.signature:
            raise NumberTaken
        return answer_of(known)
    if not is_usable(device):
        raise DeviceRevoked
    if ReceivedAct.objects.filter(device=device, number=act.number).exists():
        raise NumberTaken
    row = _keep(act, signed, device, at)
    if row.kind in STOPS and row.state == ActState.WAITING and row.number != device.applied + 1:
        settle(row, at=at)  # whoever wants work to stop is not kept waiting for what else the phone has to say
    _go_on(device, at)
    return Answer(act.id, ActState.WAITING, permit=row.permit_id)


def _keep(act: Act, signed: SignedText, device: Device, at: datetime) -> ReceivedAct:
    is_void = act.kind == ActKind.VOID
    was_kind = act.what["was_kind"] if is_void else act.kind
    permit = Permit.objects.filter(pk=act.what["permit"]).first() if act.kind in PERMIT_KINDS else None
    return ReceivedAct.objects.create(
        act_id=act.id, device=device, person=device.person, number=act.number,
        kind=was_kind if was_kind in ActKind.values else ActKind.VOID,
        state=ActState.VOIDED if is_void else ActState.WAITING, done_at=own_time(act.clocks), received_at=at,
        device_at=shown_time(act.clocks), permit=permit,
        digest=act.what["was"] if is_void else act.digest, before=act.before, signature=signed.signature,
        payload=None if is_void else act.what, settled_at=at if is_void else None,
    )  # fmt: skip


def _go_on(device: Device, at: datetime) -> None:
    """Apply what is next in the phone's queue, as far as it came without a gap."""
    rows = ReceivedAct.objects.filter(device=device, number__gt=device.applied).order_by("number")
    before = ReceivedAct.objects.filter(device=device, number=device.applied).first()
    digest = before.digest if before is not None else FIRST
    for row in rows.select_related("person__account", "device"):
        if row.number != device.applied + 1:
            break
        if row.state == ActState.WAITING and row.before != digest:
            _refuse(row, ChainBroken())
        elif row.state == ActState.WAITING:
            settle(row, at=at)
        device.applied, digest = row.number, row.digest
    device.last_seen_at = at
    device.save(update_fields=["applied", "last_seen_at"])


def settle(row: ReceivedAct, *, at: datetime) -> None:
    """Apply one waiting act whose turn has come: it is taken, refused with its reason, or held by a refused one."""
    row.held_by = None
    days = settings.OFFLINE_DAYS
    try:
        # A wrong clock keeps nobody from signing or stopping work: both times are kept, and shown where they differ.
        if row.kind not in PERMIT_KINDS and is_to_come(row.done_at, row.received_at):
            raise ActToCome
        if row.kind not in STOPS and is_too_old(row.done_at, row.received_at, days=days):
            raise ActTooOld(days=days)
        # Own times never pass our clock, which the services write into the records.
        with transaction.atomic():
            outcome = apply_act(row, at=min(row.done_at, row.received_at, at), now=at)
    except Held as held:
        row.held_by = held.by
        row.save(update_fields=["held_by"])
    except DomainError as error:
        _refuse(row, error)
    else:
        ACT_FLOW.advance(
            row, "take", payload=None, code="", reason="", held_by=None, activity=outcome.activity, item=outcome.item
        )


def _refuse(row: ReceivedAct, error: DomainError) -> None:
    ACT_FLOW.advance(row, "refuse", code=error.code[:40], reason=str(error)[:200], held_by=None)


def _unkept(act_id: str, error: DomainError) -> Answer:
    return Answer(act_id, ActState.REFUSED, error.code, str(error))


def _rows(act_ids: Sequence[str]) -> list[ReceivedAct]:
    rows = ReceivedAct.objects.filter(act_id__in=[one for one in act_ids if is_act_id(one)]).select_related("device")
    return list(rows.order_by("device", "number"))


def take_early_signatures(*, at: datetime, permits: Collection[int] | None = None) -> int:
    """Try those signatures again that came before the ones they follow, on these permits or all; return how many are taken.

    Phones report in any order. Each is tried in its own transaction, the device's row held first as everywhere.
    """
    count = 0
    while True:
        rows = ReceivedAct.objects.filter(state=ActState.REFUSED, code=SignedEarly.code)
        if permits is not None:
            rows = rows.filter(permit__in=permits)
        taken = sum(
            _try_again(pk, at) for pk in rows.order_by("done_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
        )
        count += taken
        if not taken:
            return count


@transaction.atomic
def _try_again(pk: int, at: datetime) -> bool:
    key = ReceivedAct.objects.filter(pk=pk).values_list("device_id", flat=True).get()
    device = Device.objects.select_for_update(of=("self",)).select_related("person__account").get(pk=key)
    row = ReceivedAct.objects.select_related("person__account", "device").get(pk=pk)
    if row.state != ActState.REFUSED or row.code != SignedEarly.code or not is_usable(device):
        return False
    try:
        with transaction.atomic():
            apply_act(row, at=min(row.done_at, row.received_at), now=at)
    except DomainError as error:
        if error.code != SignedEarly.code:
            ReceivedAct.objects.filter(pk=pk).update(code=error.code[:40], reason=str(error)[:200])
        return False
    ACT_FLOW.advance(row, "take", payload=None, code="", reason="", held_by=None)
    return True


def give_up_gaps(*, at: datetime) -> int:
    """Refuse what has waited too long for an act that never came, and return how many; their authors decide then."""
    days = settings.OFFLINE_DAYS
    stuck = ReceivedAct.objects.filter(
        state=ActState.WAITING, held_by=None, received_at__lt=at - timedelta(days=days)
    ).order_by("pk")
    count = 0
    for row in stuck:
        with transaction.atomic():
            device = Device.objects.select_for_update().get(pk=row.device_id)
            fresh = ReceivedAct.objects.filter(pk=row.pk, state=ActState.WAITING, held_by=None).first()
            if fresh is None or fresh.number <= device.applied:
                continue
            _refuse(fresh, BeforeItLost(days=days))
            count += 1
    return count
