"""The organization in depth: one step a subject, in the order in which one stands on the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from ronghe.demo.contacts import show_contacts
from ronghe.demo.grid import show_grid
from ronghe.demo.organization import Field

Step = Callable[[Field, date, datetime], None]
"""Gets the field, the first day of the story and the moment of today."""

STEPS: tuple[Step, ...] = (show_contacts, show_grid)


def deepen(field: Field, since: date, now: datetime) -> None:
    """Take every step."""
    for step in STEPS:
        step(field, since, now)
