"""A day's list on paper."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.today.calc.order import Line, by_part
from ronghe.domain.today.selectors.day import MyDay
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.documents import Block, Column, Labelled, OfficialDocument, Table, chinese_date, chinese_time

COLUMNS = (
    Column("何时", share=9),
    Column("什么事", share=16, align="left"),
    Column("为什么", share=12, align="left"),
    Column("在哪里", share=10, align="left"),
    Column("办了打勾", share=5),
)


def day_document(person: Person, mine: MyDay) -> OfficialDocument:
    """Return what a person owes, part by part, with a box to tick."""
    day = mine.at.astimezone(SHANGHAI)
    blocks: list[Block] = [
        Labelled("姓名", person.name),
        Labelled("印出时间", f"{chinese_date(day.date())}{chinese_time(day)}"),
    ]
    for part, lines in by_part(mine.lines, mine.at):
        blocks += [
            Labelled(part.label, f"{len(lines)} 件"),
            Table(COLUMNS, tuple(_row(line, mine.at) for line in lines)),
        ]
    if not mine.lines:
        blocks.append(Labelled("今天", "没有要办的事"))
    return OfficialDocument(
        title="今日清单", blocks=tuple(blocks), issuer=person.unit.name if person.unit else "", dated=day.date()
    )


def _row(line: Line, at: datetime) -> tuple[str, ...]:
    when = "" if line.day is None else f"{line.day.month}月{line.day.day}日"
    if line.hour is not None:
        when += f" {line.hour:%H:%M}"
    late = line.days_late(at)
    return (f"{when} 超{late}天" if late else when, line.title, line.why, line.where, "□")
