"""The part of `ronghe huddle` that starts what is planned, takes back a tick, adds pictures and says who holds it together."""

from __future__ import annotations

from pathlib import Path

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, opened_files, person_called
from ronghe.cli.huddle_changes import activity_row, activity_seen
from ronghe.cli.telling import IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _


@click.command("start", short_help=_("开始已安排的活动"))
@NUMBER
@JSON
def start(number: int, as_json: bool) -> None:
    """开始已安排的会议或活动 NUMBER，从这时起签到。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.services.activities import open_activity

    made = open_activity(activity=activity_seen(actor, number), actor=actor, at=now)
    tell(activity_row(made), _("已开始，可以签到。"), as_json=as_json)


@click.command("untick", short_help=_("撤回代为勾选"))
@NUMBER
@click.argument("who")
@JSON
def untick(number: int, who: str, as_json: bool) -> None:
    """撤回在活动 NUMBER 里勾错了的 WHO（姓名或员工号）；本人签到的不能撤。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import Person
    from ronghe.domain.rhythm.services.sign_in import withdraw_tick

    rows = activity_seen(actor, number).attendances.select_related("person")
    person = person_called(who, Person.objects.filter(pk__in=rows.order_by().values("person_id")))
    withdraw_tick(attendance=rows.get(person=person), actor=actor, at=now)
    tell({"person": person.name}, _("已撤回。"), as_json=as_json)


@click.command("photo", short_help=_("附照片"))
@NUMBER
@click.argument("files", nargs=-1, required=True, type=IN_FILE)
@JSON
def photo(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """给正在进行的活动 NUMBER 附照片或 PDF，可以几个。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.services.agenda import add_photo

    held = activity_seen(actor, number)
    with opened_files(files) as uploads:
        made = [add_photo(activity=held, upload=upload, actor=actor, at=now).pk for upload in uploads]
    tell({"photos": made}, _("照片已附上。"), as_json=as_json)


@click.command("host", short_help=_("与别的组织联办"))
@NUMBER
@click.argument("body")
@click.option("--as", "counts_as", help="在那边算作哪类活动，不写为同类")
@JSON
def host(number: int, body: str, counts_as: str | None, as_json: bool) -> None:
    """让 BODY（名称或编号）与主办组织联办活动 NUMBER，只记一次。"""
    actor, now = acting_now()
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.rhythm.enums import ActivityType
    from ronghe.domain.rhythm.services.hosts import HostAs, add_host

    held = activity_seen(actor, number)
    kind = counts_as or held.activity_type
    if kind not in ActivityType.values:
        raise click.BadParameter(kind)
    found = body_called(body, bodies_seen_by(actor, now))
    made = add_host(activity=held, host=HostAs(found, ActivityType(kind)), actor=actor, at=now)
    tell({"id": made.pk, "body": found.name}, _("与“%(body)s”联办，只记一次。") % {"body": found.name}, as_json=as_json)


@click.command("unhost", short_help=_("不再联办"))
@NUMBER
@click.argument("body")
@JSON
def unhost(number: int, body: str, as_json: bool) -> None:
    """让 BODY（名称或编号）不再联办活动 NUMBER，结束前都可以。"""
    actor, now = acting_now()
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.rhythm.services.hosts import withdraw_host

    rows = activity_seen(actor, number).hosts.select_related("body", "activity")
    found = body_called(body, PartyOrg.objects.filter(pk__in=rows.order_by().values("body_id")))
    withdraw_host(host=rows.get(body=found), actor=actor, at=now)
    tell({"body": found.name}, _("“%(body)s”不再联办。") % {"body": found.name}, as_json=as_json)


KEEPING = (start, untick, photo, host, unhost)
"""Commands that `ronghe huddle` takes in."""
