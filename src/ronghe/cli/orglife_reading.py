"""`ronghe orglife`: sealed words opened for whoever may read them; somebody else's look is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.orglife_finding import print_json, seen_session
from ronghe.cli.telling import JSON, NUMBER
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.org.models import Person
    from ronghe.domain.orglife.models import SessionMember


@click.command("read", short_help=_("看一名党员加密的内容"))
@NUMBER
@click.argument("who", metavar="WHO")
@JSON
def read(number: int, who: str, as_json: bool) -> None:
    """看组织生活会 NUMBER 里 WHO 的对照检查、自评、意见和批评；看别人的，每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.reading import read_personal, read_statement

    row = _member_read(actor, number, who, now)
    statement, said = read_statement(member=row, actor=actor, at=now), read_personal(member=row, actor=actor, at=now)
    if as_json:
        print_json({
            "person": row.person.name, "statement": statement, "self_text": said.self_text,
            "opinions": [{"text": one.text, "by": one.by} for one in said.opinions],
            "criticisms": [{"text": one.text, "by": one.by} for one in said.criticisms], "comments": said.comments,
            "reasons": said.reasons, "objection": said.objection, "answer": said.answer,
        })  # fmt: skip
        return
    for text in (statement, said.self_text, said.reasons, said.objection, said.answer):
        if text:
            click.echo(text)
    for one in (*said.opinions, *said.criticisms):
        click.echo(f"{one.by or '—'}  {one.text}")
    for comment in said.comments:
        click.echo(comment)


@click.command("read-measure", short_help=_("看帮助教育、限期改正或处置"))
@NUMBER
@click.argument("who", metavar="WHO")
@JSON
def read_measure_(number: int, who: str, as_json: bool) -> None:
    """看组织生活会 NUMBER 以后给 WHO 定的帮助教育、限期改正或处置和理由；看别人的有记录。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.reading import read_measure

    found = read_measure(member=_member_read(actor, number, who, now), actor=actor, at=now)
    if found is None:
        print_json(None) if as_json else click.echo(_("没有。"))
        return
    measure, reasons = found
    said = {"kind": measure.kind, "reasons": reasons}
    print_json(said) if as_json else click.echo(f"{measure.get_kind_display()}  {reasons}")


@click.command("committee-opinions", short_help=_("看对支部委员会的意见"))
@NUMBER
@JSON
def committee_opinions(number: int, as_json: bool) -> None:
    """看组织生活会 NUMBER 里对支部委员会的意见；每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.orglife.services.reading import read_committee_opinions

    said = read_committee_opinions(session=seen_session(actor, number), actor=actor, at=now)
    if as_json:
        print_json([{"text": one.text, "by": one.by} for one in said])
        return
    for one in said:
        click.echo(f"{one.by or '—'}  {one.text}")


READING_COMMANDS = (read, read_measure_, committee_opinions)


def _member_read(actor: Person, number: int, who: str, now: datetime) -> SessionMember:
    from ronghe.cli.finding import person_called
    from ronghe.domain.org.models import Person as Row
    from ronghe.domain.orglife.selectors.reading import members_read_by

    rows = members_read_by(actor, now).filter(session=seen_session(actor, number))
    person = person_called(who, Row.objects.filter(pk__in=rows.order_by().values("person_id")))
    found: SessionMember = rows.get(person=person)
    return found
