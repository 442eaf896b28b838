"""我的: my card and the way to everything that is mine."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.ui.menu import address
from ronghe.web.requests import actor_of


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
