"""Who is not placed yet, and several people placed in one act."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.members.models import Placement
from ronghe.domain.members.services.placing import PlacingWay, place_together, preview_placing, undo_placing
from ronghe.domain.org.enums import GROUP_KINDS
from ronghe.domain.org.models import Membership, PartyOrg
from ronghe.domain.org.rules import ENROL, SEE_PERSON
from ronghe.domain.org.selectors.people import (
    members_without_group,
    members_without_home,
    people_seen_by,
    places_to_enrol,
)
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.members.acting import posted
from ronghe.web.members.forms import PlaceForm, people_of
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

AT_ONCE = 200
"""People placed in one act."""


@login_required
def unplaced(request: HttpRequest) -> HttpResponse:
    """Members without a home, or without a group where their branch has groups (PO-13), each with the act that helps."""
    actor, now = actor_of(request), timezone.now()
    day = day_of(now)
    gap = "group" if request.GET.get("gap") == "group" else "home"
    rows = (members_without_group(day) if gap == "group" else members_without_home(day)).select_related("unit")
    page = page_of(list_seen(SEE_PERSON, actor, rows, order_by=["name"], at=now, page=asked_page(request)))
    homes = Membership.objects.filter(person__in=[person.pk for person in page.object_list], kind="home")
    by_person = {row.person_id: row for row in homes.filter(valid_until=None).select_related("body")}
    context = {
        "page": page, "gap": gap, "lines": [(person, by_person.get(person.pk)) for person in page.object_list],
        "gaps": [("home", _("没有组织关系")), ("group", _("没有党小组"))],
        "can_place": places_to_enrol(actor, now).exists(),
    }  # fmt: skip
    return render(request, "members/unplaced.html", context)


@login_required
def place_people(request: HttpRequest) -> HttpResponse:
    """Choose where to (GET), look at what would happen (POST), do it (POST with `confirm`)."""
    actor, now = actor_of(request), timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    people = list(people_seen_by(actor, now).filter(pk__in=people_of(given.getlist("chosen"))[:AT_ONCE]))
    places = places_to_enrol(actor, now)
    if not places.exists():
        raise Http404
    initial = {"since": day_of(now), "place": number_of(request.GET.get("body"))}
    form = PlaceForm(posted(request), places=places, initial=initial)
    context: dict[str, Any] = {"form": form, "people": people, "people_url": reverse("web:person_list")}
    if request.method == "POST" and people and form.is_valid():
        body, group = _split(form.cleaned_data["place"])
        since = form.cleaned_data["since"]
        lines = preview_placing(people=people, body=body, group=group, since=since, actor=actor, at=now)
        going = [line.person for line in lines if line.way not in (PlacingWay.REFUSED, PlacingWay.NOTHING)]
        if "confirm" in request.POST:
            try:
                placement = place_together(people=going, body=body, group=group, since=since, actor=actor, at=now)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                said = _("已把 %(count)s 人编入“%(place)s”。") % {"count": len(going), "place": (group or body).name}
                toasts.done(request, said, undo=reverse("web:placement_undo", args=[placement.pk]))
                return redirect("web:placement_detail", placement.pk)
        context |= {"lines": lines, "going": len(going), "place": group or body}
    return render(request, "members/place.html", context, status=422 if form.errors else 200)


@login_required
def placement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    placement = _placement(request, pk)
    people = [row.person for row in placement.people.select_related("person__unit").order_by("person__name", "pk")]
    return render(request, "members/placement.html", {"placement": placement, "people": people})


@login_required
@require_POST
def placement_undo(request: HttpRequest, pk: int) -> HttpResponse:
    placement = _placement(request, pk)
    try:
        undo_placing(placement=placement, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已撤销，各人回到原来的组织。"))
    return redirect("web:placement_detail", pk)


def _split(place: PartyOrg) -> tuple[PartyOrg, PartyOrg | None]:
    """Return the branch and the group of it, if a group was chosen."""
    if place.kind in GROUP_KINDS and place.parent is not None:
        return place.parent, place
    return place, None


def _placement(request: HttpRequest, pk: int) -> Placement:
    rows = Placement.objects.select_related("body", "group", "placed_by")
    placement = get_object_or_404(rows, pk=pk)
    if not ENROL.allows(actor_of(request), placement.body, at=timezone.now()):
        raise Http404
    return placement
