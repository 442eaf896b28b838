"""专家门诊: the first page — find an answer, ask, what waits — asking with what was asked before, and the visits of a week."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from ronghe.domain.clinic.enums import HelpKind, VisitState
from ronghe.domain.clinic.models import Visit
from ronghe.domain.clinic.selectors.cases import cases_to_hand_out, cases_to_take, list_cases
from ronghe.domain.clinic.selectors.experts import (
    applications_waiting,
    bodies_putting_up,
    expert_of,
    invitations_of,
    open_fields,
    sitting_experts,
    visits_coming,
    visits_of,
    visits_to_tell,
)
from ronghe.domain.clinic.selectors.pieces import (
    list_pieces,
    pieces_returned_to,
    pieces_to_agree,
    pieces_to_review,
    similar_pieces,
)
from ronghe.domain.clinic.services.asking import Question, ask
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.words import _
from ronghe.web.clinic.acting import acted, slot_of
from ronghe.web.clinic.forms import AskForm, called
from ronghe.web.clinic.presenting import case_line, involving
from ronghe.web.items.asking import belonging
from ronghe.web.items.views import uploads_of
from ronghe.web.requests import actor_of

SHOWN = 6
VISIT_SHAPES = {
    VisitState.BOOKED: "upcoming",
    VisitState.HELD: "done",
    VisitState.MISSED: "waived",
    VisitState.CALLED_OFF: "waived",
}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Find an answer, ask somebody, see what waits: for whoever asks and for whoever answers."""
    actor, now = actor_of(request), timezone.now()
    mine = list_cases(actor, now, filters=involving(actor), order_by=("-since",), size=SHOWN)
    context = {
        "wanted": "",
        "expert": expert_of(actor),
        "may_put_up": bodies_putting_up(actor, now).exists(),
        "cases": [case_line(item, now) for item in mine],
        "to_take": [case_line(item, now) for item in cases_to_take(actor, now)[:SHOWN]],
        "to_hand_out": [case_line(item, now) for item in cases_to_hand_out(actor, now)[:SHOWN]],
        "visits": [visit_line(visit, actor) for visit in visits_coming(actor, now)[:SHOWN]],
        "to_tell": [visit_line(visit, actor) for visit in visits_to_tell(actor, now)[:SHOWN]],
        "invitations": list(invitations_of(actor, now).select_related("body", "named_by")[:SHOWN]),
        "applications": list(applications_waiting(actor, now).select_related("person")[:SHOWN]),
        "to_agree": list(pieces_to_agree(actor, now)[:SHOWN]),
        "returned": list(pieces_returned_to(actor, now)[:SHOWN]),
        "to_review": pieces_to_review(actor, now).count(),
        "fields": [field for field in open_fields() if field.sitting or field.told],
        "pieces": list_pieces(actor, now, size=SHOWN),
    }
    return render(request, "clinic/home.html", context)


@login_required
def case_ask(request: HttpRequest) -> HttpResponse:
    """Ask, with a time booked at once where the address names one of an expert's."""
    actor = actor_of(request)
    experts = list(sitting_experts().exclude(person=actor))
    fields = [field for field in open_fields() if field.sitting]
    initial: dict[str, Any] = {
        "title": request.GET.get("title", "")[:120], "expert": request.GET.get("expert", ""),
        "field": request.GET.get("field", ""), "help": request.GET.get("help") or HelpKind.POST,
    }  # fmt: skip
    form = AskForm(request.POST or None, experts=experts, fields=fields, initial=initial)
    visit_at = slot_of(request.GET.get("slot"))
    made: list[int] = []

    def act(person: Person, at: datetime) -> None:
        question = Question(**form.cleaned_data, **belonging(request, actor, at))
        item = ask(question=question, actor=person, at=at, uploads=uploads_of(request), visit_at=visit_at)
        made.append(item.pk)

    said = _("已问，时间也约好了。") if visit_at is not None else _("已问，专家答复了会告诉您。")
    if request.method == "POST" and acted(request, act, said, form):
        return redirect("web:clinic_case", made[0])
    chosen = next((one for one in experts if str(one.pk) == str(form["expert"].value())), None)
    context = {
        "form": form,
        "visit_at": visit_at,
        "chosen": called(chosen) if chosen is not None else "",
        "nobody": not experts,
        "similar": similar_pieces(f"{form['title'].value() or ''} {form['text'].value() or ''}"),
    }
    return render(request, "clinic/ask_form.html", context, status=422 if form.errors else 200)


@login_required
def case_similar(request: HttpRequest) -> HttpResponse:
    """What was asked and answered before that looks like what is being typed."""
    typed = f"{request.GET.get('title', '')} {request.GET.get('text', '')}"[:400]
    return render(request, "clinic/_similar.html", {"similar": similar_pieces(typed)})


@login_required
def visit_list(request: HttpRequest) -> HttpResponse:
    """The reader's visits of a week, day by day."""
    actor, now = actor_of(request), timezone.now()
    monday = week_asked(request, now)
    days = [monday + timedelta(days=number) for number in range(7)]
    rows = visits_of(actor, moment_of(monday), moment_of(monday + timedelta(days=7)))
    by_day: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    for visit in rows:
        by_day[local_day(visit.starts_at)].append(visit_line(visit, actor))
    context = {
        "days": list(by_day.items()),
        "week": week_links(monday),
        "keep": "",
        "today": local_day(now),
        "any": any(by_day.values()),
    }
    return render(request, "clinic/visit_list.html", context)


def week_asked(request: HttpRequest, now: datetime, *, else_of: datetime | None = None) -> date:
    """Return the Monday of the week that the address names, else of the week of a moment, else of this week."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
        day - timedelta(days=14), day + timedelta(days=14)
    except (ValueError, OverflowError):
        day = local_day(else_of or now)
    return day - timedelta(days=day.weekday())


def week_links(monday: date) -> dict[str, date]:
    """Return a week with its last day and the Mondays beside it."""
    return {
        "monday": monday, "sunday": monday + timedelta(days=6), "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }  # fmt: skip


def visit_line(visit: Visit, me: Person) -> dict[str, Any]:
    """Return a visit as a list shows it: with whom, where, and how it stands. What it is about stays in the case."""
    is_expert = visit.expert.person_id == me.pk
    return {
        "visit": visit,
        "with": visit.item.raised_by.name if is_expert else called(visit.expert),
        "shape": VISIT_SHAPES[VisitState(visit.state)],
        "title": visit.item.title,
    }
