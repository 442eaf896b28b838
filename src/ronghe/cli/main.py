"""`ronghe`: every group is loaded when it is called, so that `ronghe playbook check` needs no Django."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from ronghe.cli.speaking import spoken
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import _

COMMANDS = {
    "account": "ronghe.cli.account:account",
    "activity": "ronghe.cli.activity:activity",
    "agreement": "ronghe.cli.agreement:agreement",
    "alliance": "ronghe.cli.alliance:alliance",
    "ballot": "ronghe.cli.ballot:ballot",
    "banner": "ronghe.cli.banner:banner",
    "benefit": "ronghe.cli.benefit:benefit",
    "body": "ronghe.cli.body:body",
    "calendar": "ronghe.cli.calendar:calendar",
    "campaign": "ronghe.cli.campaign:campaign",
    "carrier": "ronghe.cli.carrier:carrier",
    "challenge": "ronghe.cli.challenge:challenge",
    "claim": "ronghe.cli.claim:claim",
    "clinic": "ronghe.cli.clinic:clinic",
    "contact": "ronghe.cli.contact:contact",
    "contest": "ronghe.cli.contest:contest",
    "contractor": "ronghe.cli.contractor:contractor",
    "control": "ronghe.cli.control:control",
    "decision": "ronghe.cli.decision:decision",
    "demo": "ronghe.cli.demo:demo",
    "duty": "ronghe.cli.duty:duty",
    "election": "ronghe.cli.election:election",
    "exchange": "ronghe.cli.exchange:exchange",
    "figure": "ronghe.cli.figure:figure",
    "finding": "ronghe.cli.finding_following:finding",
    "floating": "ronghe.cli.floating:floating",
    "grid": "ronghe.cli.grid:grid",
    "hazard": "ronghe.cli.hazard:hazard",
    "hearing": "ronghe.cli.hearing:hearing",
    "honour": "ronghe.cli.honour:honour",
    "huddle": "ronghe.cli.huddle:huddle",
    "incident": "ronghe.cli.incident:incident",
    "inspection": "ronghe.cli.inspection:inspection",
    "item": "ronghe.cli.item:item",
    "lookback": "ronghe.cli.lookback:lookback",
    "migrate": "ronghe.cli.platform:migrate",
    "need": "ronghe.cli.need:need",
    "obligation": "ronghe.cli.obligation:obligation",
    "offline": "ronghe.cli.offline:offline",
    "orglife": "ronghe.cli.orglife:orglife",
    "pair": "ronghe.cli.pair:pair",
    "panel": "ronghe.cli.panel:panel",
    "paper": "ronghe.cli.paper:paper",
    "partylife": "ronghe.cli.partylife:partylife",
    "permit": "ronghe.cli.permit:permit",
    "person": "ronghe.cli.person:person",
    "plan": "ronghe.cli.plan:plan",
    "playbook": "ronghe.cli.playbook:playbook",
    "points": "ronghe.cli.points:points",
    "pool": "ronghe.cli.pool:pool",
    "project": "ronghe.cli.project:project",
    "qualification": "ronghe.cli.qualification:qualification",
    "regroup": "ronghe.cli.regroup:regroup",
    "reminder": "ronghe.cli.reminder:reminder",
    "risk": "ronghe.cli.risk:risk",
    "rollout": "ronghe.cli.rollout:rollout",
    "roster": "ronghe.cli.roster:roster",
    "run": "ronghe.cli.run:run",
    "schedule": "ronghe.cli.schedule:schedule",
    "score": "ronghe.cli.score:score",
    "seal": "ronghe.cli.platform:seal",
    "selection": "ronghe.cli.selection:selection",
    "serve": "ronghe.cli.platform:serve",
    "show": "ronghe.cli.show:show",
    "site-meeting": "ronghe.cli.site_meeting:site_meeting",
    "survey": "ronghe.cli.survey:survey",
    "task": "ronghe.cli.task:task",
    "taskforce": "ronghe.cli.taskforce:taskforce",
    "today": "ronghe.cli.today:today",
    "verify": "ronghe.cli.platform:verify",
    "veto": "ronghe.cli.veto:veto",
    "violation": "ronghe.cli.violation:violation",
    "work": "ronghe.cli.platform:work",
    "zone": "ronghe.cli.zone:zone",
}
"""Command → module:object. Exit codes everywhere: 0 done, 1 refused or stopped with a question, 2 unreadable input."""


class LazyGroup(click.Group):
    """Lists commands without importing them, except for their help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        module, _sep, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return spoken(command)


@click.group(cls=LazyGroup)
@click.option("--as", "account", metavar="ACCOUNT", help=_("以谁的身份办理；按此人的权限，并记在此人名下。"))
@click.version_option(package_name="ronghe", prog_name="ronghe")
@click.pass_context
def cli(ctx: click.Context, account: str | None) -> None:
    """融合：党建与生产一本账。"""
    ctx.obj = {"account": account}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a refusal is a sentence and an exit code, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.base")
    try:
        code: Any = spoken(cli)(args=arguments, prog_name="ronghe", standalone_mode=False)
    except DomainError as error:
        click.echo(str(error), err=True)
        sys.exit(2 if error.status == 422 else 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("已中止。"), err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
