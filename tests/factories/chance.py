"""Worlds made by chance: trees that were moved, people who came and left, posts that ended, rows of any model.

Rows are written past the services on purpose: rules and lists must agree on whatever the tables can hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from django.db import IntegrityError, models, transaction

from ronghe.domain.org.enums import HOME_KINDS, MembershipKind, PartyOrgKind, PostRole, PostSource, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.kernel.db import tree
from tests.factories.org import LONG_AGO, make_account, make_person

MOVED_ON = date(2026, 6, 1)
BEFORE, AFTER = (datetime(2026, month, 15, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")) for month in (5, 7))
_numbers = count(1)


@dataclass
class World:
    """What chance made. Everything can be asked on `BEFORE` and on `AFTER`; some of it changed on `MOVED_ON`."""

    chance: Random
    units: list[AdminUnit]
    bodies: list[PartyOrg]
    people: list[Person]

    def person(self) -> Person:
        """Return one of the people as a new request would see them."""
        return Person.objects.select_related("account").get(pk=self.chance.choice(self.people).pk)


def make_world(seed: int, *, bodies: int = 7, units: int = 6, people: int = 9) -> World:
    chance = Random(seed)
    world = World(chance, [], [], [])
    for _ in range(units):
        world.units.append(_grown(AdminUnit, world.units, chance, kind=chance.choice(UnitKind.values)))
    for _ in range(bodies):
        unit = chance.choice([None, *world.units])
        world.bodies.append(_grown(PartyOrg, world.bodies, chance, kind=chance.choice(PartyOrgKind.values), unit=unit))
    for nodes in (world.units, world.bodies):
        _move_one(nodes, chance)
    for _ in range(people):
        _settle(make_person(unit=chance.choice([None, *world.units])), world)
    make_account(world.people[0], administrator=chance.choice(["system_admin", "security_admin", "audit_admin"]))
    return world


def _grown(model, nodes, chance, **fields):
    parent = chance.choice([None, *nodes])
    node = model.objects.create(name=f"{model.__name__}{next(_numbers)}", parent=parent, valid_from=LONG_AGO, **fields)
    tree.link_new(node, parent=parent, since=LONG_AGO)
    return node


def _move_one(nodes, chance) -> None:
    node, parent = chance.sample(nodes, 2)
    try:
        with transaction.atomic():
            tree.move(node, parent=parent, since=MOVED_ON)
    except tree.InsideItself:
        pass


def _settle(person: Person, world: World) -> None:
    """Give a person memberships and posts, some of which ended or began on `MOVED_ON`."""
    chance = world.chance
    homes = [body for body in world.bodies if body.kind in HOME_KINDS]
    if homes and chance.random() < 0.8:
        _belong(person, chance.choice(homes), MembershipKind.HOME, chance)
    for body in chance.sample(world.bodies, chance.randint(0, 2)):
        _belong(person, body, MembershipKind.PARTICIPATION, chance)
    for _ in range(chance.randint(0, 2)):
        since, until = _dates(chance)
        place = {"body": chance.choice(world.bodies)} if chance.random() < 0.6 else {"unit": chance.choice(world.units)}
        PostHolding.objects.create(
            person=person, role=chance.choice(PostRole.values), source=PostSource.APPOINTED, valid_from=since,
            valid_until=until, **place,
        )  # fmt: skip
    world.people.append(person)


def _belong(person: Person, body: PartyOrg, kind: MembershipKind, chance: Random) -> None:
    since, until = _dates(chance)
    Membership.objects.create(person=person, body=body, kind=kind, valid_from=since, valid_until=until)


def _dates(chance: Random) -> tuple[date, date | None]:
    return chance.choice([(LONG_AGO, None), (LONG_AGO, None), (LONG_AGO, MOVED_ON), (MOVED_ON, None)])


def make_row(model: type[models.Model], world: World, *, depth: int = 0):
    """Write one row of any model with values by chance, or return `None` where no try satisfied its constraints.

    The last tries fill in only what must be there: columns that go together are rarely empty together by chance.
    """
    for number in range(40):
        values = _values(model, world, depth, is_bare=number >= 30)
        row = model(**{field.name: value for field, value in values if field is not None})
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except (IntegrityError, ValueError):
            continue
        return row
    return None


def _values(model, world, depth, *, is_bare):
    for field in model._meta.concrete_fields:
        if is_bare and field.null:
            yield field, None
        elif not field.auto_created and not (field.primary_key and isinstance(field, models.AutoField)):
            yield field, _value(field, world, depth)


def _value(field, world, depth):
    chance = world.chance
    if field.null and chance.random() < 0.3:
        return None
    if isinstance(field, models.ForeignKey):
        known = {AdminUnit: world.units, PartyOrg: world.bodies, Person: world.people}.get(field.related_model)
        if known is not None:
            return chance.choice(known)
        if field.null:
            # What need not be there is one that is there already: made anew, rows would multiply without end.
            return chance.choice([None, *field.related_model._default_manager.order_by("pk")[:9]])
        return None if depth > 2 else make_row(field.related_model, world, depth=depth + 1)
    if field.choices:
        return chance.choice([value for value, _label in field.flatchoices])
    if isinstance(field, models.DateTimeField):
        return chance.choice([BEFORE, AFTER]) + timedelta(minutes=chance.randint(-99, 99))
    if isinstance(field, models.DateField):
        return MOVED_ON + timedelta(days=chance.randint(-30, 30))
    if isinstance(field, models.TimeField):
        return time(chance.randint(0, 23), 0)
    if isinstance(field, models.BooleanField):
        return chance.random() < 0.5
    if isinstance(field, models.DecimalField):
        return Decimal(chance.randint(0, 9))
    if isinstance(field, models.IntegerField):
        return chance.randint(0, 9)
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.JSONField):
        return {}
    return f"{next(_numbers)}"[-(field.max_length or 40) :]
