"""An idea's own cards on the common page of items, and a book as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.benefits.models import BenefitCase
from ronghe.domain.benefits.rules import BENEFIT, SHARE
from ronghe.domain.benefits.selectors.book import Idea, Scope, Sums, in_yuan, with_lines
from ronghe.domain.benefits.selectors.limits import limit_of
from ronghe.domain.benefits.services.reckoning import people_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.words import _
from ronghe.web.benefits.forms import NoteForm, ReasonForm, SharesForm
from ronghe.web.items.asking import item_seen
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

ACTS = ("estimate", "approve", "approve_above", "realise", "verify", "reverse")


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """An idea in a book, in words."""

    idea: Idea
    shape: str
    word: str
    href: str
    estimated: str
    net: str
    days: int | None


def panel(request: HttpRequest, item: WorkItem) -> Mapping[str, Any]:
    """Fill the idea's own cards: reckonings, book, shares, and the acts that only this kind knows."""
    actor, now = actor_of(request), timezone.now()
    idea = with_lines([item])[0]
    case = BenefitCase.objects.filter(item=item).select_related("first_reviewer", "second_reviewer").first()
    open_acts = {
        name
        for name in ACTS
        if BENEFIT.flow.allows(item, name) and BENEFIT.step_by_id[name].right.allows(actor, item, at=now)
    }
    limit = limit_of(item.body_id, local_day(now)) if item.state in ("idea", "estimated") else None
    shares_open = not item.is_closed and item.state in ("running", "realised") and SHARE.allows(actor, item, at=now)
    return {
        "idea": idea,
        "case": case,
        "acts": open_acts,
        "told": [(stage, told, in_yuan(told.reckoning.fen), [(line, in_yuan(line.fen)) for line in told.lines])
                 for stage, told in (("actual", idea.actual), ("estimate", idea.estimate)) if told is not None],
        "entries": [(entry, in_yuan(entry.fen)) for entry in idea.entries],
        "shares": [(share, in_yuan(fen)) for share, fen in idea.shares],
        "shares_form": shares_form(item, idea) if shares_open else None,
        "limit_words": in_yuan(limit.fen) if limit is not None and limit.fen is not None else "",
        "look_source": f"items.workitem:{item.pk}",
        "note_here": NoteForm(auto_id="benefit_%s"),
        "reason_here": ReasonForm(auto_id="reverse_%s"),
    }  # fmt: skip


def shares_form(item: WorkItem, idea: Idea, data: Any = None) -> SharesForm:
    """Offer everybody who may share the merit, with the share that each has now."""
    known = {share.person_id: share for share, _fen in idea.shares}
    people = people_of(item)
    others = [share.person for share in known.values() if share.person_id not in {person.pk for person in people}]
    rows = [(person, known[person.pk].percent if person.pk in known else None) for person in (*people, *others)]
    return SharesForm(data, people=rows)


def seen_idea(request: HttpRequest, pk: int) -> WorkItem:
    rows = items_seen_by(actor_of(request), timezone.now()).filter(kind=BENEFIT.id)
    return item_seen(rows, pk)


def scope_of(request: HttpRequest) -> Scope:
    """Return the book that the address names; this year's unless `year=all` or another one is asked for."""
    actor, now = actor_of(request), timezone.now()
    found: dict[str, Any] = {}
    for name, rows in (
        ("zone", zones_seen_by(actor, now)), ("body", bodies_seen_by(actor, now)),
        ("project", projects_seen_by(actor, now)),
    ):  # fmt: skip
        if (number := number_of(request.GET.get(name))) is not None:
            found[name] = get_object_or_404(rows, pk=number)
    asked = request.GET.get("year", "")
    year = None if asked == "all" else number_of(asked) or local_day(now).year
    return Scope(year=year if year is None or 1 <= year <= 9998 else local_day(now).year, **found)


def idea_line(idea: Idea) -> IdeaLine:
    state = BENEFIT.state_by_id[idea.item.state]
    return IdeaLine(
        idea, state.shape, _(state.title), reverse("web:item_detail", args=[idea.item.pk]),
        in_yuan(idea.estimate.reckoning.fen) if idea.estimate is not None else "",
        in_yuan(idea.net) if idea.net is not None else "", idea.days,
    )  # fmt: skip


def sums_in_words(sums: Sums) -> dict[str, str]:
    return {
        name: in_yuan(getattr(sums, name))
        for name in ("estimated", "approved", "realised", "verified", "reversed", "net")
    }
