"""组织 and 人员 on the page, and looks at identity numbers, which are recorded before they are shown."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.kernel.access.models import Look
from ronghe.kernel.sealed import seal_text
from tests.factories.org import make_body, make_person
from tests.factories.rhythm import make_meeting
from tests.web.conftest import squeezed
from tests.web.making import hold

pytestmark = pytest.mark.django_db

LIST = "/org/people/"
ID_NUMBER = "11010519491231002X"


def page(person, act: str = "") -> str:
    return f"/org/people/{person.pk}/{act}"


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.clerk)


def names(browser, **query):
    return [person.name for person in browser.get(LIST, query).context["page"].object_list]


def test_pages_want_a_log_in(client, story):
    for path in ("/org/", LIST, "/org/people/export/", page(story.lead)):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_overview_holds_the_trees_as_far_as_seen(story, clerk, stranger):
    def heads(browser):
        return [node.name for node in browser.get("/org/").context["party_nodes"]]

    assert heads(clerk) == ["采油一厂党委"]
    assert heads(stranger) == ["采油七队党支部"]


def test_list_is_of_people_seen_by_name_initials_status_and_unit(story, clerk, lead, stranger):
    luo = make_person("罗一鸣", home=story.branch, unit=story.branch.unit, status=PoliticalStatus.PROBATIONARY_MEMBER)
    make_person("罗远", home=make_body("采油九队党支部"))

    assert names(clerk, q="罗") == names(clerk, q="lym") == names(clerk, status="02") == ["罗一鸣"]
    assert names(clerk, unit=luo.unit_id, q="罗") == ["罗一鸣"]
    assert names(clerk, unit="²", q="罗") == ["罗一鸣"]
    assert names(stranger) == ["倪春梅"]


def test_list_costs_at_most_eight_statements_and_the_same_for_three(story, clerk, statements):
    one = statements(clerk, f"{LIST}?q=刘丽萍")
    make_person("刘丽萍", home=story.branch, unit=story.branch.unit)
    make_person("刘丽萍", home=story.branch, unit=story.branch.unit)

    assert len(names(clerk, q="刘丽萍")) == 3
    assert statements(clerk, f"{LIST}?q=刘丽萍") == one <= 8 + 3


def test_list_fragment_is_found_in_the_whole_page(clerk):
    assert squeezed(clerk.fragment(LIST).content.decode()) in squeezed(clerk.get(LIST).content.decode())


def test_export_holds_the_filtered_people_and_no_identity(story, clerk, stranger):
    def rows(browser, **query):
        answer = browser.get("/org/people/export/", query)
        return list(load_workbook(BytesIO(answer.getvalue()), read_only=True).worksheets[0].values)

    assert [row[0] for row in rows(clerk, q="陈建国")] == ["姓名", "陈建国"]
    assert [row[0] for row in rows(stranger)] == ["姓名", "倪春梅"]
    assert "身份证号" not in rows(clerk)[0]


def test_page_of_somebody_out_of_reach_is_not_there(story, clerk, stranger):
    assert stranger.get(page(story.lead)).status_code == 404
    assert stranger.post(page(story.lead, "identity/")).status_code == 404
    assert clerk.get(page(story.lead)).context["person"] == story.lead


def test_page_names_what_a_record_was_about(story, clerk, now):
    meeting = hold(story, make_meeting(story, now), now)

    facts = [(title, href) for _fact, title, href in clerk.get(page(story.lead)).context["facts"]]
    assert facts[0] == ("参加活动 · 主题党日", f"/rhythm/activities/{meeting.pk}/")


def test_page_costs_the_same_for_one_and_for_three(story, clerk, now, statements):
    hold(story, make_meeting(story, now), now)
    one = statements(clerk, page(story.lead))
    hold(story, make_meeting(story, now), now)
    hold(story, make_meeting(story, now), now)

    assert statements(clerk, page(story.lead)) == one


@pytest.fixture
def known(story):
    """刘丽萍's identity number is on file, sealed."""
    Person.objects.filter(pk=story.lead.pk).update(id_sealed=seal_text(ID_NUMBER))
    return story.lead


def test_identity_is_shown_after_the_look_is_on_record(story, known, clerk, now):
    """PI-01, SE-11: who looked, about whom, when."""
    assert ID_NUMBER not in clerk.get(page(known)).content.decode()
    assert Look.objects.count() == 0

    answer = clerk.post(page(known, "identity/"))

    assert ID_NUMBER in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    look = Look.objects.get()
    assert (look.by, look.about, look.at) == (story.clerk.token, known.token, now)


def test_look_that_cannot_be_recorded_shows_nothing(known, clerk, monkeypatch):
    def broken(**_look):
        raise OSError

    monkeypatch.setattr("ronghe.domain.org.services.looks.record_look", broken)
    clerk.raise_request_exception = False

    answer = clerk.post(page(known, "identity/"))

    assert answer.status_code == 500
    assert ID_NUMBER not in answer.content.decode()


def test_identity_is_for_those_who_lead_the_person(story, known, member, stranger, clerk):
    assert stranger.post(page(known, "identity/")).status_code == 404
    assert member.post(page(known, "identity/")).status_code == 404
    assert clerk.get(page(known, "identity/")).status_code == 405
    assert Look.objects.count() == 0


def test_a_person_sees_who_looked(story, known, clerk, lead):
    clerk.post(page(known, "identity/"))

    assert [look["by"] for look in lead.get(page(known)).context["looks"]] == [story.clerk.name]
    assert clerk.get(page(known)).context["looks"] is None
