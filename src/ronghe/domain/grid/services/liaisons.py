"""Naming a Party member for every employee: a proposal as a whole, or one pair by hand. Changes are dated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.grid.facts import MEMBER_NAMED, MEMBER_RELEASED
from ronghe.domain.grid.models import GridLiaison
from ronghe.domain.grid.rules import NAME_MEMBERS
from ronghe.domain.grid.selectors.liaisons import BodyNaming, naming_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record_many
from ronghe.kernel.words import N_, _


class NamingChanged(DomainError):
    code = "naming_changed"
    sentence = N_("编排之后人员有变动，和您看到的不一样了。请看过新的编排再确认。")


class NothingToName(DomainError):
    code = "nothing_to_name"
    sentence = N_("“%(body)s”的职工都有联系党员，或没有党员可编排，没有改动。")


class NotInThisPart(DomainError):
    code = "not_in_this_part"
    sentence = N_("%(name)s不是“%(body)s”网格里的%(who)s，请到所在支部编排。")


class MemberHasEnough(DomainError):
    code = "member_has_enough"
    sentence = N_("%(name)s已联系 %(most)s 名职工，达到上限。请换一名党员，或先调整上限。")


@transaction.atomic
def accept_naming(*, body: PartyOrg, digest: str, actor: Person, at: datetime) -> BodyNaming:
    """Write the proposal that was shown, as a whole, from today on.

    :raises NamingChanged: people came, left or were named since, so that it would be another proposal (`digest`)
    :raises NothingToName: it names nobody anew
    """
    NAME_MEMBERS.require(actor, body, at=at)
    day = local_day(at)
    proposed = naming_of(body, day)
    if proposed.naming.digest != digest:
        raise NamingChanged
    if not proposed.naming.new:
        raise NothingToName(body=body.name)
    _write(body, proposed.naming.new, day, actor, at)
    return proposed


@transaction.atomic
def name_member(*, employee: Person, member: Person, body: PartyOrg, actor: Person, at: datetime) -> GridLiaison:
    """Name one member for one employee of the body's part of the grid, from today on.

    :raises NotInThisPart: one of the two is not there
    :raises MemberHasEnough: the member has as many employees as one may have
    """
    NAME_MEMBERS.require(actor, body, at=at)
    day = local_day(at)
    part = naming_of(body, day)
    if employee.pk not in part.employees:
        raise NotInThisPart(name=employee.name, body=body.name, who=_("职工"))
    if member.pk not in part.members:
        raise NotInThisPart(name=member.name, body=body.name, who=_("党员"))
    if part.named.get(employee.pk) == member.pk:
        return GridLiaison.objects.filter(on_day(day)).get(employee=employee)
    if sum(named == member.pk for named in part.named.values()) >= part.most:
        raise MemberHasEnough(name=member.name, most=part.most)
    _write(body, {employee.pk: member.pk}, day, actor, at)
    return GridLiaison.objects.get(employee=employee, valid_until=None)


def _write(body: PartyOrg, pairs: Mapping[int, int], day: date, actor: Person, at: datetime) -> None:
    """End what these employees had, begin the new; a pair that began the same day is written over.

    Of two who name for the same employee at once, the unique constraint lets one through.
    """
    open_rows = GridLiaison.objects.filter(employee__in=pairs, valid_until=None).select_related("employee")
    ended = [row for row in open_rows.order_by("pk") if row.valid_from < day]
    open_rows.filter(valid_from__gte=day).delete()
    GridLiaison.objects.filter(pk__in=[row.pk for row in ended], valid_until=None).update(valid_until=day)
    people = Person.objects.in_bulk(list(pairs))
    try:
        with transaction.atomic():
            begun = GridLiaison.objects.bulk_create(
                GridLiaison(employee=people[employee], member_id=member, body=body, valid_from=day)
                for employee, member in sorted(pairs.items())
            )
    except IntegrityError as error:
        raise NamingChanged from error
    record_many(
        [
            *(Draft(MEMBER_RELEASED, at, actor, about=row.employee, body=row.body_id, attributes={"until": day},
                    source=row) for row in ended),
            *(Draft(MEMBER_NAMED, at, actor, about=row.employee, body=body.pk, attributes={"since": day}, source=row)
              for row in begun),
        ]
    )  # fmt: skip
