"""`ronghe lookback`: 回头看. Raising, taking and verifying a finding is `ronghe item`."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.lookbacks.models import LookSession
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as xiequ item raise lookback --body 3 --title 交接班没有看作业票
  ronghe --as dangyuan item step 12 take
  ronghe --as dangyuan lookback analyse 12 --behind 各记各的 --why 没看票 --why 没规定 --cause 没有规定 --cause-behind 没人负责
  ronghe --as dangyuan lookback measure 12 --title 写进交接单 --who 罗一鸣 --due 2026-12-01
  ronghe --as shuji lookback recurring
  ronghe --as shuji lookback open --body 3 --from 2026-07-01 --last 2026-09-30
  ronghe --as shuji lookback close 2 --conclusion 会要合着开

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
HEADS = {"人": "people", "机": "machine", "料": "material", "法": "method", "环": "setting", "测": "measuring"}


class BoneUnreadable(DomainError):
    code = "lookback_bone_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 类别=原因，类别是人、机、料、法、环、测之一。")
    status = 422


_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group("lookback", epilog=EPILOG, short_help=_("回头看：问题、原因、措施、复发"))
def lookback() -> None:
    """回头看：查问题背后的问题、原因背后的原因，定措施，复发就重新打开；对融合工作定期回头看。"""


@lookback.command("show", short_help=_("看一个问题"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的问题：原因、措施、复发。"""
    _tell(_seen(acting_person(), number), "", as_json=as_json)


@lookback.command("analyse", short_help=_("写原因"))
@_number
@click.option("--behind", required=True, help="问题背后的问题")
@click.option("--why", "whys", multiple=True, required=True, help="为什么，按顺序写 2 到 5 个")
@click.option("--cause", required=True, help="原因")
@click.option("--cause-behind", required=True, help="原因背后的原因")
@click.option("--bone", "bones", multiple=True, metavar="HEAD=CAUSE", help="鱼骨图，类别是人机料法环测之一，可写多个")
@_json
def analyse(
    number: int,
    behind: str,
    whys: tuple[str, ...],
    cause: str,
    cause_behind: str,
    bones: tuple[str, ...],
    as_json: bool,
) -> None:
    """给编号 NUMBER 的问题写原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.services.analysing import AnalysisIn, write_analysis

    by_head: dict[str, list[str]] = {}
    for one in bones:
        head, equals, text = one.partition("=")
        code = HEADS.get(head.strip(), head.strip())
        if not equals or code not in HEADS.values():
            raise BoneUnreadable(text=one)
        by_head.setdefault(code, []).append(text)
    item = _seen(actor, number)
    given = AnalysisIn(behind, cause, cause_behind, whys, by_head)
    write_analysis(item=item, given=given, actor=actor, at=timezone.now())
    _tell(item, _("原因已写下，接着定措施。"), as_json=as_json)


@lookback.command("measure", short_help=_("定一条措施"))
@_number
@click.option("--title", required=True, help="措施")
@click.option("--who", required=True, help="谁来办：姓名或员工号")
@click.option("--due", required=True, help="何时办完，如 2026-12-31 18:00")
@_json
def measure(number: int, title: str, who: str, due: str, as_json: bool) -> None:
    """给编号 NUMBER 的问题定一条措施，下达给责任人。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import people_for_measures
    from ronghe.domain.lookbacks.services.analysing import add_measure

    now, item = timezone.now(), _seen(actor, number)
    person = person_called(who, people_for_measures(item, actor, now))
    add_measure(item=item, title=title, assignee=person, due_at=moment_said(due), actor=actor, at=now)
    _tell(item, _("措施已下达给责任人。"), as_json=as_json)


@lookback.command("begin", short_help=_("开始整改"))
@_number
@_json
def begin(number: int, as_json: bool) -> None:
    """编号 NUMBER 的问题措施已定，开始整改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.services.analysing import begin_measures

    item = begin_measures(item=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(item, _("开始整改。"), as_json=as_json)


@lookback.command("submit", short_help=_("交验"))
@_number
@click.option("--note", required=True, help="措施见效了吗")
@_json
def submit(number: int, note: str, as_json: bool) -> None:
    """编号 NUMBER 的问题措施都已验收，交别人验证。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.services.analysing import hand_in_result

    item = hand_in_result(item=_seen(actor, number), note=note, actor=actor, at=timezone.now())
    _tell(item, _("已交验，等待别人验证。"), as_json=as_json)


@lookback.command("recur", short_help=_("又发生了"))
@_number
@click.option("--text", help="这一次在哪里、怎样发生")
@click.option("--finding", type=int, help="新记的问题（编号），并入 NUMBER 这个旧问题")
@_json
def recur(number: int, text: str | None, finding: int | None, as_json: bool) -> None:
    """编号 NUMBER 的问题又发生了，重新打开。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.services.recurring import join_old, note_recurrence

    now, item = timezone.now(), _seen(actor, number)
    if finding is not None:
        join_old(finding=_seen(actor, finding), old=item, actor=actor, at=now)
    else:
        note_recurrence(item=item, text=text or "", actor=actor, at=now)
    _tell(item, _("已重新打开，等责任人重新查原因。"), as_json=as_json)


@lookback.command("recurring", short_help=_("反复发生的问题"))
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@_json
def recurring(page: int, as_json: bool) -> None:
    """列出销号以后又发生的问题，次数多的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import list_recurring

    rows: list[Any] = list(list_recurring(actor, timezone.now(), page=page))
    if as_json:
        _print([{"id": row.pk, "title": row.title, "state": row.state, "times": row.times} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>7}  {row.times:>3}  {row.title}")


@lookback.command("sessions", short_help=_("列出融合工作回头看"))
@_json
def sessions(as_json: bool) -> None:
    """列出您能看到的融合工作回头看，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import list_sessions

    rows: list[Any] = list(list_sessions(actor, timezone.now()))
    if as_json:
        _print([_session(row) | {"found": row.found} for row in rows])
        return
    for row in rows:
        word = _("已完成") if row.closed_at else _("没完成")
        click.echo(f"{row.pk:>7}  {row.from_on}—{row.until_on}  {word}  {row.found:>3}  {row.body.name}")


@lookback.command("open", short_help=_("开始回头看"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="从哪天")
@click.option("--last", "last_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="到哪天，含这一天")
@_json
def open_(body: str, from_on: Any, last_on: Any, as_json: bool) -> None:
    """对一个组织的融合工作开始回头看，列出记录里没有一起办的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import bodies_to_look_back
    from ronghe.domain.lookbacks.services.sessions import open_session

    now = timezone.now()
    until: date = last_on.date() + timedelta(days=1)
    chosen = body_called(body, bodies_to_look_back(actor, now))
    session = open_session(body=chosen, from_on=from_on.date(), until_on=until, actor=actor, at=now)
    _walk(session, as_json=as_json)


@lookback.command("walk", short_help=_("看记录里没有一起办的"))
@_number
@_json
def walk(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的这次回头看，记录里有哪些没有一起办。"""
    actor = acting_person()
    from ronghe.domain.lookbacks.rules import RUN_SESSION

    session = _seen_session(actor, number)
    RUN_SESSION.require(actor, session)
    _walk(session, as_json=as_json)


@lookback.command("pick", short_help=_("挑出问题"))
@_number
@click.option("--title", help="没有一起办的是什么；照记录挑的可以不写")
@click.option("--source", help="照哪条记录，如 work.task:12")
def pick(number: int, title: str | None, source: str | None) -> None:
    """在编号 NUMBER 的这次回头看里挑出一个问题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.items.services.showing import RecordOf
    from ronghe.domain.lookbacks.selectors import lapse_called, lapses_of
    from ronghe.domain.lookbacks.services.sessions import pick_finding

    now, session, record = timezone.now(), _seen_session(actor, number), None
    if source:
        label, _colon, key = source.partition(":")
        lapses = lapses_of(session.body, session.from_on, session.until_on, now)
        line = lapse_called(lapses, label, int(key)) if key.isascii() and key.isdigit() else None
        if line is None:
            raise NotFound
        record, title = RecordOf(line.source_type, line.source_id, line.title), title or line.title
    finding = pick_finding(session=session, title=title or "", source=record, actor=actor, at=now)
    click.echo(_("已挑出来，编号 %(number)s。") % {"number": finding.item_id})


@lookback.command("unpick", short_help=_("撤下挑出的问题"))
@_number
@click.argument("item", type=int, metavar="PROBLEM")
def unpick(number: int, item: int) -> None:
    """从回头看 NUMBER 撤下还没人办的问题 PROBLEM（编号）。"""
    actor, now = acting_now()
    from ronghe.domain.lookbacks.models import SessionFinding
    from ronghe.domain.lookbacks.services.sessions import drop_finding

    rows = SessionFinding.objects.select_related("item", "session__body")
    found = rows.filter(session=_seen_session(actor, number), item=item).first()
    if found is None:
        raise NotFound
    drop_finding(finding=found, actor=actor, at=now)
    click.echo(_("已撤下。"))


@lookback.command("reopen", short_help=_("撤销完成"))
@_number
@_json
def reopen(number: int, as_json: bool) -> None:
    """撤销回头看 NUMBER 的完成，接着办。"""
    actor, now = acting_now()
    from ronghe.domain.lookbacks.services.sessions import reopen_session

    made = reopen_session(session=_seen_session(actor, number), actor=actor, at=now)
    _print(_session(made)) if as_json else click.echo(_("已撤销完成。"))


@lookback.command("close", short_help=_("完成回头看"))
@_number
@click.option("--conclusion", required=True, help="结论")
def close(number: int, conclusion: str) -> None:
    """完成编号 NUMBER 的这次回头看。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.lookbacks.services.sessions import close_session

    close_session(session=_seen_session(actor, number), conclusion=conclusion, actor=actor, at=timezone.now())
    click.echo(_("这次回头看已完成，应办事项已对上。"))


def _walk(session: LookSession, *, as_json: bool) -> None:
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import lapses_of

    lapses = lapses_of(session.body, session.from_on, session.until_on, timezone.now())
    lines = [
        {
            "lapse": line.lapse.value,
            "source": f"{line.source_type}:{line.source_id}",
            "title": line.title,
            "who": line.who,
        }
        for group in lapses
        for line in group.lines
    ]
    if as_json:
        _print(_session(session) | {"lapses": lines})
        return
    click.echo(_("回头看编号 %(number)s。") % {"number": session.pk})
    for line in lines:
        click.echo(f"  {line['source']}  {line['title']}  {line['who']}")


def _seen(actor: Person, number: int) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by

    found: WorkItem | None = items_seen_by(actor, timezone.now()).filter(pk=number, kind="lookback").first()
    if found is None:
        raise NotFound
    return found


def _seen_session(actor: Person, number: int) -> LookSession:
    from django.utils import timezone

    from ronghe.domain.lookbacks.selectors import sessions_seen_by

    found: LookSession | None = sessions_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _session(session: LookSession) -> dict[str, Any]:
    return {
        "id": session.pk, "body": session.body.name, "from_on": session.from_on.isoformat(),
        "until_on": session.until_on.isoformat(), "is_closed": session.closed_at is not None,
    }  # fmt: skip


def _tell(item: WorkItem, words: str, *, as_json: bool) -> None:
    from ronghe.domain.items.rules import kind_of
    from ronghe.domain.lookbacks.selectors import look_record_of

    record = look_record_of(item)
    if as_json:
        analyses = [
            {"round": why.analysis.round, "problem_behind": why.analysis.problem_behind, "whys": why.whys,
             "cause": why.analysis.cause, "cause_behind": why.analysis.cause_behind, "bones": why.bones}
            for why in record.analyses
        ]  # fmt: skip
        tasks = [{"round": row.round, "task": row.task_id, "title": row.task.title} for row in record.measures]
        _print({"id": item.pk, "title": item.title, "state": item.state, "times": record.times, "analyses": analyses,
                "measures": tasks})  # fmt: skip
        return
    if words:
        click.echo(words)
        return
    click.echo(f"#{item.pk} {item.title}  {_(kind_of(item).state_by_id[item.state].title)}  ×{record.times}")
    for why in record.analyses:
        row = why.analysis
        for text in (row.problem_behind, *why.whys, row.cause, row.cause_behind):
            click.echo(f"  → {text}")
    for measure_row in record.measures:
        click.echo(f"  #{measure_row.task_id} {measure_row.task.title}  {measure_row.task.assignee.name}")


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
