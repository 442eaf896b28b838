"""`ronghe exchange`: joint study; lectures, pairs and visits in files of their own."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.exchange_keeping import LECTURES, PAIRS, PROGRAMMES
from ronghe.cli.exchange_learning import lecture, pair
from ronghe.cli.exchange_visits import visit
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.exchange.models import StudyLine, StudyProgramme
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as xiequ exchange programme open --zone 1 --from 2026-10-01 --until 2026-12-31 --place 活动板房
  ronghe --as xiequ exchange programme add 1 --month 2026-11 --topic 边缘网关怎么用 --kind new_technology
  ronghe --as xiequ exchange programme plan 4 --from "2026-11-20 15:00" --until "2026-11-20 16:00"
  ronghe --as dangyuan exchange lecture offer --title 机封怎么换 --for 维修班
  ronghe --as dangyuan exchange pair sign 3
  ronghe --as xiequ exchange visit gap 2 --indicator 巡检及时率 --ours 92.5 --theirs 99 --unit %
  ronghe --as dangyuan exchange visit settle 5 --outcome adopted --said 漏检少了
  ronghe --as dangyuan exchange mine

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.DateTime(["%Y-%m-%d"])


@click.group("exchange", epilog=EPILOG, short_help=_("学习交流"))
def exchange() -> None:
    """学习交流：联合学习、党员上讲台、传帮带、观摩对标。"""


@exchange.group("programme", short_help=_("联合学习计划"))
def programme() -> None:
    """联合学习计划：每月学什么、谁准备、空了哪个月。"""


for _command in PROGRAMMES:
    programme.add_command(_command)
for _command in LECTURES:
    lecture.add_command(_command)
for _command in PAIRS:
    pair.add_command(_command)
exchange.add_command(lecture)
exchange.add_command(pair)
exchange.add_command(visit)


@programme.command("list", short_help=_("列出学习计划"))
@click.option("--search", default="", help="计划、组织、题目里的词")
@click.option("--page", default=1, show_default=True)
@_json
def list_(search: str, page: int, as_json: bool) -> None:
    """列出您能看到的学习计划，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import list_programmes, rows_of
    from ronghe.domain.org.rules.reaches import local_day

    now = timezone.now()
    listed = list_programmes(actor, now, words=search, page=page)
    rows = rows_of(list(listed.rows), local_day(now))
    if as_json:
        items = [{**_programme(row.programme), "held": row.held, "missed": row.missed} for row in rows]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": items})
        return
    for row in rows:
        said = _("学了 %(held)s 个月，空着 %(missed)s 个月") % {"held": row.held, "missed": row.missed}
        click.echo(f"{row.programme.pk:>6}  {row.programme.title}  {row.programme.body.name}  {said}")


@programme.command("show", short_help=_("看一份学习计划"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一份学习计划的各月题目；左边是题目编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import months_with_lines
    from ronghe.domain.org.rules.reaches import local_day

    found = _seen(actor, number)
    months = months_with_lines(found, local_day(timezone.now()))
    if as_json:
        told = [
            {"month": f"{view.month.first:%Y-%m}", "state": view.month.state.value,
             "lines": [_line(one.line) for one in view.lines]}
            for view in months
        ]  # fmt: skip
        _print({**_programme(found), "months": told})
        return
    states = {
        "held": _("学过"),
        "planned": _("已安排"),
        "due": _("本月还没学"),
        "missed": _("空着"),
        "upcoming": _("还没到"),
    }
    for view in months:
        click.echo(f"{view.month.first:%Y-%m}  {states[view.month.state.value]}")
        for one in view.lines:
            click.echo(f"{one.line.pk:>8}  {one.line.topic}  {one.line.get_state_display()}  {one.next_step}".rstrip())


@programme.command("open", short_help=_("定学习计划"))
@click.option("--task-force", type=int, help="攻关党小组的编号")
@click.option("--zone", type=int, help="协作区的编号")
@click.option("--agreement", type=int, help="合作意向书的编号")
@click.option("--body", help="党组织的名称或编号")
@click.option("--title", default="", help="名称，不写就按谁的计划来起")
@click.option("--from", "begins", type=_day, required=True, help="从哪个月，如 2026-10-01")
@click.option("--until", "ends", type=_day, required=True, help="到哪一天")
@click.option("--place", required=True, help="在哪里学")
@click.option(
    "--mode", type=click.Choice(["on_site", "online", "both"]), default="both", show_default=True, help="怎样学"
)
@click.option("--chat", default="", help="学习群的名称或链接")
@_json
def open_(
    task_force: int | None, zone: int | None, agreement: int | None, body: str | None, title: str, begins: datetime,
    ends: datetime, place: str, mode: str, chat: str, as_json: bool,
) -> None:  # fmt: skip
    """给攻关党小组、协作区、合作意向书或党组织定一份学习计划，四样里写一样。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import StudyMode
    from ronghe.domain.exchange.selectors.circles import bodies_to_plan_in
    from ronghe.domain.exchange.selectors.holders import (
        agreements_to_hold,
        forces_to_hold,
        main_of_agreement,
        zones_to_hold,
    )
    from ronghe.domain.exchange.services.programmes import ProgrammeText, open_programme

    given = [one for one in (task_force, zone, agreement, body) if one is not None]
    if len(given) != 1:
        raise click.UsageError(_("请在 --task-force、--zone、--agreement、--body 里写一样。"))
    now = timezone.now()
    holder: dict[str, Any]
    if task_force is not None:
        holder = {"task_force": _one(forces_to_hold(actor, now), task_force)}
    elif zone is not None:
        holder = {"zone": _one(zones_to_hold(actor, now), zone)}
    elif agreement is not None:
        found = _one(agreements_to_hold(actor, now), agreement)
        holder = {"agreement": found, "body": main_of_agreement(found, actor, now)}
    else:
        holder = {"body": body_called(body or "", bodies_to_plan_in(actor, now))}
    name = str(next(iter(holder.values())))[:60]
    text = ProgrammeText(
        title or _("%(name)s联合学习计划") % {"name": name}, begins.date(), ends.date(), place, StudyMode(mode), chat
    )
    made = open_programme(text=text, actor=actor, at=now, **holder)
    _print(_programme(made)) if as_json else click.echo(_("计划已定，编号 %(number)s。") % {"number": made.pk})


@programme.command("add", short_help=_("加题目"))
@_number
@click.option("--month", required=True, type=click.DateTime(["%Y-%m", "%Y-%m-%d"]), help="哪个月，如 2026-11")
@click.option("--topic", required=True, help="学什么")
@click.option(
    "--kind",
    default="skills",
    show_default=True,
    help="difficulty、new_technology、new_equipment、theory、safety、skills、other",
)
@click.option("--preparer", metavar="WHO", help="谁准备：姓名或员工号")
@_json
def add(number: int, month: datetime, topic: str, kind: str, preparer: str | None, as_json: bool) -> None:
    """给一份计划加一个题目。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import TopicKind
    from ronghe.domain.exchange.selectors.circles import people_around
    from ronghe.domain.exchange.services.programmes import add_line
    from ronghe.domain.org.rules.reaches import local_day

    if kind not in TopicKind.values:
        raise click.UsageError(_("没有“%(kind)s”这一类。") % {"kind": kind})
    found, now = _seen(actor, number), timezone.now()
    who = person_called(preparer, people_around(found.body, local_day(now))) if preparer else None
    made = add_line(
        programme=found, month=month.date(), kind=TopicKind(kind), topic=topic, preparer=who, actor=actor, at=now
    )
    _print(_line(made)) if as_json else click.echo(_("题目已列入，编号 %(number)s。") % {"number": made.pk})


@programme.command("plan", short_help=_("安排学习"))
@_number
@click.option("--from", "begins", required=True, help="何时开始，如 2026-11-20 15:00")
@click.option("--until", "ends", required=True, help="何时结束")
@click.option("--place", default="", help="在哪里，不写按计划的地点")
@_json
def plan(number: int, begins: str, ends: str, place: str, as_json: bool) -> None:
    """把一个题目安排成联合学习；NUMBER 是题目的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.services.planning import plan_study

    planned = plan_study(
        line=_line_seen(actor, number), scheduled_from=moment_said(begins), scheduled_until=moment_said(ends), place=place,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    if as_json:
        _print({"activity": planned.activity.pk, "left_out": [body.name for body in planned.left_out]})
        return
    click.echo(_("学习已安排，活动编号 %(number)s。") % {"number": planned.activity.pk})


@programme.command("ask", short_help=_("学习前提问"))
@_number
@click.option("--text", required=True, help="想问什么")
@_json
def ask(number: int, text: str, as_json: bool) -> None:
    """对一个题目提问；NUMBER 是题目的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.services.programmes import ask_question

    made = ask_question(line=_line_seen(actor, number), text=text, actor=actor, at=timezone.now())
    _print({"id": made.pk}) if as_json else click.echo(_("已问，准备的人看得到。"))


@exchange.command("mine", short_help=_("我的学和教"))
@click.option("--year", type=click.IntRange(2000, 2999), help="哪一年，不写为今年")
@_json
def mine(year: int | None, as_json: bool) -> None:
    """您自己这一年学了什么、教了什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.mine import my_year

    found = my_year(actor, year or timezone.localdate().year)
    told = {
        "year": found.year, "studies": len(found.studies), "lectures": found.record.times, "taught": found.record.people,
        "visits": len(found.visits), "practices": len(found.practices), "pairs": len(found.pairs),
    }  # fmt: skip
    if as_json:
        _print(told)
        return
    click.echo(
        _(
            "%(year)s 年：参加学习 %(studies)s 次，讲课 %(lectures)s 次、听的 %(taught)s 人次，观摩 %(visits)s 次，带回做法 %(practices)s 项。"
        )
        % told
    )


def _one(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _seen(actor: Person, number: int) -> StudyProgramme:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import programmes_seen_by

    found: StudyProgramme = _one(programmes_seen_by(actor, timezone.now()), number)
    return found


def _line_seen(actor: Person, number: int) -> StudyLine:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.study import lines_seen_by

    found: StudyLine = _one(lines_seen_by(actor, timezone.now()), number)
    return found


def _programme(found: StudyProgramme) -> dict[str, Any]:
    return {
        "id": found.pk, "title": found.title, "body": found.body.name, "state": found.state,
        "starts_on": f"{found.starts_on}", "ends_on": f"{found.ends_on}",
    }  # fmt: skip


def _line(line: StudyLine) -> dict[str, Any]:
    return {
        "id": line.pk, "month": f"{line.month:%Y-%m}", "kind": line.kind, "topic": line.topic, "state": line.state,
        "activity": line.activity_id,
    }  # fmt: skip


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
