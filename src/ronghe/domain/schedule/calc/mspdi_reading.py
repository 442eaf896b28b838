"""Plans in Microsoft Project's own XML (MSPDI), as the product and others save it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from ronghe.domain.schedule.calc.calendars import CalendarText
from ronghe.domain.schedule.calc.links import DAYS_FORMAT, ELAPSED_FORMATS, FORMATS, Constraint, Lag, LinkKind
from ronghe.domain.schedule.calc.mspdi_calendars import read_calendars
from ronghe.domain.schedule.calc.plan_file import (
    LONGEST_NAME,
    LONGEST_NOTES,
    MOST_TASKS,
    FileBaseline,
    FileLink,
    FileTask,
    PlanFile,
    Remark,
)
from ronghe.domain.schedule.calc.worktime import DAY, LAST_DAY, naive_minute
from ronghe.kernel.errors import Unreadable
from ronghe.kernel.words import N_, _

SPACE = "http://schemas.microsoft.com/project"
MOST_BYTES = 64 * 1024 * 1024
MOST_ELEMENTS = 4_000_000
DEEPEST = 60
MOST_MINUTES = 60 * 24 * 366 * 30
"""Longer than thirty years is no duration of a task."""
DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>\d{1,6})D)?(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?"
)


class NotProjectXml(Unreadable):
    code = "schedule_not_project_xml"
    sentence = N_(
        "“%(name)s”不是 Microsoft Project 的 XML 计划。请在 Project 里“另存为”XML 格式，或用本页的 Excel 空表。"
    )


class ProjectXmlUnsafe(Unreadable):
    code = "schedule_project_xml_unsafe"
    sentence = N_("“%(name)s”里有自定义实体或大得不正常，没有读取。请在 Project 里重新另存为 XML。")


class ProjectXmlTooLong(Unreadable):
    code = "schedule_project_xml_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 个任务或 64 MB。请按标段拆成几个计划。")


class ProjectXmlEmpty(Unreadable):
    code = "schedule_project_xml_empty"
    sentence = N_("“%(name)s”里没有任务。请确认存的是带任务的计划，再选一次。")


def looks_like_xml(path: Path) -> bool:
    """Tell whether a file begins as XML does, whatever its mark and encoding."""
    with path.open("rb") as file:
        head = file.read(512)
    return head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def read_project_xml(path: Path, *, name: str) -> PlanFile:
    """Return the plan in an XML file. Resources count only by their names, costs and custom fields not at all.

    :raises NotProjectXml, ProjectXmlUnsafe, ProjectXmlTooLong, ProjectXmlEmpty: nothing of it was used
    """
    if path.stat().st_size > MOST_BYTES:
        raise ProjectXmlTooLong(name=name, most=MOST_TASKS)
    root = _parsed(path, name)
    reader = _Reader(root)
    tasks = reader.tasks()
    if not tasks:
        raise ProjectXmlEmpty(name=name)
    if len(tasks) > MOST_TASKS:
        raise ProjectXmlTooLong(name=name, most=MOST_TASKS)
    return reader.plan(tasks)


def _parsed(path: Path, name: str) -> Any:
    """Parse without entities, network or unbounded depth: a file that declares a document type is refused at once."""
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    count = depth = 0
    root: Any = None
    try:
        with path.open("rb") as file:
            while piece := file.read(1024 * 1024):
                parser.feed(piece)
                for event, element in parser.read_events():
                    if root is None:
                        root = element
                        _check_root(root, name)
                    depth += 1 if event == "start" else -1
                    count += event == "start"
                    if count > MOST_ELEMENTS or depth > DEEPEST:
                        raise ProjectXmlUnsafe(name=name)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise NotProjectXml(name=name) from error
    if root is None:
        raise NotProjectXml(name=name)
    return root


def _check_root(root: Any, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise ProjectXmlUnsafe(name=name)
    tag = etree.QName(root)
    if tag.localname != "Project" or tag.namespace not in (SPACE, None):
        raise NotProjectXml(name=name)


class _Reader:
    """One file; remarks gather on the way."""

    def __init__(self, root: Any) -> None:
        self.root, self.remarks = root, list[Remark]()
        self.space = etree.QName(root).namespace
        self.names: dict[int, str] = {}

    # ---- small things -----------------------------------------------------------------------------------------------
    def all(self, element: Any, *tags: str) -> list[Any]:
        path = "/".join(f"{{{self.space}}}{tag}" if self.space else tag for tag in tags)
        found: list[Any] = element.findall(path)
        return found

    def text(self, element: Any, tag: str) -> str:
        found = element.find(f"{{{self.space}}}{tag}" if self.space else tag)
        return (found.text or "").strip() if found is not None else ""

    def number(self, element: Any, tag: str) -> int | None:
        text = self.text(element, tag)
        try:
            return int(text) if text and len(text) <= 12 else None
        except ValueError:
            return None

    def flag(self, element: Any, tag: str) -> bool | None:
        text = self.text(element, tag).lower()
        return None if not text else text in ("1", "true")

    def moment(self, element: Any, tag: str, where: str = "") -> int | None:
        text = self.text(element, tag)
        if not text or text.upper() == "NA":
            return None
        try:
            minute = naive_minute(datetime.fromisoformat(text[:19]))
        except ValueError:
            minute = -1
        if 0 <= minute < LAST_DAY * DAY:
            return minute
        self.remark(
            where or tag, _("日期“%(text)s”读不出来，或不在 2000—2099 年。") % {"text": text[:30]}, is_error=bool(where)
        )
        return None

    def duration(self, element: Any, tag: str, where: str = "") -> int | None:
        text = self.text(element, tag)
        match = DURATION.fullmatch(text) if text else None
        if match is None:
            if text and where:
                self.remark(where, _("工期“%(text)s”读不出来。") % {"text": text[:30]}, is_error=True)
            return None
        part = {name: int(found or 0) for name, found in match.groupdict().items() if name != "sign"}
        minutes = part["days"] * DAY + part["hours"] * 60 + part["minutes"] + part["seconds"] // 60
        if minutes > MOST_MINUTES:
            self.remark(where or tag, _("工期“%(text)s”超过 30 年。") % {"text": text[:30]}, is_error=True)
            return None
        return -minutes if match["sign"] else minutes

    def remark(self, where: str, text: str, *, is_error: bool = False) -> None:
        """Tell it once, however often the same place is read."""
        said = Remark(where[:80], text, is_error)
        if said not in self.remarks:
            self.remarks.append(said)

    # ---- the plan ---------------------------------------------------------------------------------------------------
    def tasks(self) -> list[FileTask]:
        self.names = self._people()
        read, blank = [], 0
        for element in self.all(self.root, "Tasks", "Task"):
            uid = self.number(element, "UID")
            if uid == 0:
                continue  # the project's own line
            if self.flag(element, "IsNull") or uid is None or uid < 0:
                blank += 1
                continue
            read.append(self._task(element, uid))
        if blank:
            self.remark(_("任务"), _("空行 %(count)s 行，不导入。") % {"count": blank})
        return self._once(read)

    def plan(self, tasks: list[FileTask]) -> PlanFile:
        root = self.root
        calendars, remarks = read_calendars(self)
        if self.flag(root, "ScheduleFromStart") is False:
            self.remark(_("项目"), _("文件是从完成日期倒排的；日期照文件保留，之后按正排计算。"))
        skipped = len(self.all(root, "Resources", "Resource"))
        if skipped:
            self.remark(_("资源"), _("只按姓名对应负责人，其余资源信息不导入。"))
        own = self.number(root, "CalendarUID")
        begins = self.moment(root, "StartDate")
        if begins is None:
            begins = min((task.start for task in tasks if task.start is not None), default=None)
        per_day = self.number(root, "MinutesPerDay") or 480
        return PlanFile(
            self.text(root, "Title") or self.text(root, "Name"), tuple(tasks), begins,
            per_day if 1 <= per_day <= DAY else 480, own if own in {one.uid for one in calendars} else None,
            self._used(calendars, tasks, own), (*self.remarks, *remarks),
        )  # fmt: skip

    def _used(self, calendars: list[CalendarText], tasks: list[FileTask], own: int | None) -> tuple[CalendarText, ...]:
        used = {task.calendar for task in tasks} | {own}
        return tuple(one for one in calendars if one.uid in used)

    def _people(self) -> dict[int, str]:
        return {
            uid: self.text(element, "Name")
            for element in self.all(self.root, "Resources", "Resource")
            if (uid := self.number(element, "UID")) is not None and self.text(element, "Name")
        }

    def _assigned(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for element in self.all(self.root, "Assignments", "Assignment"):
            task, resource = self.number(element, "TaskUID"), self.number(element, "ResourceUID")
            if task is not None and resource in self.names:
                found.setdefault(task, []).append(self.names[resource])
        return found

    def _once(self, tasks: list[FileTask]) -> list[FileTask]:
        """Keep one task a uid, and give each the people assigned to it and only the links that lead somewhere."""
        assigned, known = self._assigned(), {task.uid for task in tasks}
        found: dict[int, FileTask] = {}
        for task in tasks:
            where = f"UID {task.uid} {task.name}"
            if task.uid in found:
                self.remark(where, _("编号 %(uid)s 出现两次。") % {"uid": task.uid}, is_error=True)
                continue
            links = []
            for link in task.links:
                if link.predecessor in known:
                    links.append(link)
                else:
                    self.remark(where, _("前置任务 %(uid)s 不在文件里，这条关系不导入。") % {"uid": link.predecessor})
            people = tuple(dict.fromkeys(assigned.get(task.uid, ())))
            found[task.uid] = replace(task, links=tuple(links), people=people)
        return list(found.values())

    def _task(self, element: Any, uid: int) -> FileTask:
        name = self.text(element, "Name")[:LONGEST_NAME] or _("（无名任务）")
        where = f"UID {uid} {name}"
        is_manual = bool(self.flag(element, "Manual"))
        form = self.number(element, "DurationFormat") or DAYS_FORMAT
        minutes = self.duration(element, "ManualDuration" if is_manual else "Duration", where)
        if minutes is None:
            minutes = self.duration(element, "Duration", where)
        start = self._first(element, is_manual, "ManualStart", "Start", where)
        finish = self._first(element, is_manual, "ManualFinish", "Finish", where)
        percent = min(max(self.number(element, "PercentComplete") or 0, 0), 100)
        begun, ended = self.moment(element, "ActualStart", where), self.moment(element, "ActualFinish", where)
        begun = begun if begun is not None or not percent else start
        if percent == 100 and ended is None:
            ended = finish
        elif ended is not None and percent < 100:
            percent = 100
        calendar = self.number(element, "CalendarUID")
        return FileTask(
            uid=uid, name=name, level=max(self.number(element, "OutlineLevel") or 1, 1),
            wbs=self._own_wbs(element), notes=self.text(element, "Notes").replace("\r\n", "\n")[:LONGEST_NOTES], minutes=abs(minutes or 0),
            duration_format=form, is_elapsed=form in ELAPSED_FORMATS, is_milestone=bool(self.flag(element, "Milestone")),
            is_manual=is_manual, is_active=self.flag(element, "Active") is not False,
            constraint=self._constraint(element), constraint_at=self.moment(element, "ConstraintDate", where),
            deadline_at=self.moment(element, "Deadline", where),
            calendar=calendar if calendar is not None and calendar >= 0 else None, start=start, finish=finish,
            percent=percent, actual_start=begun, actual_finish=ended if begun is not None else None,
            links=self._links(element, where), baseline=self._baseline(element),
        )  # fmt: skip

    def _first(self, element: Any, is_manual: bool, manual: str, plain: str, where: str) -> int | None:
        """Return a manual task's own date where it has one: its other date may be only shown."""
        found = self.moment(element, manual, where) if is_manual else None
        return found if found is not None else self.moment(element, plain, where)

    def _own_wbs(self, element: Any) -> str:
        wbs = self.text(element, "WBS")[:64]
        return "" if wbs == self.text(element, "OutlineNumber") else wbs

    def _constraint(self, element: Any) -> Constraint:
        number = self.number(element, "ConstraintType") or 0
        return Constraint(number) if number in set(Constraint) else Constraint.AS_SOON_AS_POSSIBLE

    def _links(self, element: Any, where: str) -> tuple[FileLink, ...]:
        found: dict[tuple[int, int], FileLink] = {}
        for link in self.all(element, "PredecessorLink"):
            predecessor = self.number(link, "PredecessorUID")
            if self.flag(link, "CrossProject") or predecessor is None:
                self.remark(where, _("跨项目的前置关系不导入。"))
                continue
            number = self.number(link, "Type")
            kind = LinkKind(number) if number in set(LinkKind) else LinkKind.FINISH_START
            form = self.number(link, "LagFormat")
            lag = Lag(self.number(link, "LinkLag") or 0, form if form in FORMATS else DAYS_FORMAT)
            found[predecessor, kind] = FileLink(predecessor, kind, lag)
        return tuple(found.values())

    def _baseline(self, element: Any) -> FileBaseline | None:
        for one in self.all(element, "Baseline"):
            if (self.number(one, "Number") or 0) == 0:
                start, finish = self.moment(one, "Start"), self.moment(one, "Finish")
                if start is not None and finish is not None and start <= finish:
                    return FileBaseline(start, finish, abs(self.duration(one, "Duration") or 0))
        return None
