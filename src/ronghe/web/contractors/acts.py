"""What is done to a company: gates, agreement, admission, stopping, the black list, appeals, checks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.contractors.enums import ContractorKind, Gate
from ronghe.domain.contractors.models import Appeal, Contractor
from ronghe.domain.contractors.rules import DECIDE_CONTRACTOR, KEEP_CONTRACTOR
from ronghe.domain.contractors.selectors.companies import (
    bodies_to_register_for,
    checklist_of,
    contractors_seen_by,
)
from ronghe.domain.contractors.services.checking import check_contractor
from ronghe.domain.contractors.services.companies import (
    admit_contractor,
    decide_appeal,
    delist_contractor,
    file_appeal,
    let_go,
    list_contractor,
    note_agreement,
    register_contractor,
    resume_contractor,
    review_gate,
    suspend_contractor,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.domain.work.services.files import Upload, arrived_file
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.contractors.forms import (
    AgreementForm,
    AppealForm,
    CheckForm,
    ContractorForm,
    DecisionForm,
    GateForm,
    ListForm,
    ReasonForm,
    SuspendForm,
)
from ronghe.web.contractors.views import seen
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of


@login_required
def contractor_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_register_for(actor, now)
    if not bodies.exists():
        raise Http404
    parents = contractors_seen_by(actor, now).filter(kind=ContractorKind.CONTRACTOR)
    form = ContractorForm(posted(request), bodies=bodies, parents=parents, units=units_seen_by(actor, now))

    def act(given: dict[str, Any]) -> str:
        row = register_contractor(actor=actor, at=now, **{**given, "kind": ContractorKind(given["kind"])})
        return _("已登记%(name)s，请过五关。") % {"name": row.name}

    page = ActPage(_("登记承包商"), _("登记"), reverse("web:contractors"), _("承包商"))
    return field_act(request, form, page, act)


@login_required
def gate_review(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, KEEP_CONTRACTOR)
    gate = request.GET.get("gate", "")
    files = request.FILES if request.method == "POST" else None
    form = GateForm(posted(request), files, initial={"on": local_day(timezone.now()), "gate": gate})

    def act(given: dict[str, Any]) -> str:
        uploads = [arrived_file(Upload(one.name or "", one)) for one in given.pop("papers")]
        given = {**given, "gate": Gate(given["gate"]), "files": uploads}
        review_gate(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已登记。")

    return field_act(request, form, _page(row, _("五关评审"), _("登记")), act)


@login_required
def agreement_note(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, KEEP_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        note_agreement(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("安全协议已登记。")

    return field_act(request, AgreementForm(posted(request)), _page(row, _("登记安全协议"), _("登记")), act)


@login_required
@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen(request, pk)
    try:
        admit_contractor(contractor=row, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已准入，可以登记人员、发入场证。"))
    return redirect("web:contractor_detail", pk)


@login_required
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, KEEP_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        suspend_contractor(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已停工，复工前谁也进不来。")

    return field_act(
        request, SuspendForm(posted(request)), _page(row, _("停止施工"), _("停止施工"), is_grave=True), act
    )


@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, DECIDE_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        resume_contractor(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已复工。")

    return field_act(request, ReasonForm(posted(request)), _page(row, _("复工"), _("复工")), act)


@login_required
def blacklist(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, DECIDE_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        list_contractor(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已列入黑名单。单位可以申诉。")

    page = _page(row, _("列入黑名单"), _("列入"), _("单位可以申诉，由别人复核。"), is_grave=True)
    return field_act(request, ListForm(posted(request)), page, act)


@login_required
def delist(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, DECIDE_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        delist_contractor(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已移出黑名单，要重新过五关。")

    return field_act(request, ReasonForm(posted(request)), _page(row, _("移出黑名单"), _("移出")), act)


@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, DECIDE_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        let_go(contractor=row, actor=actor_of(request), at=timezone.now(), **given)
        return _("已退出，人员和入场证一并结束。")

    page = _page(row, _("办理退出"), _("退出"), _("在册人员同时离开，入场证收回。"), is_grave=True)
    return field_act(request, ReasonForm(posted(request)), page, act)


@login_required
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, KEEP_CONTRACTOR)

    def act(given: dict[str, Any]) -> str:
        file_appeal(contractor=row, text=given["text"], actor=actor_of(request), at=timezone.now())
        return _("已提交申诉。")

    return field_act(request, AppealForm(posted(request)), _page(row, _("黑名单申诉"), _("提交")), act)


@login_required
def appeal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = Appeal.objects.filter(change__contractor__in=contractors_seen_by(actor, now).order_by())
    found = get_object_or_404(rows.select_related("change__contractor__body"), pk=pk)
    company = found.change.contractor
    if not DECIDE_CONTRACTOR.allows(actor, company, at=now):
        raise Http404

    def act(given: dict[str, Any]) -> str:
        decide_appeal(appeal=found, actor=actor, at=now, **given)
        return _("已答复申诉。")

    page = _page(company, _("复核申诉"), _("答复"), found.text)
    return field_act(request, DecisionForm(posted(request)), page, act)


@login_required
def check(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk, KEEP_CONTRACTOR)
    today = local_day(timezone.now())
    checklist = checklist_of(row, today)
    form = CheckForm(posted(request), lines=checklist.lines, initial={"on": today})

    def act(given: dict[str, Any]) -> str:
        score = check_contractor(
            contractor=row, answers=form.answers, on=given["on"], note=given["note"], actor=actor_of(request),
            at=timezone.now(),
        )  # fmt: skip
        return _("已检查，得 %(score)s 分。") % {"score": score.score}

    page = _page(row, str(checklist.mechanism.label), _("算分"), _("每条点一下；得分是正常的占全部适用条目的比例。"))
    return field_act(request, form, page, act)


def _own(request: HttpRequest, pk: int, permission: Permission) -> Contractor:
    row = seen(request, pk)
    if not permission.allows(actor_of(request), row, at=timezone.now()):
        raise Http404
    return row


def _page(row: Contractor, title: str, button: str, note: str = "", *, is_grave: bool = False) -> ActPage:
    return ActPage(title, button, reverse("web:contractor_detail", args=[row.pk]), row.name, note, is_grave)
