"""The organization in depth: one step a subject, in the order in which one stands on the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from ronghe.demo.contacts import show_contacts
from ronghe.demo.elections import show_elections
from ronghe.demo.floating import show_floating
from ronghe.demo.grid import show_grid
from ronghe.demo.members import show_members
from ronghe.demo.organization import Field
from ronghe.demo.pairing import show_pairing
from ronghe.demo.regrouping import show_regrouping
from ronghe.demo.structure import show_structure

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
)


def deepen(field: Field, since: date, now: datetime) -> None:
    """Take every step."""
    for step in STEPS:
        step(field, since, now)
