"""`ronghe contact enrol`: people onto the list of a union or a league body."""

from __future__ import annotations

from datetime import datetime

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called
from ronghe.cli.telling import DAY, JSON, tell
from ronghe.kernel.words import _


@click.command("enrol", short_help=_("把人编入工会或团组织"))
@click.argument("body", metavar="BODY")
@click.argument("people", metavar="[WHO]...", nargs=-1)
@click.option("--since", type=DAY, default=None, help="从哪天起，不写为今天")
@JSON
def enrol(body: str, people: tuple[str, ...], since: datetime | None, as_json: bool) -> None:
    """把 WHO（姓名或员工号，可写多个）编入工会或团组织 BODY；不写人就列出还没编入的人。"""
    actor, now = acting_now()
    from ronghe.domain.contacts.selectors import candidates_for, mass_bodies
    from ronghe.domain.contacts.services.mass import enrol_in_mass
    from ronghe.domain.org.rules import ENROL
    from ronghe.domain.org.rules.reaches import local_day

    found = body_called(body, mass_bodies(actor, now))
    ENROL.require(actor, found, at=now)
    offered = candidates_for(found, local_day(now))
    if not people:
        names = [{"staff_number": person.staff_number, "name": person.name} for person in offered]
        tell(names, "\n".join(f"{row['staff_number'] or '—':>12}  {row['name']}" for row in names), as_json=as_json)
        return
    chosen = [person_called(who, offered) for who in people]
    day = since.date() if since else local_day(now)
    rows = enrol_in_mass(body=found, people=chosen, since=day, actor=actor, at=now)
    tell({"body": found.name, "enrolled": len(rows)}, _("编入 %(count)s 人。") % {"count": len(rows)}, as_json=as_json)
