"""Jobs: committed with their act, tried again, never louder than the kind of their error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ronghe.kernel.facts.kinds import declare
from ronghe.kernel.facts.models import Fact, SealedFact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.jobs.jobs import FIRST_RETRY, job
from ronghe.kernel.jobs.models import JobAttempt
from ronghe.kernel.jobs.worker import GIVEN_UP_AFTER, return_abandoned, work, work_once
from ronghe.kernel.tasks import seal_new_facts

pytestmark = pytest.mark.usefixtures("committing_db")

PUMP_STARTED = declare("test.pump_started", "启泵")
ran: list[str] = []


@pytest.fixture(autouse=True)
def nothing_ran():
    ran.clear()


@job(retries=2)
def note_well(name: str) -> None:
    ran.append(name)


@job(retries=2)
def break_down(name: str) -> None:
    ran.append(name)
    raise RuntimeError("井号 大-12 张三")


def make_waiting_jobs_due() -> None:
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now() - timedelta(seconds=1))


def test_a_job_runs_once_with_what_it_was_given():
    note_well.enqueue(name="大-12")

    work_once()
    work_once()

    assert ran == ["大-12"]


def test_a_job_of_an_act_that_was_rolled_back_never_runs():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_well.enqueue(name="大-12")
        raise ZeroDivisionError

    work_once()

    assert ran == []


def test_a_job_that_fails_is_tried_again_later_each_time_and_then_given_up():
    break_down.enqueue(name="大-12")

    waits = []
    for _ in range(4):
        before = timezone.now()
        work_once()
        waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path__endswith="break_down").first()
        waits.append(None if waiting is None else round((waiting.run_after - before) / FIRST_RETRY))
        make_waiting_jobs_due()

    assert ran == ["大-12"] * 3
    assert waits == [1, 6, None, None]
    assert list(JobAttempt.objects.order_by("attempt").values_list("attempt", flat=True)) == [1, 2, 3]


def test_what_is_kept_of_a_failure_says_nothing_of_the_record():
    break_down.enqueue(name="大-12")

    work_once()

    kept = JobAttempt.objects.get()
    assert (kept.job, kept.why) == ("tests.kernel.jobs.test_jobs.break_down", "RuntimeError")
    assert "张三" not in str(JobAttempt.objects.values().get())


def test_a_waiting_job_does_not_run_before_its_time():
    note_well.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(name="later")

    work_once()

    assert ran == []


@pytest.mark.parametrize(
    ("running_for", "returned"),
    [
        (GIVEN_UP_AFTER - timedelta(seconds=1), 0),
        (GIVEN_UP_AFTER, 0),
        (GIVEN_UP_AFTER + timedelta(seconds=1), 1),
    ],
)
def test_a_job_whose_worker_died_is_given_back_after_half_an_hour(running_for, returned):
    now = timezone.now()
    note_well.enqueue(name="大-12")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=now - running_for, worker_ids=["gone"])

    assert return_abandoned(at=now) == returned

    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == returned
    assert list(JobAttempt.objects.values_list("why", "attempt")) == [("WorkerDied", 1)] * returned


def test_a_job_given_back_runs_again():
    note_well.enqueue(name="大-12")
    long_ago = timezone.now() - timedelta(hours=1)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=long_ago, worker_ids=["gone"])

    work_once()

    assert ran == ["大-12"]


def test_the_worker_looks_again_until_it_is_told_to_stop():
    note_well.enqueue(name="大-12")
    answers = iter([False, False, True])

    work(should_stop=lambda: next(answers), interval=0)

    assert ran == ["大-12"]


def test_the_sealing_job_seals_what_was_recorded(morning):
    record(Draft(PUMP_STARTED, morning, None))
    seal_new_facts.enqueue()

    work_once()

    assert list(SealedFact.objects.values_list("fact_id", flat=True)) == [Fact.objects.get().pk]
