"""我们的做法: what was taken home, whether it is used, and what is offered to others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.exchange.enums import PracticeState
from ronghe.domain.exchange.models import Practice
from ronghe.domain.exchange.rules import SEE_VISIT, SETTLE_PRACTICE
from ronghe.domain.exchange.selectors.visits import DUE, adoption_of, list_practices, practices_seen_by
from ronghe.domain.exchange.services.practices import (
    PracticeResult,
    offer_practice,
    reopen_practice,
    settle_practice,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.exchange.acting import acted, asked_words
from ronghe.web.exchange.forms import SettleForm
from ronghe.web.exchange.visit_views import PRACTICE_SHAPES
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

EXPORTED = 1000


@login_required
def practice_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, state, offered = asked_words(request), _state(request), request.GET.get("offered") == "1"
    page = page_of(list_practices(actor, now, words=words, state=state, offered=offered, page=asked_page(request)))
    today = local_day(now)
    context: dict[str, Any] = {
        "page": page,
        "lines": [
            (row, PRACTICE_SHAPES[PracticeState(row.state)], row.state == PracticeState.OPEN and row.due_on <= today)
            for row in page.object_list
        ],
        "states": [(DUE, _("到期没填")), *PracticeState.choices],
        "is_filtered": bool(words or state or offered),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["adoption"] = adoption_of(actor, now)
    template = "exchange/practice_list.html#rows" if request.htmx else "exchange/practice_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def practice_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    rows = list_practices(actor, now, words=asked_words(request), state=_state(request), size=EXPORTED).rows
    heads = [
        _("做法"),
        _("从哪里学的"),
        _("组织"),
        _("谁来用"),
        _("到哪一天"),
        _("结果"),
        _("指标"),
        _("原来"),
        _("现在"),
        _("单位"),
        _("效果或原因"),
    ]
    table: Iterator[Sequence[Any]] = (
        [row.title, row.visit.host_name, row.visit.body.name, row.owner.name, row.due_on, row.get_state_display(),
         row.figure, row.before, row.after, row.unit, row.said]
        for row in rows
    )  # fmt: skip
    sheet = SheetOut(title=_("我们的做法"), head=heads, rows=table, widths=[30, 24, 26, 10, 12, 10, 16, 9, 9, 8, 36])
    return excel_answer([sheet], _("我们的做法") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def practice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def practice_settle(request: HttpRequest, pk: int) -> HttpResponse:
    practice, form = _seen(request, pk), SettleForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = {**form.cleaned_data, "outcome": PracticeState(form.cleaned_data["outcome"])}
        settle_practice(practice=practice, result=PracticeResult(**given), actor=actor, at=at)

    if acted(request, act, _("已填写。"), form):
        return redirect("web:exchange_practice", pk)
    return _show(request, practice, failed=form)


@login_required
@require_POST
def practice_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _seen(request, pk)
    acted(request, lambda a, t: reopen_practice(practice=practice, actor=a, at=t), _("可以重新填写了。"))
    return redirect("web:exchange_practice", pk)


@login_required
@require_POST
def practice_offer(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _seen(request, pk)
    offers = not practice.is_offered
    said = _("已推荐，大家在“我们的做法”里找得到。") if offers else _("不再推荐。")
    acted(request, lambda a, t: offer_practice(practice=practice, is_offered=offers, actor=a, at=t), said)
    return redirect("web:exchange_practice", pk)


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in {DUE, *PracticeState.values} else ""


def _seen(request: HttpRequest, pk: int) -> Practice:
    return get_object_or_404(practices_seen_by(actor_of(request), timezone.now()), pk=pk)


def _show(request: HttpRequest, practice: Practice, *, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    may_settle = SETTLE_PRACTICE.allows(actor, practice, at=now)
    is_open = practice.state == PracticeState.OPEN
    initial = {name: getattr(practice, name) for name in ("said", "figure", "unit", "before", "after")}
    context = {
        "practice": practice, "shape": PRACTICE_SHAPES[PracticeState(practice.state)], "may_settle": may_settle,
        "is_open": is_open, "is_late": is_open and practice.due_on <= local_day(now),
        "is_used": practice.state in (PracticeState.ADOPTED, PracticeState.PARTLY),
        "sees_visit": SEE_VISIT.allows(actor, practice.visit, at=now),
        "form": failed or (SettleForm(initial=initial) if may_settle and is_open else None),
    }  # fmt: skip
    return render(request, "exchange/practice_detail.html", context, status=422 if failed is not None else 200)
