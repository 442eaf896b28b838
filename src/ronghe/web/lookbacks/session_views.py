"""融合工作回头看: sessions of bodies — the list, one with what the records show, picking by one tap, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.lookbacks.calc.periods import spans_before
from ronghe.domain.lookbacks.documents import session_document
from ronghe.domain.lookbacks.enums import Lapse
from ronghe.domain.lookbacks.models import LookSession, SessionFinding
from ronghe.domain.lookbacks.rules import RUN_SESSION, SEE_SESSION
from ronghe.domain.lookbacks.selectors import (
    bodies_to_look_back,
    findings_of,
    lapse_called,
    lapses_of,
    list_sessions,
    look_record_of,
    sessions_seen_by,
    sources_picked,
)
from ronghe.domain.lookbacks.services.sessions import (
    close_session,
    drop_finding,
    open_session,
    pick_finding,
    reopen_session,
)
from ronghe.domain.obligations.selectors.lists import obligations_met_by
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.items.presenting import line_of
from ronghe.web.lookbacks.forms import ConclusionForm, PickForm, SessionForm
from ronghe.web.paging import asked_page
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of

STATES = ("open", "closed")


@login_required
def look_sessions(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = paged(list_sessions(actor, now, filters=_asked(request), page=asked_page(request)))
    context = {
        "page": page,
        "states": [("", _("全部")), ("open", _("没完成")), ("closed", _("已完成"))],
        "may_open": bodies_to_look_back(actor, now).exists(),
    }
    return render(request, "lookbacks/sessions.html", context)


def _asked(request: HttpRequest) -> Q:
    found = Q()
    if (state := request.GET.get("state", "")) in STATES:
        found &= Q(closed_at__isnull=state == "open")
    if text := request.GET.get("q", "").strip()[:60]:
        found &= Q(body__name__contains=text)
    return found


@login_required
def look_sessions_export(request: HttpRequest) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    rows = SEE_SESSION.narrow(actor, LookSession.objects.filter(_asked(request)), at=now)
    rows = rows.select_related("body", "closed_by").annotate(found=Count("findings")).order_by("-from_on", "-pk")
    kinds = list(Lapse)
    head = [_("组织"), _("从"), _("到"), *(str(kind.label) for kind in kinds), _("挑出问题"), _("结论"), _("谁完成")]
    lines = (
        [
            row.body.name, row.from_on, row.until_on - timedelta(days=1), *(row.shown.get(kind, 0) for kind in kinds),
            row.found, row.conclusion, row.closed_by.name if row.closed_by else "",
        ]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("回头看"), head=head, rows=lines, widths=[28, 12, 12, *[12] * len(kinds), 10, 50, 10])
    return excel_answer([sheet], f"{_('回头看')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def look_session_new(request: HttpRequest) -> HttpResponse:
    """Begin one: the quarter that ends or ended last is proposed."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_look_back(actor, now)
    if not bodies.exists():
        raise NotAllowed
    today = local_day(now)
    spans = spans_before(today)
    running = spans[0]
    begun = running if (running[1] - today).days <= 31 else spans[1]
    initial = {"from_on": begun[0], "last_on": begun[1] - timedelta(days=1), "body": request.GET.get("body", "")}
    form = SessionForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            session = open_session(
                body=typed["body"], from_on=typed["from_on"], until_on=typed["last_on"] + timedelta(days=1),
                actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:look_session", session.pk)
    return render(request, "lookbacks/session_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def look_session(request: HttpRequest, pk: int) -> HttpResponse:
    session, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    runs = RUN_SESSION.allows(actor, session, at=now)
    is_open = session.closed_at is None
    lapses = lapses_of(session.body, session.from_on, session.until_on, now) if runs and is_open else []
    picked = sources_picked(session) if lapses else set()
    context = {
        "session": session,
        "last_on": session.until_on - timedelta(days=1),
        "is_open": is_open,
        "runs": runs,
        "lapses": [
            (group, [(line, href_of(line.source_type, line.source_id), (line.source_type, line.source_id) in picked)
                     for line in group.lines])
            for group in lapses
        ],
        "shown": [(str(Lapse(name).label), count) for name, count in session.shown.items() if name in Lapse.values],
        "findings": [
            (row, line_of(row.item, now), is_open and runs and row.item.state == "found") for row in findings_of(session)
        ],
        "met": list(obligations_met_by(session)),
        "pick_form": PickForm(),
        "conclusion_form": ConclusionForm(initial={"conclusion": session.conclusion}),
    }  # fmt: skip
    return render(request, "lookbacks/session_detail.html", context)


@login_required
@require_POST
def look_session_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick a finding: of a record that the session walks, named by the button, or in one's own words."""
    session, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = PickForm(request.POST)

    def act() -> Any:
        typed, source = form.cleaned_data, None
        if typed["source_type"] and typed["source_id"]:
            lapses = lapses_of(session.body, session.from_on, session.until_on, now)
            line = lapse_called(lapses, typed["source_type"], typed["source_id"])
            if line is not None:
                source = RecordOf(line.source_type, line.source_id, line.title)
        return pick_finding(session=session, title=typed["title"], source=source, actor=actor, at=now)

    return _act(request, session, form, act, _("已挑出来，记为问题。"))


@login_required
@require_POST
def look_session_drop(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    session = _seen(request, pk)
    rows = SessionFinding.objects.select_related("item", "session__body")
    row = get_object_or_404(rows, pk=finding, session=session)
    return _act(
        request, session, None, lambda: drop_finding(finding=row, actor=actor_of(request), at=timezone.now()),
        _("已撤下。"),
    )  # fmt: skip


@login_required
@require_POST
def look_session_close(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = _seen(request, pk), ConclusionForm(request.POST)

    def act() -> Any:
        return close_session(
            session=session, conclusion=form.cleaned_data["conclusion"], actor=actor_of(request), at=timezone.now()
        )

    return _act(request, session, form, act, _("这次回头看已完成，应办事项已对上。"))


@login_required
@require_POST
def look_session_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    session = _seen(request, pk)
    return _act(
        request, session, None, lambda: reopen_session(session=session, actor=actor_of(request), at=timezone.now()),
        _("已撤销完成，可以接着改。"),
    )  # fmt: skip


@login_required
def look_session_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    session = _seen(request, pk)
    found = [(row.item, look_record_of(row.item)) for row in findings_of(session)]
    document = session_document(session, found, printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=session, layout=GBT_9704_LANDSCAPE)


def _seen(request: HttpRequest, pk: int) -> LookSession:
    session: LookSession = get_object_or_404(sessions_seen_by(actor_of(request), timezone.now()), pk=pk)
    return session


def _act(request: HttpRequest, session: LookSession, form: Any, act: Callable[[], Any], done: str) -> HttpResponse:
    if form is not None and not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        toasts.refused(request, " ".join(sentences))
        return redirect("web:look_session", session.pk)
    try:
        act()
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    return redirect("web:look_session", session.pk)
