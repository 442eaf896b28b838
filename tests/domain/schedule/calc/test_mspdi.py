"""Microsoft Project's XML: everything of tasks, links and dates comes in, goes out, and comes in the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ronghe.domain.schedule.calc.links import Constraint, LinkKind
from ronghe.domain.schedule.calc.mspdi_calendars import ORDINARY
from ronghe.domain.schedule.calc.mspdi_reading import (
    NotProjectXml,
    ProjectXmlEmpty,
    ProjectXmlUnsafe,
    looks_like_xml,
    read_project_xml,
)
from ronghe.domain.schedule.calc.mspdi_writing import Written, write_project_xml
from ronghe.domain.schedule.calc.network import Job, Net, Tie
from ronghe.domain.schedule.calc.outline import outline
from ronghe.domain.schedule.calc.plan_file import plan_from
from ronghe.domain.schedule.calc.solving import Solver
from ronghe.domain.schedule.calc.worktime import WorkTime
from tests.domain.schedule.calc.making import minute
from tests.factories.schedule import MPXJ, PROJECT_2016

HEAD = '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-03-02T08:00:00</StartDate>'


def read(path: Path):
    return read_project_xml(path, name=path.name)


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "plan.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def of_tasks(tmp_path: Path, tasks: str, calendars: str = "") -> Path:
    return written(tmp_path, f"{HEAD}{calendars}<Tasks>{tasks}</Tasks></Project>")


def test_every_task_of_the_products_own_file_comes_in():
    plan = read(PROJECT_2016)
    tasks = {task.uid: task for task in plan.tasks}

    assert [task.uid for task in plan.tasks] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]
    assert plan.title == "南I-1联合站改造工程"
    assert plan.summaries() == {1, 6}
    assert (tasks[2].notes, tasks[2].people, tasks[6].wbs, tasks[7].wbs) == ("先降水\n再开挖", ("杜秀英",), "AZ", "")
    assert (tasks[4].is_elapsed, tasks[4].minutes) == (True, 7 * 1440)
    assert (tasks[7].constraint, tasks[7].constraint_at) == (Constraint.START_NO_EARLIER, minute("2026-03-09T08:00"))
    assert tasks[8].deadline_at == minute("2026-04-03T17:00")
    assert (tasks[11].is_manual, tasks[12].is_active, tasks[13].is_milestone) == (True, False, True)
    assert [(link.kind, link.lag.amount, link.lag.format) for link in tasks[9].links] == [
        (LinkKind.START_START, 19_200, 7), (LinkKind.FINISH_FINISH, 9_600, 7),
    ]  # fmt: skip
    assert tasks[8].links[1].lag.amount == -14_400
    assert tasks[13].links[1].lag.is_percent
    assert tasks[2].baseline is not None
    assert plan.errors == []
    assert any("空行 1 行" in remark.text for remark in plan.remarks)


def test_calendars_come_in_with_their_exceptions_once():
    calendars = {one.uid: one for one in read(PROJECT_2016).calendars}

    assert set(calendars) == {1, 3}
    assert calendars[1].shifts_on(date(2026, 4, 6)) == ()
    assert calendars[1].shifts_on(date(2026, 4, 7)) == ORDINARY
    assert [one.name for one in calendars[1].exceptions] == ["清明"]
    assert calendars[3].shifts_on(date(2026, 4, 5)) == ((0, 1440),)


def test_the_dates_of_the_file_are_those_of_its_links():
    """The file was reckoned by Microsoft Project's rules: with its pins, every start and finish is found again."""
    plan = read(PROJECT_2016)
    texts = {one.uid: one for one in plan.calendars}
    calendars = {uid: WorkTime(text.name, text.shifts_on, date(2025, 1, 1)) for uid, text in texts.items()}
    places = outline([task.level for task in plan.tasks])
    active = [(task, place) for task, place in zip(plan.tasks, places, strict=True) if task.is_active]
    jobs = [
        Job(task.uid, task.name, plan.tasks[place.parent].uid if place.parent is not None else None, task.minutes,
            task.is_elapsed, pause=960 if task.uid == 7 else 0, calendar=task.calendar, constraint=task.constraint,
            constraint_at=task.constraint_at, placed_at=task.start if task.is_manual else None)
        for task, place in active
    ]  # fmt: skip
    ties = [Tie(link.predecessor, task.uid, link.kind, link.lag) for task, _ in active for link in task.links]

    solved = Solver(Net(jobs, ties), calendars[1], minute("2026-03-02T08:00"), calendars).plan()

    wrong = {
        task.uid: (task.start, solved.times[task.uid])
        for task, place in active
        if not place.is_summary
        and (solved.times[task.uid].start, solved.times[task.uid].finish) != (task.start, task.finish)
    }
    assert wrong == {}
    assert solved.finish == minute("2026-04-07T17:00")


def test_a_file_of_another_program_comes_in_too():
    plan = read(MPXJ)
    first, crossing, flow = plan.tasks

    assert (first.percent, first.actual_finish) == (100, minute("2026-02-03T00:00"))
    assert (crossing.minutes, plan.minutes_per_day) == (15 * 1440, 1440)
    assert [link.predecessor for link in crossing.links] == [101]
    assert (flow.is_milestone, flow.links[0].lag.is_elapsed) == (True, True)
    assert any("999" in remark.text for remark in plan.remarks)


@pytest.mark.parametrize("path", [PROJECT_2016, MPXJ], ids=["product", "mpxj"])
def test_what_goes_out_comes_in_the_same(path, tmp_path):
    plan = read(path)

    again = read(written(tmp_path, write_project_xml(plan, Written({}))))

    assert again.tasks == plan.tasks
    assert again.calendars == plan.calendars
    assert (again.title, again.begins_at, again.calendar, again.minutes_per_day) == (
        plan.title, plan.begins_at, plan.calendar, plan.minutes_per_day,
    )  # fmt: skip


@pytest.mark.parametrize("path", [PROJECT_2016, MPXJ], ids=["product", "mpxj"])
def test_a_plan_is_kept_as_plain_data_without_loss(path):
    plan = read(path)
    assert plan_from(plan.as_data()) == plan


def test_whatever_is_hostile_in_a_name_is_written_as_text(tmp_path):
    plan = read(MPXJ)
    plan = replace(plan, tasks=(replace(plan.tasks[0], name="<b>&\x0b'=1+1", links=()),))

    again = read(written(tmp_path, write_project_xml(plan, Written({}))))

    assert again.tasks[0].name == "<b>&'=1+1"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<Project xmlns="http://schemas.microsoft.com/project"><Title>&c;</Title></Project>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<Project xmlns="http://schemas.microsoft.com/project"><Title>&a;</Title></Project>'
)


@pytest.mark.parametrize("text", [BOMB, OUTSIDE], ids=["billion laughs", "a file of the server"])
def test_entities_are_refused_before_they_mean_anything(tmp_path, text):
    with pytest.raises(ProjectXmlUnsafe):
        read(written(tmp_path, text))


def test_what_is_nested_without_end_is_refused(tmp_path):
    with pytest.raises(ProjectXmlUnsafe):
        read(written(tmp_path, HEAD + "<a>" * 90 + "</a>" * 90 + "</Project>"))


@pytest.mark.parametrize("text", [
    "", "<", "<html/>", '<Project xmlns="urn:other"/>', f"{HEAD}<Tasks>", "not xml", f"{HEAD}</Projekt>",
])  # fmt: skip
def test_what_is_no_plan_is_told_so(tmp_path, text):
    with pytest.raises(NotProjectXml):
        read(written(tmp_path, text))


def test_a_plan_without_tasks_is_told_so(tmp_path):
    with pytest.raises(ProjectXmlEmpty):
        read(of_tasks(tmp_path, "<Task><UID>0</UID></Task>"))


@pytest.mark.parametrize(("task", "said"), [
    ("<Start>abc</Start>", "abc"), ("<Start>1899-12-30T08:00:00</Start>", "1899"),
    ("<Duration>12 Tage</Duration>", "12 Tage"), ("<Duration>PT99999999H0M0S</Duration>", "30 年"),
])  # fmt: skip
def test_what_cannot_be_read_of_a_task_is_an_error_with_its_name(tmp_path, task, said):
    plan = read(of_tasks(tmp_path, f"<Task><UID>1</UID><Name>挖沟</Name>{task}</Task>"))
    assert ["挖沟" in one.where and said in one.text for one in plan.errors] == [True]


def test_the_same_number_twice_is_an_error(tmp_path):
    plan = read(of_tasks(tmp_path, "<Task><UID>1</UID><Name>甲</Name></Task><Task><UID>1</UID><Name>乙</Name></Task>"))
    assert len(plan.tasks) == len(plan.errors) == 1


def test_utf_16_and_no_namespace_are_read(tmp_path):
    text = "<?xml version='1.0' encoding='UTF-16'?><Project><Tasks><Task><UID>1</UID><Name>挖沟</Name></Task></Tasks></Project>"
    path = written(tmp_path, text.encode("utf-16"))
    assert looks_like_xml(path)
    assert read(path).tasks[0].name == "挖沟"


EXCEPTION = (
    "<CalendarUID>1</CalendarUID><Calendars><Calendar><UID>1</UID><Name>标准</Name><Exceptions><Exception>"
    "<TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>{more}"
    "<DayWorking>0</DayWorking></Exception></Exceptions></Calendar></Calendars>"
)


@pytest.mark.parametrize(("first", "last", "more", "days"), [
    ("2026-05-01", "2026-05-03", "<Type>1</Type>", ["2026-05-01", "2026-05-02", "2026-05-03"]),
    ("2026-05-01", "2026-05-05", "<Type>1</Type><Period>2</Period>", ["2026-05-01", "2026-05-03", "2026-05-05"]),
    ("2026-01-01", "2027-12-31", "<Type>2</Type><Month>9</Month><MonthDay>1</MonthDay>", ["2026-10-01", "2027-10-01"]),
    ("2026-03-01", "2026-03-31", "<Type>6</Type><Period>2</Period><DaysOfWeek>8</DaysOfWeek>", ["2026-03-04", "2026-03-18"]),
    ("2026-01-01", "2026-03-31", "<Type>4</Type><MonthDay>31</MonthDay>", ["2026-01-31", "2026-03-31"]),
    ("2026-01-01", "2026-03-31", "<Type>5</Type><MonthItem>4</MonthItem><MonthPosition>1</MonthPosition>",
     ["2026-01-12", "2026-02-09", "2026-03-09"]),
    ("2026-01-01", "2026-12-31", "<Type>3</Type><Month>4</Month><MonthItem>9</MonthItem><MonthPosition>4</MonthPosition>",
     ["2026-05-30"]),
])  # fmt: skip
def test_recurring_days_off_are_worked_out(tmp_path, first, last, more, days):
    calendars = EXCEPTION.format(first=first, last=last, more=more)
    plan = read(of_tasks(tmp_path, "<Task><UID>1</UID><Name>挖沟</Name></Task>", calendars))
    found = [day for one in plan.calendars[0].exceptions for day in _days(one)]
    assert [day.isoformat() for day in found] == days


def test_a_calendar_based_on_another_takes_what_it_does_not_say(tmp_path):
    calendars = (
        "<CalendarUID>2</CalendarUID><Calendars><Calendar><UID>1</UID><Name>底</Name><WeekDays><WeekDay><DayType>7</DayType>"
        "<DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>09:00:00</FromTime><ToTime>15:00:00</ToTime>"
        "</WorkingTime></WorkingTimes></WeekDay></WeekDays></Calendar><Calendar><UID>2</UID><Name>上</Name>"
        "<BaseCalendarUID>1</BaseCalendarUID><WeekDays><WeekDay><DayType>2</DayType><DayWorking>0</DayWorking></WeekDay>"
        "</WeekDays></Calendar></Calendars>"
    )
    plan = read(of_tasks(tmp_path, "<Task><UID>1</UID><Name>挖沟</Name></Task>", calendars))
    assert plan.calendars[0].week == ((), ORDINARY, ORDINARY, ORDINARY, ORDINARY, ((540, 900),), ())


def _days(one):
    return [one.first + timedelta(days=number) for number in range((one.last - one.first).days + 1)]
