"""搜索: what is found by a few characters, by whom, at which price."""

from __future__ import annotations

from datetime import datetime

import pytest

from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.sitemeetings.services.chains import begin_chain
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.domain.sitemeetings.making import prepared
from tests.factories.alliances import make_alliance
from tests.factories.decisions import make_committee, make_list, make_matter
from tests.factories.hearings import make_field as make_hearing_field
from tests.factories.hearings import make_hearing
from tests.factories.inspections import Visited, make_finding
from tests.factories.org import make_body, make_person
from tests.factories.planning import WELDING, make_agreed
from tests.factories.planning import make_field as make_plan_field
from tests.factories.rhythm import make_meeting, make_task, make_zone
from tests.factories.taskforces import make_force_story, propose
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


def set_up(kind: str, at: datetime):
    """Make one thing of a kind: what is typed, the heading and the title of the hit, and who sees it."""
    if kind == "alliance":
        story = make_alliance(at=at)
        return "绿电", "党建联盟", story.alliance.name, story.secretary
    if kind == "force":
        story = make_force_story(at=at)
        return "数字化攻关", "攻关党小组", propose(story, at).name, story.clerk
    if kind == "matter":
        story = make_committee()
        matter = make_matter(story, make_list(story, at)["年度综合计划"], at)
        return "综合计划", "议事决策", matter.title, story.clerk
    if kind == "hearing":
        story = make_hearing_field()
        return "述职评议会", "述职评议", make_hearing(story, at).title, story.field.clerk
    if kind == "finding":
        visited = Visited()
        return "碰头会记录", "隐患、违章、督查问题", make_finding(visited, at).title, visited.secretary
    if kind == "plan":
        story = make_plan_field()
        make_agreed(story, at)
        return WELDING, "计划", WELDING, story.member
    story = make_zone()
    if kind == "chain":
        chain = begin_chain(body=story.body, place="阀组间北侧", prepared=prepared(), actor=story.lead, at=at)
        return "阀组间", "现场三会", chain.place, story.lead
    if kind == "adoption":
        adopt_playbook(body=story.body, playbook=playbook(THEME_DAY), since=at.date(), actor=None, at=at)
        title = Adoption.objects.get().version.title_zh
        return title, "采用的范本", title, story.lead
    return "联合站改造", "协作区", story.zone.name, story.lead


@pytest.mark.parametrize(
    "kind", ["zone", "alliance", "force", "matter", "hearing", "chain", "adoption", "plan", "finding"]
)
def test_what_bodies_set_up_decide_and_plan_is_found_by_who_may_see_it(kind, now, as_person):
    typed, heading, title, who = set_up(kind, now)
    stranger = make_person("倪春梅", home=make_body())

    assert title in titles(as_person(who).get("/search/", {"q": typed}))[heading]
    assert heading not in titles(as_person(stranger).get("/search/", {"q": typed}))


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

    assert statements(lead, "/search/?q=清沟") == one <= 25
