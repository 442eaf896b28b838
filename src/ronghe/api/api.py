"""The API put together: log-in, errors with one shape, one router a subject."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, ValidationError

from ronghe.api.security import AUTH
from ronghe.api.speaking import CleanParser, SpokenAPI
from ronghe.api.v1.agreements import router as agreements_router
from ronghe.api.v1.alliances import router as alliances_router
from ronghe.api.v1.appraisal import router as appraisal_router
from ronghe.api.v1.appraisal_inputs import router as appraisal_inputs_router
from ronghe.api.v1.appraisal_remarks import router as appraisal_remarks_router
from ronghe.api.v1.appraisal_trials import router as appraisal_trials_router
from ronghe.api.v1.ballots import router as ballots_router
from ronghe.api.v1.banner import router as banner_router
from ronghe.api.v1.benefits import router as benefits_router
from ronghe.api.v1.calendars import router as calendars_router
from ronghe.api.v1.campaigns import router as campaigns_router
from ronghe.api.v1.carriers import router as carriers_router
from ronghe.api.v1.challenges import router as challenges_router
from ronghe.api.v1.claims import router as claims_router
from ronghe.api.v1.clinic import router as clinic_router
from ronghe.api.v1.contacts import router as contacts_router
from ronghe.api.v1.contests import router as contests_router
from ronghe.api.v1.contractors import gate_router
from ronghe.api.v1.contractors import router as contractors_router
from ronghe.api.v1.control import router as control_router
from ronghe.api.v1.decisions import router as decisions_router
from ronghe.api.v1.duties import router as duties_router
from ronghe.api.v1.elections import router as elections_router
from ronghe.api.v1.exchange import router as exchange_router
from ronghe.api.v1.findings import router as findings_router
from ronghe.api.v1.floating import router as floating_router
from ronghe.api.v1.grid import router as grid_router
from ronghe.api.v1.hazards import router as hazards_router
from ronghe.api.v1.hearings import router as hearings_router
from ronghe.api.v1.honour_calls import router as honour_calls_router
from ronghe.api.v1.honours import router as honours_router
from ronghe.api.v1.incidents import router as incidents_router
from ronghe.api.v1.inspections import router as inspections_router
from ronghe.api.v1.items import router as items_router
from ronghe.api.v1.lookbacks import router as lookbacks_router
from ronghe.api.v1.members import router as members_router
from ronghe.api.v1.needs import router as needs_router
from ronghe.api.v1.obligations import router as obligations_router
from ronghe.api.v1.offline import router as offline_router
from ronghe.api.v1.orglife import router as orglife_router
from ronghe.api.v1.pairing import router as pairing_router
from ronghe.api.v1.papers import router as papers_router
from ronghe.api.v1.partylife import router as partylife_router
from ronghe.api.v1.people import router as people_router
from ronghe.api.v1.permits import router as permits_router
from ronghe.api.v1.planning import router as planning_router
from ronghe.api.v1.playbooks import router as playbooks_router
from ronghe.api.v1.points import router as points_router
from ronghe.api.v1.pools import router as pools_router
from ronghe.api.v1.projects import router as projects_router
from ronghe.api.v1.qualifications import router as qualifications_router
from ronghe.api.v1.regrouping import router as regrouping_router
from ronghe.api.v1.reminders import router as reminders_router
from ronghe.api.v1.rhythm import router as rhythm_router
from ronghe.api.v1.risks import router as risks_router
from ronghe.api.v1.rollouts import router as rollouts_router
from ronghe.api.v1.rosters import router as rosters_router
from ronghe.api.v1.schedule import router as schedule_router
from ronghe.api.v1.session import router as session_router
from ronghe.api.v1.shows import router as shows_router
from ronghe.api.v1.sitemeetings import router as sitemeetings_router
from ronghe.api.v1.structure import router as structure_router
from ronghe.api.v1.surveys import router as surveys_router
from ronghe.api.v1.taskforce_points import router as taskforce_points_router
from ronghe.api.v1.taskforces import router as taskforces_router
from ronghe.api.v1.today import router as today_router
from ronghe.api.v1.work import router as work_router
from ronghe.api.v1.zones import router as zones_router
from ronghe.kernel.errors import DomainError, NotFound, NotLoggedIn

api = SpokenAPI(
    title="ronghe 融合",
    version="1",
    description="融合平台接口：与页面共用同一套读法和动作。",
    auth=AUTH,
    parser=CleanParser(),
    urls_namespace="api",
)


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, error.code, str(error), error.status)


@api.exception_handler(Http404)
def absent(request: HttpRequest, _error: Any) -> HttpResponse:
    return _answer(request, NotFound.code, str(NotFound()), 404)


@api.exception_handler(AuthenticationError)
def not_logged_in(request: HttpRequest, _error: Any) -> HttpResponse:
    return _answer(request, NotLoggedIn.code, str(NotLoggedIn()), 401)


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {".".join(str(step) for step in fault["loc"]): fault["msg"] for fault in error.errors}
    return _answer(request, "misshapen", json.dumps(fields, ensure_ascii=False), 422, fields)


def _answer(
    request: HttpRequest, code: str, detail: str, status: int, fields: dict[str, str] | None = None
) -> HttpResponse:
    return api.create_response(request, {"code": code, "detail": detail, "fields": fields or {}}, status=status)


api.add_router("", session_router)
api.add_router("/zones", zones_router)
api.add_router("/work", work_router)
api.add_router("/rhythm", rhythm_router)
api.add_router("/appraisal", appraisal_router)
api.add_router("/appraisal", appraisal_trials_router)
api.add_router("/appraisal", appraisal_inputs_router)
api.add_router("/appraisal", appraisal_remarks_router)
api.add_router("/rosters", rosters_router)
api.add_router("/obligations", obligations_router)
api.add_router("/playbooks", playbooks_router)
api.add_router("/org", people_router)
api.add_router("/org/structure", structure_router)
api.add_router("/org/elections", elections_router)
api.add_router("/org/members", members_router)
api.add_router("/org/floating", floating_router)
api.add_router("/org/pairing", pairing_router)
api.add_router("/org/contacts", contacts_router)
api.add_router("/org/regrouping", regrouping_router)
api.add_router("/org/grid", grid_router)
api.add_router("/projects", projects_router)
api.add_router("/ballots", ballots_router)
api.add_router("/agreements", agreements_router)
api.add_router("/taskforces/points", taskforce_points_router)
api.add_router("/taskforces", taskforces_router)
api.add_router("/pools", pools_router)
api.add_router("/alliances", alliances_router)
api.add_router("/rollouts", rollouts_router)
api.add_router("/rhythm/site-meetings", sitemeetings_router)
api.add_router("/today", today_router)
api.add_router("/calendar", calendars_router)
api.add_router("/reminders", reminders_router)
api.add_router("/offline", offline_router)
api.add_router("/decisions", decisions_router)
api.add_router("/hearings", hearings_router)
api.add_router("/honours/banner", banner_router)
api.add_router("/honours/contests", contests_router)
api.add_router("/honours/calls", honour_calls_router)
api.add_router("/honours", honours_router)
api.add_router("/shows", shows_router)
api.add_router("/rhythm/party-life", partylife_router)
api.add_router("/rhythm/exchange", exchange_router)
api.add_router("/rhythm/campaigns", campaigns_router)
api.add_router("/rhythm/plans", planning_router)
api.add_router("/rhythm/org-life", orglife_router)
api.add_router("/work/items", items_router)
api.add_router("/work/claims", claims_router)
api.add_router("/work/benefits", benefits_router)
api.add_router("/points", points_router)
api.add_router("/work/lookbacks", lookbacks_router)
api.add_router("/inspections/findings", findings_router)
api.add_router("/inspections", inspections_router)
api.add_router("/work/needs", needs_router)
api.add_router("/work/surveys", surveys_router)
api.add_router("/work/challenges", challenges_router)
api.add_router("/work/clinic", clinic_router)
api.add_router("/work/carriers", carriers_router)
api.add_router("/field/permits", permits_router)
api.add_router("/work/schedule", schedule_router)
api.add_router("/work/control", control_router)
api.add_router("/work/duties", duties_router)
api.add_router("/field/contractors", contractors_router)
api.add_router("/field/gate", gate_router)
api.add_router("/field/qualifications", qualifications_router)
api.add_router("/field", hazards_router)
api.add_router("/field/incidents", incidents_router)
api.add_router("/field/risks", risks_router)
api.add_router("/papers", papers_router)
