"""`ronghe run`: appraisals on the platform, from start to final; recorded under the name given with `--as`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.run_remarks import COMMANDS
from ronghe.cli.run_trials import TRIALS
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.appraisal.models import Run
    from ronghe.domain.org.models import PartyOrg, Person
    from ronghe.domain.playbooks.calc.model import Playbook

STOPPED = 1

EPILOG = """\b
举例：
  ronghe --as shenqing run start --body 采油一厂党委 --playbook daqing_zone --sheet zone_quarter --period 2026Q3
  ronghe --as shenqing run list --json
  ronghe --as shenqing run publish 12
  ronghe --as shenqing run finalize 12
  ronghe --as shenqing run export 12 --out 三季度.xlsx

\b
退出码：0 办好；1 不能办（句子里写明原因）或停下来等人裁定；2 写法不对或读不懂。
"""


class BodyUnknown(DomainError):
    code = "body_unknown"
    sentence = N_("没有党组织“%(name)s”，或者您不能查看。同名的请写编号。")


@click.group(epilog=EPILOG, short_help=_("考评：开始、公示、定稿、导出"))
def run() -> None:
    """考评：开始、公示、定稿、导出。"""


for _command in COMMANDS:
    run.add_command(_command)


def _json_option(command: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")(command)


@run.command("start", short_help=_("开始一次考评并算出草稿"))
@click.option("--body", required=True, metavar="NAME|ID", help="给哪个党组织及其下级考评。")
@click.option("--playbook", "playbook_name", required=True, metavar="ID|FILE", help="采用中的范本，或范本文件。")
@click.option("--sheet", "sheet_id", required=True, metavar="ID")
@click.option("--period", required=True, metavar="PERIOD", help="2026Q3、2026 或 2026-03。")
@click.option("--background", is_flag=True, help="交给后台任务去算。")
@_json_option
def start(*, body: str, playbook_name: str, sheet_id: str, period: str, background: bool, as_json: bool) -> None:
    """开始一次考评：封存、取数、计分，成为草稿。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.services.runs import start_run
    from ronghe.domain.appraisal.tasks import compute

    found = start_run(
        body=_body(actor, body), playbook=_playbook(playbook_name), sheet_id=sheet_id, period=period, actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    if background:
        compute.enqueue(run_id=found.pk)
        _tell(found, as_json=as_json)
        return
    _compute_and_tell(found, as_json=as_json)


@run.command("compute", short_help=_("把草稿重算一遍"))
@click.argument("run_id", type=int, metavar="RUN")
@_json_option
def compute_again(*, run_id: int, as_json: bool) -> None:
    """重算草稿或待裁定的考评，算进之后补记的事实。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.services.computing import recompute_run

    _compute_and_tell(recompute_run(run=found, actor=actor, at=timezone.now()), as_json=as_json)


@run.command("settle", short_help=_("裁定并列的先后"))
@click.argument("run_id", type=int, metavar="RUN")
@click.argument("subjects", nargs=-1, required=True, type=int, metavar="SUBJECT…")
@_json_option
def settle(*, run_id: int, subjects: tuple[int, ...], as_json: bool) -> None:
    """记下评议给并列的对象定的先后（SUBJECT 按先后写编号），随即重算。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.services.computing import recompute_run
    from ronghe.domain.appraisal.services.evidence import settle_question

    now = timezone.now()
    places = {subject: place for place, subject in enumerate(subjects, start=1)}
    settle_question(run=found, places=places, actor=actor, at=now)
    _compute_and_tell(recompute_run(run=found, actor=actor, at=now), as_json=as_json)


@run.command("list", short_help=_("列出考评"))
@click.option("--period", default="", metavar="PERIOD")
@click.option("--state", default="", metavar="STATE")
@_json_option
def list_runs(*, period: str, state: str, as_json: bool) -> None:
    """列出能看到的考评，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.runs import runs_seen_by

    listed = runs_seen_by(actor, timezone.now(), period=period, state=state, size=100)
    if as_json:
        _print_json({"runs": [_as_data(found) for found in listed], "count": listed.count})
        return
    from ronghe.domain.appraisal.selectors.sheets import title_of

    for found in listed:
        click.echo(
            f"{found.pk:>5}  {found.period:<8} {found.get_state_display()}  {title_of(found)}  {found.body.name}"
        )


@run.command("show", short_help=_("显示一次考评的结果"))
@click.argument("run_id", type=int, metavar="RUN")
@_json_option
def show(*, run_id: int, as_json: bool) -> None:
    """显示一次考评：状态、摘要、结果。只显示您能看的。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.results import results_seen_by
    from ronghe.domain.appraisal.selectors.sheets import grade_titles, score_shown, sheet_of_run

    page = results_seen_by(actor, found, timezone.now(), limit=1_000_000)
    if as_json:
        results = [
            {
                "subject": str(named.row.subject), "name": named.name, "total": _exact(named.row.score),
                "grade": named.row.grade, "rank": named.row.rank, "vetoes": list(named.row.vetoes),
                "notes": list(named.row.notes),
            }
            for named in page.rows
        ]  # fmt: skip
        _print_json({**_as_data(found), "results": results})
        return
    _tell(found, as_json=False)
    sheet = sheet_of_run(found)
    titles = grade_titles(sheet)
    for named in page.rows:
        row = named.row
        rank = "—" if row.rank is None else row.rank
        notes = " ".join(row.notes)
        click.echo(
            f"{rank:>4}  {score_shown(sheet, row.score):>9}  {titles.get(row.grade or '', '—')}  {named.name}  {notes}"
        )


@run.command("explain", short_help=_("说明一个对象的得分"))
@click.argument("run_id", type=int, metavar="RUN")
@click.argument("subject", type=int, metavar="SUBJECT")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.pdf", help="存成 PDF。")
@_json_option
def explain(*, run_id: int, subject: int, pdf: Path | None, as_json: bool) -> None:
    """逐项说明一个对象的得分，直到事实编号；按留存的依据算。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.cli.score import tree_lines
    from ronghe.domain.appraisal.selectors.explaining import explained_for

    if pdf is not None:
        from ronghe.domain.appraisal.documents import explanation_document
        from ronghe.kernel.printing import PaperForm
        from ronghe.kernel.printing.register import issued

        now = timezone.now()
        document = explanation_document(actor, found, subject, now)
        pdf.write_bytes(issued(document, PaperForm.PDF, at=now, source=found))
        click.echo(_("已存到 %(file)s。") % {"file": pdf})
        return
    explanation = explained_for(actor, found, subject, timezone.now())
    if as_json:
        _print_json(explanation.tree)
        return
    for line in tree_lines(explanation.tree):
        click.echo(line)


@run.command("publish", short_help=_("公示草稿"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--workdays", type=int, metavar="N", help="公示几个工作日；默认 5 个。")
@_json_option
def publish(*, run_id: int, workdays: int | None, as_json: bool) -> None:
    """公示草稿，从下一个工作日起算。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS
    from ronghe.domain.appraisal.services.runs import publish_run

    days = PUBLICITY_WORKDAYS if workdays is None else workdays
    _tell(publish_run(run=found, actor=actor, at=timezone.now(), workdays=days), as_json=as_json)


@run.command("finalize", short_help=_("公示期满后定稿封存"))
@click.argument("run_id", type=int, metavar="RUN")
@_json_option
def finalize(*, run_id: int, as_json: bool) -> None:
    """公示期满后定稿：结果不能再改，摘要记成事实并封存。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.services.runs import finalize_run

    _tell(finalize_run(run=found, actor=actor, at=timezone.now()), as_json=as_json)


@run.command("withdraw", short_help=_("撤回没有定稿的考评"))
@click.argument("run_id", type=int, metavar="RUN")
@_json_option
def withdraw(*, run_id: int, as_json: bool) -> None:
    """撤回没有定稿的考评。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.services.runs import withdraw_run

    _tell(withdraw_run(run=found, actor=actor, at=timezone.now()), as_json=as_json)


@run.command("replace", short_help=_("更正已定稿的考评"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--reason", required=True, metavar="TEXT", help="为什么更正。")
@click.option("--playbook", "playbook_name", metavar="ID|FILE", help="换一版范本；不写就按原来那一版。")
@_json_option
def replace(*, run_id: int, reason: str, playbook_name: str | None, as_json: bool) -> None:
    """开始一次更正：原来的定稿不动，新的一次写明替换了哪一次。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.kept import playbook_kept
    from ronghe.domain.appraisal.services.runs import replace_run

    playbook = _playbook(playbook_name) if playbook_name else playbook_kept(found)
    corrected = replace_run(run=found, playbook=playbook, reason=reason, actor=actor, at=timezone.now())
    _compute_and_tell(corrected, as_json=as_json)


@run.command("export", short_help=_("把结果存成 Excel"))
@click.argument("run_id", type=int, metavar="RUN")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE.xlsx")
def export(*, run_id: int, out: Path) -> None:
    """把能看到的结果存成 Excel：结果、计分办法、依据与封存。"""
    actor, found = _found(run_id)
    from django.utils import timezone

    from ronghe.domain.appraisal.calc.workbook import write_results_workbook
    from ronghe.domain.appraisal.selectors.reports import report_for

    report, lines = report_for(actor, found, timezone.now())
    write_results_workbook(out, report, lines)
    click.echo(_("已存到 %(file)s。") % {"file": out})


for _command in TRIALS:
    run.add_command(_command)


def _found(run_id: int) -> tuple[Person, Run]:
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.runs import run_seen_by

    return actor, run_seen_by(actor, run_id, timezone.now())


def _body(actor: Person, name: str) -> PartyOrg:
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by

    bodies = bodies_seen_by(actor, timezone.now())
    found = list((bodies.filter(pk=int(name)) if name.isdigit() else bodies.filter(name=name))[:2])
    if len(found) != 1:
        raise BodyUnknown(name=name)
    return found[0]


def _playbook(name: str) -> Playbook:
    """A file is read as it is; an id is the latest version that a body adopted, else the shipped one."""
    from ronghe.cli.score import read_playbook
    from ronghe.domain.appraisal.selectors.playbooks import playbook_named

    return read_playbook(Path(name)) if Path(name).suffix in {".yaml", ".yml"} else playbook_named(name)


def _compute_and_tell(found: Run, *, as_json: bool) -> None:
    from django.utils import timezone

    from ronghe.domain.appraisal.tasks import compute_or_note

    compute_or_note(run=found, at=timezone.now())
    _tell(found, as_json=as_json)
    if found.open_questions:
        raise click.exceptions.Exit(STOPPED)


def _tell(found: Run, *, as_json: bool) -> None:
    if as_json:
        _print_json(_as_data(found))
        return
    from ronghe.domain.appraisal.selectors.sheets import title_of

    click.echo(f"#{found.pk}  {title_of(found)}  {found.period}  {found.get_state_display()}")
    if found.subject_count is not None:
        click.echo(_("%(count)s 个对象，截止序号 %(seq)s，结果摘要 %(digest)s") % {
            "count": found.subject_count, "seq": found.cutoff_seq, "digest": found.results_digest,
        })  # fmt: skip
    if found.is_published:
        click.echo(_("公示 %(first)s 至 %(last)s") % {"first": found.notice_from, "last": found.notice_last_on})
    for question in found.open_questions:
        click.echo(question["message"], err=True)
    if found.failure:
        click.echo(_("没有算成：%(why)s") % {"why": found.failure}, err=True)


def _as_data(found: Run) -> dict[str, Any]:
    return {
        "id": found.pk, "body": found.body_id, "playbook": found.playbook_reference, "sheet": found.sheet_id,
        "period": found.period, "level": found.level, "state": found.state, "stage": found.stage,
        "progress": found.progress, "subjects": found.subject_count, "cutoff_seq": found.cutoff_seq,
        "inputs_digest": found.inputs_digest, "results_digest": found.results_digest,
        "questions": found.open_questions, "failure": found.failure,
        "notice_from": found.notice_from.isoformat() if found.notice_from else None,
        "notice_last_on": found.notice_last_on.isoformat() if found.notice_last_on else None,
        "replaces": found.replaces_id,
    }  # fmt: skip


def _exact(score: int | None) -> str | None:
    from ronghe.scoring.exact import text

    return None if score is None else text(score)


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
