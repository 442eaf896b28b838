"""Above which amount an estimate is reviewed a second time."""

from __future__ import annotations

from datetime import date

from ronghe.domain.benefits.models import BenefitLimit
from ronghe.domain.org.models import PartyOrg
from ronghe.kernel.db.tree import on_day


def limit_of(body_id: int, day: date) -> BenefitLimit | None:
    """Return the amount that holds in a body: its own newest, else that of the nearest one above; `None` where none was set."""
    above = dict(PartyOrg.links().filter(on_day(day), descendant_id=body_id).values_list("ancestor_id", "depth"))
    rows = BenefitLimit.objects.filter(body_id__in=above).select_related("body").order_by("set_at", "pk")
    newest = {row.body_id: row for row in rows}
    return min(newest.values(), key=lambda row: above[row.body_id], default=None)
