"""Who holds which post in the zone's two bodies; posts are given and taken by the committee's office (org)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_post, take_post
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors.people import BRANCH_POSTS, OFFICE_POSTS
from ronghe.domain.zones.selectors.zones import people_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class NoPostOfAZone(DomainError):
    code = "no_post_of_a_zone"
    sentence = N_("共建党支部和联合项目部没有这个职务，请另选。")
    status = 422


class NotInTheZone(DomainError):
    code = "not_in_the_zone"
    sentence = N_("%(name)s没有参加这个协作区，请先编入，再任职（PO-12）。")


class ZoneNotStarted(DomainError):
    code = "zone_not_started"
    sentence = N_("协作区启动后才有共建党支部和联合项目部，再任职。")


@transaction.atomic
def appoint_in_zone(
    *, zone: CollaborationZone, person: Person, role: PostRole, actor: Person, at: datetime
) -> PostHolding:
    """Give somebody who takes part in the zone a post in it from today on.

    :raises NotAllowed: only the committee's office gives posts
    :raises NoPostOfAZone: a role that neither body has
    :raises ZoneNotStarted: there are no bodies yet
    :raises NotInTheZone: the person does not take part
    :raises PostHeld: the person has this very post
    """
    if zone.body is None:
        raise ZoneNotStarted
    if role not in (*BRANCH_POSTS, *OFFICE_POSTS):
        raise NoPostOfAZone
    day = local_day(at)
    if not people_of(zone, day).filter(pk=person.pk).exists():
        raise NotInTheZone(name=person.name)
    return take_post(person=person, role=role, body=zone.body, since=day, actor=actor, at=at)


@transaction.atomic
def relieve_in_zone(*, post: PostHolding, actor: Person, at: datetime) -> PostHolding:
    """End a post in the zone today."""
    return leave_post(post=post, until=max(local_day(at), post.valid_from), actor=actor, at=at)
