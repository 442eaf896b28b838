"""紧急集结: the list, calling up, one call-up, its paper and hours, and the pictures of its log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ronghe.domain.carriers.documents import call_document
from ronghe.domain.carriers.enums import CallState, Occasion
from ronghe.domain.carriers.models import CallUp, Carrier
from ronghe.domain.carriers.rules import SEE_CALL
from ronghe.domain.carriers.selectors.calls import (
    calls_filtered,
    calls_seen_by,
    counts_of,
    list_calls,
    pictures_seen_by,
    view_of,
)
from ronghe.domain.carriers.selectors.carriers import teams_to_call
from ronghe.domain.carriers.services.calling import call_up
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import path_of
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.carriers.call_forms import CallForm
from ronghe.web.carriers.call_presenting import SHAPES, call_context
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

ORDERS = {"-called": ["-called_at"], "called": ["called_at"], "place": ["place"], "-place": ["-place"]}


@login_required
def callups(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_calls(
        actor, now, _filtered(request), order_by=asked_order(request, ORDERS, "-called"), page=asked_page(request)
    )
    counts = counts_of([call.pk for call in listed.rows])
    context = {
        "page": page_of(listed),
        "lines": [(call, SHAPES[CallState(call.state)], counts[call.pk]) for call in listed.rows],
        "occasions": Occasion.choices,
        "states": CallState.choices,
        "can_call": teams_to_call(actor, now).exists(),
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
    }
    template = "carriers/callups.html#rows" if request.htmx else "carriers/callups.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def callups_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    calls = list(SEE_CALL.narrow(actor, _filtered(request), at=now).order_by("-called_at", "-pk"))
    counts = counts_of([call.pk for call in calls])
    heads = [_("编号"), _("什么事"), _("地点"), _("组织"), _("指挥"), _("集结时间"), _("叫到"), _("到位"), _("值守时数"),
             _("受伤"), _("状态"), _("解除时间")]  # fmt: skip
    lines = (
        [one.pk, one.get_occasion_display(), one.place, one.body.name, one.commander.name, _local(one.called_at),
         counts[one.pk].called, counts[one.pk].arrived, float(one.hours) if one.hours is not None else None, one.injuries, one.get_state_display(),
         _local(one.ended_at)]
        for one in calls
    )  # fmt: skip
    sheet = SheetOut(title=_("紧急集结"), head=heads, rows=lines, widths=[8, 12, 26, 26, 10, 17, 8, 8, 10, 8, 16, 17])
    return excel_answer([sheet], _("紧急集结") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def callup_create(request: HttpRequest) -> HttpResponse:
    """One page, three things to say: what for, where, which team; the own one is ticked already."""
    actor, now = actor_of(request), timezone.now()
    teams = teams_to_call(actor, now)
    known = list(teams)
    if not known:
        raise NotAllowed
    form = CallForm(request.POST if request.method == "POST" else None, teams=teams, initial=_proposal(request, known))
    if request.method == "POST" and form.is_valid():
        try:
            call = call_up(teams=list(form.cleaned_data["teams"]), text=form.text(), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已集结，队员都收到了。"))
            return redirect("web:callup_detail", call.pk)
    return render(request, "carriers/callup_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def callup_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One call-up; while it is under way the roster is asked for again on its own."""
    context = call_context(request, seen_call(request, pk))
    template = "carriers/callup_detail.html#roster" if request.htmx else "carriers/callup_detail.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def callup_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    call, now = seen_call(request, pk), timezone.now()
    document = call_document(view_of(call, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=call, layout=GBT_9704_LANDSCAPE)


@login_required
def callup_hours(request: HttpRequest, pk: int) -> FileResponse:
    """Every shift of everybody with exact hours, as a workbook: for who counts overtime."""
    call, now = seen_call(request, pk), timezone.now()
    view = view_of(call, now)
    heads = [_("姓名"), _("单位"), _("队伍"), _("第几班"), _("从"), _("到"), _("时数"), _("值守")]
    lines: Iterator[Sequence[Any]] = (
        [on.part.row.person.name, on.part.row.team.carrier.body.name, on.part.row.team.carrier.name, shift.number,
         _local(on.part.starts_at), _local(on.part.ends_at), float(on.part.hours),
         {True: _("值守了"), False: _("未到"), None: _("已排")}[on.part.is_held]]
        for shift, people in view.shifts for on in people
    )  # fmt: skip
    totals: Iterator[Sequence[Any]] = ([row.person.name, float(hours)] for row, hours in view.hours)
    sheets = [
        SheetOut(title=_("班次"), head=heads, rows=lines, widths=[10, 26, 22, 8, 17, 17, 8, 10]),
        SheetOut(title=_("合计"), head=[_("姓名"), _("值守时数")], rows=totals, widths=[10, 10]),
    ]
    return excel_answer(sheets, _("值守时数") + f"_{call.pk}.xlsx")


@login_required
def callup_picture(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A picture of the log, for whoever sees the call-up."""
    picture = (
        pictures_seen_by(actor_of(request), timezone.now()).filter(file__sha256=sha256).select_related("file").first()
    )
    if picture is None:
        raise Http404
    answer = FileResponse(path_of(sha256).open("rb"), content_type=picture.file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def seen_call(request: HttpRequest, pk: int) -> CallUp:
    """Return the call-up, as far as the reader sees it."""
    found: CallUp = get_object_or_404(calls_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def _filtered(request: HttpRequest) -> Any:
    asked = request.GET
    occasion, state = asked.get("occasion", ""), asked.get("state", "")
    return calls_filtered(
        words=asked.get("q", "").strip(), occasion=occasion if occasion in Occasion.values else "",
        state=state if state in CallState.values else "", body=number_of(asked.get("body")),
    )  # fmt: skip


def _proposal(request: HttpRequest, teams: list[Carrier]) -> dict[str, Any]:
    """Tick the team that was asked for, the own one, or the only one."""
    asked = number_of(request.GET.get("team"))
    actor = actor_of(request)
    chosen = [team for team in teams if team.pk == asked] or [team for team in teams if team.lead_id == actor.pk]
    return {"teams": chosen or (teams if len(teams) == 1 else [])}


def _local(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
