"""`ronghe benefit gain`: the days that a project gained, entered once and verified by somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import JSON, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.benefits.models import ScheduleGain
    from ronghe.domain.org.models import Person
    from ronghe.domain.projects.models import Project

_project = click.argument("number", type=int, metavar="PROJECT")


@click.group("gain", short_help=_("项目的工期节约"))
def gain() -> None:
    """项目的工期节约：登记，别人核定后计入；填错了撤下重填。"""


@gain.command("enter", short_help=_("登记"))
@_project
@click.argument("days", type=int)
@click.option("--basis", required=True, help="数从哪里来")
@JSON
def enter(number: int, days: int, basis: str, as_json: bool) -> None:
    """登记项目 PROJECT（编号）的工期节约 DAYS 天。"""
    actor, now = acting_now()
    from ronghe.domain.benefits.services.gains import enter_gain

    project = _seen(actor, number, now)
    made = enter_gain(project=project, days=days, basis=basis, actor=actor, at=now)
    tell(_row(made), _("已登记，等别人核定后计入。"), as_json=as_json)


@gain.command("verify", short_help=_("核定"))
@_project
@JSON
def verify(number: int, as_json: bool) -> None:
    """核定项目 PROJECT（编号）的工期节约；登记的人不能核定。"""
    actor, now = acting_now()
    from ronghe.domain.benefits.services.gains import verify_gain

    made = verify_gain(gain=_standing(actor, number, now), actor=actor, at=now)
    tell(_row(made), _("已核定，项目的工期节约按这个数计一次。"), as_json=as_json)


@gain.command("withdraw", short_help=_("撤下"))
@_project
@click.option("--reason", required=True, help="为什么撤下")
@JSON
def withdraw(number: int, reason: str, as_json: bool) -> None:
    """撤下项目 PROJECT（编号）的工期节约，可以重新登记；记录留着。"""
    actor, now = acting_now()
    from ronghe.domain.benefits.services.gains import withdraw_gain

    made = withdraw_gain(gain=_standing(actor, number, now), reason=reason, actor=actor, at=now)
    tell(_row(made), _("已撤下，可以重新登记。"), as_json=as_json)


def _seen(actor: Person, number: int, now: datetime) -> Project:
    from ronghe.cli.finding import row_called
    from ronghe.domain.projects.selectors import projects_seen_by

    return row_called(number, projects_seen_by(actor, now))


def _standing(actor: Person, number: int, now: datetime) -> ScheduleGain:
    from ronghe.domain.benefits.models import ScheduleGain

    rows = ScheduleGain.objects.filter(project=_seen(actor, number, now), withdrawn_at=None)
    found = rows.select_related("project").first()
    if found is None:
        raise NotFound
    return found


def _row(made: ScheduleGain) -> dict[str, Any]:
    return {
        "id": made.pk, "project": made.project.name, "days": made.days, "is_verified": made.verified_at is not None,
        "is_withdrawn": made.withdrawn_at is not None,
    }  # fmt: skip
