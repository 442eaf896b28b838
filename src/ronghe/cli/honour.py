"""`ronghe honour`: the register of honours and the catalogue of titles."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, opened_files, person_called, row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.honours.models import Honour, HonourTitle

EPILOG = """\b
举例：
  ronghe --as dangqun honour titles
  ronghe --as dangqun honour list --level oilfield --year 2026
  ronghe --as dangqun honour add 3 --body 12 --person 张强 --issuer 油田公司党委 --awarded 2026-07-01
  ronghe --as dangqun honour import 荣誉台账.xlsx --write
  ronghe --as dangqun honour withdraw 8 --reason 材料不实
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
DAY = click.DateTime(["%Y-%m-%d"])
LEVELS = click.Choice(["national", "provincial", "group", "oilfield", "unit", "grassroots"])
KINDS = click.Choice(["body", "person", "team"])
_name = click.argument("name")
_level = click.option("--level", type=LEVELS, required=True, help="级别")
_months = click.option("--months", type=int, help="有效几个月，不写为长期")
_aspects = click.option("--aspect", "aspects", multiple=True, help="评选时要的意见，如 safety，可写几次")


@click.group(epilog=EPILOG, short_help=_("荣誉台账"))
def honour() -> None:
    """荣誉台账：谁得过什么荣誉，哪一级、哪一年、凭什么；荣誉目录。"""


@honour.command("list", short_help=_("查荣誉台账"))
@click.option("--search", default="", help="获得者、荣誉、授予单位或文号")
@click.option("--level", type=LEVELS, default=None, help="级别")
@click.option("--year", type=int, help="年度")
@click.option("--kind", type=KINDS, default=None, help="授予谁")
@click.option("--term", type=click.Choice(["running", "ended", "withdrawn"]), default=None, help="状态")
@_json
def list_(search: str, level: str | None, year: int | None, kind: str | None, term: str | None, as_json: bool) -> None:
    """列出能看到的荣誉，最近授予的在前。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.register import honours_filtered, list_honours
    from ronghe.domain.org.rules.reaches import local_day

    rows = honours_filtered(
        local_day(now), words=search, level=level or "", year=year, kind=kind or "", term=term or ""
    )
    found = [_row(one) for one in list_honours(actor, now, rows, size=500)]
    lines = [f"{row['id']:>6}  {row['year']}  {row['title']}  {row['holder']}  {row['issuer']}" for row in found]
    _answer(found, [*lines, _("共 %(count)s 项。") % {"count": len(found)}], as_json=as_json)


@honour.command("add", short_help=_("登记荣誉"))
@click.argument("title", type=int)
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--person", "who", default="", help="获得的个人：姓名或员工号")
@click.option("--team", default="", help="获得的集体")
@click.option("--year", type=int, help="年度，不写为授予的年份")
@click.option("--issuer", required=True, help="授予单位")
@click.option("--number", "document_number", default="", help="文号")
@click.option("--awarded", type=DAY, required=True, help="授予日期")
@click.option("--ends", type=DAY, help="有效期至，不写按目录")
@click.option("--proof", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证明材料")
@_json
def add(
    title: int, body: str, who: str, team: str, year: int | None, issuer: str, document_number: str, awarded: datetime,
    ends: datetime | None, proof: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """登记编号 TITLE 的荣誉；授予组织的不写个人和集体。"""
    actor, now = acting_now()
    from ronghe.domain.honours.models import HonourTitle
    from ronghe.domain.honours.selectors.register import bodies_to_enter_for
    from ronghe.domain.honours.services.register import HonourText, enter_honour
    from ronghe.domain.org.models import Person
    from ronghe.domain.org.rules import SEE_PERSON

    people = SEE_PERSON.narrow(actor, Person.objects.all(), at=now)
    text = HonourText(
        row_called(title, HonourTitle.objects.all()), year or awarded.year,
        body_called(body, bodies_to_enter_for(actor, now)), issuer, awarded.date(),
        person_called(who, people) if who else None, team, document_number, ends.date() if ends else None,
    )  # fmt: skip
    with opened_files([proof] if proof is not None else []) as files:
        made = enter_honour(text=text, actor=actor, at=now, upload=files[0] if files else None)
    _answer(_row(made), [_("已记入荣誉台账。")], as_json=as_json)


@honour.command("withdraw", short_help=_("撤销荣誉"))
@_number
@click.option("--reason", required=True, help="原因")
@_json
def withdraw(number: int, reason: str, as_json: bool) -> None:
    """撤销一项荣誉，原因留在台账。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.register import honours_seen_by
    from ronghe.domain.honours.services.register import withdraw_honour

    found = row_called(number, honours_seen_by(actor, now))
    withdraw_honour(honour=found, reason=reason, actor=actor, at=now)
    _answer(_row(found), [_("已撤销，原因留在台账。")], as_json=as_json)


@honour.command("import", short_help=_("导入荣誉台账"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="写入；不写这一项只检查")
@_json
def import_(file: Path, write: bool, as_json: bool) -> None:
    """检查或导入 Excel 荣誉台账；有一行不对就一行也不写。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.importing import import_honours

    done = import_honours(path=file, name=file.name, actor=actor, at=now, dry_run=not write)
    said = {"rows": done.rows, "added": done.added, "same": done.same, "is_dry": done.is_dry}
    words = (
        _("检查通过：%(rows)s 行，可新增 %(added)s 项，%(same)s 项已在台账。没有写入。")
        if done.is_dry
        else _("已导入：新增 %(added)s 项，%(same)s 项已在台账。")
    )
    _answer(said, [words % said], as_json=as_json)


@honour.command("titles", short_help=_("荣誉目录"))
@click.option("--all", "everything", is_flag=True, help="停用的也列出")
@_json
def titles_(everything: bool, as_json: bool) -> None:
    """列出荣誉目录，级别高的在前。"""
    acting_now()
    from ronghe.domain.honours.selectors.register import titles

    rows = titles(with_retired=everything)
    lines = [f"{row.pk:>6}  {row.name}  {row.get_level_display()}  {row.get_goes_to_display()}" for row in rows]
    _answer([_title(row) for row in rows], lines, as_json=as_json)


@honour.command("title-add", short_help=_("加荣誉名称"))
@_name
@_level
@click.option("--for", "goes_to", type=KINDS, required=True, help="授予谁")
@click.option("--body", required=True, help="谁的目录：党组织的名称或编号")
@_months
@_aspects
@_json
def title_add(
    name: str, level: str, goes_to: str, body: str, months: int | None, aspects: tuple[str, ...], as_json: bool
) -> None:
    """往荣誉目录加一个名称。"""
    actor, now = acting_now()
    from ronghe.domain.honours.enums import HolderKind, HonourLevel
    from ronghe.domain.honours.selectors.register import bodies_with_catalogue
    from ronghe.domain.honours.services.catalogue import USUAL, TitleText, keep_title

    asked = aspects or tuple(aspect.value for aspect in USUAL)
    text = TitleText(name, HonourLevel(level), HolderKind(goes_to), months, asked)
    made = keep_title(body=body_called(body, bodies_with_catalogue(actor, now)), text=text, actor=actor, at=now)
    _answer(_title(made), [_("已加入荣誉目录。")], as_json=as_json)


@honour.command("title-change", short_help=_("改荣誉名称"))
@_number
@_name
@_level
@_months
@_aspects
@_json
def title_change(
    number: int, name: str, level: str, months: int | None, aspects: tuple[str, ...], as_json: bool
) -> None:
    """改目录里的一个荣誉；不写意见就不改要哪些意见。"""
    actor, now = acting_now()
    from ronghe.domain.honours.enums import HolderKind, HonourLevel
    from ronghe.domain.honours.models import HonourTitle
    from ronghe.domain.honours.services.catalogue import TitleText, keep_title

    found = row_called(number, HonourTitle.objects.select_related("body"))
    text = TitleText(name, HonourLevel(level), HolderKind(found.goes_to), months, aspects or found.aspects)
    keep_title(body=found.body, text=text, title=found, actor=actor, at=now)
    _answer(_title(found), [_("荣誉目录已改。")], as_json=as_json)


@honour.command("title-retire", short_help=_("停用或恢复荣誉名称"))
@_number
@click.option("--back", is_flag=True, help="恢复")
@_json
def title_retire(number: int, back: bool, as_json: bool) -> None:
    """停用目录里的一个荣誉，已授予的不变。"""
    actor, now = acting_now()
    from ronghe.domain.honours.models import HonourTitle
    from ronghe.domain.honours.services.catalogue import retire_title

    found = row_called(number, HonourTitle.objects.select_related("body"))
    retire_title(title=found, is_retired=not back, actor=actor, at=now)
    _answer(_title(found), [_("已恢复。") if back else _("已停用。")], as_json=as_json)


@honour.command("take-over", short_help=_("放入常用荣誉"))
@click.option("--body", required=True, help="谁的目录：党组织的名称或编号")
@_json
def take_over(body: str, as_json: bool) -> None:
    """把常用荣誉放入目录，已有的不动。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.register import bodies_with_catalogue
    from ronghe.domain.honours.services.catalogue import take_over_shipped

    added = take_over_shipped(body=body_called(body, bodies_with_catalogue(actor, now)), actor=actor, at=now)
    _answer({"added": added}, [_("常用荣誉已加入目录，可以逐个改。")], as_json=as_json)


def _row(row: Honour) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title.name, "level": row.title.level, "kind": row.kind.value,
        "holder": row.holder_name, "body": row.body.name, "year": row.year, "issuer": row.issuer,
        "document_number": row.document_number, "awarded_on": row.awarded_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None, "state": row.state,
    }  # fmt: skip


def _title(row: HonourTitle) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "level": row.level, "goes_to": row.goes_to, "term_months": row.term_months,
        "aspects": row.aspects, "is_retired": row.is_retired,
    }  # fmt: skip


def _answer(data: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
