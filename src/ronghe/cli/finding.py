"""What people type on the command line, found: a person by staff number or name, a body by number or name, a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from ronghe.domain.org.models import PartyOrg, Person
    from ronghe.domain.work.services.files import Upload

Row = TypeVar("Row", bound="Model")


class NobodyCalled(DomainError):
    code = "nobody_called"
    sentence = N_("没有找到“%(who)s”。请写员工号，或应到名单里的姓名。")
    status = 404


class SeveralCalled(DomainError):
    code = "several_called"
    sentence = N_("叫“%(who)s”的不止一人，请改写员工号。")


class NoSuchBody(DomainError):
    code = "no_such_body"
    sentence = N_("没有找到党组织“%(name)s”，或者您不能查看。")
    status = 404


class SeveralBodies(DomainError):
    code = "several_bodies"
    sentence = N_("叫“%(name)s”的党组织不止一个，请改写编号。")


class MomentUnreadable(DomainError):
    code = "moment_unreadable"
    sentence = N_("看不懂时间“%(text)s”。请写成 2026-09-14 17:00。")
    status = 422


def row_called(number: int, rows: QuerySet[Row]) -> Row:
    """Return the one of `rows` with this number.

    :raises NotFound: there is none, or the actor may not see it
    """
    found: Row | None = rows.filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def person_called(who: str, people: QuerySet[Person]) -> Person:
    """Return the one of `people` with this staff number, else the only one of this name.

    :raises NobodyCalled: there is none
    :raises SeveralCalled: the name is not enough
    """
    by_number = people.filter(staff_number=who).first()
    if by_number is not None:
        return by_number
    named = list(people.filter(name=who)[:2])
    if not named:
        raise NobodyCalled(who=who)
    if len(named) > 1:
        raise SeveralCalled(who=who)
    return named[0]


def body_called(name: str, bodies: QuerySet[PartyOrg]) -> PartyOrg:
    """Return the one of `bodies` with this number, else the only one of this name.

    :raises NoSuchBody: there is none
    :raises SeveralBodies: the name is not enough
    """
    if name.isascii() and name.isdigit():
        found = bodies.filter(pk=int(name)).first()
        if found is not None:
            return found
    named = list(bodies.filter(name=name)[:2])
    if not named:
        raise NoSuchBody(name=name)
    if len(named) > 1:
        raise SeveralBodies(name=name)
    return named[0]


def moment_said(text: str) -> datetime:
    """Return the moment; without a zone it is Shanghai's.

    :raises MomentUnreadable: it is none
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise MomentUnreadable(text=text) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


@contextmanager
def opened_files(paths: Sequence[Path]) -> Iterator[list[Upload]]:
    """Open the files at `paths` as uploads, for as long as the act takes."""
    from ronghe.domain.work.services.files import Upload

    with ExitStack() as opened:
        yield [Upload(path.name, opened.enter_context(path.open("rb"))) for path in paths]
