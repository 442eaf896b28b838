"""节拍: what is owed, as a list or as bars over time; one duty with its why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.rules import WAIVE_OBLIGATION
from ronghe.domain.obligations.selectors import list_obligations, obligations_of, obligations_seen_by, state_counts
from ronghe.domain.obligations.services.waiving import waive, withdraw_waiver
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.calendar import Calendar, Holiday, Row, Window
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

SPANS = [("month", _("本月")), ("quarter", _("本季")), ("year", _("全年"))]


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("免办理由"), max_length=200, widget=forms.Textarea({"rows": 2}))


@login_required
def obligation_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = request.GET.get("body", "")
    page = page_of(
        list_obligations(
            actor,
            now,
            choice=request.GET.get("state", "open"),
            body_id=int(body) if body.isdigit() else None,
            descending=request.GET.get("sort", "") == "-due",
            page=asked_page(request),
        )
    )
    context = {
        "page": page,
        "lines": [(row, str(ObligationState(row.state).label)) for row in page.object_list],
        "choices": [("open", _("待办")), ("missed", _("漏办")), ("met", _("已办")), ("all", _("全部"))],
        "bodies_to_choose": [(str(found.pk), found.name) for found in bodies_seen_by(actor, now)[:60]],
    }
    template = "obligations/obligation_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def obligation_bars(request: HttpRequest, body_pk: int) -> HttpResponse:
    """What one body owes over a month, a quarter or a year, each mechanism one line."""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=body_pk)
    day = timezone.localdate(now)
    kind = request.GET.get("span", "quarter")
    span = period_around(day, PeriodKind(kind if kind in dict(SPANS) else "quarter")).span
    rows = list(obligations_of(body, span, now))
    counts = state_counts(obligations_of(body, span, now))
    context = {
        "body_shown": body,
        "adoptions": list(adoptions_of(body, day)),
        "calendar": Calendar(span.from_on, span.until_on, day, tuple(_bars(rows)), tuple(_holidays(span))),
        "spans": SPANS,
        "counts": counts,
        "on_time": _share(counts),
        "nearest": next((row.due_on for row in rows if row.state == ObligationState.DUE), None),
    }
    return render(request, "obligations/obligation_bars.html", context)


@login_required
def obligation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "obligations/obligation_detail.html", _context(request, pk))


@login_required
@require_POST
def obligation_waive(request: HttpRequest, pk: int) -> HttpResponse:
    context = _context(request, pk)
    form = WaiveForm(request.POST)
    if form.is_valid():
        try:
            waive(
                obligation=context["obligation"], reason=form.cleaned_data["reason"], actor=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            undo = reverse("web:obligation_unwaive", args=[pk])
            toasts.done(request, str(_("已免办。")), undo=undo)
            return redirect("web:obligation_detail", pk)
    return render(request, "obligations/obligation_detail.html", {**context, "waive_form": form}, status=422)


@login_required
@require_POST
def obligation_unwaive(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = _context(request, pk)["obligation"]
    if hasattr(obligation, "waiver"):
        withdraw_waiver(waiver=obligation.waiver, actor=actor_of(request), at=timezone.now())
    return redirect("web:obligation_detail", pk)


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    obligation: Any = get_object_or_404(obligations_seen_by(actor, now), pk=pk)
    mechanism: Mechanism = obligation.definition
    state = ObligationState(obligation.state)
    return {
        "obligation": obligation,
        "mechanism": mechanism,
        "cadence": cadence_words(mechanism),
        "cites": [_cite_words(obligation, cite) for cite in mechanism.cites],
        "answers": _role_title(obligation, mechanism.answers),
        "state": state.value,
        "state_label": state.label,
        "days_left": (obligation.due_on - timezone.localdate(now)).days,
        "can_waive": state in _OPEN and WAIVE_OBLIGATION.allows(actor, obligation, at=now),
        "is_waived": state == ObligationState.WAIVED,
        "waive_form": WaiveForm(),
    }


_OPEN = {ObligationState.UPCOMING, ObligationState.DUE, ObligationState.MISSED}


def _cite_words(obligation: Any, cite: Any) -> str:
    titles = {document.id: document.title.here for document in obligation.version.playbook.documents}
    clause = cite.clause.here if cite.clause else ""
    return f"{titles.get(cite.document, cite.document)} {clause} {cite.rule or ''}".strip()


def _role_title(obligation: Any, role: str) -> str:
    return next((entry.title.here for entry in obligation.version.playbook.roles if entry.id == role), role)


def _bars(rows: list[Any]) -> list[Row]:
    """One line a mechanism in the order of the playbook, each occurrence a window on it."""
    by_mechanism: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        by_mechanism.setdefault((str(row.version), row.mechanism), []).append(row)
    lines = []
    for found in by_mechanism.values():
        mechanism = found[0].definition
        windows = tuple(_window(row) for row in found)
        lines.append(Row(mechanism.title.here, _role_title(found[0], mechanism.answers), windows))
    return lines


def _window(row: Any) -> Window:
    match = getattr(row, "match", None)
    end = row.due_on + timedelta(days=1)
    return Window(
        window_from=row.window_from,
        window_until=end,
        state="failed" if row.state == ObligationState.MISSED else row.state,
        grace_until=row.grace_until if row.grace_until > end else None,
        mark_on=match.met_on if match else row.due_on,
        href=reverse("web:obligation_detail", args=[row.pk]),
        label=f"{row.due_on:%m-%d} {ObligationState(row.state).label}",
    )


def _holidays(span: DaySpan) -> list[Holiday]:
    """The statutory days of rest that are not plain weekends, joined into spans."""
    calendar, found = statutory_calendar(), []
    for day in span:
        note = calendar.note_on(day)
        if note is None or calendar.is_working(day):
            continue
        if found and found[-1].holiday_until == day:
            found[-1] = Holiday(found[-1].holiday_from, day + timedelta(days=1), found[-1].name)
        else:
            found.append(Holiday(day, day + timedelta(days=1), note))
    return found


def _share(counts: Any) -> tuple[int, int]:
    """Done on time, of all that had to be done by now; waived ones do not count."""
    done = counts[ObligationState.DONE.value]
    return done, done + counts[ObligationState.LATE.value] + counts[ObligationState.MISSED.value]
