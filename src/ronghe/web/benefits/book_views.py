"""效益账: the book of a zone, a body or a project, its export and paper, its limit, and a project's gain in days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.benefits.documents import book_document
from ronghe.domain.benefits.models import ScheduleGain
from ronghe.domain.benefits.rules import BENEFIT, ENTER_GAIN, SET_LIMIT, VERIFY_GAIN, WITHDRAW_GAIN
from ronghe.domain.benefits.selectors.book import Idea, book_of, ideas_listed, in_yuan, with_lines, years_of
from ronghe.domain.benefits.selectors.limits import limit_of
from ronghe.domain.benefits.services.gains import enter_gain, verify_gain, withdraw_gain
from ronghe.domain.benefits.services.reviewing import set_limit
from ronghe.domain.items.selectors import bodies_to_raise_for
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.schedule.selectors.figures import gain_of
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.benefits.forms import GainForm, LimitForm, refusal
from ronghe.web.benefits.presenting import idea_line, scope_of, sums_in_words
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page
from ronghe.web.requests import actor_of

A_PAGE = 30
OFFERED = 200
ON_PAPER = 2000


@login_required
def benefit_book(request: HttpRequest) -> HttpResponse:
    """Money and days of a book: sums, months, and every idea down to its lines."""
    actor, now, scope = actor_of(request), timezone.now(), scope_of(request)
    book = book_of(scope, actor, now)
    page = Paginator(ideas_listed(scope, actor, now), A_PAGE).get_page(asked_page(request))
    body = scope.body or (scope.zone.body if scope.zone is not None else None)
    limit = limit_of(body.pk, local_day(now)) if body is not None else None
    known = {gain.project_id for gain in book.gains}
    may_enter = scope.project is not None and scope.project.pk not in known
    context = {
        "book": book,
        "scope": scope,
        "whose": scope.whose.name if scope.whose is not None else _("效益账"),
        "total": sums_in_words(book.total),
        "months": [(month, sums_in_words(sums)) for month, sums in book.months],
        "page": page,
        "lines": [idea_line(idea) for idea in with_lines(list(page.object_list))],
        "zones": [(str(zone.pk), zone.name) for zone in zones_seen_by(actor, now)[:OFFERED]],
        "projects": [(str(project.pk), project.name) for project in projects_seen_by(actor, now)[:OFFERED]],
        "years": [*((str(year), _("%(year)s 年") % {"year": year}) for year in years_of(actor, now)), ("all", _("全部年度"))],
        "year": str(scope.year) if scope.year is not None else "all",
        "gains": [
            (gain, gain.verified_at is None and VERIFY_GAIN.allows(actor, gain, at=now),
             WITHDRAW_GAIN.allows(actor, gain, at=now))
            for gain in book.gains
        ],
        "gain_form": GainForm(initial=_gain_known(scope.project))
        if may_enter and scope.project is not None and ENTER_GAIN.allows(actor, scope.project, at=now)
        else None,
        "limit": limit,
        "limit_words": in_yuan(limit.fen) if limit is not None and limit.fen is not None else "",
        "limit_form": LimitForm() if body is not None and SET_LIMIT.allows(actor, body, at=now) else None,
        "limit_body": body,
        "query": asked_filters(request),
        "may_raise": bodies_to_raise_for(BENEFIT, actor, now).exists(),
    }  # fmt: skip
    wanted = "benefits/book.html#rows" if request.htmx else "benefits/book.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def benefit_book_export(request: HttpRequest) -> HttpResponseBase:
    """The whole book as a workbook: sums by month, ideas, and the lines of every reckoning."""
    actor, now, scope = actor_of(request), timezone.now(), scope_of(request)
    book, ideas = book_of(scope, actor, now), _all(request)
    amounts = [
        _("估算（元）"),
        _("审核通过（元）"),
        _("实际（元）"),
        _("核定入账（元）"),
        _("冲回（元）"),
        _("净额（元）"),
    ]
    months = [
        *([f"{month:%Y-%m}", *sums_in_words(sums).values()] for month, sums in book.months),
        [_("合计"), *sums_in_words(book.total).values()],
    ]
    heads = [_("编号"), _("效益点"), _("项目"), _("原来的做法"), _("改成的做法"), _("估算（元）"), _("入账净额（元）"),
             _("节约工期（天）"), _("状态"), _("谁提出"), _("谁来办"), _("功劳份额")]  # fmt: skip
    detail = [_("编号"), _("效益点"), _("阶段"), _("算什么"), _("单位"), _("原来数量"), _("原来单价（元）"), _("现在数量"),
              _("现在单价（元）"), _("节约（元）")]  # fmt: skip
    sheets = [
        SheetOut(title=_("分月汇总"), head=[_("月份"), *amounts], rows=months, widths=[12, *[18] * 6]),
        SheetOut(title=_("效益点"), head=heads, rows=(_cells(idea) for idea in ideas),
                 widths=[8, 30, 26, 26, 26, 16, 16, 12, 10, 10, 10, 30]),
        SheetOut(title=_("测算明细"), head=detail, rows=_lines(ideas), widths=[8, 30, 8, 26, 8, 12, 14, 12, 14, 16]),
    ]  # fmt: skip
    return excel_answer(sheets, f"{_('效益账')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def benefit_book_print(request: HttpRequest, form: str) -> HttpResponse:
    actor, now, scope = actor_of(request), timezone.now(), scope_of(request)
    if scope.whose is None:
        raise Http404
    document = book_document(book_of(scope, actor, now), _all(request), printed_on=local_day(now))
    return paper_answer(request, document, form, source=scope.whose, layout=GBT_9704_LANDSCAPE)


def _all(request: HttpRequest) -> list[Idea]:
    return with_lines(list(ideas_listed(scope_of(request), actor_of(request), timezone.now())[:ON_PAPER]))


def _cells(idea: Idea) -> list[Any]:
    item, line = idea.item, idea_line(idea)
    people = ", ".join(f"{share.person.name} {share.percent.normalize():f}%" for share, _fen in idea.shares)
    return [
        item.pk, item.title, item.project.name if item.project else "", item.values.get("way_before", ""),
        item.values.get("way_after", ""), line.estimated, line.net, "" if line.days is None else line.days, line.word,
        item.raised_by.name, item.owner.name if item.owner else "", people,
    ]  # fmt: skip


def _lines(ideas: list[Idea]) -> Iterator[list[Any]]:
    for idea in ideas:
        for told in (idea.estimate, idea.actual):
            for line in told.lines if told is not None else ():
                yield [
                    idea.item.pk, idea.item.title, told.reckoning.get_stage_display() if told else "", line.what,
                    line.unit, line.before_quantity, line.before_price, line.after_quantity, line.after_price,
                    line.yuan,
                ]  # fmt: skip


@login_required
@require_POST
def benefit_limit(request: HttpRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(bodies_seen_by(actor_of(request), timezone.now()), pk=pk)
    form = LimitForm(request.POST)
    to = reverse("web:benefit_book") + f"?body={body.pk}"
    return _settle(
        request, form, lambda: set_limit(body=body, fen=form.fen(), actor=actor_of(request), at=timezone.now()),
        _("复审金额已定。"), to,
    )  # fmt: skip


@login_required
@require_POST
def benefit_gain_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the days of a project; `pk` is the project's."""
    project = get_object_or_404(projects_seen_by(actor_of(request), timezone.now()), pk=pk)
    form = GainForm(request.POST)
    return _settle(
        request, form,
        lambda: enter_gain(project=project, actor=actor_of(request), at=timezone.now(), **form.cleaned_data),
        _("已登记，等别人核定后计入。"), _book_of(project.pk),
    )  # fmt: skip


@login_required
@require_POST
def benefit_gain_verify(request: HttpRequest, pk: int) -> HttpResponse:
    gain = _seen_gain(request, pk)
    return _settle(
        request, None, lambda: verify_gain(gain=gain, actor=actor_of(request), at=timezone.now()),
        _("已核定，项目的工期节约按这个数计一次。"), _book_of(gain.project_id),
    )  # fmt: skip


@login_required
@require_POST
def benefit_gain_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    gain, reason = _seen_gain(request, pk), request.POST.get("reason", "")
    return _settle(
        request, None, lambda: withdraw_gain(gain=gain, reason=reason, actor=actor_of(request), at=timezone.now()),
        _("已撤下，可以重新登记。"), _book_of(gain.project_id),
    )  # fmt: skip


def _gain_known(project: Project) -> dict[str, Any]:
    """Return what the project's schedule says of its gain, to be entered as it stands."""
    known = gain_of(project)
    if known is None:
        return {}
    days = {"planned": known.planned_on, "real": known.commissioned_on}
    return {"days": known.days, "basis": _("进度计划：基线投产 %(planned)s，实际投产 %(real)s。") % days}


def _seen_gain(request: HttpRequest, pk: int) -> ScheduleGain:
    projects = projects_seen_by(actor_of(request), timezone.now()).order_by().values("pk")
    rows = ScheduleGain.objects.filter(withdrawn_at=None, project__in=projects).select_related("project")
    return get_object_or_404(rows, pk=pk)


def _book_of(project: int) -> str:
    return reverse("web:benefit_book") + f"?project={project}&year=all"


def _settle(request: HttpRequest, form: Any, act: Callable[[], Any], done: str, to: str) -> HttpResponse:
    if form is not None and not form.is_valid():
        toasts.refused(request, refusal(form))
        return redirect(to)
    try:
        act()
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    return redirect(to)
