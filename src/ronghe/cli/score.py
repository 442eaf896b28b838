"""`ronghe score`: a score sheet over files, with no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import click

from ronghe.kernel.errors import DomainError
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_, _, listed

if TYPE_CHECKING:
    from ronghe.domain.playbooks.calc.model import Playbook
    from ronghe.scoring.run import RunResult

DONE, STOPPED, UNREADABLE = 0, 1, 2

EPILOG = """\b
举例：
  ronghe score run --playbook playbooks/samples/member_points.yaml --facts facts.jsonl --period 2026
  ronghe score run --playbook 我的范本.yaml --sheet branch_quarter --facts 三季度.csv \\
      --subjects 支部.csv --period 2026Q3 --out 三季度.xlsx
  ronghe score run --playbook 我的范本.yaml --facts 三季度.csv --period 2026Q3 --explain B12

\b
退出码：0 算完；1 停下来等人裁定（名额界限上同分）；2 文件、评分表或期间读不懂。
"""


class PlaybookWrong(DomainError):
    code = "playbook_wrong"
    sentence = N_("范本有错，没有计分：")
    status = 422


@click.group(short_help=_("按评分表计分，不用数据库"))
def score() -> None:
    """按评分表计分，不用数据库。"""


_FILE = click.Path(path_type=Path, dir_okay=False)


@score.command("run", epilog=EPILOG, short_help=_("对事实文件计分"))
@click.option("--playbook", "playbook_path", type=_FILE, required=True, metavar="FILE", help="范本文件（YAML）。")
@click.option("--sheet", "sheet_id", metavar="ID", help="评分表；范本里只有一张时可省。")
@click.option(
    "--facts",
    "facts",
    type=_FILE,
    required=True,
    multiple=True,
    metavar="FILE…",
    help="事实：JSON Lines、CSV 或 Parquet；可以写几次。",
)
@click.option("--subjects", type=_FILE, metavar="FILE", help="评分对象：subject, level, body, category, from, until。")
@click.option("--obligations", type=_FILE, metavar="FILE", help="应办事项；不给时按范本的制度和日历推出。")
@click.option("--previous", type=_FILE, metavar="FILE", help="上期结果，用于结转和限制升降。")
@click.option("--period", required=True, metavar="PERIOD", help="2026Q3、2026 或 2026-03。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，数字为精确的十进制文字。")
@click.option("--explain", "explained", metavar="SUBJECT", help="逐项说明一个对象的得分，直到事实。")
@click.option("--out", type=_FILE, metavar="FILE.xlsx", help="另存为 Excel。")
@click.argument("more_facts", nargs=-1, type=_FILE, metavar="")
def run(
    *, playbook_path: Path, sheet_id: str | None, facts: tuple[Path, ...], more_facts: tuple[Path, ...],
    subjects: Path | None, obligations: Path | None, previous: Path | None, period: str, as_json: bool,
    explained: str | None, out: Path | None,
) -> None:  # fmt: skip
    """对事实文件计分，打印位次、等次、否决和说明。"""
    try:
        playbook = read_playbook(playbook_path)
        found = _scored(
            playbook, sheet_id=sheet_id, period=period, facts=[*facts, *more_facts], subjects=subjects,
            obligations=obligations, previous=previous,
        )  # fmt: skip
        answer = _explained(found, explained) if explained is not None else found.as_json()
        if out is not None:
            _save(out, playbook, found)
    except DomainError as error:
        _refuse(error, as_json=as_json)
    if as_json:
        _print_json(answer)
    elif explained is not None:
        _print_tree(answer)
    else:
        _print_table(playbook, found)
    if explained is None and out is not None and not as_json:
        click.echo(_("已存到 %(file)s。") % {"file": out})
    raise click.exceptions.Exit(_ask(found, as_json=as_json))


def read_playbook(path: Path) -> Playbook:
    from ronghe.domain.playbooks.calc.loading import load_playbook

    loaded = load_playbook(path)
    if loaded.playbook is None:
        for problem in loaded.problems:
            place = f"{problem.file}:{problem.place.line}:{problem.place.column}"
            click.echo(f"{place} {problem.path_text} {problem.message}", err=True)
        raise PlaybookWrong
    return loaded.playbook


def _scored(playbook: Playbook, **given: Any) -> RunResult:
    from ronghe.domain.appraisal.calc.files import run_on_files

    found = run_on_files(playbook, **given)
    _computed = found.results, found.questions
    return found


def _refuse(error: DomainError, *, as_json: bool) -> None:
    """Everything that is wrong with what was handed in ends alike: nothing was computed."""
    if as_json:
        _print_json({"code": error.code, "detail": str(error)})
    click.echo(str(error), err=True)
    raise click.exceptions.Exit(UNREADABLE)


def _ask(found: RunResult, *, as_json: bool) -> int:
    if not found.questions:
        return DONE
    if not as_json:
        for question in found.questions:
            click.echo(question.sentence, err=True)
        click.echo(_("裁定后，把每个对象的先后记成 tie.settled 事实，再算一次。"), err=True)
    return STOPPED


def _explained(found: RunResult, subject: str) -> dict[str, Any]:
    from ronghe.scoring.explain import explain

    return explain(found, subject)


def _save(out: Path, playbook: Playbook, found: RunResult) -> None:
    from ronghe.domain.appraisal.calc.workbook import Report, write_results_workbook

    grades = found.sheet.grades
    report = Report(
        title=f"{in_language(found.sheet.title)} {found.period.name}",
        about=[(_("范本"), f"{playbook.title.here} {playbook.reference}"), (_("期间"), found.period.name)],
        sheet=found.sheet,
        window=found.period,
        sealed=[
            (_("范本"), playbook.reference),
            (_("范本摘要"), playbook.digest),
            (_("评分表"), found.sheet.id),
            (_("期间"), found.period.name),
            (_("说明"), _("由文件计分，没有封存。")),
        ],
    )
    titles = {band.id: in_language(band.title) for band in grades.bands} if grades else {}
    write_results_workbook(out, report, _lines(found, titles))


def _lines(found: RunResult, titles: dict[str, str]) -> Iterator[Any]:
    from ronghe.domain.appraisal.calc.workbook import Line

    rows = {row["subject"]: row for row in found.rows}
    vetoes = {veto.id: in_language(veto.title) for veto in found.sheet.vetoes}
    for result in _in_order(found):
        row = rows[result.subject]
        yield Line(
            name=str(result.subject),
            place=str(row["body"] or ""),
            category=row["category"] or "",
            score=result.total,
            rank=result.rank,
            grade=titles.get(result.grade or "", ""),
            vetoes=tuple(vetoes[veto] for veto in result.vetoes),
            notes=tuple(note.sentence for note in result.notes),
            items={item.id: item.score if item.applicable else None for item in result.items},
        )


def _in_order(found: RunResult) -> list[Any]:
    """Best first where the sheet ranks; else in the order of the subjects, which says nothing."""
    if found.sheet.rank == "off":
        return list(found.results)
    return sorted(found.results, key=lambda result: (result.rank is None, result.rank or 0))


def _print_table(playbook: Playbook, found: RunResult) -> None:
    grades = found.sheet.grades
    titles = {band.id: in_language(band.title) for band in grades.bands} if grades else {}
    vetoes = {veto.id: in_language(veto.title) for veto in found.sheet.vetoes}
    heading = _("%(sheet)s  %(period)s  %(playbook)s，%(count)s 个对象")
    click.echo(
        heading
        % {
            "sheet": in_language(found.sheet.title),
            "period": found.period.name,
            "playbook": playbook.reference,
            "count": len(found.results),
        }
    )
    heads = [_("位次"), _("对象"), _("总分"), _("等次"), _("一票否决"), _("说明")]
    rows = [
        [
            "—" if result.rank is None else str(result.rank),
            str(result.subject),
            "—" if result.total is None else found.shown(result.total),
            titles.get(result.grade or "", "—"),
            listed(vetoes[veto] for veto in result.vetoes),
            " ".join(note.sentence for note in result.notes if note.code != "vetoed"),
        ]
        for result in _in_order(found)
    ]
    for line in _columns(heads, rows, right={0, 2}):
        click.echo(line)


def _print_tree(tree: dict[str, Any]) -> None:
    for line in tree_lines(tree):
        click.echo(line)


def tree_lines(node: dict[str, Any], depth: int = 0) -> Iterator[str]:
    value = f"{node['value']} / {node['full']}" if node["applicable"] else _("不适用")
    measured = _("，实测 %(measured)s") % {"measured": node["measured"]} if node.get("measured") is not None else ""
    titled = _("%(title)s（%(more)s）") % {"title": in_language(node["title"]), "more": node["id"]}
    yield f"{'  ' * depth}{titled}  {value}{measured}"
    pad = "  " * (depth + 1)
    yield f"{pad}{node['formula']}"
    if not node["children"] and node["facts"]:
        shown = listed(node["facts"][:SHOWN_FACTS])
        rest = len(node["facts"]) - SHOWN_FACTS
        more = _(" 等 %(count)s 条") % {"count": len(node["facts"])} if rest > 0 else ""
        yield f"{pad}{_('事实')} {shown}{more}"
    for child in node["children"]:
        yield from tree_lines(child, depth + 1)


SHOWN_FACTS = 20
"""Ids printed for one node; all of them stand in --json."""


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Iterable[int]) -> Iterator[str]:
    """Yield lines with columns as wide as their widest cell; Chinese characters take two places."""
    table = [heads, *rows]
    widths = [max(_width(row[number]) for row in table) for number in range(len(heads))]
    for row in table:
        cells = [
            " " * (width - _width(cell)) + cell if number in set(right) else cell + " " * (width - _width(cell))
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
