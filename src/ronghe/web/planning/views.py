"""四同检查: plans, the matrix of a plan, drawing one up, both heads, import, print and export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day, posts_of
from ronghe.domain.planning.documents import check_document, matrix_rows
from ronghe.domain.planning.enums import ItemKind, PlanState, Side
from ronghe.domain.planning.models import CheckRound, Plan
from ronghe.domain.planning.rules import EDIT_PLAN
from ronghe.domain.planning.selectors.matrix import matrix_of, standings_of
from ronghe.domain.planning.selectors.plans import (
    agreement_of,
    bodies_to_plan_for,
    earlier_plans,
    head_proposed,
    list_plans,
    people_for,
    period_words,
    periods_offered,
)
from ronghe.domain.planning.selectors.reading import read_plan, unpack
from ronghe.domain.planning.services.agreeing import (
    close_plan,
    confirm_plan,
    offer_plan,
    reopen_plan,
    take_plan_back,
)
from ronghe.domain.planning.services.drafting import add_items, draft_plan, name_head
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.planning.forms import HeadForm, PlanForm, TableForm, TakeOverForm
from ronghe.web.planning.presenting import (
    PLAN_SHAPES,
    checked_quarter,
    plan_context,
    seen_plan,
    table_heads,
    table_rows,
)
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
EXPORTED = 500
STEPS: dict[str, tuple[Callable[..., Plan], str]] = {
    "offer": (offer_plan, N_("已送两位负责人确认，他们在今日看得到。")),
    "take-back": (take_plan_back, N_("已撤回，可以接着改。")),
    "close": (close_plan, N_("计划已结束。")),
    "reopen": (reopen_plan, N_("计划已重新打开。")),
}


@login_required
def plans(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = _asked(request)
    page = page_of(list_plans(actor, now, filters=found, page=asked_page(request)))
    standings = standings_of(list(page.object_list), local_day(now))
    context = {
        "page": page,
        "lines": [(one, period_words(one.plan.period), PLAN_SHAPES[PlanState(one.plan.state)]) for one in standings],
        "states": PlanState.choices,
        "is_filtered": bool(found),
        "filters": asked_filters(request),
        "totals": _totals(standings),
        "can_plan": bodies_to_plan_for(actor, now).exists(),
    }
    template = "planning/plans.html#rows" if request.htmx else "planning/plans.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def plans_export(request: HttpRequest) -> FileResponse:
    """The list as the filters leave it: how every body stands."""
    actor, now = actor_of(request), timezone.now()
    listed = list_plans(actor, now, filters=_asked(request), size=EXPORTED)
    standings = standings_of(list(listed), local_day(now))
    heads = [_("党组织"), _("期间"), _("状态"), _("应查条目"), _("四项都同"), _("占比（%）"), _("短板"), _("逾期"),
             _("上次检查")]  # fmt: skip
    rows = (
        [one.plan.body.name, one.plan.period, one.plan.get_state_display(), one.counts.items, one.counts.joint,
         float(one.counts.percent) if one.counts.percent is not None else None, one.counts.gaps, one.overdue,
         one.round.quarter if one.round is not None else ""]
        for one in standings
    )  # fmt: skip
    sheet = SheetOut(title=_("四同检查"), head=heads, rows=rows, widths=[30, 10, 10, 10, 10, 10, 8, 8, 10])
    return excel_answer([sheet], f"{_('四同检查')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def plan_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_plan_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    posts = {post.body_id for post in posts_of(actor, local_day(now)) if post.body_id is not None}
    own = bodies.filter(pk__in=posts).first()
    body = bodies.filter(pk=asked).first() if asked else own or bodies.first()
    if body is None:
        raise NotAllowed
    day = local_day(now)
    earlier = earlier_plans(body)
    head = head_proposed(body, day)
    initial = {
        "body": body.pk, "drawn_from": earlier.first(), "period": request.GET.get("period", ""),
        "production_head": head.pk if head is not None else None,
    }  # fmt: skip
    form = PlanForm(
        request.POST or None, bodies=bodies, earlier=earlier, people=people_for(body, day), initial=initial,
        periods=[(label, period_words(label)) for label in periods_offered(day)],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            plan = draft_plan(actor=actor, at=now, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("计划已建，逐条加上，或从 Excel 导入。"))
            return redirect("web:plan_detail", plan.pk)
    context = {"form": form, "others": list(bodies.exclude(pk=body.pk)[:50]), "held_by": body}
    return render(request, "planning/plan_form.html", context, status=422 if form.errors else 200)


@login_required
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "planning/plan_detail.html", plan_context(request, seen_plan(request, pk)))


@login_required
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A check stands on its plan's page, in its quarter."""
    found = get_object_or_404(CheckRound, pk=pk)
    plan = seen_plan(request, found.plan_id)
    return redirect(f"{reverse('web:plan_detail', args=[plan.pk])}?quarter={found.quarter}")


@login_required
@require_POST
def plan_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    plan = seen_plan(request, pk)
    act, said = STEPS[step]
    return _act(request, plan, None, lambda a, t: act(plan=plan, actor=a, at=t), _(said))


@login_required
@require_POST
def plan_confirm(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    plan = seen_plan(request, pk)
    return _act(
        request, plan, None, lambda a, t: confirm_plan(plan=plan, side=Side(side), actor=a, at=t), _("已确认。")
    )


@login_required
@require_POST
def plan_head(request: HttpRequest, pk: int) -> HttpResponse:
    plan = seen_plan(request, pk)
    form = HeadForm(request.POST, people=people_for(plan.body, local_day(timezone.now())))
    return _act(
        request, plan, form,
        lambda a, t: name_head(plan=plan, person=form.cleaned_data["person"], actor=a, at=t), _("行政负责人已定。"),
    )  # fmt: skip


@login_required
def plan_versions(request: HttpRequest, pk: int) -> HttpResponse:
    plan = seen_plan(request, pk)
    versions = list(plan.versions.select_related("made_by").order_by("-number"))
    names = _names(versions)
    heads = {"title": _("计划内容"), "kind": _("类别"), "goal": _("目标"), "figure": _("目标数值"), "unit": _("计量单位"),
             "production_owner": _("生产负责人"), "party_owner": _("党建负责人"), "due_on": _("完成时限"),
             "weight": _("权重")}  # fmt: skip
    acts = {"added": _("新增"), "changed": _("改动"), "dropped": _("取消"), "restored": _("恢复")}

    def said(name: str, value: Any) -> str:
        if name in ("production_owner", "party_owner"):
            return names.get(value, "")
        if name == "kind" and value in ItemKind.values:
            return str(ItemKind(value).label)
        return str(value) if value not in (None, "") else "—"

    shown = [
        (version, [
            (acts[change["act"]], change["number"], change["title"],
             [(heads[name], said(name, old), said(name, new)) for name, old, new in change["fields"]])
            for change in version.changes
        ], len([entry for entry in version.contents if not entry["dropped"]]))
        for version in versions
    ]  # fmt: skip
    context = {"plan": plan, "versions": shown, "period": period_words(plan.period), "agreement": agreement_of(plan)}
    return render(request, "planning/plan_versions.html", context)


@login_required
def plan_template(request: HttpRequest, pk: int) -> FileResponse:
    """The plan as the table that is filled in and imported again; of an empty plan the heads alone."""
    plan = seen_plan(request, pk)
    items = plan.items.filter(dropped_at=None).select_related("production_owner", "party_owner").order_by("number")
    widths = [30, 8, 30, 10, 8, 12, 12, 12, 8]
    sheet = SheetOut(title=_("计划"), head=table_heads(), rows=table_rows(list(items)), widths=widths)
    return excel_answer([sheet], f"{plan.body.name}_{plan.period}.xlsx")


@login_required
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload, see every problem by its cell, then take over: nothing is written before that."""
    plan, actor, now = seen_plan(request, pk), actor_of(request), timezone.now()
    EDIT_PLAN.require(actor, plan, at=now)
    day = local_day(now)
    form, take, preview = TableForm(), None, None
    if request.method == "POST" and "packed" in request.POST:
        take = TakeOverForm(request.POST)
        if take.is_valid():
            try:
                preview = unpack(take.cleaned_data["packed"], plan, day)
                preview.refuse_problems()
                texts = [row.item for row in preview.rows if row.item is not None]
                add_items(plan=plan, texts=texts, actor=actor, at=now, reason=take.cleaned_data["reason"])
            except NotAllowed:
                raise
            except DomainError as error:
                take.add_error(None, str(error))
            else:
                toasts.done(request, _("已导入 %(count)s 条。") % {"count": len(texts)})
                return redirect("web:plan_detail", plan.pk)
    elif request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["table"]
            try:
                with laid_out(upload) as path:
                    preview = read_plan(path, upload.name, plan, day)
            except DomainError as error:
                form.add_error("table", str(error))
            else:
                take = TakeOverForm(initial={"packed": preview.packed()})
    context = {
        "plan": plan, "form": form, "take": take, "preview": preview, "heads": table_heads(),
        "period": period_words(plan.period),
        "rows": [(row, [(key, row.cells[key], row.problems.get(key, "")) for key in row.cells]) for row in preview.rows]
        if preview is not None else [],
        "problems": preview.problems if preview is not None else [],
        "asks_reason": plan.state == PlanState.AGREED,
    }  # fmt: skip
    is_wrong = bool(form.errors) or (take is not None and bool(take.errors))
    return render(request, "planning/plan_import.html", context, status=422 if is_wrong else 200)


@login_required
def plan_export(request: HttpRequest, pk: int, quarter: str) -> FileResponse:
    plan = seen_plan(request, pk)
    meant = checked_quarter(plan, quarter)
    heads, rows = matrix_rows(matrix_of(plan, meant, local_day(timezone.now())))
    widths = [6, 30, 8, 24, 12, 12, 12, 12, 10, 10, 10, 10, 8, 30]
    sheet = SheetOut(title=meant.label, head=heads, rows=rows, widths=widths)
    return excel_answer([sheet], f"{plan.body.name}_{_('四同检查')}_{meant.label}.xlsx")


@login_required
def plan_print(request: HttpRequest, pk: int, quarter: str, form: str) -> HttpResponse:
    plan, now = seen_plan(request, pk), timezone.now()
    matrix = matrix_of(plan, checked_quarter(plan, quarter), local_day(now))
    given = agreement_of(plan).party
    document = check_document(
        matrix, printed_on=local_day(now), secretary=given.person.name if given is not None else ""
    )
    return paper_answer(request, document, form, source=plan, layout=GBT_9704_LANDSCAPE)


def _asked(request: HttpRequest) -> Q:
    found = Q()
    if (state := request.GET.get("state", "")) in PlanState.values:
        found &= Q(state=state)
    if (year := request.GET.get("year", "")).isascii() and year.isdigit() and len(year) == 4:
        found &= Q(period__startswith=year)
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(body__name__contains=text) | Q(period__contains=text)
    return found


def _totals(standings: Any) -> dict[str, int]:
    running = [one for one in standings if one.plan.state == PlanState.AGREED]
    return {
        "items": sum(one.counts.items for one in running), "joint": sum(one.counts.joint for one in running),
        "gaps": sum(one.counts.gaps for one in running), "overdue": sum(one.overdue for one in running),
    }  # fmt: skip


def _names(versions: Any) -> dict[int, str]:
    named = {
        value
        for version in versions
        for change in version.changes
        for name, *values in change["fields"]
        if name in ("production_owner", "party_owner")
        for value in values
    }
    return dict(Person.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}


def _act(
    request: HttpRequest, plan: Plan, form: Any, act: Callable[[Person, datetime], Any], said: str
) -> HttpResponse:
    """Do one act; what stands against it is said beside its form, or above the page where there is none."""
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:plan_detail", plan.pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:plan_detail", plan.pk)
    context = plan_context(request, seen_plan(request, plan.pk), failed=form)
    return render(request, "planning/plan_detail.html", context, status=422)
