"""群团: the trees of union and league, their posts, members, terms and activities; putting people on their lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.contacts.selectors import candidates_for, mass_bodies
from ronghe.domain.contacts.services.mass import KIND_OF_TREE, enrol_in_mass
from ronghe.domain.elections.models import Term
from ronghe.domain.org.enums import BodyTree, MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, PostHolding
from ronghe.domain.org.rules import ENROL, MASS_LEADERS
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import ActivityHost
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by, held_by
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.contacts.forms import EnrolForm
from ronghe.web.requests import actor_of

ACTIVITIES_SHOWN = 8
MEMBERS_SHOWN = 100
CANDIDATES_SHOWN = 60


@dataclass(slots=True)
class BodyLine:
    """A body of union or league as the table shows it."""

    body: PartyOrg
    level: int
    leaders: list[str] = field(default_factory=list)
    member_count: int = 0
    term_ends_on: date | None = None
    is_term_over: bool = False


@login_required
def mass(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day, bodies = local_day(now), list(mass_bodies(actor, now))
    lines = _lines(bodies, day)
    keys = [body.pk for body in bodies]
    here = Q(body__in=keys) | Q(pk__in=ActivityHost.objects.filter(body__in=keys).order_by().values("activity_id"))
    rows = activities_seen_by(actor, now).filter(here)
    context = {
        "trees": [(tree, [line for line in lines if line.body.tree == tree]) for tree in KIND_OF_TREE],
        "coming": list(rows.filter(state__in=[ActivityState.PLANNED, ActivityState.OPEN])[:ACTIVITIES_SHOWN]),
        "held": list(rows.filter(state=ActivityState.CLOSED)[:ACTIVITIES_SHOWN]),
        "can_plan": PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(pk__in=keys), at=now).exists(),
        "body_count": len(bodies),
    }
    return render(request, "contacts/mass.html", context)


@login_required
def mass_body(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "contacts/mass_body.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def mass_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chosen candidates on the body's list."""
    body, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    ENROL.require(actor, body, at=now)
    form = EnrolForm(request.POST)
    if form.is_valid():
        chosen = [int(key) for key in request.POST.getlist("chosen") if key.isascii() and key.isdigit()]
        people = list(candidates_for(body, local_day(now)).filter(pk__in=chosen))
        try:
            rows = enrol_in_mass(body=body, people=people, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(count)s 人已编入“%(body)s”。") % {"count": len(rows), "body": body.name})
            return redirect("web:mass_body", pk)
    return render(request, "contacts/mass_body.html", _context(request, body, enrol=form), status=422)


def _seen(request: HttpRequest, pk: int) -> PartyOrg:
    return get_object_or_404(mass_bodies(actor_of(request), timezone.now()), pk=pk)


def _context(request: HttpRequest, body: PartyOrg, *, enrol: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day, kind = local_day(now), KIND_OF_TREE[BodyTree(body.tree)]
    listed = Membership.objects.filter(on_day(day), kind=kind, body=body).order_by().values("person_id")
    seen = people_seen_by(actor, now).filter(pk__in=listed)
    can_enrol = ENROL.allows(actor, body, at=now)
    candidates = candidates_for(body, day)
    posts = PostHolding.objects.filter(on_day(day), body=body).select_related("person").order_by("pk")
    return {
        "body": body,
        "line": _lines([body], day)[0],
        "posts": list(posts),
        "members": list(seen[:MEMBERS_SHOWN]),
        "is_union": kind == MembershipKind.UNION,
        "can_enrol": can_enrol,
        "candidates": list(candidates[:CANDIDATES_SHOWN]) if can_enrol else [],
        "candidate_count": candidates.count() if can_enrol else 0,
        "enrol_form": enrol or EnrolForm(initial={"since": day}),
        "can_plan": PLAN_ACTIVITY.allows(actor, body, at=now),
        "activities": list(activities_seen_by(actor, now).filter(held_by(body.pk))[:ACTIVITIES_SHOWN]),
        "plan_query": f"?body={body.pk}&type={_first_type(body)}",
    }


def _first_type(body: PartyOrg) -> str:
    return "culture_and_sports" if body.tree == BodyTree.UNION else "theme_league_day"


def _lines(bodies: Sequence[PartyOrg], day: date) -> list[BodyLine]:
    """Return the bodies in tree order with what the table shows of each: three reads, whatever their number."""
    keys = [body.pk for body in bodies]
    leaders: dict[int, list[str]] = {}
    for post in _leading_posts(keys, day):
        leaders.setdefault(post.body_id or 0, []).append(f"{post.person.name} {post.get_role_display()}")
    members = Membership.objects.filter(on_day(day), body__in=keys, kind__in=KIND_OF_TREE.values()).order_by()
    counts = Counter(dict(members.values_list("body_id").annotate(n=Count("person_id", distinct=True))))
    terms = Term.objects.filter(body__in=keys, ended_on=None).order_by("pk").values_list("body_id", "ends_on")
    ends: dict[int, date] = dict(terms)
    return [
        BodyLine(body, level, leaders.get(body.pk, []), counts[body.pk], ends.get(body.pk),
                 is_term_over=body.pk in ends and ends[body.pk] <= day)
        for body, level in _in_tree_order(bodies)
    ]  # fmt: skip


def _leading_posts(keys: Sequence[int], day: date) -> Sequence[PostHolding]:
    roles = MASS_LEADERS | {PostRole.UNION_GROUP_LEADER}
    rows = PostHolding.objects.filter(on_day(day), body__in=keys, role__in=roles)
    return list(rows.select_related("person").order_by("pk"))


def _in_tree_order(bodies: Sequence[PartyOrg]) -> list[tuple[PartyOrg, int]]:
    """Each body after the one above it, with its depth below the topmost one shown."""
    known = {body.pk for body in bodies}
    below: dict[int | None, list[PartyOrg]] = {}
    for body in bodies:
        below.setdefault(body.parent_id if body.parent_id in known else None, []).append(body)
    found: list[tuple[PartyOrg, int]] = []

    def walk(above: int | None, level: int) -> None:
        for body in below.get(above, []):
            found.append((body, level))
            walk(body.pk, level + 1)

    walk(None, 0)
    return found
