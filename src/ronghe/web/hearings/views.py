"""述职评议: hearings, planning one, who reports and who marks, marking and counting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.hearings.documents import hearing_document
from ronghe.domain.hearings.enums import HearingState
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, Remark
from ronghe.domain.hearings.selectors import (
    bodies_to_plan_for,
    chairs_for,
    groups_of,
    list_hearings,
    people_below,
    reporters_of,
)
from ronghe.domain.hearings.services.marking import close_hearing, count_marks, open_marking, stop_marking
from ronghe.domain.hearings.services.planning import (
    arrange_meeting,
    call_off_hearing,
    plan_hearing,
    set_evaluators,
    set_reporters,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.hearings.forms import EvaluatorsForm, HearingForm, ReasonForm, ReportersForm
from ronghe.web.hearings.presenting import (
    HEARING_SHAPES,
    hearing_context,
    offered_to,
    reporters_offered,
    seen_hearing,
)
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
MOST_NAMED = 100
"""Names typed at once at most."""


@login_required
def hearing_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in HearingState.values:
        found &= Q(state=state)
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__contains=text) | Q(body__name__contains=text)
    page = page_of(list_hearings(actor, now, filters=found, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, HEARING_SHAPES[HearingState(row.state)]) for row in page.object_list],
        "states": HearingState.choices,
        "is_filtered": bool(found),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_plan"] = bodies_to_plan_for(actor, now).exists()
    template = "hearings/hearing_list.html#rows" if request.htmx else "hearings/hearing_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def hearing_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_plan_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    if body is None:
        raise NotAllowed
    day = local_day(now)
    begins = timezone.make_aware(datetime.combine(day + timedelta(days=14), time(9, 0)))
    initial = {
        "body": body.pk, "year": day.year, "starts_at": timezone.localtime(begins),
        "ends_at": timezone.localtime(begins + timedelta(hours=3)), "reports_due_on": day + timedelta(days=10),
        "place": body.unit.name if body.unit else "",
        "title": _("%(year)s 年度党组织书记抓基层党建述职评议会") % {"year": day.year},
    }  # fmt: skip
    people = chairs_for(body, day).select_related("unit")
    form = HearingForm(request.POST or None, bodies=bodies, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            hearing = plan_hearing(body=form.cleaned_data["body"], text=form.text(), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("述职人和测评人已按任职列好，请看一遍。"))
            return redirect("web:hearing_detail", hearing.pk)
    context = {"form": form, "others": list(bodies.exclude(pk=body.pk)[:50]), "held_by": body}
    return render(request, "hearings/hearing_form.html", context, status=422 if form.errors else 200)


@login_required
def hearing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "hearings/hearing_detail.html", hearing_context(request, seen_hearing(request, pk)))


@login_required
@require_POST
def hearing_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    return _act(request, hearing, None, lambda a, t: arrange_meeting(hearing=hearing, actor=a, at=t), _("会议已安排。"))


@login_required
@require_POST
def hearing_reporters(request: HttpRequest, pk: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    form = ReportersForm(request.POST, people=reporters_offered(hearing))

    def act(actor: Person, at: datetime) -> Any:
        set_reporters(hearing=hearing, people=list(form.cleaned_data["people"]), actor=actor, at=at)

    return _act(request, hearing, form, act, _("述职人已定。"))


@login_required
@require_POST
def hearing_group(request: HttpRequest, pk: int, group: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    found = get_object_or_404(EvaluatorGroup.objects.select_related("hearing__body"), pk=group, hearing=hearing)
    view = next(one for one in groups_of(hearing) if one.group.pk == group)
    form = EvaluatorsForm(request.POST, people=offered_to(view))

    def act(actor: Person, at: datetime) -> Any:
        people = list(form.cleaned_data["people"]) + _named(form, hearing)
        if form.errors:
            return
        set_evaluators(group=found, people=people, weight=form.cleaned_data["weight"], actor=actor, at=at)

    return _act(request, hearing, form, act, _("测评人已定。"), group=group)


@login_required
@require_POST
def hearing_open(request: HttpRequest, pk: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    return _act(
        request, hearing, None, lambda a, t: open_marking(hearing=hearing, actor=a, at=t),
        _("测评已开始，名单里的人在今日看得到。"),
    )  # fmt: skip


@login_required
@require_POST
def hearing_stop(request: HttpRequest, pk: int) -> HttpResponse:
    hearing, form = seen_hearing(request, pk), ReasonForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        stop_marking(hearing=hearing, actor=actor, at=at, **form.cleaned_data)

    return _act(request, hearing, form, act, _("测评已作废，可以改名单后重来。"))


@login_required
@require_POST
def hearing_count(request: HttpRequest, pk: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    return _act(
        request, hearing, None, lambda a, t: count_marks(hearing=hearing, actor=a, at=t),
        _("已计分，各人看得到自己的结果。"),
    )  # fmt: skip


@login_required
@require_POST
def hearing_close(request: HttpRequest, pk: int) -> HttpResponse:
    hearing = seen_hearing(request, pk)
    return _act(request, hearing, None, lambda a, t: close_hearing(hearing=hearing, actor=a, at=t), _("已办结。"))


@login_required
@require_POST
def hearing_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    hearing, form = seen_hearing(request, pk), ReasonForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        call_off_hearing(hearing=hearing, actor=actor, at=at, **form.cleaned_data)

    return _act(request, hearing, form, act, _("已取消。"))


@login_required
def hearing_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    hearing, now = seen_hearing(request, pk), timezone.now()
    views = reporters_of(hearing, actor_of(request), now)
    if not all(view.is_seen for view in views):
        raise NotAllowed
    remarks = Remark.objects.filter(reporter__hearing=hearing).select_related("said_by").order_by("pk")
    document = hearing_document(hearing, views, list(remarks), printed_on=local_day(now))
    return paper_answer(request, document, form, source=hearing)


@login_required
def hearing_export(request: HttpRequest, pk: int) -> FileResponse:
    """The results as a workbook, for those who see all of them."""
    hearing, now = seen_hearing(request, pk), timezone.now()
    views = reporters_of(hearing, actor_of(request), now)
    if not all(view.is_seen for view in views):
        raise NotAllowed
    heads = [_("序号"), _("述职人"), _("党组织"), _("报告"), _("得分"), _("等次"), _("问题"), _("没改好的")]
    heads += [_("名次")] if hearing.shows_rank else []
    lines: Iterator[Sequence[Any]] = (
        [view.reporter.place, view.reporter.person.name, view.reporter.body.name,
         _("逾期提交") if view.is_late else _("已提交") if view.reporter.version else _("没有交"),
         view.result.score if view.result is not None else None, view.grade.title if view.grade else "",
         view.problems, view.problems_open, *([view.rank] if hearing.shows_rank else [])]
        for view in views
    )  # fmt: skip
    sheet = SheetOut(title=_("述职评议"), head=heads, rows=lines, widths=[6, 10, 30, 10, 10, 8, 8, 10, 8])
    return excel_answer([sheet], f"{hearing.title}_{local_day(now):%Y%m%d}.xlsx")


def _named(form: EvaluatorsForm, hearing: Hearing) -> list[Person]:
    """Return the people typed by name or staff number; whoever is not found, or not alone, is said beside the field."""
    words = dict.fromkeys(form.cleaned_data["more"].replace("、", " ").replace("，", " ").split()[:MOST_NAMED])
    if not words:
        return []
    rows = people_below(hearing.body, local_day(timezone.now()))
    found = list(rows.filter(Q(name__in=list(words)) | Q(staff_number__in=list(words))))
    named: list[Person] = []
    for word in words:
        same = [person for person in found if word in (person.name, person.staff_number)]
        if len(same) == 1:
            named.append(same[0])
        elif same:
            form.add_error("more", _("叫“%(who)s”的不止一人，请改写员工号。") % {"who": word})
        else:
            form.add_error("more", _("“%(who)s”不在这里，请核对。") % {"who": word})
    return named


def _act(
    request: HttpRequest, hearing: Hearing, form: Any, act: Callable[[Person, datetime], Any], said: str, *,
    group: int = 0,
) -> HttpResponse:  # fmt: skip
    """Do one act; what stands against it is said beside its form, or above the page where there is none."""
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:hearing_detail", hearing.pk)
            form.add_error(None, str(error))
        if form is None or not form.errors:
            toasts.done(request, said)
            return redirect("web:hearing_detail", hearing.pk)
    fresh = seen_hearing(request, hearing.pk)
    context = hearing_context(request, fresh, failed=form, group=group)
    return render(request, "hearings/hearing_detail.html", context, status=422)
