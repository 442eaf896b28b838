"""Pairs of group and team on the page: what is shown to whom, each act, and what bad input meets."""

from __future__ import annotations

import pytest

from ronghe.domain.org.enums import PartyOrgKind, UnitKind
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, OwnPower, PowerUse
from ronghe.domain.pairing.services.pairs import link_pair
from ronghe.domain.pairing.services.powers import use_power
from tests.domain.pairing.making import NOW, TODAY, granted, make_story, paired
from tests.factories.org import make_body, make_unit

pytestmark = pytest.mark.django_db
LIST = "/org/pairing/"


@pytest.fixture
def field(now):
    return paired()


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def clerk(field, as_person):
    return as_person(field.clerk)


@pytest.fixture
def leader(field, as_person):
    return as_person(field.leader)


@pytest.fixture
def outsider(field, as_person):
    return as_person(field.outsider)


def page(field, act=""):
    return f"{LIST}{field.link.pk}/{act}"


def proposed(field):
    return use_power(
        power=granted(field, "honour_proposal"), day=TODAY, actor=field.leader, at=NOW, text="荐为先进",
        people=[field.welder],
    )  # fmt: skip


def test_pages_want_a_log_in(client, field):
    for path in (LIST, f"{LIST}new/", page(field), f"{LIST}mine/", f"{LIST}uses/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_the_pairs_that_the_reader_may_see(field, secretary, leader, outsider):
    for reader in (secretary, leader):
        assert [state.link for state in reader.get(LIST).context["states"]] == [field.link]
    assert outsider.get(LIST).context["states"] == []
    assert secretary.get(LIST, {"q": "没有的"}).context["states"] == []


def test_list_costs_the_same_for_one_pair_and_for_two(field, secretary, statements):
    one = statements(secretary, LIST)
    other = make_story_beside(field)
    assert GroupTeamLink.objects.count() == 2
    assert statements(secretary, LIST) == one
    assert other


def make_story_beside(field):

    group = make_body("第二党小组", parent=field.branch, kind=PartyOrgKind.PARTY_GROUP)
    team = make_unit("采油班", parent=field.team.parent, kind=UnitKind.TEAM)
    return link_pair(group=group, team=team, since=TODAY, actor=field.secretary, at=NOW)


def test_pair_of_others_is_not_found(field, outsider):
    for act in ("", "grant/", "end/", "appoint/", "propose/", "list-power/"):
        answer = outsider.get(page(field)) if not act else outsider.post(page(field, act))
        assert answer.status_code == 404
    assert outsider.get(f"{LIST}new/").status_code == 404


def test_create_links_what_was_chosen_and_keeps_what_was_typed(now, as_person):
    field = make_story()
    browser = as_person(field.secretary)
    shown = browser.get(f"{LIST}new/?group={field.group.pk}&team=abc")
    assert shown.context["form"].initial["group"] == field.group.pk

    failed = browser.post(f"{LIST}new/", {"group": field.group.pk, "team": "", "since": "x"})
    assert (failed.status_code, sorted(failed.context["form"].errors)) == (422, ["since", "team"])

    done = browser.post(f"{LIST}new/", {"group": field.group.pk, "team": field.team.pk, "since": "2026-09-01"})
    assert done["Location"] == f"{LIST}{GroupTeamLink.objects.get().pk}/"


def test_refusal_stands_beside_the_form(now, as_person):
    field = make_story()
    browser = as_person(field.secretary)

    answer = browser.post(f"{LIST}new/", {"group": field.group.pk, "team": field.team.pk, "since": "2001-01-01"})

    assert answer.status_code == 422
    assert "请改日期" in answer.context["form"].non_field_errors()[0]


def test_difference_of_leaders_offers_the_act_that_closes_it(now, as_person):
    field = make_story()
    as_person(field.secretary).post(
        f"{LIST}new/", {"group": field.group.pk, "team": field.team.pk, "since": "2026-09-01"}
    )
    path = f"{LIST}{GroupTeamLink.objects.get().pk}/"
    assert "向党群部门提出人选" in as_person(field.secretary).get(path).content.decode()
    as_person(field.secretary).post(f"{path}propose/", {"person": field.leader.pk})

    clerk = as_person(field.clerk)
    assert f"任命{field.leader.name}" in clerk.get(path).content.decode()
    failed = clerk.post(f"{path}appoint/", {"person": field.welder.pk, "since": "2026-09-14"})
    assert (failed.status_code, "PO-09" in failed.content.decode()) == (422, True)
    clerk.post(f"{path}appoint/", {"person": field.leader.pk, "since": "2026-09-14"})

    assert clerk.get(path).context["state"].leader == field.leader


def test_grants_several_powers_at_once_and_withdraws_one(field, secretary):
    said = {"powers": ["attendance", "bonus_proposal"], "since": "2026-09-14", "until": "", "document": "九号"}
    failed = secretary.post(page(field, "grant/"), said | {"document": ""})
    assert (failed.status_code, list(failed.context["grant_form"].errors)) == (422, ["document"])

    secretary.post(page(field, "grant/"), said)
    power = LeaderPower.objects.get(power="attendance")
    secretary.post(page(field, f"powers/{power.pk}/withdraw/"))

    power.refresh_from_db()
    assert (LeaderPower.objects.count(), power.valid_until) == (2, TODAY)


def test_leader_does_not_grant(field, leader):
    assert leader.post(page(field, "grant/"), {
        "powers": ["attendance"], "since": "2026-09-14", "document": "九号",
    }).status_code == 403  # fmt: skip
    assert not leader.get(page(field)).context["may_grant"]


def test_office_adds_to_the_list(field, clerk):
    clerk.post(page(field, "list-power/"), {"name": "轮休安排", "way": "order"})

    assert OwnPower.objects.get().code == "own_lun_xiu_an_pai"
    assert "轮休安排" in clerk.get(page(field)).content.decode()


def test_leader_notes_attendance_in_one_tap_and_once_a_day(field, leader):
    power = granted(field)
    assert "今天全员到岗" in leader.get(f"{LIST}mine/").content.decode()

    leader.post(f"{LIST}powers/{power.pk}/all-here/")
    leader.post(f"{LIST}powers/{power.pk}/all-here/")

    assert PowerUse.objects.get().people.count() == 0
    assert "今天已登记" in leader.get(f"{LIST}mine/").content.decode()


def test_leader_uses_a_power_with_people_and_text(field, leader):
    power = granted(field, "daily_assignment")
    path = f"{LIST}powers/{power.pk}/use/"
    failed = leader.post(path, {"day": "2026-09-14", "text": "", "people": [field.welder.pk]})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["text"])
    assert leader.post(path, {"day": "x", "people": ["abc"]}).status_code == 422

    assert (
        leader.post(path, {"day": "2026-09-14", "text": "清泵", "people": [field.welder.pk]})["Location"]
        == f"{LIST}mine/"
    )
    assert PowerUse.objects.get().text == "清泵"


def test_powers_of_others_are_not_found(field, secretary):
    power = granted(field)
    assert secretary.get(f"{LIST}powers/{power.pk}/use/").status_code == 404
    assert secretary.post(f"{LIST}powers/{power.pk}/all-here/").status_code == 404


def test_proposal_is_settled_by_the_branch_and_seen_by_whom_it_is_about(field, secretary, leader, outsider, as_person):
    use = proposed(field)
    path = f"{LIST}uses/{use.pk}/"
    assert as_person(field.welder).get(path).status_code == 200
    assert outsider.get(path).status_code == 404
    assert leader.post(f"{path}adopt/").status_code == 403
    assert secretary.post(f"{path}return/", {"reason": ""}).status_code == 422

    secretary.post(f"{path}return/", {"reason": "先公示"})

    assert "先公示" in leader.get(path).content.decode()


def test_uses_are_filtered_and_bad_queries_change_nothing(field, secretary):
    use = proposed(field)

    assert [line[0] for line in secretary.get(f"{LIST}uses/", {"state": "proposed"}).context["lines"]] == [use]
    assert secretary.get(f"{LIST}uses/", {"state": "adopted"}).context["lines"] == []
    assert secretary.get(f"{LIST}uses/", {"state": "zzz", "page": "-9"}).status_code == 200
    assert secretary.fragment(f"{LIST}uses/").status_code == 200


def test_pair_is_ended_from_its_page(field, secretary):
    failed = secretary.post(page(field, "end/"), {"until": "2020-01-01"})
    assert failed.status_code == 422

    secretary.post(page(field, "end/"), {"until": "2026-09-14"})

    field.link.refresh_from_db()
    assert field.link.valid_until == TODAY
    assert "已结束" in secretary.get(page(field)).content.decode()
