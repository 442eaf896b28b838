"""Who is expected at an activity: as the adopted mechanism says, else as its kind of gathering is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.obligations.calc.answering import LEADS as LEADS_IN_ORDER
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.playbooks.calc.vocabulary import Expected
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.db.tree import on_day

COMMITTEE = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)
UNION_COMMITTEE = frozenset(
    {PostRole.UNION_CHAIR, PostRole.UNION_DEPUTY, PostRole.UNION_MEMBER, PostRole.WOMEN_OFFICER}
)
LEAGUE_COMMITTEE = frozenset({PostRole.LEAGUE_SECRETARY, PostRole.LEAGUE_DEPUTY, PostRole.LEAGUE_MEMBER})
COMMITTEE_OF = {
    ActivityType.COMMITTEE_MEETING: COMMITTEE,
    ActivityType.PARTY_COMMITTEE_MEETING: COMMITTEE,
    ActivityType.UNION_COMMITTEE_MEETING: UNION_COMMITTEE,
    ActivityType.LEAGUE_COMMITTEE_MEETING: LEAGUE_COMMITTEE,
}
"""Gatherings of a body's committee alone."""
LEADS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ZONE_LEAD,
        PostRole.GROUP_LEADER,
        PostRole.TEAM_LEADER,
    }
)
OF_LEADS = frozenset(
    {
        ActivityType.JOINT_CONFERENCE,
        ActivityType.WEEKLY_MEETING,
        ActivityType.MONTHLY_ANALYSIS,
        ActivityType.TWO_PLUS_ONE_APPRAISAL,
    }
)
"""Gatherings of the units' leads, not of everybody in the zone."""


OF_THE_OWNER = frozenset({ParticipantRole.OWNER, ParticipantRole.HOST_SITE})
"""Whoever takes part in a zone as something else is a contractor there."""


def expected_people(activity: Activity) -> QuerySet[Person]:
    """Return who is expected, by name, as the bodies stood on the activity's day.

    Its mechanism says who, where the body adopted one (`form.expected`). Else a committee meeting expects the committee, a
    general meeting the members at home, conferences of the units the leads, everything else everybody who belongs to the
    body or group. Held together, each host expects its own, once a person. Whoever is off shift is still in this list.
    """
    wanted = _expected_of(activity)
    for host in activity.host_rows:
        wanted |= _expected_in(host.body_id, host.counts_as, activity.day)
    return Person.objects.filter(wanted).select_related("unit").order_by("name", "pk")


def is_expected(activity: Activity, person: Person) -> bool:
    """Tell whether `person` is expected at the activity."""
    return expected_people(activity).filter(pk=person.pk).exists()


def leaves_out_off_shift(activity: Activity) -> bool:
    """Tell whether people off shift are not expected: at a huddle, and where the mechanism expects the shift alone."""
    return activity.is_huddle or (activity.form is not None and Expected.STAFF_ON_SHIFT in activity.form.expected)


@dataclass(frozen=True, slots=True)
class Part:
    """What an activity is for one of the bodies that hold it, and the ids of those whom that body expects."""

    body_id: int
    counts_as: str
    expected: set[int]


def parts_of(activity: Activity) -> list[Part]:
    """Return what the activity is for its main body and for each host; one read a body."""
    held = [(activity.body_id, activity.activity_type, _expected_of(activity))]
    held += [
        (host.body_id, host.counts_as, _expected_in(host.body_id, host.counts_as, activity.day))
        for host in activity.host_rows
    ]
    return [
        Part(body_id, kind, set(Person.objects.filter(wanted).order_by().values_list("pk", flat=True)))
        for body_id, kind, wanted in held
    ]


def committee_of(body: PartyOrg, activity_type: str, day: date) -> QuerySet[Person]:
    """Return the committee of a body on a day, by name: of the Party's tree unless the gathering is the union's or league's."""
    roles = COMMITTEE_OF.get(ActivityType(activity_type), COMMITTEE)
    posts = PostHolding.objects.filter(on_day(day), role__in=roles, body=body)
    return Person.objects.filter(pk__in=_people(posts)).order_by("name", "pk")


def lead_of(body: PartyOrg, day: date) -> Person | None:
    """Return who leads a body on a day and so chairs what its clerk plans: the secretary, else the deputy, else the next."""
    posts = PostHolding.objects.filter(on_day(day), role__in=LEADS_IN_ORDER, body=body).select_related("person")
    first = min(posts, key=lambda post: (LEADS_IN_ORDER.index(post.role), post.pk), default=None)
    return first.person if first is not None else None


def people_to_chair(activity: Activity) -> QuerySet[Person]:
    """Return who may be named to chair, by name: the committee of the body, and who is expected."""
    committee = committee_of(activity.body, activity.activity_type, activity.day)
    wanted = Q(pk__in=committee.order_by().values("pk")) | Q(pk__in=expected_people(activity).order_by().values("pk"))
    return Person.objects.filter(wanted).select_related("unit").order_by("name", "pk")


def _expected_of(activity: Activity) -> Q:
    form = activity.form
    if form is None or not form.expected:
        return _expected_in(activity.body_id, activity.activity_type, activity.day)
    return _expected_by(activity, form.expected)


def _expected_by(activity: Activity, wanted: Iterable[Expected]) -> Q:
    """Return the condition on whom the words of a playbook expect; each adds people."""
    return reduce(or_, [_expected_as(activity, word) for word in wanted])


def _expected_as(activity: Activity, word: Expected) -> Q:
    body_id, day = activity.body_id, activity.day
    if word is Expected.UNIT_LEADS:
        return _leads_in(body_id, day)
    if word is Expected.VOTING_MEMBERS:
        return Q(pk__in=voters_of(activity.body, day).order_by().values("pk"))
    if word is Expected.COMMITTEE_MEMBERS:
        return Q(pk__in=committee_of(activity.body, activity.activity_type, day).order_by().values("pk"))
    if word is Expected.MEMBERS and activity.activity_type == ActivityType.GENERAL_MEETING:
        return _expected_in(body_id, activity.activity_type, day)
    belong = Q(pk__in=_people(_members(body_id, day)))
    if word is Expected.MEMBERS:
        return belong & Q(political_status__in=PARTY_MEMBERS)
    if word is Expected.CONTRACTORS and activity.zone_id is not None:
        units = ParticipatingUnit.objects.filter(on_day(day), zone_id=activity.zone_id)
        return belong & Q(unit_id__in=units.exclude(role__in=OF_THE_OWNER).order_by().values("unit_id"))
    return belong


def _expected_in(body_id: int, activity_type: str, day: date) -> Q:
    if activity_type in COMMITTEE_OF:
        roles = COMMITTEE_OF[ActivityType(activity_type)]
        return Q(pk__in=_people(PostHolding.objects.filter(on_day(day), role__in=roles, body=body_id)))
    members = _members(body_id, day)
    if activity_type == ActivityType.GENERAL_MEETING:
        at_home = members.filter(kind=MembershipKind.HOME)
        return Q(pk__in=_people(at_home), political_status__in=PARTY_MEMBERS)
    if activity_type in OF_LEADS:
        return _leads_in(body_id, day)
    return Q(pk__in=_people(members))


def _leads_in(body_id: int, day: date) -> Q:
    leads = PostHolding.objects.filter(on_day(day), role__in=LEADS)
    here = Q(pk__in=_people(_members(body_id, day))) & Q(pk__in=_people(leads))
    return here | Q(pk__in=_people(leads.filter(body=body_id)))


def _members(body_id: int, day: date) -> QuerySet[Membership]:
    return Membership.objects.filter(on_day(day), Q(body=body_id) | Q(group=body_id))


def _people(rows: QuerySet[Membership] | QuerySet[PostHolding]) -> Any:
    return rows.order_by().values("person_id")
