"""思想共管: levels and topics in a list, the words on request with the look recorded."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.models import MoodFollowUp, MoodNote
from ronghe.domain.pools.rules import READ_MOOD
from ronghe.domain.pools.selectors import (
    LEAST_PEOPLE,
    follow_ups_of,
    list_moods,
    moods_seen_by,
    parties_noting,
    trend_of,
    zones_with_pool,
)
from ronghe.domain.pools.services.moods import FollowUp, finish_follow_up, note_mood, read_mood
from ronghe.domain.zones.selectors.zones import people_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import listed as in_words
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.pools.forms import MoodForm
from ronghe.web.requests import actor_of

SHAPES = {MoodLevel.CALM: "done", MoodLevel.UNEASY: "due", MoodLevel.ATTENTION: "attention"}


@login_required
def mood_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


@login_required
def mood_note(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    parties = parties_noting(actor, now)
    sides = list(parties[:50])
    if not sides:
        raise Http404
    people = Person.objects.none()
    for zone in {side.zone_id: side.zone for side in sides}.values():
        people = people | people_of(zone, local_day(now))
    form = MoodForm(
        request.POST if request.method == "POST" else None, parties=parties, people=people.select_related("unit"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        way, person, due_on = given.pop("way"), given.pop("person"), given.pop("due_on")
        given["topics"] = [MoodTopic(topic) for topic in given["topics"]]
        follow_ups = [FollowUp(FollowUpWay(way), person, due_on)] if way else []
        try:
            note_mood(actor=actor, at=now, follow_ups=follow_ups, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下，文字已加密。"))
            return redirect("web:moods")
    return render(request, "pools/mood_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def mood_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of one note, on the page once; the look is recorded."""
    actor, now = actor_of(request), timezone.now()
    note = get_object_or_404(moods_seen_by(actor, now), pk=pk)
    return _show(request, read=(note.pk, read_mood(note=note, actor=actor, at=now)))


@login_required
@require_POST
def follow_up_done(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    mine = follow_ups_of(actor).values("pk")
    seen = moods_seen_by(actor, now).order_by().values("pk")
    rows = MoodFollowUp.objects.filter(pk__in=mine) | MoodFollowUp.objects.filter(note__in=seen)
    found = get_object_or_404(rows.select_related("note__zone__body"), pk=pk)
    finish_follow_up(follow_up=found, actor=actor, at=now)
    toasts.done(request, _("已跟进。"))
    return redirect("web:moods")


def _show(request: HttpRequest, *, read: tuple[int, str] | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    level = request.GET.get("level", "")
    listed = list_moods(
        actor, now, level=level if level in MoodLevel.values else "", zone=number_of(request.GET.get("zone")),
        page=asked_page(request),
    )  # fmt: skip
    readable = set(
        READ_MOOD.narrow(actor, MoodNote.objects.filter(pk__in=[row.pk for row in listed.rows]), at=now).values_list(
            "pk", flat=True
        )
    )
    zone = zones_with_pool(actor, now).filter(pk__in=[row.zone_id for row in listed.rows]).first()
    trend: Any = trend_of(zone, actor, now) if zone is not None else {}
    context = {
        "page": page_of(listed),
        "lines": [
            {"row": row, "shape": SHAPES[MoodLevel(row.level)], "topics": in_words(MoodTopic(one).label for one in row.topics),
             "people": str(row.people) if row.people >= LEAST_PEOPLE else _("少于 %(n)s") % {"n": LEAST_PEOPLE},
             "readable": row.pk in readable, "text": read[1] if read is not None and read[0] == row.pk else ""}
            for row in listed.rows
        ],
        "levels": MoodLevel.choices, "zone": zone,
        "trend": [(name, [SHAPES[MoodLevel(one)] for one in levels]) for name, levels in trend.items()],
        "follow_ups": list(follow_ups_of(actor)[:20]), "today": local_day(now),
        "can_note": parties_noting(actor, now).exists(),
    }  # fmt: skip
    return render(request, "pools/mood_list.html", context)
