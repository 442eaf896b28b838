"""Schedules: the times of a cron text in Shanghai, one winner a due time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from ronghe.kernel.jobs import schedules
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.models import Schedule
from ronghe.kernel.jobs.schedules import declared_schedules, every, next_run, overdue_schedules, run_due_schedules
from ronghe.kernel.tasks import seal_new_facts

pytestmark = pytest.mark.django_db


@job()
def count_barrels() -> None: ...


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(schedules, "_JOBS", {})
    every("0 7 * * *", "barrels", count_barrels)


@pytest.fixture
def seven(morning) -> datetime:
    return morning.replace(hour=7, minute=0)


def queued() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="count_barrels").count()


def test_cron_times_are_those_of_shanghai():
    """Seven in the morning there is 23:00 UTC the evening before."""
    assert next_run("0 7 * * *", datetime(2026, 9, 13, 22, 59, tzinfo=UTC)) == datetime(2026, 9, 13, 23, 0, tzinfo=UTC)
    assert next_run("0 7 * * *", datetime(2026, 9, 13, 23, 0, tzinfo=UTC)) == datetime(2026, 9, 14, 23, 0, tzinfo=UTC)


def test_a_new_schedule_waits_for_its_first_time(seven):
    assert run_due_schedules(at=seven - timedelta(hours=1)) == []
    assert (queued(), Schedule.objects.get().next_run_at) == (0, seven)


@pytest.mark.parametrize(("late", "starts"), [(-1, False), (0, True), (1, True)])
def test_a_schedule_starts_on_its_second_and_not_before(seven, late, starts):
    run_due_schedules(at=seven - timedelta(hours=1))

    started = run_due_schedules(at=seven + timedelta(seconds=late))

    assert (started, queued()) == ((["barrels"], 1) if starts else ([], 0))


def test_a_schedule_starts_once_a_time(seven):
    run_due_schedules(at=seven - timedelta(hours=1))

    for minutes in (0, 1, 2):
        run_due_schedules(at=seven + timedelta(minutes=minutes))

    assert queued() == 1
    assert Schedule.objects.get().next_run_at == seven + timedelta(days=1)


def test_times_that_passed_while_nothing_ran_are_made_up_for_once(seven):
    run_due_schedules(at=seven - timedelta(hours=1))

    assert run_due_schedules(at=seven + timedelta(days=3, hours=2)) == ["barrels"]
    assert run_due_schedules(at=seven + timedelta(days=3, hours=2)) == []
    assert (queued(), Schedule.objects.get().next_run_at) == (1, seven + timedelta(days=4))


def test_a_schedule_whose_times_changed_follows_the_new_ones(seven):
    run_due_schedules(at=seven - timedelta(hours=1))
    every("30 7 * * *", "barrels", count_barrels)

    assert run_due_schedules(at=seven) == []
    assert (Schedule.objects.get().cron, Schedule.objects.get().next_run_at) == (
        "30 7 * * *",
        seven + timedelta(minutes=30),
    )


def test_of_two_schedulers_that_saw_the_same_due_time_one_enqueues(seven):
    run_due_schedules(at=seven - timedelta(hours=1))
    seen = Schedule.objects.get()

    wins = [schedules._enqueue_once(seen, "0 7 * * *", count_barrels, seven) for _ in range(2)]

    assert (wins, queued()) == ([True, False], 1)


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_schedulers_racing_enqueue_once(seven):
    run_due_schedules(at=seven - timedelta(hours=1))
    gate, started = threading.Barrier(3), []

    def look() -> None:
        gate.wait()
        started.extend(run_due_schedules(at=seven))
        connections.close_all()

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()

    assert (started, queued()) == (["barrels"], 1)


def test_an_overdue_schedule_is_named_and_a_forgotten_one_is_not(seven):
    run_due_schedules(at=seven - timedelta(hours=1))
    Schedule.objects.create(name="dropped", cron="0 7 * * *", next_run_at=seven)
    hour = timedelta(hours=1)

    assert overdue_schedules(at=seven + hour, by=hour) == []
    assert overdue_schedules(at=seven + hour + timedelta(seconds=1), by=hour) == ["barrels"]


def test_the_platform_seals_every_ten_minutes(monkeypatch):
    monkeypatch.undo()

    assert declared_schedules()["seal_new_facts"] == "*/10 * * * *"
    assert seal_new_facts.module_path == "ronghe.kernel.tasks.seal_new_facts"
