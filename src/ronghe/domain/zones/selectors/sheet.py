"""The responsibility sheet as a whole and from each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.zones.calc.sheet_draft import DraftLine, line_of
from ronghe.domain.zones.enums import SIDE_OF, SheetSide, SheetTopic
from ronghe.domain.zones.models import CollaborationZone, LineChange, ResponsibilityLine
from ronghe.domain.zones.selectors.sides import is_read_by, sides_to_read
from ronghe.domain.zones.selectors.zones import participating_units
from ronghe.kernel.words import N_, listed

GROUPS = ("six_institutions", "project_rhythm")
TOPIC_ORDER = {topic.value: number for number, topic in enumerate(SheetTopic)}
CADENCES = {
    "day": N_("每日"), "week": N_("每周"), "month": N_("每月"), "quarter": N_("每季"), "half": N_("每半年"),
    "year": N_("每年"),
}  # fmt: skip
FIELDS = {
    "topic": N_("类别"), "matter": N_("事项"), "duty": N_("职责"), "lead": N_("牵头"), "assists": N_("配合"),
    "person": N_("责任人"), "due_on": N_("期限"), "cadence": N_("频次"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a change, in words."""

    field: str
    before: str
    after: str


def lines_of(zone: CollaborationZone, side: str = "") -> list[ResponsibilityLine]:
    """Return the lines that hold, by topic and in the order of writing; those in which `side` has a part if named."""
    rows = zone.responsibility_lines.filter(ended_on=None).select_related("person").order_by("pk")
    found = [line for line in rows if not side or side in line.sides]
    return sorted(found, key=lambda line: TOPIC_ORDER[line.topic])


def lines_seen_by(actor: Person, zone: CollaborationZone, at: datetime, side: str = "") -> list[ResponsibilityLine]:
    """Return of `lines_of` what `actor` reads: the own side's lines and the shared ones, or all (D9)."""
    mine = sides_to_read(actor, zone, at)
    return [line for line in lines_of(zone, side) if is_read_by(line.sides, mine)]


def side_counts(lines: Sequence[ResponsibilityLine]) -> Mapping[str, tuple[int, int]]:
    """Return how many of the lines each side leads, and how many it has a part in."""
    return {
        side.value: (sum(line.lead == side for line in lines), sum(side in line.sides for line in lines))
        for side in SheetSide
    }


def units_by_side(zone: CollaborationZone, day: date) -> Mapping[str, list[str]]:
    """Return the names of the units that find their lines in each view, each once."""
    found: dict[str, list[str]] = {side.value: [] for side in SheetSide}
    for party in participating_units(zone, day):
        names = found[SIDE_OF[party.role]]
        if party.unit.name not in names:
            names.append(party.unit.name)
    return found


def changes_of(zone: CollaborationZone) -> QuerySet[LineChange]:
    """Return what was done to the sheet, the latest first."""
    rows = LineChange.objects.filter(line__zone=zone).select_related("line", "made_by")
    return rows.order_by("-made_at", "-pk")


def changes_seen_by(actor: Person, zone: CollaborationZone, at: datetime) -> list[LineChange]:
    """Return of `changes_of` what was done to lines that `actor` reads, as they stand."""
    mine = sides_to_read(actor, zone, at)
    return [change for change in changes_of(zone) if is_read_by(change.line.sides, mine)]


def said_in(changes: Sequence[LineChange]) -> list[tuple[LineChange, list[Said]]]:
    """Return each change with its fields in words; one statement for the people named in them."""
    wanted = {value for change in changes for part in (change.before, change.after) if (value := part.get("person"))}
    names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [(change, [_said(field, change, names) for field in FIELDS if field in change.before]) for change in changes]


def institution_lines(zone: CollaborationZone, day: date) -> list[DraftLine]:
    """Return a draft line for each institution of the playbooks that the zone's branch works by."""
    if zone.body is None:
        return []
    found = []
    for adoption in adoptions_of(zone.body, day):
        for mechanism in adoption.version.playbook.mechanisms_for(BodyKind(zone.body.kind)):
            if set(mechanism.counts_for) & set(GROUPS):
                cadence = CADENCES.get(mechanism.rhythm.window.value, "") if mechanism.rhythm else ""
                asked = listed(item.zh for item in mechanism.agenda) or mechanism.title.zh
                found.append(line_of(mechanism.id, mechanism.title.zh, asked[:200], mechanism.answers, cadence))
    return found


def _said(field: str, change: LineChange, names: Mapping[int, str]) -> Said:
    return Said(
        field, _in_words(field, change.before.get(field), names), _in_words(field, change.after.get(field), names)
    )


def _in_words(field: str, value: Any, names: Mapping[int, str]) -> str:
    if not value:
        return "—"
    if field == "person":
        return names.get(value, "—")
    if field == "topic":
        return str(SheetTopic(value).label)
    if field == "lead":
        return str(SheetSide(value).label)
    if field == "assists":
        return listed(SheetSide(side).label for side in value)
    return str(value)
