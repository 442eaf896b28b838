"""三层责任清单 and 班子成员深入分管领域: who answers for what, how it stands, and what is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.decisions.documents import sheet_document
from ronghe.domain.decisions.enums import Edition, Layer
from ronghe.domain.decisions.models import LineRecord, ResponsibilitySheet, SheetLine
from ronghe.domain.decisions.rules import KEEP_RULES, SEE_LEADERS, SEE_LINE
from ronghe.domain.decisions.selectors.leaders import figures_of, leaders_of, people_to_list, records_of
from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep, mechanisms_of
from ronghe.domain.decisions.selectors.sheets import (
    lines_answered_by,
    lines_on,
    sheets_seen_by,
    who_is_behind,
)
from ronghe.domain.decisions.services.sheets import (
    adopt_sheet,
    draft_sheet,
    drop_line,
    record_line,
    set_line,
    take_back_record,
)
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.decisions.book_views import EDITION_SHAPES, SHOWN
from ronghe.web.decisions.forms import DoneForm, LineForm, SheetYearForm
from ronghe.web.files import paper_answer
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

FIRST_YEAR, LAST_YEAR = 2000, 2999


@login_required
def sheet_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {
        "sheets": [(row, EDITION_SHAPES[Edition(row.state)]) for row in sheets_seen_by(actor, now)[:SHOWN]],
        "can_keep": bodies_to_keep(actor, now).exists(),
    }
    return render(request, "decisions/sheet_list.html", context)


@login_required
def my_lines(request: HttpRequest) -> HttpResponse:
    day = local_day(timezone.now())
    year = _year(request, day)
    context = {
        "lines": lines_answered_by(actor_of(request), day, year),
        "year": year,
        "is_now": year == day.year,
        "done_form": DoneForm(initial={"done_on": day}),
    }
    return render(request, "decisions/my_lines.html", context)


@login_required
def sheet_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_keep(actor, now)
    if not bodies.exists():
        raise NotAllowed
    initial = {"body": number_of(request.GET.get("body")), "year": local_day(now).year}
    form = SheetYearForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = draft_sheet(actor=actor, at=now, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已按任职和范本列好，改完再发布。"))
            return redirect("web:responsibility_sheet", sheet.pk)
    context = {"form": form, "title": _("起草责任清单"), "back": "web:responsibility_sheets"}
    return render(request, "decisions/begin_form.html", context, status=422 if form.errors else 200)


@login_required
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "decisions/sheet_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def line_set(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _seen(request, pk)
    form = _line_form(sheet, request.POST)
    number = number_of(request.GET.get("line"))
    line = get_object_or_404(SheetLine, pk=number, sheet=sheet) if number is not None else None
    if form.is_valid():
        try:
            set_line(sheet=sheet, text=form.text(), line=line, actor=actor_of(request), at=timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下。"))
            return redirect("web:responsibility_sheet", pk)
    context = _context(request, sheet) | {"line_form": form, "editing": line, "is_failed": True}
    return render(request, "decisions/sheet_detail.html", context, status=422)


@login_required
@require_POST
def line_drop(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    sheet = _seen(request, pk)
    found = get_object_or_404(SheetLine.objects.select_related("sheet__body"), pk=line, sheet=sheet)
    done = _do(request, lambda: drop_line(line=found, actor=actor_of(request), at=timezone.now()))
    if done:
        toasts.done(request, _("已去掉。"))
    return redirect("web:responsibility_sheet", pk)


@login_required
@require_POST
def sheet_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = _seen(request, pk)
    if _do(request, lambda: adopt_sheet(sheet=sheet, actor=actor_of(request), at=timezone.now())):
        toasts.done(request, _("责任清单已发布，各人在“我的责任清单”看得到。"))
    return redirect("web:responsibility_sheet", pk)


@login_required
@require_POST
def line_done(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    seen = SEE_LINE.narrow(actor, SheetLine.objects.all(), at=now)
    line = get_object_or_404(seen.select_related("sheet__body", "person"), pk=pk)
    form = DoneForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("请写明哪一天、做了什么。"))
    elif _do(request, lambda: record_line(line=line, actor=actor, at=now, **form.cleaned_data)):
        toasts.done(request, _("已记下。"))
    return _back(request, line)


@login_required
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a record met, a duty say, to its line: on the sheet, or among the reader's own."""
    line = _record_seen(request, pk).line
    if sheets_seen_by(actor_of(request), timezone.now()).filter(pk=line.sheet_id).exists():
        return redirect(reverse("web:responsibility_sheet", args=[line.sheet_id]) + f"#line-{line.pk}")
    return redirect("web:my_responsibilities")


@login_required
@require_POST
def record_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    made = _record_seen(request, pk)
    if _do(request, lambda: take_back_record(made=made, actor=actor, at=now)):
        toasts.done(request, _("已撤回。"))
    return _back(request, made.line)


@login_required
def sheet_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    sheet, day = _seen(request, pk), local_day(timezone.now())
    document = sheet_document(sheet, lines_on(sheet, day), printed_on=day)
    return paper_answer(request, document, form, source=sheet, name=_("党建责任清单"))


@login_required
def leader_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    year = _year(request, day)
    bodies = _bodies_led(actor, now)
    asked = number_of(request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else None
    choices = list(bodies[:SHOWN])
    body = body or (choices[0] if choices else None)
    figures = figures_of(leaders_of(body, day), date(year, 1, 1), date(year + 1, 1, 1)) if body is not None else []
    context = {"led": body, "choices": [(row.pk, row.name) for row in choices], "figures": figures, "year": year}
    return render(request, "decisions/leader_list.html", context)


@login_required
def leader_records(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    year = _year(request, day)
    body = get_object_or_404(_bodies_led(actor, now), pk=number_of(request.GET.get("body")) or 0)
    post = next((one for one in leaders_of(body, day) if one.person_id == pk), None)
    if post is None:
        raise Http404
    records = records_of(post.person, actor, now, date(year, 1, 1), date(year + 1, 1, 1))
    return render(
        request, "decisions/leader_records.html", {"post": post, "led": body, "records": records, "year": year}
    )


def _bodies_led(actor: Person, now: Any) -> Any:
    rows = PartyOrg.objects.filter(on_day(local_day(now)), kind__in=PARTY_KINDS)
    return SEE_LEADERS.narrow(actor, rows, at=now).order_by("pk")


def _year(request: HttpRequest, day: date) -> int:
    asked = number_of(request.GET.get("year"))
    return asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else day.year


def _seen(request: HttpRequest, pk: int) -> ResponsibilitySheet:
    return get_object_or_404(sheets_seen_by(actor_of(request), timezone.now()), pk=pk)


def _record_seen(request: HttpRequest, pk: int) -> LineRecord:
    lines = SEE_LINE.narrow(actor_of(request), SheetLine.objects.all(), at=timezone.now()).order_by().values("pk")
    rows = LineRecord.objects.select_related("line__sheet__body", "line__person").filter(line__in=lines)
    return get_object_or_404(rows, pk=pk)


def _line_form(sheet: ResponsibilitySheet, data: Any = None, **kwargs: Any) -> LineForm:
    day = local_day(timezone.now())
    return LineForm(data, people=people_to_list(sheet.body, day), mechanisms=mechanisms_of(sheet.body, day), **kwargs)


def _context(request: HttpRequest, sheet: ResponsibilitySheet) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    lines = lines_on(sheet, local_day(now))
    may_keep, is_draft = KEEP_RULES.allows(actor, sheet.body, at=now), sheet.state == Edition.DRAFT
    number = number_of(request.GET.get("line"))
    line = next((one.line for one in lines if one.line.pk == number), None) if may_keep and is_draft else None
    names = ("layer", "person", "title", "field", "mechanism", "rhythm", "evidence")
    initial = {name: getattr(line, name) for name in names} if line is not None else {}
    layers = [(layer.label, [one for one in lines if one.line.layer == layer]) for layer in Layer]
    return {
        "sheet": sheet,
        "shape": EDITION_SHAPES[Edition(sheet.state)],
        "layers": [(title, own) for title, own in layers if own],
        "behind": [] if is_draft else who_is_behind(lines),
        "may_keep": may_keep,
        "is_draft": is_draft,
        "editing": line,
        "line_form": _line_form(sheet, initial=initial) if may_keep and is_draft else None,
        "versions": list(sheets_seen_by(actor, now).filter(body=sheet.body_id, year=sheet.year)),
    }


def _do(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Do an act without a form of its own; what stands against it becomes a message."""
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
        return False
    return True


def _back(request: HttpRequest, line: SheetLine) -> HttpResponse:
    if line.person_id == actor_of(request).pk:
        return redirect("web:my_responsibilities")
    return redirect("web:responsibility_sheet", line.sheet_id)
