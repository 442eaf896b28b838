"""`ronghe carrier`: 先锋载体; `ronghe carrier call`: 紧急集结."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.callup import call
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.carriers.models import Carrier
    from ronghe.domain.carriers.services.promises import Promised
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangyuan carrier propose commando_team 第三油矿党支部 南I-1突击队 王建军 --field task=抢修抢险 \\
      --member 李强 --member 赵刚 --promise "三十分钟到现场|以集结记录为准|2026-12-31|at_most:30:分钟"
  ronghe --as shuji carrier act 3 approve
  ronghe --as dangyuan carrier report 81 --note 三次都在时限内 --actual 28 --record work.task:55
  ronghe --as shuji carrier call up 3 flood 清水河大堤
  ronghe --as dangyuan carrier call answer 1 here
"""
TYPES = ("area", "model_post", "pioneer_post", "pioneer_team", "commando_team", "brand")
ACTS = ("approve", "submit", "withdraw")
PARTS = ("lead", "deputy", "member")
PIECES = 4


class PromiseUnreadable(DomainError):
    code = "promise_unreadable"
    sentence = N_(
        "看不懂承诺“%(text)s”。请写成“承诺什么|怎样算兑现|2026-12-31”，有数的再加“|at_most:30:分钟”或“|at_least:99:%%”。"
    )
    status = 422


class RecordUnreadable(DomainError):
    code = "carrier_record_unreadable"
    sentence = N_("看不懂记录“%(text)s”。请写成 work.task:55。")
    status = 422


@click.group("carrier", epilog=EPILOG, short_help=_("先锋载体、紧急集结"))
def carrier() -> None:
    """先锋载体：责任区、示范岗、先锋岗、先锋队、突击队、品牌项目；紧急集结在 call 下面。"""


carrier.add_command(call)


@carrier.command("list", short_help=_("列出载体"))
@click.option("--type", "type_", default="", help="只看这一类，例如 commando_team")
@click.option("--state", default="", help="只看这个状态，例如 active")
@click.option("--search", default="", help="名称、负责人、地点或组织里的字")
@click.option("--mine", is_flag=True, help="只看我在里面的")
@click.option("--due", is_flag=True, help="只看该评议、到期的")
@JSON
def list_(type_: str, state: str, search: str, mine: bool, due: bool, as_json: bool) -> None:
    """列出您能看到的载体，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.selectors.carriers import carriers_filtered, list_carriers

    rows = carriers_filtered(actor, now, words=search, type_=type_, state=state, mine=mine, due=due)
    found = list_carriers(actor, now, rows, size=500)
    lines = [f"{one.pk:>6}  {one.get_type_display()}  {one.name}  {one.lead.name}  {one.get_state_display()}" for one in found]  # fmt: skip
    lines.append(_("共 %(count)s 个。") % {"count": found.count})
    tell([_row(one) for one in found], "\n".join(lines), as_json=as_json)


@carrier.command("board", short_help=_("承诺公示"))
@click.option("--search", default="", help="名称、负责人或组织里的字")
@JSON
def board(search: str, as_json: bool) -> None:
    """谁承诺了什么、到哪天、兑现没有。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.rules import PROMISE
    from ronghe.domain.carriers.selectors.promises import board as promised

    _listed, cards = promised(actor, now, words=search, size=500)
    rows: list[dict[str, Any]] = [
        {"carrier": card.carrier.name, "lead": card.carrier.lead.name, "item": line.item_id, "title": line.item.title,
         "due_at": line.item.due_at, "state": line.item.state}
        for card in cards for line in card.promises
    ]  # fmt: skip
    lines = [
        f"{row['item']:>6}  {row['carrier']}  {row['lead']}  {row['title']}  {_(PROMISE.state_by_id[row['state']].title)}"
        for row in rows
    ]
    tell(rows, "\n".join(lines), as_json=as_json)


@carrier.command("people", short_help=_("谁在几个载体里"))
@JSON
def people(as_json: bool) -> None:
    """一个人在几个载体里、有几项承诺、今年值守几小时，多的在前。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.selectors.promises import loads_of

    _count, loads = loads_of(actor, now, size=500)
    rows: list[dict[str, Any]] = [
        {"name": load.person.name, "carriers": [row.carrier.name for row in load.parts], "promises": load.promises,
         "hours": load.hours}
        for load in loads
    ]  # fmt: skip
    lines = [f"{row['name']}  {_('、').join(row['carriers'])}  {row['promises']}  {row['hours']}" for row in rows]
    tell(rows, "\n".join(lines), as_json=as_json)


@carrier.command("show", short_help=_("看一个载体"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的载体：人员、承诺、成果。"""
    actor, now = acting_now()
    found = _seen(actor, number, now)
    whole = _whole(found, now)
    lines = [f"{found.name}  {found.get_type_display()}  {found.get_state_display()}"]
    lines += [f"  {one['part']}  {one['name']}" for one in whole["people"]]
    lines += [f"{one['item']:>6}  {one['title']}  {one['state']}" for one in whole["promises"]]
    tell(whole, "\n".join(lines), as_json=as_json)


@carrier.command("propose", short_help=_("提出载体"))
@click.argument("type_", metavar="TYPE", type=click.Choice(TYPES))
@click.argument("body", metavar="BODY")
@click.argument("name")
@click.argument("lead", metavar="LEAD")
@click.option("--field", "fields", multiple=True, help="这一类自己的内容，例如 task=抢修抢险，可写多个")
@click.option("--member", "members", multiple=True, help="成员的姓名或员工号，可写多个")
@click.option("--deputy", default="", help="副手的姓名或员工号")
@click.option("--promise", "promises", multiple=True, help="承诺什么|怎样算兑现|日期|at_most:30:分钟，可写多个")
@click.option("--place", default="", help="地点")
@click.option("--from", "from_on", type=DAY, default=None, help="从哪天起，不写就是今天")
@click.option("--until", "until_on", type=DAY, default=None, help="到哪天止（不含），不写就是一年")
@JSON
def propose(
    type_: str, body: str, name: str, lead: str, fields: tuple[str, ...], members: tuple[str, ...], deputy: str,
    promises: tuple[str, ...], place: str, from_on: datetime | None, until_on: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """为党组织 BODY 提出一个 TYPE 类的载体 NAME，负责人 LEAD；支部批准后承诺公示。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called, person_called
    from ronghe.domain.carriers.selectors.carriers import bodies_to_propose_for, may_belong
    from ronghe.domain.carriers.services.proposing import CarrierText, propose_carrier
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.zones.models import CollaborationZone

    home = body_called(body, bodies_to_propose_for(actor, now))
    zone = CollaborationZone.objects.filter(body=home).first()
    offered = may_belong(home, zone.body_id if zone else None, now)
    starts = from_on.date() if from_on else local_day(now)
    text = CarrierText(
        name=name, from_on=starts, until_on=until_on.date() if until_on else starts + timedelta(days=365),
        lead=person_called(lead, offered), place=place, zone=zone,
        values=dict(one.partition("=")[::2] for one in fields),
    )  # fmt: skip
    chosen = [(person_called(one, offered), "member", "") for one in members]
    if deputy:
        chosen.append((person_called(deputy, offered), "deputy", ""))
    made = propose_carrier(
        type_=type_, text=text, body=home, people=chosen, promises=[_promised(one) for one in promises], actor=actor,
        at=now,
    )  # fmt: skip
    tell(_row(made), _("已提出，编号 %(number)s，等支部批准。") % {"number": made.pk}, as_json=as_json)


@carrier.command("act", short_help=_("批准、重新提交、撤回"))
@NUMBER
@click.argument("which", type=click.Choice(ACTS), metavar="ACT")
@JSON
def act(number: int, which: str, as_json: bool) -> None:
    """对载体 NUMBER 办一步：approve 批准、submit 重新提交、withdraw 撤回。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services import proposing

    acts: dict[str, Any] = {
        "approve": proposing.approve_carrier, "submit": proposing.submit_carrier,
        "withdraw": proposing.withdraw_carrier,
    }  # fmt: skip
    made = acts[which](carrier=_seen(actor, number, now), actor=actor, at=now)
    tell(_row(made), made.get_state_display(), as_json=as_json)


@carrier.command("amend", short_help=_("更改载体"))
@NUMBER
@click.option("--name", default=None, help="名称")
@click.option("--lead", default="", help="负责人的姓名或员工号；批准以后换人用 member")
@click.option("--place", default=None, help="地点")
@click.option("--field", "fields", multiple=True, help="这一类自己的内容，例如 task=抢修抢险，可写多个")
@click.option("--from", "from_on", type=DAY, default=None, help="从哪天起")
@click.option("--until", "until_on", type=DAY, default=None, help="到哪天止（不含）；批准以后续期用 renew")
@JSON
def amend(
    number: int, name: str | None, lead: str, place: str | None, fields: tuple[str, ...],
    from_on: datetime | None, until_on: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """更改载体 NUMBER；没有写的不变。"""
    actor, now = acting_now()
    from ronghe.cli.finding import person_called
    from ronghe.domain.carriers.selectors.carriers import may_belong
    from ronghe.domain.carriers.services.proposing import CarrierText, amend_carrier

    found = _seen(actor, number, now)
    offered = may_belong(found.body, found.zone.body_id if found.zone else None, now)
    text = CarrierText(
        name=found.name if name is None else name, from_on=from_on.date() if from_on else found.from_on,
        until_on=until_on.date() if until_on else found.until_on,
        lead=person_called(lead, offered) if lead else found.lead, place=found.place if place is None else place,
        zone=found.zone, project=found.project, force=found.force,
        values={**found.values, **dict(one.partition("=")[::2] for one in fields)},
    )  # fmt: skip
    tell(_row(amend_carrier(carrier=found, text=text, actor=actor, at=now)), _("已更改。"), as_json=as_json)


@carrier.command("return", short_help=_("退回"))
@NUMBER
@click.option("--reason", required=True, help="为什么退回")
@JSON
def return_(number: int, reason: str, as_json: bool) -> None:
    """把载体 NUMBER 退回提出人，写明原因。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.proposing import return_carrier

    made = return_carrier(carrier=_seen(actor, number, now), reason=reason, actor=actor, at=now)
    tell(_row(made), _("已退回。"), as_json=as_json)


@carrier.command("member", short_help=_("编入一人，或换人负责"))
@NUMBER
@click.argument("who")
@click.option("--part", type=click.Choice(PARTS), default="member", help="lead 负责人、deputy 副手、member 成员")
@click.option("--duty", default="", help="分工")
@click.option("--leave", is_flag=True, help="退出")
@JSON
def member(number: int, who: str, part: str, duty: str, leave: bool, as_json: bool) -> None:
    """把 WHO（姓名或员工号）编入载体 NUMBER；加 --leave 就是退出。"""
    actor, now = acting_now()
    from ronghe.cli.finding import person_called
    from ronghe.domain.carriers.enums import Part
    from ronghe.domain.carriers.selectors.carriers import may_belong
    from ronghe.domain.carriers.services.people import add_member, remove_member
    from ronghe.domain.org.models import Person

    found = _seen(actor, number, now)
    if leave:
        inside = found.members.filter(valid_until=None)
        person = person_called(who, Person.objects.filter(pk__in=inside.values("person_id")))
        remove_member(member=inside.select_related("carrier").get(person=person), actor=actor, at=now)
    else:
        offered = may_belong(found.body, found.zone.body_id if found.zone else None, now)
        person = person_called(who, offered)
        add_member(carrier=found, person=person, part=Part(part), duty=duty, actor=actor, at=now)
    tell(_whole(_seen(actor, number, now), now), _("已退出。") if leave else _("已编入。"), as_json=as_json)


@carrier.command("promise", short_help=_("加一项承诺"))
@NUMBER
@click.argument("promise", metavar="PROMISE")
@JSON
def promise(number: int, promise: str, as_json: bool) -> None:
    """给载体 NUMBER 加一项承诺，写法同 propose 的 --promise。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.promises import add_promise

    line = add_promise(carrier=_seen(actor, number, now), promised=_promised(promise), actor=actor, at=now)
    tell({"item": line.item_id}, _("承诺已加上，编号 %(number)s。") % {"number": line.item_id}, as_json=as_json)


@carrier.command("drop-promise", short_help=_("划去还没公示的承诺"))
@NUMBER
@click.argument("item", type=int, metavar="PROMISE")
@JSON
def drop_promise_(number: int, item: int, as_json: bool) -> None:
    """从还没批准的载体 NUMBER 划去承诺 PROMISE（编号）。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.models import PromiseLine
    from ronghe.domain.carriers.services.promises import drop_promise

    found = _seen(actor, number, now)
    line = PromiseLine.objects.filter(carrier=found, item=item).select_related("carrier", "item__owner").first()
    if line is None:
        raise NotFound
    drop_promise(line=line, actor=actor, at=now)
    tell(_whole(found, now), _("承诺已划去。"), as_json=as_json)


@carrier.command("report", short_help=_("申报兑现"))
@NUMBER
@click.option("--note", required=True, help="怎样兑现的")
@click.option("--actual", default=None, help="实际的数")
@click.option("--record", "records", multiple=True, help="能证明的记录，例如 work.task:55，可写多个")
@click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片或 PDF，可写多个")
@JSON
def report(
    number: int, note: str, actual: str | None, records: tuple[str, ...], files: tuple[Path, ...], as_json: bool
) -> None:
    """申报承诺 NUMBER（事项编号）兑现。评定用 ronghe item step NUMBER keep。"""
    actor, now = acting_now()
    from ronghe.cli.finding import opened_files
    from ronghe.domain.carriers.selectors.promises import promises_seen_by
    from ronghe.domain.carriers.services.promises import report_promise

    line = promises_seen_by(actor, now).filter(item_id=number).first()
    if line is None:
        raise NotFound
    with opened_files(files) as uploads:
        report_promise(
            item=line.item, note=note, actual=actual, records=_records(records), uploads=uploads, actor=actor, at=now
        )
    tell({"item": number, "state": line.item.state}, _("已申报，等支部评。"), as_json=as_json)


@carrier.command("result", short_help=_("记一项成果"))
@NUMBER
@click.argument("text")
@click.option("--figure", default=None, help="数")
@click.option("--unit", default="", help="单位")
@click.option("--record", "records", multiple=True, help="能证明的记录，例如 work.task:55，可写多个")
@JSON
def result(number: int, text: str, figure: str | None, unit: str, records: tuple[str, ...], as_json: bool) -> None:
    """给载体 NUMBER 记一项成果 TEXT。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.running import write_result

    row = write_result(
        carrier=_seen(actor, number, now), text=text, figure=_number(figure) if figure else None, unit=unit,
        records=_records(records), actor=actor, at=now,
    )  # fmt: skip
    tell({"id": row.pk, "text": row.text}, _("成果已记下。"), as_json=as_json)


@carrier.command("take-back-result", short_help=_("撤下记错的成果"))
@NUMBER
@click.argument("result", type=int, metavar="RESULT")
@JSON
def take_back(number: int, result: int, as_json: bool) -> None:
    """撤下载体 NUMBER 的成果 RESULT（编号）；记录留着，划掉显示。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.carriers.models import CarrierResult
    from ronghe.domain.carriers.services.running import take_back_result

    rows = CarrierResult.objects.filter(carrier=_seen(actor, number, now)).select_related("carrier")
    made = take_back_result(result=row_called(result, rows), actor=actor, at=now)
    tell({"id": made.pk, "is_taken_back": True}, _("成果已撤下，记录留着。"), as_json=as_json)


@carrier.command("review", short_help=_("评议一次"))
@NUMBER
@click.argument("grade", type=click.Choice(("good", "fair", "poor")), metavar="GRADE")
@click.argument("text")
@JSON
def review(number: int, grade: str, text: str, as_json: bool) -> None:
    """评议载体 NUMBER：GRADE 是 good 好、fair 一般、poor 差，TEXT 是意见。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.enums import ReviewGrade
    from ronghe.domain.carriers.services.running import review_carrier

    row = review_carrier(carrier=_seen(actor, number, now), grade=ReviewGrade(grade), text=text, actor=actor, at=now)
    said = {"grade": row.grade, "kept": row.kept, "not_kept": row.not_kept, "still_open": row.still_open}
    tell(said, _("评议已记下。"), as_json=as_json)


@carrier.command("renew", short_help=_("续期"))
@NUMBER
@click.argument("until", type=DAY)
@JSON
def renew(number: int, until: datetime, as_json: bool) -> None:
    """把载体 NUMBER 续到 UNTIL（不含）。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.services.running import renew_carrier

    made = renew_carrier(carrier=_seen(actor, number, now), until_on=until.date(), actor=actor, at=now)
    tell(_row(made), _("已续期。"), as_json=as_json)


@carrier.command("end", short_help=_("结束"))
@NUMBER
@click.argument("reason", type=click.Choice(("done", "term_over", "not_kept", "regrouped")), metavar="REASON")
@click.option("--note", required=True, help="总结")
@JSON
def end(number: int, reason: str, note: str, as_json: bool) -> None:
    """结束载体 NUMBER：REASON 是 done 完成、term_over 期满、not_kept 没起作用、regrouped 人员调整。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.enums import EndReason
    from ronghe.domain.carriers.services.running import end_carrier

    made = end_carrier(carrier=_seen(actor, number, now), reason=EndReason(reason), note=note, actor=actor, at=now)
    tell(_row(made), _("已结束。"), as_json=as_json)


@carrier.command("print", short_help=_("公示牌存成 Word 或 PDF"))
@NUMBER
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def print_(number: int, file: Path) -> None:
    """把载体 NUMBER 的公示牌存成 FILE（.docx 或 .pdf）。"""
    actor, now = acting_now()
    from ronghe.domain.carriers.documents import carrier_document
    from ronghe.domain.carriers.selectors.carriers import people_of
    from ronghe.domain.carriers.selectors.promises import promises_of
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    found = _seen(actor, number, now)
    lines = [line for line in promises_of([found])[found.pk] if line.item.state != "waived"]
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = carrier_document(found, people_of(found), lines, printed_on=local_day(now))
    file.write_bytes(issued(document, form, at=now, source=found))
    click.echo(_("已存到 %(file)s。") % {"file": file})


def _seen(actor: Person, number: int, now: datetime) -> Carrier:
    from ronghe.cli.finding import row_called
    from ronghe.domain.carriers.selectors.carriers import carriers_seen_by

    return row_called(number, carriers_seen_by(actor, now))


def _promised(text: str) -> Promised:
    """Read 承诺|怎样算兑现|日期|at_most:30:分钟.

    :raises PromiseUnreadable: it is none
    """
    from ronghe.domain.carriers.enums import Direction
    from ronghe.domain.carriers.services.promises import Promised

    pieces = [piece.strip() for piece in text.split("|")]
    try:
        title, measure, due_on = pieces[0], pieces[1], date.fromisoformat(pieces[2])
        if len(pieces) < PIECES:
            return Promised(title, measure, due_on)
        direction, target, *unit = pieces[3].split(":")
        return Promised(title, measure, due_on, Decimal(target), unit[0] if unit else "", Direction(direction).value)
    except (IndexError, ValueError, InvalidOperation) as error:
        raise PromiseUnreadable(text=text) from error


def _records(texts: tuple[str, ...]) -> list[Any]:
    from ronghe.domain.items.services.showing import RecordOf

    found = []
    for text in texts:
        label, _colon, key = text.partition(":")
        if not key.isdigit():
            raise RecordUnreadable(text=text)
        found.append(RecordOf(label, int(key), ""))
    return found


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise click.BadParameter(text) from error


def _row(found: Carrier) -> dict[str, Any]:
    return {
        "id": found.pk, "type": found.type, "name": found.name, "body": found.body.name, "lead": found.lead.name,
        "state": found.state, "until_on": found.until_on,
    }  # fmt: skip


def _whole(found: Carrier, now: datetime) -> dict[str, Any]:
    from ronghe.domain.carriers.selectors.carriers import people_of
    from ronghe.domain.carriers.selectors.promises import kept_of, promises_of

    kept = kept_of([found.pk], now)[found.pk]
    return {
        **_row(found), "values": found.values, "kept": kept.kept, "not_kept": kept.not_kept,
        "people": [{"name": row.person.name, "part": row.part} for row in people_of(found) if row.valid_until is None],
        "promises": [
            {"item": line.item_id, "title": line.item.title, "due_at": line.item.due_at, "state": line.item.state}
            for line in promises_of([found])[found.pk]
        ],
    }  # fmt: skip
