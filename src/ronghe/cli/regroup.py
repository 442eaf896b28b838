"""`ronghe regroup`: Splitting a branch into groups that can each run a region alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.regroup_drafting import DRAFTING_COMMANDS
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _, listed

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.org.models import Person
    from ronghe.domain.regrouping.calc.judging import Judgement
    from ronghe.domain.regrouping.calc.model import Assignment, Problem
    from ronghe.domain.regrouping.calc.proposals import Conflict, Impossible, Proposal
    from ronghe.domain.regrouping.models import GroupingProposal, Regrouping

EPILOG = """\b
举例：
  ronghe --as yilong regroup new 仪陇输气作业区党支部 --groups 3 --area
  ronghe --as yilong regroup solve 1 --explain
  ronghe --as yilong regroup move 1 A 谭文静 3
  ronghe --as yilong regroup compare 1 A B
  ronghe --as yilong regroup submit 1 B
  ronghe --as yilong regroup approve 1 --decided 2026-09-14
  ronghe --as yilong regroup carry-out 1
  ronghe regroup example > problem.json
  ronghe regroup solve --file problem.json --explain

\b
退出码：0 已办；1 不能办，原因见提示；2 文件或写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_letter = click.argument("letter", metavar="LETTER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


class QuestionUnreadable(DomainError):
    code = "question_unreadable"
    sentence = N_("看不懂“%(name)s”：%(why)s。照 ronghe regroup example 的样子写。")
    status = 422


class NoGrouping(DomainError):
    code = "no_grouping"
    sentence = N_("这些要求不能同时满足：%(rules)s。放宽其中任何一条再求解。")


class NothingFound(DomainError):
    code = "nothing_found"
    sentence = N_("在限定时间内没有拟出方案。请放宽要求，或再求解一次。")


class NothingToSolve(DomainError):
    code = "nothing_to_solve"
    sentence = N_("请写划分的编号，或用 --file 写问题文件。")
    status = 422


@click.group(epilog=EPILOG, short_help=_("划分党小组"))
def regroup() -> None:
    """划分党小组：着手、求解、调整、报支委会、执行。"""


for _command in DRAFTING_COMMANDS:
    regroup.add_command(_command)


@regroup.command("new", short_help=_("着手划分"))
@click.argument("body", metavar="BODY")
@click.option("--groups", default=3, show_default=True, help="划分几组")
@click.option("--area", "whole_area", is_flag=True, help="作业区全体职工一起划分")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="数据日期，不写是今天")
@_json
def new(body: str, groups: int, whole_area: bool, as_of: datetime | None, as_json: bool) -> None:
    """着手划分一个党支部（写名称或编号）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import body_called
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.regrouping.services.drafting import open_regrouping, unit_to_regroup

    now = timezone.now()
    found = body_called(body, bodies_seen_by(actor, now))
    made = open_regrouping(
        body=found, group_count=groups, as_of=as_of.date() if as_of else local_day(now), actor=actor, at=now,
        unit=unit_to_regroup(found) if whole_area else None,
    )  # fmt: skip
    _tell(made, _("已着手，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@regroup.command("list", short_help=_("列出划分"))
@click.option("--page", default=1, show_default=True)
@_json
def list_(page: int, as_json: bool) -> None:
    """列出您能看到的划分，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.selectors.proposals import list_regroupings

    listing = list_regroupings(actor, timezone.now(), page=page)
    if as_json:
        _print(
            {
                "count": listing.count,
                "page": listing.page,
                "pages": listing.pages,
                "items": [_row(row) for row in listing],
            }
        )
        return
    for row in listing:
        click.echo(f"{row.pk:>6}  {row.as_of}  {row.get_state_display()}  {row.group_count}  {row.body.name}")


@regroup.command("solve", short_help=_("求解，或求解一个问题文件"))
@click.argument("number", type=int, metavar="[NUMBER]", required=False)
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="问题文件，不用数据库"
)
@click.option("--explain", is_flag=True, help="说明均衡了什么、放宽了什么、差距多少")
@_json
def solve(number: int | None, file: Path | None, explain: bool, as_json: bool) -> None:
    """为一次划分求一个新方案；或用 --file 求解一个文件，不动任何数据。"""
    if file is not None:
        _solve_file(file, explain=explain, as_json=as_json)
        return
    if number is None:
        raise NothingToSolve
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.selectors.proposals import conflict_of, names_in
    from ronghe.domain.regrouping.services.solving import ask_proposal, search

    proposal = ask_proposal(regrouping=_seen(actor, number), actor=actor, at=timezone.now())
    found = search(proposal=proposal, at=timezone.now())
    if found.assignment is None:
        _refuse(conflict_of(found), names_in(found))
    _show(found, explain=explain, as_json=as_json)


@regroup.command("example", short_help=_("打印示例问题文件"))
def example() -> None:
    """打印随产品带的示例：一个输气作业区划分三个党小组。"""
    from ronghe.demo import REGROUPING_EXAMPLE

    click.echo(REGROUPING_EXAMPLE.read_text(encoding="utf-8"), nl=False)


@regroup.command("show", short_help=_("看一个方案"))
@_number
@click.argument("letter", metavar="[LETTER]", required=False)
@click.option("--explain", is_flag=True, help="说明均衡了什么、放宽了什么、差距多少")
@_json
def show(number: int, letter: str | None, explain: bool, as_json: bool) -> None:
    """看一次划分的方案；不写 LETTER 看已报的或最新的，0 是现状。"""
    regrouping = _seen(acting_person(), number)
    if letter is None:
        rows = list(regrouping.proposals.order_by("pk"))
        chosen = [row for row in rows if row.pk == regrouping.chosen_id]
        found = next(iter([*chosen, *reversed(rows)]), None)
        if found is None or found.assignment is None:
            _tell(regrouping, _("还没有方案。"), as_json=as_json)
            return
    else:
        found = _lettered(regrouping, letter)
    _show(found, explain=explain, as_json=as_json)


@regroup.command("compare", short_help=_("并排比较两个方案"))
@_number
@click.argument("first", metavar="LETTER")
@click.argument("second", metavar="LETTER")
@_json
def compare_(number: int, first: str, second: str, as_json: bool) -> None:
    """比较两个方案的数字和换了组的人；0 是现状。"""
    regrouping = _seen(acting_person(), number)
    from ronghe.domain.regrouping.calc.comparing import compare
    from ronghe.domain.regrouping.calc.plain import to_plain
    from ronghe.domain.regrouping.selectors.proposals import open_proposal

    a, b = (open_proposal(_lettered(regrouping, letter)) for letter in (first, second))
    if a is None or b is None:
        raise NothingFound
    found = compare(b.problem, a.assignment, b.assignment)
    if as_json:
        _print(to_plain(found))
        return
    for name, before, after in (
        (_("能单独管一片的组"), found.first.alone, found.second.alone),
        (_("不合的规定"), found.first.broken, found.second.broken),
        (_("人均路程（分）"), found.first.minutes_e1 / 10, found.second.minutes_e1 / 10),
        (_("要换组的人"), found.first.moves, found.second.moves),
        (_("总代价"), found.first.objective, found.second.objective),
    ):
        click.echo(f"{name}  {before} → {after}")
    for one in found.differing:
        places = ["—" if at is None else str(at + 1) for at in (one.first, one.second)]
        click.echo(f"  {b.people[one.member].name}  {places[0]} → {places[1]}")


@regroup.command("pin", short_help=_("钉住一个人"))
@_number
@click.argument("person", metavar="PERSON")
@click.option("--hub", help="钉在哪个中心站的区域（站名）")
@click.option("--group", help="钉在哪个原党小组（组名）")
@_json
def pin(number: int, person: str, hub: str | None, group: str | None, as_json: bool) -> None:
    """把一个人钉在一个区域或原来的小组；两样都不写是取消钉住。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.models import AdminUnit, PartyOrg
    from ronghe.domain.regrouping.services.drafting import pin_person

    regrouping = _seen(actor, number)
    crew = _crew(regrouping)
    station = next((one for one in crew.units.values() if one.name == hub), None) if hub else None
    today = next((one for one in crew.groups if one.name == group), None) if group else None
    if (hub and station is None) or (group and today is None):
        raise NotFound
    places: dict[str, AdminUnit | PartyOrg | None] = {"hub": station, "group": today}
    pin_person(
        regrouping=regrouping, person=_person(regrouping, person), actor=actor, at=timezone.now(), **places  # type: ignore[arg-type]
    )  # fmt: skip
    _tell(regrouping, _("已改。重新求解后生效。"), as_json=as_json)


@regroup.command("apart", short_help=_("两个人不能同组"))
@_number
@click.argument("first", metavar="PERSON")
@click.argument("second", metavar="PERSON")
@click.option("--free", is_flag=True, help="取消这一对")
@_json
def apart(number: int, first: str, second: str, free: bool, as_json: bool) -> None:
    """让两个人不在同一组，或取消。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.services.drafting import set_apart

    regrouping = _seen(actor, number)
    one, other = _person(regrouping, first), _person(regrouping, second)
    set_apart(regrouping=regrouping, first=one, second=other, apart=not free, actor=actor, at=timezone.now())
    _tell(regrouping, _("已改。重新求解后生效。"), as_json=as_json)


@regroup.command("move", short_help=_("把一个人移到另一组"))
@_number
@_letter
@click.argument("person", metavar="PERSON")
@click.argument("group", type=click.IntRange(1), metavar="GROUP")
@_json
def move(number: int, letter: str, person: str, group: int, as_json: bool) -> None:
    """在一个方案里把一个人移到第 GROUP 组；系统拟的方案不变，另成一个方案。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.services.moving import move_person

    regrouping = _seen(actor, number)
    who = _person(regrouping, person)
    found = move_person(
        proposal=_lettered(regrouping, letter), member=who.pk, to=group - 1, actor=actor, at=timezone.now()
    )
    _show(found, explain=False, as_json=as_json)


@regroup.command("submit", short_help=_("报支委会研究"))
@_number
@_letter
@_json
def submit(number: int, letter: str, as_json: bool) -> None:
    """把一个方案报支委会研究；有规定不合的会被退回，并说明是哪一条。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.services.deciding import submit_regrouping

    done = submit_regrouping(proposal=_lettered(_seen(actor, number), letter), actor=actor, at=timezone.now())
    _tell(done, _("已报支委会研究。"), as_json=as_json)


@regroup.command("approve", short_help=_("记下支委会研究通过"))
@_number
@click.option("--decided", type=click.DateTime(["%Y-%m-%d"]), required=True, help="支委会研究日期")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="自何时执行，不写同研究日期")
@_json
def approve(number: int, decided: datetime, effective: datetime | None, as_json: bool) -> None:
    """记下支委会研究通过；到执行日期自动执行，也可用 carry-out 当天执行。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.services.deciding import approve_regrouping

    days: tuple[date, date] = decided.date(), (effective or decided).date()
    done = approve_regrouping(
        regrouping=_seen(actor, number), decided_on=days[0], effective_on=days[1], actor=actor, at=timezone.now()
    )
    _tell(done, _("已记下支委会研究结果。"), as_json=as_json)


@regroup.command("carry-out", short_help=_("执行，或撤回当天的执行"))
@_number
@click.option("--undo", is_flag=True, help="撤回当天的执行")
@_json
def carry_out_(number: int, undo: bool, as_json: bool) -> None:
    """执行研究通过的方案：党小组、成员、组长都记成事实；当天可以撤回。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.regrouping.services.carrying_out import carry_out, undo_carrying_out

    regrouping, now = _seen(actor, number), timezone.now()
    if undo:
        _tell(undo_carrying_out(regrouping=regrouping, actor=actor, at=now), _("已撤回。"), as_json=as_json)
    else:
        _tell(carry_out(regrouping=regrouping, actor=actor, at=now), _("已执行。"), as_json=as_json)


@regroup.command("print", short_help=_("打印支委会记录"))
@_number
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="写到哪里，.pdf 或 .docx")
def print_(number: int, out: Path) -> None:
    """打印支委会研究划分党小组的记录和方案表，按文件名的后缀写 PDF 或 Word。"""
    regrouping = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.regrouping.documents import grouping_record
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    form = PaperForm.DOCX if out.suffix.lower() == ".docx" else PaperForm.PDF
    out.write_bytes(issued(grouping_record(regrouping), form, at=timezone.now(), source=regrouping))
    click.echo(str(out))


def _solve_file(file: Path, *, explain: bool, as_json: bool) -> None:
    """Solve a question of a file; Django is not needed for it."""
    from ronghe.domain.regrouping.calc.judging import judge
    from ronghe.domain.regrouping.calc.model import Problem, Settings
    from ronghe.domain.regrouping.calc.plain import from_plain
    from ronghe.domain.regrouping.calc.proposals import Proposal
    from ronghe.domain.regrouping.calc.reasons import names_of
    from ronghe.domain.regrouping.calc.solving import propose

    try:
        asked = json.loads(file.read_text(encoding="utf-8"))
        problem = from_plain(Problem, asked["problem"])
        settings = from_plain(Settings, asked.get("settings", {}))
        groups, hubs = int(asked["groups"]), [int(hub) for hub in asked.get("hubs", ())]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionUnreadable(name=file.name, why=str(error)) from error
    found: Proposal | Impossible = propose(problem, groups, settings, fixed_hubs=hubs)
    if as_json:
        _print(found.to_json())
        return
    if not isinstance(found, Proposal):
        _refuse(found.conflicts, names_of(problem))
        return
    _print_grouping(problem, found.assignment, judge(problem, found.assignment), [])
    if explain:
        _explain(problem, found)


def _refuse(conflicts: Any, names: Any) -> None:
    """:raises NoGrouping, NothingFound: always."""
    from ronghe.domain.regrouping.calc.reasons import say

    found: list[Conflict] = list(conflicts)
    if not found:
        raise NothingFound
    raise NoGrouping(rules=_("；").join(say(rule, names) for rule in found[0].rules))


def _show(found: GroupingProposal, *, explain: bool, as_json: bool) -> None:
    from ronghe.domain.regrouping.calc.plain import to_plain
    from ronghe.domain.regrouping.calc.proposals import Proposal
    from ronghe.domain.regrouping.selectors.proposals import letter_name, open_proposal

    opened = open_proposal(found)
    if opened is None:
        raise NothingFound
    if as_json:
        _print({
            **_proposal_row(found), "assignment": found.assignment, "judgement": to_plain(opened.judgement),
            "outcome": found.outcome, "broken": [opened.say(one) for one in opened.judgement.broken],
        })  # fmt: skip
        return
    click.echo(letter_name(found))
    names = [group.name if (group := opened.group_today(one.continues)) else "" for one in opened.assignment.areas]
    _print_grouping(opened.problem, opened.assignment, opened.judgement, names)
    if explain and found.outcome.get("terms"):
        _explain(opened.problem, Proposal.from_json({**found.outcome, "assignment": found.assignment}))


def _print_grouping(problem: Problem, assignment: Assignment, judged: Judgement, names: list[str]) -> None:
    from ronghe.domain.regrouping.calc.reasons import names_of, say

    known = names_of(problem)
    for at, figures in enumerate(judged.groups):
        title = (names[at] if at < len(names) else "") or _("第 %(n)s 组") % {"n": at + 1}
        hub = known.stations.get(figures.hub, "") if figures.hub is not None else ""
        alone = _("能单独管一片") if figures.alone else _("不能单独管一片")
        click.echo(f"{title}  {hub}  {alone}")
        trades = listed(f"{name} {count}" for name, count in figures.main_trades.items())
        click.echo(_("  %(size)s 人，党员 %(party)s，正式 %(formal)s；%(trades)s") % {
            "size": figures.size, "party": figures.party, "formal": figures.formal, "trades": trades,
        })  # fmt: skip
        leader = assignment.leader_of(at)
        if leader is not None:
            click.echo(_("  组长：%(name)s") % {"name": known.people[leader]})
        click.echo("  " + listed(known.people[member] for member in assignment.members_of(at)))
    for one in judged.broken:
        click.echo("! " + say(one, known))


def _explain(problem: Problem, found: Proposal) -> None:
    from ronghe.domain.regrouping.calc.reasons import TERM_NAMES, names_of, say

    known = names_of(problem)
    click.echo(
        _("代价合计 %(objective)s，用时 %(seconds)s 秒") % {"objective": found.objective, "seconds": found.ms / 1000}
    )
    for name, cost in found.terms.items():
        if cost:
            click.echo(f"  {_(TERM_NAMES[name])}  {cost}")
    for one in found.relaxed:
        click.echo("  " + say(one.reason, known))
    if not found.relaxed:
        click.echo(_("没有放宽任何一项。"))
    if found.gap_e4 is not None:
        click.echo(_("与可证明的最好相差不到 %(gap)s%%。") % {"gap": found.gap_e4 / 100})


def _seen(actor: Person, number: int) -> Regrouping:
    from django.utils import timezone

    from ronghe.domain.regrouping.selectors.proposals import regroupings_seen_by

    found = regroupings_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _lettered(regrouping: Regrouping, letter: str) -> GroupingProposal:
    found = regrouping.proposals.filter(letter=letter.upper()).select_related("parent").first()
    if found is None:
        raise NotFound
    found.regrouping = regrouping
    return found


def _crew(regrouping: Regrouping) -> Any:
    from ronghe.domain.regrouping.selectors.crew import crew_of

    return crew_of(regrouping.body, regrouping.unit, regrouping.as_of)


def _person(regrouping: Regrouping, who: str) -> Person:
    from ronghe.cli.finding import person_called
    from ronghe.domain.org.models import Person

    return person_called(who, Person.objects.filter(pk__in=_crew(regrouping).people).order_by("pk"))


def _row(row: Regrouping) -> dict[str, Any]:
    return {
        "id": row.pk, "body": row.body.name, "unit": row.unit.name if row.unit else None, "state": row.state,
        "as_of": row.as_of.isoformat(), "groups": row.group_count,
        "effective_on": row.effective_on.isoformat() if row.effective_on else None,
    }  # fmt: skip


def _proposal_row(row: GroupingProposal) -> dict[str, Any]:
    return {"letter": row.letter, "source": row.source, "solving": row.solving}


def _tell(row: Regrouping, said: str, *, as_json: bool) -> None:
    if as_json:
        proposals = [_proposal_row(one) for one in row.proposals.order_by("pk")]
        _print({**_row(row), "proposals": proposals})
    else:
        click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
