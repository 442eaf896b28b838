"""Campaigns, their stages and reports with everything that the pages show and offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.campaigns.calc.figures import CODES
from ronghe.domain.campaigns.enums import REPORT_FLOW, ReportState, RunState, StageState
from ronghe.domain.campaigns.models import Campaign, CampaignReport
from ronghe.domain.campaigns.rules import RUN_CAMPAIGN, SETTLE_REPORT
from ronghe.domain.campaigns.selectors.board import COMPARED
from ronghe.domain.campaigns.selectors.campaigns import (
    StageView,
    campaigns_seen_by,
    owed_before_report,
    report_of,
    sections_of,
    stages_of,
)
from ronghe.domain.campaigns.selectors.figures import TITLES, changes_of, days_of, days_of_stage, figures_now
from ronghe.domain.campaigns.services.reports import changes_as_data
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.words import N_, _
from ronghe.web.campaigns.forms import SECTION, CorrectionForm, NoteForm, ReturnForm, SectionsForm, SummaryForm
from ronghe.web.requests import actor_of
from ronghe.web.sources import href_of

STAGE_SHAPES = {
    StageState.SKIPPED: "waived",
    StageState.STOPPED: "waived",
    StageState.UPCOMING: "upcoming",
    StageState.RUNNING: "running",
    StageState.OWED: "due",
    StageState.LATE: "failed",
    StageState.DONE: "done",
}
STEPS = {
    StageState.SKIPPED: "next",
    StageState.STOPPED: "next",
    StageState.UPCOMING: "next",
    StageState.RUNNING: "now",
    StageState.OWED: "now",
    StageState.LATE: "failed",
    StageState.DONE: "done",
}
RUN_SHAPES = {
    RunState.UPCOMING: "upcoming",
    RunState.RUNNING: "running",
    RunState.OVER: "done",
    RunState.STOPPED: "waived",
}
REPORT_SHAPES = {
    ReportState.DRAFT: "upcoming",
    ReportState.HANDED_IN: "due",
    ReportState.RETURNED: "attention",
    ReportState.ACCEPTED: "done",
}
DUTY_SHAPES = {"missed": "failed"}
CHANGED = (("on_time", N_("应办事项按期办结率")), ("present", N_("到会率")), ("solved", N_("问题解决率")))


@dataclass(frozen=True, slots=True)
class FigureRow:
    title: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    title: str
    before: str | None
    after: str | None
    gain: str | None


def figure_rows(figures: Mapping[str, Any]) -> list[FigureRow]:
    """Return counts that say something, then the figures of the mechanisms' forms."""
    rows = [
        FigureRow(_(TITLES[code]), str(figures.get(code, 0)))
        for code in CODES
        if figures.get(code) or code in ("duties_done", "duties_missed", "activities", "present")
    ]
    return rows + [
        FigureRow(f"{one['mechanism']} · {one['title']}", one["sum"], one["unit"]) for one in figures.get("forms", ())
    ]


def change_rows(changes: Mapping[str, Mapping[str, str | None]]) -> list[ChangeRow]:
    rows = [(title, changes[code]) for code, title in CHANGED if code in changes]
    return [
        ChangeRow(_(title), one["before"], one["after"], one["gain"]) for title, one in rows if one["after"] is not None
    ]


def seen_campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(campaigns_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_stage(request: HttpRequest, pk: int, stage: str) -> tuple[Campaign, list[StageView], StageView]:
    """Return a stage that the reader may see, with all of its campaign."""
    campaign = seen_campaign(request, pk)
    views = stages_of(campaign, local_day(timezone.now()))
    view = next((one for one in views if one.stage.code == stage), None)
    if view is None:
        raise Http404
    return campaign, views, view


def duty_lines(view: StageView) -> list[dict[str, Any]]:
    """Return the duties of a stage with their shapes and the pages of what met them."""
    return [
        {
            "duty": duty,
            "obligation": duty.obligation,
            "shape": DUTY_SHAPES.get(duty.state, duty.state.value),
            "word": str(duty.state.label),
            "record": href_of(duty.source_type, duty.source_id),
        }
        for duty in view.duties
    ]


def campaign_context(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """Return what the page of a campaign shows: its line of stages, the stage that counts now, the report."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    views = stages_of(campaign, day)
    may_run = RUN_CAMPAIGN.allows(actor, campaign, at=now)
    report = report_of(campaign)
    lines = [
        {
            "view": view,
            "shape": STAGE_SHAPES[view.state],
            "step": STEPS[view.state],
            "duties": duty_lines(view),
            "is_now": view.is_begun,
            "is_owed": may_run and view.state in (StageState.OWED, StageState.LATE),
            "figures": figure_rows(view.summary.figures) if view.summary is not None else [],
        }
        for view in views
    ]
    return {
        "campaign": campaign,
        "state": campaign.state_on(day),
        "shape": RUN_SHAPES[campaign.state_on(day)],
        "lines": lines,
        "duties_met": sum(view.met for view in views),
        "duties_owed": sum(view.owed for view in views),
        "behind": [view for view in views if view.state == StageState.LATE],
        "report": report,
        "report_shape": REPORT_SHAPES[ReportState(report.state)] if report is not None else "upcoming",
        "sections": sections_of(campaign),
        "sees_report": report is not None and (may_run or report.state != ReportState.DRAFT),
        "may_run": may_run,
        "report_kind": "normal" if owed_before_report(views) else "primary",
    }


def stage_context(
    request: HttpRequest, campaign: Campaign, views: list[StageView], view: StageView, *, failed: Any = None
) -> dict[str, Any]:
    """Return what the page of a stage shows; `failed` is the form that was refused."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    may_run = RUN_CAMPAIGN.allows(actor, campaign, at=now)
    gate = view.gate
    waits_for = next(
        (one for one in views if one.stage.number < view.stage.number and one.is_begun and view.is_begun), None
    )
    summaries = list(view.stage.summaries.select_related("written_by").order_by("-number"))
    standing = summaries[0] if summaries else None
    figures = standing.figures if standing is not None else figures_now(campaign, days_of_stage(view.stage), day)
    form = correction = None
    if may_run and view.is_begun and waits_for is None:
        form = SummaryForm(is_missing=bool(gate))
    if (may_run and standing is not None and getattr(campaign, "report", None) is None) or (
        may_run and standing is not None and campaign.report.state != ReportState.ACCEPTED
    ):
        correction = CorrectionForm(initial={"text": standing.text})
    return {
        "campaign": campaign,
        "view": view,
        "stage": view.stage,
        "shape": STAGE_SHAPES[view.state],
        "duties": duty_lines(view),
        "gate": gate,
        "waits_for": waits_for,
        "summary": standing,
        "earlier": summaries[1:],
        "figures": figure_rows(figures) if view.is_begun or standing is not None else [],
        "form": failed if isinstance(failed, SummaryForm) else form,
        "correction_form": failed if isinstance(failed, CorrectionForm) else correction,
        "failed": type(failed).__name__ if failed is not None else "",
    }


def report_context(
    request: HttpRequest, campaign: Campaign, report: CampaignReport | None, *, failed: Any = None
) -> dict[str, Any]:
    """Return what the page of a report shows: the sections beside what the records say."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    views = stages_of(campaign, day)
    sections = sections_of(campaign)
    may_run = RUN_CAMPAIGN.allows(actor, campaign, at=now)
    may_write = may_run and (report is None or REPORT_FLOW.allows(report, "hand_in"))
    waits = report is not None and report.state == ReportState.HANDED_IN
    may_settle = waits and report is not None and report.handed_in_by_id != actor.pk
    may_settle = may_settle and SETTLE_REPORT.allows(actor, report, at=now)
    kept = report.sections if report is not None else {}
    is_frozen = report is not None and report.state in (ReportState.HANDED_IN, ReportState.ACCEPTED)
    if is_frozen and report is not None:
        figures, changes = report.figures, report.figures.get("changes") or {}
    else:
        figures = figures_now(campaign, days_of(campaign), day)
        changes = changes_now(campaign, day)
    initial = {f"{SECTION}{code}": kept.get(code, "") for code, _zh, _title in sections}
    form = SectionsForm(sections=sections, initial=initial) if may_write else None
    return {
        "campaign": campaign,
        "report": report,
        "shape": REPORT_SHAPES[ReportState(report.state)] if report is not None else "upcoming",
        "texts": [(title, kept.get(code, "")) for code, _zh, title in sections],
        "views": [(view, figure_rows(view.summary.figures)) for view in views if view.summary is not None],
        "open_stages": owed_before_report(views),
        "figures": figure_rows(figures),
        "changes": change_rows(changes),
        "is_frozen": is_frozen,
        "may_take_back": waits and may_run,
        "events": list(report.events.select_related("by").order_by("pk")) if report is not None else [],
        "form": failed if isinstance(failed, SectionsForm) else form,
        "note_form": NoteForm() if may_settle else None,
        "return_form": (failed if isinstance(failed, ReturnForm) else ReturnForm()) if may_settle else None,
        "failed": type(failed).__name__ if failed is not None else "",
    }


def changes_now(campaign: Campaign, day: date) -> dict[str, Any]:
    """Return before and after where the playbook asks for it."""
    if all(code != COMPARED for code, _zh, _title in sections_of(campaign)):
        return {}
    found = changes_of([campaign.body_id], campaign.starts, campaign.until_on, day).get(campaign.body_id)
    return changes_as_data(found) if found is not None else {}
