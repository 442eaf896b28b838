from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from tests.factories.agreements import make_agreement_in_force
from tests.factories.agreements_story import Sides, make_sides
from tests.factories.projects import make_project
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(db, now) -> Sides:
    return make_sides(now)


@pytest.fixture
def secretary(sides, as_person):
    return as_person(sides.secretaries[0])


def page(name: str, project, *further) -> str:
    return reverse(f"web:{name}", args=[project.pk, *further])


def given(sides, **changes):
    return {
        "name": "水源地替代工程 G10 穿越", "kind": "livelihood", "difficulty": "hard", "body": sides.bodies[0].pk,
        "starts_on": "2026-10-01", "ends_on": "2027-03-31", "place": "G10", "investment": "1380.5", **changes,
    }  # fmt: skip


def test_a_project_is_registered_for_ones_own_body_and_unit(secretary, sides):
    answer = secretary.post(reverse("web:project_create"), given(sides))

    project = Project.objects.get(name="水源地替代工程 G10 穿越")
    assert answer.headers["Location"] == page("project_detail", project)
    assert (project.body, project.unit, project.investment_yuan) == (sides.bodies[0], sides.units[0], 13_805_000)


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"name": " "}, {"name": "x" * 121}, {"kind": "x"}, {"body": "x"},
    {"starts_on": "2027-04-01"}, {"investment": "-1"}, {"investment": "1e400"}, {"investment": "99999999999999"},
    {"name": "新型输气作业区数字化转型配套工程"},
])  # fmt: skip
def test_a_project_that_would_not_do_is_told(secretary, sides, wrong):
    answer = secretary.post(reverse("web:project_create"), given(sides, **wrong))

    assert answer.status_code == 422
    assert Project.objects.count() == 1


def test_who_answers_for_no_body_registers_nothing(sides, as_person):
    assert as_person(sides.members[0]).get(reverse("web:project_create")).status_code == 403
    assert as_person(sides.auditor).get(reverse("web:project_create")).status_code == 403
    assert as_person(sides.clerk).get(reverse("web:project_create")).status_code == 200


def test_a_project_is_changed(secretary, sides):
    project = sides.project

    assert secretary.get(page("project_edit", project)).status_code == 200
    answer = secretary.post(page("project_edit", project), given(sides, name="改名", investment=""))

    project.refresh_from_db()
    assert answer.status_code == 302
    assert (project.name, project.investment_yuan, project.body) == ("改名", None, sides.bodies[0])


def test_a_project_begins_and_ends_and_each_may_be_taken_back(secretary, sides, now):
    project = sides.project
    secretary.post(page("project_start", project), {"day": now.date() - timedelta(days=3)})
    secretary.post(page("project_complete", project), {"day": now.date()})
    project.refresh_from_db()
    assert (project.state, project.completed_on) == (ProjectState.COMPLETED, now.date())

    for state in (ProjectState.UNDER_WAY, ProjectState.PLANNED):
        secretary.post(page("project_take_back", project))
        project.refresh_from_db()
        assert project.state == state
    assert secretary.post(page("project_take_back", project)).status_code == 409
    secretary.post(page("project_call_off", project))
    secretary.post(page("project_take_back", project))
    project.refresh_from_db()
    assert project.state == ProjectState.PLANNED


@pytest.mark.parametrize("day", ["", "x", "2026-09-15", "9999-12-31"])
def test_a_begin_is_a_day_that_has_come(secretary, sides, day):
    assert secretary.post(page("project_start", sides.project), {"day": day}).status_code == 422


def test_an_end_comes_after_the_begin(secretary, sides, now):
    secretary.post(page("project_start", sides.project), {"day": now.date()})

    answer = secretary.post(page("project_complete", sides.project), {"day": now.date() - timedelta(days=1)})

    assert answer.status_code == 422


def test_sd_02_the_page_says_whether_an_agreement_is_in_force(secretary, sides, now):
    assert "还没有生效的意向书" in text_of(secretary.get(page("project_detail", sides.project)).content.decode())
    agreement = make_agreement_in_force(project=sides.project, branches=sides.bodies, at=now)

    shown = text_of(secretary.get(page("project_detail", sides.project)).content.decode())

    assert agreement.title in shown
    assert "还没有生效的意向书" not in shown


def test_who_sees_a_project(sides, as_person):
    project = sides.project
    for person, status in (
        (sides.secretaries[0], 200), (sides.members[0], 200), (sides.clerk, 200), (sides.auditor, 200),
        (sides.secretaries[1], 404), (sides.members[1], 404),
    ):  # fmt: skip
        assert as_person(person).get(page("project_detail", project)).status_code == status, person.name


@pytest.mark.parametrize("name", ["project_edit", "project_start", "project_complete", "project_call_off",
                                  "project_take_back"])  # fmt: skip
def test_members_change_nothing(sides, as_person, now, name):
    answer = as_person(sides.members[0]).post(page(name, sides.project), {"day": now.date()})

    assert answer.status_code == 403


def test_administrators_get_nothing(administrator, sides):
    assert administrator.get(reverse("web:projects")).status_code == 403
    assert administrator.get(page("project_detail", sides.project)).status_code == 403


def test_the_list_is_searched_filtered_sorted_and_taken_along(secretary, sides, now):
    make_project(
        body=sides.bodies[0], unit=sides.units[0], actor=sides.secretaries[0], at=now, name="喇十七注水污水变电站",
        starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 13),
    )  # fmt: skip
    address = reverse("web:projects")

    def names(**asked):
        return [project.name for project, _shape, _late in secretary.get(address, asked).context["rows"]]

    assert len(names()) == 2
    assert names(q="喇十七") == ["喇十七注水污水变电站"] == names(late="1")
    assert names(q="%_") == names(state="completed") == names(kind="digital") == []
    assert names(sort="ends") == ["喇十七注水污水变电站", "新型输气作业区数字化转型配套工程"]
    assert names(sort="-ends") == list(reversed(names(sort="ends")))
    assert secretary.fragment(address, {"q": "喇"}).status_code == 200

    book = openpyxl.load_workbook(BytesIO(b"".join(secretary.get(reverse("web:project_export")).streaming_content)))
    assert len(list(book.active.rows)) == 3


def test_the_list_costs_the_same_for_one_and_for_many(secretary, sides, now, statements):
    one = statements(secretary, reverse("web:projects"))
    for number in range(6):
        make_project(
            body=sides.bodies[0], unit=sides.units[0], actor=sides.secretaries[0], at=now, name=f"项目{number}"
        )

    assert statements(secretary, reverse("web:projects")) == one <= 8
