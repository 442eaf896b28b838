"""载体 on paper: the sheet that is put up where it works, the board of promises, and the report of a call-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from ronghe.domain.carriers.enums import Answer, CarrierType, Part
from ronghe.domain.carriers.models import CallPerson, Carrier, CarrierMember, LogLine, PromiseLine, Shift
from ronghe.domain.carriers.rules import PROMISE
from ronghe.domain.carriers.selectors.calls import CallView, OnShift
from ronghe.domain.carriers.selectors.promises import BoardCard
from ronghe.domain.items.services.filling import said
from ronghe.kernel.calendar.moments import SHANGHAI, day_of
from ronghe.kernel.documents import (
    Block,
    Column,
    Heading,
    Labelled,
    OfficialDocument,
    Paragraph,
    Signature,
    Signatures,
    Table,
    chinese_date,
)

PROMISES = (
    Column("序号", share=4), Column("承诺", share=16, align="left"), Column("怎样算兑现", share=16, align="left"),
    Column("期限", share=8), Column("兑现情况", share=7),
)  # fmt: skip
BOARD = (
    Column("载体", share=10, align="left"), Column("类型", share=8), Column("负责人", share=6),
    Column("承诺", share=18, align="left"), Column("期限", share=8), Column("兑现情况", share=7),
)  # fmt: skip
ROSTER = (
    Column("队伍", share=10, align="left"), Column("姓名", share=6), Column("应答", share=8), Column("应答时间", share=8),
    Column("到位时间", share=8), Column("代记人", share=6), Column("值守时数", share=6, align="right"),
)  # fmt: skip
SHIFTS = (
    Column("班次", share=4), Column("起止", share=12), Column("人员", share=14, align="left"),
    Column("交接内容", share=16, align="left"), Column("交班", share=5), Column("接班", share=5),
)  # fmt: skip
LOG = (Column("时间", share=7), Column("情况", share=28, align="left"), Column("记录人", share=5))
NEEDS = (Column("需要", share=14, align="left"), Column("数量", share=6), Column("落实", share=16, align="left"))


def carrier_document(
    carrier: Carrier, people: Sequence[CarrierMember], promises: Sequence[PromiseLine], *, printed_on: date
) -> OfficialDocument:
    """Return the sheet of a carrier for its wall (揭牌、公示): what it is, who is in it, what they promise until when."""
    inside = [row for row in people if row.valid_until is None]
    heads = "，".join(row.person.name for row in inside if row.part == Part.DEPUTY)
    others = "，".join(row.person.name for row in inside if row.part == Part.MEMBER)
    blocks: list[Block] = [Labelled(carrier.spec.lead, carrier.lead.name)]
    blocks += [Labelled("副手", heads)] if heads else []
    blocks += [Labelled("成员", others)] if others else []
    blocks += [Labelled("地点", carrier.place)] if carrier.place else []
    for spec in carrier.spec.fields:
        blocks.append(Labelled(spec.title, said(spec, carrier.values.get(spec.id, ""))))
    blocks += [
        Labelled("期限", f"{chinese_date(carrier.from_on)}至{chinese_date(carrier.until_on)}"),
        Heading("我们承诺", numbered=False),
        Table(PROMISES, tuple(_promise(place, line) for place, line in enumerate(promises, start=1))),
        Paragraph("请大家监督。兑现情况由支部评定，评定人不是承诺人。"),
    ]
    title = f"{CarrierType(carrier.type).label}\n{carrier.name}"
    return OfficialDocument(title=title, blocks=tuple(blocks), issuer=carrier.body.name, dated=printed_on)


def board_document(cards: Sequence[BoardCard], *, whose: str, printed_on: date) -> OfficialDocument:
    """Return the board of promises, for a page lying on its side: who promised what until when, and what was kept."""
    rows = [
        (card.carrier.name, str(CarrierType(card.carrier.type).label), card.carrier.lead.name, line.item.title,
         _due(line), PROMISE.state_by_id[line.item.state].title)
        for card in cards for line in card.promises
    ]  # fmt: skip
    blocks: tuple[Block, ...] = (Table(BOARD, tuple(rows)),)
    return OfficialDocument(title="先锋载体承诺公示", blocks=blocks, issuer=whose, dated=printed_on)


def call_document(view: CallView, *, printed_on: date) -> OfficialDocument:
    """Return the report of a call-up: what it was for, who came, shifts with hours, log, needs, and the verified result."""
    call = view.call
    teams = "，".join(f"{team.team.carrier.name}（{team.team.get_state_display()}）" for team in view.teams)
    blocks: list[Block] = [
        Labelled("事由", call.what or str(call.get_occasion_display())),
        Labelled("地点", call.place),
        Labelled("集结", f"{_moment(call.called_at)}由{call.called_by.name}发出，{_moment(call.rally_at)}在{call.rally_place}集合"),
        Labelled("指挥", call.commander.name),
        Labelled("队伍", teams),
        Labelled("应答", _answers(view)),
        Heading("到位情况"),
        Table(ROSTER, tuple(_person(row, team.team.carrier.name, dict(_hours(view))) for team in view.teams for row in team.rows)),
    ]  # fmt: skip
    if view.shifts:
        blocks += [Heading("值守和交接"), Table(SHIFTS, tuple(_shift(shift, people) for shift, people in view.shifts))]
        blocks.append(Paragraph(f"合计值守 {view.total_hours} 小时。"))
    if view.log:
        rows = tuple((_moment(line.happened_at), _line(line), line.by.name) for line in view.log)
        blocks += [Heading("现场日志"), Table(LOG, rows)]
    if view.needs:
        rows = tuple(
            (f"{need.get_kind_display()}：{need.what}", f"{need.quantity}{need.unit}",
             f"{need.get_state_display()} {need.how}".strip())
            for need in view.needs
        )  # fmt: skip
        blocks += [Heading("需要和落实"), Table(NEEDS, rows)]
    blocks += _result(view)
    return OfficialDocument(
        title=f"{call.get_occasion_display()}集结情况报告\n{call.place}", blocks=tuple(blocks), issuer=call.body.name,
        dated=day_of(call.ended_at) if call.ended_at is not None else printed_on,
    )  # fmt: skip


def _result(view: CallView) -> list[Block]:
    call = view.call
    if call.ended_at is None:
        return []
    blocks: list[Block] = [Heading("结果"), Labelled("结果", call.result)]
    if call.saved:
        amount = f"，折合 {Decimal(call.saved_fen).scaleb(-2):,.2f} 元" if call.saved_fen is not None else ""
        blocks.append(Labelled("保住了", f"{call.saved}{amount}"))
    if call.people is not None:
        injuries = f"{call.injuries} 人受伤。{call.injury_note}" if call.injuries else "无人受伤"
        blocks.append(Labelled("投入", f"{call.people} 人，{call.hours} 小时；{injuries}"))
    verified = ""
    if call.verified_by is not None and call.verified_at is not None:
        verified = f"{call.get_state_display()}，{chinese_date(day_of(call.verified_at))}"
    blocks.append(
        Signatures(
            (
                Signature("指挥", name=call.commander.name),
                Signature("核实", name=call.verified_by.name if call.verified_by is not None else "", note=verified),
            )
        )
    )
    return blocks


def _promise(place: int, line: PromiseLine) -> tuple[str, ...]:
    item = line.item
    return (f"{place}", item.title, item.text, _due(line), PROMISE.state_by_id[item.state].title)


def _due(line: PromiseLine) -> str:
    return f"{day_of(line.item.due_at):%Y.%m.%d}" if line.item.due_at is not None else ""


def _answers(view: CallView) -> str:
    counts = view.counts
    return (
        f"叫到 {counts.called} 人，到位 {counts.arrived} 人，在路上 {counts.coming} 人，来不了 {counts.cannot} 人，"
        f"没有应答 {counts.silent} 人"
    )


def _hours(view: CallView) -> list[tuple[int, Decimal]]:
    return [(row.pk, hours) for row, hours in view.hours]


def _person(row: CallPerson, team: str, hours: dict[int, Decimal]) -> tuple[str, ...]:
    answer = row.get_answer_display() + (f"：{row.reason}" if row.answer == Answer.CANNOT else "")
    other = row.arrived_by or row.answered_by
    by = other.name if other is not None and other.pk != row.person_id else ""
    held = f"{hours[row.pk]}" if row.pk in hours else ""
    return (team, row.person.name, answer, _moment(row.answered_at), _moment(row.arrived_at), by, held)


def _shift(shift: Shift, people: Sequence[OnShift]) -> tuple[str, ...]:
    names = "，".join(
        on.part.row.person.name + ("（未到）" if on.part.is_held is False else "（班长）" if on.part.is_lead else "")
        for on in people
    )
    return (
        f"{shift.number}", f"{_moment(shift.starts_at)}至{_clock(shift.ends_at)}", names, shift.note,
        shift.handed_by.name if shift.handed_by is not None else "",
        shift.taken_by.name if shift.taken_by is not None else "",
    )  # fmt: skip


def _line(line: LogLine) -> str:
    return f"（更正 {_moment(line.corrects.happened_at)}）{line.text}" if line.corrects is not None else line.text


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}" if moment is not None else ""


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"
