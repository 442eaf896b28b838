"""Addresses of the pages: plural nouns, acts as the last word."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from ronghe.web import converters, home, session  # noqa: F401 - converters are registered by being read
from ronghe.web.papers.views import paper_check
from ronghe.web.search import search
from ronghe.web.shows.card_views import badge_public
from ronghe.web.today.views import today

app_name = "web"
urlpatterns = [
    path("", today, name="today"),
    path("today/", include("ronghe.web.today.urls")),
    path("me/", home.me, name="me"),
    path("search/", search, name="search"),
    path("login/", session.log_in, name="login"),
    path("logout/", session.log_out, name="logout"),
    path("org/structure/", include("ronghe.web.structure.urls")),
    path("org/elections/", include("ronghe.web.elections.urls")),
    path("org/members/", include("ronghe.web.members.urls")),
    path("org/floating/", include("ronghe.web.floating.urls")),
    path("org/pairing/", include("ronghe.web.pairing.urls")),
    path("org/contacts/", include("ronghe.web.contacts.urls")),
    path("org/regrouping/", include("ronghe.web.regrouping.urls")),
    path("org/grid/", include("ronghe.web.grid.urls")),
    path("org/", include("ronghe.web.org.urls")),
    path("administration/", include("ronghe.web.administration.urls")),
    path("obligations/", include("ronghe.web.obligations.urls")),
    path("appraisal/", include("ronghe.web.appraisal.urls")),
    path("inspections/", include("ronghe.web.inspections.urls")),
    path("points/", include("ronghe.web.points.urls")),
    path("projects/", include("ronghe.web.projects.urls")),
    path("ballots/", include("ronghe.web.ballots.urls")),
    path("agreements/", include("ronghe.web.agreements.urls")),
    path("taskforces/", include("ronghe.web.taskforces.urls")),
    path("pools/", include("ronghe.web.pools.urls")),
    path("alliances/", include("ronghe.web.alliances.urls")),
    path("rollouts/", include("ronghe.web.rollouts.urls")),
    path("rhythm/site-meetings/", include("ronghe.web.sitemeetings.urls")),
    path("calendar/", include("ronghe.web.calendars.urls")),
    path("reminders/", include("ronghe.web.reminders.urls")),
    path("offline/", include("ronghe.web.offline.urls")),
    path("decisions/", include("ronghe.web.decisions.urls")),
    path("hearings/", include("ronghe.web.hearings.urls")),
    path("honours/", include("ronghe.web.honours.urls")),
    path("shows/", include("ronghe.web.shows.urls")),
    path("rhythm/party-life/", include("ronghe.web.partylife.urls")),
    path("rhythm/exchange/", include("ronghe.web.exchange.urls")),
    path("rhythm/campaigns/", include("ronghe.web.campaigns.urls")),
    path("rhythm/plans/", include("ronghe.web.planning.urls")),
    path("rhythm/org-life/", include("ronghe.web.orglife.urls")),
    path("work/items/", include("ronghe.web.items.urls")),
    path("work/claims/", include("ronghe.web.claims.urls")),
    path("work/needs/", include("ronghe.web.needs.urls")),
    path("work/surveys/", include("ronghe.web.surveys.urls")),
    path("work/benefits/", include("ronghe.web.benefits.urls")),
    path("work/lookbacks/", include("ronghe.web.lookbacks.urls")),
    path("work/challenges/", include("ronghe.web.challenges.urls")),
    path("work/clinic/", include("ronghe.web.clinic.urls")),
    path("work/carriers/", include("ronghe.web.carriers.urls")),
    path("work/schedule/", include("ronghe.web.schedule.urls")),
    path("work/control/", include("ronghe.web.control.urls")),
    path("work/duties/", include("ronghe.web.duties.urls")),
    path("field/permits/", include("ronghe.web.permits.urls")),
    path("field/", include("ronghe.web.contractors.urls")),
    path("field/qualifications/", include("ronghe.web.qualifications.urls")),
    path("field/", include("ronghe.web.hazards.urls")),
    path("field/incidents/", include("ronghe.web.incidents.urls")),
    path("field/risks/", include("ronghe.web.risks.urls")),
    path("papers/", include("ronghe.web.papers.urls")),
    path("zones/", include("ronghe.web.zones.urls")),
    path("playbooks/", include("ronghe.web.playbooks.urls")),
    path("", include("ronghe.web.rhythm.urls")),
    path("", include("ronghe.web.work.urls")),
    path("check/", paper_check, name="paper_check"),
    path("check/<slug:digest>/", paper_check, name="paper_check_digest"),
    path("badge/<slug:token>/", badge_public, name="badge_public"),
    path("language/", set_language, name="language"),
    path("password/", session.change_own_password, name="change_password"),
]
