"""Talks as an actor may see them, between whom they count, and which pairs of a body's year are open (PM-09)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import PARTY_KINDS, PARTY_MEMBERS, MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.partylife.calc.pairs import Need, NeedKind, Pair, Progress, needs_of, next_for, progress_of
from ronghe.domain.partylife.enums import COUNTING, TalkKind, TalkState
from ronghe.domain.partylife.models import PlannedTalk, Talk
from ronghe.domain.partylife.rules import SEE_MATRIX, SEE_TALK
from ronghe.domain.rhythm.selectors.expected import COMMITTEE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day


def talks_seen_by(actor: Person, at: datetime) -> QuerySet[Talk]:
    """Return the talks that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_TALK.narrow(actor, Talk.objects.all(), at=at, walk=True)
    return rows.select_related("by", "other", "body", "task").order_by("-day", "-pk")


def list_talks(actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20) -> Listed[Talk]:
    """Return one page of the talks that `actor` may see, the latest first; two statements."""
    rows = Talk.objects.filter(filters or Q()).select_related("by", "other", "body")
    return list_seen(SEE_TALK, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def own_talks(actor: Person) -> QuerySet[Talk]:
    """Return the talks that `actor` had, the latest first."""
    rows = Talk.objects.filter(Q(by=actor) | Q(other=actor)).select_related("by", "other", "body", "task")
    return rows.order_by("-day", "-pk")


def talks_to_confirm(actor: Person, at: datetime) -> QuerySet[Talk]:  # noqa: ARG001 - as every inbox is asked
    """Return the talks that others recorded with `actor` and that `actor` has not answered, the oldest first."""
    rows = Talk.objects.filter(other=actor, state=TalkState.RECORDED)
    return rows.select_related("by", "other", "body").order_by("day", "pk")


def plans_of(actor: Person) -> QuerySet[PlannedTalk]:
    """Return the talks that `actor` means to have, the next first."""
    rows = PlannedTalk.objects.filter(by=actor, talk=None, dropped_at=None)
    return rows.select_related("other__unit").order_by("planned_on", "pk")


def plans_due(actor: Person, at: datetime) -> QuerySet[PlannedTalk]:
    """Return the talks whose planned day has come."""
    return plans_of(actor).filter(planned_on__lte=local_day(at))


def people_to_talk_with(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return whom `actor` may record a talk with, by name: whoever belongs to a body of the actor's, or is in reach."""
    day = local_day(at)
    led = [post.body_id for post in standing_of(actor, day).posts if post.body_id]
    bodies = {*standing_of(actor, day).bodies, *led}
    beside = Membership.objects.filter(on_day(day), Q(body_id__in=bodies) | Q(group_id__in=bodies)).order_by()
    posted = PostHolding.objects.filter(on_day(day), body_id__in=bodies, role__in=COMMITTEE).order_by()
    seen = SEE_PERSON.narrow(actor, Person.objects.filter(valid_until=None), at=at).order_by().values("pk")
    here = Q(pk__in=beside.values("person_id")) | Q(pk__in=posted.values("person_id")) | Q(pk__in=seen)
    rows: QuerySet[Person] = Person.objects.filter(here, valid_until=None).exclude(pk=actor.pk)
    return rows.select_related("unit").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Between:
    """What a talk of two people is by PM-09, and for which body it counts."""

    kind: TalkKind
    body_id: int


def between(one: Person, two: Person, day: date) -> Between | None:
    """Return what a talk of the two is on `day`; `None` where neither belongs to a body.

    The nearest common ground comes first: a committee that both sit on, a body that one leads and the other is at home in
    or below, the common home.
    """
    led = _led_by([one, two], day)
    homes = _homes_of([one, two], day)
    both = led[one.pk] & led[two.pk]
    if both:
        return Between(TalkKind.COMMITTEE, max(both))
    members = one.is_party_member and two.is_party_member
    ground = _leading(led[one.pk], homes[two.pk], day) or _leading(led[two.pk], homes[one.pk], day)
    if members and ground is not None:
        return Between(TalkKind.LEADER_MEMBER, ground)
    common = homes[one.pk] & homes[two.pk]
    body = next(iter(sorted(common) or sorted(homes[one.pk]) or sorted(homes[two.pk])), None) or ground
    body = body or next(iter(sorted(led[one.pk] | led[two.pk])), None) or _post_body(one, day)
    if body is None:
        return None
    return Between(TalkKind.MEMBERS if members else TalkKind.ORDINARY, body)


def bodies_of_pair(one: Person, two: Person, day: date) -> set[int]:
    """Return the bodies whose year a talk of the two may bring further: where both sit on the committee or are at home."""
    led, homes = _led_by([one, two], day), _homes_of([one, two], day, only_home=True)
    return (led[one.pk] | homes[one.pk]) & (led[two.pk] | homes[two.pk])


@dataclass(frozen=True, slots=True)
class Matrix:
    """A body's year by pairs. `talked` counts the talks of each pair, `unsure` those of which none is confirmed."""

    body: PartyOrg
    year: int
    committee: list[Person]
    members: list[Person]
    talked: dict[Pair, int]
    unsure: set[Pair]
    progress: Progress

    def held(self, one: Person, two: Person) -> int:
        return self.talked.get(frozenset((one.pk, two.pk)), 0)


def matrix_of(body: PartyOrg, year: int, today: date) -> Matrix:
    """Return how far a body's year is, as the body stands today or stood at the end of a year gone by; three reads."""
    day = min(today, date(year, 12, 31))
    committee = _committee_of(body.pk, day)
    members = _members_of(body.pk, day)
    inside = {person.pk for person in (*committee, *members)}
    rows = Talk.objects.filter(
        by__in=inside, other__in=inside, state__in=COUNTING, day__gte=date(year, 1, 1), day__lte=date(year, 12, 31)
    )
    talked: Counter[Pair] = Counter()
    confirmed: set[Pair] = set()
    for by, other, state in rows.order_by("pk").values_list("by_id", "other_id", "state"):
        pair = frozenset((by, other))
        talked[pair] += 1
        if state == TalkState.CONFIRMED:
            confirmed.add(pair)
    needs = needs_of([person.pk for person in committee], [person.pk for person in members])
    leaders = {person.pk for person in committee}
    plain = [person for person in members if person.pk not in leaders]
    return Matrix(
        body, year, committee, plain, dict(talked), set(talked) - confirmed, progress_of(needs, talked.keys())
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """One open need of a matrix in people; `with_any` is left out where it is anybody of the committee or of the members."""

    kind: NeedKind
    who: Person
    other: Person | None


def missing_in(matrix: Matrix) -> list[Missing]:
    """Return what is open, committee pairs first, then by name."""
    people = {person.pk: person for person in (*matrix.committee, *matrix.members)}
    order = {kind: place for place, kind in enumerate(NeedKind)}

    def shown(need: Need) -> Missing:
        other = people[min(need.with_any)] if need.kind == NeedKind.COMMITTEE else None
        return Missing(need.kind, people[need.who], other)

    return sorted(map(shown, matrix.progress.missing), key=lambda one: (order[one.kind], one.who.name, one.who.pk))


@dataclass(frozen=True, slots=True)
class NextTalk:
    """Somebody to talk with next, and which head of PM-09 that would meet in which body."""

    person: Person
    kind: NeedKind
    body: PartyOrg


def next_talks(actor: Person, at: datetime, *, most: int = 6) -> list[NextTalk]:
    """Return whom `actor` should talk with next this year: for the home and for each committee sat on."""
    today = local_day(at)
    bodies = PartyOrg.objects.filter(pk__in=_own_bodies(actor, today), valid_until=None).order_by("pk")
    planned = set(plans_of(actor).order_by().values_list("other_id", flat=True))
    found: dict[int, NextTalk] = {}
    for body in bodies:
        matrix = matrix_of(body, today.year, today)
        people = {person.pk: person for person in (*matrix.committee, *matrix.members)}
        for pk, kind in next_for(actor.pk, matrix.progress, planned):
            if pk not in planned:
                found.setdefault(pk, NextTalk(people[pk], kind, body))
    order = {kind: place for place, kind in enumerate(NeedKind)}
    return sorted(found.values(), key=lambda one: (order[one.kind], one.person.name, one.person.pk))[:most]


def bodies_with_matrix(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose pairs `actor` may look at, by name: those in which members are at home, and committees."""
    kinds = ("branch", "joint_branch", "floating_branch", "committee", "general_branch")
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=kinds)
    return SEE_MATRIX.narrow(actor, rows, at=at).order_by("name", "pk")


def _own_bodies(person: Person, day: date) -> set[int]:
    return _led_by([person], day)[person.pk] | _homes_of([person], day, only_home=True)[person.pk]


def _led_by(people: Iterable[Person], day: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {person.pk: set() for person in people}
    posts = PostHolding.objects.filter(
        on_day(day), person_id__in=found, role__in=COMMITTEE, body__kind__in=PARTY_KINDS
    ).order_by()
    for person_id, body_id in posts.values_list("person_id", "body_id"):
        found[person_id].add(body_id)
    return found


def _homes_of(people: Iterable[Person], day: date, *, only_home: bool = False) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {person.pk: set() for person in people}
    kinds = [MembershipKind.HOME] if only_home else [MembershipKind.HOME, MembershipKind.PARTICIPATION]
    rows = Membership.objects.filter(on_day(day), person_id__in=found, kind__in=kinds).order_by()
    for person_id, body_id in rows.values_list("person_id", "body_id"):
        found[person_id].add(body_id)
    return found


def _post_body(person: Person, day: date) -> int | None:
    """Return the first body in which somebody holds whatever post: a clerk leads nobody and is at home elsewhere."""
    return next((post.body_id for post in standing_of(person, day).posts if post.body_id), None)


def _leading(led: set[int], homes: set[int], day: date) -> int | None:
    """Return the nearest body of `led` in or below which one of `homes` lies."""
    if not led or not homes:
        return None
    links = PartyOrg.links().filter(on_day(day), ancestor_id__in=led, descendant_id__in=homes)
    nearest: int | None = links.order_by("depth", "ancestor_id").values_list("ancestor_id", flat=True).first()
    return nearest


def _committee_of(body_id: int, day: date) -> list[Person]:
    posts = PostHolding.objects.filter(on_day(day), role__in=COMMITTEE, body_id=body_id).order_by()
    rows = Person.objects.filter(pk__in=posts.values("person_id")).select_related("unit")
    return list(rows.order_by("name", "pk"))


def _members_of(body_id: int, day: date) -> list[Person]:
    homes = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body_id=body_id).order_by()
    rows = Person.objects.filter(pk__in=homes.values("person_id"), political_status__in=PARTY_MEMBERS)
    return list(rows.select_related("unit").order_by("name", "pk"))
