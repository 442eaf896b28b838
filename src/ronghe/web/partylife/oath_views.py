"""宣誓: oaths that were taken, recording one from the sign-in sheet, and the oath to read aloud."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.oath import AFTER, BEFORE, OATH
from ronghe.domain.partylife.enums import OathKind
from ronghe.domain.partylife.models import OathCeremony, OathTaker
from ronghe.domain.partylife.rules import VOID_OATH
from ronghe.domain.partylife.selectors.keeping import (
    activities_to_link,
    bodies_swearing,
    came_to,
    list_oaths,
    members_of,
    oaths_seen_by,
    sworn_in,
)
from ronghe.domain.partylife.selectors.sites import sites_seen_by
from ronghe.domain.partylife.services.oaths import hold_oath, void_oath
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.partylife.acting import FormPage, asked_body, asked_text, button, form_page
from ronghe.web.partylife.forms import OathForm, ReasonForm
from ronghe.web.requests import actor_of


@login_required
def oath_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (kind := request.GET.get("kind", "")) in OathKind.values:
        found &= Q(kind=kind)
    if text := asked_text(request):
        found &= Q(body__name__contains=text) | Q(place__contains=text) | Q(led_by__name__contains=text)
    page = page_of(list_oaths(actor, now, filters=found, page=asked_page(request)))
    context: dict[str, Any] = {"page": page, "kinds": OathKind.choices, "is_filtered": bool(found)}
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {"can_hold": bodies_swearing(actor, now).exists(), "mine": list(sworn_in(actor)[:5])}
    template = "partylife/oaths.html#rows" if request.htmx else "partylife/oaths.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def oath_read(request: HttpRequest) -> HttpResponse:
    """The oath in large type, for whoever leads it."""
    return render(request, "partylife/oath_read.html", {"lines": OATH, "before": BEFORE, "after": AFTER})


@login_required
def oath_create(request: HttpRequest) -> HttpResponse:
    """Record an oath; with `?activity=` whoever signed in there is ticked."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_swearing(actor, now)
    body = asked_body(request, bodies)
    if body is None:
        raise Http404
    today = local_day(now)
    activities = activities_to_link(body, today)
    asked = number_of(request.POST.get("activity") or request.GET.get("activity"))
    activity: Activity | None = activities.filter(pk=asked).first() if asked else None
    members = members_of(body, actor, now)
    people: Any = members
    if activity is not None:
        known = members.order_by().values("pk").union(came_to(activity).order_by().values("pk"))
        people = Person.objects.filter(pk__in=known).order_by("name", "pk")
    initial = {
        "activity": activity.pk if activity else None, "day": activity.day if activity else today,
        "people": [person.pk for person in came_to(activity)] if activity else [],
        "led_by": actor.pk, "place": activity.place if activity else "", "site": number_of(request.GET.get("site")),
    }  # fmt: skip
    form = OathForm(
        request.POST or None, people=people, leaders=_leaders(people, actor), activities=activities,
        sites=sites_seen_by(actor, now).filter(closed_at=None), initial=initial,
    )  # fmt: skip
    others = list(bodies.exclude(pk=body.pk)[:60])
    page = FormPage(
        _("记宣誓"), _("记下"), reverse("web:life_oaths"), _("宣誓"), body.name, template="partylife/oath_form.html",
        beside={"others": others, "held_by": body, "sheets": [] if activity else list(activities[:8])},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> tuple[str, str]:
        oath = hold_oath(
            body=body, kind=OathKind(given["kind"]), people=list(given["people"]), led_by=given["led_by"],
            day=given["day"], place=given["place"], activity=given["activity"], site=given["site"], actor=actor, at=now,
        )  # fmt: skip
        return _("已记下。"), reverse("web:life_oath", args=[oath.pk])

    return form_page(request, form, page, act)


@login_required
def oath_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def oath_void(request: HttpRequest, pk: int) -> HttpResponse:
    oath, form = _seen(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, oath, failed=form)
    reason = form.cleaned_data["reason"]
    return button(
        request,
        lambda actor, at: void_oath(oath=oath, reason=reason, actor=actor, at=at),
        _("已作废。"),
        "web:life_oath",
        pk,
    )


def _leaders(people: Any, actor: Person) -> Any:
    chosen = Person.objects.filter(pk__in=people.order_by().values("pk")) | Person.objects.filter(pk=actor.pk)
    return chosen.select_related("unit").order_by("name", "pk")


def _seen(request: HttpRequest, pk: int) -> OathCeremony:
    return get_object_or_404(oaths_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, oath: OathCeremony, *, failed: ReasonForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    takers = OathTaker.objects.filter(ceremony=oath).select_related("person__unit").order_by("person__name", "pk")
    context = {
        "oath": oath,
        "takers": list(takers),
        "may_void": oath.voided_at is None and VOID_OATH.allows(actor, oath, at=now),
        "sees_activity": oath.activity is not None and SEE_ACTIVITY.allows(actor, oath.activity, at=now),
        "reason_form": failed or ReasonForm(),
        "failed": failed is not None,
    }
    return render(request, "partylife/oath.html", context, status=422 if failed is not None else 200)
