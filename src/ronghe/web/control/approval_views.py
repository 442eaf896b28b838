"""外部审批: the register with its days, entering one, its stages, and the number of an office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import ApprovalKind
from ronghe.domain.control.models import OutsideApproval
from ronghe.domain.control.rules import APPROVAL, DO_APPROVAL, KEEP_APPROVAL, SEE_CONTACT
from ronghe.domain.control.selectors.register import ApprovalLine, approvals_of, line_of
from ronghe.domain.control.services.registering import (
    USUAL_STAGES,
    Told,
    advance_approval,
    get_approval,
    open_phone,
    plan_next,
    refuse_approval,
    register_approval,
    submit_approval,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.control.forms import ApprovalForm, NextForm, StageForm
from ronghe.web.control.presenting import people_for, project_of, settle, uploads_of
from ronghe.web.files import excel_answer
from ronghe.web.items.presenting import PANELS
from ronghe.web.paging import asked_filters
from ronghe.web.requests import actor_of

Step = Callable[[OutsideApproval, StageForm, HttpRequest, Person], Any]


def _told(form: StageForm, request: HttpRequest) -> Told:
    return Told(form.cleaned_data["note"], uploads_of(request))


def _stepping(service: Callable[..., Any]) -> Step:
    return lambda approval, form, request, actor: service(
        approval=approval, day=form.cleaned_data["day"], told=_told(form, request), actor=actor, at=timezone.now()
    )


def _getting(approval: OutsideApproval, form: StageForm, request: HttpRequest, actor: Person) -> None:
    get_approval(
        approval=approval, day=form.cleaned_data["day"], document_number=form.cleaned_data["document_number"],
        told=_told(form, request), actor=actor, at=timezone.now(),
    )  # fmt: skip


STEPS: dict[str, Step] = {
    "submit": _stepping(submit_approval),
    "advance": _stepping(advance_approval),
    "get": _getting,
    "refuse": _stepping(refuse_approval),
}


@login_required
def control_approvals(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    lines = approvals_of(project, actor, now, **_filters(request))
    context = {
        "project": project,
        "lines": [(line, *_shape(line)) for line in lines],
        "late": sum(line.is_overdue for line in lines),
        "longest": max((line.all_days for line in lines if line.stage is not None), default=0),
        "states": [("open", _("没取得")), ("all", _("全部")), ("got", _("已取得"))],
        "kinds": ApprovalKind.choices,
        "may_keep": KEEP_APPROVAL.allows(actor, project, at=now),
        "export_query": asked_filters(request),
    }
    wanted = "control/approvals.html#rows" if request.htmx else "control/approvals.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def control_approvals_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    heads = [_("类别"), _("办什么"), _("审批机关"), _("对口处室、岗位"), _("状态"), _("现在的环节"), _("本环节已等（天）"), _("共等（天）"),
             _("报送日期"), _("预计取得"), _("取得日期"), _("文号"), _("下一步"), _("谁来跟")]  # fmt: skip
    rows = [_cells(line) for line in approvals_of(project, actor, now, **_filters(request))]
    sheet = SheetOut(
        title=_("外部审批"), head=heads, rows=rows, widths=[10, 28, 24, 16, 12, 18, 12, 10, 12, 12, 12, 20, 30, 10]
    )
    return excel_answer([sheet], f"{project.name}_{_('外部审批')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def control_approval_create(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor, now = project_of(request, pk), actor_of(request), timezone.now()
    KEEP_APPROVAL.require(actor, project, at=now)
    usual = {kind.value: [_(stage) for stage in stages] for kind, stages in USUAL_STAGES.items()}
    form = ApprovalForm(request.POST or None, people=people_for(request, project), initial={"kind": ApprovalKind.GRID})
    if request.method == "POST" and form.is_valid():
        try:
            made = register_approval(project=project, text=form.approval(usual), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记。报出去后从报送日期起计等待天数。"))
            return redirect("web:item_detail", made.item_id)
    context = {
        "project": project, "form": form,
        "usual": [(str(ApprovalKind(kind).label), " → ".join(stages)) for kind, stages in usual.items()],
    }  # fmt: skip
    return render(request, "control/approval_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def control_approval_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    approval, form = _seen(request, pk), StageForm(request.POST)
    return settle(
        request, lambda actor: STEPS[step](approval, form, request, actor), _(APPROVAL.step_by_id[step].said),
        "web:item_detail", pk, form=form,
    )  # fmt: skip


@login_required
@require_POST
def control_approval_next(request: HttpRequest, pk: int) -> HttpResponse:
    approval, form = _seen(request, pk), NextForm(request.POST)

    def act(actor: Person) -> None:
        typed = form.cleaned_data
        plan_next(
            approval=approval, next_step=typed["next_step"], expected_on=typed["expected_on"], due_at=typed["due_at"],
            contact=typed["contact"], phone=typed["phone"] or None, actor=actor, at=timezone.now(),
        )  # fmt: skip

    return settle(request, act, _("下一步已记。"), "web:item_detail", pk, form=form)


@login_required
@require_POST
def control_approval_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the number of an office once; the look is recorded first."""
    approval = _seen(request, pk)
    phone = open_phone(approval=approval, actor=actor_of(request), at=timezone.now())
    context = {"approval": approval, "item": approval.item, "phone": phone}
    answer = render(request, "control/approval_phone.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def fill_approval(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """Days and stages of an approval, and the forms of the steps that are open to the reader."""
    actor, now = actor_of(request), timezone.now()
    rows = OutsideApproval.objects.filter(item=item).select_related("item", "project").prefetch_related("stages")
    approval = rows.first()
    if approval is None:
        return {"approval": None}
    line, today = line_of(approval, local_day(now)), local_day(now)
    may_do = DO_APPROVAL.allows(actor, item, at=now) and not item.is_closed
    has_next = any(stage.began_on is None for stage in line.stages)
    wanted = [step for step in STEPS if APPROVAL.flow.allows(item, step) and (step != "advance" or has_next)]
    names = ("next_step", "expected_on", "contact")
    initial = {name: getattr(approval, name) for name in names} | {"due_at": item.due_at}
    return {
        "approval": approval,
        "approval_line": line,
        "approval_steps": [
            (step, _(APPROVAL.step_by_id[step].title), StageForm(initial={"day": today}, prefix=None))
            for step in wanted
        ]
        if may_do
        else [],
        "next_form": NextForm(initial=initial) if may_do else None,
        "may_call": bool(approval.phone_sealed) and SEE_CONTACT.allows(actor, item, at=now),
    }


PANELS[APPROVAL.id] = ("control/_approval_panel.html", fill_approval)


def _seen(request: HttpRequest, pk: int) -> OutsideApproval:
    """Return the approval of the item `pk`, as far as the reader sees it."""
    items = items_seen_by(actor_of(request), timezone.now()).filter(kind=APPROVAL.id).order_by().values("pk")
    rows = OutsideApproval.objects.select_related("item__project__body", "item__body", "project__body")
    approval: OutsideApproval = get_object_or_404(rows.filter(item__in=items), item=pk)
    return approval


def _shape(line: ApprovalLine) -> tuple[str, str]:
    state = APPROVAL.state_by_id[line.approval.item.state]
    if line.is_overdue:
        return "failed", _("已超预计")
    return state.shape, _(state.title)


def _cells(line: ApprovalLine) -> list[Any]:
    one = line.approval
    return [
        line.kind_words, one.item.title, one.authority, one.contact, _shape(line)[1], line.stage.title if line.stage else "",
        line.stage_days, line.all_days, one.submitted_on, one.expected_on, one.got_on, one.document_number, one.next_step,
        one.item.owner.name if one.item.owner else "",
    ]  # fmt: skip


def _filters(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("state", "open")
    return {"state": "" if state == "all" else state if state in ("open", "got") else "open",
            "kind": request.GET.get("kind", "")}  # fmt: skip
