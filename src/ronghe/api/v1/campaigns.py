"""主题活动、专项活动."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.campaign_shapes import (
    CampaignAnswer,
    CampaignBoardRow,
    CampaignNoteRequest,
    CampaignReportAnswer,
    CampaignReturnRequest,
    CampaignRow,
    CampaignSectionsRequest,
    StageSummaryRequest,
    SummaryCorrectionRequest,
    ThemeChangeRequest,
    ThemedProblemRequest,
    ThemedRequest,
    ThemedResultRequest,
    ThemedRow,
    ThemedYearRow,
    ThemeRequest,
    ThemeRow,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.campaigns.calc.themes import added
from ronghe.domain.campaigns.enums import ReportState, RunState
from ronghe.domain.campaigns.models import Campaign, CampaignReport, CampaignStage, ThemedActivity
from ronghe.domain.campaigns.rules import RUN_CAMPAIGN
from ronghe.domain.campaigns.selectors.board import board_of
from ronghe.domain.campaigns.selectors.campaigns import (
    StageView,
    campaigns_seen_by,
    list_campaigns,
    report_of,
    stages_of,
)
from ronghe.domain.campaigns.selectors.themes import (
    bodies_to_plan_for,
    list_themed,
    standing_result,
    tasks_offered,
    themed_seen_by,
    themes_of,
    without_theme,
)
from ronghe.domain.campaigns.selectors.year import QUARTERS, year_of
from ronghe.domain.campaigns.services.reports import (
    accept_report,
    hand_in_report,
    return_report,
    save_report,
    take_back_report,
)
from ronghe.domain.campaigns.services.stages import correct_summary, summarize_stage
from ronghe.domain.campaigns.services.themed import (
    ThemedPlan,
    change_theme,
    enter_result,
    give_theme,
    leave_out_task,
    note_problem,
    plan_themed,
    take_up_task,
    withdraw_theme,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.work.models import Task

router = Router(tags=["campaigns"])


@router.get("", response=Page[CampaignRow], summary="专项活动", operation_id="campaigns_list")
def campaign_list(request: HttpRequest, state: RunState | None = None, page: int = Query(1, ge=1)) -> Any:
    actor, now = actor_of(request), timezone.now()
    listed = list_campaigns(actor, now, state=state.value if state else "", page=page, size=PAGE_SIZE)
    day = local_day(now)
    return listed_answer(listed, lambda row: _row(row, day))


@router.get("/themed", response=Page[ThemedRow], summary="主题活动", operation_id="campaigns_themed_list")
def themed_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    actor, now = actor_of(request), timezone.now()
    return listed_answer(list_themed(actor, now, page=page, size=PAGE_SIZE), lambda row: _themed(row, row.brought))


@router.get("/themes", response=list[ThemeRow], summary="一个组织的主题", operation_id="campaigns_themes")
def themes(request: HttpRequest, body: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(bodies_to_plan_for(actor, now), pk=body)
    return [
        {"code": form.code, "title": form.title.here, "figures": [one.id for one in form.figures]}
        for _version, form in themes_of(found, local_day(now))
    ]


@router.post("/themed", response={201: ThemedRow}, summary="安排主题活动", operation_id="campaigns_themed_plan")
def themed_plan(request: HttpRequest, wanted: ThemedRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_plan_for(actor, now)
    body = get_object_or_404(bodies, pk=wanted.body)
    hosts = [get_object_or_404(bodies, pk=key) for key in wanted.hosts]
    plan = ThemedPlan(**wanted.dict(exclude={"body", "hosts"}), hosts=hosts)
    return Status(201, _themed(plan_themed(body=body, plan=plan, actor=actor, at=now), None))


@router.post("/themed/theme", response={201: ThemedRow}, summary="给活动定主题", operation_id="campaigns_theme_give")
def theme_give(request: HttpRequest, wanted: ThemeRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    activity = get_object_or_404(without_theme(actor, now), pk=wanted.activity)
    themed = give_theme(activity=activity, theme=wanted.theme, title=wanted.title, actor=actor, at=now)
    return Status(201, _themed(themed, None))


@router.get("/themed/year", response=list[ThemedYearRow], summary="主题活动的一年", operation_id="campaigns_year")
def themed_year(request: HttpRequest, year: int = Query(ge=2000, le=2999), body: int | None = None) -> Any:
    found = year_of(actor_of(request), timezone.now(), year, body=body)
    rows = []
    for line in found.lines:
        for code, _title in found.themes:
            for quarter in QUARTERS:
                cell = line.cell(code, quarter)
                if cell.held or cell.states:
                    missed = sum(1 for state in cell.states if state == "missed")
                    rows.append(
                        {"body": named(line.body), "theme": code, "quarter": quarter, "held": len(cell.held),
                         "missed": missed, "figures": added(cell.results)}
                    )  # fmt: skip
    return rows


@router.get("/themed/{themed_id}", response=ThemedRow, summary="一次主题活动", operation_id="campaigns_themed_detail")
def themed_detail(request: HttpRequest, themed_id: int) -> Any:
    themed = _seen_themed(actor_of(request), themed_id)
    return _themed(themed, _figures(themed))


@router.put("/themed/{themed_id}/result", response=ThemedRow, summary="填成效", operation_id="campaigns_themed_result")
def themed_result(request: HttpRequest, themed_id: int, wanted: ThemedResultRequest) -> Any:
    actor = actor_of(request)
    themed = _seen_themed(actor, themed_id)
    result = enter_result(themed=themed, actor=actor, at=timezone.now(), **wanted.dict())
    return _themed(themed, result.figures)


@router.put("/themed/{themed_id}/theme", response=ThemedRow, summary="改主题", operation_id="campaigns_theme_change")
def theme_change(request: HttpRequest, themed_id: int, wanted: ThemeChangeRequest) -> Any:
    actor = actor_of(request)
    themed = _seen_themed(actor, themed_id)
    return _themed(change_theme(themed=themed, theme=wanted.theme, actor=actor, at=timezone.now()), None)


@router.delete(
    "/themed/{themed_id}/theme", response={204: None}, summary="撤下主题", operation_id="campaigns_theme_withdraw"
)
def theme_withdraw(request: HttpRequest, themed_id: int) -> Status[Any]:
    actor = actor_of(request)
    withdraw_theme(themed=_seen_themed(actor, themed_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.put(
    "/themed/{themed_id}/tasks/{task_id}", response=ThemedRow, summary="任务列为解决的问题",
    operation_id="campaigns_task_take",
)  # fmt: skip
def themed_task(request: HttpRequest, themed_id: int, task_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    themed = _seen_themed(actor, themed_id)
    task = get_object_or_404(tasks_offered(themed, actor, now), pk=task_id)
    take_up_task(themed=themed, task=task, actor=actor, at=now)
    return _themed(themed, _figures(themed))


@router.delete(
    "/themed/{themed_id}/tasks/{task_id}", response=ThemedRow, summary="不再列入", operation_id="campaigns_task_leave"
)
def themed_task_out(request: HttpRequest, themed_id: int, task_id: int) -> Any:
    actor = actor_of(request)
    themed = _seen_themed(actor, themed_id)
    task = get_object_or_404(Task, pk=task_id, themed_activities__themed=themed)
    leave_out_task(themed=themed, task=task, actor=actor, at=timezone.now())
    return _themed(themed, _figures(themed))


@router.post(
    "/themed/{themed_id}/problems", response={201: ThemedRow}, summary="问题转为任务", operation_id="campaigns_problem"
)
def themed_problem(request: HttpRequest, themed_id: int, wanted: ThemedProblemRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    themed = _seen_themed(actor, themed_id)
    person = get_object_or_404(expected_people(themed.activity), pk=wanted.assignee)
    note_problem(themed=themed, problem=wanted.problem, assignee=person, due_at=wanted.due_at, actor=actor, at=now)
    return Status(201, _themed(themed, _figures(themed)))


@router.get(
    "/board/{playbook}/{starts}", response=list[CampaignBoardRow], summary="各单位进展", operation_id="campaigns_board"
)
def campaign_board(request: HttpRequest, playbook: str, starts: date) -> Any:
    board = board_of(actor_of(request), timezone.now(), playbook[:60], starts)
    if board is None:
        raise Http404
    return [
        {
            "campaign": row.campaign.pk,
            "body": named(row.campaign.body),
            "stages": {code: state for code, _title in board.stages if (state := row.standing(code)) is not None},
            "met": row.met,
            "owed": row.owed,
            "missed": row.missed,
            "is_behind": row.is_behind,
            "report": row.report_state,
            "on_time_before": row.changes.on_time.before if row.changes is not None else None,
            "on_time_after": row.changes.on_time.after if row.changes is not None else None,
        }
        for row in board.rows
    ]


@router.get("/{campaign_id}", response=CampaignAnswer, summary="一项专项活动", operation_id="campaigns_detail")
def campaign_detail(request: HttpRequest, campaign_id: int) -> Any:
    return _whole(_seen(actor_of(request), campaign_id))


@router.post(
    "/{campaign_id}/stages/{stage}/summary", response={201: CampaignAnswer}, summary="写阶段小结",
    operation_id="campaigns_stage_summary",
)  # fmt: skip
def stage_summary(request: HttpRequest, campaign_id: int, stage: str, wanted: StageSummaryRequest) -> Status[Any]:
    actor = actor_of(request)
    campaign, row = _stage(actor, campaign_id, stage)
    summarize_stage(stage=row, actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _whole(campaign))


@router.post(
    "/{campaign_id}/stages/{stage}/correction", response={201: CampaignAnswer}, summary="更正阶段小结",
    operation_id="campaigns_stage_correction",
)  # fmt: skip
def stage_correction(
    request: HttpRequest, campaign_id: int, stage: str, wanted: SummaryCorrectionRequest
) -> Status[Any]:
    actor = actor_of(request)
    campaign, row = _stage(actor, campaign_id, stage)
    correct_summary(stage=row, actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _whole(campaign))


@router.get("/{campaign_id}/report", response=CampaignReportAnswer, summary="总结报告", operation_id="campaigns_report")
def report_detail(request: HttpRequest, campaign_id: int) -> Any:
    return _report_answer(_report(actor_of(request), campaign_id))


@router.put(
    "/{campaign_id}/report", response=CampaignReportAnswer, summary="写总结报告", operation_id="campaigns_report_save"
)
def report_save(request: HttpRequest, campaign_id: int, wanted: CampaignSectionsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    campaign = _seen(actor, campaign_id)
    report = save_report(campaign=campaign, sections=wanted.sections, actor=actor, at=now)
    report.campaign = campaign
    if wanted.hand_in:
        hand_in_report(report=report, actor=actor, at=now)
    return _report_answer(report)


@router.post(
    "/{campaign_id}/report/take-back", response=CampaignReportAnswer, summary="撤回总结报告",
    operation_id="campaigns_report_take_back",
)  # fmt: skip
def report_take_back(request: HttpRequest, campaign_id: int) -> Any:
    actor = actor_of(request)
    report = _report(actor, campaign_id)
    return _report_answer(take_back_report(report=report, actor=actor, at=timezone.now()))


@router.post(
    "/{campaign_id}/report/accept", response=CampaignReportAnswer, summary="审阅总结报告",
    operation_id="campaigns_report_accept",
)  # fmt: skip
def report_accept(request: HttpRequest, campaign_id: int, wanted: CampaignNoteRequest) -> Any:
    actor = actor_of(request)
    report = _report(actor, campaign_id)
    return _report_answer(accept_report(report=report, note=wanted.note, actor=actor, at=timezone.now()))


@router.post(
    "/{campaign_id}/report/return", response=CampaignReportAnswer, summary="退回总结报告",
    operation_id="campaigns_report_return",
)  # fmt: skip
def report_return(request: HttpRequest, campaign_id: int, wanted: CampaignReturnRequest) -> Any:
    actor = actor_of(request)
    report = _report(actor, campaign_id)
    return _report_answer(return_report(report=report, reason=wanted.reason, actor=actor, at=timezone.now()))


def _seen(actor: Person, campaign_id: int) -> Campaign:
    return get_object_or_404(campaigns_seen_by(actor, timezone.now()), pk=campaign_id)


def _seen_themed(actor: Person, themed_id: int) -> ThemedActivity:
    return get_object_or_404(themed_seen_by(actor, timezone.now()), pk=themed_id)


def _stage(actor: Person, campaign_id: int, code: str) -> tuple[Campaign, CampaignStage]:
    campaign = _seen(actor, campaign_id)
    stage = get_object_or_404(CampaignStage, campaign=campaign, code=code[:60])
    stage.campaign = campaign
    return campaign, stage


def _report(actor: Person, campaign_id: int) -> CampaignReport:
    """Return a report; a draft is for those who write it."""
    campaign = _seen(actor, campaign_id)
    report = report_of(campaign)
    if report is None:
        raise Http404
    if report.state == ReportState.DRAFT and not RUN_CAMPAIGN.allows(actor, campaign, at=timezone.now()):
        raise Http404
    report.campaign = campaign
    return report


def _row(row: Any, day: date) -> dict[str, Any]:
    stages = list(row.stages.all())
    return {
        "id": row.pk,
        "title": row.title,
        "body": named(row.body),
        "playbook": row.playbook,
        "starts": row.starts,
        "until_on": row.until_on,
        "state": row.state_on(day),
        "stages": len(stages),
        "stages_done": sum(1 for stage in stages if stage.done_at is not None),
        "report": row.report_state,
    }


def _whole(campaign: Campaign) -> dict[str, Any]:
    day = local_day(timezone.now())
    report = report_of(campaign)
    return {
        "id": campaign.pk,
        "title": campaign.title,
        "body": named(campaign.body),
        "state": campaign.state_on(day),
        "begun_on": campaign.begun_on,
        "stages": [_stage_row(view) for view in stages_of(campaign, day)],
        "report": report.state if report is not None else None,
    }


def _stage_row(view: StageView) -> dict[str, Any]:
    stage, summary = view.stage, view.summary
    return {
        "code": stage.code,
        "title": stage.title,
        "from_on": stage.from_on,
        "until_on": stage.until_on,
        "summary_until": stage.summary_until,
        "state": view.state,
        "met": view.met,
        "owed": view.owed,
        "duties": [
            {"id": duty.obligation.pk, "title": duty.obligation.title, "due_on": duty.obligation.due_on,
             "state": duty.state.value, "source_type": duty.source_type, "source_id": duty.source_id}
            for duty in view.duties
        ],
        "summary": summary.text if summary is not None else "",
        "figures": summary.figures if summary is not None else {},
        "missing": len(summary.missing) if summary is not None else 0,
        "reason": summary.reason if summary is not None else "",
    }  # fmt: skip


def _report_answer(report: CampaignReport) -> dict[str, Any]:
    return {
        "campaign": report.campaign_id,
        "state": report.state,
        "round": report.round,
        "sections": report.sections,
        "figures": report.figures,
    }


def _figures(themed: ThemedActivity) -> dict[str, str] | None:
    result = standing_result(themed)
    return result.figures if result is not None else None


def _themed(row: Any, figures: dict[str, str] | None) -> dict[str, Any]:
    activity = row.activity
    return {
        "id": row.pk,
        "activity": activity.pk,
        "theme": row.theme,
        "title": row.title,
        "body": named(activity.body),
        "day": activity.day,
        "state": activity.state,
        "figures": {key: Decimal(value) for key, value in figures.items()} if figures is not None else None,
    }
