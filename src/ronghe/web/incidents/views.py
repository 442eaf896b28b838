"""事故事件: the list, reporting one, who was told when, changed figures, closing and withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.incidents.calc.plan import Plan
from ronghe.domain.incidents.enums import AccidentKind
from ronghe.domain.incidents.models import Accident, AccidentNotice
from ronghe.domain.incidents.rules import HANDLE, SEE_ACCIDENT, TELL, WITHDRAW
from ronghe.domain.incidents.selectors import (
    accidents_filtered,
    accidents_seen_by,
    bodies_to_report_to,
    figures_of,
    list_accidents,
    notices_of,
    plan_in_force,
)
from ronghe.domain.incidents.services.reporting import (
    add_figures,
    close_accident,
    report_accident,
    tell_level,
    withdraw_accident,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.risks.selectors import areas_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.incidents.forms import AccidentForm, MoreForm, ResultForm, ToldForm, WithdrawForm
from ronghe.web.paging import asked_filters, asked_order, asked_page, page_of
from ronghe.web.requests import actor_of

ORDERS = {
    "-happened": ["-happened_at"], "happened": ["happened_at"], "title": ["title"], "-title": ["-title"],
}  # fmt: skip


@login_required
def incidents(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    plan = plan_in_force()
    order = asked_order(request, ORDERS, "-happened")
    listed = list_accidents(actor, now, _filtered(request, now, plan), order_by=order, page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(one, plan.title_of(one.grade), *_shape(one)) for one in listed.rows],
        "kinds": AccidentKind.choices,
        "grades": [(rule.id, rule.title) for rule in plan.grades],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
        "may_report": bodies_to_report_to(actor, now).exists(),
    }
    template = "incidents/incident_list.html#rows" if request.htmx else "incidents/incident_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def incidents_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    plan = plan_in_force()
    rows = SEE_ACCIDENT.narrow(actor, _filtered(request, now, plan), at=now).order_by("-happened_at", "-pk")
    heads = [_("编号"), _("发生了什么"), _("类别"), _("等级"), _("事故类别编码"), _("伤害程度编码"), _("发生时间"), _("位置"),
             _("组织"), _("死亡"), _("重伤"), _("直接经济损失（元）"), _("还没报的级数"), _("超时的级数"), _("状态")]  # fmt: skip
    lines = (
        [one.pk, one.title, one.get_kind_display(), plan.title_of(one.grade), plan.called(one.class_code), plan.called(one.harm_code),
         f"{timezone.localtime(one.happened_at):%Y-%m-%d %H:%M}", _where(one), one.body.name, one.deaths, one.injured,
         one.yuan, one.owed, one.behind, _shape(one)[1]]
        for one in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(_("事故事件"), heads, lines, [8, 36, 12, 14, 12, 12, 17, 24, 26, 8, 8, 16, 10, 10, 10])
    return excel_answer([sheet], _("事故事件") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def incident_report(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_report_to(actor, now)
    if not bodies.exists():
        raise NotAllowed
    plan = plan_in_force()
    form = AccidentForm(
        request.POST or None, areas=areas_seen_by(actor, now), bodies=bodies, projects=projects_seen_by(actor, now),
        plan=plan, initial={"happened_at": now, "area": request.GET.get("area")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            accident = report_accident(text=form.accident(), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已报告。下面是还要报给谁、最晚几点。"))
            return redirect("web:incident_detail", accident.pk)
    return render(request, "incidents/incident_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _seen(request, pk))


@login_required
@require_POST
def incident_tell(request: HttpRequest, pk: int, notice: int) -> HttpResponse:
    accident = _seen(request, pk)
    row = get_object_or_404(AccidentNotice.objects.select_related("accident__body"), pk=notice, accident=accident)
    form = ToldForm(request.POST, auto_id=f"told_{row.pk}_%s")

    def act(actor: Person, now: datetime) -> None:
        tell_level(notice=row, actor=actor, at=now, **form.cleaned_data)

    return _act(request, accident, form, act, _("已记下报告时间。"), notice=row.pk)


@login_required
@require_POST
def incident_figures(request: HttpRequest, pk: int) -> HttpResponse:
    accident, form = _seen(request, pk), MoreForm(request.POST, auto_id="more_%s")

    def act(actor: Person, now: datetime) -> None:
        figures = form.figures()
        add_figures(accident=accident, figures=figures, note=form.cleaned_data["note"], actor=actor, at=now)

    return _act(request, accident, form, act, _("已补报。"))


@login_required
@require_POST
def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    accident, form = _seen(request, pk), ResultForm(request.POST, auto_id="result_%s")

    def act(actor: Person, now: datetime) -> None:
        close_accident(accident=accident, result=form.cleaned_data["result"], actor=actor, at=now)

    return _act(request, accident, form, act, _("已结案。"))


@login_required
@require_POST
def incident_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    accident, form = _seen(request, pk), WithdrawForm(request.POST, auto_id="withdraw_%s")

    def act(actor: Person, now: datetime) -> None:
        withdraw_accident(accident=accident, reason=form.cleaned_data["reason"], actor=actor, at=now)

    return _act(request, accident, form, act, _("已撤销，不再计入，记录留着。"))


def _act(
    request: HttpRequest, accident: Accident, form: Any, act: Callable[[Person, datetime], None], done: str, *,
    notice: int = 0,
) -> HttpResponse:  # fmt: skip
    """Do one act; what stands against it is said beside the form, with what was typed."""
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:incident_detail", accident.pk)
    accident.refresh_from_db()
    return _shown(request, accident, failed=form, notice=notice)


def _shown(request: HttpRequest, accident: Accident, *, failed: Any = None, notice: int = 0) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    tells = accident.is_open and TELL.allows(actor, accident, at=now)
    handles = accident.is_open and HANDLE.allows(actor, accident, at=now)
    forms: dict[str, Any] = {}
    if handles:
        figures = {"deaths": accident.deaths, "injured": accident.injured, "yuan": accident.yuan}
        forms |= {
            "more_form": MoreForm(auto_id="more_%s", initial=figures),
            "result_form": ResultForm(auto_id="result_%s"),
        }
    if accident.withdrawn_at is None and WITHDRAW.allows(actor, accident, at=now):
        forms["withdraw_form"] = WithdrawForm(auto_id="withdraw_%s")
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    plan = plan_in_force()
    rows = []
    for row in notices_of(accident):
        fresh = ToldForm(auto_id=f"told_{row.pk}_%s") if tells and row.told_at is None else None
        shape, word = _notice_shape(row, now)
        rows.append((row, shape, word, failed if notice == row.pk and fresh is not None else fresh))
    shape, word = _shape(accident)
    context = {
        **forms, "accident": accident, "grade": plan.title_of(accident.grade),
        "class_called": plan.called(accident.class_code), "harm_called": plan.called(accident.harm_code), "shape": shape, "word": word,
        "notices": rows, "history": [(row, plan.title_of(row.grade)) for row in figures_of(accident)],
        "failed": type(failed).__name__ if failed is not None else "", "failed_notice": notice,
    }  # fmt: skip
    return render(request, "incidents/incident_detail.html", context, status=422 if failed is not None else 200)


def _notice_shape(row: AccidentNotice, now: datetime) -> tuple[str, str]:
    """Return how a level stands: the shape and the word. Late stays late."""
    if row.told_at is not None:
        return ("late", _("超时报的")) if row.is_late(now) else ("done", _("按时报了"))
    return ("failed", _("超时没报")) if row.is_late(now) else ("due", _("待报"))


def _shape(accident: Accident) -> tuple[str, str]:
    if accident.withdrawn_at is not None:
        return "waived", _("已撤销")
    if accident.closed_at is not None:
        return "done", _("已结案")
    return "running", _("处理中")


def _where(accident: Accident) -> str:
    area = accident.area.name if accident.area is not None else ""
    return " ".join(word for word in (area, accident.place) if word)


def _filtered(request: HttpRequest, now: datetime, plan: Plan) -> Any:
    asked = request.GET
    kind, grade = asked.get("kind", ""), asked.get("grade", "")
    return accidents_filtered(
        now, words=asked.get("q", "").replace("\x00", "").strip(), kind=kind if kind in AccidentKind.values else "",
        grade=grade if grade in {rule.id for rule in plan.grades} else "", open_=bool(asked.get("open")),
        late=bool(asked.get("late")),
    )  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> Accident:
    return get_object_or_404(accidents_seen_by(actor_of(request), timezone.now()), pk=pk)
