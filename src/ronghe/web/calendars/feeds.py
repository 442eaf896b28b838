"""订阅: the addresses that a phone reads, made and revoked here; and what such an address answers."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.calendars.selectors.feeds import entries_of_feed, feeds_of
from ronghe.domain.calendars.services.feeds import feed_behind, make_feed, note_read, revoke_feed
from ronghe.domain.org.selectors.people import bodies_seen_by, bodies_to_choose
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.calendars.forms import FeedForm
from ronghe.web.calendars.links import page_of_entry
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

BODIES_OFFERED = 60
MEDIA_TYPE = "text/calendar; charset=utf-8"


@login_required
def feed_list(request: HttpRequest) -> HttpResponse:
    return render(request, "calendars/feeds.html", _context(request))


@login_required
@require_POST
def feed_make(request: HttpRequest) -> HttpResponse:
    """Make an address and show it, this once."""
    actor, now = actor_of(request), timezone.now()
    body = None
    if request.POST.get("body"):
        body = get_object_or_404(bodies_seen_by(actor, now), pk=number_of(request.POST.get("body")))
    try:
        feed, secret = make_feed(actor=actor, at=now, body=body)
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise
        toasts.refused(request, str(error))
        return redirect("web:calendar_feeds")
    address = request.build_absolute_uri(reverse("web:calendar_feed", args=[secret]))
    fresh = {"feed": feed, "address": address, "webcal": f"webcal{address[address.index('://') :]}"}
    answer = render(request, "calendars/feeds.html", {**_context(request), "fresh": fresh})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    feed = get_object_or_404(feeds_of(actor, now), pk=pk)
    revoke_feed(feed=feed, actor=actor, at=now)
    toasts.done(request, _("订阅地址已停用。"))
    return redirect("web:calendar_feeds")


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of an address, without a session; to a reader that has it already, that it has it (304)."""
    from ronghe.domain.calendars.documents import calendar_text

    now = timezone.now()
    feed = feed_behind(secret, now)
    if feed is None:
        raise Http404
    with translation.override(feed.language):
        entries = entries_of_feed(feed, now)
        content = calendar_text(
            feed.body.name if feed.body is not None else _("融合 · 我的日历"),
            entries,
            made_at=feed.made_at,
            site=request.get_host().partition(":")[0],
            addresses={entry.uid: request.build_absolute_uri(page_of_entry(entry)) for entry in entries},
            as_todo=request.GET.get("todo") == "1",
        )
    note_read(feed, now)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    if tag in {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}:
        answer = HttpResponse(status=304)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _context(request: HttpRequest) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    feeds: list[CalendarFeed] = list(feeds_of(actor, now))
    taken = {feed.body_id for feed in feeds}
    offered = [(key, name) for key, name in bodies_to_choose(actor, now, BODIES_OFFERED) if int(key) not in taken]
    return {
        "feeds": feeds,
        "has_own": None in taken,
        "form": FeedForm(bodies=offered) if offered else None,
        "fresh": None,
    }
