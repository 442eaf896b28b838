"""One body: what it is, its size against the rules, who belongs to it, what happened to it, what can be done; the figures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.calc.capabilities import WORDS, Capability, capabilities
from ronghe.domain.org.enums import BodyTree, tree_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.headcounts import group_headcounts, headcounts
from ronghe.domain.structure.enums import SMALL_GROUPS
from ronghe.domain.structure.selectors.acts import acts_of, acts_seen_by, open_act_of
from ronghe.domain.structure.selectors.bodies import (
    body_seen,
    charter_of,
    covered_units_of,
    former_names,
    posts_in,
    stays_of,
)
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.plans import children_of, members_of
from ronghe.domain.structure.selectors.previews import size_of
from ronghe.domain.structure.services.figures import may_set_figures, set_figure
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.structure.act_views import act_links, shape_of
from ronghe.web.structure.forms import FigureForm

MEMBERS_SHOWN = 100


@login_required
def body_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = body_seen(actor, now, pk)
    if body is None:
        raise Http404
    open_act = open_act_of(body)
    seen = set(acts_seen_by(actor, now).values_list("pk", flat=True)) if actor else set()
    acts = [(act, shape_of(act, now)) for act in acts_of(body) if act.pk in seen]
    context = {
        "org": body,
        "is_party": tree_of(body.kind) == BodyTree.PARTY,
        "links": act_links(body, actor, now) if open_act is None else [],
        "open_act": open_act if open_act is not None and open_act.pk in seen else None,
        "acts": acts,
        "stays": stays_of(body),
        "former": former_names(body),
        "charter": charter_of(body),
        "lacking": _lacking(body),
        "opens_parent": body.parent_id is not None and SEE_PARTY_ORG.allows(actor, body.parent, at=now),
        **_inside(body, actor, now),
    }
    return render(request, "structure/body_detail.html", context)


@login_required
def rule_figures(request: HttpRequest) -> HttpResponse:
    """The figures of the rules, for the office of the uppermost committee to see and set."""
    actor, now = actor_of(request), timezone.now()
    if not may_set_figures(actor, now):
        raise Http404
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_figure(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已改，从现在起按新数值。"))
            return redirect("web:rule_figures")
    asked = request.POST.get("code") or request.GET.get("code", "")
    chosen = figures_in_force().get(asked)
    if not form.is_bound and chosen is not None:
        form = FigureForm(initial={"code": chosen.code, "figure": chosen.figure})
    rows = [(row, _(row.title)) for row in figures_in_force().rows()]
    context = {"rows": rows, "form": form, "chosen": chosen, "chosen_title": _(chosen.title) if chosen else ""}
    return render(request, "structure/figures.html", context, status=422 if form.errors else 200)


def _inside(body: PartyOrg, actor: Person, now: Any) -> dict[str, Any]:
    """What stands in and below a body that still stands; people by name only as far as `actor` may see them."""
    if body.valid_until is not None:
        return {}
    today = local_day(now)
    below = children_of(body)
    groups = [child for child in below if child.kind in SMALL_GROUPS]
    members = members_of(body)
    sizes = group_headcounts(groups, today) | headcounts([child for child in below if child not in groups], today)
    size = size_of(body, today)
    opens = SEE_PARTY_ORG.narrow(
        actor, PartyOrg.objects.filter(pk__in=[child.pk for child in below]), at=now, walk=True
    )
    posts = posts_in(body)
    named = {row.person_id for row in members[:MEMBERS_SHOWN]} | {post.person_id for post in posts}
    known = set(
        SEE_PERSON.narrow(actor, Person.objects.filter(pk__in=named), at=now, walk=True).values_list("pk", flat=True)
    )
    return {
        "size": size,
        "findings": size.findings,
        "below": [(child, sizes[child.pk]) for child in below],
        "members": [row for row in members[:MEMBERS_SHOWN] if row.person_id in known],
        "known": known,
        "opens": set(opens.values_list("pk", flat=True)),
        "member_count": len(members),
        "posts": posts,
        "units": covered_units_of(body),
    }


def _lacking(body: PartyOrg) -> list[str]:
    able = capabilities(body.kind)
    return [_(WORDS[one]) for one in Capability if one not in able]
