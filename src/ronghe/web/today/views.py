"""今日: what I owe today, in order, on one screen; done, put off and brought back with one tap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.today.documents import day_document
from ronghe.domain.today.enums import Until
from ronghe.domain.today.rules import may_see_loads
from ronghe.domain.today.selectors.day import SHOWN, my_day
from ronghe.domain.today.selectors.gathering import COUNTED
from ronghe.domain.today.services.doing import do_act
from ronghe.domain.today.services.putting_off import bring_back, put_off
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.inbox import Done, Topic
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.ui.formats import moment_of
from ronghe.web.files import paper_answer
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of
from ronghe.web.today.presenting import back_of, parts_shown, shown

CELLS = 16
"""So many things are drawn as cells; of more a figure says enough."""


@login_required
def today(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if request.user.administrator:  # type: ignore[union-attr]
        return redirect("web:administration")
    day = timezone.localdate(now)
    most = min(max(number_of(request.GET.get("n")) or SHOWN, SHOWN), COUNTED)
    topic, text = _topic(request), request.GET.get("q", "").strip()
    mine = my_day(actor, now, topic=topic, text=text, most=most)
    done = len(mine.done)
    context = {
        "day": day,
        "posts": list(dict.fromkeys(post.get_role_display() for post in posts_of(actor, day))),
        "mine": mine,
        "parts": parts_shown(mine.lines, now),
        "put_off": [(shown(line, now), moment_of(until), back_of(line)) for line, until in mine.put_off],
        "done": [shown(line, now) for line in mine.done],
        "all_count": mine.pressing + done,
        "cells": mine.pressing + done <= CELLS,
        "topics": [(topic.value, topic.label) for topic in mine.by_topic],
        "by_topic": [(topic.value, topic.label, count) for topic, count in mine.by_topic.items()],
        "more_href": _more(request, most) if mine.is_more else "",
        "is_cut": bool(topic or text),
        "may_see_loads": may_see_loads(actor, now),
        "here": request.get_full_path(),
    }
    template = "today/today.html#list" if request.htmx else "today/today.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def day_do(request: HttpRequest, inbox: str, record: int, act: str) -> HttpResponse:
    """One tap: what the line offers, by the service of its room; what can be taken back says how."""
    said: list[Done] = []

    def run() -> None:
        said.append(do_act(inbox=inbox, record=record, act=act, person=actor_of(request), at=timezone.now()))

    if _done(request, run):
        done = said[0]
        undo = reverse("web:day_do", args=[inbox, record, done.undo]) if done.undo else ""
        toasts.done(request, done.words, undo=undo)
        if done.page is not None:
            name, pk = done.page
            return _leave(request, reverse(f"web:{name}", args=[pk]))
    return _back(request)


@login_required
@require_POST
def day_put_off(request: HttpRequest, inbox: str, record: int, until: str) -> HttpResponse:
    if until not in set(Until):
        raise Http404
    rows: list[Any] = []

    def run() -> None:
        rows.append(
            put_off(inbox=inbox, record=record, until=Until(until), person=actor_of(request), at=timezone.now())
        )

    if _done(request, run):
        undo = reverse("web:day_bring_back", args=[inbox, record])
        toasts.done(request, _("到 %(moment)s 再提醒您。") % {"moment": moment_of(rows[0].until)}, undo=undo)
    return _back(request)


@login_required
@require_POST
def day_bring_back(request: HttpRequest, inbox: str, record: int) -> HttpResponse:
    bring_back(inbox=inbox, record=record, person=actor_of(request))
    toasts.done(request, _("已放回来。"))
    return _back(request)


@login_required
def day_sheet(request: HttpRequest, form: str) -> HttpResponse:
    """The day's list on paper, for whoever has no phone on site."""
    actor, now = actor_of(request), timezone.now()
    mine = my_day(actor, now, topic=_topic(request), text=request.GET.get("q", "").strip(), most=COUNTED)
    return paper_answer(request, day_document(actor, mine), form, source=actor)


def _done(request: HttpRequest, run: Callable[[], None]) -> bool:
    """Tell whether it was done; why not is said on the page."""
    try:
        run()
    except NotFound:
        toasts.refused(request, _("这件事已经不在您的清单里，可能刚被别人办了。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        return True
    return False


def _leave(request: HttpRequest, href: str) -> HttpResponse:
    """Lead to another page, also where the list alone was asked for."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = href
        return answer
    return redirect(href)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was cut."""
    where = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}):
        where = reverse("web:today")
    return redirect(where)


def _topic(request: HttpRequest) -> Topic | None:
    asked = request.GET.get("topic", "")
    return Topic(asked) if asked in set(Topic) else None


def _more(request: HttpRequest, most: int) -> str:
    query = request.GET.copy()
    query["n"] = str(most + SHOWN)
    return f"?{query.urlencode()}"
