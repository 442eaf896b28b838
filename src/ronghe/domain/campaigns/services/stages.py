"""A stage is closed by its summary: figures are counted and kept, what is missing is named with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.campaigns.calc.stages import Standing
from ronghe.domain.campaigns.enums import ReportState
from ronghe.domain.campaigns.facts import STAGE_DONE, SUMMARY_CORRECTED
from ronghe.domain.campaigns.models import CampaignReport, CampaignStage, StageSummary
from ronghe.domain.campaigns.rules import RUN_CAMPAIGN
from ronghe.domain.campaigns.selectors.campaigns import stages_of, summaries_of
from ronghe.domain.campaigns.selectors.figures import days_of_stage, figures_now
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, listed

LONGEST = 10_000
NAMED = 5
"""Missing pieces that a refusal names."""


class SummaryEmpty(DomainError):
    code = "stage_summary_empty"
    sentence = N_("请写这个阶段做了什么、有什么问题。")
    status = 422


class SummaryTooLong(DomainError):
    code = "stage_summary_too_long"
    sentence = N_("阶段小结超过 %(signs)s 个字，请精简。")
    status = 422


class StageNotBegun(DomainError):
    code = "stage_not_begun"
    sentence = N_("“%(stage)s”%(day)s开始，开始以后再写小结。")


class StageNotOurs(DomainError):
    code = "stage_not_ours"
    sentence = N_("“%(stage)s”在本组织参加以前已结束，或随活动停止，不用写小结。")


class EarlierStageOpen(DomainError):
    code = "earlier_stage_open"
    sentence = N_("“%(stage)s”还没有小结，请先写那个阶段的。")


class StageClosed(DomainError):
    code = "stage_closed"
    sentence = N_("“%(stage)s”已有小结；要改的，请更正小结。")


class StageOpen(DomainError):
    code = "stage_open"
    sentence = N_("“%(stage)s”还没有小结，没有可更正的。")


class GateMissing(DomainError):
    code = "stage_gate_missing"
    sentence = N_("这个阶段还缺 %(count)s 项：%(pieces)s。请补上，或写明原因再小结。")
    status = 422


class ReportAcceptedAlready(DomainError):
    code = "campaign_report_accepted"
    sentence = N_("总结报告已由上级审阅，小结不能再改。")


@transaction.atomic
def summarize_stage(*, stage: CampaignStage, text: str, actor: Person, at: datetime, reason: str = "") -> StageSummary:
    """Close a stage with its summary; the figures of this moment are counted and kept with it.

    What the gate lacks is named first; with a `reason` the stage is closed without it, and both are kept. Closing it meets
    the body's duty to sum up.

    :raises SummaryEmpty, SummaryTooLong: no words, or too many
    :raises StageNotBegun, StageNotOurs: too early; over before the body joined, or called off with the campaign
    :raises EarlierStageOpen: stages are closed in their order
    :raises StageClosed: it has a summary
    :raises GateMissing: something is missing, and no reason is given
    """
    campaign = stage.campaign
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    _refuse_text(text)
    day = local_day(at)
    # Two who close at once: the second one waits here and then finds it closed.
    list(CampaignStage.objects.select_for_update().filter(campaign=campaign).order_by("pk").values_list("pk"))
    views = stages_of(campaign, day)
    view = next(one for one in views if one.stage.pk == stage.pk)
    if view.standing is Standing.DONE:
        raise StageClosed(stage=stage.title)
    if view.standing is Standing.UPCOMING:
        raise StageNotBegun(stage=stage.title, day=max(stage.from_on, campaign.begun_on))
    if not view.is_begun:
        raise StageNotOurs(stage=stage.title)
    for earlier in views:
        if earlier.stage.number < stage.number and earlier.is_begun:
            raise EarlierStageOpen(stage=earlier.stage.title)
    gate = view.gate
    if gate and not reason.strip():
        named = listed(duty.obligation.title for duty in gate[:NAMED])
        raise GateMissing(count=len(gate), pieces=named + ("…" if len(gate) > NAMED else ""))
    if not CampaignStage.objects.filter(pk=stage.pk, done_at=None).update(done_at=at):
        raise Stale
    stage.done_at = at
    figures = figures_now(campaign, days_of_stage(view.stage), day)
    summary = StageSummary.objects.create(
        stage=stage, number=1, text=text.strip(), figures=figures, reason=reason.strip()[:200] if gate else "",
        missing=[
            {"mechanism": duty.obligation.mechanism, "title": duty.obligation.title,
             "due_on": duty.obligation.due_on.isoformat(), "state": duty.state.value}
            for duty in gate
        ],
        written_by=actor, written_at=at,
    )  # fmt: skip
    late = sum(1 for duty in view.duties if duty.state == ObligationState.LATE)
    attributes = {
        "campaign": campaign.playbook,
        "playbook": campaign.reference, "stage": stage.code, "missing": len(gate), "met": view.met, "late": late,
        "activities": figures["activities"], "present": figures["present"],
    }  # fmt: skip
    record(Draft(STAGE_DONE, at, actor, body=campaign.body_id, attributes=attributes, source=stage))
    return summary


@transaction.atomic
def correct_summary(*, stage: CampaignStage, text: str, reason: str, actor: Person, at: datetime) -> StageSummary:
    """Word a summary anew, with the reason; the earlier one stays on record, and figures stay those of the closing.

    :raises SummaryEmpty, SummaryTooLong: no words or no reason, or too many
    :raises StageOpen: there is none
    :raises ReportAcceptedAlready: the report was taken note of
    """
    campaign = stage.campaign
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    _refuse_text(text)
    if not reason.strip():
        raise SummaryEmpty
    if CampaignReport.objects.filter(campaign=campaign, state=ReportState.ACCEPTED).exists():
        raise ReportAcceptedAlready
    standing = next(iter(summaries_of(stage)), None)
    if standing is None:
        raise StageOpen(stage=stage.title)
    try:
        with transaction.atomic():
            made = StageSummary.objects.create(
                stage=stage, number=standing.number + 1, text=text.strip(), figures=standing.figures,
                missing=standing.missing, reason=reason.strip()[:200], written_by=actor, written_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    attributes = {"stage": stage.code, "version": made.number}
    record(Draft(SUMMARY_CORRECTED, at, actor, body=campaign.body_id, attributes=attributes, source=stage))
    return made


def _refuse_text(text: str) -> None:
    if not text.strip():
        raise SummaryEmpty
    if len(text) > LONGEST:
        raise SummaryTooLong(signs=LONGEST)
