"""One stage with its gate and summary, and the report at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.campaigns.documents import report_document, summary_document
from ronghe.domain.campaigns.enums import ReportState
from ronghe.domain.campaigns.models import Campaign, CampaignReport, CampaignStage
from ronghe.domain.campaigns.rules import RUN_CAMPAIGN
from ronghe.domain.campaigns.selectors.campaigns import (
    campaigns_seen_by,
    report_of,
    sections_of,
    stages_of,
    summaries_of,
)
from ronghe.domain.campaigns.services.reports import (
    accept_report,
    hand_in_report,
    return_report,
    save_report,
    take_back_report,
)
from ronghe.domain.campaigns.services.stages import correct_summary, summarize_stage
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.campaigns.forms import CorrectionForm, NoteForm, ReturnForm, SectionsForm, SummaryForm
from ronghe.web.campaigns.presenting import report_context, seen_campaign, seen_stage, stage_context
from ronghe.web.files import paper_answer
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], Any]


@login_required
def campaign_stage(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    campaign, views, view = seen_stage(request, pk, stage)
    return render(request, "campaigns/stage_detail.html", stage_context(request, campaign, views, view))


@login_required
def stage_of_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a stage met, a duty say, to its page."""
    seen = campaigns_seen_by(actor_of(request), timezone.now()).order_by()
    stage = get_object_or_404(CampaignStage, pk=pk, campaign__in=seen)
    return redirect("web:campaign_stage", stage.campaign_id, stage.code)


@login_required
@require_POST
def stage_summarize(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    _campaign, _views, view = seen_stage(request, pk, stage)
    form = SummaryForm(request.POST, is_missing=bool(view.gate))
    return _on_stage(
        request, pk, stage, form, lambda a, t: summarize_stage(stage=view.stage, actor=a, at=t, **form.cleaned_data),
        _("小结已写好，这个阶段完成了。"),
    )  # fmt: skip


@login_required
@require_POST
def stage_correct(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    _campaign, _views, view = seen_stage(request, pk, stage)
    form = CorrectionForm(request.POST)
    return _on_stage(
        request, pk, stage, form, lambda a, t: correct_summary(stage=view.stage, actor=a, at=t, **form.cleaned_data),
        _("已更正，原来的留在记录里。"),
    )  # fmt: skip


@login_required
def stage_print(request: HttpRequest, pk: int, stage: str, form: str) -> HttpResponse:
    _campaign, _views, view = seen_stage(request, pk, stage)
    summary = next(iter(summaries_of(view.stage)), None)
    if summary is None:
        raise Http404
    return paper_answer(request, summary_document(view.stage, summary), form, source=view.stage)


@login_required
def campaign_report(request: HttpRequest, pk: int) -> HttpResponse:
    campaign, report = _report(request, pk)
    return render(request, "campaigns/report.html", report_context(request, campaign, report))


@login_required
@require_POST
def report_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is written; with 交出 hand it in as well."""
    campaign, _known = _report(request, pk)
    form = SectionsForm(request.POST, sections=sections_of(campaign))
    hands_in = "hand_in" in request.POST

    def act(actor: Person, at: datetime) -> None:
        report = save_report(campaign=campaign, sections=form.texts, actor=actor, at=at)
        if hands_in:
            hand_in_report(report=report, actor=actor, at=at)

    return _on_report(request, pk, form, act, _("报告已交上级审阅。") if hands_in else _("已存下，写完再交。"))


@login_required
@require_POST
def report_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    report = _known(request, pk)
    return _on_report(
        request, pk, None, lambda a, t: take_back_report(report=report, actor=a, at=t), _("已撤回，可以再改。")
    )


@login_required
@require_POST
def report_accept(request: HttpRequest, pk: int) -> HttpResponse:
    report, form = _known(request, pk), NoteForm(request.POST)
    return _on_report(
        request, pk, form, lambda a, t: accept_report(report=report, actor=a, at=t, **form.cleaned_data),
        _("已审阅，这项活动的报告归档了。"),
    )  # fmt: skip


@login_required
@require_POST
def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    report, form = _known(request, pk), ReturnForm(request.POST)
    return _on_report(
        request, pk, form, lambda a, t: return_report(report=report, actor=a, at=t, **form.cleaned_data),
        _("已退回，对方看得到原因。"),
    )  # fmt: skip


@login_required
def report_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    report = _known(request, pk)
    views = stages_of(report.campaign, local_day(timezone.now()))
    return paper_answer(request, report_document(report, views), form, source=report)


def _report(request: HttpRequest, pk: int) -> tuple[Campaign, CampaignReport | None]:
    """Return a campaign with its report; a draft is shown to those who write it alone."""
    campaign = seen_campaign(request, pk)
    if not sections_of(campaign):
        raise Http404
    report = report_of(campaign)
    is_open = report is None or report.state == ReportState.DRAFT
    if is_open and not RUN_CAMPAIGN.allows(actor_of(request), campaign, at=timezone.now()):
        raise Http404
    if report is not None:
        report.campaign = campaign
    return campaign, report


def _known(request: HttpRequest, pk: int) -> CampaignReport:
    _campaign, report = _report(request, pk)
    if report is None:
        raise Http404
    return report


def _on_stage(request: HttpRequest, pk: int, stage: str, form: Any, act: Act, said: str) -> HttpResponse:
    if form.is_valid() and _done(request, form, act, said):
        return redirect("web:campaign_stage", pk, stage)
    campaign, views, view = seen_stage(request, pk, stage)
    context = stage_context(request, campaign, views, view, failed=form)
    return render(request, "campaigns/stage_detail.html", context, status=422)


def _on_report(request: HttpRequest, pk: int, form: Any, act: Act, said: str) -> HttpResponse:
    if form is None:
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            toasts.done(request, said)
        return redirect("web:campaign_report", pk)
    if form.is_valid() and _done(request, form, act, said):
        return redirect("web:campaign_report", pk)
    campaign, report = _report(request, pk)
    return render(request, "campaigns/report.html", report_context(request, campaign, report, failed=form), status=422)


def _done(request: HttpRequest, form: Any, act: Act, said: str) -> bool:
    """Do the act; what stands against it is said above the form."""
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    toasts.done(request, said)
    return True
