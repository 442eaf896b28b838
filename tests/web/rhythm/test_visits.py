"""Visits on the page: from today to the form, recorded, read by the visited, corrected; care behind a recorded look."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from ronghe.domain.rhythm.models import Visit
from ronghe.domain.rhythm.services.codes import station_code
from ronghe.domain.work.models import Task
from ronghe.kernel.access.models import Look
from tests.factories.contacts import make_care, make_contact, make_contacts
from tests.factories.org import make_person
from tests.web.conftest import squeezed, text_of
from tests.web.making import picture

pytestmark = pytest.mark.django_db

LIST = "/rhythm/visits/"
NEW = f"{LIST}new/"


@pytest.fixture
def field(db, now):
    return make_contacts()


@pytest.fixture
def contact(field):
    return make_contact(field)


@pytest.fixture
def visitor(field, as_person):
    return as_person(field.visitor)


def said(field, **changed):
    return {
        "seen_permits": "fine", "day": "2026-09-14", "title_1": "配电柜没上锁", "assignee_1": field.foreman.pk,
        "due_1": "2026-09-21T17:30", "entry": "abc",
    } | changed  # fmt: skip


def test_pages_want_a_log_in(client, field):
    for path in (LIST, NEW, f"{LIST}code/", f"{LIST}export/", f"/v/{station_code(field.station)}/"):
        assert client.get(path)["Location"].startswith("/login/?next=/")


def test_today_leads_to_the_visit_that_is_due(field, contact, visitor):
    page = visitor.get("/").content.decode()
    assert "走访：义隆首站" in page
    assert f"{NEW}?contact={contact.pk}" in page


def test_the_form_asks_what_the_kind_asks_with_the_place_and_its_foreman_preselected(field, contact, visitor):
    page = visitor.get(NEW, {"contact": contact.pk})
    form = page.context["form"]
    assert page.context["target"] == field.station
    assert [question.code for question, _bound in form.asks()] == ["toolbox_talk", "permits", "hazards", "emergency"]
    assert form.fields["assignee_1"].initial == field.foreman.pk
    assert visitor.get(NEW).context["to"] == contact


def test_a_visit_with_a_problem_is_recorded_once_and_its_page_opens(field, contact, visitor):
    data = said(field, photo=picture())
    done = visitor.post(f"{NEW}?contact={contact.pk}", data, follow=True)
    visit = Visit.objects.get()
    assert done.redirect_chain == [(f"{LIST}{visit.pk}/", 302)]
    assert "1 个问题已变成任务" in text_of(done.content.decode())
    assert (Task.objects.get().assignee, visit.photos.count()) == (field.foreman, 1)

    visitor.post(f"{NEW}?contact={contact.pk}", said(field))
    assert Visit.objects.count() == 1


def test_pictures_of_a_visit_are_for_those_who_see_it(field, contact, visitor, as_person):
    visitor.post(f"{NEW}?contact={contact.pk}", said(field, photo=picture()))
    path = f"/files/{Visit.objects.get().photos.get().file.sha256}/"

    assert b"".join(as_person(field.worker).get(path).streaming_content)
    assert as_person(make_person("倪春梅")).get(path).status_code == 404


def test_a_refused_visit_comes_back_with_what_was_typed(field, contact, visitor):
    path = f"{NEW}?contact={contact.pk}"
    for changed, word in (
        ({"day": "2026-09-15"}, "还没到"),
        ({"due_1": "2026-09-01T08:00"}, "已经过去"),
        ({"assignee_1": ""}, "谁来办"),
        ({"day": "昨天"}, ""),
        ({"seen_permits": "x"}, ""),
    ):
        answer = visitor.post(path, said(field, **changed))
        assert answer.status_code == 422, changed
        assert "配电柜没上锁" in answer.content.decode()
        assert word in answer.content.decode()
    assert visitor.post(path, {}).status_code == 422
    assert visitor.post(path, {"day": "2026-09-14"}).status_code == 422
    assert Visit.objects.count() == 0


def test_addresses_of_what_is_not_mine_to_visit_are_not_there(field, contact, visitor, as_person):
    outsider = make_person("倪春梅")
    for query in ({"contact": contact.pk}, {"unit": field.station.pk}, {"body": field.branch.pk}):
        assert as_person(outsider).get(NEW, query).status_code == 404
    assert as_person(outsider).get(NEW).status_code == 403
    for query in ({"contact": "x"}, {"contact": "999"}, {"unit": "９"}, {"body": ""}):
        assert visitor.get(NEW, query).status_code == 404


def test_a_unit_of_mine_opens_its_contact_and_another_is_visited_freely(field, contact, visitor):
    assert visitor.get(NEW, {"unit": field.station.pk}).context["contact"] == contact
    free = visitor.get(NEW, {"unit": field.area.pk})
    assert (free.context["contact"], free.context["target"]) == (None, field.area)
    visitor.post(
        f"{NEW}?body={field.branch.pk}", {"day": "2026-09-14", "seen_safety": "concern", "said_safety": "堆料"}
    )
    assert Visit.objects.get().findings.get().note == "堆料"


def test_whoever_has_no_contact_chooses_a_place(field, visitor):
    page = visitor.get(NEW)
    assert f"{NEW}?body={field.branch.pk}" in page.content.decode()


def test_the_code_on_the_wall_opens_the_form(field, contact, visitor, as_person):
    page = as_person(field.foreman).get(f"{LIST}code/", {"unit": field.station.pk})
    assert page.context["address"].endswith(f"/v/{station_code(field.station)}/")
    answer = visitor.get(f"/v/{station_code(field.station)}/")
    assert answer["Location"] == f"{NEW}?unit={field.station.pk}"
    assert visitor.get("/v/12:nonsense/").status_code == 422
    scanned = visitor.post("/scan/", {"code": page.context["address"]})
    assert scanned["Location"] == f"/v/{station_code(field.station)}/"
    assert visitor.get(f"{LIST}code/", {"unit": "x"}).status_code == 404


def test_the_visited_read_the_answer_without_seeing_the_task(field, contact, visitor, as_person):
    visitor.post(f"{NEW}?contact={contact.pk}", said(field))
    task, visit = Task.objects.get(), Visit.objects.get()
    as_person(field.foreman).post(f"/work/tasks/{task.pk}/submit/", {"note": "已上锁。"})
    page = as_person(field.worker).get(f"{LIST}{visit.pk}/")
    assert "答复：已上锁。" in text_of(page.content.decode())
    assert as_person(make_person("倪春梅")).get(f"{LIST}{visit.pk}/").status_code == 404
    assert visitor.get(f"{LIST}99999/").status_code == 404


def test_list_filters_by_place_and_kind_and_exports(field, contact, visitor, as_person):
    visitor.post(f"{NEW}?contact={contact.pk}", said(field))
    visitor.post(f"{NEW}?body={field.branch.pk}", {"day": "2026-09-14", "note": "一切正常"})
    clerk = as_person(field.clerk)

    def listed(**query):
        return len(clerk.get(LIST, query).context["visits"])

    assert [listed(), listed(unit=field.station.pk), listed(body=field.branch.pk), listed(kind="round"),
            listed(problems="1"), listed(kind="x", unit="y", page="z"), listed(unit=1)] == [2, 1, 2, 1, 1, 2, 0]  # fmt: skip
    assert "“义隆首站”的走访" in clerk.get(LIST, {"unit": field.station.pk}).content.decode()
    rows = list(load_workbook(io.BytesIO(b"".join(clerk.get(f"{LIST}export/").streaming_content))).active.values)
    assert [row[2] for row in rows] == ["去了哪里", "义隆首站党支部", "义隆首站"]
    whole, part = clerk.get(LIST), clerk.fragment(LIST)
    assert squeezed(part.content.decode()) in squeezed(whole.content.decode())


def test_list_costs_the_same_for_one_and_for_three(field, contact, visitor, as_person, statements):
    visitor.post(f"{NEW}?contact={contact.pk}", said(field))
    clerk = as_person(field.clerk)
    one = statements(clerk, LIST)
    for number in range(2):
        visitor.post(f"{NEW}?contact={contact.pk}", said(field, entry=f"e{number}"))
    assert statements(clerk, LIST) == one


def test_a_visit_is_corrected_and_voided_by_adding(field, contact, visitor, as_person):
    visitor.post(f"{NEW}?contact={contact.pk}", said(field))
    path = f"{LIST}{Visit.objects.get().pk}/"
    assert visitor.post(f"{path}correct/", {"text": ""}).status_code == 422
    assert as_person(field.worker).post(f"{path}correct/", {"text": "x"}).status_code == 422
    visitor.post(f"{path}correct/", {"text": "是二号门"})
    visitor.post(f"{path}correct/", {"text": "记错了", "is_void": "on"})
    text = text_of(visitor.get(path).content.decode())
    assert "是二号门" in text
    assert "已作废" in text
    assert visitor.post(f"{path}correct/", {"text": "再来"}).status_code == 422


def test_care_is_opened_by_a_post_that_leaves_a_look(field, as_person):
    chair = as_person(field.chair)
    care = make_care(field)
    assert "加密" in chair.get(NEW, {"contact": care.pk}).content.decode()
    chair.post(f"{NEW}?contact={care.pk}", {"day": "2026-09-14", "seen_family": "concern", "note": "家属住院"})
    path = f"{LIST}{Visit.objects.get().pk}/"

    assert "家属住院" not in chair.get(path).content.decode()
    opened = chair.post(f"{path}text/")
    assert "家属住院" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert Look.objects.count() == 1
    assert as_person(field.clerk).get(path).status_code == 200
    assert as_person(field.clerk).post(f"{path}text/").status_code == 403
    assert "家属住院" not in as_person(field.worker).get(path).content.decode()
    assert chair.get(f"{path}text/").status_code == 405
    assert Look.objects.count() == 1
