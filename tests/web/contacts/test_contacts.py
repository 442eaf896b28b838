"""Contact points on the page: list, set up, hand over, end, gaps; both rights, bad input."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from ronghe.domain.contacts.enums import ContactKind
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.services.points import end_contact
from tests.factories.contacts import make_care
from tests.factories.org import make_person
from tests.web.conftest import squeezed, text_of

pytestmark = pytest.mark.django_db

LIST = "/org/contacts/"


def given(field, **changed):
    asked = {
        "kind": "safety", "to_unit": field.station.pk, "holder": field.visitor.pk, "body": field.committee.pk,
        "since": "2026-09-01", "approval_ref": "党委会〔2026〕9号",
    }  # fmt: skip
    return asked | changed


def test_pages_want_a_log_in(client, contact):
    for path in (LIST, f"{LIST}new/", f"{LIST}gaps/", f"{LIST}{contact.pk}/", f"{LIST}export/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_list_holds_what_the_reader_may_see_with_its_state(field, contact, as_person):
    seen = text_of(as_person(field.visitor).get(LIST).content.decode())
    assert "义隆首站" in seen
    assert "已超期" in seen
    assert as_person(make_person("倪春梅")).get(LIST).context["lines"] == []


def test_list_filters_and_sorts_and_takes_garbage(field, contact, as_person):
    care = make_care(field)
    clerk = as_person(field.clerk)

    def listed(**query):
        return [line["point"] for line in clerk.get(LIST, query).context["lines"]]

    assert listed() == [contact, care]
    assert listed(kind="care") == [care]
    assert listed(state="overdue") == [contact]
    assert listed(state="ended") == []
    assert listed(q="田小雨") == [care]
    assert listed(q="首站", sort="-holder") == [contact]
    assert listed(state="x", kind="y", sort="z", page="９") == [contact, care]
    assert [line["point"] for line in as_person(field.visitor).get(LIST, {"mine": "1"}).context["lines"]] == [contact]


def test_list_costs_the_same_for_one_and_for_two(field, contact, as_person, statements):
    clerk = as_person(field.clerk)
    one = statements(clerk, LIST)
    make_care(field)
    assert statements(clerk, LIST) == one


def test_list_fragment_is_found_in_the_whole_page(field, contact, as_person):
    clerk = as_person(field.clerk)
    whole, part = clerk.get(LIST), clerk.fragment(LIST)
    assert squeezed(part.content.decode()) in squeezed(whole.content.decode())


def test_export_holds_what_the_list_shows(field, contact, as_person):
    make_care(field)
    answer = as_person(field.clerk).get(f"{LIST}export/", {"kind": "safety"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows] == ["联系对象", "义隆首站"]


def test_setting_up_is_offered_to_those_who_may(field, as_person):
    assert as_person(field.clerk).get(LIST).context["can_set"]
    assert not as_person(field.visitor).get(LIST).context["can_set"]
    for path in (f"{LIST}new/", f"{LIST}gaps/"):
        assert as_person(field.visitor).get(path).status_code == 403


@pytest.mark.parametrize(
    ("query", "field_name", "kind"),
    [("unit", "to_unit", "safety"), ("body", "to_body", "fixed_point"), ("person", "to_person", "care")],
)
def test_the_form_comes_with_the_target_of_the_address(field, as_person, query, field_name, kind):
    target = {"unit": field.station, "body": field.branch, "person": field.worker}[query]
    form = as_person(field.clerk).get(f"{LIST}new/", {query: target.pk}).context["form"]
    assert (form.initial[field_name], form.initial["kind"]) == (target.pk, kind)
    assert form.initial["body"] == (field.union if query == "person" else
                                    field.branch if query == "unit" else field.committee).pk  # fmt: skip
    assert as_person(field.clerk).get(f"{LIST}new/", {query: "999999999999999999999"}).status_code == 200


def test_a_contact_is_set_up_and_its_page_opens(field, as_person):
    answer = as_person(field.clerk).post(f"{LIST}new/", given(field), follow=True)
    point = ContactPoint.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{point.pk}/", 302)]
    assert "沈国庆" in text_of(answer.content.decode())
    assert point.due_on == date(2026, 9, 30)


def test_a_refused_contact_comes_back_with_what_was_typed(field, as_person):
    clerk = as_person(field.clerk)
    for changed in ({"to_body": field.branch.pk}, {"kind": "care"}, {"holder": ""}, {"since": "昨天"}, {"body": "9x"}):
        answer = clerk.post(f"{LIST}new/", given(field, **changed))
        assert answer.status_code == 422, changed
        assert "党委会〔2026〕9号" in answer.content.decode()
    assert clerk.post(f"{LIST}new/", {}).status_code == 422
    assert ContactPoint.objects.count() == 0


def test_detail_is_there_for_those_who_see_it(field, contact, as_person):
    assert as_person(field.foreman).get(f"{LIST}{contact.pk}/").status_code == 200
    assert as_person(field.chair).get(f"{LIST}{contact.pk}/").status_code == 404
    assert as_person(field.clerk).get(f"{LIST}999999/").status_code == 404


def test_acts_are_offered_to_those_who_may(field, contact, as_person):
    def offered(person):
        context = as_person(person).get(f"{LIST}{contact.pk}/").context
        return context["can_visit"], context["can_keep"]

    assert [offered(p) for p in (field.clerk, field.visitor, field.foreman)] == [
        (False, True), (True, False), (False, False),
    ]  # fmt: skip


def test_a_contact_is_handed_over_and_a_wrong_handover_comes_back(field, contact, as_person):
    clerk, path = as_person(field.clerk), f"{LIST}{contact.pk}/handover/"
    wrong = clerk.post(path, {"to": field.successor.pk, "on": "2026-06-01", "approval_ref": "党委会〔2026〕12号"})
    assert wrong.status_code == 422
    assert "党委会〔2026〕12号" in wrong.content.decode()
    assert clerk.post(path, {"to": field.foreman.pk, "on": "2026-09-14", "approval_ref": "x"}).status_code == 422

    done = clerk.post(path, {"to": field.successor.pk, "on": "2026-09-14", "approval_ref": "党委会〔2026〕12号"})

    new = ContactPoint.objects.get(follows=contact)
    assert done["Location"] == f"{LIST}{new.pk}/"
    assert "沈国庆" in text_of(clerk.get(done["Location"]).content.decode())


def test_a_contact_is_ended_and_its_visits_stay(field, contact, as_person):
    clerk, path = as_person(field.clerk), f"{LIST}{contact.pk}/end/"
    assert clerk.post(path, {"on": "2026-09-14", "reason": ""}).status_code == 422
    clerk.post(path, {"on": "2026-09-14", "reason": "站场停运"})
    contact.refresh_from_db()
    assert contact.end_reason == "站场停运"
    assert "已结束" in text_of(clerk.get(f"{LIST}{contact.pk}/").content.decode())


def test_those_who_may_not_keep_a_contact_change_nothing(field, contact, as_person):
    for act, data in (("end", {"on": "2026-09-14", "reason": "x"}),
                      ("handover", {"to": field.successor.pk, "on": "2026-09-14", "approval_ref": "x"})):  # fmt: skip
        assert as_person(field.visitor).post(f"{LIST}{contact.pk}/{act}/", data).status_code == 422
        assert as_person(field.chair).post(f"{LIST}{contact.pk}/{act}/", data).status_code == 404
        assert as_person(field.clerk).get(f"{LIST}{contact.pk}/{act}/").status_code == 405
    assert ContactPoint.objects.get().valid_until is None


def test_gaps_open_the_form_that_closes_them(field, contact, as_person):
    clerk = as_person(field.clerk)
    page = clerk.get(f"{LIST}gaps/")
    assert f"{LIST}new/?body={field.branch.pk}" in page.content.decode()
    assert page.context["station_count"] == 0
    end_contact(contact=contact, on=date(2026, 9, 1), reason="x", actor=field.clerk, at=timezone.now())
    assert f"{LIST}new/?unit={field.station.pk}" in clerk.get(f"{LIST}gaps/").content.decode()


def test_every_kind_is_offered(field, as_person):
    page = as_person(field.clerk).get(f"{LIST}new/").content.decode()
    assert all(str(kind.label) in page for kind in ContactKind)
