"""`ronghe carrier call`: 紧急集结."""

from __future__ import annotations

from pathlib import Path

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.callup_finding import (
    fen_of,
    need_of,
    part_of,
    place_of,
    row_of,
    seen_call,
    seen_team,
    shift_of,
    whole_of,
)
from ronghe.cli.telling import IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

OCCASIONS = ("flood", "winter", "rescue", "other")
ANSWERS = ("coming", "cannot", "here", "not-here")
KINDS = ("people", "equipment", "supplies")

_shift = click.argument("shift", type=int, metavar="SHIFT")
_who = click.argument("who")


@click.group("call", short_help=_("紧急集结"))
def call() -> None:
    """紧急集结：一分钟叫齐，应答、班次、日志、结果都有记录。"""


@call.command("list", short_help=_("列出集结"))
@click.option("--occasion", default="", help="只看这类事，例如 flood")
@click.option("--state", default="", help="只看这个状态，例如 running")
@JSON
def list_(occasion: str, state: str, as_json: bool) -> None:
    """列出您能看到的集结，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.selectors.calls import calls_filtered, list_calls

    found = list_calls(actor, now, calls_filtered(occasion=occasion, state=state), size=500)
    lines = [
        f"{one.pk:>6}  {one.get_occasion_display()}  {one.place}  {one.commander.name}  {one.get_state_display()}"
        for one in found
    ]
    lines.append(_("共 %(count)s 次。") % {"count": found.count})
    tell([row_of(one) for one in found], "\n".join(lines), as_json=as_json)


@call.command("up", short_help=_("集结"))
@click.argument("teams", metavar="TEAM[,TEAM]")
@click.argument("occasion", type=click.Choice(OCCASIONS), metavar="OCCASION")
@click.argument("place")
@click.option("--what", default="", help="情况")
@click.option("--rally", default="", help="集合点，不写就在现场")
@click.option("--at", "rally_at", default="", help="集合时间，例如 2026-07-20 03:40")
@JSON
def up(teams: str, occasion: str, place: str, what: str, rally: str, rally_at: str, as_json: bool) -> None:
    """集结队伍 TEAM（载体编号，可写多个）到 PLACE；OCCASION 是 flood 抗洪、winter 保供、rescue 抢险、other 其他。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.carriers.enums import Occasion
    from ronghe.domain.carriers.services.calling import CallText, call_up

    chosen = [seen_team(actor, int(key), now) for key in teams.split(",") if key.strip().isdigit()]
    text = CallText(
        occasion=Occasion(occasion), place=place, what=what, rally_place=rally,
        rally_at=moment_said(rally_at) if rally_at else None,
    )  # fmt: skip
    made = call_up(teams=chosen, text=text, actor=actor, at=now)
    tell(row_of(made), _("已集结，编号 %(number)s，队员都收到了。") % {"number": made.pk}, as_json=as_json)


@call.command("show", short_help=_("看一次集结"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的集结：谁到了，班次，日志，需要。"""
    actor, now = acting_now()
    whole = whole_of(seen_call(actor, number, now), now)
    lines = [f"{whole['place']}  {whole['arrived']} / {whole['called']}"]
    lines += [f"{one['id']:>6}  {one['name']}  {one['answer']}  {one['reason']}" for one in whole["roster"]]
    lines += [
        f"{one['id']:>6}  {one['starts_at']:%m-%d %H:%M}  {_('、').join(one['people'])}" for one in whole["shifts"]
    ]
    lines += [f"{one['happened_at']:%m-%d %H:%M}  {one['text']}" for one in whole["log"]]
    lines += [f"{one['id']:>6}  {one['what']}  {one['state']}" for one in whole["needs"]]
    tell(whole, "\n".join(lines), as_json=as_json)


@call.command("answer", short_help=_("来、来不了、已到"))
@NUMBER
@click.argument("which", type=click.Choice(ANSWERS), metavar="ANSWER")
@click.option("--reason", default="", help="为什么来不了")
@click.option("--for", "who", default="", help="替谁记（姓名或员工号），不写就是自己")
@JSON
def answer(number: int, which: str, reason: str, who: str, as_json: bool) -> None:
    """应答集结 NUMBER：coming 来、cannot 来不了、here 已到、not-here 撤销到位。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.enums import Answer
    from ronghe.domain.carriers.services.answering import answer_call, arrive, take_back_arrival

    row = place_of(seen_call(actor, number, now), who, actor)
    if which == "here":
        row = arrive(row=row, actor=actor, at=now)
    elif which == "not-here":
        row = take_back_arrival(row=row, actor=actor, at=now)
    else:
        row = answer_call(row=row, answer=Answer(which), reason=reason, actor=actor, at=now)
    tell({"name": row.person.name, "answer": row.answer}, row.get_answer_display(), as_json=as_json)


@call.command("team", short_help=_("叫上别的队伍，或请邻队支援"))
@NUMBER
@click.argument("team", type=int, metavar="TEAM")
@JSON
def team(number: int, team: int, as_json: bool) -> None:
    """给集结 NUMBER 叫上队伍 TEAM；不归您管的，等对方答复。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.calling import add_team

    made = add_team(call=seen_call(actor, number, now), team=seen_team(actor, team, now), actor=actor, at=now)
    tell({"team": made.carrier_id, "state": made.state}, made.get_state_display(), as_json=as_json)


@call.command("reply", short_help=_("答复支援请求"))
@NUMBER
@click.argument("team", type=int, metavar="TEAM")
@click.option("--refuse", default="", help="不能支援的原因；不写就是出动")
@JSON
def reply(number: int, team: int, refuse: str, as_json: bool) -> None:
    """替队伍 TEAM 答复集结 NUMBER 的支援请求。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.calling import answer_request

    rows = seen_call(actor, number, now).teams.select_related("call", "carrier__body")
    asked = rows.filter(carrier=team).first()
    if asked is None:
        raise NotFound
    made = answer_request(team=asked, sends=not refuse, note=refuse, actor=actor, at=now)
    tell({"team": team, "state": made.state}, made.get_state_display(), as_json=as_json)


@call.command("command", short_help=_("移交指挥"))
@NUMBER
@_who
@JSON
def command(number: int, who: str, as_json: bool) -> None:
    """把集结 NUMBER 的指挥移交给 WHO。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.calling import pass_command

    found = seen_call(actor, number, now)
    made = pass_command(call=found, to=place_of(found, who, actor).person, actor=actor, at=now)
    tell(row_of(made), _("指挥已移交。"), as_json=as_json)


@call.command("log", short_help=_("记现场日志"))
@NUMBER
@click.argument("text")
@click.option("--at", "happened_at", default="", help="什么时候，例如 2026-07-20 05:10；不写就是现在")
@click.option("--corrects", type=int, default=None, help="更正第几号记录")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片或 PDF，可写多个")
@JSON
def log(number: int, text: str, happened_at: str, corrects: int | None, files: tuple[Path, ...], as_json: bool) -> None:
    """给集结 NUMBER 记一条日志；只追加，写错了用 --corrects 更正。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said, opened_files, row_called
    from ronghe.domain.carriers.services.log import write_line

    found = seen_call(actor, number, now)
    wrong = row_called(corrects, found.log.all()) if corrects is not None else None
    with opened_files(files) as uploads:
        line = write_line(
            call=found, text=text, happened_at=moment_said(happened_at) if happened_at else None, corrects=wrong,
            uploads=uploads, actor=actor, at=now,
        )  # fmt: skip
    tell({"id": line.pk}, _("已记进日志，编号 %(number)s。") % {"number": line.pk}, as_json=as_json)


@call.command("need", short_help=_("提出需要"))
@NUMBER
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("what")
@click.option("--quantity", type=int, default=1, help="数量")
@click.option("--unit", default="", help="单位")
@JSON
def need(number: int, kind: str, what: str, quantity: int, unit: str, as_json: bool) -> None:
    """给集结 NUMBER 提出需要：KIND 是 people 人员、equipment 设备、supplies 物资。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.enums import NeedKind
    from ronghe.domain.carriers.services.needs import raise_need

    made = raise_need(
        call=seen_call(actor, number, now), kind=NeedKind(kind), what=what, quantity=quantity, unit=unit, actor=actor,
        at=now,
    )  # fmt: skip
    tell({"id": made.pk}, _("需要已提出，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@call.command("settle", short_help=_("落实需要"))
@NUMBER
@click.argument("need", type=int, metavar="NEED")
@click.option("--how", default="", help="怎样落实的")
@click.option("--drop", is_flag=True, help="不再需要")
@click.option("--team", type=int, default=None, help="请这支队伍支援")
@click.option("--reopen", is_flag=True, help="还没到位，重新打开")
@JSON
def settle(number: int, need: int, how: str, drop: bool, team: int | None, reopen: bool, as_json: bool) -> None:
    """落实集结 NUMBER 的需要 NEED。订共享资源用 book。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.needs import ask_for_need, reopen_need, settle_need

    row = need_of(actor, number, need, now)
    if reopen:
        made = reopen_need(need=row, actor=actor, at=now)
    elif team is not None:
        made = ask_for_need(need=row, team=seen_team(actor, team, now), actor=actor, at=now)
    else:
        made = settle_need(need=row, is_met=not drop, how=how, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, made.get_state_display(), as_json=as_json)


@call.command("book", short_help=_("用共享资源落实需要"))
@NUMBER
@click.argument("need", type=int, metavar="NEED")
@click.argument("item", type=int, metavar="ITEM")
@click.option("--from", "starts_at", default="", help="从几点起，不写就是现在")
@click.option("--until", "ends_at", required=True, help="到几点止")
@click.option("--quantity", type=int, default=1, help="数量")
@JSON
def book(number: int, need: int, item: int, starts_at: str, ends_at: str, quantity: int, as_json: bool) -> None:
    """给集结 NUMBER 的需要 NEED 订协作区的共享资源 ITEM（编号）。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said, row_called
    from ronghe.domain.carriers.selectors.calls import items_to_book
    from ronghe.domain.carriers.services.needs import book_for_need

    row = need_of(actor, number, need, now)
    made = book_for_need(
        need=row, item=row_called(item, items_to_book(row.call, actor, now)),
        starts_at=moment_said(starts_at) if starts_at else now, ends_at=moment_said(ends_at), quantity=quantity,
        actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk, "state": made.state}, made.get_state_display(), as_json=as_json)


@call.command("shifts", short_help=_("排班"))
@NUMBER
@click.option("--hours", type=int, default=12, help="一班几小时，例如 12、8")
@click.option("--count", type=int, default=2, help="排几班")
@click.option("--from", "starts_at", default="", help="第一班从几点起，整刻；不写就接着上一班")
@JSON
def shifts(number: int, hours: int, count: int, starts_at: str, as_json: bool) -> None:
    """从到位的人里给集结 NUMBER 排班。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.carriers.services.shifts import plan_shifts

    found = seen_call(actor, number, now)
    begins = moment_said(starts_at) if starts_at else None
    plan_shifts(call=found, length_hours=hours, count=count, starts_at=begins, actor=actor, at=now)
    tell(whole_of(found, now)["shifts"], _("班排好了。"), as_json=as_json)


@call.command("move", short_help=_("改班次时间"))
@NUMBER
@_shift
@click.argument("starts_at")
@click.argument("ends_at")
@JSON
def move(number: int, shift: int, starts_at: str, ends_at: str, as_json: bool) -> None:
    """把集结 NUMBER 的班次 SHIFT（编号）改到 STARTS_AT 至 ENDS_AT，整刻。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.carriers.services.shifts import move_shift

    row = shift_of(actor, number, shift, now)
    move_shift(shift=row, starts_at=moment_said(starts_at), ends_at=moment_said(ends_at), actor=actor, at=now)
    tell(whole_of(row.call, now)["shifts"], _("时间已改。"), as_json=as_json)


@call.command("drop", short_help=_("划去一班"))
@NUMBER
@_shift
@JSON
def drop(number: int, shift: int, as_json: bool) -> None:
    """从集结 NUMBER 的排班里划去没人值过的班次 SHIFT（编号）。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.shifts import drop_shift

    found = drop_shift(shift=shift_of(actor, number, shift, now), actor=actor, at=now)
    tell(whole_of(found, now)["shifts"], _("已从排班里划去。"), as_json=as_json)


@call.command("on", short_help=_("排上、换下、记未到"))
@NUMBER
@_shift
@_who
@click.option("--off", is_flag=True, help="换下")
@click.option("--away", is_flag=True, help="未到，不计时数")
@click.option("--back", is_flag=True, help="其实到了")
@JSON
def on(number: int, shift: int, who: str, off: bool, away: bool, back: bool, as_json: bool) -> None:
    """把 WHO 排上集结 NUMBER 的班次 SHIFT（编号），或换下、记未到。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.handing import mark_away
    from ronghe.domain.carriers.services.shifts import put_on_shift, take_off_shift

    row = shift_of(actor, number, shift, now)
    person = place_of(row.call, who, actor)
    if off:
        take_off_shift(part=part_of(row, person), actor=actor, at=now)
    elif away or back:
        mark_away(part=part_of(row, person), is_away=away, actor=actor, at=now)
    else:
        put_on_shift(shift=row, row=person, actor=actor, at=now)
    tell(whole_of(row.call, now)["shifts"], _("已记下。"), as_json=as_json)


@call.command("hand-over", short_help=_("签字交班"))
@NUMBER
@_shift
@click.option("--note", required=True, help="交接内容")
@JSON
def hand_over(number: int, shift: int, note: str, as_json: bool) -> None:
    """给集结 NUMBER 的班次 SHIFT 写交接内容并签字。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services import handing

    handing.hand_over(shift=shift_of(actor, number, shift, now), note=note, actor=actor, at=now)
    tell({"shift": shift}, _("已签字交班，等接班人签字。"), as_json=as_json)


@call.command("take-over", short_help=_("签字接班"))
@NUMBER
@_shift
@JSON
def take_over(number: int, shift: int, as_json: bool) -> None:
    """接集结 NUMBER 的班次 SHIFT 的班，签字；上一班的时数就此记下。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services import handing

    handing.take_over(shift=shift_of(actor, number, shift, now), actor=actor, at=now)
    tell({"shift": shift}, _("已签字接班，上一班的时数已记下。"), as_json=as_json)


@call.command("correct", short_help=_("更正值守时间"))
@NUMBER
@_shift
@_who
@click.argument("starts_at", metavar="FROM")
@click.argument("ends_at", metavar="UNTIL")
@click.option("--reason", required=True, help="为什么更正")
@click.option("--absent", is_flag=True, help="没有值守")
@JSON
def correct(
    number: int, shift: int, who: str, starts_at: str, ends_at: str, reason: str, absent: bool, as_json: bool
) -> None:
    """更正 WHO 在班次 SHIFT 值守的时间；原来的记录冲销。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.carriers.services.handing import correct_hours

    row = shift_of(actor, number, shift, now)
    part = correct_hours(
        part=part_of(row, place_of(row.call, who, actor)), starts_at=moment_said(starts_at), ends_at=moment_said(ends_at),
        is_held=not absent, reason=reason, actor=actor, at=now,
    )  # fmt: skip
    tell({"name": part.row.person.name, "hours": part.hours}, _("值守时间已更正。"), as_json=as_json)


@call.command("off", short_help=_("误报，取消集结"))
@NUMBER
@click.option("--reason", required=True, help="为什么取消")
@JSON
def off(number: int, reason: str, as_json: bool) -> None:
    """取消集结 NUMBER；还没有人值过班才能取消。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.calling import call_off

    made = call_off(call=seen_call(actor, number, now), reason=reason, actor=actor, at=now)
    tell(row_of(made), _("集结已取消。"), as_json=as_json)


@call.command("down", short_help=_("解除集结"))
@NUMBER
@click.argument("result")
@click.option("--saved", default="", help="保住了什么")
@click.option("--yuan", default="", help="折合多少元")
@click.option("--injuries", type=int, default=0, help="受伤几人")
@click.option("--injury-note", default="", help="受伤经过和处置，不写姓名")
@JSON
def down(number: int, result: str, saved: str, yuan: str, injuries: int, injury_note: str, as_json: bool) -> None:
    """解除集结 NUMBER，写明结果 RESULT。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.ending import Outcome, stand_down

    outcome = Outcome(result, saved, fen_of(yuan), injuries, injury_note)
    made = stand_down(call=seen_call(actor, number, now), outcome=outcome, actor=actor, at=now)
    tell(row_of(made) | {"hours": made.hours, "people": made.people}, _("集结已解除，等待核实。"), as_json=as_json)


@call.command("resume", short_help=_("险情没完，继续集结"))
@NUMBER
@JSON
def resume(number: int, as_json: bool) -> None:
    """撤销解除，集结 NUMBER 继续。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.ending import resume_call

    tell(row_of(resume_call(call=seen_call(actor, number, now), actor=actor, at=now)), _("集结继续。"), as_json=as_json)


@call.command("verify", short_help=_("核实成效"))
@NUMBER
@click.option("--wrong", default="", help="哪里不对；写了就退回改正")
@JSON
def verify(number: int, wrong: str, as_json: bool) -> None:
    """核实集结 NUMBER 的成效；参加的人不能核实。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.ending import verify_call

    made = verify_call(call=seen_call(actor, number, now), agrees=not wrong, note=wrong, actor=actor, at=now)
    tell(row_of(made), made.get_state_display(), as_json=as_json)


@call.command("print", short_help=_("情况报告存成 Word 或 PDF"))
@NUMBER
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def print_(number: int, file: Path) -> None:
    """把集结 NUMBER 的情况报告存成 FILE（.docx 或 .pdf）。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.documents import call_document
    from ronghe.domain.carriers.selectors.calls import view_of
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    found = seen_call(actor, number, now)
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = call_document(view_of(found, now), printed_on=local_day(now))
    file.write_bytes(issued(document, form, at=now, source=found, layout=GBT_9704_LANDSCAPE))
    click.echo(_("已存到 %(file)s。") % {"file": file})
