"""`ronghe control`: 项目管控 — projects, the structure of acceptance, processes. Reviews and registers lie beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.control_finding import project_called
from ronghe.cli.control_register import REGISTER_COMMANDS
from ronghe.cli.control_reviews import REVIEW_COMMANDS
from ronghe.cli.control_structure import STRUCTURE_COMMANDS
from ronghe.cli.finding import opened_files, row_called
from ronghe.cli.telling import IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _, listed

if TYPE_CHECKING:
    from ronghe.domain.control.models import WorkProcess
    from ronghe.domain.control.selectors.home import ProjectLine

EPILOG = """\b
举例：
  ronghe --as xiequ control list
  ronghe --as dangyuan control todo
  ronghe --as dangyuan control act 12 self --note 坡度合格 --photo 沟底.jpg
  ronghe --as xiequ control act 12 rate
  ronghe --as xiequ control import 1 工序.xlsx --check
  ronghe --as xiequ control losses 1

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
ACTS = (
    "start",
    "self",
    "mutual",
    "special",
    "tell",
    "standby",
    "accept",
    "return",
    "reopen",
    "rate",
    "rate-plain",
    "undo",
)


@click.group("control", epilog=EPILOG, short_help=_("项目管控"))
def control() -> None:
    """项目的工序验收和评级、审图、三查四定、窝工返工、外部审批。意见、问题、认定的步骤用 ronghe item step。"""


@control.command("list", short_help=_("各项目的管控数字"))
@click.option("--words", default="", help="名称、地点里有这些字的")
@click.option("--zone", type=int, help="只看这个协作区服务的项目（编号）")
@JSON
def list_(words: str, zone: int | None, as_json: bool) -> None:
    """列出您能看到的项目：验收、优质、无事故天数、审图、窝工返工、外部审批。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.home import lines_of, list_control

    now = timezone.now()
    lines = lines_of(list_control(actor, now, words=words, zone=zone, size=500).rows, now)
    words_of = [
        f"{one['id']:>6}  {one['accepted']:>4}/{one['all']:<4}  {one['excellent']:>4}/{one['all']:<4}  {one['name']}"
        for one in map(_line, lines)
    ]
    tell([_line(one) for one in lines], "\n".join(words_of) or _("没有您能看到的项目。"), as_json=as_json)


@control.command("show", short_help=_("看一个项目的管控"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的项目：验收划分和各级数字，还差什么才具备投产条件。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.home import lines_of
    from ronghe.domain.control.selectors.readiness import standing_of_project
    from ronghe.domain.control.selectors.structure import flattened, tree_of

    found = project_called(actor, number)
    [line] = lines_of([found], timezone.now())
    nodes, standing = flattened(tree_of(found)), standing_of_project(found)
    gaps = [gap.words for gap in standing.gaps]
    said = [
        _("已验收 %(accepted)s / %(all)s，优质 %(excellent)s / %(all)s") % _line(line),
        *(f"{'  ' * node.depth}{node.part.name}  {node.tally.accepted}/{node.tally.all}" for node in nodes),
        _("具备投产条件：已确认") if standing.is_ready else _("还差：%(gaps)s") % {"gaps": listed(gaps) or "—"},
    ]
    parts = [
        {"id": node.part.pk, "name": node.part.name, "depth": node.depth, "all": node.tally.all,
         "accepted": node.tally.accepted, "excellent": node.tally.excellent}
        for node in nodes
    ]  # fmt: skip
    tell({**_line(line), "parts": parts, "gaps": gaps, "is_ready": standing.is_ready}, "\n".join(said), as_json=as_json)


@control.command("todo", short_help=_("现在等您检查、验收的工序"))
@click.option("--project", type=int, help="只看这个项目（编号）")
@JSON
def todo(project: int | None, as_json: bool) -> None:
    """列出现在就能检查、等您验收的工序；前面没验收的不在里面。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.structure import processes_to_accept, processes_to_check

    now, found = timezone.now(), project_called(actor, project) if project is not None else None
    rows = [*processes_to_accept(actor, now, found)[:200], *processes_to_check(actor, now, found)[:200]]
    _tell_rows(rows, as_json=as_json)


@control.command("processes", short_help=_("列出工序"))
@NUMBER
@click.option("--state", default="", help="只看这个状态，如 submitted、accepted、open")
@click.option("--point", default="", help="只看这种控制点：hold、witness、standby、ordinary")
@click.option("--rating", default="", help="只看这个评级：excellent、plain、unrated")
@JSON
def processes(number: int, state: str, point: str, rating: str, as_json: bool) -> None:
    """列出编号 NUMBER 的项目的工序。"""
    found = project_called(acting_person(), number)
    from ronghe.domain.control.selectors.structure import processes_of

    _tell_rows(list(processes_of(found, state=state, point=point, rating=rating)), as_json=as_json)


@control.command("act", short_help=_("检查、验收、评级"))
@NUMBER
@click.argument("act", type=click.Choice(ACTS))
@click.option("--note", default="", help="说明")
@click.option("--measured", type=int, default=0, help="实测点")
@click.option("--passed", type=int, default=0, help="合格点")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片（JPEG、PNG、WebP）或 PDF，可写多个")
@JSON
def act_(number: int, act: str, note: str, measured: int, passed: int, files: tuple[Path, ...], as_json: bool) -> None:
    """对编号 NUMBER 的工序做一步：开始、自检、互检、专检、通知见证、旁站、验收、退回、返工、评级、撤回。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.moving import Shown

    found = _process(number)
    with opened_files(files) as uploads:
        _acts()[act](found, actor, timezone.now(), Shown(note, uploads, measured, passed))
    fresh = _process(number)
    tell(_row(fresh), _("#%(pk)s %(name)s：%(state)s") % _row(fresh), as_json=as_json)


@control.command("rate", short_help=_("几道一起评为优质"))
@NUMBER
@click.argument("chosen", nargs=-1, type=int, metavar="PROCESS...")
@JSON
def rate(number: int, chosen: tuple[int, ...], as_json: bool) -> None:
    """把编号 NUMBER 的项目里已验收的工序评为优质；不写哪几道，就是所有还没评的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.structure import processes_of
    from ronghe.domain.control.services.rating import rate_many

    rows = processes_of(project_called(actor, number), rating="" if chosen else "unrated")
    wanted = list(rows.filter(pk__in=chosen) if chosen else rows)
    done, refused = rate_many(processes=wanted, actor=actor, at=timezone.now())
    said = [_("%(count)s 道工序已评为优质。") % {"count": done}, *refused]
    tell({"done": done, "refused": refused}, "\n".join(said), as_json=as_json)


@control.command("import", short_help=_("从 Excel 导入工序"))
@NUMBER
@click.argument("file", type=IN_FILE)
@click.option("--check", "only_check", is_flag=True, help="只看有没有问题，不写入")
@JSON
def import_(number: int, file: Path, only_check: bool, as_json: bool) -> None:
    """把 Excel 文件里的验收划分和工序写进编号 NUMBER 的项目；有一处不对就什么也不写。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.reading import read_structure
    from ronghe.domain.control.services.structure import build_structure

    found, now = project_called(actor, number), timezone.now()
    preview = read_structure(file, file.name, actor, now)
    if only_check:
        problems = [f"{one.cell} {one.head}{one.why}" for one in preview.problems]
        said = "\n".join(problems) or _("%(count)s 道工序都可以导入。") % {"count": len(preview.rows)}
        tell({"rows": len(preview.rows), "problems": problems}, said, as_json=as_json)
        return
    made = build_structure(project=found, rows=preview.plan(), actor=actor, at=now)
    tell({"processes": len(made)}, _("已写入 %(count)s 道工序。") % {"count": len(made)}, as_json=as_json)


@control.command("copy", short_help=_("从别的项目复制验收划分和工序"))
@NUMBER
@click.option("--from", "source", required=True, type=int, help="从哪个项目（编号）")
@JSON
def copy(number: int, source: int, as_json: bool) -> None:
    """把另一个项目的验收划分和工序复制到编号 NUMBER 的项目，都是未开始。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.structure import copy_structure

    made = copy_structure(
        source=project_called(actor, source), project=project_called(actor, number), actor=actor, at=timezone.now()
    )
    tell({"processes": len(made)}, _("已写入 %(count)s 道工序。") % {"count": len(made)}, as_json=as_json)


for _command in (*REVIEW_COMMANDS, *REGISTER_COMMANDS, *STRUCTURE_COMMANDS):
    control.add_command(_command)


def _acts() -> dict[str, Any]:
    from ronghe.domain.control.enums import Check
    from ronghe.domain.control.services import accepting, checking, rating

    def checked(check: Check) -> Any:
        return lambda one, actor, at, shown: checking.check_process(
            process=one, check=check, actor=actor, at=at, shown=shown
        )

    def shown_to(service: Any) -> Any:
        return lambda one, actor, at, shown: service(process=one, actor=actor, at=at, shown=shown)

    def rated(*, is_excellent: bool) -> Any:
        return lambda one, actor, at, shown: rating.rate_process(
            process=one, is_excellent=is_excellent, actor=actor, at=at, words=shown.note
        )

    return {
        "start": shown_to(checking.start_process),
        "self": checked(Check.SELF),
        "mutual": checked(Check.MUTUAL),
        "special": checked(Check.SPECIAL),
        "tell": lambda one, actor, at, shown: checking.tell_witness(process=one, actor=actor, at=at, words=shown.note),
        "standby": shown_to(accepting.stand_by),
        "accept": shown_to(accepting.accept_process),
        "return": shown_to(checking.send_back),
        "reopen": shown_to(accepting.reopen_process),
        "rate": rated(is_excellent=True),
        "rate-plain": rated(is_excellent=False),
        "undo": lambda one, actor, at, _shown: checking.take_back(process=one, actor=actor, at=at),
    }


def _process(number: int) -> WorkProcess:
    from django.utils import timezone

    from ronghe.domain.control.selectors.structure import processes_seen_by

    return row_called(number, processes_seen_by(acting_person(), timezone.now()))


def _row(one: WorkProcess) -> dict[str, Any]:
    from ronghe.domain.control.selectors.structure import path_of

    return {
        "id": one.pk, "pk": one.pk, "name": one.name, "path": " › ".join(path_of(one.part)), "number": one.number,
        "point": one.point, "state": one.get_state_display(), "code": one.state, "is_excellent": one.is_excellent,
        "round": one.round, "reworks": one.reworks,
    }  # fmt: skip


def _tell_rows(rows: list[WorkProcess], *, as_json: bool) -> None:
    told = [_row(one) for one in rows]
    words = [f"{one['id']:>7}  {one['state']:<6}  {one['path']} › {one['name']}" for one in told]
    tell(told, "\n".join(words) or _("没有工序。"), as_json=as_json)


def _line(line: ProjectLine) -> dict[str, Any]:
    accidents, pollution = line.counters
    return {
        "id": line.project.pk, "name": line.project.name, "all": line.tally.all, "accepted": line.tally.accepted,
        "excellent": line.tally.excellent, "unattended": line.tally.unattended, "reworks": line.tally.reworks,
        "free_of_accidents": accidents.days, "free_of_pollution": pollution.days, "review_days": line.review_days,
        "reviews_open": line.reviews_open, "open_points": line.open_points, "loss_hours": line.loss_hours,
        "loss_yuan": line.loss_yuan, "approvals_open": line.approvals_open, "approvals_late": line.approvals_late,
        "is_ready": line.is_ready,
    }  # fmt: skip
