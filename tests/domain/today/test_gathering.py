"""One statement for every inbox: the same rows as each inbox gives by itself, whoever asks and whatever the hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules.reaches import forget_standing, local_day
from ronghe.domain.org.selectors.readers import reader_of
from ronghe.domain.today.selectors import gathering
from ronghe.domain.today.selectors.gathering import arms_waiting, words_of
from ronghe.kernel.inbox import declared_inboxes
from tests.factories.items import claimed, handed_in
from tests.factories.org import make_post
from tests.factories.rhythm import make_huddle, make_task, make_zone, plan_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_zone()


def busy(story, at):
    make_task(story, at)
    make_task(story, at, assignee=story.lead)
    claimed(story, at, story.members[0])
    handed_in(story, at, story.members[1])
    plan_meeting(story, at)
    make_huddle(story, at)


def by_hand(person, at):
    """What each inbox gives when it is asked alone."""
    found = set()
    for place, inbox in enumerate(declared_inboxes().values()):
        waiting = inbox.waiting(person, at)
        for rows in waiting if isinstance(waiting, list) else [waiting]:
            found |= {(place, pk) for pk in rows.order_by().values_list("pk", flat=True)}
    return found


def keys_waiting(person, at):
    return [key for arm in arms_waiting(person, at) for key in arm.keys]


def shown(person, at):
    return {(key.inbox, key.pk) for key in keys_waiting(person, at)}


def titles(person, at):
    keys = keys_waiting(person, at)
    words = words_of(person, at, keys)
    return [words[key.inbox, key.pk].what for key in keys]


@pytest.mark.parametrize("hours", [0, 5, 12, 30])
def test_everybody_gets_what_each_inbox_gives(story, morning, hours):
    busy(story, morning)
    at = morning + timedelta(hours=hours)
    people = [story.lead, story.clerk, story.secretary, *story.members]

    found = [shown(person, at) for person in people]

    assert found == [by_hand(person, at) for person in people]
    assert any(found)


def test_two_of_one_shape_get_their_own(story, morning):
    """Prepared for the first, filled for the second: nothing of the one comes to the other."""
    make_task(story, morning, assignee=story.members[0], title="甲的")
    make_task(story, morning, assignee=story.members[1], title="乙的")
    readers = [reader_of(person, local_day(morning)) for person in story.members[:2]]
    assert readers[0].shape == readers[1].shape

    assert [titles(person, morning) for person in story.members[:2]] == [["甲的"], ["乙的"]]


def test_a_new_post_changes_what_is_asked(story, morning):
    member = story.members[0]
    handed_in(story, morning, story.members[1])
    before = shown(member, morning)
    make_post(member, PostRole.SECRETARY, body=story.body)
    forget_standing(member)

    assert shown(member, morning) - before


def test_no_inbox_is_built_for_each_reader(story, morning):
    """One that asks the database while it is built would cost every page again."""
    for role in (PostRole.SECRETARY, PostRole.COMMITTEE_CLERK, PostRole.AUDITOR):
        make_post(story.lead, role, body=story.committee)
    forget_standing(story.lead)
    reader = reader_of(story.lead, local_day(morning))
    plan = gathering._plan(reader.shape, local_day(morning), "default", len(declared_inboxes()))
    inboxes = list(declared_inboxes())

    assert [inboxes[place] for place in plan.live] == []


def test_two_statements_among_one_and_among_many(story, morning):
    def statements(person):
        words_of(person, morning, keys_waiting(person, morning))
        with CaptureQueriesContext(connection) as captured:
            words_of(person, morning, keys_waiting(person, morning))
        return len(captured)

    busy(story, morning)
    one = statements(story.lead)
    for _turn in range(20):
        make_task(story, morning, assignee=story.lead)
    handed_in(story, morning, story.members[1])

    assert statements(story.lead) == one == 2


def test_the_soonest_are_counted_and_words_come_for_those_asked(story, morning):
    for number in range(40):
        make_task(story, morning + timedelta(minutes=40 - number), title=f"任务{number}")
    keys = keys_waiting(story.members[0], morning)

    assert titles(story.members[0], morning)[:2] == ["任务39", "任务38"]
    assert len(words_of(story.members[0], morning, keys)) == 40
    assert words_of(story.members[0], morning, []) == {}


def test_what_is_gone_meanwhile_has_no_words(story, morning):
    task = make_task(story, morning)
    keys = keys_waiting(story.members[0], morning)
    task.delete()

    assert words_of(story.members[0], morning, keys) == {}


def test_the_rest_is_counted_and_not_given(story, morning):
    for hours in (-12, -11, 0, 30, 60):
        make_task(story, morning + timedelta(hours=hours))

    (arm,) = [arm for arm in arms_waiting(story.members[0], morning, 2) if arm.count == 5]

    assert (len(arm.keys), arm.late, arm.pressing) == (2, 2, 3)
