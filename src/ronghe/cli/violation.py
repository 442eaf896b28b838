"""`ronghe violation`: violations — reported, confirmed, counted. Further steps are taken with `ronghe item step`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.hazard import list_of, owner_of, report_of, risk_of, row_of, seen, tell_figures
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as gongren violation report 高处作业未系安全带 --sort operation --area 1 --photo 现场.jpg
  ronghe --as anquan violation confirm 15 --grade general --owner 罗一鸣 --note "看了照片，问了本人" --person 赵大勇
  ronghe --as anquan item step 15 overturn --note "申诉成立"

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
GRADES = click.Choice(["general", "serious"])


@click.group("violation", epilog=EPILOG, short_help=_("违章：上报、查实、统计"))
def violation() -> None:
    """上报的、摄像头识别的都是疑似，别人查实后才计入。"""


@violation.command("list", short_help=_("列出违章"))
@click.option("--state", default="", help="只看这个状态，例如 reported")
@click.option("--mine", is_flag=True, help="只看我上报的和我整改的")
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@JSON
def list_(state: str, mine: bool, all_: bool, as_json: bool) -> None:
    """列出您能看到的违章，新的在前。"""
    acting_person()
    from ronghe.domain.hazards.rules import VIOLATION

    list_of(VIOLATION, state, mine=mine, all_=all_, as_json=as_json)


@violation.command("report", short_help=_("上报违章"))
@click.argument("title")
@click.option("--sort", type=click.Choice(["command", "operation", "discipline"]), required=True, help="哪类违章")
@click.option("--grade", type=GRADES, default="general", help="看着有多严重")
@click.option("--clause", default="", help="违反哪一条")
@click.option("--area", type=int, help="区域编号")
@click.option("--body", help="没有区域时：上报到哪个组织，名称或编号")
@click.option("--place", default="", help="具体位置")
@click.option("--text", default="", help="经过")
@click.option("--person", help="涉及谁：员工号或姓名")
@click.option("--certificate", default="", help="操作证编号，只存密文和尾号")
@click.option("--by-machine", is_flag=True, help="摄像头识别，只是疑似")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片，可写多个")
@JSON
def report(
    title: str, sort: str, grade: str, clause: str, area: int | None, body: str | None, place: str, text: str,
    person: str | None, certificate: str, by_machine: bool, files: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """上报违章 TITLE。"""
    actor, now = acting_now()
    from ronghe.cli.finding import opened_files, person_called
    from ronghe.domain.hazards.selectors import people_to_name
    from ronghe.domain.hazards.services.reporting import Offender, report_violation

    told = report_of(actor, now, title, grade, area, body, place, text)
    named = person_called(person, people_to_name(actor, now)) if person else None
    with opened_files(files) as uploads:
        made = report_violation(
            report=told, sort=sort, clause=clause, offender=Offender(named, certificate), is_by_machine=by_machine,
            actor=actor, at=now, uploads=uploads,
        )  # fmt: skip
    tell(row_of(made), _("已上报，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@violation.command("confirm", short_help=_("查实"))
@NUMBER
@click.option("--grade", type=GRADES, required=True, help="等级")
@click.option("--owner", required=True, help="谁整改：员工号或姓名")
@click.option("--note", required=True, help="怎么查实的")
@click.option("--serious-harm", is_flag=True, help="造成严重后果")
@click.option("--due", type=DAY, help="时限；不写就按等级的最长期限")
@click.option("--person", help="是谁：员工号或姓名")
@click.option("--certificate", default="", help="操作证编号")
@click.option("--risk", type=int, help="说明本区域哪项风险（编号）升高了")
@JSON
def confirm(
    number: int, grade: str, owner: str, note: str, serious_harm: bool, due: datetime | None, person: str | None,
    certificate: str, risk: int | None, as_json: bool,
) -> None:  # fmt: skip
    """查实编号 NUMBER 的违章，从此计入；上报的人和涉及的人不能查实。"""
    actor, now = acting_now()
    from ronghe.domain.hazards.enums import FindingGrade
    from ronghe.domain.hazards.rules import VIOLATION
    from ronghe.domain.hazards.services.reporting import Offender
    from ronghe.domain.hazards.services.settling import Confirmed, confirm_violation

    item = seen(VIOLATION, actor, number, now)
    named = owner_of(item, actor, person, now) if person else None
    given = Confirmed(
        FindingGrade(grade), owner_of(item, actor, owner, now), note, serious_harm, due.date() if due else None,
        Offender(named, certificate), risk_of(item, risk),
    )  # fmt: skip
    confirm_violation(item=item, given=given, actor=actor, at=now)
    tell(row_of(seen(VIOLATION, actor, number, now)), _("已查实，转责任人整改。"), as_json=as_json)


@violation.command("figures", short_help=_("违章统计"))
@click.option("--days", default=365, show_default=True, help="近多少天上报的")
@JSON
def figures(days: int, as_json: bool) -> None:
    """违章多少、办结多少、超期多少，按区域。"""
    actor, now = acting_now()
    from ronghe.domain.hazards.rules import VIOLATION

    tell_figures(VIOLATION, actor, now, days, as_json=as_json)
