"""搜索: what is found by a few characters, by whom, at which price."""

from __future__ import annotations

import pytest

from tests.factories.org import make_person
from tests.factories.rhythm import make_meeting, make_task
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


def titles(answer) -> dict[str, list[str]]:
    return {part.title: [hit.title for hit in part.hits] for part in answer.context["found"]}


def test_a_stranger_must_log_in_first(client):
    assert client.get("/search/?q=王")["Location"].startswith("/login/")


def test_people_bodies_tasks_and_records_are_found_by_a_few_characters(story, lead, now):
    make_task(story, now, title="清理3号沟")
    make_meeting(story, now)

    assert titles(lead.get("/search/", {"q": "3号沟"}))["任务"] == ["清理3号沟"]
    assert titles(lead.get("/search/", {"q": story.body.name}))["党组织与群团"] == [story.body.name]
    assert titles(lead.get("/search/", {"q": story.members[0].name}))["人员"] == [story.members[0].name]
    assert titles(lead.get("/search/", {"q": "主题党日"}))["会议与活动"] == ["主题党日"]


def test_people_are_found_by_their_initials(story, lead):
    person = story.members[0]

    assert person.name in titles(lead.get("/search/", {"q": person.initials}))["人员"]


def test_what_the_reader_may_not_see_is_not_found(story, client, lead):
    stranger = make_person(name="隔壁老周")

    assert titles(lead.get("/search/", {"q": stranger.name})) == {}


@pytest.mark.parametrize("query", ["", "  ", "%", "\x00", "没有这个" * 50])
def test_nothing_typed_and_nothing_found_say_what_to_do(lead, query):
    answer = lead.get("/search/", {"q": query})

    assert answer.status_code == 200
    assert ("打人名" in text_of(answer.content.decode())) != ("没有找到" in text_of(answer.content.decode()))


@pytest.mark.parametrize("path", ["/org/people/", "/work/tasks/", "/search/", "/org/elections/", "/api/v1/org/people"])
def test_a_nul_in_an_address_is_left_out(lead, path):
    """PostgreSQL takes none in a text; a search for it is a search for the rest."""
    assert lead.get(path, {"q": "王\x00五"}).status_code == 200


def test_a_search_costs_the_same_for_one_hit_and_for_twenty(story, lead, now, statements):
    make_task(story, now, title="清沟甲")
    one = statements(lead, "/search/?q=清沟")
    for number in range(20):
        make_task(story, now, title=f"清沟{number}")

    assert statements(lead, "/search/?q=清沟") == one <= 10
