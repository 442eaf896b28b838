"""`ronghe person`: several people into a branch at once, tried first; a correction's values in clear; a broad name out."""

from __future__ import annotations

from datetime import datetime

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _


@click.command("place", short_help=_("成批编入"))
@click.argument("body", metavar="BODY")
@click.argument("people", metavar="WHO...", nargs=-1, required=True)
@click.option("--group", default=None, help="编入这个党小组")
@click.option("--since", type=DAY, default=None, help="从哪天起，不写为今天")
@click.option("--dry-run", is_flag=True, help="只看会怎样，不写入")
@JSON
def place(
    body: str, people: tuple[str, ...], group: str | None, since: datetime | None, dry_run: bool, as_json: bool
) -> None:
    """把 WHO（姓名或员工号，可写多个）编入党支部 BODY；要么都编入，要么都不编。"""
    actor, now = acting_now()
    from ronghe.domain.members.services.placing import place_together, preview_placing
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by

    found = body_called(body, bodies_seen_by(actor, now))
    rows = PartyOrg.objects.filter(parent=found, valid_until=None)
    small = body_called(group, rows) if group else None
    seen, day = people_seen_by(actor, now).filter(valid_until=None), since.date() if since else local_day(now)
    chosen = [person_called(who, seen) for who in people]
    if dry_run:
        lines = preview_placing(people=chosen, body=found, group=small, since=day, actor=actor, at=now)
        told = [{"person": line.person.name, "way": line.way.value, "why": line.why} for line in lines]
        words = [f"{line.person.name}  {line.way.value}  {line.why}" for line in lines]
        tell(told, "\n".join(words), as_json=as_json)
        return
    made = place_together(people=chosen, body=found, group=small, since=day, actor=actor, at=now)
    said = _("已编入，这一批的编号 %(number)s。") % {"number": made.pk}
    tell({"id": made.pk, "body": found.name, "count": len(chosen)}, said, as_json=as_json)


@click.command("unplace", short_help=_("整批撤销编入"))
@NUMBER
def unplace(number: int) -> None:
    """撤销 NUMBER 这一批编入，各人回到原处。"""
    actor, now = acting_now()
    from ronghe.domain.members.models import Placement
    from ronghe.domain.members.services.placing import undo_placing
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.rules import ENROL

    bodies = ENROL.narrow(actor, PartyOrg.objects.all(), at=now).order_by().values("pk")
    rows = Placement.objects.filter(body_id__in=bodies).select_related("body", "group")
    undo_placing(placement=row_called(number, rows), actor=actor, at=now)
    click.echo(_("已整批撤销。"))


@click.command("open", short_help=_("看申请里的原值和新值"))
@NUMBER
@JSON
def open_(number: int, as_json: bool) -> None:
    """看更正申请 NUMBER 的原值和新值；身份证号、电话每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.members.selectors.corrections import corrections_seen_by
    from ronghe.domain.members.services.corrections import open_correction

    found = row_called(number, corrections_seen_by(actor, now))
    old, new = open_correction(correction=found, actor=actor, at=now)
    tell({"old": old, "new": new}, f"{old or '—'} → {new or '—'}", as_json=as_json)


@click.command("drop", short_help=_("去掉一条对照"))
@click.argument("unit", type=int, metavar="UNIT")
@click.argument("kind", type=click.Choice(["post", "trade"]))
@click.argument("old")
def drop(unit: int, kind: str, old: str) -> None:
    """去掉单位 UNIT（编号）自己记的一条：原岗位（post）或原工种（trade）OLD；之后按上级的。"""
    actor, now = acting_now()
    from ronghe.domain.members.models import BroadName
    from ronghe.domain.members.services.broad_names import drop_broad_name
    from ronghe.domain.org.selectors.people import units_seen_by

    rows = BroadName.objects.filter(unit=row_called(unit, units_seen_by(actor, now)), kind=kind, old=old)
    row = rows.select_related("unit").first()
    if row is None:
        raise NotFound
    drop_broad_name(row=row, actor=actor, at=now)
    click.echo(_("已去掉。"))


@click.command("identity", short_help=_("看证件号和电话，留记录"))
@click.argument("who", metavar="WHO")
@JSON
def identity(who: str, as_json: bool) -> None:
    """看 WHO（姓名或员工号）的证件号和电话；每看一次都有记录（PI-01）。"""
    actor, now = acting_now()
    from ronghe.domain.org.selectors.people import people_seen_by
    from ronghe.domain.org.services.looks import open_identity

    found = person_called(who, people_seen_by(actor, now).filter(valid_until=None))
    said = open_identity(person=found, actor=actor, at=now)
    tell(said, f"{said['id_number'] or '—'}  {said['phone'] or '—'}", as_json=as_json)
