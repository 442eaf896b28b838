"""`ronghe zone`: what is kept up while a zone runs: contacts, posts, projects, shut-downs."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import person_called, row_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import PartyOrg, Person, PostHolding
    from ronghe.domain.zones.models import CollaborationZone, ShutDown

POSTS = (
    "secretary", "deputy_secretary", "org_member", "publicity_member", "discipline_member", "committee_member",
    "zone_lead", "project_manager", "hse_officer",
)  # fmt: skip

PARAMETERS = ("large_wan_yuan", "long_days", "several_projects", "branch_members", "safety_blocks_start")

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.DateTime(["%Y-%m-%d"])


@click.command("contact", short_help=_("定一方的联系人"))
@_number
@click.argument("party", type=int, metavar="PARTY")
@click.argument("who", metavar="PERSON", required=False)
@_json
def contact(number: int, party: int, who: str | None, as_json: bool) -> None:
    """定一家参建单位的联系人，写姓名或工号；不写就是不再有联系人。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.models import Person
    from ronghe.domain.zones.models import ParticipatingUnit
    from ronghe.domain.zones.selectors.zones import people_of
    from ronghe.domain.zones.services.parties import change_party

    now, zone = timezone.now(), zone_seen(actor, number)
    row = ParticipatingUnit.objects.select_related("zone", "unit").filter(zone=zone, pk=party).first()
    if row is None:
        raise NotFound
    people = people_of(zone, timezone.localdate(now)) | Person.objects.filter(unit=row.unit_id, valid_until=None)
    person = person_called(who, people.distinct()) if who else None
    changed = change_party(party=row, contact=person, actor=actor, at=now)
    name = changed.contact.name if changed.contact else ""
    said = _("%(unit)s的联系人：%(name)s。") if name else _("%(unit)s不再有联系人。")
    data = {"id": row.pk, "unit": row.unit.name, "contact": name or None}
    _tell(data, said % {"unit": row.unit.name, "name": name}, as_json=as_json)


@click.command("posts", short_help=_("协作区里的任职"))
@_number
@_json
def posts(number: int, as_json: bool) -> None:
    """列出共建党支部和联合项目部的任职。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.selectors.people import posts_in

    rows = [_post(row) for row in posts_in(zone_seen(actor, number), timezone.localdate())]
    _list(rows, lambda row: f"{row['id']:>6}  {row['title']}  {row['person']}  {row['since']}", as_json=as_json)


@click.command("appoint", short_help=_("在协作区任职"))
@_number
@click.argument("role", type=click.Choice(POSTS))
@click.argument("who", metavar="PERSON")
@_json
def appoint(number: int, role: str, who: str, as_json: bool) -> None:
    """让参加协作区的一个人从今天起任职，写姓名或工号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.enums import PostRole
    from ronghe.domain.zones.selectors.zones import people_of
    from ronghe.domain.zones.services.posts import appoint_in_zone

    now, zone = timezone.now(), zone_seen(actor, number)
    person = person_called(who, people_of(zone, timezone.localdate(now)))
    made = appoint_in_zone(zone=zone, person=person, role=PostRole(role), actor=actor, at=now)
    said = _("%(name)s任%(title)s。") % {"name": person.name, "title": made.get_role_display()}
    _tell(_post(made), said, as_json=as_json)


@click.command("relieve", short_help=_("免去协作区里的职务"))
@_number
@click.argument("post", type=int, metavar="POST")
@_json
def relieve(number: int, post: int, as_json: bool) -> None:
    """今天免去一个职务；编号见 zone posts。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.selectors.people import posts_in
    from ronghe.domain.zones.services.posts import relieve_in_zone

    now = timezone.now()
    found = posts_in(zone_seen(actor, number), timezone.localdate(now)).filter(pk=post).first()
    if found is None:
        raise NotFound
    left = relieve_in_zone(post=found, actor=actor, at=now)
    _tell(_post(left), _("已免职。"), as_json=as_json)


@click.command("projects", short_help=_("协作区的项目"))
@_number
@_json
def projects(number: int, as_json: bool) -> None:
    """列出协作区现在的项目。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.selectors.zones import projects_of

    found = projects_of(zone_seen(actor, number), timezone.localdate())
    rows = [{"id": row.pk, "project": row.project_id, "name": row.project.name} for row in found]
    _list(rows, lambda row: f"{row['project']:>6}  {row['name']}", as_json=as_json)


@click.command("add-project", short_help=_("项目加入协作区"))
@_number
@click.argument("project", type=int, metavar="PROJECT")
@_json
def add_project_(number: int, project: int, as_json: bool) -> None:
    """让一个项目从今天起加入；已经启动的协作区要先有它的意向书。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.projects.selectors import projects_seen_by
    from ronghe.domain.zones.services.parties import add_project

    now = timezone.now()
    found = projects_seen_by(actor, now).filter(pk=project).first()
    if found is None:
        raise NotFound
    row = add_project(zone=zone_seen(actor, number), project=found, actor=actor, at=now)
    data = {"id": row.pk, "project": found.pk, "name": found.name}
    _tell(data, _("“%(name)s”已加入。") % {"name": found.name}, as_json=as_json)


@click.command("remove-project", short_help=_("项目退出协作区"))
@_number
@click.argument("project", type=int, metavar="PROJECT")
@_json
def remove_project_(number: int, project: int, as_json: bool) -> None:
    """让一个项目今天退出，别的项目照常。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.selectors.zones import projects_of
    from ronghe.domain.zones.services.parties import remove_project

    now = timezone.now()
    found = projects_of(zone_seen(actor, number), timezone.localdate(now))
    row = next((one for one in found if one.project_id == project), None)
    if row is None:
        raise NotFound
    remove_project(row=row, actor=actor, at=now)
    data = {"id": row.pk, "project": project, "name": row.project.name}
    _tell(data, _("“%(name)s”已退出。") % {"name": row.project.name}, as_json=as_json)


@click.command("stops", short_help=_("列出停工"))
@_number
@_json
def stops(number: int, as_json: bool) -> None:
    """列出安排的停工，最近的在前。"""
    actor = acting_person()
    rows = [_stop(row) for row in zone_seen(actor, number).shut_downs.order_by("-from_on", "-pk")[:200]]
    _list(rows, lambda row: f"{row['id']:>6}  {row['from_on']} — {row['last_on']}  {row['reason']}", as_json=as_json)


@click.command("stop", short_help=_("安排停工"))
@_number
@click.argument("first", type=_day)
@click.argument("last", type=_day)
@click.option("--reason", required=True, help="为什么停工")
@_json
def stop(number: int, first: datetime, last: datetime, reason: str, as_json: bool) -> None:
    """安排从 FIRST 到 LAST（都算在内）停工，这几天不用碰头。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.shut_downs import plan_shut_down

    made = plan_shut_down(
        zone=zone_seen(actor, number), from_on=first.date(), until_on=last.date() + timedelta(days=1), reason=reason[:80],
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    said = _("第 %(number)s 段停工已安排：%(first)s 至 %(last)s。")
    told = {"number": made.pk, "first": made.from_on, "last": made.until_on - timedelta(days=1)}
    _tell(_stop(made), said % told, as_json=as_json)


@click.command("resume", short_help=_("提前复工"))
@_number
@click.argument("stop", type=int, metavar="STOP")
@click.argument("day", type=_day)
@_json
def resume(number: int, stop: int, day: datetime, as_json: bool) -> None:
    """从 DAY 起复工；编号见 zone stops。在开始之前的，这段停工就不算了。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.shut_downs import lift_shut_down

    found = zone_seen(actor, number).shut_downs.select_related("zone").filter(pk=stop).first()
    if found is None:
        raise NotFound
    lifted = lift_shut_down(shut_down=found, resume_on=day.date(), actor=actor, at=timezone.now())
    _tell(_stop(lifted), _("%(day)s起复工。") % {"day": lifted.until_on}, as_json=as_json)


@click.command("change", short_help=_("改名称、任务、地点"))
@_number
@click.option("--name", help="名称")
@click.option("--purpose", help="建设任务")
@click.option("--place", help="碰头地点")
@click.option("--pilot/--no-pilot", "is_pilot", default=None, help="是不是先作试点")
@_json
def change(number: int, as_json: bool, **said: Any) -> None:
    """改协作区 NUMBER 的名称、建设任务、碰头地点；没有写的不动。"""
    actor, now = acting_now()
    from ronghe.domain.zones.services.founding import change_zone

    changes = {name: value for name, value in said.items() if value is not None}
    made = change_zone(zone=zone_seen(actor, number), actor=actor, at=now, **changes)
    _tell({"id": made.pk, "name": made.name, "place": made.place}, _("已改。"), as_json=as_json)


@click.command("parameters", short_help=_("建区建议的参数"))
@click.argument("sponsor", type=int, metavar="BODY")
@_json
def parameters(sponsor: int, as_json: bool) -> None:
    """列出主管党组织 BODY 建区建议用的各个数。"""
    actor, _now = acting_now()
    from ronghe.domain.zones.enums import AdviceParameter
    from ronghe.domain.zones.selectors.advice import parameter_rows

    rows = [
        {"name": str(row.name), "title": str(AdviceParameter(row.name).label), "value": row.value}
        for row in parameter_rows(sponsor_called(actor, sponsor))
    ]
    _list(rows, lambda row: f"{row['value']:>8}  {row['title']}  {row['name']}", as_json=as_json)


@click.command("set-parameter", short_help=_("改建区建议的一个参数"))
@click.argument("sponsor", type=int, metavar="BODY")
@click.argument("name", type=click.Choice(PARAMETERS))
@click.argument("value", type=int)
@_json
def set_parameter_(sponsor: int, name: str, value: int, as_json: bool) -> None:
    """把主管党组织 BODY 建区建议的参数 NAME 改成 VALUE，以后的建议按新数。"""
    actor, now = acting_now()
    from ronghe.domain.zones.enums import AdviceParameter
    from ronghe.domain.zones.services.parameters import set_parameter

    body = sponsor_called(actor, sponsor)
    made = set_parameter(body=body, name=AdviceParameter(name), value=value, actor=actor, at=now)
    _tell({"name": made.name, "value": made.value}, _("已改，以后的建议按新数。"), as_json=as_json)


COMMANDS = (
    contact, posts, appoint, relieve, projects, add_project_, remove_project_, stops, stop, resume, change,
    parameters, set_parameter_,
)  # fmt: skip


def zone_seen(actor: Person, number: int) -> CollaborationZone:
    """Return the zone of this number that `actor` may see.

    :raises NotFound: there is none
    """
    from django.utils import timezone

    from ronghe.domain.zones.selectors import zones_seen_by

    return row_called(number, zones_seen_by(actor, timezone.now()))


def sponsor_called(actor: Person, number: int) -> PartyOrg:
    """Return the body of this number that may sponsor zones and that `actor` may see.

    :raises NotFound: there is none
    """
    from django.utils import timezone

    from ronghe.domain.org.enums import PARTY_KINDS, WORKING_KINDS
    from ronghe.domain.org.selectors.people import bodies_seen_by

    return row_called(number, bodies_seen_by(actor, timezone.now()).filter(kind__in=PARTY_KINDS - WORKING_KINDS))


def _post(row: PostHolding) -> dict[str, Any]:
    return {
        "id": row.pk, "role": row.role, "title": str(row.get_role_display()), "person": row.person.name,
        "since": _iso(row.valid_from), "until": _iso(row.valid_until),
    }  # fmt: skip


def _stop(row: ShutDown) -> dict[str, Any]:
    """The last day is the last one without work, as people say it."""
    return {
        "id": row.pk, "from_on": _iso(row.from_on), "last_on": _iso(row.until_on - timedelta(days=1)),
        "reason": row.reason,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _list(rows: list[dict[str, Any]], line: Any, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(line(row))
    click.echo(_("共 %(count)s 项。") % {"count": len(rows)})


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else said)
