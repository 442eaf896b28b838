"""共建 on the page: the list, the board and the shut-downs of a zone."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.zones.models import ShutDown
from tests.factories.rhythm import make_meeting, make_zone
from tests.web.conftest import text_of
from tests.web.making import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(story):
    return f"/zones/{story.zone.pk}/"


def test_pages_want_a_log_in(client, path):
    for asked in ("/zones/", path, f"{path}sheet/", f"{path}dissolve/"):
        assert client.get(asked)["Location"] == f"/login/?next={asked}"


def test_list_holds_what_the_reader_may_see(story, lead, stranger):
    make_zone(name="北二协作区", plant_name="采油二厂")

    assert [zone for zone, _shape in lead.get("/zones/").context["rows"]] == [story.zone]
    assert stranger.get("/zones/").context["rows"] == []


def test_list_costs_the_same_for_one_and_for_three(story, as_person, statements):
    clerk = as_person(story.clerk)
    one = statements(clerk, "/zones/")
    for name in ("北二协作区", "喇十七协作区"):
        other = make_zone(name=name, plant_name=name)
        other.zone.sponsor = story.committee
        other.zone.save()

    assert len(clerk.get("/zones/").context["rows"]) == 3
    assert statements(clerk, "/zones/") == one <= 8 + 7


def test_zone_shows_its_sides_and_what_was_held(story, lead, path, now):
    hold(story, make_meeting(story, now), now)

    answer = lead.get(path)

    assert sorted(party.role for side in answer.context["sides"] for party in side.parties) == [
        "constructor", "host_site",
    ]  # fmt: skip
    assert sum(len(side.people) for side in answer.context["sides"]) == 3
    assert "到场 1 / 4 人" in text_of(answer.content.decode())


def test_zone_of_others_is_not_there(path, stranger):
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}shut-downs/plan/", {}).status_code == 404


def test_zone_costs_the_same_for_one_and_for_three(story, lead, path, now, statements):
    hold(story, make_meeting(story, now), now)
    one = statements(lead, path)
    hold(story, make_meeting(story, now), now)
    hold(story, make_meeting(story, now), now)

    assert statements(lead, path) == one


def test_shut_down_is_planned_by_those_who_run_the_zone(lead, member, path):
    data = {"from_on": "2026-09-20", "until_on": "2026-09-23", "reason": "连续暴雨停工"}

    member.post(f"{path}shut-downs/plan/", data)
    assert ShutDown.objects.count() == 0
    lead.post(f"{path}shut-downs/plan/", data)

    row = ShutDown.objects.get()
    assert (row.from_on, row.until_on, row.reason) == (date(2026, 9, 20), date(2026, 9, 23), "连续暴雨停工")
    assert "9月20日 周日起，9月23日 周三复工" in text_of(lead.get(path).content.decode())


def test_wrong_shut_down_comes_back_with_what_was_typed(lead, path):
    answer = lead.post(f"{path}shut-downs/plan/", {"from_on": "2026-09-20", "until_on": "", "reason": "暴雨"})

    assert (answer.status_code, list(answer.context["shut_down_form"].errors)) == (422, ["until_on"])
    assert 'value="暴雨"' in answer.content.decode()
    assert lead.get(f"{path}shut-downs/plan/").status_code == 405


def test_playbooks_show_who_works_by_them(story, duty, lead, stranger):
    lines = {book.id: adopted for book, adopted in lead.get("/playbooks/").context["lines"]}

    assert "daqing_zone" in lines
    assert stranger.get("/playbooks/").status_code == 200
    assert lead.get("/playbooks/nothing/").status_code == 404


def test_playbook_says_what_it_stands_on_by_name(lead):
    assert lead.get("/playbooks/daqing_zone/").context["bases"] == ["党支部基础制度"]


def test_adopting_is_the_committees(story, as_person, member):
    data = {"body": story.branch.pk, "since": "2026-09-01"}

    member.post("/playbooks/branch_base/", data)
    assert Adoption.objects.count() == 0
    assert member.get("/playbooks/branch_base/").context["form"] is None

    answer = as_person(story.clerk).post("/playbooks/branch_base/", data)
    assert answer["Location"] == f"/obligations/bodies/{story.branch.pk}/"
    assert Adoption.objects.get().body == story.branch


def test_wrong_adoption_comes_back(story, as_person):
    answer = as_person(story.clerk).post("/playbooks/branch_base/", {"body": story.branch.pk, "since": "soon"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["since"])
