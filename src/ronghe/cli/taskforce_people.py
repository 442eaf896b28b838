"""The part of `ronghe taskforce` that is about who is in a group, what it declares of itself, and what came of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import opened_files, person_called, row_called
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.taskforces.models import TaskForce


@click.command("add-member", short_help=_("编入一人或换组长"))
@NUMBER
@click.argument("who")
@click.option("--leader", is_flag=True, help="当组长，原来的组长改为组员")
@JSON
def add_member_(number: int, who: str, leader: bool, as_json: bool) -> None:
    """把各方的党员 WHO（姓名或员工号）编入小组 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.enums import MemberPart
    from ronghe.domain.taskforces.selectors import may_be_asked
    from ronghe.domain.taskforces.services.people import add_member

    force = _seen(actor, number)
    bodies = [force.parent_id, *force.sides.values_list("body_id", flat=True)]
    part = MemberPart.LEADER if leader else MemberPart.MEMBER
    made = add_member(force=force, person=person_called(who, may_be_asked(bodies, now)), part=part, actor=actor, at=now)
    said = _("组长已换。") if leader else _("已编入小组。")
    tell({"id": made.pk, "person": made.person.name, "part": made.part}, said, as_json=as_json)


@click.command("remove-member", short_help=_("退出小组"))
@NUMBER
@click.argument("member", type=int)
@JSON
def remove_member_(number: int, member: int, as_json: bool) -> None:
    """让编号 MEMBER 的组员（见 show）今天退出小组 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.models import ForceMember
    from ronghe.domain.taskforces.services.people import remove_member

    rows = ForceMember.objects.filter(task_force=_seen(actor, number), valid_until=None)
    made = remove_member(member=row_called(member, rows.select_related("person", "task_force")), actor=actor, at=now)
    tell({"id": made.pk, "person": made.person.name}, _("已退出小组。"), as_json=as_json)


@click.command("describe", short_help=_("改特色、品牌、阵地"))
@NUMBER
@click.option("--feature", help="特色")
@click.option("--brand", help="品牌")
@click.option("--place", "base_place", help="阵地在哪里")
@click.option("--place-note", "base_note", help="阵地的说明")
@click.option("--messenger", "messenger_url", help="工作群的地址")
@JSON
def describe(number: int, as_json: bool, **said: str | None) -> None:
    """改小组 NUMBER 自己写的特色、品牌、阵地；没有写的不动。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.services.running import describe_task_force

    changes = {name: value for name, value in said.items() if value is not None}
    made = describe_task_force(force=_seen(actor, number), actor=actor, at=now, **changes)
    tell(_force(made), _("已存下。"), as_json=as_json)


@click.command("mark", short_help=_("给品牌配图"))
@NUMBER
@click.argument("file", type=IN_FILE)
@JSON
def mark(number: int, file: Path, as_json: bool) -> None:
    """给小组 NUMBER 的品牌配一张图。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.services.outcomes import set_mark
    from ronghe.domain.work.services.files import arrived_file

    with opened_files([file]) as uploads:
        made = set_mark(force=_seen(actor, number), file=arrived_file(uploads[0]), actor=actor, at=now)
    tell(_force(made), _("已存下。"), as_json=as_json)


@click.command("track", short_help=_("记跟踪指导"))
@NUMBER
@click.option("--text", required=True, help="看到什么，怎样指导")
@click.option("--day", type=DAY, help="哪一天，不写为今天")
@JSON
def track(number: int, text: str, day: datetime | None, as_json: bool) -> None:
    """记下对小组 NUMBER 的一次跟踪指导。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.taskforces.services.outcomes import track_task_force

    on = day.date() if day else timezone.localdate(now)
    made = track_task_force(force=_seen(actor, number), day=on, text=text, actor=actor, at=now)
    tell({"id": made.pk, "day": made.day}, _("已记下。"), as_json=as_json)


@click.command("reopen", short_help=_("重开难点"))
@NUMBER
@JSON
def reopen(number: int, as_json: bool) -> None:
    """重开办结了的难点 NUMBER，从提出时接着计时。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.selectors import points_seen_by
    from ronghe.domain.taskforces.services.points import reopen_point

    made = reopen_point(point=row_called(number, points_seen_by(actor, now)), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("难点已重开，继续计时。"), as_json=as_json)


@click.command("outcome-file", short_help=_("附成果材料"))
@NUMBER
@click.argument("files", nargs=-1, required=True, type=IN_FILE)
@JSON
def outcome_file(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """给收尾的小组 NUMBER 附照片或 PDF，可以几个。"""
    actor, now = acting_now()
    from ronghe.domain.taskforces.services.outcomes import add_outcome_file
    from ronghe.domain.work.services.files import arrived_file

    force = _seen(actor, number)
    with opened_files(files) as uploads:
        for upload in uploads:
            add_outcome_file(force=force, file=arrived_file(upload), actor=actor, at=now)
    tell(_force(force), _("材料已附上。"), as_json=as_json)


def _seen(actor: Person, number: int) -> TaskForce:
    from django.utils import timezone

    from ronghe.domain.taskforces.selectors import forces_seen_by

    return row_called(number, forces_seen_by(actor, timezone.now()))


def _force(found: TaskForce) -> dict[str, Any]:
    return {"id": found.pk, "name": found.name, "state": found.state, "brand": found.brand}


PEOPLE = (add_member_, remove_member_, describe, mark, track, reopen, outcome_file)
"""Commands that `ronghe taskforce` takes in."""
