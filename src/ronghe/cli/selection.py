"""`ronghe selection`: from the call to the award."""

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
    from ronghe.domain.honours.models import HonourCall, Nomination
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun selection open 5 --body 3 --quota 10 --until 2026-12-10
  ronghe --as shuji selection nominate 2 --body 12 --person 张强 --reasons 攻关带头
  ronghe --as jijian selection opinion 7 discipline --pass
  ronghe --as dangqun selection vote 2
  ronghe --as dangqun selection choose 2 7 9
  ronghe --as dangqun selection award 2 --number 油党〔2026〕9号
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_reason = click.option("--reason", required=True, help="原因")
_text = click.option("--text", required=True, help="内容")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=EPILOG, short_help=_("荣誉评选"))
def selection() -> None:
    """评选：提名、审查、投票或会议研究、公示、异议、表彰。"""


@selection.command("list", short_help=_("列出评选"))
@_json
def list_(as_json: bool) -> None:
    """列出评选，最近的在前。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.selection import list_calls

    rows = list(list_calls(actor, now, size=200))
    lines = [f"{row.pk:>6}  {row.year}  {row.title.name}  {row.body.name}  {row.get_state_display()}" for row in rows]
    _answer([_call(row) for row in rows], lines, as_json=as_json)


@selection.command("open", short_help=_("发起评选"))
@click.argument("title", type=int)
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.option("--year", type=int, help="年度，不写为今年")
@click.option("--quota", type=int, required=True, help="几个名额")
@click.option("--per-body", type=int, default=1, show_default=True, help="每个组织最多提几名")
@click.option("--until", type=DAY, required=True, help="提名到哪一天")
@click.option("--self", "allows_self", is_flag=True, help="可以自荐")
@click.option("--way", type=click.Choice(["ballot", "meeting"]), default="ballot", help="投票还是会议研究")
@click.option("--terms", default="", help="条件和要求")
@click.option("--notice-days", type=int, help="公示几个工作日，不写按范本")
@click.option("--veto-months", type=int, help="看几个月内的一票否决，不写按范本")
@_json
def open_(
    title: int, body: str, year: int | None, quota: int, per_body: int, until: datetime, allows_self: bool, way: str,
    terms: str, notice_days: int | None, veto_months: int | None, as_json: bool,
) -> None:  # fmt: skip
    """发起编号 TITLE 的荣誉的评选。"""
    actor, now = acting_now()
    from ronghe.domain.honours.enums import CallWay
    from ronghe.domain.honours.models import HonourTitle
    from ronghe.domain.honours.selectors.selection import bodies_to_call_for
    from ronghe.domain.honours.services.calling import CallText, open_call

    text = CallText(
        row_called(title, HonourTitle.objects.all()), year or now.year, quota, until.date(), per_body, allows_self,
        CallWay(way), terms, notice_days, veto_months,
    )  # fmt: skip
    made = open_call(body=body_called(body, bodies_to_call_for(actor, now)), text=text, actor=actor, at=now)
    _tell(made, _("评选通知已发布，大家都看得到。"), as_json=as_json)


@selection.command("show", short_help=_("看一次评选"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一次评选：提名了谁，审查到哪一步。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.selection import nominations_of, objections_on

    call = _seen(actor, now, number)
    views = nominations_of(call, actor, now)
    rows = [
        _nomination(view.nomination)
        | {"missing": [one.value for one in view.missing] if view.sees_vetting else [], "evidence": len(view.evidence)}
        for view in views
    ]
    objections = [
        {"id": one.pk, "nomination": one.nomination_id, "text": one.text, "state": one.state}
        for one in objections_on(call, actor, now)
    ]
    lines = [f"{call.title.name}  {call.get_state_display()}"]
    lines += [f"{row['id']:>6}  {row['holder']}  {row['state']}" for row in rows]
    _answer(_call(call) | {"nominations": rows, "objections": objections}, lines, as_json=as_json)


@selection.command("nominate", short_help=_("提名"))
@_number
@click.option("--body", required=True, help="以哪个组织的名义")
@click.option("--person", "who", default="", help="提名谁：姓名或员工号")
@click.option("--team", default="", help="提名哪个集体")
@click.option("--reasons", required=True, help="推荐理由")
@_json
def nominate_(number: int, body: str, who: str, team: str, reasons: str, as_json: bool) -> None:
    """提名一个人、一个集体，或以自己的组织参评。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.register import people_of
    from ronghe.domain.honours.selectors.selection import bodies_to_name_from
    from ronghe.domain.honours.services.calling import nominate
    from ronghe.domain.org.rules.reaches import local_day

    call = _seen(actor, now, number)
    by_body = body_called(body, bodies_to_name_from(call, actor, now))
    person = person_called(who, people_of(by_body, local_day(now))) if who else None
    made = nominate(call=call, by_body=by_body, person=person, team=team, reasons=reasons, actor=actor, at=now)
    _answer(_nomination(made), [_("已提名，编号 %(number)s。") % {"number": made.pk}], as_json=as_json)


@selection.command("evidence", short_help=_("加证明材料"))
@_number
@click.option("--words", default="", help="说明")
@click.option("--aspect", default="", help="证明哪一项，如 stands")
@click.option("--task", type=int, help="已验收的任务编号")
@click.option("--honour", "honour_number", type=int, help="已获荣誉的编号")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="文件")
@_json
def evidence(
    number: int, words: str, aspect: str, task: int | None, honour_number: int | None, file: Path | None, as_json: bool
) -> None:
    """给编号 NUMBER 的提名加证明材料。"""
    actor, now = acting_now()
    from ronghe.domain.honours.models import Honour
    from ronghe.domain.honours.services.calling import add_evidence
    from ronghe.domain.work.models import Task

    row = _named(actor, now, number)
    with opened_files([file] if file is not None else []) as files:
        add_evidence(
            nomination=row, words=words, aspect=aspect, actor=actor, at=now, upload=files[0] if files else None,
            task=row_called(task, Task.objects.all()) if task is not None else None,
            honour=row_called(honour_number, Honour.objects.all()) if honour_number is not None else None,
        )  # fmt: skip
    _answer(_nomination(row), [_("已加上。")], as_json=as_json)


@selection.command("take-back", short_help=_("撤回提名"))
@_number
@_json
def take_back(number: int, as_json: bool) -> None:
    """撤回一项提名。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.calling import withdraw_nomination

    row = withdraw_nomination(nomination=_named(actor, now, number), actor=actor, at=now)
    _answer(_nomination(row), [_("提名已撤回。")], as_json=as_json)


@selection.command("vet", short_help=_("截止提名，开始审查"))
@_number
@_json
def vet(number: int, as_json: bool) -> None:
    """截止提名，请各方出具意见。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.calling import begin_vetting

    call = begin_vetting(call=_seen(actor, now, number), actor=actor, at=now)
    _tell(call, _("提名已截止，请各方出具意见。"), as_json=as_json)


@selection.command("opinion", short_help=_("出具审查意见"))
@_number
@click.argument("aspect")
@click.option("--pass/--fail", "passes", required=True, help="同意还是不同意")
@click.option("--text", default="", help="说明")
@_json
def opinion(number: int, aspect: str, passes: bool, text: str, as_json: bool) -> None:
    """对编号 NUMBER 的提名出具 ASPECT 意见，如 discipline。"""
    actor, now = acting_now()
    from ronghe.domain.honours.enums import Aspect
    from ronghe.domain.honours.services.vetting import give_opinion

    if aspect not in Aspect.values:
        raise click.BadParameter(", ".join(Aspect.values))
    row = _named(actor, now, number)
    give_opinion(nomination=row, aspect=Aspect(aspect), passes=passes, words=text, actor=actor, at=now)
    _answer(_nomination(row), [_("意见已出具。")], as_json=as_json)


@selection.command("vote", short_help=_("开始投票"))
@_number
@click.argument("people", nargs=-1)
@_json
def vote(number: int, people: tuple[str, ...], as_json: bool) -> None:
    """请 PEOPLE（姓名或员工号）无记名投票；不写就请领导班子。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.register import people_of
    from ronghe.domain.honours.selectors.selection import panel_of
    from ronghe.domain.honours.services.choosing import open_vote
    from ronghe.domain.org.rules.reaches import local_day

    call, day = _seen(actor, now, number), local_day(now)
    offered = people_of(call.body, day)
    voters = [person_called(who, offered) for who in people] if people else panel_of(call, day)
    _tell(
        open_vote(call=call, voters=voters, actor=actor, at=now), _("投票已开始，投票人在今日看得到。"), as_json=as_json
    )


@selection.command("count", short_help=_("计票"))
@_number
@_json
def count(number: int, as_json: bool) -> None:
    """结束投票并计票。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.choosing import count_vote

    _tell(count_vote(call=_seen(actor, now, number), actor=actor, at=now), _("已计票。"), as_json=as_json)


@selection.command("vote-again", short_help=_("作废重投"))
@_number
@_reason
@_json
def again(number: int, reason: str, as_json: bool) -> None:
    """这次投票不算，重新投。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.choosing import vote_again

    call = vote_again(call=_seen(actor, now, number), reason=reason, actor=actor, at=now)
    _tell(call, _("这次投票不算，可以重新投。"), as_json=as_json)


@selection.command("choose", short_help=_("定名单并公示"))
@_number
@click.argument("nominations", nargs=-1, type=int, required=True)
@click.option("--decision", default="", help="怎样定的")
@_json
def choose_(number: int, nominations: tuple[int, ...], decision: str, as_json: bool) -> None:
    """把编号 NOMINATIONS 的提名定为拟表彰，开始公示。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.choosing import choose

    call = _seen(actor, now, number)
    picked = [row_called(key, call.nominations.all()) for key in nominations]
    choose(call=call, picked=picked, decision=decision, actor=actor, at=now)
    _tell(call, _("已公示，公示期内任何人可以提异议。"), as_json=as_json)


@selection.command("object", short_help=_("提异议"))
@_number
@_text
@_json
def object_(number: int, text: str, as_json: bool) -> None:
    """对公示的编号 NUMBER 的提名提异议。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.choosing import object_to

    made = object_to(nomination=_named(actor, now, number), text=text, actor=actor, at=now)
    _answer({"id": made.pk, "state": made.state}, [_("异议已提出，答复以后在这里看得到。")], as_json=as_json)


@selection.command("answer", short_help=_("答复异议"))
@_number
@click.option("--upheld/--dismissed", "is_upheld", required=True, help="是否成立")
@_text
@_json
def answer(number: int, is_upheld: bool, text: str, as_json: bool) -> None:
    """答复编号 NUMBER 的异议。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.selection import objections_seen_by
    from ronghe.domain.honours.services.choosing import answer_objection

    found = row_called(number, objections_seen_by(actor, now))
    answer_objection(objection=found, is_upheld=is_upheld, answer=text, actor=actor, at=now)
    _answer({"id": found.pk, "state": found.state}, [_("已答复。")], as_json=as_json)


@selection.command("award", short_help=_("表彰"))
@_number
@click.option("--number", "document_number", default="", help="表彰文件的文号")
@_json
def award_(number: int, document_number: str, as_json: bool) -> None:
    """公示期满，表彰名单上的，记入荣誉台账。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.choosing import award

    call = award(call=_seen(actor, now, number), document_number=document_number, actor=actor, at=now)
    _tell(call, _("已表彰，记入荣誉台账，可以打印证书。"), as_json=as_json)


@selection.command("call-off", short_help=_("取消评选"))
@_number
@_reason
@_json
def off(number: int, reason: str, as_json: bool) -> None:
    """取消一次评选。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.calling import call_off

    call = call_off(call=_seen(actor, now, number), reason=reason, actor=actor, at=now)
    _tell(call, _("评选已取消。"), as_json=as_json)


def _seen(actor: Person, now: datetime, number: int) -> HonourCall:
    from ronghe.domain.honours.selectors.selection import calls_seen_by

    return row_called(number, calls_seen_by(actor, now))


def _named(actor: Person, now: datetime, number: int) -> Nomination:
    from ronghe.domain.honours.selectors.selection import nominations_seen_by

    return row_called(number, nominations_seen_by(actor, now))


def _call(call: HonourCall) -> dict[str, Any]:
    until = call.notice_until.isoformat() if call.notice_until else None
    return {
        "id": call.pk, "title": call.title.name, "body": call.body.name, "year": call.year, "quota": call.quota,
        "state": call.state, "notice_until": until,
    }  # fmt: skip


def _nomination(row: Nomination) -> dict[str, Any]:
    return {"id": row.pk, "holder": row.holder_name, "body": row.body.name, "state": row.state}


def _tell(call: HonourCall, said: str, *, as_json: bool) -> None:
    _answer(_call(call), [said], as_json=as_json)


def _answer(data: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
