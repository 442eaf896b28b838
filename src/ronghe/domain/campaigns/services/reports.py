"""The report at the end of a campaign: written section by section, handed in, taken note of by the body above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.domain.campaigns.calc.figures import Changes
from ronghe.domain.campaigns.enums import REPORT_FLOW, ReportState, ReportStep
from ronghe.domain.campaigns.facts import REPORT_ACCEPTED, REPORT_HANDED_IN, REPORT_RETURNED, REPORT_TAKEN_BACK
from ronghe.domain.campaigns.models import Campaign, CampaignReport, ReportEvent
from ronghe.domain.campaigns.rules import RUN_CAMPAIGN, SETTLE_REPORT
from ronghe.domain.campaigns.selectors.campaigns import owed_before_report, sections_of, stages_of
from ronghe.domain.campaigns.selectors.figures import changes_of, days_of, figures_now
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, listed
from ronghe.kernel.workflow import StepNotAllowed

LONGEST = 10_000
"""Signs of one section."""


class NoSections(DomainError):
    code = "campaign_no_sections"
    sentence = N_("这项活动的范本没有写总结报告分几部分，不用交报告。")


class SectionTooLong(DomainError):
    code = "report_section_too_long"
    sentence = N_("“%(title)s”超过 %(signs)s 个字，请精简。")
    status = 422


class SectionsEmpty(DomainError):
    code = "report_sections_empty"
    sentence = N_("报告还缺：%(sections)s。写完再交。")
    status = 422


class StagesOpen(DomainError):
    code = "report_stages_open"
    sentence = N_("%(stages)s还没有小结，小结以后再交报告。")


class ReturnUnsaid(DomainError):
    code = "report_return_unsaid"
    sentence = N_("请写明退回的原因，好让对方知道改什么。")
    status = 422


class OwnReport(DomainError):
    code = "own_campaign_report"
    sentence = N_("这份报告是您交的，须由别人审阅。")
    status = 403


@transaction.atomic
def save_report(*, campaign: Campaign, sections: Mapping[str, str], actor: Person, at: datetime) -> CampaignReport:
    """Keep the report as far as it is written; sections that are not named stay as they were.

    :raises NoSections: the playbook asks for no report
    :raises SectionTooLong: too many words
    :raises StepNotAllowed: it is handed in or was taken note of
    """
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    asked = sections_of(campaign)
    if not asked:
        raise NoSections
    report, _is_new = CampaignReport.objects.select_for_update().get_or_create(
        campaign=campaign, defaults={"saved_at": at}
    )
    if not REPORT_FLOW.allows(report, "hand_in"):
        raise StepNotAllowed(state=report.get_state_display())
    kept = dict(report.sections)
    for code, _zh, title in asked:
        if code in sections:
            if len(sections[code]) > LONGEST:
                raise SectionTooLong(title=title, signs=LONGEST)
            kept[code] = sections[code].strip()
    report.sections, report.saved_at = kept, at
    report.save(update_fields=["sections", "saved_at"])
    return report


@transaction.atomic
def hand_in_report(*, report: CampaignReport, actor: Person, at: datetime) -> CampaignReport:
    """Hand the report in to the body above, with the figures of the whole campaign as they stand now.

    :raises StagesOpen: a stage has no summary
    :raises SectionsEmpty: a section is empty
    :raises StepNotAllowed: it is handed in or was taken note of
    """
    campaign = report.campaign
    RUN_CAMPAIGN.require(actor, campaign, at=at)
    day = local_day(at)
    waiting = owed_before_report(stages_of(campaign, day))
    if waiting:
        raise StagesOpen(stages=listed(f"“{view.stage.title}”" for view in waiting))
    empty = [title for code, _zh, title in sections_of(campaign) if not report.sections.get(code)]
    if empty:
        raise SectionsEmpty(sections=listed(empty))
    figures = figures_now(campaign, days_of(campaign), day)
    changes = changes_of([campaign.body_id], campaign.starts, campaign.until_on, day).get(campaign.body_id)
    figures["changes"] = changes_as_data(changes) if changes is not None else {}
    REPORT_FLOW.advance(
        report, "hand_in", handed_in_by=actor, handed_in_at=at, round=report.round + 1, figures=figures,
        settled_by=None, settled_at=None,
    )  # fmt: skip
    _note(report, ReportStep.HANDED_IN, REPORT_HANDED_IN, actor, at)
    return report


@transaction.atomic
def take_back_report(*, report: CampaignReport, actor: Person, at: datetime) -> CampaignReport:
    """Take a report back that nobody has taken note of yet, to change it.

    :raises StepNotAllowed: it is not handed in, or was settled
    """
    RUN_CAMPAIGN.require(actor, report.campaign, at=at)
    REPORT_FLOW.advance(report, "take_back")
    _note(report, ReportStep.TAKEN_BACK, REPORT_TAKEN_BACK, actor, at)
    return report


@transaction.atomic
def accept_report(*, report: CampaignReport, actor: Person, at: datetime, note: str = "") -> CampaignReport:
    """Take note of a report for the body above.

    :raises OwnReport: whoever handed it in
    :raises StepNotAllowed: it does not wait
    """
    _settle(report, "accept", actor, at)
    _note(report, ReportStep.ACCEPTED, REPORT_ACCEPTED, actor, at, note)
    return report


@transaction.atomic
def return_report(*, report: CampaignReport, reason: str, actor: Person, at: datetime) -> CampaignReport:
    """Give a report back with the reason; it is changed and handed in again.

    :raises ReturnUnsaid: no reason
    :raises OwnReport: whoever handed it in
    :raises StepNotAllowed: it does not wait
    """
    SETTLE_REPORT.require(actor, report, at=at)
    if not reason.strip():
        raise ReturnUnsaid
    _settle(report, "return", actor, at)
    _note(report, ReportStep.RETURNED, REPORT_RETURNED, actor, at, reason)
    return report


def changes_as_data(changes: Changes) -> dict[str, Any]:
    """Return before and after as they are kept: numbers as text, `null` where there was nothing to share."""
    named = {"on_time": changes.on_time, "present": changes.present, "solved": changes.solved}
    return {
        code: {"before": _text(change.before), "after": _text(change.after), "gain": _text(change.gain)}
        for code, change in named.items()
    }


def _text(value: Any) -> str | None:
    return None if value is None else f"{value:f}"


def _settle(report: CampaignReport, step: str, actor: Person, at: datetime) -> None:
    SETTLE_REPORT.require(actor, report, at=at)
    if report.state == ReportState.HANDED_IN and report.handed_in_by_id == actor.pk:
        raise OwnReport
    REPORT_FLOW.advance(report, step, settled_by=actor, settled_at=at)


def _note(
    report: CampaignReport, step: ReportStep, kind: FactKind, actor: Person, at: datetime, reason: str = ""
) -> None:
    ReportEvent.objects.create(
        report=report, step=step, round=report.round, reason=reason.strip()[:400], by=actor, at=at
    )
    attributes: dict[str, object] = {"playbook": report.campaign.reference}
    if "round" in kind.attributes:
        attributes["round"] = report.round
    record(Draft(kind, at, actor, body=report.campaign.body_id, attributes=attributes, source=report))
