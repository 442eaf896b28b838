"""Each subject in depth: one step a subject, in the order in which one stands on the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from ronghe.demo.agreements import show_agreements
from ronghe.demo.alliances import show_alliances
from ronghe.demo.ballots import show_ballots
from ronghe.demo.benefits import show_benefits
from ronghe.demo.calendars import show_calendars
from ronghe.demo.campaigns import show_campaigns
from ronghe.demo.carriers import show_carriers
from ronghe.demo.challenges import show_challenges
from ronghe.demo.claims import show_claims
from ronghe.demo.clinic import show_clinic
from ronghe.demo.committee import show_committee
from ronghe.demo.contacts import show_contacts
from ronghe.demo.contractors import show_contractors
from ronghe.demo.control import show_control
from ronghe.demo.decisions import show_decisions
from ronghe.demo.duties import show_duties
from ronghe.demo.elections import show_elections
from ronghe.demo.exchange import show_exchange
from ronghe.demo.floating import show_floating
from ronghe.demo.grid import show_grid
from ronghe.demo.hearings import show_hearings
from ronghe.demo.honours import show_honours
from ronghe.demo.inspections import show_inspections
from ronghe.demo.lookbacks import show_lookbacks
from ronghe.demo.members import show_members
from ronghe.demo.merits import show_merits
from ronghe.demo.needs import show_needs
from ronghe.demo.offline import show_offline
from ronghe.demo.organization import Field
from ronghe.demo.orglife import show_orglife
from ronghe.demo.pairing import show_pairing
from ronghe.demo.papers import show_papers
from ronghe.demo.partylife import show_partylife
from ronghe.demo.permits import show_permits
from ronghe.demo.planning import show_planning
from ronghe.demo.pools import show_pools
from ronghe.demo.projects import show_projects
from ronghe.demo.qualifications import show_qualifications
from ronghe.demo.regrouping import show_regrouping
from ronghe.demo.reminders import show_reminders
from ronghe.demo.rollouts import show_rollouts
from ronghe.demo.safety import show_safety
from ronghe.demo.schedule import show_schedule
from ronghe.demo.shows import show_shows
from ronghe.demo.sitemeetings import show_sitemeetings
from ronghe.demo.structure import show_structure
from ronghe.demo.surveys import show_surveys
from ronghe.demo.taskforces import show_taskforces
from ronghe.demo.zones import show_zones

Step = Callable[[Field, date, datetime], None]
"""Gets the field, the first day of the story and the moment of today."""

STEPS: tuple[Step, ...] = (
    show_structure,
    show_members,
    show_pairing,
    show_floating,
    show_elections,
    show_contacts,
    show_regrouping,
    show_grid,
    show_projects,
    show_zones,
    show_agreements,
    show_taskforces,
    show_pools,
    show_ballots,
    show_sitemeetings,
    show_alliances,
    show_decisions,
    show_committee,
    show_hearings,
    show_partylife,
    show_exchange,
    show_campaigns,
    show_planning,
    show_orglife,
    show_claims,
    show_schedule,
    show_benefits,
    show_lookbacks,
    show_inspections,
    show_surveys,
    show_needs,
    show_challenges,
    show_clinic,
    show_carriers,
    show_qualifications,
    show_contractors,
    show_control,
    show_duties,
    show_safety,
    show_permits,
    show_merits,
    show_honours,
    show_shows,
    show_papers,
    show_rollouts,
    show_calendars,
    show_reminders,
    show_offline,
)


def deepen(field: Field, since: date, now: datetime) -> None:
    """Take every step."""
    for step in STEPS:
        step(field, since, now)
