"""节拍: what is owed, as a list or as bars over time; one duty with its why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.rules import WAIVE_OBLIGATION
from ronghe.domain.obligations.selectors import list_obligations, obligations_of, obligations_seen_by, state_counts
from ronghe.domain.obligations.services.waiving import waive, withdraw_waiver
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_seen_by, bodies_to_choose
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.ui.calendar import Calendar, Holiday, Row, Window
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.sources import record_behind

BODIES_OFFERED = 60
SPANS = [("month", _("本月")), ("quarter", _("本季")), ("year", _("全年"))]


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("免办理由"), max_length=200, widget=forms.Textarea({"rows": 2}))


@login_required
def obligation_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(
        list_obligations(
            actor,
            now,
            choice=request.GET.get("state", "open"),
            body_id=number_of(request.GET.get("body")),
            descending=request.GET.get("sort", "") == "-due",
            page=asked_page(request),
        )
    )
    context = {
        "page": page,
        "lines": [(row, str(ObligationState(row.state).label)) for row in page.object_list],
        "choices": [("open", _("待办")), ("missed", _("漏办")), ("met", _("已办")), ("all", _("全部"))],
        "bodies_to_choose": lambda: bodies_to_choose(actor, now, BODIES_OFFERED),
        "can_plan": lambda: PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).exists(),
        "export_query": asked_filters(request),
    }
    template = "obligations/obligation_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def obligation_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    day = timezone.localdate(now)
    rows: Any = obligations_seen_by(actor, now).chosen(request.GET.get("state", "open"), day)  # type: ignore[attr-defined]
    if (body := number_of(request.GET.get("body"))) is not None:
        rows = rows.filter(body_id=body)
    heads = [_("制度"), _("组织"), _("谁负责"), _("应办期起"), _("到期"), _("状态"), _("办结"), _("免办理由")]
    lines = (
        [row.title, row.body.name, _role_title(row, row.definition.answers), row.window_from, row.due_on,
         str(ObligationState(row.state).label), row.match.met_on if hasattr(row, "match") else None,
         row.waiver.reason if hasattr(row, "waiver") else ""]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    title, widths = str(_("节拍")), [24, 30, 14, 12, 12, 10, 12, 30]
    sheet = SheetOut(title=title, head=[str(head) for head in heads], rows=lines, widths=widths)
    return excel_answer([sheet], f"{title}_{day:%Y%m%d}.xlsx")


@login_required
def obligation_bars(request: HttpRequest, body_pk: int) -> HttpResponse:
    """What one body owes over a month, a quarter or a year, each mechanism one line."""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=body_pk)
    day = timezone.localdate(now)
    kind = request.GET.get("span", "quarter")
    span = period_around(day, PeriodKind(kind if kind in dict(SPANS) else "quarter")).span
    rows: list[Any] = list(obligations_of(body, span, now))
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
    match = getattr(obligation, "match", None)
    return {
        "match": match,
        "record": record_behind(match.fact) if match is not None else None,
        "plan_query": _plan_query(obligation, mechanism, actor, now) if match is None else "",
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
        "can_unwaive": state == ObligationState.WAIVED and WAIVE_OBLIGATION.allows(actor, obligation, at=now),
        "waive_form": WaiveForm(),
    }


def _plan_query(obligation: Any, mechanism: Mechanism, actor: Person, now: datetime) -> str:
    """The query string of 安排一次 for the gathering that would meet this duty, "" where none would or none may."""
    sitting = next((one for one in mechanism.sittings if one.id == obligation.sitting), None)
    ways = (sitting.satisfied_by if sitting is not None else ()) or mechanism.satisfied_by
    asked = [condition for way in ways for condition in way.where if condition.attribute == "activity_type"]
    kinds = [kind for condition in asked for kind in condition.any_of or () if kind in ActivityType.values]
    if not kinds or not PLAN_ACTIVITY.allows(actor, obligation.body, at=now):
        return ""
    return "?" + urlencode({"type": kinds[0], "body": obligation.body_id})


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
    calendar = statutory_calendar()
    found: list[Holiday] = []
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
