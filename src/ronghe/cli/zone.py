"""`ronghe zone`: collaboration zones from the proposal to the archive."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.zone_keeping import COMMANDS, sponsor_called, zone_seen
from ronghe.cli.zone_sheet import SHEET
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit

EPILOG = """\b
举例：
  ronghe --as dangqun zone list --state running
  ronghe --as dangqun zone advise 12 --project 3
  ronghe --as dangqun zone propose 12 南I-1党建协作区 --project 3 --mode project_based
  ronghe --as dangqun zone join 1 28 host_site
  ronghe --as dangqun zone approve 1 〔2026〕8号
  ronghe --as xiequ zone sheet 1 --side builder
  ronghe --as dangqun zone appoint 1 hse_officer 康德刚
  ronghe --as xiequ zone stop 1 2026-10-01 2026-10-03 --reason 连续暴雨
  ronghe --as dangqun zone ending 1
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_since = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天起，不写为今天")
_projects = click.option("--project", "projects", type=int, multiple=True, required=True, help="项目编号，可写多个")


@click.group(epilog=EPILOG, short_help=_("党建协作区"))
def zone() -> None:
    """党建协作区。"""


for command in (*COMMANDS, *SHEET):
    zone.add_command(command)


@zone.command("list", short_help=_("列出协作区"))
@click.option("--words", default="", help="名称或项目里的字")
@click.option("--state", default="", help="状态，例如 running")
@click.option("--mode", default="", help="建法：project_based 或 area_based")
@_json
def list_(words: str, state: str, mode: str, as_json: bool) -> None:
    """列出您能看到的协作区。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.selectors import list_zones

    listed = list_zones(actor, timezone.now(), words=words, state=state, mode=mode, size=500)
    if as_json:
        _print([_zone(row) for row in listed])
        return
    for row in listed:
        click.echo(f"{row.pk:>6}  {row.name}  {row.get_mode_display()}  {row.get_state_display()}  {row.sponsor.name}")
    click.echo(_("共 %(count)s 个。") % {"count": len(listed.rows)})


@zone.command("show", short_help=_("一个协作区"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """显示协作区 NUMBER：项目、参建单位、安全协议。"""
    actor = acting_person()
    from ronghe.domain.zones.selectors import participating_units, projects_of
    from ronghe.domain.zones.selectors.safety import safety_of

    found = zone_seen(actor, number)
    parties, projects = list(participating_units(found, _day(None))), list(projects_of(found, _day(None)))
    safety = safety_of(found, _day(None))
    if as_json:
        _print({
            **_zone(found), "projects": [row.project.name for row in projects], "parties": [_party(row) for row in parties],
            "safety_complete": safety.is_complete,
        })  # fmt: skip
        return
    click.echo(f"{found.name}  {found.get_mode_display()}  {found.get_state_display()}")
    for row in projects:
        click.echo(f"  {row.project.name}")
    for party in parties:
        click.echo(f"{party.pk:>6}  {party.unit.name}  {party.get_role_display()}")
    click.echo(_("安全协议和专职安全员齐全。") if safety.is_complete else _("安全协议或专职安全员不全（PC-08）。"))


@zone.command("advise", short_help=_("建区方式的建议"))
@click.argument("sponsor", type=int, metavar="BODY")
@_projects
@_json
def advise(sponsor: int, projects: tuple[int, ...], as_json: bool) -> None:
    """按项目情况建议用项目共建还是区域联建。"""
    actor = acting_person()
    from ronghe.domain.zones.enums import ZoneMode
    from ronghe.domain.zones.selectors.advice import advice_for

    found = advice_for(_projects_seen(actor, projects), sponsor_called(actor, sponsor), _day(None))
    if as_json:
        reasons = [
            {"point": one.point, "speaks_for": one.speaks_for, "number": one.number, "threshold": one.threshold}
            for one in found.reasons
        ]
        _print({"mode": found.mode, "alternative": found.alternative, "reasons": reasons})
        return
    click.echo(_("建议：%(mode)s") % {"mode": ZoneMode(found.mode).label})
    for reason in found.reasons:
        click.echo(f"  {reason.point}  {reason.number} / {reason.threshold}  {ZoneMode(reason.speaks_for).label}")


@zone.command("propose", short_help=_("拟建协作区"))
@click.argument("sponsor", type=int, metavar="BODY")
@click.argument("name")
@_projects
@click.option("--mode", type=click.Choice(["project_based", "area_based"]), required=True, help="建法")
@click.option("--reason", default="", help="与建议不同时的理由")
@click.option("--place", default=None, help="碰头地点")
@click.option("--pilot", is_flag=True, help="先作试点")
@_json
def propose(
    sponsor: int,
    name: str,
    projects: tuple[int, ...],
    mode: str,
    reason: str,
    place: str | None,
    pilot: bool,
    as_json: bool,
) -> None:
    """在主管党组织 BODY 下拟建名为 NAME 的协作区。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.enums import ZoneMode
    from ronghe.domain.zones.services.founding import propose_zone

    made = propose_zone(
        name=name, projects=_projects_seen(actor, projects), mode=ZoneMode(mode), mode_reason=reason, place=place,
        is_pilot=pilot, sponsor=sponsor_called(actor, sponsor), actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell(_zone(made), _("已提出，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@zone.command("join", short_help=_("参建单位加入"))
@_number
@click.argument("unit", type=int, metavar="UNIT")
@click.argument("role")
@_since
@_json
def join(number: int, unit: int, role: str, since: datetime | None, as_json: bool) -> None:
    """让单位 UNIT 以 ROLE（例如 host_site、constructor）加入协作区 NUMBER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import units_seen_by
    from ronghe.domain.zones.enums import ParticipantRole
    from ronghe.domain.zones.services.parties import add_participating_unit

    now = timezone.now()
    found = units_seen_by(actor, now).filter(pk=unit).first()
    if found is None or role not in ParticipantRole.values:
        raise NotFound
    party = add_participating_unit(
        zone=zone_seen(actor, number), unit=found, role=ParticipantRole(role), since=_day(since), actor=actor, at=now
    )
    _tell(_party(party), _("已加入，编号 %(number)s。") % {"number": party.pk}, as_json=as_json)


@zone.command("leave", short_help=_("参建单位退出"))
@_number
@click.argument("party", type=int, metavar="PARTY")
@_json
def leave(number: int, party: int, as_json: bool) -> None:
    """让参建单位 PARTY 从今天起退出协作区 NUMBER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.parties import end_participation

    ended = end_participation(party=_party_of(actor, number, party), until=_day(None), actor=actor, at=timezone.now())
    _tell(_party(ended), _("已退出。"), as_json=as_json)


@zone.command("agree", short_help=_("各方同意建区"))
@_number
@_json
def agree(number: int, as_json: bool) -> None:
    """记下各方同意；每个项目的意向书要已生效。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.founding import agree_zone

    made = agree_zone(zone=zone_seen(actor, number), actor=actor, at=timezone.now())
    _tell(_zone(made), _("已记下各方同意，等待批准。"), as_json=as_json)


@zone.command("return", short_help=_("退回建区申请"))
@_number
@click.option("--reason", required=True, help="为什么退回")
@_json
def return_(number: int, reason: str, as_json: bool) -> None:
    """退回建区申请，写明原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.founding import return_zone

    made = return_zone(zone=zone_seen(actor, number), reason=reason, actor=actor, at=timezone.now())
    _tell(_zone(made), _("已退回。"), as_json=as_json)


@zone.command("withdraw", short_help=_("撤回建区申请"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """撤回还没有启动的协作区。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.founding import withdraw_zone

    made = withdraw_zone(zone=zone_seen(actor, number), actor=actor, at=timezone.now())
    _tell(_zone(made), _("已撤回，名称可以再用。"), as_json=as_json)


@zone.command("approve", short_help=_("批准建区"))
@_number
@click.argument("approval_ref", metavar="REF")
@_json
def approve(number: int, approval_ref: str, as_json: bool) -> None:
    """以文号 REF 批准建区。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.founding import approve_zone

    made = approve_zone(zone=zone_seen(actor, number), approval_ref=approval_ref, actor=actor, at=timezone.now())
    _tell(_zone(made), _("已批准。"), as_json=as_json)


@zone.command("start", short_help=_("启动协作区"))
@_number
@click.argument("unit", type=int, metavar="UNIT")
@_since
@_json
def start(number: int, unit: int, since: datetime | None, as_json: bool) -> None:
    """启动协作区，联合项目部设在单位 UNIT 下。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import units_seen_by
    from ronghe.domain.zones.services.founding import start_zone

    now = timezone.now()
    below = units_seen_by(actor, now).filter(pk=unit).first()
    if below is None:
        raise NotFound
    made = start_zone(zone=zone_seen(actor, number), office_below=below, since=_day(since), actor=actor, at=now)
    _tell(_zone(made), _("已启动，共建党支部和联合项目部已成立。"), as_json=as_json)


@zone.command("evaluate", short_help=_("评估协作区"))
@_number
@click.option("--effects", required=True, help="成效")
@click.option("--problems", required=True, help="问题")
@click.option("--lessons", required=True, help="经验")
@_json
def evaluate(number: int, effects: str, problems: str, lessons: str, as_json: bool) -> None:
    """评估运行中的协作区；写下后不能再改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.zones import final_score_of
    from ronghe.domain.zones.services.evaluating import evaluate_zone

    found = zone_seen(actor, number)
    score = final_score_of(found.body_id) if found.body_id is not None else None
    quoted: dict[str, Any] = {}
    if score is not None:
        run, result = score
        quoted = {"score": result.score, "grade": result.grade or "", "score_source": f"#{run.pk} {run.period}"}
    evaluate_zone(
        zone=found, effects=effects, problems=problems, lessons=lessons, actor=actor, at=timezone.now(), **quoted
    )
    _tell(_zone(found), _("已评估，请各方写意见。"), as_json=as_json)


@zone.command("comment", short_help=_("对评估提意见"))
@_number
@click.argument("party", type=int, metavar="PARTY")
@click.argument("text")
@_json
def comment(number: int, party: int, text: str, as_json: bool) -> None:
    """替参建单位 PARTY 对评估写一条意见 TEXT。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.evaluating import comment_evaluation

    made = comment_evaluation(party=_party_of(actor, number, party), text=text, actor=actor, at=timezone.now())
    _tell({"id": made.pk, "text": made.text}, _("意见已记下。"), as_json=as_json)


@zone.command("ending", short_help=_("解散会带来什么"))
@_number
@_json
def ending(number: int, as_json: bool) -> None:
    """数出解散协作区 NUMBER 会带来什么，不改动什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors.zone_endings import left_open
    from ronghe.domain.zones.rules import FOUND_ZONE
    from ronghe.domain.zones.selectors.endings import what_ends

    found = zone_seen(actor, number)
    FOUND_ZONE.require(actor, found, at=timezone.now())
    going, left = what_ends(found), left_open(found)
    told = {
        **going.counts, "in_the_way": going.in_the_way, "unsettled": going.unsettled, "going_on": len(left.going_on),
        "planned": len(left.planned), "tasks": len(left.tasks),
    }  # fmt: skip
    if as_json:
        _print(told)
        return
    for name, value in told.items():
        click.echo(f"{name:>16}  {value}")


@zone.command("dissolve", short_help=_("解散协作区"))
@_number
@click.option("--reason", required=True, help="为什么解散")
@click.option("--call-off", is_flag=True, help="已安排的活动一并取消")
@click.option("--hand-over", is_flag=True, help="没办结的任务移交主管党组织")
@_json
def dissolve(number: int, reason: str, call_off: bool, hand_over: bool, as_json: bool) -> None:
    """解散已评估的协作区，不能撤销；先用 ending 看会带来什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.zones.services.dissolving import dissolve_zone

    found = zone_seen(actor, number)
    made = dissolve_zone(
        zone=found, reason=reason, call_off=call_off, hand_over=hand_over, actor=actor, at=timezone.now()
    )
    _tell({**_zone(found), "ended": made.ended}, _("协作区已解散，记录都在存档里。"), as_json=as_json)


@zone.command("archive", short_help=_("协作区存档"))
@_number
@_json
def archive(number: int, as_json: bool) -> None:
    """列出协作区 NUMBER 存了哪些记录、各多少条。"""
    actor = acting_person()
    from ronghe.domain.zones.selectors.records import archive_of

    kept = archive_of(zone_seen(actor, number))
    if as_json:
        _print([{"kind": row.kind, "title": row.title, "count": row.count} for row in kept])
        return
    for row in kept:
        click.echo(f"{row.count:>8}  {row.title}")


def _day(given: datetime | None) -> date:
    from django.utils import timezone

    return given.date() if given is not None else timezone.localdate()


def _party_of(actor: Person, number: int, pk: int) -> ParticipatingUnit:
    found = zone_seen(actor, number).participating_units.select_related("zone", "unit").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _projects_seen(actor: Person, numbers: tuple[int, ...]) -> list[Any]:
    from django.utils import timezone

    from ronghe.domain.projects.selectors import projects_seen_by

    found = list(projects_seen_by(actor, timezone.now()).filter(pk__in=numbers))
    if len(found) < len(set(numbers)):
        raise NotFound
    return found


def _zone(found: CollaborationZone) -> dict[str, Any]:
    return {
        "id": found.pk, "name": found.name, "mode": found.mode, "state": found.state, "sponsor": found.sponsor.name,
        "body": found.body.name if found.body else None,
        "started_on": f"{found.started_on}" if found.started_on else None,
        "dissolved_on": f"{found.dissolved_on}" if found.dissolved_on else None,
    }  # fmt: skip


def _party(found: ParticipatingUnit) -> dict[str, Any]:
    return {
        "id": found.pk, "unit": found.unit.name, "role": found.role, "valid_from": f"{found.valid_from}",
        "valid_until": f"{found.valid_until}" if found.valid_until else None,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
