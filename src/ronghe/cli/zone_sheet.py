"""The part of `ronghe zone` that is about the responsibility sheet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.cli.zone_keeping import zone_seen
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.zones.models import CollaborationZone, ResponsibilityLine

TOPICS = ("safety", "quality", "progress", "party")
SIDES = ("territory", "builder", "supervision", "management")


@click.command("sheet", short_help=_("责任清单"))
@NUMBER
@click.option("--side", default="", help="从哪一方看：territory、builder、supervision、management")
@click.option("--draft", is_flag=True, help="先按范本补齐")
@JSON
def sheet(number: int, side: str, draft: bool, as_json: bool) -> None:
    """列出协作区 NUMBER 的责任清单。"""
    actor, now = acting_now()
    from ronghe.domain.zones.selectors.sheet import lines_seen_by
    from ronghe.domain.zones.services.sheet import draft_sheet

    found = zone_seen(actor, number)
    if draft:
        draft_sheet(zone=found, actor=actor, at=now)
    lines = lines_seen_by(actor, found, now, side)
    said = [
        f"{line.pk:>6}  {line.get_topic_display()}  {line.matter}  {line.get_lead_display()}  {line.cadence}"
        for line in lines
    ]
    said.append(_("共 %(count)s 条。") % {"count": len(lines)})
    tell([_line(line) for line in lines], "\n".join(said), as_json=as_json)


@click.command("add-line", short_help=_("责任清单写一条"))
@NUMBER
@click.argument("topic", type=click.Choice(TOPICS))
@click.argument("matter")
@click.option("--duty", required=True, help="做到什么")
@click.option("--lead", type=click.Choice(SIDES), required=True, help="哪一方主责")
@click.option("--assist", "assists", type=click.Choice(SIDES), multiple=True, help="哪一方配合，可写几个")
@click.option("--person", "who", help="责任人：姓名或员工号")
@click.option("--due", type=DAY, help="期限")
@click.option("--cadence", default="", help="多久一次")
@JSON
def add_line_(
    number: int, topic: str, matter: str, duty: str, lead: str, assists: tuple[str, ...], who: str | None,
    due: datetime | None, cadence: str, as_json: bool,
) -> None:  # fmt: skip
    """给协作区 NUMBER 的责任清单写一条 MATTER。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.zones.enums import SheetSide, SheetTopic
    from ronghe.domain.zones.selectors import people_of
    from ronghe.domain.zones.services.sheet import add_line

    found = zone_seen(actor, number)
    made = add_line(
        zone=found, topic=SheetTopic(topic), matter=matter, duty=duty, lead=SheetSide(lead),
        assists=[SheetSide(side) for side in assists], due_on=due.date() if due else None, cadence=cadence,
        person=person_called(who, people_of(found, timezone.localdate(now))) if who else None, actor=actor, at=now,
    )  # fmt: skip
    tell(_line(made), _("已写入。"), as_json=as_json)


@click.command("end-line", short_help=_("责任清单停用一条"))
@NUMBER
@click.argument("line", type=int, metavar="LINE")
@JSON
def end_line_(number: int, line: int, as_json: bool) -> None:
    """今天起停用责任清单的第 LINE 条，以前的留在记录里。"""
    actor, now = acting_now()
    from ronghe.domain.zones.services.sheet import end_line

    made = end_line(line=_line_of(zone_seen(actor, number), line), actor=actor, at=now)
    tell(_line(made), _("已停用。"), as_json=as_json)


@click.command("assign", short_help=_("责任清单定责任人"))
@NUMBER
@click.argument("line", type=int, metavar="LINE")
@click.argument("who")
@JSON
def assign(number: int, line: int, who: str, as_json: bool) -> None:
    """让 WHO（姓名或员工号）负责责任清单的第 LINE 条。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.zones.selectors import people_of
    from ronghe.domain.zones.services.sheet import change_line

    found = zone_seen(actor, number)
    person = person_called(who, people_of(found, timezone.localdate(now)))
    changed = change_line(line=_line_of(found, line), person=person, actor=actor, at=now)
    tell(_line(changed), _("已定。"), as_json=as_json)


def _line_of(zone: CollaborationZone, line: int) -> ResponsibilityLine:
    rows = zone.responsibility_lines.select_related("zone__sponsor", "zone__body", "person")
    return row_called(line, rows.filter(ended_on=None))


def _line(found: ResponsibilityLine) -> dict[str, Any]:
    return {
        "id": found.pk, "topic": found.topic, "matter": found.matter, "duty": found.duty, "lead": found.lead,
        "assists": found.assists, "person": found.person.name if found.person else None,
        "due_on": f"{found.due_on}" if found.due_on else None, "cadence": found.cadence,
    }  # fmt: skip


SHEET = (sheet, add_line_, end_line_, assign)
"""Commands that `ronghe zone` takes in."""
