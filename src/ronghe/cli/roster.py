"""`ronghe roster`: rosters in."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from ronghe.kernel.errors import DomainError, Unreadable
from ronghe.kernel.words import N_, _, listed

if TYPE_CHECKING:
    from ronghe.domain.org.calc.roster.reading import Roster, SourceFile
    from ronghe.domain.org.models import PartyOrg, Person

SHOWN_PROBLEMS = 50
CLEAN, PROBLEMS_OPEN, UNREADABLE = 0, 1, 2
WRITTEN = ("added", "changed", "units", "bodies", "memberships", "posts", "certificates")


class WhichBody(DomainError):
    code = "which_body"
    sentence = N_("请用 --body 写明导入到哪个党组织之下。可以导入到：%(names)s。")


EPILOG = """\b
举例：
  ronghe roster import 花名册.xlsx --dry-run
  ronghe roster import 花名册.xlsx --dry-run --report 问题.xlsx
  ronghe roster import 油建.xlsx 监理.csv --dry-run --json
  ronghe --as clerk roster import 花名册.xlsx --declare-unclassified \\
      --accept "id_check_digit=已与公安部门核实"

\b
退出码：0 没有问题，或问题都已写明理由接收；1 有须改正或未接收的问题，什么都没有写入；2 文件读不出来。
"""


@click.group(short_help=_("花名册"))
def roster() -> None:
    """花名册：读入、核对、导入。"""


def _accepted(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    from ronghe.domain.org.calc.roster.problems import KINDS, Severity

    accepted = {}
    for value in values:
        code, sign, reason = value.partition("=")
        if not sign or not reason.strip():
            raise click.BadParameter(_("写成 代码=理由，例如 id_check_digit=已核实。"))
        if code not in KINDS:
            raise click.BadParameter(_("没有“%(code)s”这个问题代码。") % {"code": code})
        if KINDS[code][0] is Severity.ERROR:
            click.echo(_("“%(code)s”须在文件中改正，不能接收。") % {"code": code}, err=True)
            continue
        accepted[code] = reason.strip()
    return accepted


@roster.command("import", epilog=EPILOG, short_help=_("读入、核对并导入花名册"))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("只读取和核对，不写入；不需要数据库。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
@click.option("--accept", "accepted", multiple=True, metavar="CODE=REASON", callback=_accepted,
              help=_("写明理由，接收一类须核对的问题；可多次使用。"))  # fmt: skip
@click.option("--declare-unclassified", is_flag=True, help=_("声明文件中没有国家秘密（PI-06）；写入时必须声明。"))
@click.option("--body", metavar="NAME", help=_("导入到哪个党组织之下；只能导入到一个时可以不写。"))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.xlsx",
              help=_("把问题写成 Excel 报告。"))  # fmt: skip
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help=_("表中没写填报时间的，按这一天核对；不填为今天。"))  # fmt: skip
def import_roster(
    files: tuple[Path, ...], *, dry_run: bool, as_json: bool, accepted: dict[str, str], declare_unclassified: bool,
    body: str | None, report: Path | None, as_of: datetime | None,
) -> None:  # fmt: skip
    """读入花名册 FILE…（.xlsx .xls .csv 和网页表格），逐行核对，没有未决问题时导入。"""
    from ronghe.domain.org.calc.roster.reading import SourceFile, read_roster

    sources = [SourceFile(path, name) for path, name in zip(files, _names(files), strict=True)]
    day = as_of.date() if as_of else None
    try:
        read = read_roster(sources, today=_today(), as_of=day)
        result: dict[str, int] | None = None
        if not dry_run and not read.open_problems(frozenset(accepted)):
            read, result = _write(read, sources, body, day, accepted, declared=declare_unclassified)
        if report:
            from ronghe.domain.org.calc.roster.report import write_report

            write_report(report, read, sources)
    except Unreadable as error:
        _refuse(error, files=[source.name for source in sources], as_json=as_json)
        raise click.exceptions.Exit(UNREADABLE) from error
    is_open = bool(read.open_problems(frozenset(accepted)))
    if as_json:
        click.echo(json.dumps(read.as_json() | {"written": result}, ensure_ascii=False, indent=1))
    else:
        _tell(read, accepted, result, is_dry=dry_run, is_open=is_open)
    raise click.exceptions.Exit(PROBLEMS_OPEN if is_open else CLEAN)


def _write(
    read: Roster, sources: list[SourceFile], body: str | None, as_of: date | None, accepted: dict[str, str], *, declared: bool,
) -> tuple[Roster, dict[str, int] | None]:  # fmt: skip
    """Import through the same service as the page; return the roster as compared with the people on file."""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.services.rosters import import_roster as import_now

    read, done = import_now(
        files=sources, body=_body(actor, body), actor=actor, at=timezone.now(), declares_unclassified=declared,
        as_of=as_of, reasons=accepted, roster=read,
    )  # fmt: skip
    return read, None if done is None else done.counts


def _body(actor: Person, name: str | None) -> PartyOrg:
    """Return the body to import into: the one named, or the highest one where the actor may import.

    :raises WhichBody: none of that name, or several to choose from
    """
    from django.utils import timezone

    from ronghe.domain.org.selectors.rosters import bodies_to_import_into

    open_to = list(bodies_to_import_into(actor, timezone.now()))
    inner = {body.pk for body in open_to}
    found = [b for b in open_to if b.name == name] if name else [b for b in open_to if b.parent_id not in inner]
    if len(found) != 1:
        raise WhichBody(names=listed(body.name for body in open_to[:10]) or "—")
    return found[0]


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _names(files: tuple[Path, ...]) -> list[str]:
    """Return the files' own names; the whole path where two files have the same name."""
    count = Counter(path.name for path in files)
    return [path.name if count[path.name] == 1 else str(path) for path in files]


def _refuse(error: DomainError, *, files: list[str], as_json: bool) -> None:
    if as_json:
        about = {"files": files, "code": error.code, "detail": str(error), "file": error.details.get("name", "")}
        click.echo(json.dumps(about, ensure_ascii=False, indent=1))
    click.echo(str(error), err=True)


def _tell(
    read: Roster, accepted: dict[str, str], result: dict[str, int] | None, *, is_dry: bool, is_open: bool,
) -> None:  # fmt: skip
    from ronghe.domain.org.calc.roster.problems import SEVERITY_WORDS

    for sheet in read.sheets:
        place = f"{sheet.file} “{sheet.sheet}”" if sheet.sheet else sheet.file
        if sheet.skipped:
            click.echo(_("%(place)s：%(what)s") % {"place": place, "what": sheet.skipped})
            continue
        click.echo(_("%(place)s：%(rows)s 行") % {"place": place, "rows": sheet.rows})
        used = [f"{c.letter} {c.head}→{c.title}" for c in sheet.columns if c.column]
        unused = [f"{c.letter} {c.head}" for c in sheet.columns if not c.column]
        click.echo(_("  认出的列：%(columns)s") % {"columns": listed(used)})
        if unused:
            click.echo(_("  没有用到的列：%(columns)s") % {"columns": listed(unused)})
    click.echo(
        _(N_("共 %(rows)s 行，%(people)s 人；正式党员 %(full_members)s 人，预备党员 %(probationary_members)s 人，"
             "流动党员 %(floating_members)s 人；最基层单位 %(units)s 个；证书 %(certificates)s 本。")) % read.counts
    )  # fmt: skip
    for found in read.problems[:SHOWN_PROBLEMS]:
        mark = _("已接收") if found.code in accepted else _(SEVERITY_WORDS[found.severity])
        place = f"{found.file} {found.sheet}".strip()
        click.echo(
            _("[%(mark)s] %(place)s 第 %(row)s 行 %(column)s：%(message)s（%(code)s）")
            % {"mark": mark, "place": place, "row": found.row, "column": found.column, "message": found.message,
               "code": found.code}
        )  # fmt: skip
    if len(read.problems) > SHOWN_PROBLEMS:
        rest = len(read.problems) - SHOWN_PROBLEMS
        click.echo(_("还有 %(rest)s 个问题，用 --report 写成 Excel 查看。") % {"rest": rest})
    click.echo(_outcome(read, accepted, result, is_dry=is_dry, is_open=is_open))


def _outcome(
    read: Roster, accepted: dict[str, str], result: dict[str, int] | None, *, is_dry: bool, is_open: bool,
) -> str:  # fmt: skip
    if is_open:
        count = Counter(p.severity for p in read.open_problems(frozenset(accepted)))
        return _("须改正 %(errors)s 个，须核对 %(warnings)s 个，没有写入。须核对的可用 --accept 代码=理由 接收。") % {
            "errors": count["error"], "warnings": count["warning"],
        }  # fmt: skip
    if is_dry:
        return _("没有未决问题，可以导入。这次只核对，没有写入。")
    if result and not any(result[name] for name in WRITTEN):
        return _("与已有记录完全相同，没有改动（%(unchanged)s 人）。") % result
    return _(
        N_("已导入：新增 %(added)s 人，更新 %(changed)s 人，未变 %(unchanged)s 人；单位 %(units)s 个，党组织 %(bodies)s 个，"
           "编入党组织 %(memberships)s 人次，任职 %(posts)s 项，证书 %(certificates)s 本。")
    ) % result  # fmt: skip
