"""What the commands of `ronghe orglife` share: a session, a place in it, and how results are said."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.finding import person_called
from ronghe.kernel.errors import NotFound

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.orglife.models import LifeSession, SessionMember

GRADES = click.Choice(["excellent", "qualified", "basic", "unqualified"])
number_argument = click.argument("number", type=int, metavar="NUMBER")
json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


def seen_session(actor: Person, number: int) -> LifeSession:
    from django.utils import timezone

    from ronghe.domain.orglife.selectors.sessions import sessions_seen_by

    found = sessions_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def own_member(actor: Person, number: int) -> SessionMember:
    from ronghe.domain.orglife.selectors.members import member_of

    found = member_of(seen_session(actor, number), actor)
    if found is None:
        raise NotFound
    return found


def member_called(session: LifeSession, who: str) -> SessionMember:
    from ronghe.domain.org.models import Person

    here = Person.objects.filter(pk__in=session.members.values("person_id"))
    person = person_called(who, here)
    return session.members.select_related("session__body", "person").get(person=person)


def session_data(row: LifeSession) -> dict[str, Any]:
    return {"id": row.pk, "body": row.body.name, "year": row.year, "state": row.state, "theme": row.theme}


def tell(row: LifeSession, said: str, *, as_json: bool) -> None:
    print_json(session_data(row)) if as_json else click.echo(said)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
