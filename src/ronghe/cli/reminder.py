"""`ronghe reminder`: what the bell says, and sending what is due now."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as shuji reminder list
  ronghe --as shuji reminder read 7
  ronghe --as shuji reminder snooze 7 --until tomorrow
  ronghe --as shuji reminder settings --send-at 07:50
"""


@click.group(epilog=EPILOG, short_help=_("提醒与免打扰"))
def reminder() -> None:
    """提醒与免打扰：一天一条，只说该您办、该您管的。"""


@reminder.command("list", short_help=_("列出我的提醒"))
@click.option("--waiting", is_flag=True, help=_("只看未读的"))
@click.option("--json", "as_json", is_flag=True)
def list_(waiting: bool, as_json: bool) -> None:
    """列出您的提醒，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.reminders.selectors import list_messages

    rows = [_message(row) for row in list_messages(actor, timezone.now(), only_waiting=waiting, size=50)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:>7}  {row['day']}  {_('已读') if row['is_read'] else _('未读')}")
        for line in row["lines"]:
            click.echo(f"           {line['step_label']}  {line['title']}  {line['body']}  {line['due_on']}")
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


@reminder.command("read", short_help=_("已读一条提醒"))
@click.argument("number", type=int, metavar="NUMBER")
def read(number: int) -> None:
    """记下一条提醒已读。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.reminders.services.keeping import read_message

    read_message(message=_own(actor, number), actor=actor, at=timezone.now())
    click.echo(_("已读。"))


@reminder.command("unread", short_help=_("改回未读"))
@click.argument("number", type=int, metavar="NUMBER")
def unread(number: int) -> None:
    """把一条提醒改回未读。"""
    actor, now = acting_now()
    from ronghe.domain.reminders.services.keeping import unread_message

    unread_message(message=_own(actor, number), actor=actor, at=now)
    click.echo(_("已改回未读。"))


@reminder.command("read-all", short_help=_("全部已读"))
def read_all_() -> None:
    """把等着您的提醒全部记为已读。"""
    actor, now = acting_now()
    from ronghe.domain.reminders.services.keeping import read_all

    click.echo(_("%(count)s 条已读。") % {"count": read_all(actor=actor, at=now)})


@reminder.command("snooze", short_help=_("过一会儿再提醒"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--until", type=click.Choice(["hour", "tomorrow"]), default="hour", show_default=True)
def snooze(number: int, until: str) -> None:
    """把一条提醒推后一小时，或推到明天。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.reminders.services.keeping import snooze_message

    message = snooze_message(message=_own(actor, number), until=until, actor=actor, at=timezone.now())
    assert message.snoozed_until is not None  # just set
    click.echo(_("%(at)s 再提醒。") % {"at": f"{timezone.localtime(message.snoozed_until):%Y-%m-%d %H:%M}"})


@reminder.command("settings", short_help=_("提醒时间"))
@click.option("--send-at", help=_("每天几点提醒，如 08:00"))
@click.option("--quiet", nargs=2, metavar="FROM UNTIL", help=_("免打扰从几点到几点，如 21:00 07:30"))
@click.option("--free-days/--no-free-days", default=None, help=_("休息日也提醒"))
@click.option("--json", "as_json", is_flag=True)
def settings(send_at: str | None, quiet: tuple[str, str] | None, free_days: bool | None, as_json: bool) -> None:
    """看或改您的提醒时间；什么都不写就只看。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.reminders.selectors import setting_of
    from ronghe.domain.reminders.services.keeping import set_reminders

    row = setting_of(actor)
    if send_at or quiet or free_days is not None:
        row = set_reminders(
            send_at=_time(send_at) if send_at else row.send_at,
            quiet_from=_time(quiet[0]) if quiet else row.quiet_from,
            quiet_until=_time(quiet[1]) if quiet else row.quiet_until,
            on_free_days=row.on_free_days if free_days is None else free_days,
            actor=actor, at=timezone.now(),
        )  # fmt: skip
    said = {
        "send_at": f"{row.send_at:%H:%M}", "quiet_from": f"{row.quiet_from:%H:%M}",
        "quiet_until": f"{row.quiet_until:%H:%M}", "on_free_days": row.on_free_days,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(_("每天 %(send_at)s 提醒，%(quiet_from)s 至 %(quiet_until)s 不打扰。") % said)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise click.BadParameter(text) from error


def _own(actor: Any, number: int) -> Any:
    from django.utils import timezone

    from ronghe.domain.reminders.selectors import messages_of

    found = messages_of(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "day": row.day.isoformat(),
        "is_read": row.read_at is not None,
        "lines": [
            {
                "obligation": line.obligation_id, "title": line.obligation.title, "body": line.obligation.body.name,
                "due_on": line.obligation.due_on.isoformat(), "step": line.step,
                "step_label": line.get_step_display(), "state": line.obligation.state,
            }
            for line in row.lines
        ],
    }  # fmt: skip
