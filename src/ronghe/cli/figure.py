"""`ronghe figure`: the figures that sheets take, with where they are from and who vouches for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ronghe.cli.acting import acting_now
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.appraisal.models import Run
    from ronghe.domain.appraisal.selectors.figure_checks import FigurePreview
    from ronghe.domain.org.models import Person

REFUSED = 1
EPILOG = """\b
举例：
  ronghe --as dangqun figure items
  ronghe --as dangqun figure import 三季度.xlsx --try
  ronghe --as dangqun figure import 三季度.xlsx
  ronghe --as dangqun figure enter output_rate 南一联合站党支部 2026Q3 98.5 --source 生产日报 --vouched-by 王工
  ronghe --as dangqun figure list --period 2026Q3 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


@click.group(epilog=EPILOG, short_help=_("填报和导入指标"))
def figure() -> None:
    """评分表取用的指标：填报、导入、更正、列出。"""


@figure.command("items", short_help=_("列出评分表取用的指标"))
def items() -> None:
    """列出评分表取用的指标。"""
    acting_now()
    from ronghe.domain.appraisal.selectors.figures import figure_titles

    for name, title in sorted(figure_titles().items()):
        click.echo(f"{name}  {title}")


@figure.command("list", short_help=_("列出指标"))
@click.option("--period", default="", metavar="PERIOD")
@click.option("--item", default="", metavar="ITEM")
@click.option("--all", "with_corrected", is_flag=True, help="连同已更正的。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def list_(*, period: str, item: str, with_corrected: bool, as_json: bool) -> None:
    """列出能看到的指标，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.figures import list_figures

    listed = list_figures(actor, now, period=period, item=item, only_current=not with_corrected, size=500)
    rows = [
        {"id": row.pk, "item": row.item, "whose": row.whose, "period": row.period, "value": f"{row.value.normalize():f}",
         "source": row.source, "vouched_by": row.vouched_by, "corrects": row.corrects_id}
        for row in listed
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("  ".join(str(row[key]) for key in ("id", "item", "whose", "period", "value", "source")))


@figure.command("enter", short_help=_("填一个数"))
@click.argument("item")
@click.argument("whose")
@click.argument("period")
@click.argument("value")
@click.option("--source", required=True, metavar="TEXT", help="数据来源。")
@click.option("--vouched-by", required=True, metavar="NAME", help="谁担保。")
@click.option("--corrects", type=int, metavar="NUMBER", help="更正哪一条。")
@click.option("--run", "run_id", type=int, metavar="RUN", help="写入后重算哪一次考评。")
def enter(
    *, item: str, whose: str, period: str, value: str, source: str, vouched_by: str, corrects: int | None,
    run_id: int | None,
) -> None:  # fmt: skip
    """填一个数；WHOSE 是党组织、单位、承包商的名称，或党员的姓名、员工号。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.services.figures import enter_figures, enter_for_run

    line = {
        "item": item, "whose": whose, "period": period, "value": value, "source": source, "vouched_by": vouched_by,
        "corrects": str(corrects or ""),
    }  # fmt: skip
    lines = [(_("这一条"), line)]
    run = _run(actor, run_id, now)
    if run is None:
        [made] = enter_figures(lines=lines, actor=actor, at=now)[1]
    else:
        [made] = enter_for_run(run=run, lines=lines, actor=actor, at=now)
        _compute(run, now)
    click.echo(_("已写入，编号 %(number)s。") % {"number": made.pk})


@figure.command("import", short_help=_("从 Excel 或 CSV 导入"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--try", "is_tried", is_flag=True, help="只看一遍，不写入。")
@click.option("--run", "run_id", type=int, metavar="RUN", help="写入后重算哪一次考评。")
def import_(*, file: Path, is_tried: bool, run_id: int | None) -> None:
    """从 Excel 或 CSV 导入；一处不对就一个也不写。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.services.figures import import_table, try_table

    if is_tried:
        _tell(try_table(path=file, name=file.name, actor=actor, at=now))
        return
    run = _run(actor, run_id, now)
    written = import_table(path=file, name=file.name, actor=actor, at=now, run=run)
    if run is not None:
        _compute(run, now)
    click.echo(_("写入 %(count)s 个数。") % {"count": len(written)})


def _run(actor: Person, run_id: int | None, now: datetime) -> Run | None:
    from ronghe.domain.appraisal.selectors.runs import run_seen_by

    return None if run_id is None else run_seen_by(actor, run_id, now)


def _compute(run: Run, now: datetime) -> None:
    from ronghe.domain.appraisal.tasks import compute_or_note

    compute_or_note(run=run, at=now)


def _tell(preview: FigurePreview) -> None:
    click.echo(_("%(count)s 个数，没有写入。") % {"count": len(preview.entries)})
    for place, head, why in preview.problems:
        click.echo(f"{place} {head}{why}", err=True)
    if preview.problems:
        raise click.exceptions.Exit(REFUSED)
