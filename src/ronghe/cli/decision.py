"""`ronghe decision`: matters, rules of procedure, responsibility sheet, charter clauses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.decision_books import BOOKS
from ronghe.cli.decision_charters import CHARTERS
from ronghe.cli.decision_sheets import SHEETS
from ronghe.cli.finding import body_called, moment_said, opened_files, person_called, row_called
from ronghe.cli.telling import IN_FILE
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.decisions.models import Matter
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun decision list --state following
  ronghe --as dangqun decision raise --entry 4 --title 2027年综合计划
  ronghe --as dangqun decision schedule 7 52 --purpose decide
  ronghe --as dangqun decision settle 7 --yes 7 --no 1 --decision 同意
  ronghe --as dangqun decision part 7 王海 --title 分解指标 --due "2026-12-01 18:00"
  ronghe --as dangqun decision report 7 running --text 已下发
  ronghe --as xiequ decision mine

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_reason = click.option("--reason", default="", help="例外的原因，留在记录里")
STATES = ("raised", "prepared", "scheduled", "studied", "following", "done", "undone", "rejected", "withdrawn")


@click.group(epilog=EPILOG, short_help=_("议事决策"))
def decision() -> None:
    """议事决策：按清单上会，按规则计票，议定的跟到落实。"""


for _command in (*BOOKS, *CHARTERS, *SHEETS):
    decision.add_command(_command)


@decision.command("list", short_help=_("列出决策事项"))
@click.option("--state", type=click.Choice(STATES), help="只看这种状态")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的决策事项，最近提出的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import list_matters

    listed = list_matters(actor, timezone.now(), filters=Q(state=state) if state else Q(), page=page)
    if as_json:
        _print(
            {"count": listed.count, "page": listed.page, "pages": listed.pages, "items": [_row(row) for row in listed]}
        )
        return
    for row in listed:
        late = _("有逾期") if row.is_late else row.get_state_display()  # type: ignore[attr-defined]
        click.echo(f"{row.pk:>6}  {row.title}  {row.body.name}  {late}")
    click.echo(_("共 %(count)s 件。") % {"count": listed.count})


@decision.command("entries", short_help=_("清单里可以提出的事项"))
@_json
def entries(as_json: bool) -> None:
    """列出现行清单里您可以提出的事项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import bodies_to_raise_in, entries_offered

    rows = list(entries_offered(bodies_to_raise_in(actor, timezone.now()))[:500])
    if as_json:
        _print([{"id": row.pk, "title": row.title, "body": row.of_list.body.name, "forum": row.forum} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.title}  {row.category_name}  {row.get_forum_display()}")


@decision.command("raise", short_help=_("提出事项"))
@click.option("--entry", type=int, help="清单里事项的编号")
@click.option("--body", help="党组织的名称或编号；清单以外的才写")
@click.option("--title", default="", help="要决定什么；不写就用清单里的名称")
@click.option("--summary", default="", help="情况和建议")
@click.option("--outside-reason", default="", help="清单以外上会的原因")
@_json
def raise_(entry: int | None, body: str | None, title: str, summary: str, outside_reason: str, as_json: bool) -> None:
    """提出一件决策事项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import bodies_to_raise_in, entries_offered
    from ronghe.domain.decisions.services.matters import raise_matter

    now = timezone.now()
    bodies = bodies_to_raise_in(actor, now)
    found = entries_offered(bodies).filter(pk=entry).first() if entry is not None else None
    if (entry is not None and found is None) or (entry is None and body is None):
        raise NotFound
    held_by = found.of_list.body if found is not None else body_called(body or "", bodies)
    made = raise_matter(
        body=held_by, entry=found, title=title, summary=summary, outside_reason=outside_reason, actor=actor, at=now
    )
    _tell(made, _("已提出，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@decision.command("show", short_help=_("看一件事项"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一件事项：上会经过、表决、落实。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import lines_of, sittings_of

    matter = _seen(actor, number)
    sittings, lines = sittings_of(matter), lines_of(matter, timezone.now())
    if as_json:
        _print(
            _matter(matter)
            | {
                "sittings": [
                    {"purpose": view.sitting.purpose, "held_on": f"{view.sitting.held_on}",
                     "outcome": view.sitting.outcome, "decision": view.sitting.decision,
                     "votes": [view.sitting.votes_for, view.sitting.votes_against, view.sitting.votes_abstained]}
                    for view in sittings
                ],
                "parts": [{"task": view.task.pk, "title": view.task.title, "state": view.task.state} for view in lines],
            }
        )  # fmt: skip
        return
    click.echo(f"{matter.title}  {matter.get_state_display()}")
    for view in sittings:
        outcome = view.sitting.get_outcome_display() if view.sitting.outcome else _("待议")
        click.echo(
            f"  {view.sitting.held_on}  {view.sitting.get_purpose_display()}  {outcome}  {view.sitting.decision}"
        )
        for check in view.checks:
            click.echo(f"    {check}")
    for line in lines:
        click.echo(f"  {line.task.title}  {line.task.assignee.name}  {line.task.get_state_display()}")


@decision.command("checks", short_help=_("记审查和征求意见"))
@_number
@click.option("--by", default="", help="谁做的合法合规审查")
@click.option("--opinion", default="", help="审查意见")
@click.option("--consulted", default="", help="听取了谁的意见")
@_json
def checks(number: int, by: str, opinion: str, consulted: str, as_json: bool) -> None:
    """记一件事项的合法合规审查和征求意见情况。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.services.matters import note_checks

    made = note_checks(
        matter=_seen(actor, number), legal_checked_by=by, legal_opinion=opinion, consulted_note=consulted,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell(made, _("已记下。"), as_json=as_json)


@decision.command("prepare", short_help=_("准备完毕"))
@_number
@_json
def prepare(number: int, as_json: bool) -> None:
    """一件事项准备好了，可以列入会议。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.services.matters import prepare_matter

    made = prepare_matter(matter=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("准备好了，可以列入会议。"), as_json=as_json)


@decision.command("withdraw", short_help=_("撤回事项"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """撤回一件还没有上会的事项。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.services.matters import withdraw_matter

    made = withdraw_matter(matter=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("已撤回。"), as_json=as_json)


@decision.command("paper", short_help=_("附上会材料"))
@_number
@click.argument("files", nargs=-1, required=True, type=IN_FILE)
@_json
def paper(number: int, files: tuple[Path, ...], as_json: bool) -> None:
    """给一件事项附上会材料，可以几个文件。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.matters import add_paper

    matter = _seen(actor, number)
    with opened_files(files) as uploads:
        for upload in uploads:
            add_paper(matter=matter, upload=upload, actor=actor, at=now)
    _tell(matter, _("材料已附上。"), as_json=as_json)


@decision.command("avoid", short_help=_("记回避"))
@_number
@click.argument("who")
@click.option("--reason", required=True, help="为什么回避")
@_json
def avoid(number: int, who: str, reason: str, as_json: bool) -> None:
    """记下 WHO（姓名或员工号）在一件事项上回避，表决时不计入。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import members_of
    from ronghe.domain.decisions.services.matters import note_avoidance

    matter = _seen(actor, number)
    person = person_called(who, members_of(matter.forum, matter.body, timezone.localdate(now)))
    note_avoidance(matter=matter, person=person, reason=reason, actor=actor, at=now)
    _tell(matter, _("回避已记下，表决时不计入。"), as_json=as_json)


@decision.command("avoid-back", short_help=_("撤回回避"))
@_number
@click.argument("who")
@_json
def avoid_back(number: int, who: str, as_json: bool) -> None:
    """撤回 WHO（姓名或员工号）在一件事项上的回避。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.matters import take_back_avoidance
    from ronghe.domain.org.models import Person

    matter = _seen(actor, number)
    person = person_called(who, Person.objects.filter(pk__in=matter.avoidances.values("person")))
    avoidance = matter.avoidances.select_related("matter").get(person=person)
    take_back_avoidance(avoidance=avoidance, actor=actor, at=now)
    _tell(matter, _("已撤回。"), as_json=as_json)


@decision.command("defer", short_help=_("撤下议程"))
@_number
@_json
def defer(number: int, as_json: bool) -> None:
    """把一件事项撤下这次会议的议程，另列会议。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.meetings import defer_matter

    _tell(
        defer_matter(matter=_seen(actor, number), actor=actor, at=now), _("已撤下议程，可以另列会议。"), as_json=as_json
    )


@decision.command("schedule", short_help=_("列入会议"))
@_number
@click.argument("activity", type=int)
@click.option("--purpose", type=click.Choice(["study", "decide"]), default="decide", show_default=True)
@_reason
@_json
def schedule(number: int, activity: int, purpose: str, reason: str, as_json: bool) -> None:
    """把一件事项列入活动 ACTIVITY 的议程。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.enums import Purpose
    from ronghe.domain.decisions.selectors.matters import meetings_for
    from ronghe.domain.decisions.services.meetings import schedule_matter

    now = timezone.now()
    matter = _seen(actor, number)
    found = meetings_for(matter, timezone.localdate(now)).filter(pk=activity).first()
    if found is None:
        raise NotFound
    schedule_matter(matter=matter, activity=found, purpose=Purpose(purpose), reason=reason, actor=actor, at=now)
    _tell(matter, _("已列入会议，开会时自动进议程。"), as_json=as_json)


@decision.command("settle", short_help=_("记表决"))
@_number
@click.option("--decision", "words", required=True, help="议定了什么")
@click.option("--yes", type=click.IntRange(0, 9999), required=True, help="赞成票")
@click.option("--no", "no_", type=click.IntRange(0, 9999), default=0, help="反对票")
@click.option("--abstained", type=click.IntRange(0, 9999), default=0, help="弃权票")
@click.option("--dissent", nargs=2, multiple=True, metavar="WHO TEXT", help="谁要求记录什么不同意见，可写多次")
@_json
def settle(
    number: int, words: str, yes: int, no_: int, abstained: int, dissent: tuple[tuple[str, str], ...], as_json: bool
) -> None:
    """在正在开的会议里记一件事项的表决，按清单的规则计票。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import members_of
    from ronghe.domain.decisions.services.meetings import Dissent, Votes, settle_matter

    now = timezone.now()
    matter = _seen(actor, number)
    people = members_of(matter.forum, matter.body, timezone.localdate(now))
    dissents = [Dissent(person_called(who, people), text) for who, text in dissent]
    sitting = settle_matter(
        matter=matter, decision=words, votes=Votes(yes, no_, abstained), dissents=dissents, actor=actor, at=now
    )
    _tell(matter, _("结果：%(outcome)s。") % {"outcome": sitting.get_outcome_display()}, as_json=as_json)


@decision.command("elsewhere", short_help=_("记班子会、职代会的决定"))
@_number
@click.option("--forum", type=click.Choice(["leading_group", "workers_congress"]), default="leading_group")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="哪一天决定的")
@click.option("--document", required=True, help="会议纪要的名称、文号")
@click.option("--decision", "words", required=True, help="议定了什么")
@click.option("--rejected", is_flag=True, help="没有通过")
@_reason
@_json
def elsewhere(
    number: int, forum: str, day: datetime, document: str, words: str, rejected: bool, reason: str, as_json: bool
) -> None:
    """记一件事项在平台以外的会议上的决定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.enums import Forum
    from ronghe.domain.decisions.services.meetings import settle_elsewhere

    matter = _seen(actor, number)
    settle_elsewhere(
        matter=matter, forum=Forum(forum), held_on=day.date(), document=document, decision=words,
        is_carried=not rejected, reason=reason, actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell(matter, _("决定已记下。"), as_json=as_json)


@decision.command("part", short_help=_("分解成任务"))
@_number
@click.argument("who")
@click.option("--title", required=True, help="办什么")
@click.option("--due", required=True, help="何时办完，如 2026-12-01 18:00")
@_json
def part(number: int, who: str, title: str, due: str, as_json: bool) -> None:
    """把议定的一项交给 WHO（姓名或员工号）办。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.services.following import give_line
    from ronghe.domain.org.selectors.people import people_seen_by

    now = timezone.now()
    matter = _seen(actor, number)
    assignee = person_called(who, people_seen_by(actor, now))
    give_line(matter=matter, title=title, assignee=assignee, due_at=moment_said(due), actor=actor, at=now)
    _tell(matter, _("已交给%(name)s。") % {"name": assignee.name}, as_json=as_json)


@decision.command("report", short_help=_("报落实情况"))
@_number
@click.argument("progress", type=click.Choice(["running", "done", "undone"]))
@click.option("--text", required=True, help="落实到什么程度")
@click.option("--activity", type=int, help="向哪次会议报告：活动的编号")
@_json
def report(number: int, progress: str, text: str, activity: int | None, as_json: bool) -> None:
    """报一件议定事项的落实情况。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.enums import Progress
    from ronghe.domain.decisions.selectors.matters import meetings_to_report_to
    from ronghe.domain.decisions.services.following import report_progress

    matter = _seen(actor, number)
    heard = row_called(activity, meetings_to_report_to(matter)) if activity is not None else None
    report_progress(matter=matter, progress=Progress(progress), text=text, activity=heard, actor=actor, at=now)
    _tell(matter, _("督办情况已记下。"), as_json=as_json)


def _seen(actor: Person, number: int) -> Matter:
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.matters import matters_seen_by

    found = matters_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(row: Any) -> dict[str, Any]:
    return _matter(row) | {"parts": row.parts, "parts_done": row.parts_done, "is_late": row.is_late}


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.pk, "title": matter.title, "body": matter.body.name, "state": matter.state,
        "category": matter.category, "forum": matter.forum,
    }  # fmt: skip


def _tell(matter: Matter, said: str, *, as_json: bool) -> None:
    _print(_matter(matter)) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
