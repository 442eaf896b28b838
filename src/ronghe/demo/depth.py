"""Each subject in depth: one step a subject, in the order in which one stands on the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from ronghe.demo.agreements import show_agreements
from ronghe.demo.alliances import show_alliances
from ronghe.demo.ballots import show_ballots
from ronghe.demo.calendars import show_calendars
from ronghe.demo.contacts import show_contacts
from ronghe.demo.decisions import show_decisions
from ronghe.demo.elections import show_elections
from ronghe.demo.floating import show_floating
from ronghe.demo.grid import show_grid
from ronghe.demo.hearings import show_hearings
from ronghe.demo.members import show_members
from ronghe.demo.offline import show_offline
from ronghe.demo.organization import Field
from ronghe.demo.pairing import show_pairing
from ronghe.demo.papers import show_papers
from ronghe.demo.pools import show_pools
from ronghe.demo.projects import show_projects
from ronghe.demo.regrouping import show_regrouping
from ronghe.demo.reminders import show_reminders
from ronghe.demo.rollouts import show_rollouts
from ronghe.demo.sitemeetings import show_sitemeetings
from ronghe.demo.structure import show_structure
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
    show_hearings,
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
