"""回头看: the list, what keeps coming back, the analysis, measures, and the acts that only this kind knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.lookbacks.rules import ANALYSE, LOOKBACK
from ronghe.domain.lookbacks.selectors import list_recurring, look_record_of
from ronghe.domain.lookbacks.services.analysing import add_measure, begin_measures, hand_in_result, write_analysis
from ronghe.domain.lookbacks.services.recurring import join_old, note_recurrence
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.items.presenting import line_of, page_of
from ronghe.web.items.views import item_list, uploads_of
from ronghe.web.lookbacks.forms import AnalysisForm, JoinForm, RecurForm, ResultForm
from ronghe.web.lookbacks.presenting import measure_form, old_choices, seen_look
from ronghe.web.paging import asked_page
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of


@login_required
def lookbacks(request: HttpRequest) -> HttpResponse:
    return item_list(request, LOOKBACK, template="lookbacks/lookbacks.html")


@login_required
def look_recurring(request: HttpRequest) -> HttpResponse:
    """What keeps coming back, the most often first."""
    now = timezone.now()
    page = paged(list_recurring(actor_of(request), now, page=asked_page(request)))
    lines = [(line_of(item, now), item.times) for item in page.object_list]
    return render(request, "lookbacks/recurring.html", {"page": page, "lines": lines})


@login_required
def look_analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down whys and causes on a page of its own; what was written last stands there already."""
    item, actor, now = seen_look(request, pk), actor_of(request), timezone.now()
    ANALYSE.require(actor, item, at=now)
    if item.state != "analysing":
        toasts.refused(request, _("“%(title)s”现在不在查原因，请看它的状态。") % {"title": item.title})
        return redirect(page_of(item))
    record = look_record_of(item)
    known = record.current or next(iter(record.analyses), None)
    form = AnalysisForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            write_analysis(item=item, given=form.analysis(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("原因已写下，接着定措施。"))
            return redirect(page_of(item))
    context = {"item": item, "form": form, "round": record.round}
    return render(request, "lookbacks/analysis.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def look_measure(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_look(request, pk)
    form = measure_form(request, item, request.POST)
    return _act(
        request, item, form,
        lambda: add_measure(item=item, actor=actor_of(request), at=timezone.now(), **form.cleaned_data),
        _("措施已下达给责任人。"),
    )  # fmt: skip


@login_required
@require_POST
def look_begin(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_look(request, pk)
    return _act(
        request, item, None, lambda: begin_measures(item=item, actor=actor_of(request), at=timezone.now()),
        _(LOOKBACK.step_by_id["plan"].said),
    )  # fmt: skip


@login_required
@require_POST
def look_submit(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_look(request, pk), ResultForm(request.POST)

    def act() -> Any:
        return hand_in_result(
            item=item, note=form.cleaned_data["note"], actor=actor_of(request), at=timezone.now(),
            uploads=uploads_of(request),
        )  # fmt: skip

    return _act(request, item, form, act, _(LOOKBACK.step_by_id["submit"].said))


@login_required
@require_POST
def look_recur(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_look(request, pk), RecurForm(request.POST)
    return _act(
        request, item, form,
        lambda: note_recurrence(item=item, text=form.cleaned_data["text"], actor=actor_of(request), at=timezone.now()),
        _("已重新打开，等责任人重新查原因。"),
    )  # fmt: skip


@login_required
@require_POST
def look_join(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_look(request, pk)
    form = JoinForm(request.POST, known=old_choices(request, item))

    def act() -> Any:
        old = seen_look(request, int(form.cleaned_data["old"]))
        return join_old(finding=item, old=old, actor=actor_of(request), at=timezone.now())

    return _act(request, item, form, act, _("已并入旧问题，旧问题重新打开。"))


def _act(request: HttpRequest, item: WorkItem, form: Any, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do one act on a look-back and say what was done, or why not."""
    if form is not None and not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        toasts.refused(request, " ".join(sentences))
        return redirect(page_of(item))
    try:
        act()
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    item.refresh_from_db()
    is_seen = SEE_ITEM.allows(actor_of(request), item, at=timezone.now())
    return redirect(page_of(item) if is_seen else "web:lookbacks")
