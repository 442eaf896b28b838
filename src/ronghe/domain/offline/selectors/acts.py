"""Devices and received acts as an actor may see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.offline.enums import ActKind, ActState
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.rules import SEE_ACT, SEE_DEVICE
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.models import Permit
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import huddle_on
from ronghe.kernel.access.listing import Listed, list_seen


def devices_seen_by(actor: Person, at: datetime) -> QuerySet[Device]:
    """Return the devices that `actor` may see, the latest first."""
    rows = SEE_DEVICE.narrow(actor, Device.objects.all(), at=at)
    return rows.select_related("person", "revoked_by").order_by("-registered_at", "-pk")


def list_devices(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Device]:
    """Return one page of the devices that `actor` may see, the latest first."""
    rows = Device.objects.filter(filters or Q()).select_related("person", "revoked_by")
    return list_seen(SEE_DEVICE, actor, rows, order_by=("-registered_at", "-pk"), at=at, page=page, size=size)


def acts_seen_by(actor: Person, at: datetime) -> QuerySet[ReceivedAct]:
    """Return the acts that `actor` may see, the latest first."""
    rows = SEE_ACT.narrow(actor, ReceivedAct.objects.all(), at=at)
    return rows.select_related("device", "person", "activity__body", "item", "permit").order_by("-received_at", "-pk")


def list_acts(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[ReceivedAct]:
    """Return one page of the acts that `actor` may see, the latest first."""
    rows = ReceivedAct.objects.filter(filters or Q()).select_related("device", "activity__body", "item", "permit")
    return list_seen(SEE_ACT, actor, rows, order_by=("-received_at", "-pk"), at=at, page=page, size=size)


def acts_of_permit(permit: Permit) -> QuerySet[ReceivedAct]:
    """Return what was signed, read or said on a permit by phones' keys and taken; whoever sees the permit sees these."""
    rows = ReceivedAct.objects.filter(permit=permit, state=ActState.TAKEN)
    return rows.select_related("person", "device").order_by("done_at", "pk")


def acts_refused_of(actor: Person, at: datetime) -> QuerySet[ReceivedAct]:
    """Return the actor's own acts that were not taken and wait for a decision."""
    return acts_seen_by(actor, at).filter(state=ActState.REFUSED)


def huddle_to_join(act: ReceivedAct) -> Activity | None:
    """Return the huddle that was there already when a refused `open_huddle` arrived, if it still is."""
    what: dict[str, Any] = act.payload or {}
    kind = what.get("activity_type")
    if act.kind != ActKind.OPEN_HUDDLE or kind not in ActivityType.values:
        return None
    body = PartyOrg.objects.filter(pk=int(what["body"])).first()
    return huddle_on(body, ActivityType(kind), local_day(act.done_at)) if body is not None else None


def is_usable(device: Device) -> bool:
    """Tell whether what the device signed may still be taken: not revoked, and its person has a way in."""
    account: Any = device.person.account
    return device.revoked_at is None and account is not None and account.is_active and not account.administrator
