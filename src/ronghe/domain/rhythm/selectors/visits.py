"""Visits as an actor may see them, whom they may be to, and who can be asked to solve what they find."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from ronghe.domain.contacts.enums import ContactKind
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.rules import KINDS
from ronghe.domain.org.enums import PARTY_KINDS, MembershipKind, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.rhythm.models import ProblemAnswer, Visit, VisitFinding, VisitProblem
from ronghe.domain.rhythm.rules import SEE_VISIT, VISIT_BODY
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

WITH = ("visitor", "body", "unit", "person", "contact")
ANSWERERS = (
    PostRole.TEAM_LEADER,
    PostRole.GROUP_LEADER,
    PostRole.SECRETARY,
    PostRole.UNION_CHAIR,
    PostRole.LEAGUE_SECRETARY,
    PostRole.ZONE_LEAD,
    PostRole.DEPUTY_SECRETARY,
)
"""Who is offered first to solve a problem, the nearest to the place first."""


def visits_seen_by(actor: Person, at: datetime) -> QuerySet[Visit]:
    """Return the visits that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_VISIT.narrow(actor, Visit.objects.all(), at=at, walk=True)
    return rows.select_related(*WITH).order_by("-day", "-pk")


def list_visits(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Visit]:
    """Return one page of the visits that `actor` may see, the latest day first, each with its `problem_count`; two statements."""
    found = VisitProblem.objects.filter(visit=OuterRef("pk")).order_by().values("visit").annotate(n=Count("pk"))
    rows = Visit.objects.filter(filters or Q()).annotate(problem_count=Coalesce(Subquery(found.values("n")), 0))
    rows = rows.select_related(*WITH)
    return list_seen(SEE_VISIT, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def findings_of(visit: Visit) -> QuerySet[VisitFinding]:
    """Return what was seen, in the order in which it was asked."""
    return visit.findings.order_by("pk")


def problems_of(visit: Visit) -> QuerySet[VisitProblem]:
    """Return what was found, each with its task: its state is the answer that the visited read."""
    answers = ProblemAnswer.objects.select_related("follow_up__assignee").order_by("round")
    rows = visit.problems.select_related("task", "task__assignee", "task__settled_by", "raised_by")
    return rows.prefetch_related(Prefetch("answers", answers)).order_by("number")


def bodies_to_visit(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies that `actor` may visit without a contact, by name."""
    rows = VISIT_BODY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def responsible_body(unit: AdminUnit, day: date) -> PartyOrg | None:
    """Return the Party body that answers for a unit: the one that it carries, else the nearest one above it."""
    above = Q(unit__links_below__descendant=unit) & on_day(day, "unit__links_below__")
    rows = PartyOrg.objects.filter(on_day(day), above, kind__in=PARTY_KINDS)
    return rows.order_by("unit__links_below__depth", "pk").first()


def body_of_contact(contact: ContactPoint, day: date) -> PartyOrg:
    """Return the body that answers for what a visit of the contact finds.

    That of the place or person visited; care stays with the union body that set the contact up.
    """
    if contact.to_body is not None:
        return contact.to_body
    found: PartyOrg | None = None
    if contact.to_unit is not None:
        found = responsible_body(contact.to_unit, day)
    elif contact.to_person is not None and not KINDS[ContactKind(contact.kind)].is_sealed:
        home = Membership.objects.filter(on_day(day), person=contact.to_person, kind=MembershipKind.HOME)
        held = home.select_related("body").order_by("pk").first()
        found = held.body if held is not None else None
    return found or contact.body


def people_around(body: PartyOrg, unit: AdminUnit | None, day: date) -> QuerySet[Person]:
    """Return whom a problem can be given to, the likely ones first: post holders of the place, then its people by name."""
    here = Q(body=body) | Q(unit=unit) if unit is not None else Q(body=body)
    posts = PostHolding.objects.filter(on_day(day), here)
    members = Membership.objects.filter(on_day(day), Q(body=body) | Q(group=body)).order_by().values("person_id")
    wanted = Q(pk__in=members) | Q(pk__in=posts.order_by().values("person_id"))
    if unit is not None:
        wanted |= Q(unit_id__in=descendants(AdminUnit, [unit.pk], day=day))
    ranks = [
        When(pk__in=posts.filter(role=role).order_by().values("person_id"), then=Value(rank))
        for rank, role in enumerate(ANSWERERS)
    ]
    rank = Case(*ranks, default=Value(len(ANSWERERS)), output_field=IntegerField())
    rows = Person.objects.filter(wanted, valid_until=None).annotate(rank=rank)
    return rows.select_related("unit").order_by("rank", "name", "pk")
