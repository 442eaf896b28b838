"""The responsibility sheet: drafted from the playbook, written, changed, ended. Every change is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.calc.sheet_draft import FIXED, DraftLine
from ronghe.domain.zones.enums import LineChangeKind, SheetSide, SheetTopic
from ronghe.domain.zones.facts import LINE_ADDED, LINE_CHANGED, LINE_ENDED
from ronghe.domain.zones.models import CollaborationZone, LineChange, ResponsibilityLine
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.selectors.sheet import institution_lines
from ronghe.domain.zones.services.parties import refuse_over
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

CHANGEABLE = ("topic", "matter", "duty", "lead", "assists", "person", "due_on", "cadence")


class LineThere(DomainError):
    code = "line_there"
    sentence = N_("责任清单里已有“%(matter)s”，请改那一条。")


class LineIncomplete(DomainError):
    code = "line_incomplete"
    sentence = N_("责任清单每条要写事项、职责和牵头方。")
    status = 422


class NothingToDraft(DomainError):
    code = "nothing_to_draft"
    sentence = N_("范本和承包商安全的各条都已在责任清单里。")


@transaction.atomic
def add_line(
    *, zone: CollaborationZone, topic: SheetTopic, matter: str, duty: str, lead: SheetSide, actor: Person,
    at: datetime, assists: Collection[SheetSide] = (), person: Person | None = None, due_on: date | None = None,
    cadence: str = "", mechanism: str = "",
) -> ResponsibilityLine:  # fmt: skip
    """Write one line: who leads, who assists, by when or how often.

    :raises LineIncomplete: matter or duty are empty
    :raises LineThere: the sheet has that matter under that topic
    """
    KEEP_SHEET.require(actor, zone, at=at)
    refuse_over(zone)
    line = ResponsibilityLine(
        zone=zone, topic=topic, matter=matter.strip(), duty=duty.strip(), lead=lead,
        assists=_in_order(assists, lead), person=person, due_on=due_on, cadence=cadence.strip(), mechanism=mechanism,
        added_on=local_day(at),
    )  # fmt: skip
    _save(line)
    LineChange.objects.create(
        line=line, kind=LineChangeKind.ADDED, after=_shown(line, CHANGEABLE), made_by=actor, made_at=at
    )
    _record(LINE_ADDED, line, actor, at, topic=line.topic, lead=line.lead)
    return line


@transaction.atomic
def draft_sheet(*, zone: CollaborationZone, actor: Person, at: datetime) -> list[ResponsibilityLine]:
    """Write what the sheet begins with and lacks: contractor safety (PC-06, PC-07), and the institutions of the playbook.

    :raises NothingToDraft: all of it is there
    """
    KEEP_SHEET.require(actor, zone, at=at)
    there = set(zone.responsibility_lines.filter(ended_on=None).values_list("topic", "matter"))
    linked = set(
        zone.responsibility_lines.filter(ended_on=None).exclude(mechanism="").values_list("mechanism", flat=True)
    )
    wanted = [
        draft
        for draft in (*FIXED, *institution_lines(zone, local_day(at)))
        if (draft.topic, _(draft.matter)) not in there and draft.mechanism not in linked
    ]
    if not wanted:
        raise NothingToDraft
    return [_write(draft, zone, actor, at) for draft in wanted]


@transaction.atomic
def change_line(*, line: ResponsibilityLine, actor: Person, at: datetime, **changes: Any) -> ResponsibilityLine:
    """Change a line; fields as in `CHANGEABLE`. What it said before is kept beside it.

    :raises LineIncomplete, LineThere: as for a new one
    :raises Stale: it was ended meanwhile
    """
    KEEP_SHEET.require(actor, line.zone, at=at)
    refuse_over(line.zone)
    lead = changes.get("lead", line.lead)
    changes["assists"] = _in_order(changes.get("assists", line.assists), lead)
    changed = [field for field in CHANGEABLE if field in changes and getattr(line, field) != changes[field]]
    if not changed:
        return line
    before = _shown(line, changed)
    # The row lock lets two who change at once see each other; on SQLite the transaction itself does.
    if not ResponsibilityLine.objects.select_for_update().filter(pk=line.pk, ended_on=None).values_list("pk").first():
        raise Stale
    for field in changed:
        setattr(line, field, changes[field])
    _save(line, changed)
    LineChange.objects.create(
        line=line, kind=LineChangeKind.CHANGED, before=before, after=_shown(line, changed), made_by=actor, made_at=at
    )
    for field in changed:
        _record(LINE_CHANGED, line, actor, at, topic=line.topic, field=field)
    return line


@transaction.atomic
def end_line(*, line: ResponsibilityLine, actor: Person, at: datetime) -> ResponsibilityLine:
    """Take a line off the sheet from today on; its history stays.

    :raises Stale: it was ended meanwhile
    """
    KEEP_SHEET.require(actor, line.zone, at=at)
    day = local_day(at)
    if not ResponsibilityLine.objects.filter(pk=line.pk, ended_on=None).update(ended_on=day):
        raise Stale
    line.ended_on = day
    LineChange.objects.create(line=line, kind=LineChangeKind.ENDED, made_by=actor, made_at=at)
    _record(LINE_ENDED, line, actor, at, topic=line.topic)
    return line


def _write(draft: DraftLine, zone: CollaborationZone, actor: Person, at: datetime) -> ResponsibilityLine:
    return add_line(
        zone=zone, topic=SheetTopic(draft.topic), matter=_(draft.matter), duty=_(draft.duty),
        lead=SheetSide(draft.lead), assists=[SheetSide(side) for side in draft.assists],
        cadence=_(draft.cadence) if draft.cadence else "", mechanism=draft.mechanism, actor=actor, at=at,
    )  # fmt: skip


def _save(line: ResponsibilityLine, fields: list[str] | None = None) -> None:
    if not line.matter.strip() or not line.duty.strip():
        raise LineIncomplete
    try:
        with transaction.atomic():
            line.save(update_fields=fields)
    except IntegrityError as error:
        raise LineThere(matter=line.matter) from error


def _in_order(assists: Collection[str], lead: str) -> list[str]:
    return [side.value for side in SheetSide if side in assists and side != lead]


def _shown(line: ResponsibilityLine, fields: Collection[str]) -> dict[str, Any]:
    """Return the values of `fields` as they are kept in the history: a person by id, a day as text."""
    kept: dict[str, Any] = {}
    for field in fields:
        value = line.person_id if field == "person" else getattr(line, field)
        kept[field] = f"{value}" if isinstance(value, date) else value
    return kept


def _record(kind: FactKind, line: ResponsibilityLine, actor: Person, at: datetime, **attributes: object) -> None:
    zone = line.zone
    body = zone.body_id or zone.sponsor_id
    record(Draft(kind, at, actor, body=body, zone=zone.pk, attributes=attributes, source=line))
