"""The end of a zone: one transaction in which everything that was of it alone ends with it (§9.1). There is no way back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.floating.enums import StayState
from ronghe.domain.floating.services.stays import end_stay
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_body, leave_post
from ronghe.domain.playbooks.services import end_adoption
from ronghe.domain.structure.facts import UNIT_CLOSED
from ronghe.domain.structure.services.identities import close_body
from ronghe.domain.zones.enums import ZONE_FLOW
from ronghe.domain.zones.facts import UNIT_LEFT, ZONE_DISSOLVED
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneDissolution
from ronghe.domain.zones.rules import FOUND_ZONE
from ronghe.domain.zones.selectors.endings import (
    WhatEnds,
    adoptions_ending,
    memberships_ending,
    posts_ending,
    stays_of,
    what_ends,
)
from ronghe.domain.zones.selectors.records import archive_of
from ronghe.kernel.db import tree
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_, listed


class DissolutionReasonMissing(DomainError):
    code = "dissolution_reason_missing"
    sentence = N_("请写明为什么解散，例如项目完工投产。")
    status = 422


class BodiesInTheWay(DomainError):
    code = "bodies_in_the_way"
    sentence = N_("%(names)s还在协作区下面，请先撤销或转出，再解散。")


class FloatingUnsettled(DomainError):
    code = "floating_unsettled"
    sentence = N_("有 %(count)s 名流动党员登记后没有编入，请先办完（PF-03），再解散。")


@transaction.atomic
def dissolve_zone(
    *, zone: CollaborationZone, reason: str, actor: Person, at: datetime, call_off: bool = False,
    hand_over: bool = False,
) -> ZoneDissolution:  # fmt: skip
    """Dissolve an evaluated zone today; its records stay.

    The adoptions of its branch end, and with them what it would owe later; floating members get their return slips
    (PF-03); participations, posts and the parts of units end; the branch and the joint project office go (PO-05).
    `call_off` and `hand_over` decide about meetings planned and tasks open: the rooms that keep them act on the fact,
    or refuse it where nothing was decided.

    :raises DissolutionReasonMissing: no words
    :raises StepNotAllowed: it was not evaluated
    :raises Stale: somebody else dissolved it a moment ago
    :raises FloatingUnsettled: floating members are registered here and not attached yet
    :raises BodiesInTheWay: other bodies or units stand below the zone's own
    :raises DomainError: what other rooms have against it
    """
    FOUND_ZONE.require(actor, zone, at=at)
    if not reason.strip():
        raise DissolutionReasonMissing
    day = local_day(at)
    # The step comes first: whoever is second waits here and is told.
    ZONE_FLOW.advance(zone, "dissolve", dissolved_on=day)
    going = what_ends(zone)
    if going.unsettled:
        raise FloatingUnsettled(count=going.unsettled)
    if going.in_the_way:
        raise BodiesInTheWay(names=listed(f"“{name}”" for name in going.in_the_way))
    _end_what_is_owed(zone, day, actor, at)
    _let_people_go(zone, day, actor, at)
    _let_units_go(zone, day, actor, at)
    _close(zone, going, day, actor, at)
    record(
        Draft(ZONE_DISSOLVED, at, actor, body=zone.body_id, zone=zone.pk, source=zone, attributes={
            "day": day, "call_off": call_off, "hand_over": hand_over,
            **{name: going.counts[name] for name in ("adoptions", "participations", "floating", "posts")},
        })
    )  # fmt: skip
    return ZoneDissolution.objects.create(
        zone=zone, reason=reason.strip(), ended=going.counts, dissolved_on=day, dissolved_by=actor, dissolved_at=at,
        archive=[{"kind": row["kind"], "count": row["count"]} for row in map(asdict, archive_of(zone))],
    )  # fmt: skip


def _end_what_is_owed(zone: CollaborationZone, day: date, actor: Person, at: datetime) -> None:
    for adoption in adoptions_ending(zone):
        end_adoption(adoption=adoption, until=max(day, adoption.valid_from), actor=actor, at=at)


def _let_people_go(zone: CollaborationZone, day: date, actor: Person, at: datetime) -> None:
    for stay in stays_of(zone).filter(state=StayState.ATTACHED).select_related("person").order_by("pk"):
        end_stay(stay=stay, on=day, actor=actor, at=at)
    for post in posts_ending(zone):
        leave_post(post=post, until=max(day, post.valid_from), actor=None, at=at)
    for membership in memberships_ending(zone):
        leave_body(membership=membership, until=max(day, membership.valid_from), actor=None, at=at)


def _let_units_go(zone: CollaborationZone, day: date, actor: Person, at: datetime) -> None:
    parties = list(ParticipatingUnit.objects.filter(zone=zone, valid_until=None).order_by("pk"))
    for party in parties:
        party.valid_until = max(day, party.valid_from)
    ParticipatingUnit.objects.bulk_update(parties, ["valid_until"])
    record_many(
        Draft(UNIT_LEFT, at, actor, body=zone.body_id, unit=party.unit_id, zone=zone.pk,
              attributes={"role": party.role}, source=party)
        for party in parties
    )  # fmt: skip
    for row in zone.zone_projects.filter(valid_until=None):
        row.valid_until = max(day, row.valid_from)
        row.save(update_fields=["valid_until"])


def _close(zone: CollaborationZone, going: WhatEnds, day: date, actor: Person, at: datetime) -> None:
    for group in going.groups:
        close_body(body=group, until=day, at=at)
    if zone.body is not None:
        close_body(body=zone.body, until=day, at=at)
    if zone.office is not None:
        office = AdminUnit.objects.get(pk=zone.office.pk)
        tree.close(office, until=day)
        record(Draft(UNIT_CLOSED, at, actor, unit=office.pk, zone=zone.pk, source=office))
