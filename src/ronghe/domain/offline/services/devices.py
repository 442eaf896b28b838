"""A phone's key is registered by its owner at log-in, and stopped by the owner or the security administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.offline.facts import DEVICE_REGISTERED, DEVICE_REVOKED
from ronghe.domain.offline.models import Device
from ronghe.domain.offline.rules import REGISTER_DEVICE, REVOKE_DEVICE
from ronghe.domain.org.models import Person
from ronghe.domain.permits.services.voiding import void_signatures
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.signatures import KeyUnreadable, is_signed_by, key_digest
from ronghe.kernel.words import N_

MOST_DEVICES = 5


class TooManyDevices(DomainError):
    code = "too_many_devices"
    sentence = N_("已登记 %(count)s 部手机，请先停用不再用的。")


class KeyOfAnother(DomainError):
    code = "key_of_another"
    sentence = N_("这把密钥已登记过或已停用，请在手机上重新设口令。")


class LossToCome(DomainError):
    code = "loss_to_come"
    sentence = N_("丢失时间不能晚于现在，请改。")
    status = 422


def proof_text(algorithm: str, public_key: str, name: str) -> str:
    """Return what the new key signs to show that the private half is there."""
    return f"ronghe.device\n{algorithm}\n{public_key}\n{name}"


@transaction.atomic
def register_device(
    *, name: str, algorithm: str, public_key: str, proof: str, actor: Person, at: datetime
) -> Device:  # fmt: skip
    """Register the key that the actor's phone has made; the same key of the same person a second time is that device.

    :raises NotAllowed: an administrator's account (SE-08)
    :raises KeyUnreadable: no key, another algorithm, or `proof` was not made by it
    :raises KeyOfAnother: somebody else's, or one that was revoked
    :raises TooManyDevices: enough are registered
    """
    REGISTER_DEVICE.require(actor, actor, at=at)
    if actor.account is None or actor.account.administrator:
        raise NotAllowed
    name = " ".join(name.replace("\x00", "").split())[:40]
    key = key_digest(algorithm, public_key)
    if not is_signed_by(public_key, algorithm, proof_text(algorithm, public_key, name).encode(), proof):
        raise KeyUnreadable
    Person.objects.select_for_update().get(pk=actor.pk)  # so that two phones at once cannot both be the last one
    known = Device.objects.filter(key=key).first()
    if known is not None:
        if known.person_id != actor.pk or known.revoked_at is not None:
            raise KeyOfAnother
        return known
    count = Device.objects.filter(person=actor, revoked_at=None).count()
    if count >= MOST_DEVICES:
        raise TooManyDevices(count=count)
    device = _created(actor, name, key, algorithm, public_key, at)
    record(Draft(DEVICE_REGISTERED, at, actor, about=actor, attributes={"algorithm": algorithm}, source=device))
    return device


@transaction.atomic
def revoke_device(*, device: Device, actor: Person, at: datetime, lost_at: datetime | None = None) -> Device:
    """Stop a device: whatever it signed and did not report yet is not taken any more.

    What its key signed on permits from `lost_at` on (now, where nobody says since when) is voided there (PM-15).

    :raises Stale: it was stopped already
    :raises LossToCome: lost in the future
    """
    REVOKE_DEVICE.require(actor, device, at=at)
    since = lost_at or at
    if since > at:
        raise LossToCome
    # The row is held until the end, so that no report of this phone is taken between the look and the stop.
    Device.objects.select_for_update().get(pk=device.pk)
    if not Device.objects.filter(pk=device.pk, revoked_at=None).update(
        revoked_at=at, revoked_by=actor, lost_at=since
    ):  # fmt: skip
        raise Stale
    device.revoked_at, device.revoked_by, device.lost_at = at, actor, since
    record(Draft(DEVICE_REVOKED, at, actor, about=device.person, source=device))
    void_signatures(key=device.key, since=since, actor=actor, at=at)
    return device


def _created(actor: Person, name: str, key: str, algorithm: str, public_key: str, at: datetime) -> Device:
    try:
        with transaction.atomic():
            return Device.objects.create(
                person=actor, name=name or algorithm, key=key, algorithm=algorithm, public_key=public_key,
                registered_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise KeyOfAnother from error
