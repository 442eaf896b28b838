"""Floating members on the page: found, registered, attached, told of at home, ended; what bad input meets."""

from __future__ import annotations

import pytest

from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.services.stays import Home, end_stay
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import Person
from tests.domain.floating.making import FAR_HOME, NOW, TODAY, attached, found, make_story
from tests.factories.org import make_body

pytestmark = pytest.mark.django_db
LIST = "/org/floating/"


@pytest.fixture
def field(now):
    return make_story()


@pytest.fixture
def lead(field, as_person):
    return as_person(field.lead)


@pytest.fixture
def secretary(field, as_person):
    return as_person(field.secretary)


@pytest.fixture
def outsider(field, as_person):
    return as_person(field.outsider)


def page(stay, act=""):
    return f"{LIST}{stay.pk}/{act}"


def test_pages_want_a_log_in(client, field):
    for path in (LIST, f"{LIST}new/", f"{LIST}away/", f"{LIST}away/new/", page(found(field))):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_shows_what_the_platform_found_and_what_is_in_hand(field, lead, outsider):
    assert lead.get(LIST).context["found"] == [field.worker]
    stay = found(field)

    shown = lead.get(LIST).context
    assert (shown["found"], [line[0] for line in shown["lines"]]) == ([], [stay])
    nobody = outsider.get(LIST).context
    assert (nobody["found"], nobody["lines"], nobody["may_register"]) == ([], [], False)


def test_list_takes_any_query(field, lead):
    found(field)
    counts = [
        len(lead.get(LIST, query).context["lines"])
        for query in ({"state": "left"}, {"q": "%"}, {"state": "zzz"}, {"page": "9" * 20})
    ]

    assert counts == [0, 0, 1, 1]
    assert "苟长青" in lead.fragment(LIST, {"state": "all"}).content.decode()


def test_chosen_people_are_registered_and_attached_in_one_act_pf_03(field, lead):
    data = {"chosen": [field.worker.pk], "body": field.zone.pk, "contact": "冉书记", "phone": "139"}

    lead.post(f"{LIST}found/", data)

    stay = FloatingStay.objects.get()
    assert (stay.state, stay.body, stay.home_contact) == ("attached", field.zone, "冉书记")


@pytest.mark.parametrize("data", [{}, {"chosen": ["abc", "9" * 30]}, {"chosen": ["1"], "body": "x"}])
def test_choosing_badly_registers_nobody(field, lead, data):
    assert lead.post(f"{LIST}found/", data)["Location"] == LIST
    assert not FloatingStay.objects.exists()


def test_people_out_of_sight_are_not_registered(field, outsider):
    outsider.post(f"{LIST}found/", {"chosen": [field.worker.pk], "body": field.zone.pk})

    assert not FloatingStay.objects.exists()


def test_one_line_registers_somebody_pf_03(field, as_person):
    clerk = as_person(field.clerk)
    said = {
        "person_name": "向前进", "status": "01", "unit": field.crew.pk, "body": field.zone.pk, "name": FAR_HOME.name,
        "contact": "冉书记", "phone": "0827-5550131", "branch": "",
    }  # fmt: skip
    failed = clerk.post(f"{LIST}new/", said | {"unit": ""})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["unit"])
    assert 'value="向前进"' in failed.content.decode()

    assert clerk.post(f"{LIST}new/", said)["Location"] == page(FloatingStay.objects.get())
    assert Person.objects.filter(name="向前进").count() == 1


def test_registering_is_not_found_for_who_may_not(field, outsider, secretary):
    for browser in (outsider, secretary):
        assert browser.get(f"{LIST}new/").status_code == 404


def test_stay_goes_through_its_steps_on_its_page(field, lead):
    stay = found(field)
    failed = lead.post(page(stay, "verify/"), {"name": "某支部", "contact": "", "phone": "", "branch": ""})
    assert (failed.status_code, "PF-03" in failed.content.decode()) == (422, True)

    lead.post(page(stay, "verify/"), {"name": FAR_HOME.name, "contact": "冉", "phone": "139", "branch": ""})
    assert lead.post(page(stay, "attach/"), {"body": field.branch.pk, "since": "2026-09-14"}).status_code == 422
    lead.post(page(stay, "attach/"), {"body": field.zone.pk, "since": "2026-09-14"})
    assert "没有表决权" in lead.get(page(stay)).content.decode()
    lead.post(page(stay, "inform/"))
    lead.post(page(stay, "acknowledge/"))
    assert lead.post(page(stay, "end/"), {"on": "2026-09-01"}).status_code == 422
    lead.post(page(stay, "end/"), {"on": "2026-09-14"})
    lead.post(page(stay, "take-slip/"))

    stay.refresh_from_db()
    assert (stay.state, stay.left_on, stay.slip_acknowledged_by) == ("left", TODAY, field.lead)


def test_step_out_of_order_is_refused_calmly(field, lead):
    stay = found(field)

    assert lead.post(page(stay, "inform/")).status_code == 409
    assert lead.post(page(stay, "attach/"), {"body": field.zone.pk, "since": "2026-09-14"}).status_code == 422
    assert lead.post(page(stay, "attach/"), {"body": "x", "since": ""}).status_code == 422


def test_home_branch_sees_the_stay_and_takes_note(field, lead, secretary, outsider):
    stay = attached(field, Home(branch=field.branch))
    assert secretary.get(LIST).context["to_answer"] == [stay]
    assert outsider.get(page(stay)).status_code == 404
    assert lead.post(page(stay, "acknowledge/")).status_code == 403

    secretary.post(page(stay, "acknowledge/"))

    assert secretary.get(LIST).context["to_answer"] == []
    assert secretary.post(page(stay, "end/"), {"on": "2026-09-14"}).status_code == 403


def test_number_of_the_contact_is_shown_to_who_looks_after_the_stay_only(field, lead, as_person):
    stay = attached(field)

    assert FAR_HOME.phone in lead.get(page(stay)).content.decode()
    assert FAR_HOME.phone not in as_person(field.worker).get(page(stay)).content.decode()


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_letter_and_slip_are_printed(field, lead, outsider, form):
    stay = attached(field)
    assert lead.get(f"{LIST}{stay.pk}/letter.{form}").status_code == 200
    assert lead.get(f"{LIST}{stay.pk}/slip.{form}").status_code == 409
    end_stay(stay=stay, on=TODAY, actor=field.lead, at=NOW)

    assert len(lead.get(f"{LIST}{stay.pk}/slip.{form}").content) > 1000
    assert outsider.get(f"{LIST}{stay.pk}/slip.{form}").status_code == 404


def test_dismissing_wants_a_reason(field, lead):
    stay = found(field)
    assert lead.post(page(stay, "dismiss/"), {"reason": ""}).status_code == 422

    lead.post(page(stay, "dismiss/"), {"reason": "已转来组织关系"})

    stay.refresh_from_db()
    assert stay.state == "dismissed"


def test_own_member_away_is_registered_and_contacted_pf_04(field, secretary, outsider):
    said = {
        "person": field.member.pk,
        "since": "2026-03-14",
        "destination": "哈萨克斯坦",
        "is_abroad": "on",
        "back_by": "",
    }
    assert "PF-01" in secretary.post(f"{LIST}away/new/", said | {"since": "2026-09-01"}).content.decode()
    assert secretary.post(f"{LIST}away/new/", said | {"person": field.worker.pk}).status_code == 422

    secretary.post(f"{LIST}away/new/", said)

    stay = FloatingStay.objects.get()
    assert "该联系了" in secretary.get(f"{LIST}away/", {"due": "1"}).content.decode()
    assert secretary.post(page(stay, "contact/"), {"on": "2027-01-01"}).status_code == 422
    secretary.post(page(stay, "contact/"), {"on": "2026-09-14", "note": "视频"})
    assert secretary.get(f"{LIST}away/", {"due": "1"}).context["lines"] == []
    assert outsider.get(f"{LIST}away/").context["lines"] == []
    assert outsider.get(f"{LIST}away/new/").status_code == 404


def test_sides_of_a_branch_of_floating_members_are_put_down_po_07(field, as_person, lead):
    branch = make_body("流动党员党支部", parent=field.committee, kind=PartyOrgKind.FLOATING_BRANCH)
    path = f"{LIST}branches/{branch.pk}/sides/"
    clerk = as_person(field.clerk)
    assert lead.get(path).status_code == 404
    assert "商定文件" in clerk.get(LIST).content.decode()
    said = {"host": field.committee.pk, "home": "恩阳区委", "document": "纪要3号", "on": "2026-09-14"}
    assert clerk.post(path, said | {"document": ""}).status_code == 422

    assert clerk.post(path, said)["Location"] == LIST
    assert branch.floating_sides.document == "纪要3号"


def test_list_costs_the_same_for_one_stay_and_for_two(field, lead, statements):
    found(field)
    one = statements(lead, LIST)
    from_elsewhere = Person.objects.create(
        name="向前进", initials="xqj", political_status="01", unit=field.crew, valid_from=TODAY
    )
    FloatingStay.objects.create(
        person=from_elsewhere, direction="incoming", source="by_hand", body=field.zone, unit=field.crew, found_on=TODAY,
        found_by=field.lead,
    )  # fmt: skip
    assert statements(lead, LIST) == one
