"""今日: what I owe today, in order, on one screen. 我的: my card and the way to everything that is mine."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.ui.menu import address
from ronghe.web.day import (
    SHOWN,
    duties_of_posts,
    held_on,
    huddles_to_run,
    places_to_sign_in,
    planned_for,
    tasks_to_do,
    terms_to_renew,
    visits_to_make,
    waiting_for,
)
from ronghe.web.inboxes import inboxes_of
from ronghe.web.requests import actor_of


@login_required
def today(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if request.user.administrator:  # type: ignore[union-attr]
        return redirect("web:administration")
    day = timezone.localdate(now)
    huddles = huddles_to_run(actor, now, day)
    items = tasks_to_do(actor, now) + visits_to_make(actor, day) + duties_of_posts(actor, day)
    items += terms_to_renew(actor, now)
    held = held_on(actor, now, day)
    context = {
        "day": day,
        "huddles": huddles,
        "sign_ins": places_to_sign_in(actor, now, but={card.activity.pk for card in huddles if card.activity}),
        "items": items[:SHOWN],
        "more_count": max(len(items) - SHOWN, 0),
        "planned": planned_for(actor, now, day),
        "decisions": waiting_for(actor, now),
        "inboxes": inboxes_of(actor, now),
        "held": held,
        "done_count": len(held),
        "all_count": len(items) + len(held),
        "posts": list(dict.fromkeys(post.get_role_display() for post in posts_of(actor, day))),
    }
    return render(request, "web/today.html", context)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """The member card; an administrator has none here, only the password and the way out (SE-08)."""
    actor = actor_of(request)
    is_administrator = bool(request.user.administrator)  # type: ignore[union-attr]
    context = {
        "person": actor,
        "card": "" if is_administrator else member_card(actor),
        "posts": [] if is_administrator else _post_lines(actor),
        "runs_url": address("web:runs"),
    }
    return render(request, "web/me.html", context)


def _post_lines(actor: Person) -> list[str]:
    rows = actor.posts.filter(valid_until=None).select_related("body", "unit").order_by("pk")
    return [f"{row.body or row.unit} {row.get_role_display()}" for row in rows]
