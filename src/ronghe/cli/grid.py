"""`ronghe grid`: The three-level grid: who is covered by whom, where the gaps are, and requests that go up with a clock."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.grid_naming import NAMING_COMMANDS
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.grid.models import GridRequest
    from ronghe.domain.grid.selectors.coverage import Coverage, FoundGap
    from ronghe.domain.org.models import PartyOrg, Person

EPILOG = """\b
举例：
  ronghe --as dangqun grid coverage
  ronghe --as dangqun grid gaps --kind team_without_member
  ronghe --as dangqun grid naming 仪陇输气作业区党支部 --accept
  ronghe --as gongren grid raise --kind safety --text 踏步松了
  ronghe --as shuji grid answer 12 --text 已修好
"""
KINDS = ("production", "safety", "living", "welfare", "training", "hardship", "advice")

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_body = click.option("--body", help="从哪个党组织看；不写就是您能看到的全部")
_day = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="看哪天；不写就是今天")
_text = click.option("--text", required=True, help="写什么")


@click.group(epilog=EPILOG, short_help=_("网格覆盖、缺口、诉求"))
def grid() -> None:
    """网格覆盖、缺口、诉求。"""


for _command in NAMING_COMMANDS:
    grid.add_command(_command)


@grid.command("coverage", short_help=_("看覆盖"))
@_body
@_day
@_json
def coverage_(body: str | None, day: datetime | None, as_json: bool) -> None:
    """看网格覆盖的几个数。"""
    found = _coverage(acting_person(), body, day)
    figures = found.figures
    if as_json:
        _print({
            "day": found.state.day.isoformat(), "members": figures.members, "employees": figures.employees,
            "named_employees": figures.named, "teams": figures.teams, "covered_teams": figures.covered_teams,
            "branches": figures.branches, "sized_branches": figures.sized_branches, "gaps": len(found.standing),
            "open_requests": figures.open_requests, "late_requests": figures.late_requests,
        })  # fmt: skip
        return
    click.echo(_("党员 %(members)s 人，职工 %(employees)s 人，有联系党员的职工 %(named)s 人。")
               % {"members": figures.members, "employees": figures.employees, "named": figures.named})  # fmt: skip
    click.echo(_("班组 %(teams)s 个，有党员的 %(covered)s 个；支部 %(branches)s 个，人数在规定内的 %(sized)s 个。")
               % {"teams": figures.teams, "covered": figures.covered_teams, "branches": figures.branches,
                  "sized": figures.sized_branches})  # fmt: skip
    click.echo(_("缺口 %(gaps)s 处；在办诉求 %(open)s 件，超期 %(late)s 件。")
               % {"gaps": len(found.standing), "open": figures.open_requests, "late": figures.late_requests})  # fmt: skip


@grid.command("gaps", short_help=_("列出缺口"))
@_body
@_day
@click.option("--kind", help="只看这种缺口")
@_json
def gaps(body: str | None, day: datetime | None, kind: str | None, as_json: bool) -> None:
    """列出缺口和建议，须补的在前。"""
    found = _coverage(acting_person(), body, day)
    rows = [row for row in found.found if kind is None or row.gap.kind.code == kind]
    if as_json:
        _print([_gap(row) for row in rows])
        return
    for row in rows:
        gap = row.gap
        click.echo(f"{gap.key}  {gap.place.name}  {gap.title}  {gap.situation}  {gap.suggestion}")
    click.echo(_("共 %(number)s 处。") % {"number": len(rows)})


@grid.command("dismiss", short_help=_("缺口暂不处理"))
@click.argument("gap")
@click.option("--reason", required=True, help="为什么暂不处理")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="到哪天再看")
@_json
def dismiss(gap: str, reason: str, until: datetime, as_json: bool) -> None:
    """让一处缺口到某天再提；编号见 gaps。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.selectors.coverage import coverage
    from ronghe.domain.grid.services.gaps import dismiss_gap

    now = timezone.now()
    dismiss_gap(coverage=coverage(actor, now), key=gap, reason=reason, until=until.date(), actor=actor, at=now)
    said = _("已记下，到 %(day)s 再提。") % {"day": until.date().isoformat()}
    _print({"gap": gap, "until": until.date().isoformat()}) if as_json else click.echo(said)


@grid.command("task", short_help=_("派发补缺任务"))
@click.argument("gap", nargs=-1, required=True)
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d %H:%M"]), help="期限")
@_json
def task(gap: tuple[str, ...], due: datetime, as_json: bool) -> None:
    """把缺口派给管这一处的书记；编号见 gaps。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.selectors.coverage import coverage
    from ronghe.domain.grid.services.gaps import give_gap_tasks

    now = timezone.now()
    given = give_gap_tasks(
        coverage=coverage(actor, now), keys=gap, due_at=timezone.make_aware(due), actor=actor, at=now
    )
    if as_json:
        _print([{"gap": row.gap, "task": row.task_id, "assignee": row.task.assignee.name} for row in given])
        return
    for row in given:
        click.echo(f"#{row.task_id}  {row.task.assignee.name}  {row.task.title}")


@grid.command("naming", short_help=_("编排联系党员"))
@click.argument("body")
@click.option("--accept", is_flag=True, help="整体确认")
@_json
def naming(body: str, accept: bool, as_json: bool) -> None:
    """看一个党组织的联系党员怎样编排，可整体确认。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.rules import NAME_MEMBERS
    from ronghe.domain.grid.selectors.liaisons import naming_of
    from ronghe.domain.grid.services.liaisons import accept_naming

    now = timezone.now()
    chosen = _named_body(body)
    NAME_MEMBERS.require(actor, chosen, at=now)
    part = naming_of(chosen, timezone.localdate(now))
    if accept:
        accept_naming(body=chosen, digest=part.naming.digest, actor=actor, at=now)
    if as_json:
        pairs = [
            {"member": member.name, "employees": [person.name for person in people]} for member, people in part.rows()
        ]
        _print({"body": chosen.name, "new": len(part.naming.new), "pairs": pairs, "left": [p.name for p in part.left]})
        return
    for member, people in part.rows():
        click.echo(f"{member.name}  {len(people)}  " + " ".join(person.name for person in people))
    click.echo(
        _("新定 %(new)s 人，没有党员可联系 %(left)s 人。") % {"new": len(part.naming.new), "left": len(part.left)}
    )


@grid.command("requests", short_help=_("列出诉求"))
@click.option("--mine", is_flag=True, help="只看我提的")
@click.option("--to-answer", is_flag=True, help="只看等我答复的")
@click.option("--page", default=1, show_default=True)
@_json
def requests(mine: bool, to_answer: bool, page: int, as_json: bool) -> None:
    """列出您能看到的诉求，新的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.grid.selectors.requests import list_requests, requests_to_answer

    now = timezone.now()
    rows = (
        list(requests_to_answer(actor, now))
        if to_answer
        else list(list_requests(actor, now, filters=Q(raiser=actor) if mine else Q(), page=page))
    )
    if as_json:
        _print([_row(row, actor) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.due_on}  {row.get_state_display()}  {row.body.name}  {row.text}")


@grid.command("show", short_help=_("看一件诉求"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一件诉求和它的经过。"""
    actor = acting_person()
    _tell(_seen(actor, number), actor, "", as_json=as_json)


@grid.command("raise", short_help=_("提出诉求"))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="哪方面")
@_text
@click.option("--anonymous", is_flag=True, help="不让联系党员以上的知道是谁")
@_json
def raise_(kind: str, text: str, anonymous: bool, as_json: bool) -> None:
    """提出诉求，交给联系党员；没有联系党员的交给党支部。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.enums import RequestKind
    from ronghe.domain.grid.services.requests import raise_request

    raised = raise_request(
        raiser=actor, kind=RequestKind(kind), text=text, is_anonymous=anonymous, actor=actor, at=timezone.now()
    )
    _tell(raised, actor, _("已提出，#%(number)s。") % {"number": raised.pk}, as_json=as_json)


@grid.command("answer", short_help=_("答复诉求"))
@_number
@_text
@_json
def answer(number: int, text: str, as_json: bool) -> None:
    """答复一件诉求。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.services.requests import answer_request

    found = answer_request(request=_seen(actor, number), text=text, actor=actor, at=timezone.now())
    _tell(found, actor, _("已答复。"), as_json=as_json)


@grid.command("up", short_help=_("转上一级"))
@_number
@_text
@_json
def up(number: int, text: str, as_json: bool) -> None:
    """本级办不了，写明情况转上一级。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.services.requests import pass_up

    found = pass_up(request=_seen(actor, number), note=text, actor=actor, at=timezone.now())
    _tell(found, actor, _("已转上一级。"), as_json=as_json)


@grid.command("solved", short_help=_("确认解决"))
@_number
@_json
def solved(number: int, as_json: bool) -> None:
    """确认答复解决了您的诉求。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.services.requests import confirm_solved

    found = confirm_solved(request=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(found, actor, _("已办结。"), as_json=as_json)


@grid.command("reopen", short_help=_("没有解决"))
@_number
@_text
@_json
def reopen(number: int, text: str, as_json: bool) -> None:
    """答复没有解决问题，交上一级。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.services.requests import reopen_request

    found = reopen_request(request=_seen(actor, number), reason=text, actor=actor, at=timezone.now())
    _tell(found, actor, _("已交上一级再办。"), as_json=as_json)


@grid.command("withdraw", short_help=_("撤回诉求"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """撤回一件诉求。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.grid.services.requests import withdraw_request

    found = withdraw_request(request=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(found, actor, _("已撤回。"), as_json=as_json)


def _coverage(actor: Person, body: str | None, day: datetime | None) -> Coverage:
    from django.utils import timezone

    from ronghe.domain.grid.selectors.coverage import coverage

    chosen = _named_body(body) if body is not None else None
    return coverage(actor, timezone.now(), body=chosen, day=day.date() if day is not None else None)


def _named_body(name: str) -> PartyOrg:
    """Return the body with this name or number.

    :raises NotFound: there is none
    """
    from ronghe.domain.org.models import PartyOrg

    rows = PartyOrg.objects.filter(valid_until=None)
    found = (
        (rows.filter(pk=int(name)) if name.isdigit() and len(name) < 18 else rows.filter(name=name))
        .order_by("pk")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _seen(actor: Person, number: int) -> GridRequest:
    from django.utils import timezone

    from ronghe.domain.grid.selectors.requests import requests_seen_by

    found = requests_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _gap(row: FoundGap) -> dict[str, Any]:
    gap = row.gap
    return {
        "key": gap.key, "code": gap.kind.code, "severity": gap.kind.severity, "rule": gap.kind.rule,
        "place": gap.place.name, "above": gap.place.above, "title": gap.title, "situation": gap.situation,
        "suggestion": gap.suggestion, "dismissed_until": row.dismissal.until.isoformat() if row.dismissal else None,
        "task": row.task.task_id if row.task else None,
    }  # fmt: skip


def _row(row: GridRequest, actor: Person) -> dict[str, Any]:
    from ronghe.domain.grid.selectors.requests import raiser_shown

    raiser = raiser_shown(row, actor)
    return {
        "id": row.pk, "kind": row.kind, "text": row.text, "state": row.state, "level": row.level, "body": row.body.name,
        "raiser": raiser.name if raiser else None, "due_on": row.due_on.isoformat(), "answer": row.answer,
    }  # fmt: skip


def _tell(found: GridRequest, actor: Person, said: str, *, as_json: bool) -> None:
    from django.utils import timezone

    from ronghe.domain.grid.selectors.requests import story_of

    lines = story_of(found, actor)
    if as_json:
        steps = [{"act": line.step.act, "body": line.step.body.name, "by": line.who.name if line.who else None,
                  "text": line.step.text} for line in lines]  # fmt: skip
        _print({**_row(found, actor), "steps": steps})
        return
    if said:
        click.echo(said)
        return
    click.echo(f"#{found.pk} {found.get_kind_display()}  {found.get_state_display()}  {found.text}")
    for line in lines:
        at = timezone.localtime(line.step.at)
        who = line.who.name if line.who else "—"
        click.echo(
            f"  {at:%Y-%m-%d %H:%M}  {line.step.get_act_display()}  {line.step.body.name}  {who}  {line.step.text or ''}"
        )


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
