"""`ronghe offline`: phones that work without signal, and what they reported."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.offline.models import Device, ReceivedAct
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as xiequ offline devices
  ronghe --as xiequ offline revoke 3 --lost-at 2026-09-14T08:30
  ronghe --as secadmin offline devices --account xiequ
  ronghe --as xiequ offline acts --refused
  ronghe --as xiequ offline join 12
  ronghe --as xiequ offline choose 14 both
"""

_number = click.argument("number", type=click.IntRange(1, 2**62), metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("离线设备与补传"))
def offline() -> None:
    """离线设备与补传。"""


@offline.command("devices", short_help=_("列出登记的手机"))
@click.option("--account", help="只看这个账号的（安全管理员用）")
@_json
def devices(account: str | None, as_json: bool) -> None:
    """列出登记过的手机：本人的；安全管理员可看全部。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.selectors import devices_seen_by

    rows = devices_seen_by(actor, timezone.now())
    if account:
        rows = rows.filter(person__account__login=account)
    found = [_device(row) for row in rows[:1000]]
    if as_json:
        _print(found)
        return
    for one in found:
        state = _("已停用") if one["revoked_at"] else _("在用")
        click.echo(f"{one['id']:>6}  {one['person']}  {one['name']}  {one['registered_at'][:10]}  {state}")
    click.echo(_("共 %(count)s 部。") % {"count": len(found)})


@offline.command("revoke", short_help=_("停用一部手机"))
@_number
@click.option("--lost-at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), help="什么时候丢的；不写就是现在")
@_json
def revoke(number: int, lost_at: datetime | None, as_json: bool) -> None:
    """停用一部手机：它还没有报来的不再收；从丢失时间起用它签的作业票签字作废，以前签的有效。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.selectors import devices_seen_by
    from ronghe.domain.offline.services.devices import revoke_device

    now = timezone.now()
    device = devices_seen_by(actor, now).filter(pk=number).first()
    if device is None:
        raise NotFound
    since = timezone.make_aware(lost_at) if lost_at is not None else None
    revoked = revoke_device(device=device, actor=actor, at=now, lost_at=since)
    _tell(_device(revoked), _("“%(name)s”已停用。") % {"name": revoked.name}, as_json=as_json)


@offline.command("acts", short_help=_("列出上报过的记录"))
@click.option("--refused", is_flag=True, help="只看没有收下的")
@_json
def acts(refused: bool, as_json: bool) -> None:
    """列出本人从手机上报过的记录和结果。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.selectors import acts_refused_of, acts_seen_by

    now = timezone.now()
    rows = acts_refused_of(actor, now) if refused else acts_seen_by(actor, now)
    found = [_act(row) for row in rows[:200]]
    if as_json:
        _print(found)
        return
    for one in found:
        click.echo(f"{one['id']:>6}  {one['done_at'][:16]}  {one['title']}  {one['state_title']}  {one['reason']}")
    click.echo(_("共 %(count)s 项。") % {"count": len(found)})


@offline.command("redo", short_help=_("再报一次"))
@_number
@click.option("--topic", help="改过的议题")
@click.option("--notes", help="改过的讨论")
@click.option("--decision", help="改过的决定")
@click.option("--reason", help="改过的事由")
@_json
def redo(number: int, as_json: bool, **words: str | None) -> None:
    """把没有收下的一项再报一次；文字有误的，用选项给出改过的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.services.settling import redo_act

    given = {name: text for name, text in words.items() if text is not None}
    taken = redo_act(act=_seen(actor, number), words=given, actor=actor, at=timezone.now())
    _tell(_act(taken), _("已收下。"), as_json=as_json)


@offline.command("join", short_help=_("并入已有的碰头会"))
@_number
@_json
def join(number: int, as_json: bool) -> None:
    """那一天的碰头会别人已经开了：把这一场里记的并过去。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.services.settling import join_existing

    taken = join_existing(act=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(_act(taken), _("已并入。"), as_json=as_json)


@offline.command("choose", short_help=_("在两份记录里选"))
@_number
@click.argument("choice", type=click.Choice(["mine", "both", "theirs"]))
@_json
def choose(number: int, choice: str, as_json: bool) -> None:
    """同一项有两份文字：mine 用我写的，both 两段都留，theirs 留已有的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.enums import MinutesChoice
    from ronghe.domain.offline.services.settling import choose_minutes

    settled = choose_minutes(
        act=_seen(actor, number), choice=MinutesChoice(choice), actor=actor, at=timezone.now()
    )  # fmt: skip
    _tell(_act(settled), _("已选定。"), as_json=as_json)


@offline.command("void", short_help=_("作废没有收下的"))
@_number
@_json
def void(number: int, as_json: bool) -> None:
    """作废没有收下的一项，连同等着它的各项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.offline.services.settling import void_act

    voided = void_act(act=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(_act(voided), _("已作废。"), as_json=as_json)


def _seen(actor: Person, number: int) -> ReceivedAct:
    from django.utils import timezone

    from ronghe.domain.offline.selectors import acts_seen_by

    found = acts_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.pk, "person": device.person.name, "name": device.name, "algorithm": device.algorithm,
        "registered_at": device.registered_at.isoformat(),
        "last_seen_at": device.last_seen_at.isoformat() if device.last_seen_at else None,
        "revoked_at": device.revoked_at.isoformat() if device.revoked_at else None,
        "lost_at": device.lost_at.isoformat() if device.lost_at else None,
    }  # fmt: skip


def _act(act: ReceivedAct) -> dict[str, Any]:
    return {
        "id": act.pk, "act_id": act.act_id, "device": act.device.name, "number": act.number, "kind": act.kind,
        "title": act.get_kind_display(), "state": act.state, "state_title": act.get_state_display(),
        "done_at": act.done_at.isoformat(), "received_at": act.received_at.isoformat(), "code": act.code,
        "reason": act.reason, "activity": act.activity_id, "permit": act.permit_id, "is_clock_off": act.is_clock_off,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
