"""What a need comes to: how it was rated, and what was gained."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.items.models import WorkItem
from ronghe.domain.needs.calc.gains import HOURS, MONEY, gain_in
from ronghe.domain.needs.facts import GAIN_VERIFIED, MONEY_VERIFIED, NEED_RATED
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.record import Draft, record


def note_rating(*, item: WorkItem, is_solved: bool, actor: Person, at: datetime) -> None:
    """Record a rating, about who helped; the step that it came with asked the right."""
    attributes = {"score": int(str(item.values["score"])), "solved": is_solved, "round": item.round}
    record(
        Draft(
            NEED_RATED, at, actor, about=item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            attributes=attributes, source=item,
        )
    )  # fmt: skip


def note_gain(*, item: WorkItem, actor: Person, at: datetime) -> None:
    """Record what was gained in hours or yuan, where whoever closed the need found it to hold."""
    gain = gain_in(item.values)
    if gain is None or item.values.get("gain_holds") is not True or gain.kind not in (HOURS, MONEY):
        return
    kind = GAIN_VERIFIED if gain.kind == HOURS else MONEY_VERIFIED
    record(
        Draft(
            kind, at, actor, about=item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            quantity=gain.saved, attributes={"tag": str(item.values["tags"][0])}, source=item,
        )
    )  # fmt: skip
