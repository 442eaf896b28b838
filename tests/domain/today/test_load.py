"""How much lies on whom: counted by kind, seen by whoever leads them and by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.items.services.steps import take_step
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import forget_standing
from ronghe.domain.today.rules import SEE_LOAD, may_see_loads
from ronghe.domain.today.selectors.load import items_on, load_words, loads_of, people_led_by, tasks_on
from ronghe.domain.work.services.tasks import submit_task
from tests.factories.items import claimed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_task, make_zone, plan_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_zone()


@pytest.fixture
def member(story):
    return story.members[0]


def load_on(person, at):
    return loads_of([person], at)[person.pk]


def test_open_overdue_and_due_this_week_by_kind(story, member, morning):
    make_task(story, morning)
    make_task(story, morning - timedelta(hours=20))
    signed = claimed(story, morning, member, due_in_days=10)
    take_step(item=signed, step="sign", actor=member, at=morning)

    load = load_on(member, morning)

    assert (load.open, load.overdue, load.week, load.weight) == (3, 1, 2, 4)
    assert load.by_kind == {"task": 2, "claim": 1}
    assert load.words == "在办 3 · 超期 1 · 本周 2"


def test_what_was_handed_in_lies_on_nobody(story, member, morning):
    submit_task(task=make_task(story, morning), actor=member, at=morning, note="清完了")

    assert (load_on(member, morning).open, load_on(member, morning).words) == (0, "手上没有")


def test_whoever_chairs_has_the_meeting_on_hand(story, morning):
    plan_meeting(story, morning)

    load = load_on(story.lead, morning)

    assert (load.by_kind, load.week, load.weight) == ({"meeting": 1}, 1, 3)


def test_a_week_ends_on_sunday(story, member, morning):
    make_task(story, morning + timedelta(days=6))
    assert load_on(member, morning).week == 1

    make_task(story, morning + timedelta(days=6, hours=8))
    assert load_on(member, morning).week == 1


def test_a_leader_sees_those_who_belong_and_everybody_sees_the_own(story, member, morning):
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    people = [story.lead, story.clerk, story.secretary, *story.members, stranger]

    for actor in people:
        listed = set(people_led_by(actor, morning))
        allowed = {person for person in Person.objects.all() if SEE_LOAD.allows(actor, person, at=morning)}
        assert listed == allowed
    assert set(people_led_by(member, morning)) == {member}
    assert set(story.members) <= set(people_led_by(story.lead, morning))
    assert stranger not in set(people_led_by(story.clerk, morning))
    assert (may_see_loads(story.lead, morning), may_see_loads(member, morning)) == (True, False)


def test_an_auditor_watches_records_and_not_people(story, morning):
    auditor = make_person("查账")
    make_post(auditor, PostRole.AUDITOR, body=story.committee)

    assert set(people_led_by(auditor, morning)) == {auditor}


def test_a_body_and_a_name_cut_the_list(story, member, morning):
    assert set(people_led_by(story.clerk, morning, body=story.body)) == {story.lead, *story.members}
    assert list(people_led_by(story.clerk, morning, text=member.name[:2])) == list(
        Person.objects.filter(name__contains=member.name[:2], pk__in=people_led_by(story.clerk, morning).values("pk"))
        .order_by("name", "pk")
    )  # fmt: skip


def test_words_beside_a_name_are_only_for_whoever_leads(story, member, morning):
    make_task(story, morning)

    assert load_words(story.lead, morning, story.members)[member.pk] == "在办 1 · 本周 1"
    assert load_words(member, morning, story.members) == {member.pk: "在办 1 · 本周 1"}
    assert load_words(story.lead, morning, []) == {}


def test_what_lies_on_one_is_listed_as_far_as_it_may_be_read(story, member, morning):
    task = make_task(story, morning)
    item = claimed(story, morning, member)

    assert list(tasks_on(member, story.lead, morning)) == [task]
    assert list(items_on(member, story.lead, morning)) == [item]
    assert list(tasks_on(member, make_person("外人"), morning)) == []


def test_many_people_cost_one_statement(story, morning):
    def statements(people):
        with CaptureQueriesContext(connection) as captured:
            loads_of(people, morning)
        return len(captured)

    make_task(story, morning)
    assert statements(story.members[:1]) == statements([*story.members, story.lead, story.clerk]) == 1
    assert statements([]) == 0


def test_a_post_given_today_is_enough(story, member, morning):
    make_post(member, PostRole.GROUP_LEADER, body=story.body)
    forget_standing(member)

    assert set(story.members) <= set(people_led_by(member, morning))
