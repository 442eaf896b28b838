"""`ronghe claim`: claim sheets; their tasks are taken on and done with `ronghe item`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.claims.models import ClaimSheet
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as shuji claim new --force 2
  ronghe --as shuji claim add 1 --title 视频与周界联动 --goal "12 路联动" --due "2026-12-20 18:00" \\
      --qhse 登高系挂 --project 误报率低于2% --member 教会每名值守员工 --responsibility 漏报追到点位
  ronghe --as shuji claim publish 1
  ronghe --as dangyuan item step 31 claim
  ronghe --as shuji claim print 1 清单.pdf
"""
_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("任务领办清单：分解、发布、签字、打印"))
def claim() -> None:
    """任务领办清单：把难点分解成任务，发布、签字、打印。领办和交验用 ronghe item。"""


@claim.command("list", short_help=_("列出清单"))
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@_json
def list_(all_: bool, as_json: bool) -> None:
    """列出您能看到的领办清单，新的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.claims.selectors import list_sheets

    listed = list_sheets(actor, timezone.now(), filters=Q() if all_ else ~Q(state="closed"), size=50)
    if as_json:
        _print([_row(sheet) for sheet in listed])
        return
    for sheet in listed:
        click.echo(f"{sheet.pk:>6}  {sheet.get_state_display()}  {sheet.title}  {sheet.body.name}")


@claim.command("show", short_help=_("看一张清单"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一张清单：任务、领办人、签字、状态。"""
    sheet = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.claims.rules import CLAIM_TASK
    from ronghe.domain.claims.selectors import view_of

    view = view_of(sheet, timezone.now())
    if as_json:
        tasks = [{"item": line.item.pk, "title": line.item.title, "state": line.item.state} for line in view.lines]
        _print(_row(sheet) | {"tasks": tasks, "accepted": view.counts.accepted, "overdue": view.counts.overdue})
        return
    click.echo(f"{sheet.title}  {sheet.get_state_display()}")
    for line in view.lines:
        owner = line.item.owner.name if line.item.owner else "—"
        state = _(CLAIM_TASK.state_by_id[line.item.state].title)
        click.echo(f"{line.number:>3}  #{line.item.pk}  {state}  {owner}  {line.item.title}")


@claim.command("free", short_help=_("我可以领办的任务"))
@_json
def free(as_json: bool) -> None:
    """列出等人领办、您可以领办的任务。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.selectors import claimable_by

    rows = list(claimable_by(actor, timezone.now())[:50])
    if as_json:
        _print([{"id": row.pk, "title": row.title} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>7}  {row.title}  {row.body.name}")


@claim.command("new", short_help=_("起一张清单"))
@click.option("--force", type=int, help="攻关党小组的编号")
@click.option("--body", help="不属于攻关党小组时写党组织：名称或编号")
@click.option("--title", default="", help="清单名称，攻关党小组的可不写")
@_json
def new(force: int | None, body: str | None, title: str, as_json: bool) -> None:
    """起一张领办清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.selectors import bodies_to_split, forces_to_split
    from ronghe.domain.claims.services.sheets import draw_up_sheet

    now = timezone.now()
    group = forces_to_split(actor, now).filter(pk=force).first() if force is not None else None
    if force is not None and group is None:
        raise NotFound
    if group is not None and group.body is not None:
        made = draw_up_sheet(title=title or group.name, body=group.body, force=group, actor=actor, at=now)
    else:
        chosen = body_called(body or "", bodies_to_split(actor, now))
        made = draw_up_sheet(title=title, body=chosen, actor=actor, at=now)
    _tell(made, _("清单已起好，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@claim.command("add", short_help=_("分解一项任务"))
@_number
@click.option("--title", required=True, help="任务")
@click.option("--goal", required=True, help="目标")
@click.option("--due", required=True, help="时限，如 2026-12-20 18:00")
@click.option("--point", type=int, help="难点的编号")
@click.option("--qhse", required=True, help="QHSE 职责")
@click.option("--project", required=True, help="项目职责")
@click.option("--member", required=True, help="党员职责")
@click.option("--responsibility", required=True, help="责任")
@_json
def add(
    number: int, title: str, goal: str, due: str, point: int | None, qhse: str, project: str, member: str,
    responsibility: str, as_json: bool,
) -> None:  # fmt: skip
    """给清单加一项任务，三责写全。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.services.sheets import TaskText, add_task
    from ronghe.domain.taskforces.models import DifficultPoint

    sheet = _seen(actor, number)
    of_force = DifficultPoint.objects.filter(task_force=sheet.force_id)
    found = of_force.filter(pk=point).first() if point is not None else None
    if point is not None and found is None:
        raise NotFound
    values = {"qhse_duty": qhse, "project_duty": project, "member_duty": member, "responsibility": responsibility}
    made = add_task(
        sheet=sheet, task=TaskText(title, goal, moment_said(due), values, found), actor=actor, at=timezone.now()
    )
    _tell(sheet, _("任务已加到清单上，事项编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@claim.command("publish", short_help=_("发布"))
@_number
@_json
def publish(number: int, as_json: bool) -> None:
    """发布清单，任务可以领办了；改过以后再发布就是新的一版。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.services.sheets import publish_sheet

    sheet = _seen(actor, number)
    version = publish_sheet(sheet=sheet, actor=actor, at=timezone.now())
    _tell(sheet, _("第 %(number)s 版已发布。") % {"number": version.number}, as_json=as_json)


@claim.command("sign", short_help=_("代表一方签字"))
@_number
@_json
def sign(number: int, as_json: bool) -> None:
    """代表您任书记、副书记的一方签字。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.rules import SIGN_FOR_BODY
    from ronghe.domain.claims.selectors import sides_of
    from ronghe.domain.claims.services.sheets import sign_sheet
    from ronghe.kernel.errors import NotAllowed

    now, sheet = timezone.now(), _seen(actor, number)
    mine = [side for side in sides_of(sheet) if SIGN_FOR_BODY.allows(actor, side, at=now)]
    if not mine:
        raise NotAllowed
    sign_sheet(sheet=sheet, body=mine[0], actor=actor, at=now)
    _tell(sheet, _("已代表%(body)s签字。") % {"body": mine[0].name}, as_json=as_json)


@claim.command("close", short_help=_("办结"))
@_number
@_json
def close(number: int, as_json: bool) -> None:
    """任务都验收或撤下以后，办结清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.claims.services.sheets import close_sheet

    sheet = _seen(actor, number)
    close_sheet(sheet=sheet, actor=actor, at=timezone.now())
    _tell(sheet, _("清单已办结。"), as_json=as_json)


@claim.command("print", short_help=_("存成 Word 或 PDF"))
@_number
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def print_(number: int, file: Path) -> None:
    """把清单存成 FILE（.docx 或 .pdf）。"""
    sheet = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.claims.documents import sheet_document
    from ronghe.domain.claims.selectors import view_of
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    now = timezone.now()
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = sheet_document(view_of(sheet, now), printed_on=local_day(now))
    file.write_bytes(issued(document, form, at=now, source=sheet, layout=GBT_9704_LANDSCAPE))
    click.echo(_("已存到 %(file)s。") % {"file": file})


def _seen(actor: Person, number: int) -> ClaimSheet:
    from django.utils import timezone

    from ronghe.domain.claims.selectors import sheets_seen_by

    found = sheets_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(sheet: ClaimSheet) -> dict[str, Any]:
    return {
        "id": sheet.pk, "title": sheet.title, "body": sheet.body.name, "state": sheet.state, "version": sheet.version,
    }  # fmt: skip


def _tell(sheet: ClaimSheet, words: str, *, as_json: bool) -> None:
    if as_json:
        _print(_row(sheet))
    else:
        click.echo(words)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
