from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ronghe.cli.finding import NoSuchBody
from ronghe.cli.main import cli
from ronghe.domain.grid.models import GapDismissal, GridLiaison, GridRequest
from ronghe.domain.grid.services.requests import RequestTasked
from ronghe.domain.grid.services.settings import SettingOutOfRange
from ronghe.domain.work.models import Task
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from tests.domain.grid.story import make_grid
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid():
    grid = make_grid()
    make_account(grid.clerk, "clerk")
    make_account(grid.secretary, "secretary")
    make_account(grid.employees[0], "worker")
    return grid


def run(*arguments):
    """Run a command and return what it printed; a refusal comes back as the error that `main` turns into an exit."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_coverage_and_gaps_are_told(grid):
    assert told("--as", "clerk", "grid", "coverage")["employees"] == 11
    assert "班组 2 个" in run("--as", "clerk", "grid", "coverage", "--body", grid.branch.name, "--day", "2026-01-02")
    gaps = told("--as", "clerk", "grid", "gaps", "--kind", "team_without_member")
    assert [row["place"] for row in gaps] == ["二班"]
    assert "班组没有党员" in run("--as", "secretary", "grid", "gaps")
    for arguments in (("coverage",), ("gaps", "--body", grid.committee.pk)):
        with pytest.raises(NotFound):
            run("--as", "worker", "grid", *arguments)


def test_gap_is_let_stand_and_given(grid):
    team, vacant = f"team_without_member:unit:{grid.second.pk}", f"secretary_vacant:body:{grid.committee.pk}"
    from django.utils import timezone

    until = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1).isoformat()

    assert until in run("--as", "clerk", "grid", "dismiss", vacant, "--reason", "正在考察", "--until", until)
    given = told("--as", "clerk", "grid", "task", team, "--due", "2099-01-01 18:00")

    assert GapDismissal.objects.get().gap == vacant
    assert given == [{"gap": team, "task": Task.objects.get().pk, "assignee": "赵一鸣"}]
    with pytest.raises(DomainError):
        run("--as", "clerk", "grid", "task", team, "--due", "2099-01-01 18:00")


def test_members_are_named(grid):
    assert told("--as", "secretary", "grid", "naming", grid.branch.name)["new"] == 5
    assert "新定 5 人" in run("--as", "secretary", "grid", "naming", grid.branch.pk, "--accept")
    assert GridLiaison.objects.count() == 5
    with pytest.raises(NotAllowed):
        run("--as", "worker", "grid", "naming", grid.branch.name)
    with pytest.raises(NotFound):
        run("--as", "secretary", "grid", "naming", "没有这个支部")


def test_request_goes_its_way(grid):
    run("--as", "secretary", "grid", "naming", grid.branch.name, "--accept")
    member = GridLiaison.objects.get(employee=grid.employees[0]).member
    make_account(member, "member")
    number = told("--as", "worker", "grid", "raise", "--kind", "safety", "--text", "踏步松了")["id"]

    assert [row["id"] for row in told("--as", "member", "grid", "requests", "--to-answer")] == [number]
    assert "已转上一级" in run("--as", "member", "grid", "up", number, "--text", "要花钱")
    assert told("--as", "secretary", "grid", "answer", number, "--text", "已修")["state"] == "answered"
    assert "已交上一级" in run("--as", "worker", "grid", "reopen", number, "--text", "又松了")
    assert told("--as", "clerk", "grid", "answer", number, "--text", "换新")["level"] == "committee"
    assert told("--as", "worker", "grid", "solved", number)["state"] == "solved"
    assert "确认解决" in run("--as", "worker", "grid", "show", number)
    assert "踏步松了" in run("--as", "worker", "grid", "requests", "--mine")
    second = told("--as", "worker", "grid", "raise", "--kind", "advice", "--text", "表太多", "--anonymous")["id"]
    run("--as", "worker", "grid", "withdraw", second)

    assert set(GridRequest.objects.values_list("state", flat=True)) == {"solved", "withdrawn"}
    with pytest.raises(NotFound):
        run("--as", "clerk", "grid", "show", second)


def test_one_employee_gets_another_member(grid):
    run("--as", "secretary", "grid", "naming", grid.branch.name, "--accept")
    employee, member = grid.employees[0], grid.members[3]
    named = told("--as", "secretary", "grid", "name", grid.branch.name, employee.name, member.name)
    assert named == {"employee": employee.name, "member": member.name}
    assert GridLiaison.objects.get(employee=employee, valid_until=None).member == member
    with pytest.raises(NoSuchBody):
        run("--as", "worker", "grid", "name", grid.branch.name, employee.name, member.name)


def test_a_request_is_given_as_a_task(grid):
    run("--as", "secretary", "grid", "naming", grid.branch.name, "--accept")
    number = told("--as", "worker", "grid", "raise", "--kind", "safety", "--text", "踏步松了")["id"]
    make_account(GridLiaison.objects.get(employee=grid.employees[0]).member, "member")
    run("--as", "member", "grid", "up", number, "--text", "要花钱")
    given = ("grid", "request-task", number, grid.members[1].name, "--due", "2099-12-01 17:30")
    assert told("--as", "secretary", *given)["assignee"] == grid.members[1].name
    with pytest.raises(RequestTasked):
        run("--as", "secretary", *given)
    with pytest.raises(DomainError):
        run("--as", "worker", *given)


def test_a_body_sets_its_own_terms(grid):
    assert told("--as", "secretary", "grid", "settings", grid.branch.name)["member_days"] == 2
    changed = told("--as", "secretary", "grid", "settings", grid.branch.name, "--member", 3, "--people", 8)
    assert (changed["member_days"], changed["employees_per_member"], changed["branch_days"]) == (3, 8, 3)
    assert told("--as", "secretary", "grid", "settings", grid.branch.name) == changed
    with pytest.raises(SettingOutOfRange):
        run("--as", "secretary", "grid", "settings", grid.branch.name, "--member", 0)
    with pytest.raises(NoSuchBody):
        run("--as", "worker", "grid", "settings", grid.branch.name)
