"""`ronghe activity`: topics with speeches and votes, the form of the mechanism, who came late or online, the list as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.activity_form import FORM
from ronghe.cli.finding import moment_said, person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.rhythm.models import Activity, AgendaItem

EPILOG = """\b
举例，一次支部党员大会：
  ronghe --as shuji activity matter 31 2 admission --person 王海
  ronghe --as shuji activity written 31 2 --yes 1
  ronghe --as shuji activity ballot 31 2
  ronghe --as shuji activity say 31 2 张强 --text 平时表现好，同意转正
  ronghe --as shuji activity outcome 31 --next 会后一周内谈话
  ronghe --as shuji huddle close 31

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

MATTERS = ("other", "general", "admission", "committee", "election")
METHODS = ("show_of_hands", "secret_ballot", "oral")

_number = click.argument("number", type=int, metavar="NUMBER")
_topic = click.argument("topic", type=int, metavar="TOPIC")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("活动记录：发言、表决、检查、下一步"))
def activity() -> None:
    """活动的逐项记录：议题、发言、表决、检查项目、数据、下一步，以及迟到、早退和线上参会。"""


for _command in FORM:
    activity.add_command(_command)


@activity.command("topic", short_help=_("看一个议题"))
@_number
@_topic
@_json
def topic_(number: int, topic: int, as_json: bool) -> None:
    """看一个议题：谁说了什么，怎么表决，还需要什么。"""
    actor = acting_person()
    from ronghe.domain.rhythm.enums import Matter
    from ronghe.domain.rhythm.selectors.voting import floor_of, needs_of

    item = _item(actor, number, topic)
    floor = floor_of(item.activity, Matter(item.matter))
    needs = [str(check) for check in needs_of(floor)] if not item.has_vote else []
    speeches = [(row.person.name, row.text) for row in item.speeches.select_related("person").order_by("pk")]
    if as_json:
        _print({
            "number": item.number, "topic": item.topic, "notes": item.notes, "decision": item.decision,
            "matter": item.matter, "outcome": item.vote_outcome, "needs": needs, "ballot": item.ballot_id,
            "votes": [item.votes_for, item.votes_against, item.votes_abstained],
            "speeches": [{"person": name, "text": text} for name, text in speeches],
            "may_vote": [person.name for person in floor.present],
            "without_vote": [{"person": one.person.name, "why": one.why} for one in floor.without],
        })  # fmt: skip
        return
    click.echo(f"{item.number}. {item.topic}  {item.get_matter_display()}")
    for name, text in speeches:
        click.echo(f"  {name}：{text}")
    if item.decision:
        click.echo(_("决定：%(decision)s") % {"decision": item.decision})
    for need in needs:
        click.echo(need)
    if item.vote_outcome:
        click.echo(str(item.get_vote_outcome_display()))


@activity.command("edit", short_help=_("写讨论和决定"))
@_number
@_topic
@click.option("--title", help="改议题")
@click.option("--notes", help="讨论")
@click.option("--decision", help="决定")
def edit(number: int, topic: int, title: str | None, notes: str | None, decision: str | None) -> None:
    """写一个议题的讨论和决定；没写的不动。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.agenda import edit_agenda_item

    item = _item(actor, number, topic)
    edit_agenda_item(
        item=item, topic=title or item.topic, notes=item.notes if notes is None else notes,
        decision=item.decision if decision is None else decision, actor=actor, at=timezone.now(),
    )  # fmt: skip
    click.echo(_("已记下。"))


@activity.command("say", short_help=_("记一行发言"))
@_number
@_topic
@click.argument("who", metavar="WHO")
@click.option("--text", required=True, help="说了什么")
def say(number: int, topic: int, who: str, text: str) -> None:
    """记一行发言：谁说了什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.agenda import add_speech

    item = _item(actor, number, topic)
    add_speech(item=item, person=_came(item.activity, who), text=text, actor=actor, at=timezone.now())
    click.echo(_("已记下。"))


@activity.command("unsay", short_help=_("撤回一行发言"))
@_number
@_topic
@click.argument("line", type=int, metavar="LINE")
def unsay(number: int, topic: int, line: int) -> None:
    """撤回活动 NUMBER 的议题 TOPIC 里记错了的第 LINE 行发言（从 1 数）。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.services.agenda import take_back_speech

    rows = list(_item(actor, number, topic).speeches.select_related("item").order_by("pk"))
    if not 1 <= line <= len(rows):
        raise NotFound
    take_back_speech(speech=rows[line - 1], actor=actor, at=now)
    click.echo(_("已撤回。"))


@activity.command("task", short_help=_("议题转为任务"))
@_number
@_topic
@click.argument("who", metavar="PERSON")
@click.option("--due", required=True, help="何时办完，如 2026-09-14 17:00")
def task(number: int, topic: int, who: str, due: str) -> None:
    """把活动 NUMBER 的议题 TOPIC 转为任务，交给 PERSON（姓名或员工号）。"""
    actor, now = acting_now()
    from ronghe.domain.rhythm.selectors import expected_people
    from ronghe.domain.rhythm.services.agenda import make_task

    item = _item(actor, number, topic)
    person = person_called(who, expected_people(item.activity))
    make_task(item=item, assignee=person, due_at=moment_said(due), actor=actor, at=now)
    click.echo(_("已转为任务，由%(name)s办。") % {"name": person.name})


@activity.command("dissent", short_help=_("记保留的不同意见"))
@_number
@_topic
@click.argument("who", metavar="WHO")
@click.option("--text", required=True, help="照本人的话")
def dissent(number: int, topic: int, who: str, text: str) -> None:
    """本人要求时，记下保留的不同意见。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.voting import note_dissent

    item = _item(actor, number, topic)
    note_dissent(item=item, person=_came(item.activity, who), text=text, actor=actor, at=timezone.now())
    click.echo(_("不同意见已记入。"))


@activity.command("matter", short_help=_("定表决的类别"))
@_number
@_topic
@click.argument("matter", type=click.Choice(MATTERS))
@click.option("--person", metavar="WHO", help="接收或转正的是谁")
def matter_(number: int, topic: int, matter: str, person: str | None) -> None:
    """定一个议题按哪种口径计票；三种口径不混用（PM-13），选举到 election 办理。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.enums import Matter
    from ronghe.domain.rhythm.selectors.voting import applicants_for
    from ronghe.domain.rhythm.services.voting import set_matter

    item, now = _item(actor, number, topic), timezone.now()
    applicant = person_called(person, applicants_for(item.activity, actor, now)) if person else None
    done = set_matter(item=item, matter=Matter(matter), applicant=applicant, actor=actor, at=now)
    click.echo(str(done.get_matter_display()))


@activity.command("written", short_help=_("记会前书面意见"))
@_number
@_topic
@click.option("--yes", default=0, help="赞成份数")
@click.option("--no", "no_", default=0, help="反对份数")
@click.option("--abstained", default=0, help="弃权份数")
def written(number: int, topic: int, yes: int, no_: int, abstained: int) -> None:
    """记没有到会的党员会前交来的书面意见（PM-12）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.voting import note_written_opinions

    item = _item(actor, number, topic)
    note_written_opinions(item=item, yes=yes, no=no_, abstained=abstained, actor=actor, at=timezone.now())
    click.echo(_("书面意见已记下，计票时一并计入。"))


@activity.command("vote", short_help=_("记表决结果"))
@_number
@_topic
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True)
@click.option("--yes", required=True, type=int, help="赞成票")
@click.option("--no", "no_", default=0, help="反对票")
@click.option("--abstained", default=0, help="弃权票")
@_json
def vote(number: int, topic: int, method: str, yes: int, no_: int, abstained: int, as_json: bool) -> None:
    """记举手、口头或纸票的结果，按类别的口径算通过没有。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.enums import VoteMethod
    from ronghe.domain.rhythm.services.voting import record_vote

    done = record_vote(
        item=_item(actor, number, topic), method=VoteMethod(method), votes_for=yes, votes_against=no_,
        votes_abstained=abstained, actor=actor, at=timezone.now(),
    )  # fmt: skip
    if as_json:
        _print({"outcome": done.vote_outcome, "entitled": done.vote_entitled, "present": done.vote_present})
    else:
        click.echo(str(done.get_vote_outcome_display() or _("已记下。")))


@activity.command("ballot", short_help=_("发起手机无记名投票"))
@_number
@_topic
@click.option("--admit", is_flag=True, help="把后到的有表决权的人补入名单")
@_json
def ballot(number: int, topic: int, admit: bool, as_json: bool) -> None:
    """让在场有表决权的人在手机上无记名投票；计票后结果自己写进议题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.voting import admit_late_voters, open_item_ballot

    item = _item(actor, number, topic)
    if admit:
        count = admit_late_voters(item=item, actor=actor, at=timezone.now())
        _print({"admitted": count}) if as_json else click.echo(_("补入 %(count)s 人。") % {"count": count})
        return
    opened = open_item_ballot(item=item, actor=actor, at=timezone.now())
    said = _("第 %(number)s 号投票已发起。") % {"number": opened.pk}
    _print({"ballot": opened.pk}) if as_json else click.echo(said)


@activity.command("online", short_help=_("线上参会：开放、关闭、参加"))
@_number
@click.argument("what", type=click.Choice(["allow", "stop", "join"]))
def online(number: int, what: str) -> None:
    """Allow 开放，stop 关闭，join 本人线上参会；线上参会不算表决到会（PM-15）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.sign_in import allow_online, sign_in_online

    held, now = _seen(actor, number), timezone.now()
    if what == "join":
        sign_in_online(activity=held, actor=actor, at=now)
    else:
        allow_online(activity=held, is_allowed=what == "allow", actor=actor, at=now)
    click.echo(_("已记下。"))


@activity.command("mark", short_help=_("记迟到、提前离会"))
@_number
@click.argument("who", metavar="WHO")
@click.argument("mark", type=click.Choice(["late", "not-late", "left", "back"]))
def mark_(number: int, who: str, mark: str) -> None:
    """Late 迟到，not-late 没有迟到，left 提前离会，back 又回来了；离会的人不再表决。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.sign_in import mark_late, mark_left

    held, now = _seen(actor, number), timezone.now()
    row = held.attendances.select_related("person").get(person=_came(held, who))
    if mark in ("late", "not-late"):
        mark_late(attendance=row, is_late=mark == "late", actor=actor, at=now)
    else:
        mark_left(attendance=row, has_left=mark == "left", actor=actor, at=now)
    click.echo(_("已记下。"))


@activity.command("outlook", short_help=_("这次可同时计入哪些应办事项"))
@_number
@_json
def outlook(number: int, as_json: bool) -> None:
    """看一场已安排的活动可同时计入哪些应办事项，哪些不计入、为什么。"""
    actor = acting_person()
    from ronghe.domain.rhythm.selectors.duties import outlook_of

    held = _seen(actor, number)
    kinds = {held.body_id: held.activity_type} | {row.body_id: row.counts_as for row in held.host_rows}
    found = outlook_of(kinds, held.day)
    met, barred = [row.title for row in found.met], [row.reason for row in found.barred]
    if as_json:
        _print({"met": met, "barred": barred})
        return
    click.echo(_("可同时计入：%(duties)s。") % {"duties": "、".join(met) or "—"})
    for reason in barred:
        click.echo(reason)


@activity.command("export", short_help=_("把活动清单存成 Excel"))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.xlsx")
@click.option("--month", help="只要哪个月，例如 2026-09")
def export(target: Path, month: str | None) -> None:
    """把您能看到的活动存成 Excel。"""
    actor = acting_person()
    from datetime import date

    from django.utils import timezone

    from ronghe.domain.rhythm.models import Activity
    from ronghe.domain.rhythm.rules import SEE_ACTIVITY
    from ronghe.kernel.tabular.writing import SheetOut, write_workbook

    rows: Any = Activity.objects.select_related("body", "chair")
    if month:
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError as error:
            raise click.BadParameter(_("月份写成 2026-09。")) from error
        rows = rows.filter(day__year=first.year, day__month=first.month)
    rows = SEE_ACTIVITY.narrow(actor, rows, at=timezone.now()).order_by("-day", "-pk")
    heads = [_("日期"), _("类别"), _("组织"), _("地点"), _("主持"), _("应到"), _("实到"), _("状态")]
    lines = (
        [row.day, row.get_activity_type_display(), row.body.name, row.place, row.chair.name if row.chair else "",
         row.expected_count, row.present_count, row.get_state_display()]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    with target.open("wb") as file:
        write_workbook(file, [SheetOut(title=_("活动"), head=heads, rows=lines, widths=[12, 16, 30, 24, 10, 8, 8, 10])])
    click.echo(_("已存到 %(file)s。") % {"file": target})


def _seen(actor: Person, number: int) -> Activity:
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors import activities_seen_by

    found = activities_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _item(actor: Person, number: int, topic: int) -> AgendaItem:
    held = _seen(actor, number)
    item = held.agenda_items.select_related("task", "ballot", "applicant").filter(number=topic).first()
    if item is None:
        raise NotFound
    item.activity = held
    return item


def _came(held: Activity, who: str) -> Person:
    from ronghe.domain.org.models import Person

    return person_called(who, Person.objects.filter(attendances__activity=held).order_by("pk"))


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
