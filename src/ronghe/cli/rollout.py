"""`ronghe rollout`: from a pilot to a model that others work by."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import PartyOrg, Person
    from ronghe.domain.rollouts.models import Rollout, Target

EPILOG = """\b
举例：
  ronghe --as dangqun rollout draft 晚碰头进班组 daqing_zone --body 演示油气田公司党委 --kind model
  ronghe --as dangqun rollout pilot 1 --body 12 --from 2026-07-01 --until 2026-09-01 --measure on_time
  ronghe --as dangqun rollout conclude 1 --findings 按时率上升，签到要提前开
  ronghe --as dangqun rollout review 1 approved --reasons 前后对照清楚
  ronghe --as dangqun rollout roll-out 1 --body 13 --body 14 --due 2026-12-31
  ronghe --as shuji rollout effect 3 --text 班前讲清楚了
"""

_number = click.argument("number", type=click.IntRange(1, 2**62), metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_bodies = click.option("--body", "names", multiple=True, required=True, help="党组织的全称或编号，可写多个")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=EPILOG, short_help=_("试点与推广"))
def rollout() -> None:
    """试点与推广。"""


@rollout.command("list", short_help=_("列出推广"))
@_json
def list_(*, as_json: bool) -> None:
    """列出您能看到的推广。"""
    actor, now = _now()
    from ronghe.domain.rollouts.selectors.rollouts import rollouts_seen_by

    rows = list(rollouts_seen_by(actor, now))
    if as_json:
        _print([_row(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.title}  {row.version}  {row.get_state_display()}")
    click.echo(_("共 %(count)s 项。") % {"count": len(rows)})


@rollout.command("draft", short_help=_("起草推广"))
@click.argument("title")
@click.argument("reference", metavar="PLAYBOOK")
@click.option("--body", required=True, help="由谁推广：全称或编号")
@click.option("--kind", type=click.Choice(["benchmark", "model", "case"]), default="model", help="标杆、示范、经验")
@click.option("--purpose", default="", help="为什么推广")
@_json
def draft(title: str, reference: str, *, body: str, kind: str, purpose: str, as_json: bool) -> None:
    """起草推广 TITLE，推广的是范本 PLAYBOOK。"""
    actor, now = _now()
    from ronghe.domain.playbooks.selectors.books import find_shelved
    from ronghe.domain.rollouts.enums import RolloutKind
    from ronghe.domain.rollouts.services.piloting import draft_rollout

    one = find_shelved(actor, reference, now)
    if one is None:
        raise NotFound
    [chosen] = _chosen((body,), actor, now)
    made = draft_rollout(
        body=chosen, kind=RolloutKind(kind), title=title, playbook=one.playbook, purpose=purpose, actor=actor, at=now
    )
    _tell(_row(made), _("已起草，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@rollout.command("pilot", short_help=_("开始试点"))
@_number
@_bodies
@click.option("--from", "from_on", type=_DAY, required=True, help="从哪天起")
@click.option("--until", "until_on", type=_DAY, required=True, help="到哪天止，不含这一天")
@click.option("--measure", "measures", multiple=True, required=True, help="指标，可写多个：on_time met held present")
@_json
def pilot(
    number: int, *, names: tuple[str, ...], from_on: datetime, until_on: datetime, measures: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """让一些单位试点推广 NUMBER。"""
    actor, now = _now()
    from ronghe.domain.rollouts.enums import Measure
    from ronghe.domain.rollouts.services.piloting import start_pilot

    unknown = set(measures) - set(Measure.values)
    if unknown:
        raise click.BadParameter(_("没有这个指标：%(names)s") % {"names": " ".join(sorted(unknown))})
    row = _seen(number, actor, now)
    start_pilot(
        rollout=row, bodies=_chosen(names, actor, now), from_on=from_on.date(), until_on=until_on.date(),
        measures=[Measure(one) for one in measures], actor=actor, at=now,
    )  # fmt: skip
    _tell(_row(row), _("试点已开始。"), as_json=as_json)


@rollout.command("show", short_help=_("试点前后和各单位"))
@_number
@_json
def show(number: int, *, as_json: bool) -> None:
    """显示推广 NUMBER 的试点前后对照和各单位的情况。"""
    actor, now = _now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.rollouts.models import Target
    from ronghe.domain.rollouts.rules import SEE_TARGET
    from ronghe.domain.rollouts.selectors.conformance import standings_of
    from ronghe.domain.rollouts.selectors.measuring import before_and_after
    from ronghe.domain.rollouts.selectors.rollouts import pilots_of

    row = _seen(number, actor, now)
    targets = SEE_TARGET.narrow(actor, Target.objects.filter(rollout=row), at=now)
    units = [
        {
            "id": one.target.pk, "body": one.target.body.name, "uptake": one.uptake.value,
            "conformance": str(one.conformance.share) if one.conformance.share is not None else None,
            "differences": one.differences, "reason": one.target.reason, "effects": one.effects,
        }
        for one in standings_of(row, local_day(now), targets)
    ]  # fmt: skip
    measured = [
        {"pilot": pilot.number, "measure": str(measure), "title": str(measure.label),
         "before": _text(found.before.value), "after": _text(found.after.value)}
        for pilot in pilots_of(row)
        for measure, found in before_and_after(pilot).items()
    ]  # fmt: skip
    if as_json:
        _print({**_row(row), "measures": measured, "units": units})
        return
    click.echo(f"{row.title}  {row.version}  {row.get_state_display()}")
    for found in measured:
        click.echo(f"  {found['title']}  {found['before'] or '—'} → {found['after'] or '—'}")
    for unit in units:
        click.echo(f"{unit['id']:>6}  {unit['body']}  {unit['uptake']}  {unit['conformance'] or '—'}  {unit['reason']}")


@rollout.command("call-back", short_help=_("撤回试点"))
@_number
@_json
def call_back(number: int, *, as_json: bool) -> None:
    """撤回推广 NUMBER 正在进行的试点。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.piloting import call_back_pilot

    row = call_back_pilot(rollout=_seen(number, actor, now), actor=actor, at=now)
    _tell(_row(row), _("试点已撤回。"), as_json=as_json)


@rollout.command("conclude", short_help=_("结束试点"))
@_number
@click.option("--findings", required=True, help="结论")
@_json
def conclude(number: int, *, findings: str, as_json: bool) -> None:
    """写下试点的结论，送评审。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.piloting import conclude_pilot

    row = _seen(number, actor, now)
    conclude_pilot(rollout=row, findings=findings, actor=actor, at=now)
    _tell(_row(row), _("试点已结束，等党委评审。"), as_json=as_json)


@rollout.command("review", short_help=_("评审试点"))
@_number
@click.argument("decision", type=click.Choice(["approved", "again", "refused"]))
@click.option("--reasons", required=True, help="理由")
@click.option("--document", default="", help="会议或文件")
@_json
def review(number: int, decision: str, *, reasons: str, document: str, as_json: bool) -> None:
    """评审推广 NUMBER：approved 同意推广，again 再试一次，refused 不推广。"""
    actor, now = _now()
    from ronghe.domain.rollouts.enums import Decision
    from ronghe.domain.rollouts.services.piloting import review_pilot

    row = _seen(number, actor, now)
    review_pilot(
        rollout=row, decision=Decision(decision), reasons=reasons, document=document, actor=actor, at=now
    )  # fmt: skip
    _tell(_row(row), _("评审已记下。"), as_json=as_json)


@rollout.command("roll-out", short_help=_("推广到各单位"))
@_number
@_bodies
@click.option("--due", type=_DAY, required=True, help="最迟哪天采用")
@_json
def roll_out_(number: int, *, names: tuple[str, ...], due: datetime, as_json: bool) -> None:
    """定下推广 NUMBER 的单位和期限；推广中的可以再加。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.spreading import roll_out

    row = _seen(number, actor, now)
    made = roll_out(
        rollout=row, bodies=_chosen(names, actor, now), due_on=due.date(), actor=actor, at=now
    )  # fmt: skip
    _tell({**_row(row), "units": len(made)}, _("已定 %(count)s 个单位。") % {"count": len(made)}, as_json=as_json)


@rollout.command("reason", short_help=_("说明尚未采用"))
@_number
@click.option("--text", required=True, help="为什么还没有采用")
@_json
def reason(number: int, *, text: str, as_json: bool) -> None:
    """替单位 NUMBER（推广单位的编号）说明为什么还没有采用。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.spreading import tell_reason

    row = tell_reason(target=_target(number, actor, now), reason=text, actor=actor, at=now)
    _tell({"id": row.pk, "reason": row.reason}, _("原因已记下。"), as_json=as_json)


@rollout.command("effect", short_help=_("回填效果"))
@_number
@click.option("--text", required=True, help="见到什么效果")
@_json
def effect(number: int, *, text: str, as_json: bool) -> None:
    """替单位 NUMBER（推广单位的编号）回填效果。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.spreading import tell_effect

    row = tell_effect(target=_target(number, actor, now), text=text, actor=actor, at=now)
    _tell({"id": row.target_id, "effect": row.text}, _("效果已回填。"), as_json=as_json)


@rollout.command("release", short_help=_("撤下推广单位"))
@_number
@_json
def release(number: int, *, as_json: bool) -> None:
    """把单位 NUMBER（推广单位的编号）从名单撤下。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.spreading import release_target

    release_target(target=_target(number, actor, now), actor=actor, at=now)
    _tell({"id": number}, _("已撤下。"), as_json=as_json)


@rollout.command("end", short_help=_("结束推广"))
@_number
@_json
def end(number: int, *, as_json: bool) -> None:
    """结束推广 NUMBER；各单位采用的不变。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.spreading import end_rollout

    _tell(_row(end_rollout(rollout=_seen(number, actor, now), actor=actor, at=now)), _("推广已结束。"), as_json=as_json)


@rollout.command("call-off", short_help=_("不再推广"))
@_number
@_json
def call_off_(number: int, *, as_json: bool) -> None:
    """推广以前放弃 NUMBER。"""
    actor, now = _now()
    from ronghe.domain.rollouts.services.piloting import call_off

    _tell(_row(call_off(rollout=_seen(number, actor, now), actor=actor, at=now)), _("已不再推广。"), as_json=as_json)


def _now() -> tuple[Person, datetime]:
    actor = acting_person()
    from django.utils import timezone

    return actor, timezone.now()


def _chosen(names: tuple[str, ...], actor: Person, at: datetime) -> list[PartyOrg]:
    from ronghe.cli.finding import body_called
    from ronghe.domain.org.selectors.people import bodies_seen_by

    return [body_called(name, bodies_seen_by(actor, at)) for name in names]


def _seen(number: int, actor: Person, at: datetime) -> Rollout:
    from ronghe.domain.rollouts.selectors.rollouts import rollouts_seen_by

    row = rollouts_seen_by(actor, at).filter(pk=number).first()
    if row is None:
        raise NotFound
    return row


def _target(number: int, actor: Person, at: datetime) -> Target:
    from ronghe.domain.rollouts.selectors.rollouts import targets_seen_by

    row = targets_seen_by(actor, at).filter(pk=number).first()
    if row is None:
        raise NotFound
    return row


def _row(row: Rollout) -> dict[str, Any]:
    return {"id": row.pk, "title": row.title, "kind": row.kind, "state": row.state, "playbook": str(row.version)}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        _print(data)
    else:
        click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))
