"""The sides of an agreement in force read the project that it names, and change nothing there."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import CHANGE_PROJECT, SEE_PROJECT
from ronghe.domain.projects.selectors import list_projects
from ronghe.kernel.access.permissions import Grant
from tests.conftest import SHANGHAI
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import SET_UP_AT, make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


@pytest.fixture
def sides():
    """The owner's branch, which the project hangs on, and a partner's branch in another tree."""
    plant = make_unit("采油一厂")
    owner = make_body("南I-1联合站党支部", unit=plant)
    partner = make_body("建设公司二队党支部", parent=make_body("建设公司党委"), unit=make_unit("建设公司"))
    keeper = make_person("陈建国", home=owner)
    make_post(keeper, PostRole.SECRETARY, body=owner)
    project = make_project(body=owner, unit=plant, actor=keeper, at=SET_UP_AT)
    return owner, partner, project


@pytest.mark.parametrize(
    ("day", "seen"),
    [(date(2026, 8, 31), False), (FIRST, True), (LAST, True), (date(2026, 10, 1), False)],
)
def test_the_partners_branch_sees_the_project_while_the_agreement_is_in_force(sides, day, seen):
    owner, partner, project = sides
    make_agreement_in_force(project=project, branches=[owner, partner], at=SET_UP_AT, since=FIRST, until=LAST)
    secretary, member = make_person("闫国庆"), make_person("于德江", home=partner)
    make_post(secretary, PostRole.SECRETARY, body=partner)

    for person in (secretary, member):
        assert SEE_PROJECT.allows(person, project, at=noon(day)) is seen
        assert list(SEE_PROJECT.narrow(person, Project.objects.all(), at=noon(day))) == ([project] if seen else [])
        assert [row.pk for row in list_projects(person, noon(day))] == ([project.pk] if seen else [])
        assert not CHANGE_PROJECT.allows(person, project, at=noon(day))


def test_somebody_of_no_side_and_other_projects_stay_apart(sides):
    owner, partner, project = sides
    keeper = Person.objects.get(name="陈建国")
    other = make_project(body=owner, unit=owner.unit, actor=keeper, at=SET_UP_AT, name="别的项目")
    make_agreement_in_force(project=project, branches=[owner, partner], at=SET_UP_AT, since=FIRST, until=LAST)
    member, stranger = make_person("于德江", home=partner), make_person("外人", home=make_body("别的支部"))

    assert not SEE_PROJECT.allows(stranger, project, at=noon(FIRST))
    assert not SEE_PROJECT.allows(member, other, at=noon(FIRST))


def test_extending_a_right_twice_adds_nothing():
    before = SEE_PROJECT.grants
    SEE_PROJECT.extend(*before[-2:])

    assert SEE_PROJECT.grants == before
    assert all(isinstance(grant, Grant) for grant in before)
