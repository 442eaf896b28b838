"""四同检查: items, the four checks of an item, the walk through a quarter, the gaps of all bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.enums import Aspect, CheckState, ItemKind, PlanState
from ronghe.domain.planning.models import CheckEvidence, CheckRound, ItemCheck, Plan, PlanItem
from ronghe.domain.planning.rules import CHECK_PLAN, EDIT_PLAN
from ronghe.domain.planning.selectors.matrix import gaps_seen_by, open_tasks_of
from ronghe.domain.planning.selectors.plans import people_for, period_words, text_of
from ronghe.domain.planning.services.agreeing import finish_item, unfinish_item
from ronghe.domain.planning.services.checking import (
    choose_evidence,
    confirm_check,
    contest_check,
    refresh_checks,
    reject_evidence,
    take_check_back,
    waive_check,
)
from ronghe.domain.planning.services.drafting import add_item, change_item, drop_item, restore_item
from ronghe.domain.planning.services.gaps import open_gap_task
from ronghe.domain.planning.services.rounds import close_round, open_round
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.models import Task
from ronghe.kernel.calendar.periods import Period, PeriodKind, period_around
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.planning.forms import ChooseForm, DoneForm, ItemForm, ReasonForm
from ronghe.web.planning.presenting import (
    CHECK_SHAPES,
    checked_quarter,
    item_context,
    record_choices,
    seen_check,
    seen_item,
    seen_plan,
    walk_context,
)
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
ON_PAGE = 30
EXPORTED = 2_000
DECISIONS: dict[str, tuple[Callable[..., ItemCheck], bool, str]] = {
    "confirm": (confirm_check, False, N_("已认定。")),
    "waive": (waive_check, True, N_("已记为不适用。")),
    "contest": (contest_check, True, N_("异议已记下，检查人会看到。")),
    "back": (take_check_back, False, N_("已撤回。")),
}


@login_required
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    plan = seen_plan(request, pk)
    last = plan.items.order_by("-number").first()
    initial: dict[str, Any] = {
        "kind": ItemKind.PRODUCTION,
        "due_on": plan.until_on.fromordinal(plan.until_on.toordinal() - 1),
    }
    if last is not None:
        initial |= {"kind": last.kind, "production_owner": last.production_owner_id, "party_owner": last.party_owner_id}

    def act(form: ItemForm, actor: Person, at: datetime) -> Any:
        add_item(plan=plan, text=form.text(), reason=form.cleaned_data.get("reason", ""), actor=actor, at=at)

    return _item_form(request, plan, None, initial, act, _("已加上。"))


@login_required
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_item(request, pk)
    text = text_of(item)
    initial = {name: getattr(text, name) for name in text.__slots__}

    def act(form: ItemForm, actor: Person, at: datetime) -> Any:
        change_item(item=item, text=form.text(), reason=form.cleaned_data.get("reason", ""), actor=actor, at=at)

    return _item_form(request, item.plan, item, initial, act, _("已改好。"))


@login_required
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "planning/item_detail.html", item_context(request, seen_item(request, pk)))


@login_required
@require_POST
def item_drop(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_item(request, pk), ReasonForm(request.POST)
    return _act(
        request, item, form, lambda a, t: drop_item(item=item, actor=a, at=t, **form.cleaned_data), _("已取消这一条。")
    )


@login_required
@require_POST
def item_restore(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_item(request, pk), ReasonForm(request.POST)
    return _act(
        request, item, form, lambda a, t: restore_item(item=item, actor=a, at=t, **form.cleaned_data), _("已恢复。")
    )


@login_required
@require_POST
def item_done(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_item(request, pk), DoneForm(request.POST)
    return _act(
        request, item, form, lambda a, t: finish_item(item=item, actor=a, at=t, **form.cleaned_data), _("已记为完成。")
    )


@login_required
@require_POST
def item_undone(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_item(request, pk)
    return _act(request, item, None, lambda a, t: unfinish_item(item=item, actor=a, at=t), _("已撤回。"))


@login_required
@require_POST
def check_decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    check = seen_check(request, pk)
    decide, asks, said = DECISIONS[verb]
    form = ReasonForm(request.POST) if asks else None

    def act(actor: Person, at: datetime) -> Any:
        given = form.cleaned_data if form is not None else {}
        decide(check=check, actor=actor, at=at, **given)

    return _act(request, check.item, form, act, _(said), check=check)


@login_required
@require_POST
def check_choose(request: HttpRequest, pk: int) -> HttpResponse:
    check, now = seen_check(request, pk), timezone.now()
    form = ChooseForm(request.POST, records=record_choices(check, actor_of(request), now))

    def act(actor: Person, at: datetime) -> Any:
        record = form.cleaned_data["record"]
        key = int(record[1:])
        if record[0] == "a":
            choose_evidence(check=check, activity=Activity.objects.get(pk=key), actor=actor, at=at)
        else:
            choose_evidence(check=check, task=Task.objects.get(pk=key), actor=actor, at=at)

    return _act(request, check.item, form, act, _("已选为依据。"), check=check)


@login_required
@require_POST
def check_gap(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: who, what and by when follow from the item."""
    check = seen_check(request, pk)
    return _act(
        request, check.item, None, lambda a, t: open_gap_task(check=check, actor=a, at=t),
        _("已转为任务，负责人在今日看得到。"), check=check,
    )  # fmt: skip


@login_required
@require_POST
def evidence_reject(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CheckEvidence.objects.select_related("check_row"), pk=pk)
    row.check_row = seen_check(request, row.check_row_id)
    return _act(
        request, row.check_row.item, None, lambda a, t: reject_evidence(evidence=row, actor=a, at=t),
        _("已去掉，要用时可以再选回来。"), check=row.check_row,
    )  # fmt: skip


@login_required
def plan_walk(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    """One card an item, four segments; whoever may check decides here, with a thumb."""
    plan = seen_plan(request, pk)
    CHECK_PLAN.require(actor_of(request), plan, at=timezone.now())
    return render(request, "planning/walk.html", walk_context(request, plan, checked_quarter(plan, quarter)))


@login_required
@require_POST
def walk_begin(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    plan = seen_plan(request, pk)

    def act(actor: Person, at: datetime) -> Any:
        open_round(plan=plan, quarter=quarter, actor=actor, at=at)

    return _walked(request, plan, quarter, act, "")


@login_required
@require_POST
def walk_refresh(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    plan = seen_plan(request, pk)
    meant = checked_quarter(plan, quarter)
    return _walked(
        request,
        plan,
        quarter,
        lambda a, t: refresh_checks(plan=plan, quarter=meant, actor=a, at=t),
        _("记录已再找一遍。"),
    )


@login_required
@require_POST
def walk_close(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    plan = seen_plan(request, pk)
    found = get_object_or_404(CheckRound.objects.select_related("plan"), plan=plan, quarter=quarter)
    try:
        close_round(round=found, actor=actor_of(request), at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:plan_walk", plan.pk, quarter)
    toasts.done(request, _("四同检查已结束，结果定下了。"))
    return redirect(f"{reverse('web:plan_detail', args=[plan.pk])}?quarter={quarter}")


@login_required
def plan_gaps(request: HttpRequest) -> HttpResponse:
    """The gaps of every body that the reader may see in this quarter, what is due first first."""
    now = timezone.now()
    rows, quarter = _gaps(request, now)
    page = Paginator(rows, ON_PAGE).get_page(asked_page(request))
    tasks = open_tasks_of(page.object_list)
    today = local_day(now)
    lines = [
        (check, CHECK_SHAPES[CheckState(check.state)], tasks.get(check.pk), check.item.due_on < today)
        for check in page.object_list
    ]
    context = {
        "page": page, "lines": lines, "aspects": Aspect.choices, "kinds": ItemKind.choices,
        "quarter": period_words(quarter.label), "filters": asked_filters(request),
        "is_filtered": bool(asked_filters(request)),
    }  # fmt: skip
    template = "planning/gaps.html#rows" if request.htmx else "planning/gaps.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def gaps_export(request: HttpRequest) -> FileResponse:
    now = timezone.now()
    rows, quarter = _gaps(request, now)
    checks = list(rows[:EXPORTED])
    tasks = open_tasks_of(checks)
    heads = [_("党组织"), _("计划内容"), _("类别"), _("缺哪一同"), _("状态"), _("说明"), _("生产负责人"), _("党建负责人"),
             _("完成时限"), _("任务负责人"), _("任务期限")]  # fmt: skip
    lines = (
        [check.item.plan.body.name, check.item.title, check.item.get_kind_display(), check.get_aspect_display(),
         check.get_state_display(), check.reason, check.item.production_owner.name, check.item.party_owner.name,
         check.item.due_on, *_task_cells(tasks.get(check.pk))]
        for check in checks
    )  # fmt: skip
    sheet = SheetOut(title=quarter.label, head=heads, rows=lines, widths=[28, 30, 8, 10, 10, 24, 12, 12, 12, 12, 12])
    return excel_answer([sheet], f"{_('四同短板')}_{quarter.label}.xlsx")


def _task_cells(task: Task | None) -> list[Any]:
    return [task.assignee.name, local_day(task.due_at)] if task is not None else ["", None]


def _gaps(request: HttpRequest, now: datetime) -> tuple[Any, Period]:
    quarter = period_around(local_day(now), PeriodKind.QUARTER)
    kind = request.GET.get("kind", "")
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows = gaps_seen_by(
        actor_of(request), now, quarter, aspect=request.GET.get("aspect", ""),
        kind=kind if kind in ItemKind.values else "", text=text,
    )  # fmt: skip
    return rows, quarter


def _item_form(
    request: HttpRequest, plan: Plan, item: PlanItem | None, initial: dict[str, Any],
    act: Callable[[ItemForm, Person, datetime], Any], said: str,
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    EDIT_PLAN.require(actor, plan, at=now)
    people = people_for(plan.body, local_day(now))
    form = ItemForm(request.POST or None, people=people, asks_reason=plan.state == PlanState.AGREED, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            act(form, actor, now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            if item is None and "again" in request.POST:
                return redirect("web:plan_item_new", plan.pk)
            return redirect("web:plan_detail", plan.pk) if item is None else redirect("web:plan_item", item.pk)
    context = {"form": form, "plan": plan, "item": item, "period": period_words(plan.period)}
    return render(request, "planning/item_form.html", context, status=422 if form.errors else 200)


def _walked(
    request: HttpRequest, plan: Plan, quarter: str, act: Callable[[Person, datetime], Any], said: str
) -> HttpResponse:
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:plan_detail", plan.pk)
    if said:
        toasts.done(request, said)
    return redirect("web:plan_walk", plan.pk, quarter)


def _act(
    request: HttpRequest, item: PlanItem, form: Any, act: Callable[[Person, datetime], Any], said: str, *,
    check: ItemCheck | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one act and go back to where it was done: the walk, the list of gaps, else the item."""
    back = _back(request, item, check)
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None or request.POST.get("next"):
                toasts.refused(request, str(error))
                return redirect(back)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect(back)
    elif request.POST.get("next"):
        toasts.refused(request, _("请写明理由。"))
        return redirect(back)
    context = item_context(request, seen_item(request, item.pk), failed=form, aspect=check.aspect if check else "")
    return render(request, "planning/item_detail.html", context, status=422)


def _back(request: HttpRequest, item: PlanItem, check: ItemCheck | None) -> str:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    quarter = number_of(request.POST.get("quarter", "")[:4]) and request.POST.get("quarter", "")[:6]
    query = f"?quarter={quarter}" if quarter else ""
    place = f"#{check.aspect}" if check is not None else ""
    return f"{reverse('web:plan_item', args=[item.pk])}{query}{place}"
