"""The standards of a body: its own newest one, else that of the nearest body above, else the shipped one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.calc.hours import SHIPPED_HOURS, DayHours
from ronghe.domain.control.enums import ShippedCause
from ronghe.domain.control.models import IdleCause, RatingRule, ReviewBaseline
from ronghe.domain.org.models import PartyOrg
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.words import _


@dataclass(frozen=True, slots=True)
class ReviewPace:
    """How long reviews took and shall take, in working days of these hours (PJ-08)."""

    old_days: Decimal = Decimal("10.0")
    target_days: Decimal = Decimal("2.0")
    hours: DayHours = SHIPPED_HOURS
    body: PartyOrg | None = None
    """Whose figures these are; of nobody where they are the shipped ones."""

    @property
    def target_seconds(self) -> int:
        return int(self.target_days * self.hours.seconds)


def rule_of(body_id: int, day: date) -> RatingRule | None:
    """Return the rule of excellence that holds in a body, `None` where the shipped terms do."""
    rule: RatingRule | None = _nearest_of(RatingRule, [body_id], day)[body_id]
    return rule


def terms_of(body_id: int, day: date) -> RatingTerms:
    """Return the terms of excellence that hold in a body."""
    rule = rule_of(body_id, day)
    return rule.terms if rule is not None else RatingTerms()


def pace_of(body_id: int, day: date) -> ReviewPace:
    """Return the pace of reviews that holds in a body."""
    return paces_of([body_id], day)[body_id]


def paces_of(bodies: Collection[int], day: date) -> dict[int, ReviewPace]:
    """Return the pace of reviews that holds in each body; two statements."""
    found: dict[int, ReviewBaseline | None] = _nearest_of(ReviewBaseline, bodies, day)
    return {
        body: ReviewPace(row.old_days, row.target_days, row.hours, row.body) if row is not None else ReviewPace()
        for body, row in found.items()
    }


def causes_of(body_id: int, day: date) -> list[tuple[str, str]]:
    """Return the causes to choose from in a body: the shipped ones, then its own and those of bodies above; code and word."""
    above = PartyOrg.links().filter(on_day(day), descendant_id=body_id).order_by().values("ancestor_id")
    own = IdleCause.objects.filter(body__in=above, ended_at=None).order_by("name", "pk")
    return [(one.value, str(one.label)) for one in ShippedCause] + [(f"own:{row.pk}", row.name) for row in own]


def cause_words(cause: str, own: IdleCause | None) -> str:
    """Return what a cause is called."""
    if own is not None:
        return own.name
    return str(ShippedCause(cause).label) if cause else _("不详")


def _nearest_of(model: Any, bodies: Collection[int], day: date) -> dict[int, Any]:
    """Return for each body the newest row of its own, else of the nearest body above that has one; two statements."""
    above: dict[int, dict[int, int]] = {body: {} for body in bodies}
    links = PartyOrg.links().filter(on_day(day), descendant_id__in=list(above)).order_by()
    for body, ancestor, depth in links.values_list("descendant_id", "ancestor_id", "depth"):
        above[body][ancestor] = depth
    wanted = {ancestor for depths in above.values() for ancestor in depths}
    rows = model.objects.filter(body_id__in=wanted).select_related("body", "set_by").order_by("set_at", "pk")
    newest = {row.body_id: row for row in rows}
    found = {}
    for body, depths in above.items():
        nearest = min((one for one in depths if one in newest), key=lambda one: depths[one], default=None)
        found[body] = newest[nearest] if nearest is not None else None
    return found
