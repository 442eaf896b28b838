"""Plans as units keep them in Excel: one row a task. The same columns go out and come in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

from ronghe.domain.schedule.calc.links import Constraint, LinkUnreadable, read_links
from ronghe.domain.schedule.calc.plan_file import LONGEST_NAME, MOST_TASKS, FileLink, FileTask, PlanFile, Remark
from ronghe.domain.schedule.calc.worktime import EPOCH_DAY, LAST_DAY, WorkTime
from ronghe.kernel.errors import Unreadable
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row, Sheet, column_letter
from ronghe.kernel.words import N_, _, listed

HEADS = {
    "uid": N_("编号"), "level": N_("级别"), "name": N_("任务名称"), "days": N_("工期（天）"), "start": N_("开始"),
    "finish": N_("完成"), "links": N_("前置任务"), "lot": N_("标段"), "is_key": N_("关键任务"),
    "is_milestone": N_("里程碑"), "person": N_("负责人"), "percent": N_("完成百分比"), "actual_start": N_("实际开始"),
    "actual_finish": N_("实际完成"), "deadline": N_("期限"), "notes": N_("备注"),
}  # fmt: skip
OTHER_HEADS = {
    "序号": "uid", "标识号": "uid", "ID": "uid", "大纲级别": "level", "层级": "level", "任务": "name", "工作内容": "name",
    "作业名称": "name", "工期": "days", "计划工期": "days", "天数": "days", "开始时间": "start", "计划开始": "start",
    "开始日期": "start", "完成时间": "finish", "计划完成": "finish", "完成日期": "finish", "结束日期": "finish",
    "紧前任务": "links", "前置": "links", "责任人": "person", "资源名称": "person", "完成率": "percent", "进度": "percent",
}  # fmt: skip
"""How units and Microsoft Project's own Excel export call the same columns."""
HEAD_ROWS = 12
MOST_DAYS = Decimal(9999)
YES = frozenset({"是", "对", "√", "✓", "1", "y", "yes", "true", "■"})
DAY_TEXT = re.compile(r"(?P<year>\d{4})\s*[-./年]\s*(?P<month>\d{1,2})\s*[-./月]\s*(?P<day>\d{1,2})\s*日?(?:[ T].*)?")
DAYS_TEXT = re.compile(
    r"(?P<number>\d{1,5}(?:\.\d{1,2})?)\s*(?P<elapsed>e)?\s*(?:d|day|days|个?工作日|日历天|历日|天|日)?\??",
    re.IGNORECASE,
)
EXCEL_ZERO = date(1899, 12, 30)


class PlanTableHeadsMissing(Unreadable):
    code = "schedule_table_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的空表填写后再导入。")


class PlanTableEmpty(Unreadable):
    code = "schedule_table_empty"
    sentence = N_("“%(name)s”里没有任务，请在表头下面一行一个填写。")


class PlanTableTooLong(Unreadable):
    code = "schedule_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 个任务，请按标段拆成几个计划。")


@dataclass(slots=True)
class _Line:
    """One row with the letters of its columns; what cannot be read is remarked with the cell's name."""

    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]
    remarks: list[Remark] = field(default_factory=list)

    def wrong(self, key: str, text: str, *, is_error: bool = True) -> None:
        self.remarks.append(
            Remark(f"{self.letters.get(key, '')}{self.number}", f"{_(HEADS[key])}{_('：')}{text}", is_error)
        )

    def text(self, key: str) -> str:
        return plain(self.cells.get(key, ""))

    def day(self, key: str) -> date | None:
        value = self.cells.get(key, "")
        if isinstance(value, datetime):
            return self._fit(key, value.date())
        if isinstance(value, date):
            return self._fit(key, value)
        if isinstance(value, float | int) and not isinstance(value, bool) and 30_000 < value < 80_000:
            return self._fit(key, EXCEL_ZERO + timedelta(days=int(value)))
        text = plain(value)
        if not text:
            return None
        match = DAY_TEXT.fullmatch(text)
        try:
            found = date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
        except ValueError:
            found = None
        if found is None:
            self.wrong(key, _("“%(text)s”不是日期，请写成 2026-03-01") % {"text": text[:20]})
            return None
        return self._fit(key, found)

    def _fit(self, key: str, day: date) -> date | None:
        if 0 < (day - EPOCH_DAY).days < LAST_DAY:
            return day
        self.wrong(key, _("“%(text)s”不在 2000—2099 年") % {"text": day})
        return None

    def number_of(self, key: str) -> Decimal | None:
        text = self.text(key).rstrip("%％").strip()
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and 0 <= number <= 10**9:
            return number
        self.wrong(key, _("“%(text)s”不是数") % {"text": text[:20]})
        return None

    def yes(self, key: str) -> bool:
        return self.text(key).lower() in YES


def plain(cell: Cell) -> str:
    """Return a cell as one line of text, a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\x00", "").split())[:2000]


def read_plan_table(path: Path, *, name: str, calendar: WorkTime, minutes_per_day: int) -> PlanFile:
    """Return the plan of the first sheet that has the heads; dates mean whole days of `calendar`.

    Rows without a number get the next free one. Every problem of a cell is a remark that names it.

    :raises PlanTableHeadsMissing, PlanTableEmpty, PlanTableTooLong: no table of a plan
    :raises Unreadable: the file is no table
    """
    known = {word: key for key, head in HEADS.items() for word in (head, _(head))} | OTHER_HEADS
    for sheet in open_tables(path, name=name).sheets:
        rows = iter(sheet.rows())
        for row in islice(rows, HEAD_ROWS):
            columns = _columns(row[1], known)
            if "name" in columns.values() and {"days", "finish"} & set(columns.values()):
                lines = list(islice(_lines(rows, columns, sheet), MOST_TASKS + 1))
                if len(lines) > MOST_TASKS:
                    raise PlanTableTooLong(name=name, most=MOST_TASKS)
                if not lines:
                    raise PlanTableEmpty(name=name)
                return _plan(Path(name).stem, lines, calendar, minutes_per_day)
    raise PlanTableHeadsMissing(name=name, heads=listed([_(HEADS["name"]), _(HEADS["days"])]))


def _columns(cells: Sequence[Cell], known: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        key = known.get(plain(cell).replace(" ", "").replace("(", "（").replace(")", "）"))
        if key is not None and key not in found.values():
            found[place] = key
    return found


def _lines(rows: Iterator[Row], columns: Mapping[int, str], sheet: Sheet) -> Iterator[_Line]:
    """Yield the rows that name a task; a merged lot counts for every row that it covers."""
    letters = {key: column_letter(place + 1) for place, key in columns.items()}
    lot_column = next((place + 1 for place, key in columns.items() if key == "lot"), 0)
    spans = [one for one in sheet.merged if one.first_column == lot_column and one.last_row > one.first_row]
    lots: dict[int, Cell] = {}
    for number, cells in rows:
        values = {key: cells[place] for place, key in columns.items() if place < len(cells)}
        lots[number] = values.get("lot", "")
        if not plain(lots[number]):
            span = next((one for one in spans if one.first_row < number <= one.last_row), None)
            if span is not None:
                values["lot"] = lots.get(span.first_row, "")
        if any(plain(value) for key, value in values.items() if key != "lot"):
            yield _Line(number, values, letters)


def _plan(title: str, lines: Sequence[_Line], calendar: WorkTime, minutes_per_day: int) -> PlanFile:
    uids = _numbers(lines)
    tasks = [_task(line, uid, calendar, minutes_per_day) for line, uid in zip(lines, uids, strict=True)]
    known, linked = set(uids), []
    for line, task in zip(lines, tasks, strict=True):
        for link in task.links:
            if link.predecessor not in known:
                line.wrong("links", _("没有编号 %(uid)s 的任务") % {"uid": link.predecessor})
            elif link.predecessor == task.uid:
                line.wrong("links", _("不能以自己为前置"))
        linked.append(replace(task, links=tuple(one for one in task.links if one.predecessor in known - {task.uid})))
    remarks = tuple(remark for line in lines for remark in line.remarks)
    return PlanFile(title, tuple(linked), minutes_per_day=minutes_per_day, remarks=remarks)


def _numbers(lines: Sequence[_Line]) -> list[int]:
    given: list[int | None] = []
    seen: set[int] = set()
    for line in lines:
        number = line.number_of("uid")
        uid = int(number) if number is not None and number == int(number) and 0 < number < 10**9 else None
        if number is not None and uid is None:
            line.wrong("uid", _("编号请写整数"))
        if uid in seen:
            line.wrong("uid", _("编号 %(uid)s 出现两次") % {"uid": uid})
            uid = None
        if uid is not None:
            seen.add(uid)
        given.append(uid)
    free = max(seen, default=0)
    uids = []
    for uid in given:
        if uid is None:
            free += 1
        uids.append(uid or free)
    return uids


def _task(line: _Line, uid: int, calendar: WorkTime, minutes_per_day: int) -> FileTask:
    name = line.text("name")[:LONGEST_NAME]
    if not name:
        line.wrong("name", _("没有写"))
    start, finish = line.day("start"), line.day("finish")
    if start is not None and finish is not None and finish < start:
        line.wrong("finish", _("早于开始"))
        finish = None
    minutes, form = _length(line, start, finish, calendar, minutes_per_day)
    begun, ended, percent = _done(line)
    links: tuple[FileLink, ...] = ()
    try:
        links = tuple(
            FileLink(one.predecessor, one.kind, one.lag) for one in read_links(line.text("links"), minutes_per_day)
        )
    except LinkUnreadable as error:
        line.wrong("links", str(error))
    level, deadline = line.number_of("level"), line.day("deadline")
    is_milestone = line.yes("is_milestone") or minutes == 0
    opens = start is not None and not links
    return FileTask(
        uid=uid, name=name, level=min(max(int(level or 1), 1), 20), notes=line.text("notes"),
        minutes=0 if is_milestone else minutes, duration_format=form, is_elapsed=form == 8,
        is_milestone=is_milestone, constraint=Constraint.START_NO_EARLIER if opens else Constraint.AS_SOON_AS_POSSIBLE,
        constraint_at=calendar.begin_of(start) if opens and start is not None else None,
        deadline_at=calendar.end_of_day(deadline) if deadline is not None else None, percent=percent,
        actual_start=calendar.begin_of(begun) if begun is not None else None,
        actual_finish=calendar.end_of_day(ended) if ended is not None else None, links=links,
        people=(line.text("person"),) if line.text("person") else (), lot=line.text("lot")[:80],
        is_key=line.yes("is_key"),
    )  # fmt: skip


def _length(
    line: _Line, start: date | None, finish: date | None, calendar: WorkTime, minutes_per_day: int
) -> tuple[int, int]:
    """Return the duration and how it is told: from its own cell, else from the days between start and finish."""
    text = line.text("days")
    if not text:
        if start is not None and finish is not None:
            return calendar.days_between(start, finish) * minutes_per_day, 7
        if not line.yes("is_milestone"):
            line.wrong("days", _("没有写，也没有开始和完成日期可推算"))
        return 0, 7
    match = DAYS_TEXT.fullmatch(text)
    days = Decimal(match["number"]) if match else None
    if match is None or days is None or days > MOST_DAYS:
        line.wrong("days", _("“%(text)s”不是天数") % {"text": text[:20]})
        return 0, 7
    is_elapsed = bool(match["elapsed"]) or "历" in text
    return int(days * (1440 if is_elapsed else minutes_per_day)), 8 if is_elapsed else 7


def _done(line: _Line) -> tuple[date | None, date | None, int]:
    """Return actual start, actual finish and percent, made to fit each other."""
    begun, ended = line.day("actual_start"), line.day("actual_finish")
    share = line.number_of("percent") or Decimal(0)
    if isinstance(line.cells.get("percent"), float) and share < 1:
        share *= 100  # a cell formatted as percent holds its hundredth
    percent = min(int(share), 100)
    if ended is not None and begun is None:
        line.wrong("actual_start", _("写了实际完成，请也写实际开始"))
        return None, None, 0
    if begun is not None and ended is not None and ended < begun:
        line.wrong("actual_finish", _("早于实际开始"))
        return begun, None, 0
    if percent and begun is None:
        line.wrong("actual_start", _("完成百分比大于 0，请写实际开始"))
        return None, None, 0
    if percent == 100 and ended is None:
        line.wrong("actual_finish", _("完成了的，请写实际完成"))
        return begun, None, 99
    return begun, ended, 100 if ended is not None else percent
