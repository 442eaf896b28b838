"""A pool is shared while its zone is there or its agreement is in force."""

from __future__ import annotations

from datetime import datetime, timedelta

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.models import Pool
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class PoolClosed(DomainError):
    code = "pool_closed"
    sentence = N_("“%(name)s”现在不在有效期内，不能共享、预订、记思想动态；以前的记录仍可查看。")


class PoolEndsSooner(DomainError):
    code = "pool_ends_sooner"
    sentence = N_("“%(name)s”到 %(day)s 为止，请订在这之前。")
    status = 422


def hold(pool: Pool) -> Pool:
    """Return the pool as it is now, held until the act is over: whoever ends it at the same time waits or was first.

    Whoever holds several takes them in the order of their keys.
    """
    if pool.zone is not None:
        return Pool(zone=CollaborationZone.objects.select_for_update().get(pk=pool.zone.pk))
    return Pool(agreement=Agreement.objects.select_for_update().get(pk=pool.owner.pk))


def held_open(pool: Pool, at: datetime) -> Pool:
    """Return the pool as it is now, held until the act is over.

    :raises PoolClosed: it is not shared today
    """
    held = hold(pool)
    refuse_closed(held, at)
    return held


def refuse_closed(pool: Pool, at: datetime, *, until: datetime | None = None) -> None:
    """Return where the pool is shared at `at`, and on to `until` if that is said.

    :raises PoolClosed: it is not shared today; a supplement has no pool of its own
    :raises PoolEndsSooner: it is not shared any more before `until`
    """
    supplements = pool.agreement is not None and pool.agreement.supplements_id is not None
    if not pool.is_open(local_day(at)) or supplements:
        raise PoolClosed(name=pool.name)
    ends = pool.open_until
    if until is not None and ends is not None and local_day(until - timedelta(microseconds=1)) >= ends:
        raise PoolEndsSooner(name=pool.name, day=ends - timedelta(days=1))
