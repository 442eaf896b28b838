"""From a fact back to the page of the record that it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from ronghe.domain.rhythm.enums import ActivityType
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _

PAGES = {
    "agreements.agreement": "web:agreement_detail",
    "alliances.alliance": "web:alliance_detail",
    "alliances.alliancecontact": "web:alliance_contact",
    "alliances.alliancedifficulty": "web:alliance_difficulty",
    "pools.moodnote": "web:mood_detail",
    "pools.shareditem": "web:pool_item",
    "appraisal.panel": "web:panel_detail",
    "appraisal.run": "web:run_detail",
    "appraisal.vetocase": "web:veto_detail",
    "ballots.ballot": "web:ballot_detail",
    "campaigns.campaign": "web:campaign_detail",
    "contractors.contractor": "web:contractor_detail",
    "contractors.worker": "web:worker_detail",
    "carriers.callup": "web:callup_detail",
    "carriers.carrier": "web:carrier_detail",
    "campaigns.campaignstage": "web:campaign_stage_of_record",
    "campaigns.themedactivity": "web:themed_detail",
    "clinic.expert": "web:clinic_expert",
    "clinic.piece": "web:clinic_piece",
    "clinic.visit": "web:clinic_visit",
    "decisions.charter": "web:charter",
    "decisions.decisionlist": "web:decision_list",
    "decisions.linerecord": "web:line_record",
    "decisions.matter": "web:matter_detail",
    "decisions.matterreport": "web:matter_report_detail",
    "decisions.responsibilitysheet": "web:responsibility_sheet",
    "duties.dutysheet": "web:duty_sheet",
    "elections.election": "web:election_detail",
    "exchange.pairprogramme": "web:exchange_pair_programme",
    "exchange.learningvisit": "web:exchange_visit",
    "exchange.lecture": "web:exchange_lecture",
    "exchange.practice": "web:exchange_practice",
    "exchange.studyline": "web:exchange_line",
    "exchange.studyprogramme": "web:exchange_programme",
    "floating.floatingstay": "web:floating_detail",
    "grid.gridrequest": "web:grid_request",
    "hearings.hearing": "web:hearing_detail",
    "honours.bannerround": "web:banner_round",
    "honours.honour": "web:honour_detail",
    "honours.honourcall": "web:honour_call",
    "honours.nomination": "web:honour_nomination",
    "incidents.accident": "web:incident_detail",
    "inspections.inspection": "web:inspection",
    "inspections.inspectioncall": "web:inspection_call",
    "orglife.lifesession": "web:life_session",
    "org.adminunit": "web:unit_detail",
    "org.partyorg": "web:body_detail",
    "permits.permit": "web:permit_detail",
    "permits.permitsite": "web:permit_site",
    "planning.checkround": "web:plan_round",
    "planning.plan": "web:plan_detail",
    "planning.planitem": "web:plan_item",
    "projects.project": "web:project_detail",
    "qualifications.certificate": "web:certificate_detail",
    "regrouping.regrouping": "web:grouping_detail",
    "rhythm.activity": "web:activity_detail",
    "rhythm.visit": "web:visit_detail",
    "partylife.birthdaykeeping": "web:life_keeping",
    "partylife.historyclass": "web:life_class",
    "partylife.oathceremony": "web:life_oath",
    "partylife.redsite": "web:red_site",
    "partylife.talk": "web:life_talk",
    "partylife.talkyear": "web:life_talk_year",
    "playbooks.adoption": "web:adoption_detail",
    "playbooks.governingdocument": "web:governing_document",
    "risks.risk": "web:risk_detail",
    "rollouts.rollout": "web:rollout_detail",
    "schedule.baseline": "web:schedule_baseline",
    "schedule.progressreport": "web:schedule_report",
    "schedule.scheduletask": "web:schedule_task",
    "sitemeetings.sitechain": "web:site_chain",
    "surveys.survey": "web:survey_detail",
    "structure.bodyact": "web:body_act_detail",
    "taskforces.difficultpoint": "web:difficult_point",
    "taskforces.taskforce": "web:taskforce_detail",
    "claims.claimsheet": "web:claim_sheet",
    "contests.contest": "web:contest",
    "shows.showcompetecampaign": "web:show_campaign",
    "items.workitem": "web:item_detail",
    "lookbacks.looksession": "web:look_session",
    "work.task": "web:task_detail",
    "zones.collaborationzone": "web:zone_detail",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A record in words, with its page; no `href` where it has none."""

    title: str
    href: str


def record_behind(fact_id: int) -> Source | None:
    """Return the record that a fact came from, `None` where there is no such fact."""
    fact = Fact.objects.filter(pk=fact_id).first()
    if fact is None:
        return None
    kind = declared_kinds().get(fact.kind)
    title = _(kind.title) if kind is not None else fact.kind
    return Source(held_as(json.loads(fact.attributes)) or title, href_of(fact.source_type, fact.source_id))


def href_of(source_type: str | None, source_id: int | None) -> str:
    """Return the address of a record's page, "" where there is none."""
    page = PAGES.get(source_type or "")
    return reverse(page, args=[source_id]) if page and source_id is not None else ""


def held_as(attributes: Mapping[str, Any]) -> str:
    """Return the kind of gathering that a fact names, "" where it names none."""
    kind = attributes.get("activity_type")
    return str(ActivityType(kind).label) if kind in ActivityType.values else ""
