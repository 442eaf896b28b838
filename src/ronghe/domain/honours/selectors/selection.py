"""评选: calls, who is named, vetoes read from the facts, what may be shown of vetting and objections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ronghe.domain.honours.calc.choosing import ByVotes, by_votes
from ronghe.domain.honours.calc.terms import months_later
from ronghe.domain.honours.enums import (
    Aspect,
    CallObjectionState,
    CallState,
    CallWay,
    HolderKind,
    NominationState,
)
from ronghe.domain.honours.models import (
    CallObjection,
    Honour,
    HonourCall,
    Nomination,
    NominationEvidence,
    Vetting,
)
from ronghe.domain.honours.rules import (
    ANSWER_OBJECTION,
    CONVENE,
    NOMINATE,
    SEE_CALL,
    SEE_NOMINATION,
    SEE_OBJECTION,
    SEE_VETTING,
    VET,
)
from ronghe.domain.honours.selectors.register import KEEPERS
from ronghe.domain.org.enums import PARTY_KINDS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.facts.models import Fact

VETO = "veto.raised"
"""The kind by which the appraisal records a veto; what lies between the two sides is this word (RT-07)."""
PANEL = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER,
     PostRole.DISCIPLINE_MEMBER, PostRole.COMMITTEE_MEMBER}
)  # fmt: skip
MOST_EVIDENCE = 20
"""Records offered as evidence at most."""


def list_calls(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[HonourCall]:
    """Return one page of the calls, the latest first, each with how many are named."""
    named = Count("nominations", filter=~Q(nominations__state=NominationState.WITHDRAWN))
    rows = HonourCall.objects.filter(filters or Q()).select_related("body", "title").annotate(named=named)
    return list_seen(SEE_CALL, actor, rows, order_by=("-opened_at",), at=at, page=page, size=size)


def calls_seen_by(actor: Person, at: datetime) -> QuerySet[HonourCall]:
    rows = SEE_CALL.narrow(actor, HonourCall.objects.all(), at=at, walk=True)
    return rows.select_related("body", "title", "ballot", "opened_by").order_by("-opened_at", "-pk")


def nominations_seen_by(actor: Person, at: datetime) -> QuerySet[Nomination]:
    rows = SEE_NOMINATION.narrow(actor, Nomination.objects.all(), at=at, walk=True)
    return rows.select_related("call__body", "call__title", "by_body", "body", "person", "named_by", "honour")


def objections_seen_by(actor: Person, at: datetime) -> QuerySet[CallObjection]:
    rows = SEE_OBJECTION.narrow(actor, CallObjection.objects.all(), at=at, walk=True)
    return rows.select_related("nomination__call__body", "nomination__body", "nomination__person", "made_by")


def objections_to_answer(actor: Person, at: datetime) -> QuerySet[CallObjection]:
    """Return the objections that wait for `actor`: open, and neither made by nor about the actor."""
    rows = CallObjection.objects.filter(state=CallObjectionState.OPEN).exclude(made_by=actor)
    rows = rows.filter(~Q(nomination__person=actor) | Q(nomination__person=None))
    return ANSWER_OBJECTION.narrow(actor, rows, at=at)


def bodies_to_call_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the committees and general branches for which `actor` may call, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=KEEPERS)
    return CONVENE.narrow(actor, rows, at=at).order_by("name", "pk")


def bodies_to_name_from(call: HonourCall, actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies of the call in whose name `actor` may nominate: by a post, or the own one where that is allowed."""
    day = local_day(at)
    rows = PartyOrg.objects.filter(
        on_day(day), kind__in=PARTY_KINDS, pk__in=descendants(PartyOrg, [call.body_id], day=day)
    )
    reached = NOMINATE.narrow(actor, rows, at=at).order_by().values("pk")
    found = Q(pk__in=reached)
    if call.allows_self and call.title.goes_to == HolderKind.PERSON:
        found |= Q(pk__in=standing_of(actor, day).bodies)
    return rows.filter(found).order_by("name", "pk")


def panel_of(call: HonourCall, day: date) -> list[Person]:
    """Return who votes unless somebody else is named: the leading group of the body, without those named."""
    named = call.nominations.filter(state=NominationState.NAMED, person__isnull=False).order_by().values("person_id")
    posts = PostHolding.objects.held_on(day).filter(body=call.body_id, role__in=PANEL)
    people = Person.objects.filter(pk__in=posts.order_by().values("person_id")).exclude(pk__in=named)
    return list(people.select_related("unit").order_by("name", "pk"))


def vetoes_on(*, body_id: int, person: Person | None, since: date, until: date) -> list[Fact]:
    """Return the vetoes in force on a person, or on a body itself, that fell from `since` to `until`, both included.

    A veto on a member is no veto on the body; one that a later fact takes back does not count.
    """
    rows = Fact.objects.filter(kind=VETO, reverses=None, occurred_at__gte=_start(since), occurred_at__lte=_end(until))
    rows = rows.filter(body=body_id, subject=None) if person is None else rows.filter(subject=person.token)
    found = list(rows.order_by("occurred_at", "pk"))
    back = set(Fact.objects.filter(reverses__in=[fact.pk for fact in found]).values_list("reverses", flat=True))
    return [fact for fact in found if fact.pk not in back]


def vetoes_for(call: HonourCall, *, body_id: int, person: Person | None, day: date) -> list[Fact]:
    """Return the vetoes that shut somebody out of a call, as known on `day`."""
    return vetoes_on(
        body_id=body_id, person=person, since=months_later(call.nominate_until, -call.veto_months),
        until=max(day, call.nominate_until),
    )  # fmt: skip


@dataclass(slots=True)
class NominationView:
    """One nomination as its reader may see it; opinions, vetoes and what is missing only for those who may."""

    nomination: Nomination
    evidence: list[NominationEvidence] = field(default_factory=list)
    sees_vetting: bool = False
    vettings: list[Vetting] = field(default_factory=list)
    missing: list[Aspect] = field(default_factory=list)
    mine: list[Aspect] = field(default_factory=list)
    """Opinions that wait for the reader."""

    @property
    def passed(self) -> bool:
        return not self.missing and all(row.passes for row in self.vettings)


def nominations_of(call: HonourCall, actor: Person, at: datetime) -> list[NominationView]:
    """Return the nominations that `actor` may see, with what may be read of them, in a constant number of reads."""
    rows = list(nominations_seen_by(actor, at).filter(call=call).order_by("named_at", "pk"))
    return _views(call, rows, actor, at)


def nomination_view(nomination: Nomination, actor: Person, at: datetime) -> NominationView:
    return _views(nomination.call, [nomination], actor, at)[0]


def _views(call: HonourCall, rows: Sequence[Nomination], actor: Person, at: datetime) -> list[NominationView]:
    keys = [row.pk for row in rows]
    views = {row.pk: NominationView(row) for row in rows}
    evidence = NominationEvidence.objects.filter(nomination__in=keys)
    for line in evidence.select_related("task", "honour__title", "file").order_by("pk"):
        views[line.nomination_id].evidence.append(line)
    told = set(
        SEE_VETTING.narrow(actor, Nomination.objects.filter(pk__in=keys), at=at).order_by().values_list("pk", flat=True)
    )
    for vetting in Vetting.objects.filter(nomination__in=keys).select_related("given_by").order_by("pk"):
        views[vetting.nomination_id].vettings.append(vetting)
    # Who gives which opinion hangs on the call's body alone: asked once, not of every nomination.
    vets = call.state == CallState.VETTING and bool(rows)
    given = {Aspect(word) for word in call.aspects if vets and VET[Aspect(word)].allows(actor, rows[0], at=at)}
    for key, view in views.items():
        known = {row.aspect for row in view.vettings}
        view.sees_vetting = key in told
        view.missing = [Aspect(word) for word in call.aspects if word not in known]
        if view.nomination.state == NominationState.NAMED and not concerns(view.nomination, actor, at):
            view.mine = [one for one in view.missing if one in given]
    return list(views.values())


def concerns(nomination: Nomination, actor: Person, at: datetime) -> bool:
    """Tell whether it is the actor's own: the actor, the body that the actor belongs to, a team of it, or the own writing."""
    if actor.pk in (nomination.person_id, nomination.named_by_id):
        return True
    return nomination.person_id is None and nomination.body_id in standing_of(actor, local_day(at)).bodies


def own_in(call: HonourCall, actor: Person, at: datetime) -> bool:
    """Tell whether the actor, or a body of the actor's, is still named in the call."""
    rows = call.nominations.filter(state__in=(NominationState.NAMED, NominationState.PROPOSED))
    mine = Q(person=actor) | Q(person=None, body__in=standing_of(actor, local_day(at)).bodies)
    return rows.filter(mine).exists()


def result_by_votes(call: HonourCall) -> ByVotes | None:
    """Return what the counted votes say of those who are still named; `None` where they were too few to show."""
    if call.way != CallWay.BALLOT or call.cast is None:
        return None
    rows = call.nominations.filter(state=NominationState.NAMED, votes__isnull=False)
    votes = {key: count or 0 for key, count in rows.order_by().values_list("pk", "votes")}
    return by_votes(votes, cast=call.cast, quota=call.quota)


def records_offered(nomination: Nomination) -> tuple[list[Task], list[Honour]]:
    """Return what may be linked as evidence: accepted tasks and standing honours of the one named, the latest first."""
    if nomination.person_id is not None:
        tasks = Task.objects.filter(assignee=nomination.person_id)
        honours = Honour.objects.filter(person=nomination.person_id)
    else:
        tasks = Task.objects.filter(body=nomination.body_id)
        honours = Honour.objects.filter(person=None, body=nomination.body_id)
    used = nomination.evidence.order_by()
    tasks = tasks.filter(state=TaskState.ACCEPTED).exclude(pk__in=used.filter(task__isnull=False).values("task_id"))
    honours = honours.filter(state="valid").exclude(pk__in=used.filter(honour__isnull=False).values("honour_id"))
    return (
        list(tasks.order_by("-settled_at", "-pk")[:MOST_EVIDENCE]),
        list(honours.select_related("title").order_by("-awarded_on", "-pk")[:MOST_EVIDENCE]),
    )


def objections_on(call: HonourCall, actor: Person, at: datetime) -> list[CallObjection]:
    return list(objections_seen_by(actor, at).filter(nomination__call=call).order_by("pk"))


def _start(day: date) -> Any:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end(day: date) -> Any:
    return timezone.make_aware(datetime.combine(day, time.max))
