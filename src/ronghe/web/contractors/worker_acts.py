"""Workers: registered, given a pass, ended."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.contractors.models import EntryPass, Worker
from ronghe.domain.contractors.rules import KEEP_CONTRACTOR, KEEP_WORKER
from ronghe.domain.contractors.services.workers import end_worker, issue_pass, register_worker, revoke_pass
from ronghe.domain.org.rules.reaches import local_day
from ronghe.web.contractors.forms import DayForm, PassForm, ReasonForm, WorkerForm
from ronghe.web.contractors.views import seen, seen_worker
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of


@login_required
def worker_create(request: HttpRequest, pk: int) -> HttpResponse:
    company = seen(request, pk)
    if not KEEP_CONTRACTOR.allows(actor_of(request), company, at=timezone.now()):
        raise Http404
    form = WorkerForm(posted(request), initial={"on": local_day(timezone.now())})

    def act(given: dict[str, Any]) -> str:
        worker = register_worker(
            contractor=company, text=form.text, on=given["on"], actor=actor_of(request), at=timezone.now()
        )
        if worker.person.is_party_member:
            return _("已登记%(name)s；是党员，已报流动党员登记。") % {"name": worker.person.name}
        return _("已登记%(name)s，请登记三级教育，再发入场证。") % {"name": worker.person.name}

    back = reverse("web:contractor_detail", args=[company.pk])
    return field_act(request, form, ActPage(_("登记人员"), _("登记"), back, company.name), act)


@login_required
def pass_issue(request: HttpRequest, pk: int) -> HttpResponse:
    worker = _own(request, pk)

    def act(given: dict[str, Any]) -> str:
        issue_pass(worker=worker, last_on=given["last_on"], actor=actor_of(request), at=timezone.now())
        return _("入场证已发。")

    note = _("三级教育学时够、考核合格、单位已准入、安全协议有效，才能发。")
    return field_act(request, PassForm(posted(request)), _page(worker, _("发入场证"), _("发证"), note), act)


@login_required
def pass_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(EntryPass.objects.select_related("worker__contractor__body", "worker__person"), pk=pk)
    _own(request, row.worker_id)

    def act(given: dict[str, Any]) -> str:
        revoke_pass(entry_pass=row, reason=given["reason"], actor=actor_of(request), at=timezone.now())
        return _("入场证已收回。")

    return field_act(request, ReasonForm(posted(request)), _page(row.worker, _("收回入场证"), _("收回")), act)


@login_required
def worker_end(request: HttpRequest, pk: int) -> HttpResponse:
    worker = _own(request, pk)
    form = DayForm(posted(request), initial={"on": local_day(timezone.now())})

    def act(given: dict[str, Any]) -> str:
        end_worker(worker=worker, on=given["on"], actor=actor_of(request), at=timezone.now())
        return _("已办离开，入场证收回。")

    return field_act(request, form, _page(worker, _("办理离开"), _("离开")), act)


def _own(request: HttpRequest, pk: int) -> Worker:
    worker = seen_worker(request, pk)
    if not KEEP_WORKER.allows(actor_of(request), worker, at=timezone.now()):
        raise Http404
    return worker


def _page(worker: Worker, title: str, button: str, note: str = "") -> ActPage:
    return ActPage(title, button, reverse("web:worker_detail", args=[worker.pk]), worker.person.name, note)
