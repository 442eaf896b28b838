"""Requests: raised, answered, passed up, risen by the clock, solved or reopened; who sees them, and whose name is kept back."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.enums import GridLevel, RequestKind, RequestState
from ronghe.domain.grid.models import GridLiaison, GridRequest
from ronghe.domain.grid.selectors.liaisons import naming_of
from ronghe.domain.grid.selectors.requests import (
    list_requests,
    raiser_shown,
    requests_to_answer,
    story_of,
)
from ronghe.domain.grid.services import requests as services
from ronghe.domain.grid.services.liaisons import accept_naming
from ronghe.domain.grid.services.settings import SettingOutOfRange, change_settings
from ronghe.domain.grid.tasks import rise_grid_requests
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.tasks import NoReason
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.jobs.schedules import declared_schedules
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.grid.story import make_grid
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db


def day_at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def grid(morning):
    grid = make_grid()
    part = naming_of(grid.branch, date(2026, 9, 14))
    accept_naming(body=grid.branch, digest=part.naming.digest, actor=grid.secretary, at=morning)
    return grid


@pytest.fixture
def worker(grid):
    return grid.employees[0]


@pytest.fixture
def member(worker):
    return GridLiaison.objects.get(employee=worker).member


@pytest.fixture
def request_(worker, morning):
    return raised(worker, morning)


def raised(worker, at, **changes):
    wanted = {"raiser": worker, "kind": RequestKind.SAFETY, "text": "踏步松了", "actor": worker, "at": at, **changes}
    return services.raise_request(**wanted)


def last_fact() -> Fact:
    return Fact.objects.latest("pk")


def test_raised_request_is_the_named_members_and_its_clock_runs_in_working_days(grid, request_, member):
    """Raised on Monday: two working days end on Wednesday; the day of raising is not counted."""
    assert (request_.level, request_.handler, request_.body) == (GridLevel.MEMBER, member, grid.branch)
    assert request_.due_on == date(2026, 9, 16)
    assert last_fact().kind == "grid.request_raised"
    assert last_fact().values == {"about": "safety", "level": "member"}


def test_clock_skips_the_holidays(grid, worker):
    """The National Day holiday of 2026 lies between Wednesday 30 September and the second working day after it."""
    request = raised(worker, day_at(date(2026, 9, 30)))

    assert request.due_on > date(2026, 10, 8)


def test_request_without_a_named_member_begins_at_the_branch(grid, morning):
    newcomer = make_person("刚来的", unit=grid.second, status=PoliticalStatus.MASSES)

    request = raised(newcomer, morning)

    assert (request.level, request.handler, request.body) == (GridLevel.BRANCH, None, grid.branch)


def test_member_who_left_the_party_is_not_asked(grid, worker, member, morning):
    Person.objects.filter(pk=member.pk).update(political_status=PoliticalStatus.MASSES)

    assert raised(worker, morning).level == GridLevel.BRANCH


def test_request_from_nowhere_is_refused(morning):
    stranger = make_person("外单位", status=PoliticalStatus.MASSES)
    with pytest.raises(services.NoPlaceInGrid):
        raised(stranger, morning)


def test_empty_request_is_refused(worker, morning):
    with pytest.raises(services.RequestEmpty):
        raised(worker, morning, text="  ")


def test_member_writes_for_the_own_employee_and_nobody_else_does(grid, worker, member, morning):
    request = raised(worker, morning, actor=Person.objects.get(pk=member.pk))
    assert (request.raiser, request.entered_by) == (worker, member)

    other = next(person for person in grid.members if person != member)
    with pytest.raises(NotAllowed):
        raised(worker, morning, actor=other)


def test_answer_waits_for_the_raiser_to_say_solved(request_, worker, member, morning):
    services.answer_request(request=request_, text="已加固", actor=member, at=morning + timedelta(hours=3))
    assert request_.state == RequestState.ANSWERED
    assert last_fact().values == {"days": 0, "level": "member", "on_time": True}

    services.confirm_solved(request=request_, actor=worker, at=morning + timedelta(days=1))

    assert GridRequest.objects.get().state == RequestState.SOLVED
    assert last_fact().values == {"days": 1, "level": "member"}


def test_who_may_not_answer(grid, request_, worker, member, morning):
    for actor in (worker, grid.clerk, grid.members[-1] if grid.members[-1] != member else grid.members[0]):
        with pytest.raises(NotAllowed):
            services.answer_request(request=request_, text="好", actor=actor, at=morning)
    with pytest.raises(services.AnswerEmpty):
        services.answer_request(request=request_, text=" ", actor=member, at=morning)


def test_named_member_answers_no_more_once_it_is_higher(grid, request_, member, morning):
    services.pass_up(request=request_, note="要花钱", actor=member, at=morning)

    assert (request_.level, request_.body) == (GridLevel.BRANCH, grid.branch)
    with pytest.raises(NotAllowed):
        services.answer_request(request=request_, text="好", actor=member, at=morning)
    services.pass_up(request=request_, note="要立项", actor=grid.secretary, at=morning)
    assert (request_.level, request_.body) == (GridLevel.COMMITTEE, grid.committee)
    with pytest.raises(services.TopOfGrid):
        services.pass_up(request=request_, note="再上", actor=grid.clerk, at=morning)


def test_passing_up_needs_a_word(request_, member, morning):
    with pytest.raises(NoReason):
        services.pass_up(request=request_, note="", actor=member, at=morning)


def test_unanswered_request_rises_by_itself_on_the_day_after_its_clock(grid, request_):
    """On the last day it stays; the day after it rises, level by level, and at the top it stays overdue."""
    assert services.rise_overdue(at=day_at(date(2026, 9, 16), 23)) == 0
    assert services.rise_overdue(at=day_at(date(2026, 9, 17))) == 1
    branch = GridRequest.objects.get()
    assert (branch.level, branch.due_on) == (GridLevel.BRANCH, date(2026, 9, 21))
    assert (last_fact().kind, last_fact().recorded_by) == ("grid.request_risen", None)

    assert services.rise_overdue(at=day_at(date(2026, 9, 17), 12)) == 0
    assert services.rise_overdue(at=day_at(date(2026, 9, 22))) == 1
    committee = GridRequest.objects.get()
    assert committee.level == GridLevel.COMMITTEE

    later = committee.due_on + timedelta(days=1)
    assert services.rise_overdue(at=day_at(later)) == 0
    assert GridRequest.objects.get().is_overdue(later)


def test_rising_is_a_job_of_every_night(request_, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: day_at(date(2026, 9, 17)))

    rise_grid_requests.call()

    assert GridRequest.objects.get().level == GridLevel.BRANCH
    assert declared_schedules()["rise_grid_requests"] == "10 0 * * *"


def test_everybody_who_had_it_goes_on_seeing_it_and_nobody_above_before(grid, request_, worker, member, morning):
    def seen(person) -> bool:
        return bool(list(list_requests(Person.objects.get(pk=person.pk), morning)))

    assert [seen(person) for person in (worker, member, grid.secretary, grid.clerk)] == [True, True, True, False]
    services.pass_up(request=request_, note="要花钱", actor=member, at=morning)
    services.pass_up(request=request_, note="要立项", actor=grid.secretary, at=morning)

    assert [seen(person) for person in (worker, member, grid.secretary, grid.clerk)] == [True] * 4
    assert not seen(grid.employees[1])


def test_list_of_what_waits_holds_each_ones_own(grid, request_, member, morning):
    assert list(requests_to_answer(member, morning)) == [request_]
    assert list(requests_to_answer(grid.secretary, morning)) == []
    services.pass_up(request=request_, note="要花钱", actor=member, at=morning)
    assert list(requests_to_answer(grid.secretary, morning)) == [request_]
    assert list(requests_to_answer(member, morning)) == []


def test_reopened_request_goes_one_level_up(grid, request_, worker, member, morning):
    services.answer_request(request=request_, text="已加固", actor=member, at=morning)
    with pytest.raises(NoReason):
        services.reopen_request(request=request_, reason="", actor=worker, at=morning)

    services.reopen_request(request=request_, reason="又松了", actor=worker, at=morning)

    assert (request_.state, request_.level) == (RequestState.WAITING, GridLevel.BRANCH)


def test_solved_or_withdrawn_request_takes_no_further_step(request_, worker, member, morning):
    services.withdraw_request(request=request_, actor=worker, at=morning)

    with pytest.raises(StepNotAllowed):
        services.answer_request(request=request_, text="好", actor=member, at=morning)
    with pytest.raises(StepNotAllowed):
        services.confirm_solved(request=request_, actor=worker, at=morning)


def test_of_two_who_answer_at_once_one_is_told(grid, request_, member, morning):
    services.pass_up(request=request_, note="要花钱", actor=member, at=morning)
    first, second = GridRequest.objects.get(), GridRequest.objects.get()
    services.answer_request(request=first, text="批了", actor=grid.secretary, at=morning)

    with pytest.raises(Stale):
        services.answer_request(request=second, text="不批", actor=grid.secretary, at=morning)

    assert GridRequest.objects.get().answer == "批了"


def test_of_an_answer_and_a_rise_at_once_one_wins(grid, request_, member, morning):
    """The state stays at waiting when it rises; the number of the step tells that it is not the same any more."""
    late = GridRequest.objects.get()
    services.rise_overdue(at=day_at(date(2026, 9, 17)))

    with pytest.raises(Stale):
        services.answer_request(request=late, text="好", actor=member, at=day_at(date(2026, 9, 17)))

    assert GridRequest.objects.get().state == RequestState.WAITING
    assert GridRequest.objects.get().answer is None


def test_name_is_kept_from_everybody_above_the_named_member(grid, worker, member, morning):
    request = raised(worker, morning, is_anonymous=True)
    services.pass_up(request=request, note="要花钱", actor=member, at=morning)

    assert [raiser_shown(request, who) for who in (worker, member, grid.secretary)] == [worker, worker, None]
    told, hidden = story_of(request, member), story_of(request, grid.secretary)
    assert [line.who for line in told] == [worker, member]
    assert [(line.who, line.is_hidden) for line in hidden] == [(None, True), (member, False)]
    facts = Fact.objects.filter(kind__startswith="grid.request")
    assert {worker.token} & {token for fact in facts for token in (fact.subject, fact.recorded_by)} == set()


def test_request_becomes_a_task_once(grid, request_, member, morning):
    services.pass_up(request=request_, note="要花钱", actor=member, at=morning)
    due = morning + timedelta(days=3)

    task = services.make_request_task(
        request=request_, assignee=grid.members[0], due_at=due, actor=grid.secretary, at=morning
    )

    assert (task.assignee, task.goal, task.body) == (grid.members[0], "踏步松了", grid.branch)
    assert (request_.task, request_.state) == (task, RequestState.WAITING)
    with pytest.raises(services.RequestTasked):
        services.make_request_task(
            request=request_, assignee=grid.members[0], due_at=due, actor=grid.secretary, at=morning
        )


def test_settings_of_the_nearest_body_count(grid, worker, morning):
    change_settings(body=grid.committee, terms=Terms(member_days=4), actor=grid.clerk, at=morning)
    assert raised(worker, morning).due_on == date(2026, 9, 18)
    change_settings(body=grid.branch, terms=Terms(member_days=1), actor=grid.secretary, at=morning)
    assert raised(worker, morning).due_on == date(2026, 9, 15)


def test_settings_without_sense_or_right_are_refused(grid, morning):
    with pytest.raises(SettingOutOfRange):
        change_settings(body=grid.branch, terms=Terms(branch_days=0), actor=grid.secretary, at=morning)
    with pytest.raises(NotAllowed):
        change_settings(body=grid.committee, terms=Terms(), actor=grid.secretary, at=morning)


def test_branch_that_nobody_answers_for_is_passed_by(grid, morning):
    empty = make_body("没有书记的支部", parent=grid.committee)
    worker = make_person("在那里的人", home=empty)

    request = raised(worker, morning)
    services.rise_overdue(at=day_at(date(2026, 9, 30)))

    assert GridRequest.objects.get(pk=request.pk).body == grid.committee


@pytest.mark.usefixtures("committing_db")
def test_of_two_threads_that_answer_one_wins():
    grid = make_grid()
    newcomer = make_person("刚来的", unit=grid.second, status=PoliticalStatus.MASSES)
    at = day_at(date(2026, 9, 14))
    request = raised(newcomer, at)
    gate, ends = threading.Barrier(2), []

    def answer(words: str) -> None:
        found, actor = GridRequest.objects.get(pk=request.pk), Person.objects.get(pk=grid.secretary.pk)
        gate.wait()
        try:
            services.answer_request(request=found, text=words, actor=actor, at=at)
            ends.append(words)
        except (Stale, StepNotAllowed) as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    both = [threading.Thread(target=answer, args=[words]) for words in ("甲", "乙")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    winner = GridRequest.objects.get().answer
    assert sorted(ends) == sorted([winner, "Stale"])
    assert Fact.objects.filter(kind="grid.request_answered").count() == 1
