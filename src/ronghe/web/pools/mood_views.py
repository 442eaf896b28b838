"""思想共管: levels and topics in a list, the words on request with the look recorded."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.models import MoodNote
from ronghe.domain.pools.rules import READ_MOOD
from ronghe.domain.pools.selectors.moods import (
    LEAST_PEOPLE,
    follow_ups_of,
    follow_ups_to_finish,
    list_moods,
    moods_seen_by,
    trend_of,
)
from ronghe.domain.pools.selectors.pools import parts_noting, people_of_pool, pool_called, pools_seen_by
from ronghe.domain.pools.services.moods import FollowUp, finish_follow_up, note_mood, read_mood
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import listed as in_words
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, page_of
from ronghe.web.pools.forms import MoodForm
from ronghe.web.pools.views import address_in, part_asked, pool_choices
from ronghe.web.requests import actor_of

SHAPES = {MoodLevel.CALM: "done", MoodLevel.UNEASY: "due", MoodLevel.ATTENTION: "attention"}


@login_required
def mood_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


@login_required
def mood_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a note met, a duty say, to its place among those of its pool."""
    note = get_object_or_404(moods_seen_by(actor_of(request), timezone.now()), pk=pk)
    return redirect(f"{reverse('web:moods')}?pool={note.pool.key}#mood-{note.pk}")


@login_required
def mood_note(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    parts = parts_noting(actor, now)[:50]
    if not parts:
        raise Http404
    found = Q()
    for pool in {part.pool.key: part.pool for part in parts}.values():
        found |= Q(pk__in=people_of_pool(pool, local_day(now)).order_by().values("pk"))
    people = Person.objects.filter(found).select_related("unit").order_by("name", "pk")
    asked = part_asked(parts, request.GET.get("pool"), actor, now)
    form = MoodForm(
        request.POST if request.method == "POST" else None, parts=parts, people=people, initial={"part": asked},
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
    found = get_object_or_404(follow_ups_to_finish(actor, now), pk=pk)
    finish_follow_up(follow_up=found, actor=actor, at=now)
    toasts.done(request, _("已跟进。"))
    return redirect("web:moods")


def _show(request: HttpRequest, *, read: tuple[int, str] | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    level, pool = request.GET.get("level", ""), pool_called(request.GET.get("pool", ""), actor, now)
    listed = list_moods(
        actor, now, level=level if level in MoodLevel.values else "", pool=pool, page=asked_page(request)
    )
    readable = set(
        READ_MOOD.narrow(actor, MoodNote.objects.filter(pk__in=[row.pk for row in listed.rows]), at=now).values_list(
            "pk", flat=True
        )
    )
    shown = pool or (listed.rows[0].pool if listed.rows else None)
    trend: Any = trend_of(shown, actor, now) if shown is not None else {}
    context = {
        "page": page_of(listed),
        "lines": [
            {"row": row, "shape": SHAPES[MoodLevel(row.level)], "topics": in_words(MoodTopic(one).label for one in row.topics),
             "people": str(row.people) if row.people >= LEAST_PEOPLE else _("少于 %(n)s") % {"n": LEAST_PEOPLE},
             "readable": row.pk in readable, "text": read[1] if read is not None and read[0] == row.pk else ""}
            for row in listed.rows
        ],
        "levels": MoodLevel.choices, "pool": shown, "pools": pool_choices(pools_seen_by(actor, now), pool),
        "trend": [(name, [SHAPES[MoodLevel(one)] for one in levels]) for name, levels in trend.items()],
        "follow_ups": list(follow_ups_of(actor)[:20]), "today": local_day(now),
        "can_note": bool(parts_noting(actor, now)), "note_here": address_in("web:mood_note", pool),
    }  # fmt: skip
    return render(request, "pools/mood_list.html", context)
