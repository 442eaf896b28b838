"""`ronghe task`: what is to be done, handing it in with evidence, accepting and returning it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.work.models import Task

EPILOG = """\b
举例：
  ronghe --as wangjg task list --mine
  ronghe --as wangjg task submit 31 --note 已抽干 --photo 现场.jpg
  ronghe --as liulp task accept 31
  ronghe --as liulp task return 31 --reason 沟底还有水

\b
退出码：0 已办；1 不能办，原因见提示；2 文件或写法看不懂。
"""

STATES = ("open", "submitted", "returned", "accepted", "cancelled")

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("任务：提交、验收、退回"))
def task() -> None:
    """任务：看、提交、验收、退回。"""


@task.command("list", short_help=_("列出任务"))
@click.option("--mine", is_flag=True, help="只看我负责的")
@click.option("--state", type=click.Choice(STATES), help="只看这种状态")
@click.option("--page", default=1, show_default=True)
@_json
def list_(mine: bool, state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的任务，先到期的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.work.selectors import list_tasks

    filters = (Q(state=state) if state else Q()) & (Q(assignee=actor) if mine else Q())
    listed = list_tasks(actor, timezone.now(), filters=filters, page=page)
    if as_json:
        rows = [_row(row) for row in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        due = timezone.localtime(row.due_at)
        click.echo(f"{row.pk:>7}  {due:%Y-%m-%d %H:%M}  {row.get_state_display()}  {row.assignee.name}  {row.title}")
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@task.command("show", short_help=_("看一项任务"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一项任务和它的证据。"""
    found = _seen(acting_person(), number)
    from django.utils import timezone

    if as_json:
        _print(_whole(found))
        return
    due = timezone.localtime(found.due_at)
    click.echo(f"#{found.pk} {found.title}  {found.get_state_display()}")
    click.echo(_("责任人：%(name)s　期限：%(due)s") % {"name": found.assignee.name, "due": f"{due:%Y-%m-%d %H:%M}"})
    for words in (found.goal, found.submission_note, found.settling_note):
        if words:
            click.echo("  " + words)
    for one in _whole(found)["evidence"]:
        reused = _("（这个文件也是别的任务的证据）") if one["is_reused"] else ""
        click.echo(f"  {one['name']}  {one['media_type']}  {one['size']}{reused}")


@task.command("open", short_help=_("下达任务"))
@click.argument("title")
@click.option("--body", required=True, help="以哪个组织的名义：名称或编号")
@click.option("--who", required=True, help="交给谁：姓名或员工号")
@click.option("--due", required=True, help="期限，如 2026-12-01 17:30")
@click.option("--goal", default=None, help="做到什么样")
@_json
def open_(title: str, body: str, who: str, due: str, goal: str | None, as_json: bool) -> None:
    """把 TITLE 交给一个人办，定下期限。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import body_called, moment_said, person_called
    from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by
    from ronghe.domain.work.services.tasks import open_task
    from ronghe.domain.zones.selectors import zone_of

    now = timezone.now()
    found = body_called(body, bodies_seen_by(actor, now))
    assignee = person_called(who, people_seen_by(actor, now).filter(valid_until=None))
    made = open_task(
        title=title, goal=goal, assignee=assignee, due_at=moment_said(due), body=found, zone=zone_of(found), actor=actor,
        at=now,
    )  # fmt: skip
    _tell(_seen(actor, made.pk), _("任务已交给%(name)s。") % {"name": assignee.name}, as_json=as_json)


@task.command("cancel", short_help=_("取消任务"))
@_number
@click.option("--reason", required=True, help="为什么取消")
@_json
def cancel(number: int, reason: str, as_json: bool) -> None:
    """取消不用再办的任务。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.work.services.tasks import cancel_task

    made = cancel_task(task=_seen(actor, number), reason=reason, actor=actor, at=timezone.now())
    _tell(made, _("已取消。"), as_json=as_json)


@task.command("submit", short_help=_("提交，可附照片或 PDF"))
@_number
@click.option("--note", help="完成情况")
@click.option(
    "--photo", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="照片（JPEG、PNG、WebP）或 PDF，可写多个",
)  # fmt: skip
@_json
def submit(number: int, note: str | None, files: tuple[Path, ...], as_json: bool) -> None:
    """提交您负责的任务。

    \b
    例：ronghe --as wangjg task submit 31 --note 已抽干 --photo 现场.jpg
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.work.services.files import Upload
    from ronghe.domain.work.services.tasks import submit_task

    found = _seen(actor, number)
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        submit_task(task=found, actor=actor, at=timezone.now(), note=note, uploads=uploads)
    _tell(found, _("已提交，等待验收。"), as_json=as_json)


@task.command("accept", short_help=_("验收"))
@_number
@_json
def accept(number: int, as_json: bool) -> None:
    """验收一项已提交的任务；不能验收自己负责的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.work.services.tasks import accept_task

    found = _seen(actor, number)
    accept_task(task=found, actor=actor, at=timezone.now())
    _tell(found, _("已验收。"), as_json=as_json)


@task.command("return", short_help=_("退回"))
@_number
@click.option("--reason", required=True, help="为什么退回")
@_json
def return_(number: int, reason: str, as_json: bool) -> None:
    """退回一项已提交的任务，写明原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.work.services.tasks import return_task

    found = _seen(actor, number)
    return_task(task=found, reason=reason, actor=actor, at=timezone.now())
    _tell(found, _("已退回。"), as_json=as_json)


def _seen(actor: Person, number: int) -> Task:
    from django.utils import timezone

    from ronghe.domain.work.selectors import tasks_seen_by

    found = tasks_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(found: Task) -> dict[str, Any]:
    return {
        "id": found.pk,
        "title": found.title,
        "state": found.state,
        "assignee": found.assignee.name,
        "body": found.body.name,
        "zone": found.zone.name if found.zone else None,
        "due_at": found.due_at.isoformat(),
    }


def _whole(found: Task) -> dict[str, Any]:
    from ronghe.domain.work.selectors import evidence_of

    evidence = [
        {"id": one.pk, "name": one.name, "media_type": one.file.media_type, "size": one.file.size, "round": one.round,
         "is_reused": one.is_reused, "sha256": one.file.sha256}
        for one in evidence_of(found)
    ]  # fmt: skip
    return {
        **_row(found),
        "goal": found.goal,
        "round": found.round,
        "is_on_time": found.is_on_time,
        "submission_note": found.submission_note,
        "settling_note": found.settling_note,
        "evidence": evidence,
    }


def _tell(found: Task, said: str, *, as_json: bool) -> None:
    _print(_whole(found)) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
