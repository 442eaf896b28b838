from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.services.projects import (
    CompletedBeforeStart,
    NothingToTakeBack,
    ProjectDaysReversed,
    ProjectDayToCome,
    ProjectFieldUnknown,
    ProjectMoneyNegative,
    ProjectNameTaken,
    ProjectUnnamed,
    call_off_project,
    change_project,
    complete_project,
    start_project,
    take_back,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    unit = make_unit("第三油矿")
    body = make_body("第三油矿党支部", unit=unit)
    secretary = make_person("书记", home=body)
    make_post(secretary, PostRole.SECRETARY, body=body)
    return {"body": body, "unit": unit, "actor": secretary}


@pytest.fixture
def project(field, morning):
    return make_project(at=morning, **field)


def kinds():
    return list(Fact.objects.filter(kind__startswith="projects.").order_by("pk").values_list("kind", flat=True))


def test_a_project_is_registered_once_in_a_unit(field, project, morning):
    with pytest.raises(ProjectNameTaken):
        make_project(at=morning, **field)
    other = make_unit("第四油矿")
    assert make_project(at=morning, **{**field, "unit": other}).name == project.name
    assert kinds() == ["projects.registered", "projects.registered"]


def test_it_ends_on_the_day_it_begins_at_the_earliest(field, morning):
    day = date(2026, 9, 1)
    assert make_project(at=morning, starts_on=day, ends_on=day, **field).pk
    with pytest.raises(ProjectDaysReversed):
        make_project(at=morning, name="另一个", starts_on=day, ends_on=day - timedelta(days=1), **field)


def test_members_register_and_change_nothing(field, project, morning):
    member = make_person("党员", home=field["body"])

    with pytest.raises(NotAllowed):
        make_project(at=morning, name="另一个", **{**field, "actor": member})
    with pytest.raises(NotAllowed):
        change_project(project=project, actor=member, at=morning, place="南I-1")


def test_a_change_is_one_fact_a_field(field, project, morning):
    change_project(project=project, actor=field["actor"], at=morning, place=" 南I-1 ", is_epc=True, name=project.name)

    project.refresh_from_db()
    assert (project.place, project.is_epc) == ("南I-1", True)
    assert kinds() == ["projects.registered", "projects.changed", "projects.changed"]


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"name": " "}, ProjectUnnamed),
    ({"investment_yuan": -1}, ProjectMoneyNegative),
    ({"ends_on": date(2026, 2, 28)}, ProjectDaysReversed),
    ({"state": "completed"}, ProjectFieldUnknown),
])  # fmt: skip
def test_a_change_that_would_not_do_is_refused(field, project, morning, changes, refusal):
    with pytest.raises(refusal):
        change_project(project=project, actor=field["actor"], at=morning, **changes)


def test_work_begins_and_ends_on_days_that_have_come(field, project, morning):
    act = {"project": project, "actor": field["actor"], "at": morning}
    tomorrow = morning.date() + timedelta(days=1)
    with pytest.raises(ProjectDayToCome):
        start_project(day=tomorrow, **act)
    start_project(day=morning.date(), **act)
    with pytest.raises(ProjectDayToCome):
        complete_project(day=tomorrow, **act)
    with pytest.raises(CompletedBeforeStart):
        complete_project(day=morning.date() - timedelta(days=1), **act)

    complete_project(day=morning.date(), **act)

    assert project.state == ProjectState.COMPLETED
    assert '"on_time":true' in Fact.objects.get(kind="projects.completed").attributes


def test_what_is_over_neither_begins_nor_is_called_off(field, project, morning):
    act = {"project": project, "day": morning.date(), "actor": field["actor"], "at": morning}
    call_off_project(**act)

    for step in (start_project, complete_project, call_off_project):
        with pytest.raises(StepNotAllowed):
            step(**act)


def test_each_step_may_be_taken_back(field, project, morning):
    act = {"project": project, "actor": field["actor"], "at": morning}
    day = morning.date()
    with pytest.raises(NothingToTakeBack):
        take_back(**act)
    call_off_project(day=day, **act)
    assert take_back(**act).state == ProjectState.PLANNED
    start_project(day=day, **act)
    call_off_project(day=day, **act)
    assert take_back(**act).state == ProjectState.UNDER_WAY
    complete_project(day=day, **act)
    assert (take_back(**act).state, project.completed_on) == (ProjectState.UNDER_WAY, None)
    assert (take_back(**act).state, project.started_on) == (ProjectState.PLANNED, None)


def test_pj_02_a_project_under_one_contract_says_so_and_is_found_again(field, project, morning):
    assert not project.is_epc

    change_project(project=project, actor=field["actor"], at=morning, is_epc=True)

    project.refresh_from_db()
    assert project.is_epc
