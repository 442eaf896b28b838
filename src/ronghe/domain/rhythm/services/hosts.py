"""An activity held together: bodies join as hosts, and each takes the one record as its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.enums import HUDDLES, OWN_PRESENCE, TYPES_OF_TREE, ActivityState, ActivityType
from ronghe.domain.rhythm.facts import HOST_ADDED, HOST_WITHDRAWN
from ronghe.domain.rhythm.models import Activity, ActivityHost
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, RUN_ACTIVITY
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


@dataclass(frozen=True, slots=True)
class HostAs:
    """A body that joins in, and what the activity is called there."""

    body: PartyOrg
    counts_as: ActivityType


class HostRefused(DomainError):
    code = "host_refused"
    sentence = N_("不能与“%(body)s”联办：%(why)s")
    status = 422


class HostNotYours(NotAllowed):
    code = "host_not_yours"
    sentence = N_("“%(body)s”的活动不由您安排，请它的负责人，或能安排两边活动的上级党组织负责人来加。")


class HostsFixed(DomainError):
    code = "hosts_fixed"
    sentence = N_("%(activity_type)s的状态是“%(state)s”，联办组织不能再改。")


@transaction.atomic
def add_host(*, activity: Activity, host: HostAs, actor: Person, at: datetime) -> ActivityHost:
    """Let a body hold the activity together with its main body; the actor may plan for both.

    :raises HostNotYours: the actor may not plan activities of that body, so may not credit it with one either
    :raises HostRefused: a huddle; the main body itself; a kind of gathering that its tree does not hold; one that wants
        everybody's own act (PM-15) where the main body's does not
    :raises HostsFixed: it is closed or called off
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not PLAN_ACTIVITY.allows(actor, host.body, at=at):
        raise HostNotYours(body=host.body.name)
    fresh = _lock_unfinished(activity)
    _refuse_unfit(fresh, host)
    try:
        with transaction.atomic():
            row = ActivityHost.objects.create(activity=fresh, body=host.body, counts_as=host.counts_as)
    except IntegrityError as error:
        raise HostRefused(body=host.body.name, why=_("它已经是联办组织。")) from error
    activity.__dict__.pop("host_rows", None)
    _record(fresh, row, HOST_ADDED, actor, at)
    return row


@transaction.atomic
def withdraw_host(*, host: ActivityHost, actor: Person, at: datetime) -> None:
    """Take a host back before the activity is closed; whoever runs it, or leads the host.

    :raises HostsFixed: it is closed or called off
    :raises NotFound: somebody else took it back a moment ago
    """
    if not PLAN_ACTIVITY.allows(actor, host.body, at=at):
        RUN_ACTIVITY.require(actor, host.activity, at=at)
    fresh = _lock_unfinished(host.activity)
    gone, _by_model = ActivityHost.objects.filter(pk=host.pk).delete()
    if not gone:
        raise NotFound
    host.activity.__dict__.pop("host_rows", None)
    _record(fresh, host, HOST_WITHDRAWN, actor, at)


def _lock_unfinished(activity: Activity) -> Activity:
    fresh: Activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if fresh.state not in (ActivityState.PLANNED, ActivityState.OPEN):
        raise HostsFixed(activity_type=fresh.get_activity_type_display(), state=fresh.get_state_display())
    return fresh


def _refuse_unfit(activity: Activity, host: HostAs) -> None:
    body, kind = host.body, ActivityType(host.counts_as)
    why = ""
    if body.pk == activity.body_id:
        why = _("它就是主办组织。")
    elif activity.is_huddle or kind in HUDDLES:
        why = _("碰头会各开各的，不联办。")
    elif kind not in TYPES_OF_TREE[body.tree]:
        why = _("它不开展%(activity_type)s。") % {"activity_type": _(str(kind.label))}
    elif kind in OWN_PRESENCE and activity.allows_ticking:
        why = _("%(activity_type)s须本人签到，要由它主办（PM-15）。") % {"activity_type": _(str(kind.label))}
    if why:
        raise HostRefused(body=body.name, why=why)


def _record(activity: Activity, host: ActivityHost, kind: FactKind, actor: Person, at: datetime) -> None:
    attributes = {"activity_type": host.counts_as}
    record(Draft(kind, at, actor, body=host.body_id, zone=activity.zone_id, attributes=attributes, source=activity))
