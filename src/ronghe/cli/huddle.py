"""`ronghe huddle`: open, sign in three ways, keep the agenda, close, show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.cli.huddle_changes import COMMANDS
from ronghe.cli.huddle_changes import activity_row as _row
from ronghe.cli.huddle_changes import activity_seen as _seen
from ronghe.cli.huddle_keeping import KEEPING
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.rhythm.enums import ActivityType
    from ronghe.domain.rhythm.models import Attendance

EPILOG = """\b
举例，一个早晨：
  ronghe --as liulp huddle open --body 南I-1联合站改造协作区共建党支部
  ronghe --as zhangm huddle sign --code 12.29822340:…
  ronghe --as liulp huddle tick 12 王建国 004217
  ronghe --as liulp huddle agenda 12 --topic 3号沟积水 --person 王建国 --due "2026-09-14 17:00"
  ronghe --as liulp huddle close 12
  ronghe --as liulp huddle show 12 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

TYPES = ("morning_huddle", "evening_huddle", "daily_huddle", "subcontractor_safety_check", "contractor_safety_check")
LEAVES = ("off_shift", "business_trip", "training", "sick", "other")
CHANGES = ("text", "came", "did_not_come")

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("碰头会：开、签到、议题、结束"))
def huddle() -> None:
    """碰头会：开始、签到、记议题、转任务、结束。会议记录也在这里看。"""


@huddle.command("list", short_help=_("列出碰头和会议"))
@click.option("--state", type=click.Choice(["planned", "open", "closed", "called_off"]), help="只看这种状态")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的碰头和会议，最近的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors import list_activities

    listed = list_activities(actor, timezone.now(), filters=Q(state=state) if state else Q(), page=page)
    if as_json:
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages,
                "items": [{**_row(row), "came": row.came_count} for row in listed]})  # type: ignore[attr-defined]  # fmt: skip
        return
    for row in listed:
        click.echo(f"{row.pk:>7}  {row.day}  {row.get_activity_type_display()}  {row.get_state_display()}  {row.body}")
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@huddle.command("open", short_help=_("开始今天的碰头或安全检查"))
@click.option("--body", required=True, metavar="BODY", help="党组织的名称或编号")
@click.option("--type", "kind", type=click.Choice(TYPES), default=TYPES[0], show_default=True)
@click.option("--place", help="地点；不写就用协作区的会议地点")
@_json
def open_(body: str, kind: str, place: str | None, as_json: bool) -> None:
    """开始今天的碰头；一个组织一天每种碰头只有一条。

    \b
    例：ronghe --as liulp huddle open --body 21 --type evening_huddle
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.rhythm.enums import SAFETY_CHECKS, ActivityType
    from ronghe.domain.rhythm.services.activities import open_check, open_huddle

    now = timezone.now()
    held_by = body_called(body, bodies_seen_by(actor, now))
    begin = open_check if kind in SAFETY_CHECKS else open_huddle
    opened = begin(body=held_by, activity_type=ActivityType(kind), actor=actor, at=now, place=place)
    if as_json:
        _print(_row(opened))
        return
    said = _("第 %(number)s 号，%(title)s已开始，地点：%(place)s。")
    click.echo(said % {"number": opened.pk, "title": opened.get_activity_type_display(), "place": opened.place})


@huddle.command("code", short_help=_("看现在的签到码"))
@_number
@_json
def code_(number: int, as_json: bool) -> None:
    """显示现在的签到码；过一会儿就换。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.rules import RUN_ACTIVITY
    from ronghe.domain.rhythm.services.codes import sign_in_code

    activity, now = _seen(actor, number), timezone.now()
    RUN_ACTIVITY.require(actor, activity, at=now)
    code = sign_in_code(activity, at=now)
    _print({"code": code}) if as_json else click.echo(code)


@huddle.command("sign", short_help=_("签到：本人扫码，或扫党员卡"))
@click.argument("number", type=int, required=False, metavar="[NUMBER]")
@click.option("--code", help="签到码：本人签到")
@click.option("--card", help="党员卡：负责人扫，须写编号")
@_json
def sign(number: int | None, code: str | None, card: str | None, as_json: bool) -> None:
    """签到。签过的再签一次，还是原来那一条。

    \b
    例：ronghe --as zhangm huddle sign --code 12.29822340:…
        ronghe --as liulp huddle sign 12 --card 7204…
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.sign_in import sign_in_with_card, sign_in_with_code

    if (code is None) == (card is None):
        raise click.UsageError(_("请写 --code 或 --card 中的一个。"))
    if code is not None:
        row = sign_in_with_code(code=code, actor=actor, at=timezone.now())
    elif number is None or card is None:
        raise click.UsageError(_("扫党员卡签到要写编号。"))
    else:
        row = sign_in_with_card(activity=_seen(actor, number), card=card, actor=actor, at=timezone.now())
    _tell_present([row], as_json=as_json)


@huddle.command("tick", short_help=_("代为勾选到会"))
@_number
@click.argument("who", nargs=-1, required=True, metavar="WHO…")
@_json
def tick(number: int, who: tuple[str, ...], as_json: bool) -> None:
    """代为勾选到会：记下两个人的名字，算到会，不算签名；三会一课不能代勾（PM-15）。

    \b
    例：ronghe --as liulp huddle tick 12 王建国 004217
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors import expected_people
    from ronghe.domain.rhythm.services.sign_in import tick_present

    activity = _seen(actor, number)
    people = [person_called(name, expected_people(activity)) for name in who]
    rows = [tick_present(activity=activity, person=one, actor=actor, at=timezone.now()) for one in people]
    _tell_present(rows, as_json=as_json)


@huddle.command("leave", short_help=_("登记一人请假"))
@_number
@click.argument("who", metavar="WHO")
@click.option("--kind", type=click.Choice(LEAVES), required=True)
@click.option("--reason", help="事由")
def leave(number: int, who: str, kind: str, reason: str | None) -> None:
    """登记请假；碰头会里轮休（off_shift）的人不算应到。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.enums import LeaveKind
    from ronghe.domain.rhythm.selectors import expected_people
    from ronghe.domain.rhythm.services.sign_in import note_leave

    activity = _seen(actor, number)
    person = person_called(who, expected_people(activity))
    note_leave(activity=activity, person=person, kind=LeaveKind(kind), reason=reason, actor=actor, at=timezone.now())
    click.echo(_("已登记%(name)s请假。") % {"name": person.name})


@huddle.command("agenda", short_help=_("记一个议题，可转为任务"))
@_number
@click.option("--topic", required=True, help="议题")
@click.option("--notes", default="", help="发言要点")
@click.option("--decision", help="议定事项")
@click.option("--person", metavar="WHO", help="责任人；连同 --due 写就转为任务")
@click.option("--due", metavar="TIME", help='期限，例如 "2026-09-14 17:00"')
@_json
def agenda(
    number: int, topic: str, notes: str, decision: str | None, person: str | None, due: str | None, as_json: bool
) -> None:
    """记一个议题；写了责任人和期限就转为任务。

    \b
    例：ronghe --as liulp huddle agenda 12 --topic 3号沟积水 --person 王建国 --due "2026-09-14 17:00"
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors import expected_people
    from ronghe.domain.rhythm.services.agenda import add_agenda_item

    due_at = moment_said(due) if due else None
    activity = _seen(actor, number)
    assignee = person_called(person, expected_people(activity)) if person else None
    item = add_agenda_item(
        activity=activity, topic=topic, notes=notes, decision=decision, assignee=assignee, due_at=due_at, actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    if as_json:
        _print({"id": item.pk, "number": item.number, "topic": item.topic, "task": item.task_id})
    elif item.task is not None:
        said = _("第%(number)s项已转为第 %(task)s 号任务，由%(name)s负责。")
        click.echo(said % {"number": item.number, "task": item.task_id, "name": item.task.assignee.name})
    else:
        click.echo(_("已记为第%(number)s项。") % {"number": item.number})


@huddle.command("close", short_help=_("结束，并告诉您同时计入了哪些事项"))
@_number
@click.option("--without", default="", help="按制度缺了材料也要结束，写明原因")
@_json
def close(number: int, without: str, as_json: bool) -> None:
    """结束碰头或会议：人数定下来，记录只能再追加更正。按制度缺材料时先说缺什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.closing import close_activity

    done = close_activity(activity=_seen(actor, number), actor=actor, at=timezone.now(), without=without)
    met = [{"body": one.body.name, "mechanism": one.mechanism, "title": one.definition.title.here} for one in done.met]
    if as_json:
        _print({**_row(done.activity), "tally": _tally(done.tally), "met": met, "missing": list(done.missing)})
        return
    said = _("%(title)s已结束：应到 %(expected)s，实到 %(present)s，其中本人签到 %(signed)s，列席 %(guests)s。")
    click.echo(said % {"title": done.activity.get_activity_type_display(), **_tally(done.tally)})
    if met:
        click.echo(_("同时计入：%(duties)s。") % {"duties": "、".join(one["title"] for one in met)})


@huddle.command("correct", short_help=_("追加更正"))
@_number
@click.option("--text", required=True, help="更正什么、为什么")
@click.option("--kind", type=click.Choice(CHANGES), default=CHANGES[0], show_default=True)
@click.option("--person", metavar="WHO", help="更正谁的到会情况")
def correct(number: int, text: str, kind: str, person: str | None) -> None:
    """给已结束的记录追加一条更正；原来的记录不动。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.models import Person
    from ronghe.domain.rhythm.enums import CorrectionKind
    from ronghe.domain.rhythm.services.closing import correct_record

    activity = _seen(actor, number)
    known = Person.objects.filter(attendances__activity=activity).order_by("pk")
    about = person_called(person, known) if person else None
    correct_record(
        activity=activity, text=text, kind=CorrectionKind(kind), person=about, actor=actor, at=timezone.now()
    )
    click.echo(_("已追加更正。"))


@huddle.command("plan", short_help=_("安排一次活动，可与别的组织联办"))
@click.option("--body", required=True, metavar="BODY", help="主办组织的名称或编号")
@click.option("--type", "kind", required=True, metavar="TYPE", help="活动类别，例如 theme_party_day、labor_contest")
@click.option("--from", "begins", required=True, metavar="WHEN", help="开始，例如 2026-09-14 15:00")
@click.option("--until", "ends", required=True, metavar="WHEN", help="结束")
@click.option("--place", default="", help="地点；不写就用协作区的会议地点")
@click.option("--with", "hosts", multiple=True, metavar="BODY=TYPE", help="联办组织，以及在那边算作哪类活动；可写多次")
@_json
def plan(body: str, kind: str, begins: str, ends: str, place: str, hosts: tuple[str, ...], as_json: bool) -> None:
    """安排一次会议或活动；联办的只记一次，各家都算。

    \b
    例：ronghe --as shuji huddle plan --body 21 --type theme_party_day --from "2026-09-14 15:00"
          --until "2026-09-14 16:00" --with 南I-1联合站改造团支部=theme_league_day
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.rhythm.services.activities import plan_activity
    from ronghe.domain.rhythm.services.hosts import HostAs

    now = timezone.now()
    bodies = bodies_seen_by(actor, now)
    named = [text.partition("=") for text in hosts]
    planned = plan_activity(
        activity_type=_type(kind), body=body_called(body, bodies), place=place, scheduled_from=moment_said(begins),
        scheduled_until=moment_said(ends), actor=actor, at=now,
        hosts=[HostAs(body_called(name, bodies), _type(counts_as or kind)) for name, _sep, counts_as in named],
    )  # fmt: skip
    if as_json:
        _print({**_row(planned), "hosts": [host.body.name for host in planned.host_rows]})
        return
    said = _("第 %(number)s 号，%(title)s已安排在 %(day)s。")
    click.echo(said % {"number": planned.pk, "title": planned.get_activity_type_display(), "day": planned.day})


@huddle.command("chair", short_help=_("换人主持"))
@_number
@click.argument("who", metavar="PERSON")
@_json
def chair(number: int, who: str, as_json: bool) -> None:
    """换人主持，写姓名或工号。干事安排的会默认由书记主持。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors.expected import people_to_chair
    from ronghe.domain.rhythm.services.activities import name_chair

    activity = _seen(actor, number)
    person = person_called(who, people_to_chair(activity))
    named = name_chair(activity=activity, person=person, actor=actor, at=timezone.now())
    _print(_row(named)) if as_json else click.echo(_("由%(name)s主持。") % {"name": person.name})


@huddle.command("show", short_help=_("看记录"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一场碰头或会议的记录，要素按 PM-14。"""
    actor = acting_person()
    from ronghe.domain.rhythm.selectors import record_of

    activity = _seen(actor, number)
    record = record_of(activity)
    if as_json:
        _print(_record(record))
        return
    activity, counts = record.activity, _tally(record.tally)
    click.echo(f"{activity.get_activity_type_display()}  {activity.day}  {activity.place}  {activity.body}")
    click.echo(_("主持：%(chair)s　记录：%(recorder)s　状态：%(state)s") % {
        "chair": activity.chair or "—", "recorder": activity.recorder or "—", "state": activity.get_state_display(),
    })  # fmt: skip
    click.echo(_("应到 %(expected)s，实到 %(present)s，请假 %(on_leave)s，缺席 %(absent)s，列席 %(guests)s。") % counts)
    for row in [*record.attended, *record.guests]:
        click.echo("  " + _said_present(row))
    for item in record.agenda:
        words = [f"{item.number}. {item.topic}", item.decision or ""]
        if item.task is not None:
            words.append(f"→ #{item.task_id} {item.task.assignee.name}")
        click.echo("  ".join(word for word in words if word))
    for one in record.corrections:
        click.echo(_("更正：%(text)s（%(name)s）") % {"text": one.text, "name": one.made_by.name})


@huddle.command("print", short_help=_("把记录存成 PDF 或 Word"))
@_number
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.pdf|FILE.docx")
@click.option("--summary", "document_number", metavar="NUMBER", help="印成红头纪要，写明发文字号；用于联席会议。")
def print_(number: int, target: Path, document_number: str | None) -> None:
    """把一场碰头或会议的记录按公文格式存成文件。

    \b
    例：ronghe --as liulp huddle print 12 早碰头.pdf
        ronghe --as liulp huddle print 31 纪要.docx --summary 南一协〔2026〕3号
    """
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.documents import record_document, summary_document
    from ronghe.domain.rhythm.selectors import record_of
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    form = target.suffix.lstrip(".").lower()
    if form not in set(PaperForm):
        raise click.BadParameter(_("文件名要以 .pdf 或 .docx 结尾。"))
    activity = _seen(actor, number)
    record = record_of(activity)
    if document_number is None:
        document = record_document(record)
    else:
        document = summary_document(record, number=document_number, issued_on=timezone.localdate())
    target.write_bytes(issued(document, PaperForm(form), at=timezone.now(), source=activity))
    click.echo(_("已存到 %(file)s。") % {"file": target})


def _type(kind: str) -> ActivityType:
    from ronghe.domain.rhythm.enums import ActivityType

    if kind not in ActivityType.values:
        raise click.BadParameter(_("没有“%(kind)s”这类活动。") % {"kind": kind})
    return ActivityType(kind)


def _tell_present(rows: list[Attendance], *, as_json: bool) -> None:
    if as_json:
        _print([_attendance(row) for row in rows])
        return
    for row in rows:
        click.echo(_said_present(row))


def _said_present(row: Attendance) -> str:
    words = [row.person.name, str(row.get_way_display())]
    if row.recorded_by_id != row.person_id:
        words.append(_("经手：%(name)s") % {"name": row.recorded_by.name})
    if row.is_guest:
        words.append(_("列席"))
    return "  ".join(words)


def _attendance(row: Attendance) -> dict[str, Any]:
    return {
        "person": row.person.name,
        "status": row.status,
        "way": row.way,
        "signed_at": row.signed_at.isoformat() if row.signed_at else None,
        "recorded_by": row.recorded_by.name,
        "is_guest": row.is_guest,
        "counts_as_signature": row.counts_as_signature,
    }


def _tally(tally: Any) -> dict[str, int]:
    from dataclasses import asdict

    return asdict(tally)


def _record(record: Any) -> dict[str, Any]:
    activity = record.activity
    return {
        **_row(activity),
        "chair": activity.chair.name if activity.chair else None,
        "recorder": activity.recorder.name if activity.recorder else None,
        "tally": _tally(record.tally),
        "attended": [_attendance(row) for row in record.attended],
        "guests": [_attendance(row) for row in record.guests],
        "away": [
            {
                "person": row.person.name,
                "leave": row.attendance.leave_kind if row.attendance else None,
                "reason": row.attendance.reason if row.attendance else None,
            }
            for row in record.away
        ],
        "agenda": [
            {"number": item.number, "topic": item.topic, "notes": item.notes, "decision": item.decision,
             "task": item.task_id}
            for item in record.agenda
        ],
        "corrections": [{"kind": one.kind, "text": one.text, "by": one.made_by.name} for one in record.corrections],
    }  # fmt: skip


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


for command in (*COMMANDS, *KEEPING):
    huddle.add_command(command)
