"""Units move, are renamed and closed, as dated acts of the committee's office."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from ronghe.domain.org.facts import UNIT_MOVED
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding, StationMode
from ronghe.domain.org.rules import CHANGE_UNITS
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_post
from ronghe.domain.structure.facts import UNIT_CLOSED, UNIT_RENAMED
from ronghe.domain.structure.services.checking import Incomplete, SameAsBefore
from ronghe.domain.structure.services.identities import call, refusing_taken
from ronghe.kernel.db import tree
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _, counted, listed


class NotYet(DomainError):
    code = "unit_not_yet"
    sentence = N_("%(day)s 还没有到，单位的调整请在当天或以后办理。")
    status = 422


class UnitEnded(DomainError):
    code = "unit_ended"
    sentence = N_("“%(unit)s”已在 %(day)s 撤销，不能再调整。")


class UnitBegunLater(DomainError):
    code = "unit_begun_later"
    sentence = N_("“%(unit)s”%(day)s 才设立，日期不能早于那天。请改日期。")


class UnitNotEmpty(DomainError):
    code = "unit_not_empty"
    sentence = N_("“%(unit)s”里还有：%(left)s。请先调整到别处，再撤销。")


@transaction.atomic
def move_unit(*, unit: AdminUnit, parent: AdminUnit, since: date, actor: Person, at: datetime) -> AdminUnit:
    """Hang a unit below another one from the day `since`; the past stays as it was.

    :raises InsideItself: the new place stands below the unit
    :raises ChangedLater: something here was changed after that day
    """
    CHANGE_UNITS.require(actor, unit, at=at)
    CHANGE_UNITS.require(actor, parent, at=at)
    _refuse_wrong_day(unit, since, at)
    if unit.parent_id == parent.pk:
        raise SameAsBefore(body=unit.name)
    with refusing_taken(parent, unit.name):
        tree.move(unit, parent=parent, since=since)
    record(Draft(UNIT_MOVED, at, actor, unit=unit.pk, source=unit))
    return unit


@transaction.atomic
def rename_unit(*, unit: AdminUnit, name: str, since: date, actor: Person, at: datetime) -> AdminUnit:
    """Call a unit otherwise from the day `since`."""
    CHANGE_UNITS.require(actor, unit, at=at)
    _refuse_wrong_day(unit, since, at)
    if not name.strip():
        raise Incomplete(missing=_("新名称"))
    if name.strip() == unit.name:
        raise SameAsBefore(body=unit.name)
    call(unit, place="unit", name=name.strip(), kind=unit.kind, since=since)
    record(Draft(UNIT_RENAMED, at, actor, unit=unit.pk, source=unit))
    return unit


@transaction.atomic
def close_unit(*, unit: AdminUnit, until: date, actor: Person, at: datetime) -> AdminUnit:
    """Close a unit on the day `until` (not included); posts in it end with it.

    :raises UnitNotEmpty: people, units, Party bodies or the stations of its region are left in it
    """
    CHANGE_UNITS.require(actor, unit, at=at)
    _refuse_wrong_day(unit, until, at)
    left = what_is_left(unit)
    if left:
        raise UnitNotEmpty(unit=unit.name, left=listed(left))
    for post in PostHolding.objects.filter(unit=unit, valid_until=None).select_related("person", "unit").order_by("pk"):
        leave_post(post=post, until=until, actor=None, at=at)
    for mode in StationMode.objects.filter(station=unit, valid_until=None):
        if mode.valid_from >= until:
            mode.delete()
        else:
            mode.valid_until = until
            mode.save(update_fields=["valid_until"])
    tree.close(unit, until=until)
    record(Draft(UNIT_CLOSED, at, actor, unit=unit.pk, source=unit))
    return unit


def what_is_left(unit: AdminUnit) -> list[str]:
    """Return in words what keeps a unit from being closed."""
    people = Person.objects.filter(Q(valid_until=None), unit=unit).count()
    below = list(AdminUnit.objects.filter(parent=unit, valid_until=None).order_by("name", "pk"))
    bodies = list(PartyOrg.objects.filter(unit=unit, valid_until=None).order_by("name", "pk"))
    region = StationMode.objects.filter(hub=unit, valid_until=None).select_related("station")
    stations = [mode.station for mode in region.order_by("station__name", "pk")]
    found = [counted("%(count)s 人", people) % {"count": people}] if people else []
    for word, rows in (
        (N_("下级单位%(names)s"), below),
        (N_("党组织%(names)s"), bodies),
        (N_("所辖站场%(names)s"), stations),
    ):
        if rows:
            found.append(_(word) % {"names": listed(f"“{row.name}”" for row in rows)})
    return found


def _refuse_wrong_day(unit: AdminUnit, day: date, at: datetime) -> None:
    if unit.valid_until is not None:
        raise UnitEnded(unit=unit.name, day=unit.valid_until)
    if day > local_day(at):
        raise NotYet(day=day)
    if day < unit.valid_from:
        raise UnitBegunLater(unit=unit.name, day=unit.valid_from)
