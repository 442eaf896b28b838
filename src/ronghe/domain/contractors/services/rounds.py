"""A round of checks: every admitted company of a mechanism in its period, which is what the body owes (SD-14, PC-06, PC-10)."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.domain.contractors.facts import ROUND_CHECKED
from ronghe.domain.contractors.models import Contractor
from ronghe.domain.contractors.selectors.companies import round_of
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.record import Draft, record


def note_round(*, contractor: Contractor, on: date, actor: Person, at: datetime) -> None:
    """Record that the round which the company belongs to is complete on the day `on`, once a period.

    `at` is when the last check was held, so that it counts in the period that it closes.
    """
    round_ = round_of(contractor, on)
    if not round_.is_complete:
        return
    key = f"round:{contractor.body_id}:{contractor.mechanism}:{round_.span.from_on}"
    record(
        Draft(ROUND_CHECKED, at, actor, body=contractor.body_id, source=contractor,
              attributes={"mechanism": contractor.mechanism, "companies": round_.checked}),
        key=key,
    )  # fmt: skip
