"""One way to record what happened on a chain, and to hold it still meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.facts import record as facts
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft
from ronghe.kernel.words import N_


class ChainDayOver(DomainError):
    code = "chain_day_over"
    sentence = N_("这是 %(day)s 的现场三会，只能当天办。今天的请另开一次。")


def record(
    kind: FactKind, chain: SiteChain, actor: Person | None, at: datetime, *, about: Person | None = None,
    source: models.Model | None = None, **attributes: object,
) -> None:  # fmt: skip
    """Record a fact of the chain's body."""
    facts.record(
        Draft(
            kind, at, actor, about=about, body=chain.body_id, zone=chain.zone_id,
            project=chain.task_force.project_id if chain.task_force is not None else None, attributes=attributes,
            source=source or chain,
        )
    )  # fmt: skip


def locked(chain: SiteChain, *, at: datetime | None = None) -> SiteChain:
    """Return the chain as it is now, held until the transaction ends; with `at`, only on its own day.

    :raises ChainDayOver: its day has passed
    """
    rows = SiteChain.objects.select_for_update(of=("self",)).select_related("body", "zone", "task_force", "leader")
    fresh = rows.filter(pk=chain.pk).first()
    if fresh is None:
        raise NotFound
    if at is not None and local_day(at) != fresh.day:
        raise ChainDayOver(day=fresh.day)
    return fresh
