"""What a command about call-ups is asked for, found; and what it prints."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.kernel.errors import NotFound

if TYPE_CHECKING:
    from ronghe.domain.carriers.models import CallNeed, CallPerson, CallUp, Carrier, Shift, ShiftPerson
    from ronghe.domain.org.models import Person


def seen_call(actor: Person, number: int, now: datetime) -> CallUp:
    from ronghe.cli.finding import row_called
    from ronghe.domain.carriers.selectors.calls import calls_seen_by

    return row_called(number, calls_seen_by(actor, now))


def seen_team(actor: Person, number: int, now: datetime) -> Carrier:
    from ronghe.cli.finding import row_called
    from ronghe.domain.carriers.selectors.carriers import carriers_seen_by

    return row_called(number, carriers_seen_by(actor, now))


def place_of(found: CallUp, who: str, actor: Person) -> CallPerson:
    """Return somebody's place on the roster, the actor's own where nobody is named."""
    from ronghe.cli.finding import person_called
    from ronghe.domain.carriers.models import CallPerson
    from ronghe.domain.org.models import Person

    called = Person.objects.filter(call_parts__call=found)
    person = person_called(who, called) if who else actor
    row = CallPerson.objects.select_related("call", "team__carrier", "person").filter(call=found, person=person).first()
    if row is None:
        raise NotFound
    return row


def need_of(actor: Person, number: int, need: int, now: datetime) -> CallNeed:
    from ronghe.cli.finding import row_called

    return row_called(need, seen_call(actor, number, now).needs.select_related("call__body"))


def shift_of(actor: Person, number: int, shift: int, now: datetime) -> Shift:
    from ronghe.cli.finding import row_called

    return row_called(shift, seen_call(actor, number, now).shifts.select_related("call"))


def part_of(shift: Shift, row: CallPerson) -> ShiftPerson:
    found = shift.people.select_related("shift__call", "row__person", "row__team__carrier").filter(row=row).first()
    if found is None:
        raise NotFound
    return found


def fen_of(yuan: str) -> int | None:
    if not yuan:
        return None
    try:
        return int(Decimal(yuan) * 100)
    except (InvalidOperation, ValueError) as error:
        raise click.BadParameter(yuan) from error


def row_of(found: CallUp) -> dict[str, Any]:
    return {
        "id": found.pk, "occasion": found.occasion, "place": found.place, "state": found.state,
        "commander": found.commander.name, "rally_at": found.rally_at,
    }  # fmt: skip


def whole_of(found: CallUp, now: datetime) -> dict[str, Any]:
    from ronghe.domain.carriers.selectors.calls import view_of

    view = view_of(found, now)
    hours = {row.pk: held for row, held in view.hours}
    return {
        **row_of(found), "called": view.counts.called, "arrived": view.counts.arrived,
        "roster": [
            {"id": row.pk, "name": row.person.name, "answer": row.answer, "reason": row.reason,
             "hours": hours.get(row.pk, Decimal(0))}
            for row in view.roster
        ],
        "shifts": [
            {"id": shift.pk, "number": shift.number, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
             "people": [one.part.row.person.name for one in people], "is_closed": shift.is_closed}
            for shift, people in view.shifts
        ],
        "log": [{"id": line.pk, "happened_at": line.happened_at, "text": line.text} for line in view.log],
        "needs": [{"id": need.pk, "what": need.what, "state": need.state, "how": need.how} for need in view.needs],
    }  # fmt: skip
