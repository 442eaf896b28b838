"""节拍: what is owed, as a list or as bars over time; one duty with its why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import WaiverRequestItem
from ronghe.domain.obligations.rules import ASK_WAIVER, MOVE_PLANNED_DAY, WAIVE_OBLIGATION
from ronghe.domain.obligations.selectors import list_obligations, obligations_of, obligations_seen_by, state_counts
from ronghe.domain.obligations.selectors.behind import may_see_behind
from ronghe.domain.obligations.selectors.requests import moves_of
from ronghe.domain.obligations.services.moving import days_open_to
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by, bodies_to_choose
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.rules import may_plan_somewhere
from ronghe.domain.zones.models import ShutDown
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui.calendar import Calendar
from ronghe.web.files import excel_answer
from ronghe.web.obligations.bars import bars, holidays
from ronghe.web.obligations.explained import check_to_make, cites_of, meets_words, plan_query, role_title, who_answers
from ronghe.web.obligations.forms import AskForm, MoveForm, WaiveForm
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.sources import record_behind

BODIES_OFFERED = 60
SPANS = [("month", _("本月")), ("quarter", _("本季")), ("year", _("全年"))]


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
        "can_plan": lambda: may_plan_somewhere(actor, now),
        "sees_behind": lambda: may_see_behind(actor, now),
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
        [row.title, row.body.name, role_title(row, row.definition.answers), row.window_from, row.due_on,
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
    stopped = ShutDown.objects.filter(zone__body=body, from_on__lt=F("until_on"), until_on__gt=day)
    context = {
        "body_shown": body,
        "body_number": str(body.pk),
        "adoptions": list(adoptions_of(body, day)),
        "calendar": Calendar(span.from_on, span.until_on, day, tuple(bars(rows)), tuple(holidays(span))),
        "spans": SPANS,
        "counts": counts,
        "on_time": _share(counts),
        "nearest": next((row.due_on for row in rows if row.state == ObligationState.DUE), None),
        "shut_down": stopped.order_by("from_on").first(),
    }
    return render(request, "obligations/obligation_bars.html", context)


@login_required
def obligation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "obligations/obligation_detail.html", detail_context(request, pk))


def detail_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the page of one duty says; 404 where the reader may not see it."""
    actor, now = actor_of(request), timezone.now()
    day = timezone.localdate(now)
    obligation: Any = get_object_or_404(obligations_seen_by(actor, now), pk=pk)
    mechanism: Mechanism = obligation.definition
    state = ObligationState(obligation.state)
    match = getattr(obligation, "match", None)
    names, vacancy = who_answers(obligation, day)
    return {
        "match": match,
        "record": record_behind(match.fact) if match is not None else None,
        "plan_query": plan_query(obligation, actor, now) if match is None else "",
        "check_kind": check_to_make(obligation, actor, now) if match is None else "",
        "obligation": obligation,
        "mechanism": mechanism,
        "cadence": cadence_words(mechanism),
        "cites": cites_of(obligation),
        "meets": meets_words(obligation),
        "answers": role_title(obligation, mechanism.answers),
        "answer_names": names,
        "vacancy": vacancy,
        "state": state.value,
        "state_label": state.label,
        "days_left": (obligation.due_on - day).days,
        "moves": list(moves_of(obligation)) if obligation.planned_on is not None else [],
        **_acts(obligation, state, actor, now),
    }


def _acts(obligation: Any, state: ObligationState, actor: Person, now: datetime) -> dict[str, Any]:
    is_open = state in _OPEN
    may_waive = WAIVE_OBLIGATION.allows(actor, obligation, at=now)
    may_ask = is_open and not may_waive and ASK_WAIVER.allows(actor, obligation, at=now)
    asked = WaiverRequestItem.objects.filter(obligation=obligation, is_open=True).select_related("request__asked_by")
    allowed = days_open_to(obligation, timezone.localdate(now)) if is_open else None
    may_move = allowed is not None and MOVE_PLANNED_DAY.allows(actor, obligation, at=now)
    return {
        "asked": asked.first() if is_open else None,
        "can_ask": may_ask,
        "can_waive": is_open and may_waive,
        "is_waived": state == ObligationState.WAIVED,
        "can_unwaive": state == ObligationState.WAIVED and may_waive,
        "can_move": may_move,
        "waive_form": WaiveForm(),
        "ask_form": AskForm(),
        "move_form": MoveForm(allowed=allowed, initial={"day": obligation.planned_on}) if may_move else None,
    }


_OPEN = {ObligationState.UPCOMING, ObligationState.DUE, ObligationState.MISSED}


def _share(counts: Any) -> tuple[int, int]:
    """Done on time, of all that had to be done by now; waived ones do not count."""
    done = counts[ObligationState.DONE.value]
    return done, done + counts[ObligationState.LATE.value] + counts[ObligationState.MISSED.value]
