"""`ronghe roster`: rosters in."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from ronghe.kernel.errors import DomainError, NotFound, Unreadable
from ronghe.kernel.words import N_, _, listed

if TYPE_CHECKING:
    from ronghe.domain.org.calc.roster.reading import Roster, SourceFile
    from ronghe.domain.org.models import PartyOrg, Person, RosterComparison, RosterDifference

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


@roster.command("compare", short_help=_("比对名单与本平台名册，不写入"))
@click.argument("list_a", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="LIST")
@click.argument(
    "list_b", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FURTHER]"
)
@click.option("--body", metavar="NAME", help=_("与哪个党组织的名册比对；只有一个时可以不写。"))
@click.option("--full", is_flag=True, help=_("名单包括全部在册的人；名单里没有的人也列出。"))
@click.option("--declare-unclassified", is_flag=True, help=_("声明文件中没有国家秘密（PI-06）；不声明不读取。"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def compare(
    list_a: Path, list_b: Path | None, *, body: str | None, full: bool, declare_unclassified: bool, as_json: bool
) -> None:
    """把名单 LIST（和 FURTHER，例如铁人先锋导出的名单）与本平台名册并列，列出不一致的地方。"""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.calc.roster.reading import SourceFile
    from ronghe.domain.org.services.roster_comparisons import compare_rosters

    lists = {"a": [SourceFile(list_a, list_a.name)], "b": [SourceFile(list_b, list_b.name)] if list_b else []}
    found = compare_rosters(
        lists=lists, body=_body(actor, body), actor=actor, at=timezone.now(), is_full=full,
        declares_unclassified=declare_unclassified,
    )  # fmt: skip
    _tell_differences(found, as_json=as_json)


@roster.command("differences", short_help=_("看一次比对的结果"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。"))
def differences(number: int, *, as_json: bool) -> None:
    """列出一次比对中不一致的地方。"""
    from ronghe.cli.acting import acting_person

    _tell_differences(_comparison(acting_person(), number), as_json=as_json)


@roster.command("take", short_help=_("采用名单里的内容"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("keys", nargs=-1, required=True, type=int, metavar="DIFFERENCE…")
@click.option("--side", type=click.Choice(["a", "b"]), default="a", show_default=True, help=_("采用哪一份名单。"))
def take(number: int, keys: tuple[int, ...], *, side: str) -> None:
    """把一次比对中的 DIFFERENCE 按名单写入名册。"""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.services.roster_comparisons import take_over

    found = _comparison(actor, number)
    count = take_over(comparison=found, differences=_chosen(found, keys), side=side, actor=actor, at=timezone.now())
    click.echo(_("已采用 %(count)s 处，写入名册。") % {"count": count})


@roster.command("dismiss", short_help=_("不采用名单里的内容"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("keys", nargs=-1, required=True, type=int, metavar="DIFFERENCE…")
@click.option("--reason", required=True, help=_("为什么不采用。"))
def dismiss_(number: int, keys: tuple[int, ...], *, reason: str) -> None:
    """保留本平台的内容，写明理由。"""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.services.roster_comparisons import dismiss

    found = _comparison(actor, number)
    count = dismiss(comparison=found, differences=_chosen(found, keys), reason=reason, actor=actor, at=timezone.now())
    click.echo(_("%(count)s 处不采用，名册不变。") % {"count": count})


@roster.command("end", short_help=_("名单里没有的人已离开"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("keys", nargs=-1, required=True, type=int, metavar="DIFFERENCE…")
def end(number: int, keys: tuple[int, ...]) -> None:
    """给名单里没有的人办理离开；办错了用 back 撤回。"""
    from ronghe.cli.acting import acting_person

    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.services.roster_endings import end_missing

    found = _comparison(actor, number)
    count = end_missing(comparison=found, differences=_chosen(found, keys), actor=actor, at=timezone.now())
    click.echo(_("已办 %(count)s 人离开。") % {"count": count})


@roster.command("back", short_help=_("撤回离开"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("key", type=int, metavar="DIFFERENCE")
def back(number: int, key: int) -> None:
    """撤回按比对 NUMBER 给一个人办的离开，一切照旧。"""
    from ronghe.cli.acting import acting_now

    actor, now = acting_now()
    from ronghe.domain.org.services.roster_endings import take_back

    [found] = _chosen(_comparison(actor, number), (key,))
    take_back(difference=found, actor=actor, at=now)
    click.echo(_("离开已撤回。"))


@roster.command("close", short_help=_("结束比对"))
@click.argument("number", type=int, metavar="NUMBER")
def close(number: int) -> None:
    """结束比对 NUMBER：名单的内容删除，怎样处理的留着。"""
    from ronghe.cli.acting import acting_now

    actor, now = acting_now()
    from ronghe.domain.org.services.roster_comparisons import close_comparison

    close_comparison(comparison=_comparison(actor, number), actor=actor, at=now)
    click.echo(_("比对已结束，名单内容已删除。"))


def _comparison(actor: Person, number: int) -> RosterComparison:
    from django.utils import timezone

    from ronghe.domain.org.selectors.rosters import comparisons_seen_by

    found = comparisons_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _chosen(found: RosterComparison, keys: tuple[int, ...]) -> list[RosterDifference]:
    from ronghe.domain.org.selectors.rosters import differences_of_comparison

    rows = list(differences_of_comparison(found).filter(pk__in=keys))
    if len(rows) != len(set(keys)):
        raise NotFound
    return rows


def _tell_differences(found: RosterComparison, *, as_json: bool) -> None:
    from ronghe.domain.org.selectors.rosters import differences_of_comparison
    from ronghe.domain.org.services.roster_comparisons import field_title, shown

    rows = [(row, shown(row)) for row in differences_of_comparison(found)]
    if as_json:
        items = [
            {"id": row.pk, "kind": row.kind, "state": row.state, "name": said.name, "field": row.field,
             "values": said.values}
            for row, said in rows
        ]  # fmt: skip
        click.echo(json.dumps({"id": found.pk, "counts": found.counts, "differences": items}, ensure_ascii=False))
        return
    for row, said in rows:
        values = "  ".join(f"{side}={value or '—'}" for side, value in said.values.items())
        what = field_title(row.field) or str(row.get_kind_display())
        click.echo(f"{row.pk:>6}  {row.get_state_display()}  {said.name}  {what}  {values}")
    click.echo(_("比对 %(number)s：共 %(count)s 处。") % {"number": found.pk, "count": len(rows)})
